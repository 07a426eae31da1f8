"""What coordinators do with announcements: each act once, with the rights of that moment."""

from __future__ import annotations

from dataclasses import replace

import pytest
from announcing import (
    CHIEF,
    GROUP,
    HALLO,
    TOMORROW,
    Reader,
    acts,
    announce,
    announced,
    claimed,
    draft,
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

from bot.domain.announcements import Announcement, Audience, Content, Wording
from bot.services import announcements as service
from bot.services.announcements import (
    Cancelled,
    Confirmed,
    Corrected,
    Refused,
    Repeated,
    announcement,
    cancel,
    confirm,
    correct,
    create,
    recent,
    repeat,
)
from bot.services.drafts import look, start
from bot.store.database import Database
from bot.store.outbox import begin

ANNA, BORIS, CLARA = 5_000_000_001, 2, 3
DAY = 86_400_000_000


@pytest.fixture(autouse=True)
async def _town(database: Database) -> None:
    await database.write(town, [ANNA, BORIS, CLARA])


async def test_a_confirmed_draft_is_an_announcement_of_now(database: Database) -> None:
    made = await database.write(draft)
    assert await database.write(confirm, made, CHIEF, (), NOW) == Confirmed(1, NOW)
    assert await database.read(announcement, 1) == Announcement(1, CHIEF, "queueing", HALLO, Audience(), NOW)
    assert await database.read(acts) == [("coordinator", CHIEF, "announcement confirmed", "announcement 1")]
    assert await database.read(look, made, CHIEF, NOW) is None


async def test_it_is_sent_when_it_is_due(database: Database) -> None:
    content = Content(
        {"de": Wording("<b>Hallo</b>", "ein Bild"), "uk": Wording("Привіт")}, photo="AgAC", card="session:3"
    )
    audience = Audience("session:3", "staff", "work", "uk", "landkreis", "at-once", chats=(GROUP,))
    await database.write(group)
    made = await database.write(draft, content, audience, TOMORROW)
    assert await database.write(confirm, made, CHIEF, (), NOW) == Confirmed(1, TOMORROW)
    assert await database.read(announcement, 1) == Announcement(1, CHIEF, "queueing", content, audience, TOMORROW)


async def test_a_second_press_makes_no_second_one(database: Database) -> None:
    made = await database.write(draft)
    await database.write(confirm, made, CHIEF, (), NOW)
    assert await database.write(confirm, made, CHIEF, (), NOW) == Refused("gone")
    assert len(await database.read(recent, NOW)) == 1


async def test_a_draft_of_another_or_of_something_else_is_gone(database: Database) -> None:
    made = await database.write(draft)
    assert await database.write(confirm, made, ANNA, (ANNA,), NOW) == Refused("gone")
    assert await database.write(confirm, made + 1, CHIEF, (), NOW) == Refused("gone")
    other = await database.write(start, CHIEF, "correct", {}, NOW)
    assert await database.write(confirm, other, CHIEF, (), NOW) == Refused("gone")
    assert await database.write(confirm, made, CHIEF, (), NOW + DAY) == Refused("gone")  # it has expired
    assert await database.read(recent, NOW) == []


async def test_who_lost_the_role_announces_nothing(database: Database) -> None:
    made = await database.write(draft)
    await database.write(know, Reader(CHIEF, topics=None))
    assert await database.write(confirm, made, CHIEF, (), NOW) == Refused("role")
    assert await database.read(acts) == []
    assert await database.write(confirm, made, CHIEF, (CHIEF,), NOW) == Confirmed(1, NOW)  # set by the operator


async def test_a_time_in_the_past_is_refused_and_the_draft_stays(database: Database) -> None:
    made = await database.write(draft, HALLO, None, NOW - 1)
    assert await database.write(confirm, made, CHIEF, (), NOW) == Refused("past")
    assert await database.read(look, made, CHIEF, NOW) is not None
    on_time = await database.write(draft, HALLO, None, NOW)
    assert await database.write(confirm, on_time, CHIEF, (), NOW) == Confirmed(1, NOW)


async def test_an_audience_of_nobody_is_refused_and_the_draft_stays(database: Database) -> None:
    made = await database.write(draft, HALLO, Audience(language="uk"))
    assert await database.write(confirm, made, CHIEF, (), NOW) == Refused("nobody")
    assert await database.read(look, made, CHIEF, NOW) is not None
    await database.write(know, Reader(4, "uk"))
    assert await database.write(confirm, made, CHIEF, (), NOW) == Confirmed(1, NOW)


@pytest.mark.parametrize(("linked", "came"), [(True, Confirmed(1, NOW)), (False, Refused("nobody"))])
async def test_a_linked_group_alone_is_somebody(database: Database, linked: bool, came: object) -> None:  # noqa: FBT001
    await database.write(group, linked=linked)
    made = await database.write(draft, HALLO, Audience("session:9", chats=(GROUP,)))
    assert await database.write(confirm, made, CHIEF, (), NOW) == came


async def test_a_coordinator_of_whom_nothing_is_stored_is_somebody(database: Database) -> None:
    made = await database.write(draft, HALLO, Audience("coordinators", language="uk"))
    assert await database.write(confirm, made, CHIEF, (CHIEF,), NOW) == Confirmed(1, NOW)


async def test_one_that_lotse_makes_by_itself_is_made_once(database: Database) -> None:
    given = (HALLO, Audience(), None, NOW, NOW, "new:3")
    assert await database.write(create, *given) == 1
    assert await database.write(create, *given) is None
    assert await database.write(create, HALLO, Audience(), None, None, NOW, "new:4") is not None
    assert [one.author for one in await database.read(recent, NOW)] == [None, None]


async def test_cancelling_stops_it_for_everybody_who_has_not_got_it(database: Database) -> None:
    id_ = await database.write(announced)
    await database.write(send, "sent", 1)
    assert await database.write(cancel, id_, CHIEF, (), NOW) == Cancelled(id_)
    await database.write(go_on)
    assert await database.read(states, id_) == {BORIS: "sent", CLARA: "dropped", ANNA: "dropped"}
    assert (await database.read(announcement, id_)).state == "cancelled"
    assert await database.read(acts) == [("coordinator", CHIEF, "announcement cancelled", f"announcement {id_}")]
    assert [who for who, _, _ in await database.read(queued, "summary")] == [CHIEF]
    assert await database.write(send) == [(CHIEF, "summary")]


async def test_of_what_a_sender_has_in_its_hands_only_what_is_on_its_way_arrives(database: Database) -> None:
    id_ = await database.write(announced)
    sender, (first, *others) = await database.write(claimed)
    await database.write(begin, sender, [first.id], 0)
    await database.write(cancel, id_, CHIEF, (), NOW)
    assert await database.write(begin, sender, [one.id for one in others], 0) == set()
    assert await database.read(states, id_) == {BORIS: "sending", CLARA: "dropped", ANNA: "dropped"}


async def test_cancelled_while_it_is_queued_nobody_more_is_queued(database: Database) -> None:
    id_ = await database.write(announce)
    await database.write(service.advance, NOW, (), "de", 1)
    await database.write(cancel, id_, CHIEF, (), NOW)
    await database.write(go_on)
    assert await database.read(states, id_) == {BORIS: "dropped"}
    assert await database.read(queued, "summary") == []  # who stopped it knows


async def test_what_everybody_has_got_cannot_be_cancelled(database: Database) -> None:
    id_ = await database.write(announced)
    await database.write(send)
    assert await database.write(cancel, id_, CHIEF, (), NOW) == Refused("over")  # before that was noticed, too
    await database.write(go_on)
    assert await database.write(cancel, id_, CHIEF, (), NOW) == Refused("over")
    assert (await database.read(announcement, id_)).state == "finished"
    assert await database.write(cancel, id_ + 1, CHIEF, (), NOW) == Refused("gone")


async def test_who_is_no_coordinator_cancels_corrects_and_repeats_nothing(database: Database) -> None:
    id_ = await database.write(announced)
    made = await database.write(draft_of_correction, id_)
    await database.write(send, "failed")
    await database.write(know, Reader(CHIEF, topics=None))
    assert await database.write(cancel, id_, CHIEF, (), NOW) == Refused("role")
    assert await database.write(correct, made, CHIEF, (), NOW) == Refused("role")
    assert await database.write(repeat, id_, 1, CHIEF, (), NOW) == Refused("role")
    assert await database.read(acts) == []


async def test_a_correction_changes_the_texts_and_nothing_else(database: Database) -> None:
    before = Content({"de": Wording("Alt")}, photo="AgAC", card="session:3")
    id_ = await database.write(create, before, Audience(), CHIEF, NOW, NOW)
    wished = Content({"de": Wording("Neu", "ein Haus"), "en": Wording("New")}, document="BQAC")
    made = await database.write(draft_of_correction, id_, 1, wished)
    assert await database.write(correct, made, CHIEF, (), NOW) == Corrected(id_, 2)
    found = await database.read(announcement, id_)
    assert (found.version, found.content) == (2, replace(before, texts=wished.texts))
    assert await database.read(acts) == [("coordinator", CHIEF, "announcement corrected", f"announcement {id_}")]


async def test_who_got_it_gets_a_correction_and_who_waits_does_not(database: Database) -> None:
    id_ = await database.write(announced)
    await database.write(send, lambda one: "failed" if one.person == CLARA else "sent", 2)
    await database.write(correct, await database.write(draft_of_correction, id_), CHIEF, (), NOW)
    await database.write(go_on)
    assert await database.read(queued, "correction") == [(BORIS, f"correction:{id_}:2", NOW)]
    assert await database.read(states, id_) == {BORIS: "sent", CLARA: "failed", ANNA: "waiting"}


async def test_who_may_just_be_getting_it_gets_a_correction(database: Database) -> None:
    id_ = await database.write(announced)
    sender, (first, *_) = await database.write(claimed, 2)
    await database.write(begin, sender, [first.id], 0)
    await database.write(correct, await database.write(draft_of_correction, id_), CHIEF, (), NOW)
    assert {who for who, _, _ in await database.read(queued, "correction")} == {BORIS, CLARA}


async def test_a_second_correction_waits_for_nobody_whom_the_first_has_not_reached(database: Database) -> None:
    id_ = await database.write(announced)
    await database.write(send)
    await database.write(correct, await database.write(draft_of_correction, id_), CHIEF, (), NOW)
    await database.write(go_on)  # ends it, too
    await database.write(send, "sent", 1)  # the summary
    ((who, kind),) = await database.write(send, "sent", 1)
    assert kind == "correction"
    await database.write(correct, await database.write(draft_of_correction, id_, 2), CHIEF, (), NOW)
    await database.write(go_on)
    named = [(one, name) for one, name, _ in await database.read(queued, "correction")]
    assert sorted(named) == sorted(
        [*((one, f"correction:{id_}:2") for one in (ANNA, BORIS, CLARA)), (who, f"correction:{id_}:3")]
    )


async def test_a_correction_of_what_somebody_else_has_corrected_is_refused(database: Database) -> None:
    id_ = await database.write(announced)
    one, other = await database.write(draft_of_correction, id_), await database.write(draft_of_correction, id_)
    await database.write(correct, one, CHIEF, (), NOW)
    assert await database.write(correct, other, CHIEF, (), NOW) == Refused("outdated")
    assert await database.write(correct, one, CHIEF, (), NOW) == Refused("gone")
    of_nothing = await database.write(draft_of_correction, id_ + 1)
    assert await database.write(correct, of_nothing, CHIEF, (), NOW) == Refused("gone")
    assert (await database.read(announcement, id_)).version == 2


async def test_only_failed_ones_are_repeated(database: Database) -> None:
    id_ = await database.write(announced)
    fates = {ANNA: "failed", BORIS: "unconfirmed", CLARA: "sent"}
    await database.write(send, lambda one: fates[one.person])
    await database.write(go_on)
    assert await database.write(repeat, id_, 1, CHIEF, (), NOW + 5) == Repeated(id_, 2)
    await database.write(go_on, NOW + 5)
    assert await database.read(states, id_) == fates | {ANNA: "waiting"}
    assert (await database.read(announcement, id_)).state == "sending"
    assert (ANNA, "announcement") in await database.write(send, now=NOW + 5)
    await database.write(go_on, NOW + 5)
    assert await database.read(tally, id_) == {"sent": 2, "unconfirmed": 1}
    assert [name for _, name, _ in await database.read(queued, "summary")] == [f"summary:{id_}:1", f"summary:{id_}:2"]
    assert await database.read(acts) == [("coordinator", CHIEF, "announcement repeated", f"announcement {id_}")]


async def test_repeating_is_done_once_and_only_when_it_is_over(database: Database) -> None:
    id_ = await database.write(announced)
    assert await database.write(repeat, id_, 1, CHIEF, (), NOW) == Refused("outdated")
    await database.write(send, "failed")
    await database.write(go_on)
    assert await database.write(repeat, id_, 1, CHIEF, (), NOW) == Repeated(id_, 2)
    assert await database.write(repeat, id_, 1, CHIEF, (), NOW) == Refused("outdated")
    assert await database.write(repeat, id_, 2, CHIEF, (), NOW) == Refused("outdated")
    assert await database.write(repeat, id_ + 1, 1, CHIEF, (), NOW) == Refused("gone")
    await database.write(go_on)
    await database.write(send)
    await database.write(go_on)
    assert await database.write(repeat, id_, 2, CHIEF, (), NOW) == Refused("nobody")


async def test_recent_ones_are_those_that_run_or_are_to_come_or_ended_within_30_days(database: Database) -> None:
    ended = await database.write(announced)
    await database.write(send)
    await database.write(go_on)
    running, coming = await database.write(announced), await database.write(announced, None, TOMORROW)
    assert [one.id for one in await database.read(recent, NOW + 30 * DAY - 1)] == [coming, running, ended]
    assert [one.id for one in await database.read(recent, NOW + 30 * DAY)] == [coming, running]
    assert await database.read(announcement, coming + 1) is None
