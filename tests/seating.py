"""A network with sessions, for the tests of seats: plain rows, and the services called at a time of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from bot.domain.instants import microseconds
from bot.domain.terms import Terms
from bot.services.waitlist import fill, lock
from bot.store.database import Database
from bot.store.tx import Tx

TERMS = Terms()
ANNA, BORIS, CLARA, DILEK, EMIL, FATMA = range(4_711_001, 4_711_007)

SERIES = text(
    "INSERT INTO series (title, created) VALUES (:title, 0) "
    "ON CONFLICT (title) DO UPDATE SET title = excluded.title RETURNING id"
)
SESSION = text("""
    INSERT INTO sessions (series, title, language, starts, zone, minutes, capacity, state, created, changed, moved)
    SELECT :series, 'Session ' || COUNT(*), 'de', :starts, 'Europe/Berlin', 150, :capacity, :state, 0, 0, 0
    FROM sessions RETURNING id
""")
CAPACITY = text("UPDATE sessions SET capacity = :capacity WHERE id = :session")
STATES = text("""
    SELECT COALESCE(person, -guest) AS who, state FROM registrations WHERE session = :session ORDER BY line, id
""")
NOTICES = text("SELECT person, dedup FROM outbox ORDER BY id")
ENDED = text("SELECT ended FROM sessions WHERE id = :session")
GUEST = text("INSERT INTO guests (email, name) VALUES (:email, 'Muster') RETURNING id")


def utc(day: str, time: str = "12:30") -> int:
    """UTC microseconds of a day and time in UTC."""
    return microseconds(datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=UTC))


NOW = utc("2026-11-25")  # a Wednesday
STARTS = utc("2026-12-10", "09:00")  # a Thursday, two weeks later


def plan(tx: Tx, capacity: int | None = 1, starts: int = STARTS, state: str = "open", series: str = "Ankommen") -> int:
    """A session of 150 minutes."""
    series_id = tx.execute(SERIES, {"title": series})[0].id
    row = {"series": series_id, "starts": starts, "capacity": capacity, "state": state}
    return int(tx.execute(SESSION, row)[0].id)


def series_of(tx: Tx, session: int) -> int:
    """The series of a session."""
    return int(tx.execute(text("SELECT series FROM sessions WHERE id = :id"), {"id": session})[0].series)


def set_capacity(tx: Tx, session: int, capacity: int | None) -> None:
    """Changes the number of seats, and nothing else."""
    tx.execute(CAPACITY, {"session": session, "capacity": capacity})


def set_state(tx: Tx, session: int, state: str) -> None:
    """Opens, closes or cancels a session, and nothing else."""
    tx.execute(text("UPDATE sessions SET state = :state WHERE id = :session"), {"session": session, "state": state})


def resize(tx: Tx, session: int, capacity: int | None, now: int, terms: Terms) -> None:
    """Changes the number of seats, under the lock, and gives new ones to the queue."""
    lock(tx, session)
    set_capacity(tx, session, capacity)
    fill(tx, session, now, terms)


def guest(tx: Tx, email: str = "guest@example.org") -> int:
    """Somebody outside Telegram."""
    return int(tx.execute(GUEST, {"email": email})[0].id)


def states(tx: Tx, session: int) -> dict[int, str]:
    """The states by person, those who wait in their order; a guest is the negative number."""
    return {row.who: row.state for row in tx.execute(STATES, {"session": session})}


def line(tx: Tx, session: int) -> list[int]:
    """Who waits, in order."""
    return [who for who, state in states(tx, session).items() if state == "waitlisted"]


def notices(tx: Tx) -> list[tuple[int, str]]:
    """What was queued, as person and name, in order."""
    return [(row.person, row.dedup) for row in tx.execute(NOTICES)]


def ended(tx: Tx, session: int) -> int:
    """How many registrations were counted as ended."""
    return int(tx.execute(ENDED, {"session": session})[0].ended)


@dataclass
class Network:
    """Calls services with the time and the operator's terms."""

    database: Database
    now: int = NOW
    terms: Terms = field(default_factory=Terms)

    async def does(self, service: Callable[..., Any], *args: Any) -> Any:
        """The result of a service that takes `now` and `terms` at the end."""
        return await self.database.write(service, *args, self.now, self.terms)

    async def reads(self, service: Callable[..., Any], *args: Any) -> Any:
        """The result of a service that only reads."""
        return await self.database.read(service, *args)

    async def plans(self, *args: Any, **kwargs: Any) -> int:
        """The number of a new session."""
        return await self.database.write(plan, *args, **kwargs)
