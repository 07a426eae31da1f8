"""The gazetteer for a knowledge folder at this moment, compiled when it is not there yet."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from bot.library.kept import pointer, remember, remembered
from bot.library.load import program
from bot.library.places import Gazetteer
from bot.library.shipped import shipped

FILES = ("towns.csv", "postcodes.csv", "municipality_postcodes.csv", "elsewhere.csv", "ordinary_words.txt")

log = logging.getLogger(__name__)


class _UnusableFiles(Exception):  # noqa: N818 - an operator's own files, to be passed over
    """The files are not of the form that is expected."""


def open_gazetteer(folder: Path, cache: Path) -> Gazetteer | None:
    """The gazetteer of a knowledge folder, or the shipped one where it has none or a broken one; None without either.

    Compiled files are kept in `cache` and found again by a digest of what they were made from.
    """
    for source in dict.fromkeys((folder / "places", shipped("knowledge") / "places")):
        if all((source / name).is_file() for name in FILES):
            try:
                return _open(source, cache)
            except (OSError, sqlite3.Error, _UnusableFiles) as error:
                log.warning("places in %s cannot be used: %s", source, error)
    return None


def _open(source: Path, cache: Path) -> Gazetteer:
    digest = _digest(source)
    with suppress(sqlite3.Error):
        return Gazetteer(_file(shipped("library"), digest))
    with suppress(sqlite3.Error):
        gazetteer = Gazetteer(_file(cache, digest))
        _tidy(source, cache, digest)
        return gazetteer
    with suppress(OSError, sqlite3.Error):
        cache.mkdir(parents=True, exist_ok=True)
        _compile_apart(source, _file(cache, digest))
        gazetteer = Gazetteer(_file(cache, digest))
        _tidy(source, cache, digest)
        return gazetteer
    with tempfile.TemporaryDirectory() as own:  # nothing can be kept: the open file goes with this process
        _compile_apart(source, _file(Path(own), digest))
        return Gazetteer(_file(Path(own), digest))


def _file(place: Path, digest: str) -> Path:
    return place / f"places-{digest}.sqlite"


def _digest(source: Path) -> str:
    total = hashlib.sha256(program().encode())
    for name in FILES:
        total.update((source / name).read_bytes())
    return total.hexdigest()


def _compile_apart(source: Path, target: Path) -> None:
    """Compiles in a process of its own, so that a running bot keeps its memory; in one step for whoever looks."""
    with tempfile.TemporaryDirectory(dir=target.parent, suffix=".part") as own:
        part = Path(own) / target.name
        command = [sys.executable, "-m", "bot.library.gazetteer", str(source.absolute()), str(part.absolute())]
        done = subprocess.run(  # noqa: S603 - our own program
            command, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        if done.returncode:
            raise _UnusableFiles((done.stderr.strip().splitlines() or ["it was killed"])[-1])
        part.replace(target)


def _tidy(source: Path, cache: Path, digest: str) -> None:
    """Removes the gazetteer that these files had before, unless others have it still."""
    here = pointer(source, cache, ".places")
    former = remembered(here)
    with suppress(OSError):  # a cache that can only be read
        remember(here, digest)
        if former and former not in map(remembered, cache.glob("*.places")):
            _file(cache, former).unlink(missing_ok=True)
