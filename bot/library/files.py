"""Takes a knowledge folder into memory in one go: everything later looks at this one moment of it.

An author may be saving while we read. What is digested, checked and compiled must be the same bytes, so the folder
is read once.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.library.problems import MissingKnowledge

SHELVES = {"answers": "answer", "practices": "practice", "actions": "action"}
MOST_BYTES = 1024 * 1024
NOT_KNOWLEDGE = {"places", "README.md", "LICENCES.md"}
LEFT_BY_DESKTOPS = {"Thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class File:
    """A file, or a folder (its path then ends in "/"), as it was found.

    `path` is relative to the knowledge folder and fit to be printed. `trouble` says why there is no content.
    """

    path: str
    content: bytes = b""
    trouble: str = ""


def collect(folder: Path) -> tuple[File, ...]:
    """Everything in the folder that is meant as knowledge, sorted by path; symbolic links are followed.

    The format is three levels deep, and no deeper level is looked at: links in a circle end by themselves. Hidden
    files and editors' backups are passed over.

    Raises:
        MissingKnowledge: there is no such folder, or it cannot be listed.
    """
    try:
        names = _names(folder)
    except OSError:
        raise MissingKnowledge(folder) from None
    found: list[File] = []
    for name in names:
        if name in NOT_KNOWLEDGE:
            continue
        depth = 2 if name in SHELVES else 1 if name == "contacts" else 0
        found.extend(_walk(os.path.join(folder, name), _printable(name), depth))  # noqa: PTH118 - pathlib is slow
    return tuple(sorted(found, key=lambda file: file.path))


def fingerprint(files: Iterable[File], *also: str) -> str:
    """SHA-256 over names and contents, as hex digits; `also` is what else the result depends on."""
    total = hashlib.sha256()
    for part in also:
        _add(total, part.encode())
    for file in files:
        _add(total, file.path.encode())
        _add(total, file.content)
        _add(total, file.trouble.encode())
    return total.hexdigest()


def _add(total: hashlib._Hash, part: bytes) -> None:
    # The length keeps "ab" + "c" apart from "a" + "bc".
    total.update(b"%d:" % len(part))
    total.update(part)


def _walk(place: str, path: str, depth: int) -> Iterator[File]:
    try:
        if not os.path.isdir(place):  # noqa: PTH112 - pathlib is slow
            yield _file(place, path)
            return
        yield File(f"{path}/")
        for name in _names(place) if depth else ():
            yield from _walk(os.path.join(place, name), f"{path}/{_printable(name)}", depth - 1)  # noqa: PTH118
    except OSError as error:
        yield File(path, trouble=f"cannot be read: {error.strerror}")


def _file(place: str, path: str) -> File:
    # Without O_NONBLOCK a named pipe would hold us until somebody writes to it.
    descriptor = os.open(place, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb", buffering=0) as file:  # noqa: PTH123 - a descriptor is not a path
        content = file.read(MOST_BYTES + 1) or b""
    if len(content) > MOST_BYTES:
        # The bytes stay out of memory, but a change to the file must still change the digest.
        return File(path, trouble=f"larger than 1 MiB ({os.stat(place).st_size} bytes)")  # noqa: PTH116
    return File(path, content)


def _names(place: str | Path) -> list[str]:
    return [
        name
        for name in sorted(os.listdir(place))  # noqa: PTH208 - pathlib is slow
        if not name.startswith((".", "#")) and not name.endswith("~") and name not in LEFT_BY_DESKTOPS
    ]


def _printable(name: str) -> str:
    readable = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return readable if readable.isprintable() else ascii(readable)[1:-1]
