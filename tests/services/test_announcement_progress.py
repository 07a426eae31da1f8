"""How far an announcement is, in numbers that add up."""

from __future__ import annotations

import pytest
from announcing import CHIEF, GROUP, TOMORROW, Reader, announced, claimed, go_on, group, know, send
from seating import NOW

from bot.domain.announcements import Audience
from bot.domain.instants import SECOND
from bot.services.announcement_progress import Progress, Shown, due_to_tell, is_to_tell, progress, show_progress
from bot.store.database import Database
from bot.store.outbox import begin

FATES = ["sent", "sent", "blocked", "failed", "unconfirmed", "dropped"]


@pytest.fixture(autouse=True)
async def _readers(database: Database) -> None:
    await database.write(
        know,
        Reader(CHIEF, role="coordinator", topics=None),
        *(Reader(number, "uk") for number in range(1, 7)),
        Reader(7, None, "fr-CA"),
        Reader(8),
        Reader(9, "de", "en"),
    )


async def test_nothing_is_known_of_none(database: Database) -> None:
    assert await database.read(progress, 1, "de") == Progress()


async def test_the_parts_add_up_by_language_and_what_is_on_its_way_waits(database: Database) -> None:
    await database.write(group, GROUP, "en")
    id_ = await database.write(announced, Audience(chats=(GROUP,)))
    fates = {GROUP: "sent", **dict(enumerate(FATES, 1))}
    await database.write(send, lambda one: fates[one.person], 7)
    sender, (first, *_) = await database.write(claimed, 2)
    await database.write(begin, sender, [first.id], 0)
    found = await database.read(progress, id_, "de")
    assert found.languages == {
        "de": {"waiting": 2},
        "en": {"sent": 1},
        "fr": {"waiting": 1},
        "uk": {"sent": 2, "blocked": 1, "failed": 1, "unconfirmed": 1, "dropped": 1},
    }
    parts = ("waiting", "sent", "blocked", "failed", "unconfirmed", "dropped")
    assert [found.total(part) for part in parts] == [3, 3, 1, 1, 1, 1]
    assert (found.people, found.chats) == (10, 1)
    assert found.people_by_language() == {"de": 2, "en": 1, "fr": 1, "uk": 6}


async def test_the_message_about_it_is_written_every_five_seconds_and_once_more_at_the_end(database: Database) -> None:
    id_ = await database.write(announced)
    assert not await database.read(is_to_tell, NOW + 9 * SECOND)
    await database.write(show_progress, id_, 77, NOW)
    shown = [Shown(id_, CHIEF, 77)]
    assert not await database.read(is_to_tell, NOW + 5 * SECOND - 1)
    assert await database.write(due_to_tell, NOW + 5 * SECOND - 1) == []
    assert await database.read(is_to_tell, NOW + 5 * SECOND)
    assert await database.write(due_to_tell, NOW + 5 * SECOND) == shown
    assert await database.write(due_to_tell, NOW + 5 * SECOND) == []
    await database.write(send)
    await database.write(go_on, NOW + 5 * SECOND)
    assert await database.write(due_to_tell, NOW + 10 * SECOND) == shown
    assert await database.write(due_to_tell, NOW + 60 * SECOND) == []
    assert not await database.read(is_to_tell, NOW + 60 * SECOND)


async def test_what_is_to_come_is_told_when_it_has_begun(database: Database) -> None:
    id_ = await database.write(announced, None, TOMORROW)
    await database.write(show_progress, id_, 77, NOW)
    assert not await database.read(is_to_tell, TOMORROW - 1)
    assert await database.write(due_to_tell, TOMORROW) == [Shown(id_, CHIEF, 77)]


async def test_nothing_is_told_of_what_lotse_announces_by_itself(database: Database) -> None:
    id_ = await database.write(announced, None, NOW, None)
    await database.write(show_progress, id_, 77, NOW)
    assert await database.write(due_to_tell, NOW + 9 * SECOND) == []
