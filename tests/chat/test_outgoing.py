"""Announcements and their corrections on the way to a real Bot API, by the sender."""

from __future__ import annotations

from datetime import timedelta

import pytest
from announcing import CHIEF, Reader, announce, draft_of_correction, go_on, group, know, states
from post import posting
from sqlalchemy import text

from bot.chat.outgoing import write
from bot.domain.announcements import Announcement, Audience, Content, Wording
from bot.domain.instants import SECOND, microseconds
from bot.services.announcements import announcement, cancel, correct, create
from bot.services.deliveries import deliveries
from bot.services.newsletter import unsubscribe
from bot.services.notices import Facts
from bot.store.outbox import Claimed, Outcome

ANNA, BORYS, CELAL, GROUP = 2001, 2002, 2003, -1001
CONTENT = Content({"de": Wording("Der erste Text"), "en": Wording("The first text")})


@pytest.fixture
async def post(database):
    """Three people with the newsletter, a coordinator, and everybody has a chat with the bot."""
    async with posting(database) as opened:
        for person in (ANNA, BORYS, CELAL, CHIEF):
            opened.sandbox.state.current.open_chat(person, "private", {"first_name": "P"})
        await database.write(know, Reader(CHIEF, role="coordinator", topics=None))
        await database.write(know, *(Reader(person, "en") for person in (ANNA, BORYS, CELAL)))
        yield opened


def now(post):
    return microseconds(post.now)


async def announces(post):
    """An announcement to all of them; its id."""
    id_ = await post.database.write(create, CONTENT, Audience(), CHIEF, None, now(post))
    await post.database.write(go_on, now(post))
    return id_


async def corrects(post, id_, words="The second text"):
    made = await post.database.write(draft_of_correction, id_, 1, Content({"en": Wording(words)}))
    came = await post.database.write(correct, made, CHIEF, (), now(post))
    await post.database.write(go_on, now(post))
    return came


async def test_it_goes_to_who_is_still_in_the_audience(post):
    id_ = await announces(post)
    await post.database.write(unsubscribe, BORYS)
    await post.goes_out()
    assert (post.got(ANNA), post.got(BORYS), post.got(CELAL)) == (["The first text"], [], ["The first text"])
    assert await post.database.read(states, id_) == {ANNA: "sent", BORYS: "dropped", CELAL: "sent"}


async def test_who_is_known_to_have_blocked_the_bot_is_not_written_to(post):
    id_ = await announces(post)
    await post.database.write(lambda tx: tx.execute(text("UPDATE people SET blocked = TRUE WHERE id = 2002")))
    await post.goes_out()
    assert post.got(BORYS) == []
    assert await post.database.read(states, id_) == {ANNA: "sent", BORYS: "blocked", CELAL: "sent"}


async def test_nothing_goes_out_of_what_was_stopped(post):
    id_ = await announces(post)
    await post.database.write(cancel, id_, CHIEF, (), now(post))
    await post.goes_out()  # before a tick has dropped the rows
    assert post.got(ANNA) == []
    assert await post.database.read(states, id_) == dict.fromkeys((ANNA, BORYS, CELAL), "dropped")


async def test_a_correction_takes_the_place_of_what_was_sent(post):
    id_ = await announces(post)
    await post.goes_out()
    await corrects(post, id_)
    await post.goes_out()
    assert [post.got(person) for person in (ANNA, BORYS, CELAL)] == [["The second text"]] * 3
    assert await post.database.read(states, id_, "correction") == dict.fromkeys((ANNA, BORYS, CELAL), "sent")
    report = await post.database.read(deliveries, now(post))
    assert (report["announcement"]["sent"], report["notice"]["sent"]) == (3, 1)  # the summary is the notice
    assert (await post.database.read(announcement, id_)).state == "finished"


async def test_who_waits_gets_the_corrected_text_at_once(post):
    id_ = await announces(post)
    await corrects(post, id_)
    await post.goes_out()
    assert post.got(ANNA) == ["The second text"]
    assert await post.database.read(states, id_, "correction") == {}


async def test_who_has_left_the_newsletter_still_gets_what_they_have_corrected(post):
    id_ = await announces(post)
    await post.goes_out()
    await post.database.write(unsubscribe, ANNA)
    await corrects(post, id_)
    await post.goes_out()
    assert post.got(ANNA) == ["The second text"]


async def test_what_stands_there_already_counts_as_corrected(post):
    id_ = await announces(post)
    await post.goes_out()
    await corrects(post, id_, "The first text")
    await post.goes_out()
    assert await post.database.read(states, id_, "correction") == dict.fromkeys((ANNA, BORYS, CELAL), "sent")


async def test_a_linked_group_gets_it_in_its_language(post):
    post.sandbox.state.current.open_chat(GROUP, "group", {"title": "Gruppe"})
    await post.database.write(group, GROUP, "de")
    id_ = await post.database.write(announce, Audience("session:9", chats=(GROUP,)), now(post))
    await post.database.write(go_on, now(post))
    await post.goes_out()
    assert post.got(GROUP) == ["Hallo"]
    assert await post.database.read(states, id_) == {GROUP: "sent"}


async def test_a_correction_waits_five_seconds_for_what_it_corrects_and_is_dropped_where_that_did_not_come(post):
    moment = now(post)
    given = Announcement(1, CHIEF, "sending", CONTENT, Audience(), moment)
    row = Claimed(9, ANNA, "correction", None, {}, moment, None, 0, 0, 1)
    async with post.sender() as sender:
        house = sender._house
        waits = write(house, row, Facts(moment, announcement=given, underway=True, blocked=True))
        gone = write(house, row, Facts(moment, announcement=given))
        sent = write(house, row, Facts(moment, announcement=given, sent=77))
        unknown = write(house, Claimed(9, ANNA, "announcement", None, {}, moment, None, 0, 0, 1), Facts(moment))
    assert waits == Outcome(9, "waiting", due=moment + 5 * SECOND)
    assert gone == Outcome(9, "dropped")
    assert (sent.edits, sent.message.html.split("\n")[0]) == (77, "Der erste Text")
    assert unknown == Outcome(9, "dropped")


async def test_a_correction_finds_a_message_whose_sending_has_just_ended(post):
    id_ = await announces(post)
    await post.fault(delay_ms=300, times=3)
    async with post.sender() as sender:
        await sender.deliver()  # all three are on their way, the answers are not there
        await corrects(post, id_)
        await sender.settled()
    post.now += timedelta(seconds=6)
    await post.goes_out()
    assert post.got(ANNA) == ["The second text"]
