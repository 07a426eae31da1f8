"""Several coordinators and several processes at once: each act is done once, and nobody is forgotten or told twice."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable

import pytest
from announcing import (
    CHIEF,
    Reader,
    announce,
    announced,
    draft,
    draft_of_correction,
    fence,
    go_on,
    know,
    queued,
    send,
    states,
    tally,
    town,
)
from seating import NOW
from sqlalchemy import text

from bot.chat.outgoing import Letters, claim_with_facts
from bot.domain.terms import Terms
from bot.services.announcement_progress import due_to_tell, show_progress
from bot.services.announcements import (
    Cancelled,
    Confirmed,
    Corrected,
    Refused,
    Repeated,
    advance,
    announcement,
    cancel,
    confirm,
    correct,
    is_advancing,
    recent,
    repeat,
)
from bot.services.privacy import erase
from bot.services.roles import role
from bot.store.database import Database
from bot.store.tx import Tx

PEOPLE = range(1, 41)
OTHER = 4_700_002  # another coordinator


@pytest.fixture
async def processes(database: Database, database_url: str) -> AsyncIterator[list[Database]]:
    """Two on one database, and a town with two coordinators."""
    await database.write(town, PEOPLE)
    await database.write(know, Reader(OTHER, role="coordinator", topics=None))
    second = Database(database_url)
    await second.open()
    yield [database, second]
    await second.close()


async def at_once(*acts: Awaitable[object]) -> list[object]:
    return list(await asyncio.gather(*acts))


async def work(database: Database, most: int) -> None:
    """What a tick does, whoever else does it."""
    while await database.read(is_advancing, NOW):
        await database.write(advance, NOW, (), "de", most)


async def test_a_draft_that_is_confirmed_eight_times_is_one_announcement(processes: list[Database]) -> None:
    made = await processes[0].write(draft)
    came = await at_once(*(one.write(confirm, made, CHIEF, (), NOW) for one in processes * 4))
    assert sorted(came, key=repr) == [Confirmed(1, NOW), *[Refused("gone")] * 7]
    assert len(await processes[0].read(recent, NOW)) == 1


async def test_two_processes_queue_everybody_once(processes: list[Database]) -> None:
    first, second = [await processes[0].write(announce) for _ in range(2)]
    await at_once(*(work(one, 3) for one in processes))
    for id_ in (first, second):
        assert await processes[0].read(states, id_) == dict.fromkeys(PEOPLE, "waiting")


async def test_of_several_who_correct_or_repeat_the_same_one_is_heard(processes: list[Database]) -> None:
    id_ = await processes[0].write(announced)
    await processes[0].write(send, lambda one: "failed" if one.person < 11 else "sent")
    await processes[0].write(go_on)
    drafts = [await processes[0].write(draft_of_correction, id_) for _ in range(6)]
    corrected = await at_once(
        *(processes[number % 2].write(correct, one, CHIEF, (), NOW) for number, one in enumerate(drafts))
    )
    assert sorted(corrected, key=repr) == [Corrected(id_, 2), *[Refused("outdated")] * 5]
    pressed = [one.write(repeat, id_, 1, who, (), NOW) for one in processes for who in (CHIEF, OTHER) * 2]
    repeated = await at_once(*pressed, *(work(one, 3) for one in processes))
    assert sorted(repeated[:8], key=repr) == [*[Refused("outdated")] * 7, Repeated(id_, 2)]
    await at_once(*(work(one, 3) for one in processes))
    assert await processes[0].read(tally, id_) == {"waiting": 10, "sent": 30}
    assert sorted(who for who, _, _ in await processes[0].read(queued, "correction")) == list(range(11, 41))


async def test_stopped_while_it_is_queued_and_claimed_nothing_goes_out(processes: list[Database]) -> None:
    id_ = await processes[0].write(announced)
    another = await processes[0].write(announce)
    sender = await processes[0].write(fence)
    letters, *came = await at_once(
        processes[0].write(claim_with_facts, sender, NOW, 20, ()),
        *(one.write(cancel, id_, who, (), NOW) for one in processes for who in (CHIEF, OTHER)),
        *(work(one, 3) for one in processes),
    )
    assert came[:4].count(Cancelled(id_)) == 1
    assert came[:4].count(Refused("over")) == 3
    await work(processes[0], 100)
    held = {one.person for one, facts in letters if facts.announcement.state != "cancelled"}
    found = await processes[0].read(states, id_)
    assert {found[person] for person in held} <= {"dropped"}  # what seemed to hold when it was claimed was taken back
    assert await processes[0].read(tally, another) == {"waiting": 40}


async def test_who_is_erased_while_it_is_queued_or_corrected_leaves_no_row(processes: list[Database]) -> None:
    first = await processes[0].write(announced)
    await processes[0].write(send)
    await processes[0].write(announce)
    made = await processes[0].write(draft_of_correction, first)
    await at_once(
        processes[0].write(correct, made, CHIEF, (), NOW),
        *(work(one, 2) for one in processes),
        *(processes[person % 2].write(erase, person, NOW, Terms()) for person in PEOPLE[::2]),
    )
    await work(processes[0], 100)
    for kind in ("announcement", "correction"):
        left = {who for who, _, _ in await processes[0].read(queued, kind)}
        assert left <= {*PEOPLE[1::2]}, kind


async def test_one_process_writes_how_far_it_is(processes: list[Database]) -> None:
    id_ = await processes[0].write(announced)
    await processes[0].write(show_progress, id_, 77, NOW)
    told = await at_once(*(one.write(due_to_tell, NOW + 5_000_000) for one in processes * 3))
    assert sorted(len(one) for one in told) == [0, 0, 0, 0, 0, 1]


async def test_whose_role_is_taken_at_the_same_moment_has_done_it_before_or_not_at_all(
    processes: list[Database],
) -> None:
    made = await processes[0].write(draft)
    came, _ = await at_once(
        processes[0].write(confirm, made, CHIEF, (), NOW), processes[1].write(know, Reader(CHIEF, topics=None))
    )
    assert came in (Confirmed(1, NOW), Refused("role"))
    assert await processes[0].read(role, CHIEF) is None
    assert (await processes[0].read(announcement, 1) is not None) is isinstance(came, Confirmed)


@pytest.mark.postgres
async def test_who_stops_it_waits_for_a_sender_that_is_just_claiming(postgres: Database) -> None:
    await postgres.write(town, PEOPLE)
    id_ = await postgres.write(announced)
    sender = await postgres.write(fence)
    has_claimed, may_end = threading.Event(), threading.Event()

    def claims(tx: Tx) -> Letters | None:
        letters = claim_with_facts(tx, sender, NOW, 5, ())
        has_claimed.set()
        may_end.wait(10)
        return letters

    claiming = asyncio.create_task(postgres.write(claims))
    await asyncio.to_thread(has_claimed.wait, 10)
    stopping = asyncio.create_task(postgres.write(cancel, id_, CHIEF, (), NOW))
    while not stopping.done() and not await postgres.read(somebody_waits):
        pass
    may_end.set()
    letters = await claiming
    assert await stopping == Cancelled(id_)
    found = await postgres.read(states, id_)
    assert [facts.announcement.state for _, facts in letters] == ["sending"] * 5
    assert [found[one.person] for one, _ in letters] == ["dropped"] * 5


def somebody_waits(tx: Tx) -> bool:
    return bool(tx.execute(text("SELECT 1 FROM pg_locks WHERE NOT granted")))
