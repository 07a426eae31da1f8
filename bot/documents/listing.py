"""A table with a title, to be shown in the terminal or written as a spreadsheet."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.cells import one_line

Cell = str | int | float | datetime | None  # a date is local, without a zone

GAP = "  "


@dataclass(frozen=True, slots=True)
class Listing:
    """The headings of the columns and the rows below them; `name` is one word, `empty` what no rows mean."""

    title: str
    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    empty: str


def aligned(listing: Listing) -> str:
    """The table as plain text, its columns one below the other, numbers to the right."""
    if not listing.rows:
        return listing.empty
    lines = [list(listing.columns), *([shown(cell) for cell in row] for row in listing.rows)]
    widths = [max(width(line[place]) for line in lines) for place in range(len(listing.columns))]
    numeric = [all(isinstance(row[place], int | float | None) for row in listing.rows) for place in range(len(widths))]
    return "\n".join(
        GAP.join(_filled(cell, wide, right) for cell, wide, right in zip(line, widths, numeric, strict=True)).rstrip()
        for line in lines
    )


def shown(cell: Cell) -> str:
    """A cell in one line of text."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return one_line(cell) if isinstance(cell, str) else str(cell)


def width(text: str) -> int:
    """How many places a text takes in a terminal: two for wide letters, none for accents and direction marks."""
    return sum(
        0 if unicodedata.category(sign) in {"Mn", "Me", "Cf"} else 1 + (unicodedata.east_asian_width(sign) in "WF")
        for sign in text
    )


def _filled(text: str, wide: int, right: bool) -> str:  # noqa: FBT001 - the side itself
    space = " " * (wide - width(text))
    return space + text if right else text + space
