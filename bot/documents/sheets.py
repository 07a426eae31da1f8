"""A sheet of a spreadsheet as it was found in a file, and the bounds within which files are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LARGEST = 5_000_000  # bytes of a file; a programme of a hundred sessions has about 30,000
MOST_ROWS = 5_000
MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large a file may be: its bytes, those of all its parts when unpacked, and the rows of a sheet."""

    size: int
    unpacked: int
    rows: int


TABLE = Bounds(LARGEST, 30_000_000, MOST_ROWS)  # beyond it can only be a bomb or something else than a table
LIST = Bounds(20_000_000, 100_000_000, 40_000)  # the municipalities of Germany: 16,000 rows of 20 cells


class Unreadable(Exception):  # noqa: N818 - it describes a state of the file
    """The file holds no table that can be read; the message is one clause without the file's name."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a sheet that are not empty, with their numbers.

    `broken` are the cells that are no plain values: row, place from 0, and what is wrong.
    """

    rows: Sequence[tuple[int, Sequence[str]]]
    broken: Sequence[tuple[int, int, str]] = ()


def within_bounds(rows: int, columns: int, bounds: Bounds) -> None:
    """Raises Unreadable for more rows or columns than anybody keeps in such a table."""
    if rows > bounds.rows:
        raise Unreadable(f"the table has more than {bounds.rows} rows")
    if columns > MOST_COLUMNS:
        raise Unreadable(f"the table has more than {MOST_COLUMNS} columns")
