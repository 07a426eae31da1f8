"""The library for what a knowledge folder holds at this moment, compiled when it is not there yet."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from bot.library.current_places import open_gazetteer
from bot.library.files import File, collect, fingerprint
from bot.library.kept import DIGEST, remember, remembered
from bot.library.kept import pointer as pointer_to
from bot.library.load import FORMAT, Library, UnusableLibrary, load, program
from bot.library.problems import BrokenKnowledge, MissingKnowledge, Problem
from bot.library.shipped import shipped

__all__ = ["BrokenKnowledge", "MissingKnowledge", "current", "digest"]

LEFT_BEHIND = 3600  # seconds after which a file that nobody names was left by a process that died


def digest(folder: Path) -> str:
    """Names the state of a folder, as 64 hex digits: equal if names, contents and the program are equal.

    Raises:
        MissingKnowledge: there is no such folder.
    """
    return _digest(collect(folder))


def current(folder: Path, cache: Path | None = None) -> tuple[Library, list[Problem]]:
    """The library of the folder, and why it is not the newest: with errors in the folder, the last good one.

    Libraries are kept in `cache` (else the person's own cache folder) and found again by their digest; one delivered
    with the program is used where it fits. Where the cache cannot be written, the library is only kept in memory.

    Raises:
        MissingKnowledge: there is no such folder.
        BrokenKnowledge: the folder has errors, and no good library of it is left from before.
    """
    files = collect(folder)
    name = _digest(files)
    cache = _cache_folder() if cache is None else cache
    pointer = _pointer(folder, cache)
    library = _compiled(name, cache)
    if library is None:
        _compile_apart(folder, cache)
        library = _compiled(name, cache)
    if library is None:
        library, problems = _renewed(files, name, pointer)
        return replace(library, places=open_gazetteer(folder, cache)), problems
    with suppress(OSError):
        remember(pointer, name)
    return replace(library, places=open_gazetteer(folder, cache)), []


def _digest(files: tuple[File, ...]) -> str:
    return fingerprint(files, str(FORMAT), program())


def _pointer(folder: Path, cache: Path) -> Path:
    """The file in the cache that names the last good library of a folder."""
    return pointer_to(folder, cache, ".current")


def _cache_folder() -> Path:
    from platformdirs import user_cache_dir  # noqa: PLC0415 - 20 ms that a caller with its own cache need not pay

    return Path(user_cache_dir("lotse"))


def _compiled(name: str, cache: Path) -> Library | None:
    for place in (shipped("library"), cache):
        with suppress(UnusableLibrary):
            library = load(place / f"{name}.sqlite")
            if library.digest == name:
                return library
    return None


def _compile_apart(folder: Path, cache: Path) -> None:
    """Compiles in a process of its own.

    Training takes seconds and 150 MB: here a running bot keeps its event loop and its memory. Whatever goes wrong
    there comes up again, and is told, in this process.
    """
    command = [sys.executable, "-m", "bot.library.current", str(folder), str(cache)]
    with suppress(OSError):
        subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True)  # noqa: S603


def _renewed(files: tuple[File, ...], name: str, pointer: Path) -> tuple[Library, list[Problem]]:
    # A start with a compiled library must not wait for what only reading and compiling need.
    from bot.library.compile import compile_library  # noqa: PLC0415
    from bot.library.read import examine  # noqa: PLC0415
    from bot.library.rules import apply_rules  # noqa: PLC0415
    from bot.search.build import build  # noqa: PLC0415

    reading = examine(files)
    apply_rules(reading)
    if reading.problems:
        problems = sorted(reading.problems)
        last = _compiled(remembered(pointer), pointer.parent)
        if last is None:
            raise BrokenKnowledge(problems)
        return last, problems
    library = Library(reading.knowledge, build(reading.knowledge), name)
    with suppress(OSError, sqlite3.Error):
        pointer.parent.mkdir(parents=True, exist_ok=True)
        target = pointer.with_name(f"{name}.sqlite")
        compile_library(library.knowledge, target, name, library.index)
        former = remembered(pointer)
        remember(pointer, name)
        _tidy(target, former)
    return library, []


def _tidy(target: Path, former: str) -> None:
    """Removes the library that this folder had before, and what dead processes left; nothing that a pointer names."""
    named = {remembered(pointer) for pointer in target.parent.glob("*.current")}
    long_ago = target.stat().st_mtime - LEFT_BEHIND
    for path in [*target.parent.glob("*.sqlite"), *target.parent.glob("*.part")]:
        ours = path.suffix == ".part" or DIGEST.fullmatch(path.stem)
        with suppress(OSError):
            if ours and path.stem not in named and (path.stem == former or path.stat().st_mtime < long_ago):
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _main(folder: Path, cache: Path) -> None:
    files = collect(folder)
    with suppress(BrokenKnowledge):
        _renewed(files, _digest(files), _pointer(folder, cache))


if __name__ == "__main__":
    _main(*map(Path, sys.argv[1:]))
