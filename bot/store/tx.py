"""What a service may do with an open transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, TextClause, text

from bot.store.address import Dialect

Parameters = Mapping[str, object]
AnyRow = Row[*tuple[Any, ...]]


class Tx:
    """An open transaction. It has only `execute`, and `dialect` for the few statements that must differ.

    A service is a plain function whose first argument is a Tx. It may be run twice (when a group commit is lost, or
    PostgreSQL asks for a repetition), so it has no side effects but SQL, and returns plain values.
    """

    __slots__ = ("_connection", "dialect")

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self.dialect: Dialect = dialect

    def execute(
        self, statement: TextClause, parameters: Parameters | Sequence[Parameters] | None = None
    ) -> list[AnyRow]:
        """Run one statement and fetch everything, because an unfetched RETURNING would block the commit.

        Args:
            statement: A `text()` prepared once at import.
            parameters: One mapping, or a sequence of them to run the statement for each (then there are no rows).

        Returns:
            The rows, as tuples with named columns; empty for a statement without rows.

        Raises:
            ValueError: For text with NUL or lone surrogates, which the two dialects would treat differently.
        """
        if parameters is None:
            parameters = {}
        for one in (parameters,) if isinstance(parameters, Mapping) else parameters:
            refuse_nul(one.values())
        if not isinstance(parameters, Mapping) and not parameters:
            return []
        result = self._connection.execute(statement, parameters)
        return list(result.fetchall()) if result.returns_rows else []


def refuse_nul(values: Iterable[object]) -> None:
    """Raise ValueError when a text has a NUL, which SQLite stores and PostgreSQL does not."""
    for value in values:
        if isinstance(value, str) and "\0" in value:
            raise ValueError("Text for the database contains NUL.")


def for_each_dialect(sql: str) -> dict[Dialect, TextClause]:
    """Prepare a statement over many rows at once for both dialects.

    `{rows(name)}` in the statement becomes the table of the rows in the JSON array `:name`; in it `value->>0` is the
    first column of a row, as text or NULL. One parameter for a whole batch makes one statement of any length, which
    may have RETURNING (executemany may not).
    """
    return {
        "sqlite": text(_rows(sql, "json_each(:{})")),
        "postgresql": text(_rows(sql, "json_array_elements(CAST(:{} AS JSON))")),
    }


def rows_of(values: Iterable[object]) -> str:
    """The parameter of `for_each_dialect` for rows of one column."""
    return json.dumps([[one] for one in values])


def _rows(sql: str, source: str) -> str:
    before, *rest = sql.split("{rows(")
    for piece in rest:
        name, _, after = piece.partition(")}")
        before += source.format(name) + after
    return before
