"""Figures of every session, for coordinators and for scripts."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from bot.domain.instants import moment
from bot.store.tx import Tx

# What was frozen counts on, so that a session has the same figures when its people are gone.
_REGISTRATIONS = text("""
    SELECT sessions.id, sessions.series, series.title, sessions.title, sessions.starts, sessions.capacity,
        COUNT(CASE WHEN each.state IN ('confirmed', 'attended', 'no_show') THEN 1 END),
        COUNT(CASE WHEN each.state = 'waitlisted' THEN 1 END),
        COUNT(CASE WHEN each.state = 'offered' THEN 1 END),
        sessions.ended
    FROM sessions JOIN series ON series.id = sessions.series
    LEFT JOIN (
        SELECT session, state FROM registrations UNION ALL SELECT session, state FROM participations
    ) AS each ON each.session = sessions.id
    GROUP BY sessions.id, sessions.series, series.title, sessions.title, sessions.starts, sessions.capacity,
        sessions.ended
    ORDER BY sessions.starts, sessions.id
""")


@dataclass(frozen=True, slots=True)
class Taken:
    """A session and its registrations; the names are those of the report.

    `starts` in UTC microseconds, `capacity` None for no limit. `confirmed` counts everybody who has or had a seat,
    `cancelled` the registrations that ended by leaving, declining, lapsing or erasure.
    """

    session: int
    series_id: int
    series: str
    title: str
    starts: int
    capacity: int | None
    confirmed: int
    waitlisted: int
    offered: int
    cancelled: int


def registrations(tx: Tx) -> list[Taken]:
    """Every session, past and cancelled ones too, the earliest first."""
    return [Taken(*row) for row in tx.execute(_REGISTRATIONS)]


def zulu(instant: int) -> str:
    """UTC microseconds as reports write them: 2026-12-03T09:00:00Z."""
    return f"{moment(instant):%Y-%m-%dT%H:%M:%SZ}"
