"""Compiles the gazetteer's files into one SQLite file that answers look-ups without being loaded."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from bot.library.towns import CONNECTING, Town, municipalities, rows, without_addition
from bot.search.fold import words
from bot.search.place_guesses import without_one
from bot.search.sounds import skeleton

SHORTEST = 4  # letters of a name that is also found with a typing error
SHORTEST_OTHER = 6  # letters of one in another language: "Lone" for Lohne is too near to "love"
KNOWN = 15_000  # inhabitants of a town that people call by half its name: "Garmisch", and in scripts without a list
HALF = 7  # letters of such a half
SOUNDS = 3  # consonants of a name that is found by them
# How the official register shortens what a name goes on with.
SHORT = CONNECTING | {
    "der": "d", "den": "d", "dem": "d", "oberpfalz": "opf", "oberbayern": "ob", "niederbayern": "nb",
    "oberfranken": "ofr", "mittelfranken": "mfr", "unterfranken": "ufr", "bayern": "bay", "schwaben": "schw",
    "schwabisch": "schw", "heiligen": "hl", "sankt": "st",
}  # fmt: skip
LONG = {"a": "am", "b": "bei", "i": "in", "hl": "heiligen", "st": "sankt"}  # and the other way round
TABLES = """
    CREATE TABLE places (id INTEGER PRIMARY KEY, name TEXT, state TEXT, lat REAL, lon REAL, population INTEGER);
    CREATE TABLE heads (word TEXT PRIMARY KEY, longest INTEGER) WITHOUT ROWID;
    CREATE TABLE names (name TEXT, place INTEGER, rank INTEGER, PRIMARY KEY (name, place)) WITHOUT ROWID;
    CREATE TABLE shortened (short TEXT, name TEXT, PRIMARY KEY (short, name)) WITHOUT ROWID;
    CREATE TABLE sounds (sound TEXT, name TEXT, PRIMARY KEY (sound, name)) WITHOUT ROWID;
    CREATE TABLE postcodes (postcode TEXT, place INTEGER, PRIMARY KEY (postcode, place)) WITHOUT ROWID;
    CREATE INDEX names_place ON names (place);
    CREATE INDEX postcodes_place ON postcodes (place);
    CREATE INDEX places_lat ON places (lat);
    CREATE TABLE centres (postcode TEXT PRIMARY KEY, lat REAL, lon REAL) WITHOUT ROWID;
    CREATE TABLE elsewhere (name TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE ordinary (word TEXT PRIMARY KEY) WITHOUT ROWID;
"""
PROPER, OTHER, SHORTER = 0, 1, 2  # ranks of a name: its own, in another language or script, without its addition


def compile_gazetteer(folder: Path, target: Path) -> None:
    """Compiles the tables that `build.py` has made and `ordinary_words.txt` of a folder.

    Raises:
        OSError: A file is missing, or the target cannot be written.
        ValueError: A file is not of the form that `build.py` writes.
    """
    towns, centres = municipalities(folder)
    ordinary = {" ".join(words(line)) for line in (folder / "ordinary_words.txt").read_text("utf-8").split("\n")}
    with closing(sqlite3.connect(target)) as base:
        base.executescript(TABLES)
        base.executemany(
            "INSERT INTO places VALUES (?, ?, ?, ?, ?, ?)",
            [(town.id, town.name, town.state, *town.where, town.population) for town in towns],
        )
        base.executemany("INSERT OR IGNORE INTO names VALUES (?, ?, ?)", _names(towns))
        base.executemany("INSERT OR IGNORE INTO elsewhere VALUES (?)", _elsewhere(folder))
        base.execute("DELETE FROM names WHERE rank <> ? AND name IN (SELECT name FROM elsewhere)", (PROPER,))
        base.executemany("INSERT INTO heads VALUES (?, ?)", _heads(base))
        base.executemany("INSERT OR IGNORE INTO shortened VALUES (?, ?)", _shortened(base))
        base.executemany("INSERT OR IGNORE INTO sounds VALUES (?, ?)", _sounds(towns))
        base.executemany(
            "INSERT OR IGNORE INTO postcodes VALUES (?, ?)", [(code, t.id) for t in towns for code in t.postcodes]
        )
        base.executemany("INSERT INTO centres VALUES (?, ?, ?)", [(code, *where) for code, where in centres.items()])
        base.executemany("INSERT INTO ordinary VALUES (?)", [(word,) for word in ordinary - {""}])
        base.commit()


def _names(towns: Iterable[Town]) -> Iterator[tuple[str, int, int]]:
    for town in towns:
        for rank, name in ((PROPER, town.name), *((OTHER, other) for other in town.others)):
            for form in forms(name):
                if rank == PROPER or len(form) >= SHORTEST or not form.isascii():  # not "BER", a code of airports
                    yield form, town.id, rank
            if shorter := without_addition(name):
                yield shorter, town.id, SHORTER
        half, _, rest = town.name.partition("-")
        if rest and len(half) >= HALF and town.population >= KNOWN:
            yield " ".join(words(half)), town.id, SHORTER


def _elsewhere(folder: Path) -> Iterator[tuple[str]]:
    """What lies abroad, folded: countries and cities that are not to be taken for a town with a similar name."""
    for (name,) in rows(folder / "elsewhere.csv", "name"):
        if folded := " ".join(words(name)):
            yield (folded,)


def _heads(base: sqlite3.Connection) -> Iterable[tuple[str, int]]:
    """The first words of all names, abroad too, and how many words the longest of each has."""
    longest: dict[str, int] = {}
    for (name,) in base.execute("SELECT name FROM names UNION SELECT name FROM elsewhere"):
        parts = name.split()
        longest[parts[0]] = max(len(parts), longest.get(parts[0], 0))
    return longest.items()


def forms(name: str) -> set[str]:
    """A name folded, in full and as the register shortens it: "Garching a.d.Alz", "Weiden i.d.OPf."."""
    written = words(name)
    if not written:
        return set()
    first = written[0]
    short = [SHORT[first] if first == "sankt" else first, *(SHORT.get(word, word) for word in written[1:])]
    full = [LONG[first] if first == "st" else first, *(LONG.get(word, word) for word in written[1:])]
    return {" ".join(form) for form in (written, short, full)}


def _shortened(base: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    for name, rank in base.execute("SELECT name, min(rank) FROM names GROUP BY name").fetchall():
        if len(name) >= (SHORTEST_OTHER if rank == OTHER and name.isascii() else SHORTEST):
            yield from ((short, name) for short in without_one(name))


def _sounds(towns: Iterable[Town]) -> Iterator[tuple[str, str]]:
    for town in towns:
        for name in {town.name, without_addition(town.name)} if town.population >= KNOWN else ():
            folded = " ".join(words(name))
            if len(sound := skeleton(folded)) >= SOUNDS:
                yield sound, folded


if __name__ == "__main__":
    compile_gazetteer(Path(sys.argv[1]), Path(sys.argv[2]))
