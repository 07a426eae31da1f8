"""Since when entries are there: the first ones always were, later ones from when they were first seen."""

from __future__ import annotations

import asyncio

from bot.domain.instants import DAY
from bot.services.novelties import between, note
from bot.store.database import Database

NOW = 20_000 * DAY
FOREVER = 40_000 * DAY


async def test_the_first_entries_are_not_new(database: Database) -> None:
    assert await database.write(note, ["a", "b"], NOW) == 0
    assert await database.read(between, 0, FOREVER) == {}


async def test_later_ones_are_and_once(database: Database) -> None:
    await database.write(note, ["a"], NOW)
    assert await database.write(note, ["a", "c", "b"], NOW + 1) == 2
    assert await database.write(note, ["a", "c", "b"], NOW + 2) == 0
    assert await database.read(between, 0, FOREVER) == {"b": NOW + 1, "c": NOW + 1}


async def test_what_comes_back_is_not_new(database: Database) -> None:
    await database.write(note, ["a", "b"], NOW)
    await database.write(note, ["a"], NOW + 1)
    assert await database.write(note, ["a", "b"], NOW + 2) == 0


async def test_the_time_between_begins_after_one_instant_and_includes_the_other(database: Database) -> None:
    await database.write(note, ["a"], NOW)
    for number, name in enumerate("bcd", 1):
        await database.write(note, [name], NOW + number)
    assert await database.read(between, NOW + 1, NOW + 2) == {"c": NOW + 2}


async def test_an_empty_knowledge_comes_first(database: Database) -> None:
    assert await database.write(note, [], NOW) == 0
    assert await database.write(note, ["a"], NOW + 1) == 0


async def test_many_at_once_note_the_same(database: Database) -> None:
    await database.write(note, ["a"], NOW)
    counted = await asyncio.gather(*(database.write(note, ["a", "b", "c"], NOW + 1) for _ in range(8)))
    assert sum(counted) == 2
    assert await database.read(between, 0, FOREVER) == {"b": NOW + 1, "c": NOW + 1}
