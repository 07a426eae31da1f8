"""Announcements on their way, in pieces: what a kill between two of them leaves, and when it is over."""

from __future__ import annotations

import pytest
from announcing import (
    CHIEF,
    GROUP,
    TOMORROW,
    Reader,
    announce,
    announced,
    claimed,
    draft_of_correction,
    go_on,
    group,
    know,
    queued,
    send,
    states,
    tally,
    town,
)
from seating import NOW
from sqlalchemy import text

from bot.domain.announcements import Audience
from bot.services.announcements import advance, announcement, cancel, correct, is_advancing, repeat
from bot.store.database import Database
from bot.store.outbox import Outcome, begin, settle

PEOPLE = range(1, 8)


@pytest.fixture(autouse=True)
async def _town(database: Database) -> None:
    await database.write(town, PEOPLE)


def rows(tx):
    found = tx.execute(
        text("SELECT person, dedup, kind, announcement, priority, due, parameters FROM outbox ORDER BY id")
    )
    return [tuple(row) for row in found]


async def test_each_piece_goes_on_where_the_last_one_was_stored(database: Database) -> None:
    id_ = await database.write(announce)
    for reached in ([1, 2, 3], [1, 2, 3, 4, 5, 6], [*PEOPLE]):
        assert await database.read(is_advancing, NOW)
        assert await database.write(advance, NOW, (), "de", 3)
        assert list(await database.read(states, id_)) == reached
    assert (await database.read(announcement, id_)).state == "sending"
    assert not await database.read(is_advancing, NOW)
    assert not await database.write(advance, NOW, (), "de", 3)


async def test_a_row_says_what_it_is(database: Database) -> None:
    id_ = await database.write(announced, None, TOMORROW)
    assert (await database.read(rows))[0] == (1, f"announcement:{id_}", "announcement", id_, 7, TOMORROW, "{}")


async def test_groups_come_with_the_first_piece_and_once(database: Database) -> None:
    await database.write(group)
    id_ = await database.write(announce, Audience(chats=(GROUP,)))
    await database.write(advance, NOW, (), "de", 3)
    assert list(await database.read(states, id_)) == [GROUP, 1, 2, 3]
    await database.write(go_on)
    assert await database.read(tally, id_) == {"waiting": 8}


async def test_a_piece_is_bounded_by_whom_it_looks_at(database: Database) -> None:
    await database.write(know, Reader(8, "uk"))
    id_ = await database.write(announce, Audience(language="uk"))
    assert await database.write(go_on, NOW, 3) == 4  # nine people, and whether there are more
    assert await database.read(states, id_) == {8: "waiting"}


async def test_who_subscribes_after_it_was_queued_is_not_in_the_audience(database: Database) -> None:
    id_ = await database.write(announced, None, TOMORROW)
    await database.write(know, Reader(8, "de"))
    await database.write(go_on, TOMORROW)
    assert 8 not in await database.read(states, id_)


async def test_it_ends_when_the_last_message_has_ended(database: Database) -> None:
    id_ = await database.write(announced)
    await database.write(send, "sent", 6)
    sender, (last,) = await database.write(claimed)
    await database.write(begin, sender, [last.id], 0)
    assert not await database.read(is_advancing, NOW)
    await database.write(settle, sender, [Outcome(last.id, "waiting", attempts=1)])
    assert not await database.read(is_advancing, NOW)
    await database.write(send, "blocked")
    assert await database.read(is_advancing, NOW)
    assert await database.write(go_on) == 1
    assert (await database.read(announcement, id_)).state == "finished"
    assert await database.read(queued, "summary") == [(CHIEF, f"summary:{id_}:1", NOW)]


async def test_before_it_is_due_it_does_not_end(database: Database) -> None:
    id_ = await database.write(announced, Audience("session:9"), TOMORROW)
    assert not await database.read(is_advancing, TOMORROW - 1)
    assert await database.write(go_on, TOMORROW) == 1
    assert (await database.read(announcement, id_)).state == "finished"
    assert await database.read(queued, "summary") == [(CHIEF, f"summary:{id_}:1", TOMORROW)]


async def test_of_what_lotse_announces_by_itself_nobody_gets_a_summary(database: Database) -> None:
    await database.write(announced, None, NOW, None)
    await database.write(send)
    await database.write(go_on)
    assert await database.read(queued, "summary") == []


async def test_what_is_cancelled_ends_once_nothing_is_on_its_way(database: Database) -> None:
    id_ = await database.write(announced)
    sender, (first, *_) = await database.write(claimed, 1)
    await database.write(begin, sender, [first.id], 0)
    await database.write(cancel, id_, CHIEF, (), NOW)
    assert await database.write(go_on, NOW, 2) == 3
    assert await database.read(tally, id_) == {"sending": 1, "dropped": 6}
    assert await database.read(queued, "summary") == []
    await database.write(settle, sender, [Outcome(first.id, "waiting", attempts=1)])
    assert await database.write(go_on) == 2
    assert await database.read(tally, id_) == {"dropped": 7}
    assert await database.read(queued, "summary") == []  # nobody has got it


async def test_corrections_are_queued_in_pieces_from_the_last_to_the_first(database: Database) -> None:
    id_ = await database.write(announced)
    await database.write(send)
    await database.write(correct, await database.write(draft_of_correction, id_), CHIEF, (), NOW)
    corrected = []
    while await database.write(advance, NOW, (), "de", 3):
        corrected.append([who for who, _, _ in await database.read(queued, "correction")])
    assert [len(one) for one in corrected[:3]] == [3, 6, 7]
    assert sorted(corrected[0]) == [5, 6, 7]
    assert (await database.read(announcement, id_)).state == "finished"


async def test_failed_ones_wait_again_in_pieces_and_who_fails_anew_is_not_tried_for_ever(database: Database) -> None:
    id_ = await database.write(announced)
    await database.write(send, "failed")
    await database.write(go_on)
    await database.write(repeat, id_, 1, CHIEF, (), NOW)
    await database.write(advance, NOW, (), "de", 3)
    assert await database.read(tally, id_) == {"waiting": 3, "failed": 4}
    await database.write(send, "failed")
    await database.write(advance, NOW, (), "de", 3)
    assert await database.read(states, id_) == {
        **dict.fromkeys((1, 2, 3), "failed"),
        **dict.fromkeys((4, 5, 6), "waiting"),
        7: "failed",
    }
    await database.write(advance, NOW, (), "de", 3)
    await database.write(send, "failed")
    assert await database.write(go_on) == 1
    assert await database.read(tally, id_) == {"failed": 7}
    assert len(await database.read(queued, "summary")) == 2


async def test_two_announcements_go_on_beside_one_another(database: Database) -> None:
    first, second = await database.write(announce), await database.write(announce)
    await database.write(go_on, NOW, 3)
    assert await database.read(tally, first) == await database.read(tally, second) == {"waiting": 7}
