"""People who register outside Telegram: Lotse has no way to tell them anything, so it says whom to e-mail of what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import text

from bot.store.tx import AnyRow, Tx

# What `news_of` reads of a registration, its guest and its session.
NEWS = """
    registrations.state, registrations.created, registrations.confirmed_at, registrations.unwanted,
    sessions.state AS session_state, sessions.changed, sessions.moved
"""
_GUESTS = text(f"""
    SELECT guests.name, guests.email, {NEWS}
    FROM registrations JOIN guests ON guests.id = registrations.guest
    JOIN sessions ON sessions.id = registrations.session
    WHERE registrations.session = :session ORDER BY registrations.line, registrations.id
""")  # noqa: S608 - of constants
_REGISTERED = text("""
    SELECT guests.name, guests.email FROM registrations JOIN guests ON guests.id = registrations.guest
    WHERE registrations.session = :session AND registrations.state IN ('confirmed', 'offered', 'waitlisted')
    ORDER BY registrations.line, registrations.id
""")


@dataclass(frozen=True, slots=True)
class News:
    """What a guest has to be told: a seat after waiting, another time, or that the session is cancelled.

    `at` is when it happened, UTC microseconds. Nobody notes what was told: the time says whether it was before.
    """

    what: Literal["seat", "moved", "cancelled"]
    at: int


def news_of(row: AnyRow) -> list[News]:
    """What happened to a guest's registration since it was made; `row` has the columns of `NEWS`."""
    if row.session_state == "cancelled":  # who had left before has nothing to hear
        return [] if row.unwanted else [News("cancelled", row.changed)]
    if row.state == "cancelled":
        return []
    seat = [News("seat", row.confirmed_at)] if row.confirmed_at and row.confirmed_at > row.created else []
    moved = [News("moved", row.moved)] if row.moved > row.created else []
    return seat + moved


def to_tell(tx: Tx, session: int, since: int = 0) -> list[tuple[str, str]]:
    """Name and e-mail address of the guests of a session who have something to hear, in the order of the line.

    Args:
        tx: The transaction.
        session: The session.
        since: Only what happened at that time or later, UTC microseconds; with the time of a change it is those whom
            the change concerns.
    """
    rows = tx.execute(_GUESTS, {"session": session})
    return [(row.name, row.email) for row in rows if any(news.at >= since for news in news_of(row))]


def guests_of(tx: Tx, session: int) -> list[tuple[str, str]]:
    """Name and e-mail address of the guests who are registered for a session, those on the waiting list too."""
    return [(row.name, row.email) for row in tx.execute(_REGISTERED, {"session": session})]
