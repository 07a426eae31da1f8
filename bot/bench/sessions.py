"""What sessions cost: CPU for a registration in the database layer, and the tick that looks for what is due."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import text

from bot.domain.instants import DAY, HOUR, MINUTE, SECOND
from bot.domain.terms import Terms
from bot.services import reminders, waitlist
from bot.services.registrations import register
from bot.store.database import Database
from bot.store.tx import Tx, for_each_dialect, rows_of

_NOW = 1_800_000_000_000_000
_TERMS = Terms(reminders="7d,1d,1h")
_REGISTRATIONS, _SEATS, _PRESSES = 1_500, 50, 200  # all, of one session, for one session
_AT_ONCE = 64
_PEOPLE, _SESSIONS, _EACH = 10_000, 1_000, 100  # 100,000 registrations
_TICKS = 50

_SERIES = text("INSERT INTO series (title, created) VALUES ('Bench', 0) ON CONFLICT (title) DO NOTHING")
_SESSION = text("""
    INSERT INTO sessions (series, title, language, starts, zone, minutes, capacity, created, changed, moved)
    SELECT series.id, 'Session ' || (SELECT COUNT(*) FROM sessions), 'de', :starts, 'Europe/Berlin', 150, :capacity,
        0, 0, 0
    FROM series RETURNING id
""")
_PUT = text("INSERT INTO secrets (name, value) VALUES (:name, 'x')")
_KNOW = for_each_dialect("""
    INSERT INTO people (id, blocked, created, seen) SELECT CAST(value->>0 AS BIGINT), FALSE, 0, 0 FROM {rows(people)}
""")
_REGISTER = for_each_dialect("""
    INSERT INTO registrations (session, person, state, line, confirmed_at, created)
    SELECT :session, CAST(value->>0 AS BIGINT), 'confirmed', 0, 0, 0 FROM {rows(people)}
""")


def measure() -> dict[str, float]:
    """Measure on fresh SQLite files in the folder for temporary files.

    Returns:
        `cpu_ms_per_registration`: CPU of this process for each of 1,500 presses of `register`, 200 for the 50 seats
        of a session, one after the other, so that none shares a commit; `_at_once` with 64 callers at once.
        `cpu_ms_per_row` and `cpu_ms_per_row_at_once`: the same for a service that only inserts one small row;
        `registration_to_row` is the ratio of the first two.
        `tick_ms_nothing_due`: the median time of a tick for lapsed offers and due reminders with 100,000
        registrations in 1,000 sessions and nothing due; `tick_ms_nothing_due_worst` the longest of 50.
        `queue_ms_10000_reminders`: the time of the tick that queues 10,000 reminders due in the same minute.
    """
    figures: dict[str, float] = {}
    for work in (_registrations, _ticks):
        with tempfile.TemporaryDirectory(prefix="lotse-bench-") as folder:
            figures |= asyncio.run(_on_a_database(Path(folder) / "bench.db", work))
    return figures


async def _on_a_database(path: Path, work: Callable[[Database], Any]) -> dict[str, float]:
    database = Database(f"sqlite:///{path}")
    await database.migrate()
    await database.open()
    figures: dict[str, float] = await work(database)
    await database.close()
    return figures


async def _registrations(database: Database) -> dict[str, float]:
    figures = {}
    for name, callers in (("", 1), ("_at_once", _AT_ONCE)):
        rows = iter([(_put, (f"{callers}-{number}",)) for number in range(_REGISTRATIONS)])
        figures[f"cpu_ms_per_row{name}"] = await _cpu(database, rows, callers)
        sessions = [await database.write(_plan, _NOW + 30 * DAY, _SEATS) for _ in range(0, _REGISTRATIONS, _PRESSES)]
        presses = iter(
            [
                (register, (sessions[number // _PRESSES], callers * 10_000 + number, "uk", _NOW, _TERMS))
                for number in range(_REGISTRATIONS)
            ]
        )
        figures[f"cpu_ms_per_registration{name}"] = await _cpu(database, presses, callers)
    return figures | {"registration_to_row": figures["cpu_ms_per_registration"] / figures["cpu_ms_per_row"]}


async def _cpu(database: Database, calls: Iterator[tuple[Callable[..., Any], tuple[Any, ...]]], callers: int) -> float:
    """CPU in ms for each call, with so many callers at once."""

    async def caller() -> None:
        for service, arguments in calls:
            await database.write(service, *arguments)

    start = time.process_time()
    await asyncio.gather(*(caller() for _ in range(callers)))
    return (time.process_time() - start) * 1000 / _REGISTRATIONS


async def _ticks(database: Database) -> dict[str, float]:
    await database.write(_know, _PEOPLE)
    for number in range(_SESSIONS):
        # Spread over the months to come, and never a minute, hour or day from a rule.
        starts = _NOW + number * 2 * HOUR + 37 * MINUTE
        await database.write(_fill, starts, [(number * _EACH + one) % _PEOPLE for one in range(_EACH)])
    await _tick(database, _NOW)  # the first looks at all that was
    times = [await _tick(database, _NOW + number * SECOND) for number in range(1, _TICKS + 1)]
    starts = _NOW + DAY + HOUR  # a session of its own, with a rule that is due an hour from now
    await database.write(_fill, starts, range(_PEOPLE))
    await _tick(database, _NOW + HOUR - SECOND)
    queueing = await _tick(database, _NOW + HOUR)
    queued = await database.read(_queued)
    if queued < _PEOPLE:
        raise RuntimeError(f"{queued} reminders were queued")
    return {
        "tick_ms_nothing_due": median(times),
        "tick_ms_nothing_due_worst": max(times),
        "queue_ms_10000_reminders": queueing,
    }


async def _tick(database: Database, now: int) -> float:
    """Does what the tick does every second; how many ms it took."""
    start = time.perf_counter()
    if await database.read(waitlist.is_due, now):
        await database.write(waitlist.lapse, now, _TERMS)
    if await database.read(reminders.is_due, now, _TERMS):
        await database.write(reminders.queue_due, now, _TERMS)
        await database.write(reminders.warn_of_missing_links, (), now)
    return (time.perf_counter() - start) * 1000


def _put(tx: Tx, name: str) -> None:
    tx.execute(_PUT, {"name": name})


def _plan(tx: Tx, starts: int, capacity: int | None) -> int:
    tx.execute(_SERIES)
    return int(tx.execute(_SESSION, {"starts": starts, "capacity": capacity})[0].id)


def _know(tx: Tx, many: int) -> None:
    tx.execute(_KNOW[tx.dialect], {"people": rows_of(range(many))})


def _fill(tx: Tx, starts: int, people: list[int] | range) -> None:
    session = _plan(tx, starts, None)
    tx.execute(_REGISTER[tx.dialect], {"session": session, "people": rows_of(people)})


def _queued(tx: Tx) -> int:
    return int(tx.execute(text("SELECT COUNT(*) AS many FROM outbox WHERE kind = 'reminder'"))[0].many)
