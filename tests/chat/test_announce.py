"""/announce: a draft, its preview, and everything that can be changed before it is sent; bad input loses nothing."""

from datetime import UTC, datetime

import pytest
from announce_dialogues import confirms, control, draft_of, has, settles, since, step, subscribed
from coordination import REFUSED, coordinator, planned, put
from town import lines

TEXT = "Come to our session about housing on Monday"
STALE = "This button is out of date. Here is how things stand now:"
UNOPENED = "Lotse does not open pictures, files or voice messages. Type the most important sentence."

pytestmark = pytest.mark.usefixtures("calm")


@pytest.fixture
async def cora(town):
    """A coordinator who speaks English, and one subscriber of each of two languages."""
    person = await coordinator(town)
    await subscribed(town, "Anna", "en")
    await subscribed(town, "Boris", "uk")
    return person


def buttons(message):
    return [button["data"] for row in message["buttons"] for button in row]


async def test_a_text_is_shown_as_it_arrives_then_to_whom_it_goes(cora):
    shown = await cora.says(f"/announce {TEXT}")
    last = shown[len(shown) - shown[::-1].index("--") :]
    assert shown[:2] == [TEXT, "[Stop the newsletter | newsletter:off]"]
    assert last == [
        "Preview above. Nothing has been sent yet.",
        "Goes to 2 people with the newsletter: 1 English and 1 Ukrainian",
        "No version of their own, will get the text in English: 1 Ukrainian",
        "Time: now",
        "[Send to 2 | confirm:1]",
        "[Do not send | cancel:1]",
        "[Change text | announce:1:text]",
        "[Other languages | announce:1:languages]",
        "[Picture or file | announce:1:file]",
        "[Change who gets it | announce:1:audience]",
        "[Change time | announce:1:time]",
        "[Groups and channels | announce:1:chats]",
    ]


async def test_without_a_text_it_is_asked_for(cora):
    assert await cora.says("/announce") == [
        "Announcement",
        "Reply with the text. Bold, links and other formatting are kept.",
        "It can also be a picture or a file with the text below it.",
    ]
    assert (await cora.replies(TEXT))[0] == TEXT
    await confirms(cora)
    await cora.says("/announce")
    assert lines([(await cora.sees())[-2]]) == [
        "Announcements under way and of the last 30 days",
        "[Come to our session about… | announce:1:show]",
    ]


async def test_only_coordinators_announce(town):
    olena = town.person("Olena", "en")
    assert await olena.says(f"/announce {TEXT}") == REFUSED
    assert await olena.forges(1, "announce:1:show") == REFUSED
    assert await olena.forges(1, "announce:new:session-1") == REFUSED
    assert town.select("SELECT count(*) FROM drafts") == [(0,)]


async def test_whoever_loses_the_role_cannot_go_on(town, cora):
    await cora.says(f"/announce {TEXT}")
    draft = await control(cora)
    await step(cora, "text")
    town.running.house.coordinators -= {cora.id}
    assert await cora.replies("Another text for everybody") == REFUSED
    for data in ("confirm:1", "cancel:1", "announce:1:audience", "announce:1:file"):
        assert await cora.forges(draft["message_id"], data) == REFUSED
    assert town.select("SELECT count(*) FROM announcements") == [(0,)]


async def test_another_coordinators_draft_is_not_ones_own(town, cora):
    await cora.says(f"/announce {TEXT}")
    dora = await coordinator(town, "Dora")
    await dora.says("/start")
    assert (await dora.forges(2, "announce:1:audience"))[0] == STALE
    await dora.forges(2, "confirm:1")
    assert town.select("SELECT count(*) FROM announcements") == [(0,)]


async def test_two_presses_are_one_announcement(town, cora):
    await cora.says(f"/announce {TEXT}")
    message = (await control(cora))["message_id"]
    await cora.forges(message, "confirm:1")
    again = await cora.forges(message, "confirm:1")
    assert again[:2] == [STALE, "Announcements under way and of the last 30 days"]
    assert town.select("SELECT count(*) FROM announcements") == [(1,)]
    await settles(town)
    for name in ("Anna", "Boris"):
        seen = [m["text"].split("\n")[0] for m in await town.person(name).sees() if m["from"] == "bot"]
        assert seen.count(TEXT) == 1


async def test_do_not_send_sends_nothing(town, cora):
    await cora.says(f"/announce {TEXT}")
    assert await cora.presses("Do not send") == ["Nothing was sent."]
    assert town.select("SELECT count(*) FROM drafts") == [(0,)]


async def test_a_changed_text_takes_the_old_previews_say_away(town, cora):
    await cora.says(f"/announce {TEXT}")
    old = await control(cora)
    await step(cora, "text")
    assert await has(cora) == [
        "Announcement",
        "Language: English",
        "Reply with the text. Bold, links and other formatting are kept.",
    ]
    assert (await cora.replies("Another text for everybody"))[0] == "Another text for everybody"
    assert (await cora.forges(old["message_id"], "confirm:1"))[0] == STALE
    await confirms(cora)
    await settles(town)
    assert (await town.person("Anna").last())["text"] == "Another text for everybody"


async def test_the_language_of_the_text_is_recognised_and_can_be_set_right(cora):
    await cora.says("/announce Neue Reihe ab Montag: Wohnen und Ankommen in der Kommune")
    assert "will get the text in German: 1 English and 1 Ukrainian" in (await control(cora))["text"]
    await step(cora, "languages")
    await step_anywhere(cora, "language")
    await step_anywhere(cora, "language-uk")
    assert "will get the text in Ukrainian: 1 English" in (await control(cora))["text"]


async def step_anywhere(person, name):
    """Presses a step of the draft whose control message has become a menu."""
    message = await person.last()
    draft = next(data for data in buttons(message) if data.startswith("announce:")).split(":")[1]
    return await person.forges(message["message_id"], f"announce:{draft}:{name}")


async def test_versions_are_added_and_removed(cora):
    await cora.says(f"/announce {TEXT}")
    await step(cora, "text-uk")
    await cora.replies("Приходьте на зустріч")
    assert "No version" not in (await control(cora))["text"]
    assert (await step(cora, "text"))[1:3] == ["[English | announce:2:text-en]", "[Ukrainian | announce:2:text-uk]"]
    await step_anywhere(cora, "text-uk")
    assert (await has(cora))[-1] == "To remove this version, reply: none"
    await cora.replies("none")
    assert "will get the text in English: 1 Ukrainian" in (await control(cora))["text"]


async def test_a_picture_needs_words_for_who_cannot_see_it(cora):
    await cora.says("/announce")
    question = await cora.last()
    assert await cora.does(photo=True, text="Our new house", reply_to=question["message_id"]) == [
        "Announcement",
        "What does the picture show? Reply in a sentence, at most 150 characters.",
        "It stands below the text, for people who cannot see the picture.",
    ]
    too_long = await cora.replies("x" * 151)
    assert too_long[0] == "This is too long: 151 characters, and at most 150 are possible."
    shown = await cora.replies("A house <with> a garden")
    assert shown[:2] == ["Our new house", "Picture: A house <with> a garden"]
    await step(cora, "file")
    assert (await step_anywhere(cora, "file-off"))[0] == "Our new house"
    assert not (await cora.sees())[-2].get("photo")


async def test_a_picture_of_twenty_megabytes_is_left_out_and_the_text_stays(town, cora):
    await cora.says("/announce")
    question = (await cora.last())["message_id"]
    chat = {"id": cora.id, "type": "private", "first_name": cora.name}
    message = {"message_id": 900, "date": int(town.now.timestamp()), "chat": chat, "from": cora.user}
    message |= {"reply_to_message": {"message_id": question, "date": 0, "chat": chat}, "caption": TEXT}
    sizes = [{"file_id": "small", "file_size": 5000}, {"file_id": "large", "file_size": 20_000_000}]
    await town.raw({"update_id": 10**9, "message": message | {"photo": sizes}})
    sentence = "This file is larger than 10 MB, and would not open on cheap phones. It was left out."
    assert (await has(cora))[0] == sentence
    assert lines([(await cora.sees())[-3]])[0] == TEXT
    await confirms(cora)
    await settles(town)
    assert (await town.person("Anna").last())["text"] == TEXT


async def test_pictures_of_others_and_beside_a_draft_are_not_opened(town, cora):
    await cora.says("/announce")
    question = (await cora.last())["message_id"]
    assert (await cora.does(photo=True))[0] == UNOPENED
    olena = town.person("Olena", "en")
    await olena.says("/start")
    assert (await olena.does(photo=True, reply_to=(await olena.last())["message_id"]))[0] == UNOPENED
    town.running.house.coordinators -= {cora.id}
    assert (await cora.does(photo=True, reply_to=question))[0] == UNOPENED


async def test_a_step_that_wants_a_file_takes_no_text(cora):
    await cora.says(f"/announce {TEXT}")
    await step(cora, "file")
    assert (await cora.replies("Here it is"))[0] == "There is no picture and no file in this."


@pytest.mark.parametrize("empty", ["\u200b", "/announce \u202e\u200b"])
async def test_what_is_empty_once_it_is_cleaned_asks_again(cora, empty):
    if empty.startswith("/"):
        assert (await cora.says(empty))[0] == "Announcement"
        return
    await cora.says("/announce")
    assert (await cora.replies(empty))[0] == "There is no text in this. Please write it again."


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("24.11.2026 10:00", "This time has passed. Choose a later one."),
        ("28.3.2027 2:30", "The clocks skip this hour that night. Choose another time."),
        ("soon", "No date was recognised. Write it like this: 2.12.2026 10:00"),
        ("3.12.2026", "The time of day is missing. Write it like this: 2.12.2026 10:00"),
        ("31.11.2026 10:00", "There is no such day or time. Write it like this: 2.12.2026 10:00"),
        ("3.12.2036 10:00", "This is more than three years ahead. Please check the year."),
        ("3.12.2026 10:00, 90 min", "No date was recognised. Write it like this: 2.12.2026 10:00"),
    ],
)
async def test_times_that_cannot_be_are_asked_for_again(cora, typed, sentence):
    await cora.says(f"/announce {TEXT}")
    await step(cora, "time-typed")
    assert (await cora.replies(typed))[0] == sentence
    await cora.replies("3.12.2026 10:00")
    assert "Time: Thursday, 3 December 2026, 10:00" in (await control(cora))["text"]


async def test_the_hour_that_comes_twice_is_said(cora):
    await cora.says(f"/announce {TEXT}")
    await step(cora, "time-typed")
    await cora.replies("31.10.2027 2:30")
    assert "2:30. This time comes twice that night; the later one is meant." in (await control(cora))["text"]


async def test_a_time_that_passes_before_it_is_confirmed_is_refused_and_the_draft_stays(town, cora):
    await cora.says(f"/announce {TEXT}")
    await step(cora, "time-typed")
    shown = await cora.replies("25.11.2026 12:00")
    assert shown[0] == "Preview above. Nothing has been sent yet."
    town.passes(hours=2)
    assert (await confirms(cora))[0] == "This time has passed. Choose a later one."
    await step(cora, "time-now")
    assert "Announcement under way: 2 people" in await confirms(cora)


@pytest.mark.parametrize(
    ("hour", "button"),
    [(19, None), (20, "Tomorrow at 08:00"), (23, "Tomorrow at 08:00"), (3, "Today at 08:00"), (8, None)],
)
async def test_by_night_the_next_morning_is_suggested(town, cora, hour, button):
    town.now = datetime(2026, 11, 25, hour - 1, 5, tzinfo=UTC)
    shown = await cora.says(f"/announce {TEXT}")
    sentence = "It is outside 8 to 20 o'clock. A message in the morning disturbs nobody."
    assert (sentence in shown) == (button is not None)
    if button is None:
        assert "[Change time | announce:1:time]" in shown
        return
    day = "26" if hour >= 20 else "25"
    shown = await cora.presses(button)
    assert any(line.startswith("Time: ") and f" {day} November 2026, 08:00" in line for line in shown)
    assert "[Change time | announce:1:time]" in shown
    assert sentence not in shown


async def test_what_is_planned_waits_for_its_time(town, cora):
    await cora.says(f"/announce {TEXT}")
    await step(cora, "time-morning")
    shown = await confirms(cora)
    assert shown[0] == "The announcement is planned."
    assert "Time: Thursday, 26 November 2026, 08:00" in shown
    anna = town.person("Anna")
    before = await anna.sees()
    await settles(town)
    assert await since(anna, before) == []
    town.now = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)
    await settles(town)
    assert [m["text"] for m in await since(anna, before)] == [TEXT]


async def test_an_audience_of_nobody_is_said_and_the_draft_stays(town):
    cora = await coordinator(town)
    shown = await cora.says(f"/announce {TEXT}")
    assert "There is nobody yet to whom this would go." in shown
    assert (await confirms(cora))[0] == "There is nobody to send this to. Nothing was sent."
    await subscribed(town, "Anna")
    assert "Announcement under way: 1 person" in await confirms(cora)


async def test_people_who_have_blocked_lotse_are_counted(town, cora):
    await put(town, f"UPDATE people SET blocked = TRUE WHERE id = {town.person('Boris').id}")
    shown = await cora.says(f"/announce {TEXT}")
    assert "1 of them has blocked Lotse and gets nothing." in shown


async def test_audiences_are_chosen_by_buttons(town, cora):
    await planned(town)
    await cora.says(f"/announce {TEXT}")
    menu = await step(cora, "audience")
    assert menu[0] == "Who gets it?"
    assert len([line for line in menu if line.startswith("[")]) == 8
    listed = await step_anywhere(cora, "registered-0")
    assert [line for line in listed if "from-" in line] == [
        "[Autumn | announce:1:from-series.1]",
        "[Housing | announce:1:from-session.1]",
    ]
    await step_anywhere(cora, "audience")
    await step_anywhere(cora, "on-?")
    assert "Only with this topic, or all topics: " in "\n".join(await step_anywhere(cora, "on-work"))
    await step(cora, "audience")
    await step_anywhere(cora, "reader-?")
    assert "Only readers of: Ukrainian" in await step_anywhere(cora, "reader-uk")
    assert "Goes to 1 person with the newsletter: 1 Ukrainian" in (await control(cora))["text"]
    await step(cora, "type-landkreis")
    assert "There is nobody yet to whom this would go." in (await control(cora))["text"]
    await step(cora, "type-")
    await step(cora, "role-staff")
    assert "Only staff" in (await control(cora))["text"]
    await step(cora, "from-newsletter")
    assert "Goes to 2 people with the newsletter: 1 English and 1 Ukrainian" in (await control(cora))["text"]


@pytest.mark.parametrize(
    "data",
    [
        "announce:1:", "announce:1:nothing", "announce:99:text", "announce:x:text", "announce:new:session-99",
        "announce:new:", "announce:new:series-99999999999999999999", "announce:new:session-٣",
        "announce:new:session-x", "announce:1:from-session.99", "announce:1:from-", "announce:1",
        "announce:1:from-session.1.1", "announce:new:practice-nothing", "announce:99:stop", "announce:99:repeat-1",
        "announce:99:repeat-x", "announce:99:correct", "announce:99:show", "announce:1:from-series.",
        "announce:99999999999999999999:stop", "announce:1:text:de",
    ],
)  # fmt: skip
async def test_old_and_forged_buttons_say_so(cora, data):
    await cora.says(f"/announce {TEXT}")
    message = await control(cora)
    assert (await cora.forges(message["message_id"], data))[0] == STALE
    assert "Announcement under way: 2 people" in await confirms(cora)


@pytest.mark.parametrize(
    "data", ["language-xx", "text-xx", "type-unknown", "role-king", "on-nothing", "time-never", "registered-x"]
)
async def test_values_that_do_not_exist_change_nothing(town, cora, data):
    await cora.says(f"/announce {TEXT}")
    before = town.select("SELECT answers FROM drafts")
    await step(cora, data)
    assert town.select("SELECT answers FROM drafts") == before


async def test_in_groups_nothing_is_announced(town, cora):
    group = {"id": -5, "type": "group", "title": "Team"}
    typed = f"/announce@{town.running.house.api.name} {TEXT}"
    message = {"message_id": 5, "date": 0, "chat": group, "from": cora.user, "text": typed}
    await town.raw({"update_id": 10**9, "message": message})
    assert town.select("SELECT count(*) FROM drafts") == [(0,)]


async def test_an_announcement_of_a_day_ago_is_still_a_draft_and_then_it_is_gone(town, cora):
    await cora.says(f"/announce {TEXT}")
    town.passes(hours=23)
    assert (await step(cora, "audience"))[0] == "Who gets it?"
    await step_anywhere(cora, "back")
    draft = await draft_of(cora)
    town.passes(hours=2)
    assert (await cora.forges((await control(cora))["message_id"], f"confirm:{draft}"))[0] == STALE


async def test_an_announcement_about_danger_is_taken_after_the_numbers_to_call(town, cora):
    violence = "My husband beats me and the children: how to help, a session on Monday"
    shown = await cora.says(f"/announce {violence}")
    assert shown[0] == "Reply to your question. Details are below, with source and date."
    assert violence in shown
    await step(cora, "text")
    shown = await cora.replies(f"{violence} at ten")
    assert shown[0] == "Reply to your question. Details are below, with source and date."
    assert f"{violence} at ten" in shown
    anna = town.person("Anna")
    shown = await anna.says(f"/announce {violence}")
    assert shown[0] == "Reply to your question. Details are below, with source and date."
    assert "--" not in shown
