"""Reminders: who gets which, when the bot was down, the session moved, or the seat came late."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from bot.domain.instants import DAY, HOUR, MINUTE, SECOND, microseconds
from bot.domain.plan import NewSession, Wording
from bot.domain.terms import Terms
from bot.services.programme import add, add_series, cancel, move, set_join_url
from bot.services.registrations import leave, register
from bot.services.reminders import is_due, queue_due, warn_of_missing_links
from bot.services.settings import choose_reminders
from bot.store.database import Database
from bot.store.tx import Tx

BERLIN = ZoneInfo("Europe/Berlin")
TERMS = Terms()
ANNA, BORYS, CELAL = 5_000_000_007, 8, 9


def berlin(wall: str) -> int:
    return microseconds(datetime.fromisoformat(wall).replace(tzinfo=BERLIN))


START = berlin("2026-12-03 10:00")
LONG_AGO = START - 60 * DAY


class Programme:
    """A series over a database, and a tick; what it queues is told by person."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def session(self, starts: int = START, now: int = LONG_AGO, **more: object) -> int:
        def added(tx: Tx) -> int:
            series = add_series(tx, "Reihe", {}, now)
            title = f"Session of {starts} {len(tx.execute(text('SELECT id FROM sessions')))}"
            return add(tx, NewSession(series, starts, Wording(title, "de"), **more), now, TERMS)

        return await self.database.write(added)

    async def registered(self, session: int, *people: int, now: int = LONG_AGO) -> None:
        for person in people:
            await self.database.write(register, session, person, "de", now, TERMS)

    async def tick(self, now: int, terms: Terms = TERMS) -> list[tuple[int, str]]:
        """The person and the name of what this tick queued."""
        before = {row[0] for row in await self.queued()}
        many = await self.database.write(queue_due, now, terms)
        new = [row for row in await self.queued() if row[0] not in before]
        assert len(new) == many
        return sorted((person, dedup) for _, person, dedup in new)

    async def queued(self) -> list[tuple[int, int, str]]:
        statement = text("SELECT id, person, dedup FROM outbox WHERE kind = 'reminder' ORDER BY person, id")
        return [tuple(row) for row in await self.database.read(lambda tx: tx.execute(statement))]

    async def rules(self, *times: int) -> list[str]:
        """The rules of what is queued by ticks at these times, in their order."""
        return [dedup.split(":")[2] for now in times for _, dedup in await self.tick(now)]


@pytest.fixture
async def programme(database: Database) -> Programme:
    return Programme(database)


async def test_each_rule_in_its_time_and_once(programme: Programme) -> None:
    session = await programme.session()
    await programme.registered(session, ANNA)
    due = [START - 7 * DAY, START - DAY, START - HOUR]
    for before, rule in zip(due, ("7d", "1d", "1h"), strict=True):
        assert await programme.tick(before - 1) == []
        assert await programme.tick(before) == [(ANNA, f"reminder:{session}:{rule}:1")]
        assert await programme.tick(before + SECOND) == []
    assert await programme.tick(START) == []


async def test_a_reminder_says_what_it_is_about_and_ends_with_the_start(programme: Programme) -> None:
    session = await programme.session()
    await programme.registered(session, ANNA)
    await programme.tick(START - HOUR + SECOND)
    rows = await programme.database.read(
        lambda tx: tx.execute(text("SELECT session, parameters, priority, due, expires FROM outbox"))
    )
    assert [tuple(row) for row in rows] == [(session, '{"rule": "1h", "version": 1}', 5, START - HOUR, START)]


async def test_only_confirmed_people_are_reminded(programme: Programme) -> None:
    session = await programme.session(capacity=1)
    await programme.registered(session, ANNA, BORYS)
    assert [person for person, _ in await programme.tick(START - DAY)] == [ANNA]
    await programme.database.write(leave, session, ANNA, START - 2 * HOUR, TERMS)
    assert [person for person, _ in await programme.tick(START - HOUR)] == [BORYS]


async def test_guests_are_not_reminded(programme: Programme) -> None:
    session = await programme.session()

    def guest(tx: Tx) -> None:
        tx.execute(text("INSERT INTO guests (id, email, name) VALUES (1, 'g@example.org', 'G')"))
        tx.execute(
            text(
                "INSERT INTO registrations (session, guest, state, line, confirmed_at, created) "
                "VALUES (:session, 1, 'confirmed', 1, 0, 0)"
            ),
            {"session": session},
        )

    await programme.database.write(guest)
    assert await programme.tick(START - HOUR) == []


async def test_of_several_that_were_missed_the_nearest_at_once(programme: Programme) -> None:
    session = await programme.session()
    await programme.registered(session, ANNA)
    await programme.tick(START - 8 * DAY)
    assert await programme.rules(START - HOUR + MINUTE, START - MINUTE) == ["1h"]


async def test_after_the_start_nothing_that_was_missed(programme: Programme) -> None:
    session = await programme.session()
    await programme.registered(session, ANNA)
    await programme.tick(START - 8 * DAY)
    assert await programme.rules(START, START + HOUR) == []


async def test_who_got_a_seat_later_is_not_reminded_of_what_had_passed(programme: Programme) -> None:
    session = await programme.session()
    await programme.tick(START - 8 * DAY)
    await programme.registered(session, ANNA, now=START - DAY)
    await programme.registered(session, BORYS, now=START - DAY + 1)
    assert await programme.tick(START - DAY + 2) == [(ANNA, f"reminder:{session}:1d:1")]
    assert await programme.rules(START - HOUR) == ["1h", "1h"]


async def test_a_seat_after_the_nearest_missed_rule_brings_back_no_older_one(programme: Programme) -> None:
    session = await programme.session()
    await programme.tick(START - 8 * DAY)
    await programme.registered(session, ANNA, now=START - 30 * MINUTE)
    assert await programme.rules(START - 20 * MINUTE) == []


async def test_a_moved_session_has_its_rules_again_but_none_that_had_passed(programme: Programme) -> None:
    session = await programme.session()
    await programme.registered(session, ANNA)
    assert await programme.rules(START - 7 * DAY, START - DAY) == ["7d", "1d"]
    later = START + 3 * DAY
    await programme.database.write(move, session, later, 150, START - HOUR - 1, TERMS)
    assert await programme.tick(START - HOUR) == []
    assert await programme.tick(later - DAY) == [(ANNA, f"reminder:{session}:1d:2")]
    soon = later - 20 * HOUR
    await programme.database.write(move, session, soon, 150, later - DAY + 1, TERMS)
    assert await programme.rules(later - DAY + 2, soon - HOUR) == ["1h"]


async def test_a_cancelled_session_reminds_nobody(programme: Programme) -> None:
    session = await programme.session()
    await programme.registered(session, ANNA)
    await programme.database.write(cancel, session, START - 2 * DAY, TERMS)
    assert await programme.rules(START - DAY, START - HOUR) == []


async def test_who_chose_rules_of_their_own_gets_those_and_who_chose_none_gets_none(programme: Programme) -> None:
    session = await programme.session()
    await programme.registered(session, ANNA, BORYS, CELAL)
    await programme.database.write(choose_reminders, ANNA, "2h,30m", "de", LONG_AGO)
    await programme.database.write(choose_reminders, BORYS, "", "de", LONG_AGO)
    assert await programme.tick(START - DAY) == [(CELAL, f"reminder:{session}:1d:1")]
    assert await programme.tick(START - 2 * HOUR) == [(ANNA, f"reminder:{session}:2h:1")]
    assert await programme.tick(START - HOUR) == [(CELAL, f"reminder:{session}:1h:1")]
    assert await programme.tick(START - 30 * MINUTE) == [(ANNA, f"reminder:{session}:30m:1")]


async def test_without_rules_only_own_ones_are_followed(programme: Programme) -> None:
    session = await programme.session()
    await programme.registered(session, ANNA, BORYS)
    await programme.database.write(choose_reminders, ANNA, "1h", "de", LONG_AGO)
    assert await programme.tick(START - HOUR, Terms(reminders="")) == [(ANNA, f"reminder:{session}:1h:1")]


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-10-25 10:00", ["2026-10-18 10:00", "2026-10-24 10:00", "2026-10-25 09:00"]),
        ("2026-10-26 02:30", ["2026-10-19 02:30", "2026-10-25 02:30 later", "2026-10-26 01:30"]),
        ("2026-11-01 02:30", ["2026-10-25 02:30 later", "2026-10-31 02:30", "2026-11-01 01:30"]),
        ("2026-10-25 03:30", ["2026-10-18 03:30", "2026-10-24 03:30", "2026-10-25 02:30 later"]),
        ("2027-03-28 10:00", ["2027-03-21 10:00", "2027-03-27 10:00", "2027-03-28 09:00"]),
        ("2027-03-29 02:30", ["2027-03-22 02:30", "2027-03-28 03:30", "2027-03-29 01:30"]),
        ("2027-04-04 02:30", ["2027-03-28 03:30", "2027-04-03 02:30", "2027-04-04 01:30"]),
        ("2027-03-28 03:30", ["2027-03-21 03:30", "2027-03-27 03:30", "2027-03-28 01:30"]),
    ],
)
async def test_on_the_nights_when_clocks_change(programme: Programme, start: str, due: list[str]) -> None:
    starts = berlin(start)
    session = await programme.session(starts, now=starts - 60 * DAY)
    await programme.registered(session, ANNA, now=starts - 60 * DAY)
    for written, rule in zip(due, ("7d", "1d", "1h"), strict=True):
        wall, later, _ = written.partition(" later")
        at = berlin(wall) + (HOUR if later else 0)
        assert await programme.tick(at - 1) == []
        assert await programme.tick(at) == [(ANNA, f"reminder:{session}:{rule}:1")]


async def test_the_look_before_says_whether_there_is_anything(programme: Programme) -> None:
    session = await programme.session()
    await programme.registered(session, ANNA)
    await programme.tick(START - DAY - 30 * SECOND)
    assert not await programme.database.read(is_due, START - DAY - SECOND, TERMS)
    assert await programme.database.read(is_due, START - DAY, TERMS)
    await programme.tick(START - DAY)
    assert not await programme.database.read(is_due, START - DAY + 59 * SECOND, TERMS)
    assert await programme.database.read(is_due, START - DAY + MINUTE, TERMS)


async def test_a_clock_that_goes_back_reminds_nobody_twice(programme: Programme) -> None:
    session = await programme.session()
    await programme.registered(session, ANNA)
    assert await programme.rules(START - HOUR, START - 2 * HOUR, START - HOUR, START - MINUTE) == ["1h"]


async def test_a_person_is_reminded_of_each_of_two_sessions(programme: Programme) -> None:
    first, second = await programme.session(), await programme.session(START + MINUTE)
    for session in (first, second):
        await programme.registered(session, ANNA)
    assert await programme.tick(START - DAY + MINUTE) == [
        (ANNA, f"reminder:{first}:1d:1"),
        (ANNA, f"reminder:{second}:1d:1"),
    ]


async def warned(programme: Programme, now: int, *coordinators: int) -> list[tuple[int, str]]:
    """The warnings that were queued by this tick."""
    statement = text("SELECT person, dedup FROM outbox WHERE kind = 'no_link' ORDER BY id")
    before = await programme.database.read(lambda tx: tx.execute(statement))
    many = await programme.database.write(warn_of_missing_links, coordinators, now)
    after = [tuple(row) for row in await programme.database.read(lambda tx: tx.execute(statement))]
    assert len(after) - len(before) == many
    return sorted(after[len(before) :])


async def test_coordinators_hear_once_of_a_session_without_a_link_a_day_before(programme: Programme) -> None:
    session = await programme.session()
    await programme.registered(session, ANNA)
    await programme.database.write(lambda tx: tx.execute(text("UPDATE people SET role = 'coordinator'")))
    assert await warned(programme, START - DAY - 1, BORYS) == []
    assert await warned(programme, START - DAY, BORYS) == [
        (BORYS, f"no_link:{session}:1"),
        (ANNA, f"no_link:{session}:1"),
    ]
    assert await warned(programme, START - HOUR, ANNA, BORYS) == []
    await programme.database.write(move, session, START + HOUR, 150, START - HOUR, TERMS)
    assert len(await warned(programme, START - HOUR, BORYS)) == 2
    assert await warned(programme, START + HOUR, CELAL) == []


async def test_nobody_is_warned_of_a_session_that_has_a_link_or_was_cancelled(programme: Programme) -> None:
    linked, cancelled = await programme.session(), await programme.session(START + MINUTE)
    await programme.database.write(set_join_url, linked, "https://meet.example.org/x", LONG_AGO)
    await programme.database.write(cancel, cancelled, LONG_AGO, TERMS)
    assert await warned(programme, START - HOUR, ANNA) == []
