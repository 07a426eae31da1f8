"""What is left of announcements and other messages after 90 days: counts, and that there were some."""

from __future__ import annotations

import pytest
from announcing import CHIEF, announced, go_on, send, states, town
from seating import NOW, plan
from sqlalchemy import text

from bot.domain.announcements import Content
from bot.domain.instants import DAY
from bot.domain.terms import Terms
from bot.services.announcement_retention import MOST, forget
from bot.services.announcements import announcement, show_progress
from bot.services.deliveries import deliveries
from bot.services.privacy import about, erase
from bot.store.database import Database
from bot.store.outbox import Notice, queue

OVER = NOW + 90 * DAY


@pytest.fixture(autouse=True)
async def _town(database: Database) -> None:
    await database.write(town, [1, 2, 3])


async def clean(database: Database, now: int) -> int:
    pieces = 0
    while await database.write(forget, now):
        pieces += 1
    return pieces


def kinds(tx):
    return [tuple(row) for row in tx.execute(text("SELECT person, kind, state FROM outbox ORDER BY id"))]


async def test_90_days_after_its_end_an_announcement_is_empty_and_its_counts_stay(database: Database) -> None:
    id_ = await database.write(announced)
    await database.write(send, lambda one: ("sent", "blocked", "dropped")[one.person - 1])
    await database.write(go_on)
    await database.write(send)  # the summary
    before = await database.read(deliveries, OVER)
    assert await clean(database, OVER - 1) == 0
    assert len(await database.read(states, id_)) == 3
    assert await clean(database, OVER) == 2
    assert await database.read(kinds) == []
    assert await database.read(deliveries, OVER) == before
    found = await database.read(announcement, id_)
    assert (found.state, found.content) == ("finished", Content({}))
    assert await clean(database, OVER + 99 * DAY) == 0


async def test_an_announcement_that_goes_on_keeps_its_rows(database: Database) -> None:
    id_ = await database.write(announced)
    await database.write(send, "sent", 2)
    assert await clean(database, OVER + 9 * DAY) == 0
    assert await database.read(states, id_) == {1: "sent", 2: "sent", 3: "waiting"}


async def test_of_other_messages_those_of_sessions_and_those_that_wait_stay(database: Database) -> None:
    session = await database.write(plan)
    await database.write(
        queue,
        [
            Notice(1, "reminder", "a", NOW, session),
            Notice(2, "digest", "b", NOW),
            Notice(3, "correction", "c", NOW, announcement=7),
        ],
    )
    await database.write(send)
    await database.write(queue, [Notice(2, "digest", "later", NOW)])
    before = await database.read(deliveries, OVER)
    assert await clean(database, OVER - 1) == 0
    assert await clean(database, OVER) == 1
    assert await database.read(kinds) == [(1, "reminder", "sent"), (2, "digest", "waiting")]
    assert await database.read(deliveries, OVER) == before
    assert before["notice"] == {"waiting": 1, "sent": 1, "failed": 0, "blocked": 0, "unconfirmed": 0}


async def test_many_are_deleted_in_pieces(database: Database) -> None:
    notices = [Notice(person, "digest", "x", NOW) for person in range(1, MOST + 3)]
    await database.write(queue, notices)
    await database.write(send)
    assert await clean(database, OVER) == 2
    assert await database.read(kinds) == []


async def test_of_an_author_who_is_gone_only_the_announcement_stays(database: Database) -> None:
    id_ = await database.write(announced)
    await database.write(show_progress, id_, 77, NOW)
    told = await database.read(about, CHIEF)
    assert told["announcements"] == [{"texts": {"de": "Hallo"}, "sent": "2026-11-25"}]
    assert "announcements" not in await database.read(about, 1)
    await database.write(erase, CHIEF, NOW, Terms())
    await database.write(send)
    await database.write(go_on)
    found = await database.read(announcement, id_)
    assert (found.author, found.state) == (None, "finished")
    assert {person for person, _, _ in await database.read(kinds)} == {1, 2, 3}


async def test_of_a_reader_who_is_gone_only_the_count_stays(database: Database) -> None:
    id_ = await database.write(announced)
    await database.write(send)
    await database.write(erase, 2, NOW, Terms())
    assert await database.read(states, id_) == {1: "sent", 3: "sent"}
    assert (await database.read(deliveries, NOW))["announcement"]["sent"] == 3
