"""What is counted of questions: by entry for good, by topic and person for a month, and afterwards by number."""

from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from bot.domain.instants import DAY, SECOND, microseconds
from bot.store.database import Database
from bot.store.inbox import Arrived, Finished, beat, finish_all, take_in
from bot.store.tallies import Tally, asked, close, count, finished, forget, month_of, of_person
from bot.store.tx import Tx

NOVEMBER = microseconds(datetime(2026, 11, 25, 10, tzinfo=UTC))
DECEMBER = microseconds(datetime(2026, 12, 1, tzinfo=UTC))
ANNA, BORYS, CARLA = 1001, 1002, 1003


def none(person: int, topic: str = "housing", language: str = "uk") -> Tally:
    return Tally(language, "none", "", topic, person)


def live(tx: Tx) -> list[tuple]:
    """The counts of the months that are not closed: how many people have asked how often."""
    rows = tx.execute(text("SELECT month, language, outcome, topic, asker, count FROM askers"))
    cells = itertools.groupby(sorted(rows), key=lambda row: tuple(row[:4]))
    return [(*cell, sorted(row.count for row in some)) for cell, some in cells]


def hashes(tx: Tx) -> set[str]:
    return {row.asker for row in tx.execute(text("SELECT asker FROM askers"))}


def closed(tx: Tx) -> list[tuple]:
    return [tuple(row) for row in tx.execute(text("SELECT * FROM asked ORDER BY month, language, outcome, topic"))]


def keys(tx: Tx) -> dict[str, str]:
    rows = tx.execute(
        text("SELECT name, value FROM secrets WHERE name LIKE :names ORDER BY name"), {"names": "askers%"}
    )
    return {row.name: row.value for row in rows}


@pytest.mark.parametrize(
    ("instant", "month"), [(NOVEMBER, "2026-11"), (DECEMBER - 1, "2026-11"), (DECEMBER, "2026-12"), (0, "1970-01")]
)
def test_months_are_those_of_utc(instant, month):
    assert month_of(instant) == month


async def test_people_are_told_apart_and_not_kept(database):
    tallies = [none(ANNA), none(ANNA), none(BORYS), none(ANNA, "work"), Tally("de", "urgent", person=CARLA)]
    await database.write(count, tallies, NOVEMBER)
    await database.write(count, [none(ANNA)], NOVEMBER + DAY)
    assert await database.read(live) == [
        ("2026-11", "de", "urgent", "", [1]),
        ("2026-11", "uk", "none", "housing", [1, 3]),
        ("2026-11", "uk", "none", "work", [1]),
    ]
    found = await database.read(hashes)
    assert {len(one) for one in found} == {16}
    assert len(found) == 3
    assert not any(str(person) in one for one in found for person in (ANNA, BORYS, CARLA))


async def test_who_is_not_known_is_counted_by_entry_only(database):
    await database.write(count, [Tally("de", "answer", "recognition")], NOVEMBER)
    assert await database.read(asked) == {"recognition": 1}
    assert (await database.read(live), await database.read(keys)) == ([], {})


async def test_each_month_has_a_key_of_its_own_that_leads_from_nobody_to_nobody(database):
    await database.write(count, [none(ANNA)], NOVEMBER)
    first = await database.read(hashes)
    await database.write(count, [none(ANNA)], DECEMBER)
    both = await database.read(hashes)
    assert (len(first), len(both)) == (1, 2)
    kept = await database.read(keys)
    assert list(kept) == ["askers:2026-11", "askers:2026-12"]
    assert len(set(kept.values())) == 2
    assert {len(value) for value in kept.values()} == {64}


async def test_the_key_of_another_database_gives_other_hashes(sqlite, postgres_ready_url):
    other = Database(postgres_ready_url)
    await other.open()
    for database in (sqlite, other):
        await database.write(count, [none(ANNA)], NOVEMBER)
    assert (await sqlite.read(hashes)).isdisjoint(await other.read(hashes))
    await other.close()


async def test_a_closed_month_is_numbers_without_key_and_hashes(database):
    await database.write(count, [none(ANNA), none(ANNA), none(BORYS), none(CARLA, "work")], NOVEMBER)
    await database.write(count, [none(ANNA)], DECEMBER)
    assert await database.read(finished, NOVEMBER) == []
    assert await database.read(finished, DECEMBER) == ["2026-11"]
    await database.write(close, "2026-11")
    await database.write(close, "2026-11")
    assert await database.read(closed) == [
        ("2026-11", "uk", "none", "housing", 2, 3),
        ("2026-11", "uk", "none", "work", 1, 1),
    ]
    assert await database.read(live) == [("2026-12", "uk", "none", "housing", [1])]
    assert list(await database.read(keys)) == ["askers:2026-12"]
    assert await database.read(finished, DECEMBER) == []


async def test_what_comes_after_the_end_adds_to_the_count_and_never_makes_more_people_of_the_same(database):
    await database.write(count, [none(one) for one in range(1, 5)], NOVEMBER)
    await database.write(close, "2026-11")
    late = [none(1), none(1), none(9, "work")]
    await database.write(count, late, DECEMBER - SECOND)
    assert await database.read(finished, DECEMBER) == ["2026-11"]
    await database.write(close, "2026-11")
    assert await database.read(closed) == [
        ("2026-11", "uk", "none", "housing", 4, 6),
        ("2026-11", "uk", "none", "work", 1, 1),
    ]


async def test_two_who_close_a_month_while_others_count_lose_and_double_nothing(database):
    """Whatever runs first, the closed numbers and the rest are all that was counted."""
    for person in range(20):
        await database.write(count, [none(person)], NOVEMBER)
    writes = [database.write(count, [none(person)], NOVEMBER) for person in range(20, 60)]
    closing = [database.write(close, "2026-11") for _ in range(6)]
    work = [*writes[:20], *closing[:3], *writes[20:], *closing[3:]]
    await asyncio.gather(*work)
    await database.write(close, "2026-11")
    ((month, *_, many),) = await database.read(closed)
    assert (month, many) == ("2026-11", 60)
    assert (await database.read(live), await database.read(keys)) == ([], {})


async def test_who_is_forgotten_leaves_the_counts_and_cannot_be_found_in_them(database):
    await database.write(count, [none(ANNA), none(ANNA, "work"), none(BORYS)], NOVEMBER)
    before = await database.read(hashes)
    assert await database.read(of_person, ANNA) == [
        {"month": "2026-11", "language": "uk", "outcome": "none", "topic": "housing", "count": 1},
        {"month": "2026-11", "language": "uk", "outcome": "none", "topic": "work", "count": 1},
    ]
    await database.write(forget, ANNA)
    after = await database.read(hashes)
    assert (len(after), len(after & before)) == (2, 1)
    assert await database.read(of_person, ANNA) == []
    assert await database.read(live) == [
        ("2026-11", "uk", "none", "housing", [1, 1]),
        ("2026-11", "uk", "none", "work", [1]),
    ]


async def test_forgetting_somebody_before_anything_was_counted_does_nothing(database):
    await database.write(forget, ANNA)
    assert (await database.read(live), await database.read(keys), await database.read(of_person, ANNA)) == ([], {}, [])


async def test_an_update_that_was_handled_twice_counts_once(database):
    await database.write(beat, "one", NOVEMBER + 1)
    await database.write(take_in, 7, "one", [Arrived(1, ANNA, ANNA, "uk", "{}")], NOVEMBER)
    for _ in range(2):
        await database.write(finish_all, 7, [Finished(1, none(ANNA))], NOVEMBER)
    assert await database.read(live) == [("2026-11", "uk", "none", "housing", [1])]
