"""A table out of somebody's spreadsheet, and what is wrong in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One error in a table; rows count from 1 as a spreadsheet shows them, `column` is its name or "" for the row."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"row {self.row}{f', column {self.column}' if self.column else ''}: {self.message}"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its number, and the text of each filled cell by the name of its column."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the names of its columns in lower case, its rows, what could not be read, and where the names stand.

    `headings` are the numbers of rows left out because a single cell is filled in them.
    """

    columns: Sequence[str]
    rows: Sequence[Row]
    problems: Sequence[Problem]
    header: int
    headings: Sequence[int]
