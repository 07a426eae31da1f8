"""Reading the programme: series, sessions, and how many seats are taken."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import text

from bot.domain.programme import Seats, Series, Session
from bot.store.tx import AnyRow, Tx, for_each_dialect, rows_of

COLUMNS = """
    SELECT id, series, title, summary, speakers, topics, language, wordings, starts, zone, minutes, capacity, join_url,
    municipalities, materials, code_word, state, version, sequence, created, changed, moved
    FROM sessions
"""
SESSIONS = for_each_dialect(
    """
    {columns} WHERE id IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows(ids)}) ORDER BY starts, id
""".replace("{columns}", COLUMNS)
)
UPCOMING = text(COLUMNS + "WHERE starts > :now AND state <> 'cancelled' ORDER BY starts, id")
OF_SERIES = text(COLUMNS + "WHERE series = :series ORDER BY starts, id")
SERIES = text("SELECT id, title, titles FROM series WHERE id = :id")
ALL_SERIES = text("SELECT id, title, titles FROM series ORDER BY id")
SEATS = for_each_dialect("""
    SELECT sessions.id, sessions.capacity, registrations.state, COUNT(registrations.id)
    FROM sessions LEFT JOIN registrations ON registrations.session = sessions.id
    WHERE sessions.id IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows(ids)})
    GROUP BY sessions.id, sessions.capacity, registrations.state
""")


def sessions(tx: Tx, ids: Iterable[int]) -> dict[int, Session]:
    """Those of the sessions that exist, by id, the earliest first."""
    rows = tx.execute(SESSIONS[tx.dialect], {"ids": rows_of(ids)})
    return {row.id: _session(row) for row in rows}


def session(tx: Tx, id_: int) -> Session | None:
    """One session, or None."""
    return sessions(tx, [id_]).get(id_)


def upcoming(tx: Tx, now: int) -> list[Session]:
    """The sessions that start after `now` (UTC microseconds) and were not cancelled, the earliest first."""
    return [_session(row) for row in tx.execute(UPCOMING, {"now": now})]


def sessions_of(tx: Tx, series: int) -> list[Session]:
    """All sessions of a series, past and cancelled ones too, the earliest first."""
    return [_session(row) for row in tx.execute(OF_SERIES, {"series": series})]


def one_series(tx: Tx, id_: int) -> Series | None:
    """One series, or None."""
    rows = tx.execute(SERIES, {"id": id_})
    return _series(rows[0]) if rows else None


def all_series(tx: Tx) -> dict[int, Series]:
    """Every series by id, the oldest first."""
    return {row.id: _series(row) for row in tx.execute(ALL_SERIES)}


def seats(tx: Tx, ids: Iterable[int]) -> dict[int, Seats]:
    """How many seats are taken, offered and waited for, by session."""
    counts: dict[int, dict[str, int]] = {}
    capacities: dict[int, int | None] = {}
    for id_, capacity, state, many in tx.execute(SEATS[tx.dialect], {"ids": rows_of(ids)}):
        capacities[id_] = capacity
        counts.setdefault(id_, {})[state] = many
    return {
        id_: Seats(
            capacities[id_],
            sum(states.get(state, 0) for state in ("confirmed", "attended", "no_show")),
            states.get("offered", 0),
            states.get("waitlisted", 0),
        )
        for id_, states in counts.items()
    }


def _session(row: AnyRow) -> Session:
    kept = dict(row._mapping)  # noqa: SLF001 - the public name of a row's columns begins so
    lists = {name: tuple(json.loads(kept[name])) for name in ("topics", "municipalities")}
    wordings = {code: (title, summary) for code, (title, summary) in json.loads(kept["wordings"]).items()}
    return Session(**{**kept, **lists, "wordings": wordings})


def _series(row: AnyRow) -> Series:
    return Series(row.id, row.title, json.loads(row.titles))
