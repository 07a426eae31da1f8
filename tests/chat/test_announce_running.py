"""An announcement on its way: how far it is, stopping, repeating and correcting it, and how it ended."""

import pytest
from announce_dialogues import confirms, control, has, settles, since, step, subscribed
from coordination import REFUSED, THURSDAY, coordinator, planned, put
from town import lines

from bot.chat import announce_running, ticks
from bot.domain.announcements import Audience, Content, Wording
from bot.domain.instants import microseconds
from bot.services.announcements import create

TEXT = "Come to our session about housing on Monday"
BEGINS = "It begins with: Come to our session about…"
STALE = "This button is out of date. Here is how things stand now:"


@pytest.fixture
async def cora(town):
    """A coordinator who speaks English; Anna and Boris have the newsletter on."""
    person = await coordinator(town)
    await person.says("/start")
    await subscribed(town, "Anna", "en")
    await subscribed(town, "Boris", "uk")
    return person


async def sends(cora):
    await cora.says(f"/announce {TEXT}")
    return await confirms(cora)


async def test_the_control_message_becomes_the_progress_and_then_the_end(town, cora):
    assert await sends(cora) == [
        "Announcement under way: 2 people",
        BEGINS,
        "Waiting: 2",
        "English: 1 waiting",
        "Ukrainian: 1 waiting",
        "[Stop sending | announce:1:stop]",
        "[Correct the text | announce:1:correct]",
    ]
    progress = (await cora.last())["message_id"]
    await settles(town)
    ended = [
        "Delivered: 2",
        "English: 1 delivered",
        "Ukrainian: 1 delivered",
        "[Correct the text | announce:1:correct]",
    ]
    seen = {m["message_id"]: lines([m]) for m in await cora.sees()}
    assert seen[progress] == ["Announcement finished: 2 people", BEGINS, *ended]
    assert await has(cora) == ["Announcement finished: 2 people", BEGINS, *ended]
    assert town.select("SELECT progress FROM announcements") == [(None,)]


async def test_what_is_confirmed_behind_others_has_its_numbers_at_once(town, cora):
    house, now = town.running.house, microseconds(town.now)
    await house.database.write(create, Content({"en": Wording("First")}), Audience(), None, now, now)
    assert (await sends(cora))[:3] == ["Announcement under way: 2 people", BEGINS, "Waiting: 2"]


async def test_progress_is_written_again_every_five_seconds_at_most(town, cora):
    await sends(cora)
    before = await cora.sees()
    await town.delivers()
    town.passes(seconds=4)
    await announce_running.tell(town.running.house)
    assert (await cora.sees())[: len(before)] == before
    town.passes(seconds=1)
    await announce_running.tell(town.running.house)
    assert (await cora.sees())[: len(before)] != before


async def test_a_blocked_author_stops_nothing(town, cora):
    await sends(cora)
    await town.happens({"user": cora.user, "block": True})
    await settles(town)
    for name in ("Anna", "Boris"):
        assert (await town.person(name).last())["text"].startswith(TEXT)
    assert town.select("SELECT state FROM announcements") == [("finished",)]
    assert town.select("SELECT state FROM outbox WHERE kind = 'summary'") == [("blocked",)]


async def test_an_author_who_lost_the_role_reads_no_further_numbers(town, cora):
    await sends(cora)
    before = await cora.sees()
    town.running.house.coordinators = frozenset()
    await settles(town)
    assert (await town.person("Anna").last())["text"].startswith(TEXT)
    assert await cora.sees() == before


async def test_a_progress_message_that_was_deleted_stops_nothing(town, cora):
    await sends(cora)
    await put(town, "UPDATE announcements SET progress = 99999")
    await settles(town)
    assert (await has(cora))[0] == "Announcement finished: 2 people"


async def test_stopping_says_how_many_have_got_it(town, cora):
    await sends(cora)
    await town.fault(method="sendMessage", status=429, retry_after=1, times=1)
    stopped = await cora.presses("Stop sending")
    assert stopped[0] == "Announcement stopped: 0 people had got it."
    assert "Not sent: 2 (stopped, or no longer wanted)" in stopped
    await settles(town)
    for name in ("Anna", "Boris"):
        assert TEXT not in str(await town.person(name).sees())
    again = await cora.forges((await cora.last())["message_id"], "announce:1:stop")
    assert again[:3] == [
        "Everybody has got it already. Nothing was stopped.",
        "",
        "Announcement stopped: 0 people had got it.",
    ]


async def test_stopping_when_all_have_got_it_says_so(town, cora):
    await sends(cora)
    message = (await control_or_progress(cora))["message_id"]
    await settles(town)
    assert (await cora.forges(message, "announce:1:stop"))[:3] == [
        "Everybody has got it already. Nothing was stopped.",
        "",
        "Announcement finished: 2 people",
    ]


async def control_or_progress(person):
    return next(m for m in reversed(await person.sees()) if "announce:" in str(m.get("buttons")))


async def test_the_summary_adds_up_and_only_failed_ones_are_repeated(town, cora):
    chen = await subscribed(town, "Chen", "uk")
    dora = await subscribed(town, "Dora", "uk")
    await town.happens({"user": dora.user, "block": True})
    await put(town, f"UPDATE people SET blocked = FALSE WHERE id = {dora.id}")
    await town.fault(method="sendMessage", status=400, description="Bad Request: no", times=1, chat=chen.id)
    await sends_with(town, cora)
    assert await has(cora) == [
        "Announcement finished: 4 people",
        BEGINS,
        "Delivered: 2",
        "Blocked: 1 (Lotse blocked or chat deleted)",
        "Failed: 1",
        "English: 1 delivered",
        "Ukrainian: 1 delivered, 1 blocked and 1 failed",
        "[Repeat failed ones | announce:1:repeat-1]",
        "[Correct the text | announce:1:correct]",
    ]
    before = {name: await town.person(name).sees() for name in ("Anna", "Boris", "Chen")}
    repeated = await cora.presses("Repeat failed ones")
    assert repeated[0] == "Announcement under way: 4 people"
    again = await cora.forges((await cora.last())["message_id"], "announce:1:repeat-1")
    assert again[0].startswith(("This was done already", "No message has failed"))
    await settles(town)
    assert [len(await since(town.person(name), before[name])) for name in before] == [0, 0, 1]
    assert (await has(cora))[:4] == [
        "Announcement finished: 4 people",
        BEGINS,
        "Delivered: 3",
        "Blocked: 1 (Lotse blocked or chat deleted)",
    ]


async def sends_with(town, cora):
    await cora.says(f"/announce {TEXT}")
    await confirms(cora)
    await settles(town)


async def test_who_lost_the_role_gets_no_summary_and_can_do_nothing(town, cora):
    await sends(cora)
    message = (await cora.last())["message_id"]
    before = await cora.sees()
    town.running.house.coordinators -= {cora.id}
    for _ in range(2):
        await town.delivers()
        await ticks.announce(town.running.house)
    assert await since(cora, before) == []
    for data in ("announce:1:stop", "announce:1:repeat-1", "announce:1:correct", "announce:1:show"):
        assert await cora.forges(message, data) == REFUSED


async def test_a_correction_changes_what_was_sent_and_only_that(town, cora):
    await cora.says(f"/announce {TEXT}")
    await step(cora, "text-uk")
    await cora.replies("Приходьте на зустріч")
    await confirms(cora)
    await settles(town)
    assert await cora.presses("Correct the text") == [
        "Which text should change?",
        "[English | announce:1:correct-en]",
        "[Ukrainian | announce:1:correct-uk]",
    ]
    await cora.presses("English")
    shown = await cora.replies("Come on Tuesday <i>please</i>")
    assert shown == [
        "Come on Tuesday <i>please</i>",
        "[Stop the newsletter | newsletter:off]",
        "--",
        "Preview above. Nothing has been changed yet.",
        "1 message that was sent is changed.",
        "[Correct the text | confirm:4]",
        "[Change nothing | cancel:4]",
    ]
    anna, boris = town.person("Anna"), town.person("Boris")
    before = {person.name: await person.last() for person in (anna, boris)}
    assert await cora.presses("confirm:4") == ["The text is corrected. The messages change within the next minutes."]
    await settles(town)
    after = await anna.last()
    assert (after["message_id"], after["text"]) == (before["Anna"]["message_id"], "Come on Tuesday <i>please</i>")
    assert (await boris.last())["text"] == before["Boris"]["text"]


async def test_two_corrections_from_one_state_are_one(town, cora):
    await sends(cora)
    await settles(town)
    question = (await control_or_progress(cora))["message_id"]
    for words in ("Come on Tuesday to us", "Come on Friday to us"):
        await cora.forges(question, "announce:1:correct")
        await cora.replies(words)
    drafts = [row[0] for row in town.select("SELECT id FROM drafts WHERE step = 'preview' ORDER BY id")]
    await cora.presses(f"confirm:{drafts[1]}")
    assert await cora.presses(f"confirm:{drafts[0]}") == [
        "This announcement was changed in the meantime. Nothing was done."
    ]
    await settles(town)
    assert (await town.person("Anna").last())["text"] == "Come on Friday to us"


async def test_a_correction_that_is_dropped_changes_nothing(town, cora):
    await sends(cora)
    await settles(town)
    await cora.presses("Correct the text")
    await cora.replies("Come on Tuesday to us")
    assert await cora.presses("Change nothing") == ["Nothing was changed."]
    await settles(town)
    assert (await town.person("Anna").last())["text"] == TEXT


async def test_a_correction_that_is_too_long_is_asked_for_again(town, cora):
    await sends(cora)
    await settles(town)
    await cora.presses("Correct the text")
    assert (await cora.replies("x" * 4090))[0].startswith("For readers of ")
    assert (await cora.replies("Come on Tuesday to us"))[0] == "Come on Tuesday to us"


async def test_another_coordinator_sees_how_far_it_is_and_stops_it(town, cora):
    await sends(cora)
    dora = await coordinator(town, "Dora")
    listed = await dora.says("/announce")
    assert listed[0] == "Announcements under way and of the last 30 days"
    assert (await dora.presses("announce:1:show"))[0] == "Announcement under way: 2 people"
    assert (await dora.presses("Stop sending"))[0] == "Announcement stopped: 0 people had got it."


async def test_the_summary_of_a_practice_names_what_was_announced(cora):
    await cora.forges(1, "announce:new:practice-online-series")
    assert (await confirms(cora))[1] == "It begins with: Online-Reihe für Kommunen"


@pytest.mark.parametrize(
    ("card", "begins"), [("session-1", "It begins with: Housing"), ("series-1", "It begins with: Autumn")]
)
async def test_a_mere_card_goes_by_the_title_of_what_it_is_about(town, cora, card, begins):
    await planned(town)
    await cora.forges((await cora.last())["message_id"], f"announce:new:{card}")
    assert (await confirms(cora))[1] == begins
    town.now = THURSDAY  # the card has nothing to show any more
    await settles(town)
    assert (await has(cora))[:2] == ["Announcement finished: 2 people", begins]
    assert f"[{begins.removeprefix('It begins with: ')} | announce:1:show]" in await cora.says("/announce")
    assert (await cora.forges((await cora.last())["message_id"], "announce:1:show"))[1] == begins


async def test_the_practice_card_of_coordinators_announces_it(town, cora):
    await cora.says("/practices")
    shown = await cora.forges((await cora.last())["message_id"], "entry:online-series")
    assert shown[-1] == "[Announce it | announce:new:practice-online-series]"
    anna = town.person("Anna")
    shown = await anna.forges((await anna.last())["message_id"], "entry:online-series")
    assert "announce:" not in "\n".join(shown)


async def test_a_confirmation_that_was_done_but_not_answered_shows_the_list(town, cora):
    await cora.says(f"/announce {TEXT}")
    message = await control(cora)
    await confirms(cora)
    update = {
        "id": "77",
        "from": cora.user,
        "data": "confirm:1",
        "message": {
            "message_id": message["message_id"],
            "chat": {"id": cora.id, "type": "private", "first_name": cora.name},
            "date": 0,
            "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "announce:1:text"}]]},
        },
    }
    await town.raw({"update_id": 10**9, "callback_query": update})
    assert (await has(cora))[:2] == [STALE, "Announcements under way and of the last 30 days"]
    assert town.select("SELECT count(*) FROM announcements") == [(1,)]
