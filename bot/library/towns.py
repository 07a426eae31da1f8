"""Puts municipalities together from three lists: GeoNames' towns, the postcodes' centres, and who has which postcodes.

The lists write names differently ("Weiden in der Oberpfalz", "Weiden"; "Mühldorf a. Inn", "Mühldorf") and have no
number in common. A town is a municipality when it goes by its name and lies near one of its postcodes.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from bot.domain.places import HOME, kilometres
from bot.search.fold import words

Where = tuple[float, float]
NEAR = 25.0  # km from a town to the centres of its own postcodes
NEARER = 12.0  # km, where only the name without its addition is the same
TOGETHER = 12.0  # km between the postcodes of a municipality that no town is known for
UNLISTED = 1_000_000_000  # beyond the numbers of GeoNames: with its postcode the number of a place not listed there
PART = 5000  # inhabitants of a part of a municipality that people may name instead of it
PART_NEAR = 5.0  # km from such a part to the centre of the postcode that it has
CONNECTING = {"an": "a", "am": "a", "auf": "a", "bei": "b", "in": "i", "im": "i", "ob": "o", "unter": "u", "vor": "v"}
# How one list shortens names, and how they are written in full.
SHORTENED = (
    (r"\ba\. ?d\. ?", "an der "), (r"\ba\. ?", "am "), (r"\bb\. ?", "bei "), (r"\bi\. ?d\. ?", "in der "),
    (r"\bi\. ?(?=Bay|NB|UFr|OPf)", "in "), (r"\bi\. ?", "im "), (r"\bv\. ?d\. ?", "vor der "), (r"\bBay\.", "Bayern"),
    (r"\bNB\b", "Niederbayern"), (r"\bUFr\.", "Unterfranken"), (r"\bOPf\.", "Oberpfalz"),
)  # fmt: skip
BRACKETS = re.compile(r"\(.*?\)|/.*$")


@dataclass(slots=True)
class Town:
    """A town of GeoNames, or a municipality being put together."""

    id: int
    name: str
    state: str
    where: Where
    population: int
    others: tuple[str, ...] = ()
    postcodes: list[str] = field(default_factory=list)


def municipalities(folder: Path) -> tuple[list[Town], dict[str, Where]]:
    """Every municipality with its postcodes, and where each postcode lies.

    Raises:
        OSError: a file is missing.
        ValueError: a file is not of the form that `build.py` writes.
    """
    postcodes = rows(folder / "postcodes.csv", "postcode", "lat", "lon")
    centres = {code: (float(lat), float(lon)) for code, lat, lon in postcodes}
    columns = ("id", "name", "state", "lat", "lon", "population", "names")
    towns = [_town(row) for row in rows(folder / "towns.csv", *columns)]
    listed = rows(folder / "municipality_postcodes.csv", "municipality", "postcodes")
    codes = {name: its.split() for name, its in listed}
    left = _give(codes, towns, centres, _full, NEAR)
    left = _give(left, [town for town in towns if not town.postcodes], centres, without_addition, NEARER)
    found = [town for town in towns if town.postcodes]
    found += _unlisted(left, centres, found)
    _add_parts(found, [town for town in towns if not town.postcodes], centres)
    return found, centres


def without_addition(name: str) -> str:
    """A folded name up to "bei" in "Garching bei München"; the whole name where nothing follows the name proper."""
    parts = words(BRACKETS.sub("", name))
    ends = [place for place, word in enumerate(parts) if place and word in {*CONNECTING, *CONNECTING.values()}]
    return " ".join(parts[: ends[0]] if ends else parts)


def in_full(name: str) -> str:
    """A name with what is shortened in it spelt out: "Grub am Forst" for "Grub a.Forst"."""
    for short, full in SHORTENED:
        name = re.sub(short, full, name)
    return name


def rows(path: Path, *columns: str) -> list[tuple[str, ...]]:
    """The lines of a file of comma-separated values, which must have just these columns.

    Raises:
        OSError: the file is missing.
        ValueError: it is of another form.
    """
    with path.open(encoding="utf-8", newline="") as file:
        lines = [tuple(row) for row in csv.reader(file)]
    if not lines or lines[0] != columns or any(len(line) != len(columns) for line in lines):
        raise ValueError(f"{path} must have the columns {', '.join(columns)}")
    return lines[1:]


def _town(row: Sequence[str]) -> Town:
    number, name, state, lat, lon, population, others = row
    also = tuple(name for name in others.split("|") if name)
    return Town(int(number), name, state, (float(lat), float(lon)), int(population), also)


def _full(name: str) -> str:
    """A name without what the lists write differently: case, ß, brackets, signs; umlauts kept, Fürth is not Furth."""
    return " ".join(re.findall(r"[a-zäöü0-9]+", BRACKETS.sub("", name.lower().replace("ß", "ss"))))


def _give(
    codes: Mapping[str, Sequence[str]],
    towns: Iterable[Town],
    centres: Mapping[str, Where],
    key: Callable[[str], str],
    within: float,
) -> dict[str, list[str]]:
    """Gives the postcodes of each municipality to the nearest town of its name, and returns those that are left."""
    known: dict[str, list[Town]] = {}
    for town in towns:
        for name in {key(name) for name in (town.name, *town.others)} - {""}:
            known.setdefault(name, []).append(town)
    left: dict[str, list[str]] = {}
    for municipality, its in codes.items():
        for code in its:
            its_town = _nearest(known.get(key(municipality), ()), centres.get(code), within)
            if its_town is None:
                left.setdefault(municipality, []).append(code)
                continue
            its_town.postcodes.append(code)
            _rename(its_town, municipality)
    return left


def _nearest(towns: Iterable[Town], where: Where | None, within: float) -> Town | None:
    near = [(kilometres(town.where, where), -town.population, town.id, town) for town in towns] if where else []
    best = min(near, default=None)
    return best[3] if best is not None and best[0] < within else None


def _rename(town: Town, municipality: str) -> None:
    """Calls a town by its German name in full: GeoNames has "Nuremberg", and the other list "Weißenburg i. Bay."."""
    same = without_addition(town.name) == without_addition(municipality)
    if town.name == municipality or (same and len(town.name) >= len(municipality)):
        return
    town.others, town.name = (*town.others, town.name, municipality), in_full(municipality)


def _unlisted(left: Mapping[str, Sequence[str]], centres: Mapping[str, Where], found: Iterable[Town]) -> list[Town]:
    """Municipalities that GeoNames does not list, at the centre of their postcode."""
    states: dict[str, str] = {}
    for town in found:
        for code in town.postcodes:
            for length in (2, 3, 4):
                states.setdefault(code[:length], town.state)
    numbers: set[int] = set()
    unlisted = []
    for name, codes in left.items():
        for group in _groups([code for code in codes if code in centres], centres):
            number = next(n for n in count(UNLISTED + int(min(group)), 100_000) if n not in numbers)
            numbers.add(number)
            state = next((states[group[0][:length]] for length in (4, 3, 2) if group[0][:length] in states), "")
            unlisted.append(Town(number, in_full(name), state, centres[group[0]], 0, (name,), group))
    return unlisted


def _groups(codes: Sequence[str], centres: Mapping[str, Where]) -> list[list[str]]:
    """Postcodes of one name, by the municipalities of this name: those that lie together."""
    groups: list[list[str]] = []
    for code in codes:
        near = [g for g in groups if any(kilometres(centres[code], centres[other]) < TOGETHER for other in g)]
        merged = [code, *(other for group in near for other in group)]
        groups = [group for group in groups if group not in near] + [merged]
    return groups


def _add_parts(found: Iterable[Town], parts: Iterable[Town], centres: Mapping[str, Where]) -> None:
    """Lets large parts at home stand for the municipality that has their postcode alone: Pasing is in München."""
    owners: dict[str, list[Town]] = {}
    for town in found:
        for code in town.postcodes:
            owners.setdefault(code, []).append(town)
    for part in parts:
        if part.state == HOME and part.population >= PART:
            distance, code = min((kilometres(part.where, where), code) for code, where in centres.items())
            if distance < PART_NEAR and len(owners.get(code, ())) == 1:
                owners[code][0].others += (part.name, *part.others)
