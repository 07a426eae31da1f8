"""The newsletter of a person: on, off, topics and rhythm, twice as once."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from bot.domain.instants import DAY
from bot.domain.newsletter import Subscription
from bot.domain.terms import Terms
from bot.services.newsletter import (
    choose_every_topic,
    choose_rhythm,
    choose_topic,
    subscribe,
    subscription,
    subscriptions,
    unsubscribe,
)
from bot.services.people import choose_language
from bot.services.privacy import SILENCE, about, erase, forget_silent
from bot.store.database import Database

ANNA, BORYS = 5_000_000_007, 8
NOW = 20_000 * DAY
TERMS = Terms()


async def rows(database: Database, table: str) -> int:
    return int((await database.read(lambda tx: tx.execute(text(f"SELECT COUNT(*) FROM {table}"))))[0][0])


async def test_it_is_on_once_however_often_somebody_turns_it_on(database: Database) -> None:
    assert await database.write(subscribe, ANNA, "uk", NOW) == Subscription((), "weekly", NOW)
    await database.write(choose_rhythm, ANNA, "monthly")
    assert await database.write(subscribe, ANNA, "uk", NOW + DAY) == Subscription((), "monthly", NOW)
    assert await rows(database, "subscriptions") == 1


async def test_many_presses_at_once_turn_it_on_once(database: Database) -> None:
    found = await asyncio.gather(*(database.write(subscribe, ANNA, "uk", NOW) for _ in range(10)))
    assert set(found) == {Subscription((), "weekly", NOW)}


async def test_off_is_off_however_often(database: Database) -> None:
    await database.write(subscribe, ANNA, "uk", NOW)
    for _ in range(2):
        await database.write(unsubscribe, ANNA)
        assert await database.read(subscription, ANNA) is None
    assert await rows(database, "subscriptions") == 0


async def test_topics_are_what_was_wished_twice_as_once(database: Database) -> None:
    await database.write(subscribe, ANNA, None, NOW)

    async def wished(topic: str, *, wanted: bool) -> tuple[str, ...]:
        found = await database.write(choose_topic, ANNA, topic, wanted=wanted)
        assert found is not None
        return found.topics

    for _ in range(2):
        assert await wished("living", wanted=True) == ("living",)
    assert await wished("municipal", wanted=True) == ("living", "municipal")
    for _ in range(2):
        assert await wished("living", wanted=False) == ("municipal",)
    assert await wished("municipal", wanted=False) == ()
    await wished("living", wanted=True)
    assert await database.write(choose_every_topic, ANNA) == Subscription((), "weekly", NOW)


async def test_topics_pressed_at_the_same_time_are_all_kept(database: Database) -> None:
    await database.write(subscribe, ANNA, None, NOW)
    named = {f"topic-{number}" for number in range(8)}
    await asyncio.gather(*(database.write(choose_topic, ANNA, topic, wanted=True) for topic in named))
    found = await database.read(subscription, ANNA)
    assert found is not None
    assert set(found.topics) == named


async def test_choosing_turns_nothing_on(database: Database) -> None:
    await database.write(choose_language, ANNA, "uk", NOW)
    assert await database.write(choose_rhythm, ANNA, "monthly") is None
    assert await database.write(choose_topic, ANNA, "living", wanted=True) is None
    assert await database.write(choose_every_topic, ANNA) is None
    assert await rows(database, "subscriptions") == 0


async def test_a_rhythm_that_does_not_exist_is_not_kept(database: Database) -> None:
    await database.write(subscribe, ANNA, None, NOW)
    with pytest.raises(Exception, match=r"(?i)constraint"):
        await database.write(choose_rhythm, ANNA, "hourly")  # type: ignore[arg-type]


async def test_one_look_finds_those_of_several_people(database: Database) -> None:
    await database.write(subscribe, ANNA, None, NOW)
    assert await database.read(subscriptions, [ANNA, BORYS]) == {ANNA: Subscription((), "weekly", NOW)}


async def test_who_has_it_is_not_forgotten_in_silence_and_who_has_not_is(database: Database) -> None:
    await database.write(subscribe, ANNA, "uk", NOW)
    await database.write(choose_language, BORYS, "uk", NOW)
    later = NOW + (SILENCE.days + 2) * DAY
    assert await database.write(forget_silent, later, TERMS) == 1
    assert (await database.read(about, ANNA))["newsletter"] == {
        "topics": [],
        "rhythm": "weekly",
        "since": "2024-10-04",
    }
    await database.write(unsubscribe, ANNA)
    assert await database.write(forget_silent, later, TERMS) == 1


async def test_erasing_a_person_ends_it(database: Database) -> None:
    await database.write(subscribe, ANNA, "uk", NOW)
    await database.write(subscribe, BORYS, "uk", NOW)
    await database.write(erase, ANNA, NOW, TERMS)
    assert await database.read(subscriptions, [ANNA, BORYS]) == {BORYS: Subscription((), "weekly", NOW)}
    assert await rows(database, "people") == 1
