"""A file of people who register outside Telegram: its columns, its rows, and what is wrong in them, all at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.domain.cells import nearest, one_line, quoted
from bot.domain.tables import Problem, Row, Table
from bot.services.programme_file import OWN

COLUMNS = ("session", "name", "organisation", "municipality", "email")
CANCELLED = "cancelled"  # the optional column for who does not come after all
DETAILS = ("name", "organisation", "municipality")
LONGEST = 200  # characters of each
LONGEST_ADDRESS = 254  # RFC 5321, section 4.5.3.1.3, without the angle brackets
YES, NO = ("yes", "ja", "x", "1", "true", "wahr"), ("", "no", "nein", "0", "false", "falsch")
_ADDRESS = re.compile(r"[^\s@<>(),;:\"\[\]\\]+@[^\s@<>(),;:\"\[\]\\.]+(\.[^\s@<>(),;:\"\[\]\\.]+)+")


@dataclass(frozen=True, slots=True)
class Entered:
    """One row: `session` as it is written, the e-mail address in lower case; what is not filled in is ""."""

    row: int
    session: str
    name: str
    organisation: str
    municipality: str
    email: str
    cancelled: bool


@dataclass(frozen=True, slots=True)
class GuestFile:
    """What a file says, and what is wrong; of the same address all rows say the same."""

    rows: Sequence[Entered]
    problems: Sequence[Problem]


def check(table: Table) -> GuestFile:
    """Reads the rows of a table."""
    problems = [*table.problems, *_columns(table)]
    broken = {(problem.row, problem.column) for problem in problems}
    broken |= {(row.number, name) for row in table.rows for name in COLUMNS if name not in table.columns}
    rows = []
    for row in table.rows:
        found = [problem for problem in _problems(row) if (problem.row, problem.column) not in broken]
        problems += found
        if not found and not any(number == row.number for number, _ in broken):
            rows.append(_entered(row))
    same: dict[str, Entered] = {}
    for entered in rows:
        problems += _contradictions(same.setdefault(entered.email, entered), entered)
        same[entered.email] = _completed(same[entered.email], entered)
    return GuestFile([_completed(entered, same[entered.email]) for entered in rows], sorted(problems))


def _columns(table: Table) -> Iterator[Problem]:
    """Columns that are missing or not known."""
    missing = [name for name in COLUMNS if name not in table.columns]
    if missing:
        word = "column is" if len(missing) == 1 else "columns are"
        yield Problem(table.header, "", f"the {word} missing: {', '.join(missing)}")
    known = (*COLUMNS, CANCELLED)
    for name in dict.fromkeys(table.columns):
        if name and name not in known and not name.startswith(OWN):
            yield Problem(table.header, name, f"there is no such column; {nearest(name, known)}")


def _problems(row: Row) -> Iterator[Problem]:
    """What is wrong with the cells of a row."""
    for name in ("session", "name", "email"):
        if not one_line(row.cells.get(name, "")):
            yield Problem(row.number, name, "is missing")
    for name in DETAILS:
        length = len(one_line(row.cells.get(name, "")))
        if length > LONGEST:
            yield Problem(row.number, name, f"has {length} characters; {LONGEST} are allowed")
    address = _address(row)
    if address and not (_ADDRESS.fullmatch(address) and address.isprintable() and len(address) <= LONGEST_ADDRESS):
        yield Problem(row.number, "email", f"{quoted(address)} is not an e-mail address such as anna@example.org")
    answer = _answer(row)
    if answer not in YES + NO:
        yield Problem(row.number, CANCELLED, f"{quoted(answer)} is neither yes nor no")


def _entered(row: Row) -> Entered:
    texts = {name: one_line(row.cells.get(name, "")) for name in ("session", *DETAILS)}
    return Entered(row=row.number, email=_address(row), cancelled=_answer(row) in YES, **texts)


def _address(row: Row) -> str:
    return one_line(row.cells.get("email", "")).lower().removeprefix("mailto:")


def _answer(row: Row) -> str:
    return one_line(row.cells.get(CANCELLED, "")).lower()


def _contradictions(first: Entered, entered: Entered) -> Iterator[Problem]:
    """Two rows with one address and two names are two people, or a slip of the hand; Lotse cannot know."""
    for name in DETAILS:
        before, here = getattr(first, name), getattr(entered, name)
        if before and here and before != here:
            yield Problem(
                entered.row, name, f"row {first.row} says {quoted(before)} with the same e-mail address {entered.email}"
            )


def _completed(entered: Entered, other: Entered) -> Entered:
    """A row with what another of the same address fills in."""
    return replace(entered, **{name: getattr(entered, name) or getattr(other, name) for name in DETAILS})
