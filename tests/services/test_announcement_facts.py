"""What the present says about a message of an announcement at the moment when it goes out."""

from __future__ import annotations

import pytest
from announcing import (
    CHIEF,
    GROUP,
    TOMORROW,
    Reader,
    announced,
    claimed,
    draft_of_correction,
    go_on,
    group,
    know,
    send,
    town,
)
from seating import NOW
from sqlalchemy import text

from bot.domain.announcements import Audience
from bot.services.announcements import announcement, cancel, correct
from bot.services.newsletter import unsubscribe
from bot.services.notices import gather
from bot.store.database import Database
from bot.store.outbox import Claimed, Notice, queue

ANNA, BORIS, CLARA = 5_000_000_001, 2, 3


@pytest.fixture(autouse=True)
async def _town(database: Database) -> None:
    await database.write(town, [ANNA, BORIS, CLARA])


async def facts_of(database: Database, coordinators=()):
    """The facts of everything that is due, by person."""
    _, found = await database.write(claimed)
    facts = await database.read(gather, found, NOW, coordinators)
    return {one.person: facts[one.id] for one in found}


async def entitled(database: Database, coordinators=()):
    return {who: one.entitled for who, one in (await facts_of(database, coordinators)).items()}


async def test_the_announcement_comes_as_it_is_now(database: Database) -> None:
    id_ = await database.write(announced)
    await database.write(correct, await database.write(draft_of_correction, id_), CHIEF, (), NOW)
    facts = await facts_of(database)
    assert [one.announcement for one in facts.values()] == [await database.read(announcement, id_)] * 3
    assert facts[ANNA].announcement.version == 2


async def test_who_has_left_the_newsletter_is_in_its_audience_no_more(database: Database) -> None:
    await database.write(announced)
    await database.write(unsubscribe, BORIS)
    assert await entitled(database) == {ANNA: True, BORIS: False, CLARA: True}


async def test_who_reads_another_language_by_now_still_gets_it(database: Database) -> None:
    await database.write(announced, Audience(language="de"))
    await database.write(lambda tx: tx.execute(text("UPDATE people SET language = 'uk' WHERE id = 2")))
    assert await entitled(database) == {ANNA: True, BORIS: True, CLARA: True}


async def test_coordinators_get_it_while_they_are_coordinators(database: Database) -> None:
    await database.write(know, Reader(9, role="coordinator", topics=None), Reader(8, role="coordinator", topics=None))
    await database.write(announced, Audience("coordinators"))
    await database.write(know, Reader(9, topics=None), Reader(8, topics=None))
    assert await entitled(database, (8,)) == {CHIEF: True, 9: False, 8: True}


async def test_a_coordinator_of_whom_nothing_is_stored_gets_it(database: Database) -> None:
    def coordinators_only(tx):
        made = announced(tx, Audience("coordinators"), TOMORROW)
        tx.execute(text("UPDATE announcements SET state = 'queueing', reached = 0 WHERE id = :id"), {"id": made})
        go_on(tx, coordinators=(77,))
        tx.execute(text("UPDATE outbox SET due = :now"), {"now": NOW})

    await database.write(coordinators_only)
    assert await entitled(database, (77,)) == {CHIEF: True, 77: True}


async def test_a_group_gets_it_while_it_is_linked(database: Database) -> None:
    await database.write(group, GROUP, "uk")
    await database.write(announced, Audience("session:9", chats=(GROUP,)))
    facts = await facts_of(database)
    assert (facts[GROUP].entitled, facts[GROUP].chosen) == (True, "uk")
    await database.write(lambda tx: tx.execute(text("UPDATE chats SET linked = FALSE")))
    assert await entitled(database) == {GROUP: False}


async def test_a_correction_knows_the_message_that_it_corrects(database: Database) -> None:
    id_ = await database.write(announced)
    await database.write(send, lambda one: "sent" if one.person == BORIS else "failed", 2)  # Boris and Clara
    corrections = [Claimed(n, n, "correction", None, {}, NOW, None, 0, 0, id_) for n in (BORIS, CLARA, ANNA, 9)]
    facts = await database.read(gather, corrections, NOW)
    assert {who: (one.sent, one.underway) for who, one in facts.items()} == {
        BORIS: (7_001, False),
        CLARA: (0, False),
        ANNA: (0, True),  # it may still come
        9: (0, False),
    }


async def test_a_stopped_one_says_so(database: Database) -> None:
    id_ = await database.write(announced)
    await database.write(cancel, id_, CHIEF, (), NOW)
    assert {one.announcement.state for one in (await facts_of(database)).values()} == {"cancelled"}


async def test_a_summary_of_what_is_gone_has_nothing_to_say(database: Database) -> None:
    await database.write(queue, [Notice(ANNA, "summary", "summary:1:1", NOW, announcement=1)])
    ((_, facts),) = (await facts_of(database)).items()
    assert (facts.announcement, facts.sent, facts.underway) == (None, 0, False)
