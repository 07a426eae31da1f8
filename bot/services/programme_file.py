"""A programme file: its columns, its rows, and what is wrong between them; every error at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.domain.cells import nearest, quoted
from bot.domain.languages import LANGUAGES
from bot.domain.tables import Problem, Table
from bot.domain.terms import Terms
from bot.services.programme_rows import Planned, RowReader

COLUMNS = ("series", "title", "starts", "minutes", "capacity", "join_url", "language", "topics", "speakers", "summary",
           "for")  # fmt: skip
SESSION = "session"  # the optional column with the number of the session
TRANSLATED = ("series", "title", "summary")  # these may stand again as title_uk, title_en, …
OWN = "#"  # columns that begin so are the coordinators' own notes


@dataclass(frozen=True, slots=True)
class Programme:
    """What a file says: the sessions of its rows, and what is wrong.

    `languages` are those of which the file has columns for the wordings of sessions, `series_languages` for titles of
    series; of others it says nothing.
    """

    rows: Sequence[Planned]
    problems: Sequence[Problem]
    languages: Collection[str]
    series_languages: Collection[str]


def check(table: Table, terms: Terms, topics: Collection[str] | None) -> Programme:
    """Reads the rows of a table; local times are in the zone of `terms`.

    `topics` are the ids that the knowledge has; None where it cannot be read, and then any will do.
    """
    problems = [*table.problems, *_columns(table)]
    rows: list[Planned] = []
    told: dict[int, set[str]] = defaultdict(lambda: set(COLUMNS) - set(table.columns))
    for problem in table.problems:
        told[problem.row].add(problem.column)
    for row in table.rows:
        reader = RowReader(row, told[row.number])
        planned = reader.planned(terms, topics)
        problems += reader.problems
        rows += [planned] if planned else []
    problems += [*_twice(rows), *_torn(rows)]
    worded = _languages(table, "title") | _languages(table, "summary")
    return Programme(rows, sorted(problems), worded, _languages(table, "series"))


def _columns(table: Table) -> Iterator[Problem]:
    """Columns that are missing or not known."""
    missing = [name for name in COLUMNS if name not in table.columns]
    if missing:
        word = "column is" if len(missing) == 1 else "columns are"
        yield Problem(table.header, "", f"the {word} missing: {', '.join(missing)}")
    allowed = {*COLUMNS, SESSION, *(f"{name}_{code}" for name in TRANSLATED for code in LANGUAGES)}
    for name in dict.fromkeys(table.columns):
        if name and name not in allowed and not name.startswith(OWN):
            stem, _, code = name.partition("_")
            known = nearest(code, LANGUAGES) if stem in TRANSLATED else nearest(name, (*COLUMNS, SESSION))
            yield Problem(table.header, name, f"there is no such column; {known}")


def _languages(table: Table, name: str) -> set[str]:
    """The languages in which a column stands again."""
    return {code for code in LANGUAGES if f"{name}_{code}" in table.columns}


def _twice(rows: Sequence[Planned]) -> Iterator[Problem]:
    """The same session in two rows, by its number or by series and title."""
    numbers: dict[int, int] = {}
    titles: dict[tuple[str, str], int] = {}
    for row in rows:
        first = numbers.setdefault(row.session, row.row) if row.session is not None else row.row
        if first != row.row:
            yield Problem(row.row, SESSION, f"the session {row.session} stands in row {first} already")
        first = titles.setdefault((row.series, row.wording.title), row.row)
        if first != row.row:
            yield Problem(row.row, "title", f"{quoted(row.wording.title)} stands in row {first} already")


def _torn(rows: Sequence[Planned]) -> Iterator[Problem]:
    """A series whose title in one language differs from row to row."""
    seen: dict[tuple[str, str], tuple[str, int]] = {}
    for row in rows:
        for code, title in row.series_titles.items():
            first, where = seen.setdefault((row.series, code), (title, row.row))
            if first != title:
                yield Problem(row.row, f"series_{code}", f"differs from row {where}, where the series is the same")
