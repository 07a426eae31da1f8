"""Reading registrations: one, a person's, and who took all of a series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from sqlalchemy import text

from bot.domain.instants import MINUTE
from bot.domain.programme import Session
from bot.domain.registrations import Registration
from bot.services.sessions import sessions
from bot.store.tx import AnyRow, Tx

_COLUMNS = """
    SELECT own.id, own.session, own.state, own.offered_until, own.lapses, own.changes, own.unwanted,
        CASE WHEN own.state = 'waitlisted' THEN 1 + (
            SELECT COUNT(*) FROM registrations AS ahead
            WHERE ahead.session = own.session AND ahead.state = 'waitlisted' AND ahead.line < own.line
        ) ELSE 0 END AS place
    FROM registrations AS own
"""
_OWN = {
    "person": text(_COLUMNS + "WHERE own.session = :session AND own.person = :id"),
    "guest": text(_COLUMNS + "WHERE own.session = :session AND own.guest = :id"),
}
_MINE = text(
    _COLUMNS + "JOIN sessions ON sessions.id = own.session "
    "WHERE own.person = :id AND own.state IN ('confirmed', 'waitlisted', 'offered') "
    "AND sessions.starts + CAST(sessions.minutes AS BIGINT) * :minute > :now"
)
_ATTENDED = text("SELECT session FROM registrations WHERE person = :person AND state = 'attended'")
_TAKES_ALL = text("SELECT 1 FROM takes_all WHERE series = :series AND person = :person")


class Who(NamedTuple):
    """Whose registration: a person in Telegram, or a guest, who is outside."""

    kind: Literal["person", "guest"]
    id: int


@dataclass(frozen=True, slots=True)
class Own:
    """Somebody's row; `unwanted` says that a session was left by itself, so that nothing adds it again."""

    id: int
    unwanted: bool
    registration: Registration


def own(tx: Tx, session: int, who: Who) -> Own | None:
    """The row of a person or guest for a session, also one that has ended."""
    rows = tx.execute(_OWN[who.kind], {"session": session, "id": who.id})
    return Own(rows[0].id, bool(rows[0].unwanted), _registration(rows[0])) if rows else None


def registration(tx: Tx, session: int, person: int) -> Registration | None:
    """How a person is registered for a session; None when they never were."""
    found = own(tx, session, Who("person", person))
    return found.registration if found is not None else None


def mine(tx: Tx, person: int, now: int) -> list[tuple[Session, Registration]]:
    """A person's seats, offers and places in the line for sessions that are not over, the earliest first."""
    rows = tx.execute(_MINE, {"id": person, "now": now, "minute": MINUTE})
    registrations = {row.session: _registration(row) for row in rows}
    return [(session, registrations[id_]) for id_, session in sessions(tx, registrations).items()]


def attended(tx: Tx, person: int) -> list[Session]:
    """The sessions that a person has attended, the earliest first."""
    return list(sessions(tx, [row.session for row in tx.execute(_ATTENDED, {"person": person})]).values())


def takes_all(tx: Tx, series: int, person: int) -> bool:
    """Whether a person took all sessions of a series, and hears of those that are added."""
    return bool(tx.execute(_TAKES_ALL, {"series": series, "person": person}))


def _registration(row: AnyRow) -> Registration:
    return Registration(row.session, row.state, row.place, row.offered_until, row.lapses, row.changes)
