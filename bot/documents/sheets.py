"""A sheet of a spreadsheet as it was found in a file, and the bounds within which files are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LARGEST = 5_000_000  # bytes of a file; a programme of a hundred sessions has about 30,000
MOST_ROWS = 5_000
MOST_COLUMNS = 200


class Unreadable(Exception):  # noqa: N818 - it describes a state of the file
    """The file holds no table that can be read; the message is one clause without the file's name."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a sheet that are not empty, with their numbers.

    `broken` are the cells that are no plain values: row, place from 0, and what is wrong.
    """

    rows: Sequence[tuple[int, Sequence[str]]]
    broken: Sequence[tuple[int, int, str]] = ()


def within_bounds(rows: int, columns: int) -> None:
    """Raises Unreadable for more rows or columns than anybody keeps in such a table."""
    if rows > MOST_ROWS:
        raise Unreadable(f"the table has more than {MOST_ROWS} rows")
    if columns > MOST_COLUMNS:
        raise Unreadable(f"the table has more than {MOST_COLUMNS} columns")
