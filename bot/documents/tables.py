"""Tables that people keep in a spreadsheet, .csv or .xlsx, as rows of texts with their numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence
from itertools import islice
from pathlib import Path

from bot.documents.sheets import LIST, TABLE, Bounds, Sheet, Unreadable, within_bounds
from bot.documents.workbook import read_workbook
from bot.domain.cells import lines, one_line, quoted
from bot.domain.tables import Problem, Row, Table

__all__ = ["Unreadable", "read_rows", "read_table"]

SEPARATORS = ",;\t|"
HINT = "sep="  # Excel's own first line, which it does not show
TOP = 50  # rows that are looked at to find out what separates the cells
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read_table(path: Path, wanted: Collection[str]) -> Table:
    """The table of a file whose first row names the columns; of several sheets the one with most `wanted` names.

    What is inside decides, not the ending: a workbook, or text in UTF-8, UTF-16 or Windows-1252 with commas,
    semicolons, tabs or bars between the cells. Texts come without control characters. Empty rows are left out, and so
    are rows with a single filled cell, which are headings.

    Raises:
        Unreadable: It is too large, no table, or in a form that is not known.
        OSError: It cannot be read.
    """
    tables = [_table(sheet) for sheet in _sheets(path, wanted, TABLE)]
    return max(tables, key=lambda table: len(set(wanted) & set(table.columns)))


def read_rows(path: Path, wanted: Collection[str] = ()) -> list[tuple[int, list[str]]]:
    """The rows that are not empty of a long list, with their numbers; of several sheets the one with most rows.

    The same files are understood as by `read_table`, larger ones too. Cells are as they stand there, those with a
    formula in a workbook are empty. The names in `wanted` help to recognise what separates the cells of a text.

    Raises:
        Unreadable: It is too large, no table, or in a form that is not known.
        OSError: It cannot be read.
    """
    longest = max(_sheets(path, wanted, LIST), key=lambda sheet: len(sheet.rows))
    return [(number, list(cells)) for number, cells in longest.rows]


def _sheets(path: Path, wanted: Collection[str], bounds: Bounds) -> list[Sheet]:
    """The sheets of a file that have rows, at least one."""
    with path.open("rb") as file:
        content = file.read(bounds.size + 1)
    if len(content) > bounds.size:
        raise Unreadable(f"the file is larger than {bounds.size // 1_000_000} MB")
    if content.startswith(OLE):
        raise Unreadable("this is an old or protected Excel file; save it as .xlsx without a password, or as .csv")
    found = read_workbook(content, bounds) if content.startswith(ZIP) else [_text(_decoded(content), wanted, bounds)]
    if not any(sheet.rows for sheet in found):
        raise Unreadable("there is no table in it")
    return [sheet for sheet in found if sheet.rows]


def _decoded(content: bytes) -> str:
    """The text of a file in one of the encodings that spreadsheets write."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in content[:4]:  # UTF-16 without its mark; the names of the columns are in Latin letters
        encodings = ["utf-16-be" if content.startswith(b"\0") else "utf-16-le"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable('it is neither a workbook nor text in a known encoding; save it as .xlsx or "CSV UTF-8"')


def _text(text: str, wanted: Collection[str], bounds: Bounds) -> Sheet:
    """The rows of a text, counted as a spreadsheet shows them where cells hold line breaks."""
    first, _, rest = text.partition("\n")
    hint = first.strip("\r\n")
    if hint.lower().startswith(HINT) and len(hint) == len(HINT) + 1 and hint[-1] in SEPARATORS:
        separator, text = hint[-1], rest
    else:
        separator = max(SEPARATORS, key=lambda one: _fit(text, one, wanted))
    rows: list[tuple[int, list[str]]] = []
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1):
            if any(cell.strip() for cell in cells):
                within_bounds(len(rows) + 1, len(cells), bounds)
                rows.append((number, cells))
    except csv.Error as error:
        raise Unreadable(f"row {number + 1} cannot be read; is a quotation mark not closed? ({error})") from None
    broken = [
        (number, place, "is a formula; put its value there")
        for number, cells in rows
        for place, cell in enumerate(cells)
        if cell.lstrip().startswith("=")
    ]
    return Sheet(rows, broken)


def _fit(text: str, separator: str, wanted: Collection[str]) -> tuple[int, int]:
    """How well a separator fits: how many wanted columns it makes of a row at the top, and how many cells of most."""
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        top = [row for row in islice(reader, TOP) if any(row)]
    except csv.Error:
        return 0, 0
    if not top:
        return 0, 0
    named = max(len({_name(cell) for cell in row} & set(wanted)) for row in top)
    return named, sorted(map(len, top))[len(top) // 2]


def _name(cell: str) -> str:
    return one_line(cell).casefold()


def _table(sheet: Sheet) -> Table:
    first = next((place for place, (_, cells) in enumerate(sheet.rows) if _filled(cells) > 1), 0)
    header, names = sheet.rows[first]
    columns = [_name(cell) for cell in names]
    problems = [
        Problem(header, one_line(names[place]), "the column stands twice")
        for place, name in enumerate(columns)
        if name and name in columns[:place]
    ]
    problems += [Problem(row, _column(columns, place), message) for row, place, message in sheet.broken]
    marked = {row for row, _, _ in sheet.broken}
    headings = [number for number, _ in sheet.rows[:first]]
    rows = []
    for number, cells in sheet.rows[first + 1 :]:
        if _filled(cells) == 1 and number not in marked:
            headings.append(number)
            continue
        problems += [
            Problem(number, _letter(place), f"{quoted(one_line(cell))} stands in a column that has no name")
            for place, cell in enumerate(cells)
            if cell.strip() and not _known(columns, place)
        ]
        texts = {name: lines(cell) for name, cell in zip(columns, cells, strict=False) if name}
        rows.append(Row(number, {name: cell for name, cell in texts.items() if cell}))
    return Table(columns, rows, problems, header, headings)


def _filled(cells: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _known(columns: Sequence[str], place: int) -> str:
    return columns[place] if place < len(columns) else ""


def _column(columns: Sequence[str], place: int) -> str:
    return _known(columns, place) or _letter(place)


def _letter(place: int) -> str:
    """The letters over a column in a spreadsheet: A, B, … Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
