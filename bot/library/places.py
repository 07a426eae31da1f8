"""The compiled gazetteer: looking up names, postcodes and places."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable
from pathlib import Path

from bot.domain.places import Place, kilometres

PLACES = "SELECT id, name, state, lat, lon, population FROM places WHERE id IN (SELECT value FROM json_each(?))"
NAMED = "SELECT name, place, rank FROM names WHERE name IN (SELECT value FROM json_each(?)) ORDER BY rank, place"
HEADS = "SELECT word, longest FROM heads WHERE word IN (SELECT value FROM json_each(?))"
ELSEWHERE = "SELECT name FROM elsewhere WHERE name IN (SELECT value FROM json_each(?))"
SHORTENED = "SELECT short, name FROM shortened WHERE short IN (SELECT value FROM json_each(?))"
SOUNDING = "SELECT sound, name FROM sounds WHERE sound IN (SELECT value FROM json_each(?))"
OF_STATE = "SELECT id, name, state, lat, lon, population FROM places WHERE state = ? ORDER BY name, id"
POSTCODE = "SELECT place FROM postcodes WHERE postcode = ?"
CENTRE = "SELECT lat, lon FROM centres WHERE postcode = ?"
AROUND = (
    "SELECT id, name, state, lat, lon, population FROM places "
    "WHERE lat BETWEEN ? AND ? AND lon BETWEEN ? AND ? AND population >= ?"
)
NEAREST = 25.0  # km from a position to the centre of the municipality that it may lie in


class Gazetteer:
    """Municipalities of Germany by name, postcode and position.

    The file is read where it lies: nothing is loaded but what is asked for. May be used by several threads.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._base = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        self._turn = threading.Lock()
        self.ordinary = frozenset(row[0] for row in self._base.execute("SELECT word FROM ordinary"))

    def _rows(self, statement: str, *parameters: object) -> list[tuple[object, ...]]:
        with self._turn:
            return self._base.execute(statement, parameters).fetchall()

    def places(self, ids: Iterable[int]) -> dict[int, Place]:
        """Places by their numbers."""
        return {place.id: place for place in map(_place, self._rows(PLACES, json.dumps([*ids])))}

    def named(self, names: Iterable[str]) -> dict[str, list[int]]:
        """The places that go by each of these folded names; those of whom it is the proper name come first."""
        found: dict[str, list[int]] = {}
        for name, place, _ in self._rows(NAMED, json.dumps([*names])):
            found.setdefault(str(name), []).append(int(place))  # type: ignore[call-overload]  # an INTEGER
        return found

    def heads(self, words: Iterable[str]) -> dict[str, int]:
        """Which words are the first of a name, and how many words the longest such name has."""
        return {str(word): int(longest) for word, longest in self._rows(HEADS, json.dumps([*words]))}  # type: ignore[call-overload]

    def elsewhere(self, names: Iterable[str]) -> set[str]:
        """Which of these folded names are those of countries and large cities abroad."""
        return {str(name) for (name,) in self._rows(ELSEWHERE, json.dumps([*names]))}

    def shortened(self, shorts: Iterable[str]) -> dict[str, list[str]]:
        """The names of which these are left when a letter is taken away, or none."""
        return self._lists(SHORTENED, shorts)

    def sounding(self, sounds: Iterable[str]) -> dict[str, list[str]]:
        """The names that have these consonants."""
        return self._lists(SOUNDING, sounds)

    def postcode(self, code: str) -> list[int]:
        """The places that have a postcode."""
        return [int(row[0]) for row in self._rows(POSTCODE, code)]  # type: ignore[call-overload]  # an INTEGER

    def postcodes(self, place: int) -> list[str]:
        """The postcodes of a place."""
        return [str(row[0]) for row in self._rows("SELECT postcode FROM postcodes WHERE place = ? ORDER BY 1", place)]

    def written(self, place: int) -> list[str]:
        """All folded names of a place."""
        return [str(row[0]) for row in self._rows("SELECT name FROM names WHERE place = ? ORDER BY 1", place)]

    def of_state(self, state: str) -> list[Place]:
        """The municipalities of a state, by name."""
        return [*map(_place, self._rows(OF_STATE, state))]

    def centre(self, code: str) -> tuple[float, float] | None:
        """Where a postcode lies."""
        rows = self._rows(CENTRE, code)
        return (float(rows[0][0]), float(rows[0][1])) if rows else None  # type: ignore[arg-type]  # REAL

    def around(self, where: tuple[float, float], within: float, population: int = 0) -> list[Place]:
        """The places within so many km, the nearest first."""
        north, east = within / 111.0, within / 60.0  # a degree; of longitude at 57 degrees north, beyond Germany
        lat, lon = where
        rows = self._rows(AROUND, lat - north, lat + north, lon - east, lon + east, population)
        near = [(kilometres(where, place.where), place.id, place) for place in map(_place, rows)]
        return [place for distance, _, place in sorted(near) if distance <= within]

    def nearest(self, where: tuple[float, float]) -> Place | None:
        """The municipality whose centre is nearest; None abroad and at sea, more than 25 km from any."""
        near = self.around(where, NEAREST)
        return near[0] if near else None

    def town_near(self, place: Place) -> Place | None:
        """The weightiest town within 30 km, to tell namesakes apart; None where the place is that town itself."""
        near = [other for other in self.around(place.where, 30.0, 5000) if other.id != place.id]
        return max(near, key=lambda other: (other.population, -other.id), default=None)

    def _lists(self, statement: str, keys: Iterable[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key, name in self._rows(statement, json.dumps([*keys])):
            found.setdefault(str(key), []).append(str(name))
        return found


def _place(row: tuple[object, ...]) -> Place:
    id_, name, state, lat, lon, population = row
    return Place(int(id_), str(name), str(state), (float(lat), float(lon)), int(population))  # type: ignore[call-overload,arg-type]
