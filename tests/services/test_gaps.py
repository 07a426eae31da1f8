"""The monthly message about gaps: when, to whom, once, and never with nothing in it."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from bot.domain.instants import microseconds, moment
from bot.services.asked import Asked, close_months
from bot.services.gaps import due_month, for_months, is_due, queue_due
from bot.services.people import know
from bot.store.outbox import Claimed, claim, elect
from bot.store.tallies import Tally, count
from bot.store.tx import Tx

BERLIN = "Europe/Berlin"
CARLA, DORIS, ANNA = 3001, 3002, 3003
NOVEMBER = microseconds(datetime(2026, 11, 25, 10, tzinfo=UTC))


def at(local: str, zone: str = BERLIN) -> int:
    return microseconds(datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC))


@pytest.mark.parametrize(
    ("local", "month"),
    [
        ("2026-12-01 08:59:59", None),  # a Tuesday
        ("2026-12-01 09:00", "2026-11"),
        ("2026-12-01 19:59:59", "2026-11"),
        ("2026-12-01 20:00", None),
        ("2026-12-02 07:59:59", None),
        ("2026-12-02 08:00", "2026-11"),
        ("2026-12-31 12:00", "2026-11"),
        ("2027-01-01 12:00", None),  # a holiday
        ("2027-01-03 12:00", None),  # a Sunday
        ("2027-01-04 08:59", None),
        ("2027-01-04 09:00", "2026-12"),
        ("2026-05-01 12:00", None),  # a holiday, then a weekend
        ("2026-05-04 09:00", "2026-04"),
        ("2026-11-02 09:00", "2026-10"),  # All Saints' Day was a Sunday
        ("2027-11-01 12:00", None),  # and is a Monday here
        ("2027-11-02 09:00", "2027-10"),
    ],
)
def test_it_is_told_from_nine_on_the_first_working_day_by_day_only(local, month):
    assert due_month(at(local), BERLIN) == month


def test_where_the_clocks_are_far_ahead_the_month_in_utc_is_waited_for():
    zone = "Pacific/Auckland"  # 13 hours ahead in December
    assert due_month(at("2026-12-01 12:59", zone), zone) is None
    assert due_month(at("2026-12-01 13:00", zone), zone) == "2026-11"


@given(
    st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2035-12-31")),
    st.sampled_from([BERLIN, "UTC", "America/New_York"]),
)
def test_whenever_it_is_told_it_is_day_and_the_month_before_on_or_after_a_working_day(when, zone):
    now = microseconds(when.replace(tzinfo=UTC))
    month, here = due_month(now, zone), moment(now, zone)
    if month is not None:
        assert month == (here.date().replace(day=1) - timedelta(days=1)).isoformat()[:7]
        assert 8 <= here.hour < 20
        days = (date(here.year, here.month, day).weekday() for day in range(1, here.day + 1))
        assert any(day < 5 for day in days)
    elif here.day > 7:
        assert not 8 <= here.hour < 20


def ask(tx: Tx, people: int, now: int = NOVEMBER) -> None:
    count(tx, [Tally("uk", "none", "", "housing", person) for person in range(people)], now)


def with_role(tx: Tx, person: int, role: str) -> None:
    know(tx, person, "de", NOVEMBER)
    tx.execute(text("UPDATE people SET role = :role WHERE id = :id"), {"id": person, "role": role})


def queued(tx: Tx) -> list[tuple]:
    rows = tx.execute(
        text("SELECT person, kind, dedup, parameters, priority, due, expires FROM outbox ORDER BY person")
    )
    return [tuple(row) for row in rows]


def states(tx: Tx) -> list:
    return tx.execute(text("SELECT state FROM outbox"))


MORNING = at("2026-12-01 09:00")


async def test_every_coordinator_hears_of_it_once_however_many_processes_and_days_there_are(database):
    await database.write(ask, 5)
    await database.write(with_role, CARLA, "coordinator")
    await database.write(with_role, ANNA, "staff")
    assert await database.read(is_due, MORNING - 1, BERLIN) is False
    assert await database.read(is_due, MORNING, BERLIN) is True
    told = [database.write(queue_due, {DORIS}, MORNING, BERLIN) for _ in range(4)]
    await asyncio.gather(*told)
    assert await database.read(is_due, MORNING, BERLIN) is False
    await database.write(queue_due, {DORIS}, at("2026-12-09 10:00"), BERLIN)
    what = ("gaps", "gaps:2026-11", '{"month": "2026-11"}', 7, MORNING, at("2027-01-01 00:00"))
    assert await database.read(queued) == [(CARLA, *what), (DORIS, *what)]


async def test_what_was_missed_comes_later_in_the_month_and_not_in_the_next(database):
    await database.write(ask, 5)
    await database.write(with_role, CARLA, "coordinator")
    late = at("2026-12-29 08:00")
    await database.write(queue_due, (), late - 1, BERLIN)
    assert await database.read(queued) == []
    assert await database.read(is_due, late, BERLIN) is True
    await database.write(queue_due, (), late, BERLIN)
    assert [(row[0], row[2], row[5]) for row in await database.read(queued)] == [(CARLA, "gaps:2026-11", late)]
    await database.write(queue_due, (), at("2027-01-04 09:00"), BERLIN)
    assert len(await database.read(queued)) == 1  # nothing was asked in December


async def test_down_for_a_month_means_that_only_the_newest_is_told(database):
    await database.write(ask, 5)
    await database.write(ask, 6, at("2026-12-10 12:00"))
    await database.write(with_role, CARLA, "coordinator")
    await database.write(queue_due, (), at("2027-01-04 09:00"), BERLIN)
    assert [row[2] for row in await database.read(queued)] == ["gaps:2026-12"]


@pytest.mark.parametrize("people", [0, 4])
async def test_nothing_to_show_is_no_message_and_not_looked_for_again(database, people):
    await database.write(ask, people)
    await database.write(queue_due, {DORIS}, MORNING, BERLIN)
    assert await database.read(queued) == []
    assert await database.read(is_due, MORNING, BERLIN) is False
    assert await database.read(is_due, at("2027-01-04 09:00"), BERLIN) is True


async def test_nobody_to_tell_is_no_error(database):
    await database.write(ask, 5)
    await database.write(queue_due, (), MORNING, BERLIN)
    assert await database.read(queued) == []


async def test_what_is_read_at_sending_is_the_same_whether_the_month_is_closed_or_not(database):
    await database.write(ask, 5)
    await database.write(queue_due, {CARLA, DORIS}, MORNING, BERLIN)

    def read(tx: Tx) -> dict[int, tuple[Asked, ...]]:
        rows = tx.execute(text("SELECT id, person, parameters FROM outbox ORDER BY id"))
        mine = [Claimed(row.id, row.person, "gaps", None, {"month": "2026-11"}, 0, None, 0, 0) for row in rows]
        return for_months(tx, mine)

    before = await database.read(read)
    assert list(before.values()) == [(Asked("uk", "none", "housing", 5),)] * 2
    await database.write(close_months, MORNING)
    assert await database.read(read) == before


async def test_it_is_claimed_like_any_other_and_not_after_the_month(database):
    await database.write(ask, 5)
    await database.write(queue_due, {DORIS}, MORNING, BERLIN)

    def claimed(tx: Tx, now: int) -> list[tuple[int, dict]]:
        lease = elect(tx, "test", now)
        return [(one.person, one.parameters) for one in claim(tx, lease.fence, now, 10)]

    assert await database.write(claimed, at("2027-01-01 00:00")) == []
    assert [row.state for row in await database.read(states)] == ["dropped"]
