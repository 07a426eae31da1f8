"""Eight processes at once on one database: nobody is overbooked, passed over, or told of an error."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
import sqlalchemy
from crowd import racing
from seating import ANNA, NOW, TERMS, line, notices, plan, series_of, set_capacity, states
from sqlalchemy import text

from bot.domain.instants import DAY, HOUR
from bot.domain.plan import NewSession, Wording
from bot.domain.programme import Session
from bot.domain.registrations import Confirmed
from bot.services import registrations, waitlist
from bot.services.programme import add
from bot.services.registrations import register
from bot.store.database import Database, run
from bot.store.outbox import Notice, queue
from bot.store.tx import Tx

SEATS = text("""
    SELECT sessions.capacity,
        SUM(CASE WHEN registrations.state IN ('confirmed', 'offered') THEN 1 ELSE 0 END) AS taken,
        SUM(CASE WHEN registrations.state = 'waitlisted' THEN 1 ELSE 0 END) AS waiting
    FROM sessions JOIN registrations ON registrations.session = sessions.id
    GROUP BY sessions.id, sessions.capacity
""")


def numbers(tx: Tx, session: int) -> Counter[str]:
    return Counter(states(tx, session).values())


def in_order(tx: Tx) -> bool:
    """Never over, and never a free seat with a queue waiting."""
    return all(
        row.taken <= row.capacity and (row.waiting == 0 or row.taken == row.capacity) for row in tx.execute(SEATS)
    )


def test_200_people_and_20_repeats_press_at_once_for_50_seats(database_url: str) -> None:
    session = run(database_url, plan, 50)
    people = range(ANNA, ANNA + 200)
    presses = [["register", session, person, "uk", NOW] for person in (*people, *random.Random(1).sample(people, 20))]
    random.Random(2).shuffle(presses)
    with racing(database_url) as crowd:
        outcomes = crowd.at_once(presses)
    assert outcomes == {"Confirmed": 50, "Waitlisted": 150, "AlreadyRegistered": 20}
    assert run(database_url, numbers, session) == {"confirmed": 50, "waitlisted": 150}
    waiting = run(database_url, line, session)
    places = run(database_url, lambda tx: [registrations.registration(tx, session, person).place for person in waiting])
    assert places == list(range(1, 151))


async def test_100_rounds_of_leaving_accepting_enlarging_and_registering(database: Database, database_url: str) -> None:
    session = await database.write(plan, 5, starts=NOW + 60 * DAY)
    people, chance = range(ANNA, ANNA + 60), random.Random(3)
    seen: Counter[str] = Counter()

    with racing(database_url) as crowd:
        crowd.at_once([["register", session, person, "uk", NOW] for person in people[:40]])
        for number in range(100):
            now = NOW + number * HOUR
            orders: list[list[Any]] = [["leave", session, person, now] for person in chance.sample(people, 6)]
            orders += [["accept", session, person, now] for person in chance.sample(people, 12)]
            orders += [["register", session, person, "uk", now] for person in chance.sample(people, 12)]
            orders += [["decline", session, person, now] for person in chance.sample(people, 2)]
            orders += [["release", person, now] for person in chance.sample(people, 1)]
            orders += [["resize", session, 5 + (number + 1) // 10, now], ["lapse", now], ["sweep", now]]
            chance.shuffle(orders)
            crowd.start(orders)
            assert await database.read(in_order)  # in the middle of it
            seen += crowd.outcomes()
            assert await database.read(in_order)
    names = {"Left", "Confirmed", "Waitlisted", "AlreadyRegistered", "NotRegistered", "NoneType", "int"}
    assert set(seen) == names  # no error to anyone
    assert (await database.read(numbers, session))["waitlisted"] > 0


def test_10_sessions_and_60_people_who_each_take_all(database_url: str) -> None:
    sessions = run(database_url, lambda tx: [plan(tx, 50) for _ in range(10)])
    series = run(database_url, series_of, sessions[0])
    with racing(database_url) as crowd:
        outcomes = crowd.at_once([["register_all", series, person, "uk", NOW] for person in range(ANNA, ANNA + 60)])
        assert outcomes == {"Confirmed": 500, "Waitlisted": 100}
        for session in sessions:
            assert run(database_url, numbers, session) == {"confirmed": 50, "waitlisted": 10}
        crowd.at_once([["leave_all", series, person, NOW] for person in range(ANNA, ANNA + 60, 2)])
        for session in sessions:
            left = run(database_url, numbers, session)
            assert left["confirmed"] + left["offered"] == 30
            assert left["waitlisted"] == 0


def only_read(tx: Tx, session: int) -> Session | None:
    return waitlist.read_session(tx, session)


@pytest.mark.postgres
def test_without_the_lock_two_get_the_same_seat(postgres_ready_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    session = run(postgres_ready_url, plan, 1)
    engine = sqlalchemy.create_engine(postgres_ready_url.replace("postgresql:", "postgresql+psycopg:"))
    monkeypatch.setattr(registrations, "lock", only_read)
    with engine.connect() as first, engine.connect() as second:
        outcomes = [
            register(Tx(connection, "postgresql"), session, person, "uk", NOW, TERMS)
            for connection, person in ((first, ANNA), (second, ANNA + 1))
        ]
        first.commit()
        second.commit()
    engine.dispose()
    assert outcomes == [Confirmed(), Confirmed()]
    assert run(postgres_ready_url, numbers, session) == {"confirmed": 2}  # for one seat


@pytest.mark.postgres
def test_with_the_lock_the_second_waits_for_the_first(postgres_ready_url: str) -> None:
    session = run(postgres_ready_url, plan, 1)
    engine = sqlalchemy.create_engine(postgres_ready_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as first, engine.connect() as second:
        register(Tx(first, "postgresql"), session, ANNA, "uk", NOW, TERMS)
        second.execute(text("SET lock_timeout = '50ms'"))
        with pytest.raises(sqlalchemy.exc.OperationalError, match="lock timeout"):
            register(Tx(second, "postgresql"), session, ANNA + 1, "uk", NOW, TERMS)
        first.commit()
    engine.dispose()


@pytest.mark.postgres
def test_whoever_adds_a_session_waits_for_those_who_take_all(postgres_ready_url: str) -> None:
    series = run(postgres_ready_url, lambda tx: series_of(tx, plan(tx, 1)))
    engine = sqlalchemy.create_engine(postgres_ready_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as first, engine.connect() as second:
        registrations.register_all(Tx(first, "postgresql"), series, ANNA, "uk", NOW, TERMS)
        second.execute(text("SET lock_timeout = '50ms'"))
        new = NewSession(series, NOW + DAY, Wording("Recht", "de"))
        with pytest.raises(sqlalchemy.exc.OperationalError, match="lock timeout"):
            add(Tx(second, "postgresql"), new, NOW, TERMS)  # it would not be told to Anna
        first.commit()
    engine.dispose()


@pytest.mark.postgres
def test_writing_about_a_session_does_not_wait_for_its_lock(postgres_ready_url: str) -> None:
    session = run(postgres_ready_url, plan, 1)
    engine = sqlalchemy.create_engine(postgres_ready_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as first, engine.connect() as second:
        waitlist.lock(Tx(first, "postgresql"), session)
        second.execute(text("SET lock_timeout = '50ms'"))
        queue(Tx(second, "postgresql"), [Notice(ANNA, "reminder", "reminder", NOW, session)])
        second.commit()
    engine.dispose()
    assert run(postgres_ready_url, notices) == [(ANNA, "reminder")]


class Interrupted(Tx):
    """Lets somebody else register between the look at the seats and the entry."""

    def execute(self, statement: Any, parameters: Any = None) -> Any:
        if "INSERT INTO registrations" in statement.text:
            meanwhile = self._connection.engine.connect()
            register(Tx(meanwhile, "sqlite"), parameters["session"], ANNA + 1, "uk", NOW, TERMS)
            meanwhile.close()
        return super().execute(statement, parameters)


def test_without_a_transaction_two_get_the_same_seat_on_sqlite_too(sqlite_ready_url: str) -> None:
    session = run(sqlite_ready_url, plan, 1)
    engine = sqlalchemy.create_engine(sqlite_ready_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        register(Interrupted(connection, "sqlite"), session, ANNA, "uk", NOW, TERMS)
    engine.dispose()
    assert run(sqlite_ready_url, numbers, session) == {"confirmed": 2}


async def test_in_one_transaction_the_second_gets_a_place_in_the_line(sqlite: Database) -> None:
    session = await sqlite.write(plan, 1)
    for person in (ANNA, ANNA + 1):
        await sqlite.write(register, session, person, "uk", NOW, TERMS)
    assert await sqlite.read(numbers, session) == {"confirmed": 1, "waitlisted": 1}
    await sqlite.write(set_capacity, session, 2)
    assert not await sqlite.read(in_order)
