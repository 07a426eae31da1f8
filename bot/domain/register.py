"""The official register of municipalities: key, type and district of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.cells import one_line, quoted
from bot.domain.tables import Problem

# The official municipality key: state 2 digits, region 1, district 2, municipality 3. Spreadsheets lose its first zero.
KEY = re.compile(r"((?:0?[1-9]|1[0-6])[0-9]{6})(?:\.0+)?")
STATES = ("SH", "HH", "NI", "HB", "NW", "HE", "RP", "BW", "BY", "SL", "BE", "BB", "MV", "SN", "ST", "TH")
LANDRATSAMT = frozenset({"BW", "BY", "SN", "TH"})  # where the office of a rural district has this name
LONGEST = 100  # characters of a name
DEGREES = re.compile(r"[0-9]{1,2}(?:[.,][0-9]{1,15})?")
GERMANY = {"lat": (47.0, 56.0), "lon": (5.0, 16.0)}  # degrees, generously
NEEDED = ("ags", "name", "district", "district_type")
NAMES = (*NEEDED, "type", "lat", "lon")
TOWNS, RURAL = frozenset({"kreisfreie stadt", "stadtkreis"}), frozenset({"landkreis", "kreis", "regionalverband"})

# The list that the statistical office publishes ("Auszug GV"). Its first columns are A kind of row, B mark, C state,
# D region, E district, F association of municipalities, G municipality, H name; N is the postcode, O the longitude,
# P the latitude. Rows of kind 10, 20, 30 and 50 are states, regions and associations.
DISTRICT, MUNICIPALITY = "40", "60"
WIDTH = 16
LETTERS = {"ags": "C to G", "name": "H", "district": "E (the row of its district above)", "lat": "P", "lon": "O"}
TOWN_MARKS = frozenset({"41", "42"})  # of districts; 43, 44 and 45 are rural ones
TYPES = {
    "60": "Markt", "61": "Kreisfreie Stadt", "62": "Stadtkreis", "63": "Stadt", "64": "Gemeinde",
    "65": "Gemeindefreies Gebiet", "67": "Große Kreisstadt",
}  # fmt: skip
UNINHABITED = "66"  # forests and lakes that belong to no municipality


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality of the register; `where` (latitude, longitude) is None where the list gives no position.

    `rural` says that its district is a rural one ("Landkreis"), not the town itself.
    """

    key: str
    name: str
    type: str
    district: str
    rural: bool
    where: tuple[float, float] | None

    @property
    def state(self) -> str:
        """Its state, by the ISO 3166-2 code without the country."""
        return STATES[int(self.key[:2]) - 1]

    @property
    def office(self) -> str:
        """Who does for it what districts do, as the sign on the door says: the rural district's office or the town."""
        if not self.rural:
            return f"Stadt {self.district}"
        return f"{'Landratsamt' if self.state in LANDRATSAMT else 'Kreisverwaltung'} {self.district}"


@dataclass(frozen=True, slots=True)
class Register:
    """What a list holds: its municipalities, and every error in it. With an error it is of no use."""

    municipalities: Sequence[Municipality]
    problems: Sequence[Problem]


@dataclass(frozen=True, slots=True)
class _Found:
    """A row that stands for a municipality: its texts by our names of columns, and what the file calls the columns."""

    number: int
    cells: Mapping[str, str]
    columns: Mapping[str, str]

    def problem(self, name: str, message: str) -> Problem:
        return Problem(self.number, self.columns.get(name, name), message)


def read_register(rows: Iterable[tuple[int, Sequence[str]]]) -> Register:
    """The municipalities of a list, given as rows with their numbers.

    Two forms are understood: the list of municipalities as the statistical office publishes it, with its columns in
    their places, and a table in which a row names the columns, at least `ags`, `name`, `district` and `district_type`.
    """
    numbered = list(rows)
    header = next((at for at, (_, cells) in enumerate(numbered) if "ags" in map(_folded, cells)), None)
    problems: list[Problem] = []
    municipalities: dict[str, Municipality] = {}
    seen: dict[str, int] = {}
    for found in _official(numbered) if header is None else _named(numbered[header], numbered[header + 1 :]):
        if isinstance(found, Problem):
            problems.append(found)
            continue
        municipality, wrong = _municipality(found)
        if municipality.key in seen:
            wrong.append(found.problem("ags", f"stands in row {seen[municipality.key]} already"))
        elif municipality.key:
            seen[municipality.key] = found.number
            municipalities[municipality.key] = municipality
        problems += wrong
    if not problems and not municipalities:
        problems.append(Problem(1, "", "there is no municipality in the list; docs/places.md shows its two forms"))
    return Register([] if problems else [*municipalities.values()], sorted(problems))


def _named(header: tuple[int, Sequence[str]], rows: Iterable[tuple[int, Sequence[str]]]) -> Iterator[_Found | Problem]:
    names = [_folded(cell) for cell in header[1]]
    wrong = [Problem(header[0], name, "the column is missing") for name in NEEDED if name not in names]
    wrong += [Problem(header[0], name, "the column stands twice") for name in NAMES if names.count(name) > 1]
    if wrong:
        yield from wrong
        return
    for number, cells in rows:
        if any(cell.strip() for cell in cells):
            row = {name: one_line(cell) for name, cell in zip(names, cells, strict=False) if name in NAMES}
            yield _Found(number, row, {})


def _official(rows: Iterable[tuple[int, Sequence[str]]]) -> Iterator[_Found]:
    districts: dict[str, tuple[str, str]] = {}
    for number, cells in rows:
        kind, mark, *rest = [cell.strip() for cell in (*cells[:WIDTH], *[""] * (WIDTH - len(cells)))]
        if kind not in {DISTRICT, MUNICIPALITY} or (kind == MUNICIPALITY and mark == UNINHABITED):
            continue
        state, region, district, _, municipality, name = rest[:6]
        above = f"{state.zfill(2)}{region.zfill(1)}{district.zfill(2)}"
        if kind == DISTRICT:
            districts[above] = (one_line(name), "Kreisfreie Stadt" if mark in TOWN_MARKS else "Landkreis")
            continue
        own = (name, TYPES[mark]) if mark in {"61", "62"} else ("", "Landkreis")  # a town that is a district itself
        belongs, kind_of_district = districts.get(above, own)
        key = f"{above}{municipality.zfill(3)}" if state and region and district and municipality else ""
        values = (key, name, belongs, kind_of_district, TYPES.get(mark, ""), rest[13], rest[12])
        yield _Found(number, {n: one_line(v) for n, v in zip(NAMES, values, strict=True)}, LETTERS)


def _municipality(row: _Found) -> tuple[Municipality, list[Problem]]:
    """The municipality of a row, and what is wrong with it; without a key its key is empty."""
    cells, problems = row.cells, []
    key = KEY.fullmatch(cells.get("ags", ""))
    if key is None:
        problems.append(row.problem("ags", "is not an official municipality key of eight digits"))
    for name in ("name", "district"):
        if not _plain(cells.get(name, "")):
            problems.append(row.problem(name, "is missing"))
        elif len(cells[name]) > LONGEST:
            problems.append(row.problem(name, f"is longer than {LONGEST} characters"))
    district_type = _folded(cells.get("district_type", ""))
    if district_type not in TOWNS | RURAL:
        problems.append(row.problem("district_type", 'is neither "Landkreis" nor "Kreisfreie Stadt"'))
    where = {name: _degrees(row, name, problems) for name in GERMANY}
    lat, lon = where["lat"], where["lon"]
    return Municipality(
        key=key[1].zfill(8) if key else "",
        name=_plain(cells.get("name", "")),
        type=cells.get("type", "")[:LONGEST],
        district=re.sub(r"^(?:Landkreis|Kreis) ", "", _plain(cells.get("district", ""))),
        rural=district_type in RURAL,
        where=None if lat is None or lon is None else (lat, lon),
    ), problems


def _degrees(row: _Found, name: str, problems: list[Problem]) -> float | None:
    """A latitude or longitude, None where there is none or it is wrong; exact to ten centimetres."""
    text = row.cells.get(name, "")
    if not text:
        if any(row.cells.get(other) for other in GERMANY):
            problems.append(row.problem(name, "is missing; a position has both"))
        return None
    least, most = GERMANY[name]
    found = float(text.replace(",", ".")) if DEGREES.fullmatch(text) else 0.0
    if least <= found <= most:
        return round(found, 6)
    problems.append(row.problem(name, f"is not between {least:.0f} and {most:.0f} degrees: {quoted(text)}"))
    return None


def _folded(cell: str) -> str:
    return cell.strip().casefold()


def _plain(name: str) -> str:
    """A name without what the register adds after a comma: "München, Landeshauptstadt"."""
    return name.partition(",")[0].strip()
