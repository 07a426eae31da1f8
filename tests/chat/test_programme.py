"""Coordinators plan sessions in the chat: short steps, a preview, and nothing done before it is confirmed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from coordination import REFUSED, THURSDAY, coordinator, planned, put, registered

from bot.domain.instants import microseconds
from bot.domain.plan import Done
from bot.services.programme import resize, set_code_word

pytestmark = pytest.mark.usefixtures("calm")

OUTDATED = "This button is out of date. Here is how things stand now:"
FRIDAY = microseconds(datetime(2026, 12, 4, 13, 0, tzinfo=UTC))  # 14:00 in Germany


@pytest.fixture
async def cora(town):
    return await coordinator(town)


def sessions(town, columns="title"):
    return town.select(f"SELECT {columns} FROM sessions ORDER BY id")


def notices(town):
    return town.select("SELECT person, kind FROM outbox ORDER BY kind, person")


def audit(town):
    return town.select("SELECT role, person, action, subject FROM audit ORDER BY id")


def drafts(town):
    return town.select("SELECT step, answers FROM drafts ORDER BY id")


async def step(person, session, name, *replies):
    """Opens a step of a session and answers it; the preview."""
    seen = await person.forges(0, f"plan:{session}:{name}")
    for reply in replies:
        seen = await person.replies(reply)
    return seen


async def test_only_the_coordination_team_has_the_programme(town):
    session = await planned(town)
    anna = town.person("Anna", "en")
    for data in (
        f"plan:{session}",
        f"plan:{session}:cancel",
        "plan:new",
        "plan:new:1",
        "more:programme:0",
        "change:1:move",
    ):
        assert await anna.forges(0, data) == REFUSED
    assert await anna.says("/programme") == REFUSED
    assert drafts(town) == []


async def test_a_role_gives_the_same_rights(town):
    anna = town.person("Anna", "en")
    await anna.says("/start lang_en")
    await put(town, "UPDATE people SET role = 'coordinator'")
    assert (await anna.says("/programme"))[0] == "No sessions are planned."


async def test_in_a_group_there_is_no_such_command(town, cora):
    chat = {"id": -50, "type": "group", "title": "Netz"}
    user = {"id": cora.id, "is_bot": False, "first_name": "Cora", "language_code": "en"}
    name = town.running.house.api.name
    message = {"message_id": 1, "date": 1_800_000_000, "chat": chat, "from": user, "text": f"/programme@{name}"}
    await town.raw({"message": message})
    assert (await town.said())[-1].startswith("There is no such command. These exist:")
    assert "/programme" not in (await town.said())[-1]


async def test_the_list_shows_what_comes_first_with_counts_and_pages(town, cora):
    for number in range(1, 6):
        await planned(town, f"Part {number}", THURSDAY + timedelta(days=number))
    full = await planned(town, "Full", THURSDAY, capacity=2)
    await registered(town, full, {"Anna": "confirmed", "Boris": "offered", "Chen": "waitlisted"})
    first = await cora.says("/programme")
    assert first[:5] == [
        "Programme",
        "",
        "1. Full",
        "Thursday, 3 December 2026, 10:00 to 12:30 (time in Germany)",
        "Confirmed: 1 of 2",
    ]
    assert first[5] == "Waiting list: 1"
    assert first[-6:] == [
        f"[1 Full | plan:{full}]",
        "[2 Part 1 | plan:1]",
        "[3 Part 2 | plan:2]",
        "[4 Part 3 | plan:3]",
        "[New session | plan:new]",
        "[Show more | more:programme:1]",
    ]
    assert (await cora.presses("Show more"))[-4:] == [
        "[1 Part 4 | plan:4]",
        "[2 Part 5 | plan:5]",
        "[New session | plan:new]",
        "[Go back | more:programme:0]",
    ]


async def test_what_is_over_stays_for_two_weeks_after_what_comes(town, cora):
    await planned(town, "Past")
    await planned(town, "Next", THURSDAY + timedelta(days=10))
    town.now = THURSDAY + timedelta(days=5)
    listed = await cora.says("/programme")
    assert [line for line in listed if line.startswith("[")][:2] == ["[1 Next | plan:2]", "[2 Past | plan:1]"]
    town.now = THURSDAY + timedelta(days=15)
    assert all("Past" not in line for line in await cora.says("/programme"))


async def test_the_card_counts_and_names_nobody(town, cora):
    session = await planned(town, capacity=2)
    await registered(
        town, session, {"Anna": "confirmed", "Boris": "confirmed", "Chen": "offered", "Dina": "waitlisted"}
    )
    await put(
        town,
        "INSERT INTO needs (session, person, sign_language, subtitles, other, consented) "
        f"SELECT {session}, person, person = 1001, TRUE, CASE WHEN person = 1002 THEN 'rampe' ELSE '' END, 0 "
        "FROM registrations",
        f"UPDATE sessions SET ended = 3, join_url = 'https://example.org/a', code_word = 'Brücke' WHERE id = {session}",
        "INSERT INTO outbox (person, dedup, kind, session, state, due) VALUES "
        f"(1001, 'a', 'link', {session}, 'blocked', 0), (1001, 'b', 'link', {session}, 'failed', 0), "
        f"(1002, 'a', 'link', {session}, 'unconfirmed', 0), (1003, 'a', 'link', {session}, 'sent', 0)",
    )
    assert await cora.forges(0, f"plan:{session}") == [
        "Housing",
        "Thursday, 3 December 2026, 10:00 to 12:30 (time in Germany)",
        "Series: Autumn, session 1 of 1",
        "Confirmed: 2 of 2",
        "Waiting list: 1",
        "Places offered: 1",
        "Registrations ended: 3",
        "Not reached by a message: 2",
        "To prepare: sign language 1, subtitles 3 and other 1",
        "Join link: https://example.org/a",
        "Code word: Brücke",
        f"[Change time | plan:{session}:move]",
        f"[Change places | plan:{session}:places]",
        f"[Change join link | plan:{session}:link]",
        f"[Close registration | plan:{session}:close]",
        f"[Cancel the session | plan:{session}:cancel]",
        f"[Change texts | plan:{session}:texts]",
        f"[Change materials | plan:{session}:materials]",
        f"[Change code word | plan:{session}:word]",
        "[Go back | more:programme:0]",
    ]


async def test_moving_is_previewed_with_how_many_hear_of_it_and_done_when_confirmed(town, cora):
    session = await planned(town, capacity=2)
    await registered(
        town, session, {"Anna": "confirmed", "Boris": "offered", "Chen": "waitlisted", "Dina": "cancelled"}
    )
    asked = await step(cora, session, "move")
    assert asked[:3] == ["Change time", "Housing", "Reply with date and time, for example: 2.12.2026 10:00"]
    preview = await cora.replies("Fr, 4.12.2026 14:00, 120 min")
    assert preview == [
        "New time: Housing",
        "Before: Thursday, 3 December 2026, 10:00 to 12:30 (time in Germany)",
        "Now: Friday, 4 December 2026, 14:00 to 16:00 (time in Germany)",
        "3 registered people get a message.",
        "Nothing has been changed yet.",
        "[Set the new time | confirm:2]",
        "[Change nothing | cancel:2]",
    ]
    assert sessions(town, "starts, minutes, version") == [(microseconds(THURSDAY), 150, 1)]
    assert notices(town) == []
    done = await cora.presses("Set the new time")
    assert done[:5] == [
        "The new time is set.",
        "3 registered people get a message.",
        "",
        "Housing",
        "Friday, 4 December 2026, 14:00 to 16:00 (time in Germany)",
    ]
    assert sessions(town, "starts, minutes, version") == [(FRIDAY, 120, 2)]
    assert notices(town) == [(person, "moved") for person in (1001, 1002, 1003)]
    assert audit(town) == [("coordinator", cora.id, "session move", f"session {session}")]


async def test_people_outside_telegram_are_counted_where_lotse_cannot_tell_them(town, cora):
    session = await planned(town)
    await put(
        town,
        "INSERT INTO guests (email, name) VALUES ('gast@example.org', 'Gast')",
        "INSERT INTO registrations (session, guest, state, line, created) VALUES (1, 1, 'confirmed', 1, 0)",
    )
    preview = await step(cora, session, "cancel")
    assert preview[3:5] == [
        "Nobody gets a message.",
        "1 person registered outside Telegram gets no message from Lotse.",
    ]


@pytest.mark.parametrize(
    ("name", "reply", "sentence"),
    [
        ("move", "morgen", "No date was recognised. Write it like this: 2.12.2026 10:00"),
        ("move", "4.12.2026", "The time of day is missing. Write it like this: 2.12.2026 10:00"),
        ("move", "31.11.2026 10:00", "There is no such day or time. Write it like this: 2.12.2026 10:00"),
        ("move", "24.11.2026 10:00", "This start has passed. Choose a later one."),
        ("move", "4.12.2062 10:00", "This is more than three years ahead. Please check the year."),
        ("move", "4.12.2026 10:00, 0 min", "A session lasts from 1 to 1440 minutes."),
        ("move", "4.12.2026 10:00, 1441 min", "A session lasts from 1 to 1440 minutes."),
        ("places", "-5", "Reply with a whole number from 1 to 100000."),
        ("places", "0", "Reply with a whole number from 1 to 100000."),
        ("places", "100001", "Reply with a whole number from 1 to 100000."),
        ("places", "viele", "Reply with a whole number from 1 to 100000."),
        ("link", "example.org", "This is no web address. It begins with https://"),
        ("link", "javascript:alert(1)", "This is no web address. It begins with https://"),
        ("link", "https://example.org/a b", "This is no web address. It begins with https://"),
        ("title", "a" * 121, "This is too long: 121 characters, and at most 120 are possible."),
        ("summary", "a" * 4000, "This is too long: 4000 characters, and at most 1500 are possible."),
        ("speakers", "a" * 301, "This is too long: 301 characters, and at most 300 are possible."),
        ("materials", "a" * 1001, "This is too long: 1001 characters, and at most 1000 are possible."),
        ("word", "a" * 41, "This is too long: 41 characters, and at most 40 are possible."),
        ("word", "!!!", "A code word has letters or digits."),
        ("words-uk", "a" * 121, "Write a title of at most 120 characters and a summary of at most 1500."),
    ],
)
async def test_a_reply_that_means_nothing_is_asked_for_again(town, cora, name, reply, sentence):
    session = await planned(town)
    before = sessions(town, "*")
    asked = await step(cora, session, name)
    again = await cora.replies(reply)
    assert again[0] == sentence
    assert again[1:] == asked
    assert sessions(town, "*") == before
    assert [kind for kind, _ in drafts(town)] == [name]


async def test_text_that_is_no_reply_is_a_question_and_leaves_the_step_open(town, cora):
    session = await planned(town)
    await step(cora, session, "places")
    await cora.says("60")
    assert sessions(town, "capacity") == [(50,)]
    assert [kind for kind, _ in drafts(town)] == ["places"]


async def test_more_places_go_to_the_waiting_list(town, cora):
    session = await planned(town, capacity=1)
    await registered(town, session, {"Anna": "confirmed", "Boris": "waitlisted", "Chen": "waitlisted"})
    assert await step(cora, session, "places", "2") == [
        "Change places: Housing",
        "Before: 1 place",
        "Now: 2 places",
        "1 person on the waiting list gets the place or an offer.",
        "Nothing has been changed yet.",
        "[Set the places | confirm:2]",
        "[Change nothing | cancel:2]",
    ]
    assert (await cora.presses("Set the places"))[0] == "The number of places is set."
    assert town.select("SELECT person, state FROM registrations ORDER BY person") == [
        (1001, "confirmed"),
        (1002, "offered"),
        (1003, "waitlisted"),
    ]


async def test_no_limit_gives_everybody_a_place(town, cora):
    session = await planned(town, capacity=1)
    await registered(town, session, {"Anna": "confirmed", "Boris": "waitlisted", "Chen": "waitlisted"})
    assert (await step(cora, session, "places", "Unlimited"))[1:4] == [
        "Before: 1 place",
        "Now: places without a limit",
        "2 people on the waiting list get a place or an offer.",
    ]
    await cora.presses("Set the places")
    assert sessions(town, "capacity") == [(None,)]


async def test_fewer_places_take_none_from_anybody(town, cora):
    session = await planned(town, capacity=2)
    await registered(town, session, {"Anna": "confirmed", "Boris": "confirmed"})
    assert (await step(cora, session, "places", "1"))[3] == (
        "More places than that are taken. Nobody loses one; free ones are given again below the limit."
    )
    await cora.presses("Set the places")
    assert sessions(town, "capacity") == [(1,)]
    assert {state for (state,) in town.select("SELECT state FROM registrations")} == {"confirmed"}


async def test_what_is_so_already_changes_nothing(town, cora):
    session = await planned(town)
    seen = await step(cora, session, "places", "50")
    assert seen[0] == "That is how it stands already. Nothing was changed."
    assert (await step(cora, session, "move", "3.12.2026 10:00"))[0] == seen[0]
    assert audit(town) == []


async def test_those_with_a_place_hear_of_a_link_and_only_they(town, cora):
    session = await planned(town)
    await registered(town, session, {"Anna": "confirmed", "Boris": "waitlisted"})
    assert (await step(cora, session, "link", "https://example.org/room?a=1&b=<2>"))[0] != ""
    assert (await step(cora, session, "link", "https://example.org/room?a=1&b=2"))[1:3] == [
        "https://example.org/room?a=1&b=2",
        "1 registered person gets a message.",
    ]
    await cora.presses("Set the link")
    assert sessions(town, "join_url") == [("https://example.org/room?a=1&b=2",)]
    assert notices(town) == [(1001, "link")]
    assert (await step(cora, session, "link", "none"))[1:3] == ["It will be empty.", "Nobody gets a message."]
    await cora.presses("Set the link")
    assert sessions(town, "join_url") == [("",)]


async def test_closing_and_opening(town, cora):
    session = await planned(town)
    await step(cora, session, "close")
    seen = await cora.presses("Close registration")
    assert seen[0] == "Registration is closed."
    assert f"[Open registration | plan:{session}:open]" in seen
    assert sessions(town, "state") == [("closed",)]
    await step(cora, session, "open")
    assert (await cora.presses("Open registration"))[0] == "Registration is open."
    assert sessions(town, "state") == [("open",)]


async def test_cancelling_tells_everybody_and_is_for_good(town, cora):
    session = await planned(town)
    await registered(town, session, {"Anna": "confirmed", "Boris": "waitlisted"})
    assert (await step(cora, session, "cancel"))[2:5] == [
        "All registrations end. This cannot be undone.",
        "2 registered people get a message.",
        "Nothing has been changed yet.",
    ]
    assert sessions(town, "state") == [("open",)]
    seen = await cora.presses("confirm:1")
    assert seen[:2] == ["The session is cancelled.", "2 registered people get a message."]
    assert "This session is cancelled." in seen
    assert [line for line in seen if line.startswith("[")] == ["[Go back | more:programme:0]"]
    assert sessions(town, "state") == [("cancelled",)]
    assert notices(town) == [(1001, "cancelled"), (1002, "cancelled")]


async def test_texts_in_a_second_language(town, cora):
    session = await planned(town)
    await step(cora, session, "summary", "What helps with <landlords> & heating.\n\nSecond part.")
    await cora.presses("Save the text")
    await cora.forges(0, f"plan:{session}:words")
    await cora.presses("Українська")
    assert await cora.replies("Житло\nЩо допомагає.") == [
        "Other languages: Housing",
        "Ukrainian",
        "Житло",
        "Що допомагає.",
        "Nothing has been changed yet.",
        "[Save the text | confirm:4]",
        "[Change nothing | cancel:4]",
    ]
    await cora.presses("Save the text")
    assert [
        (title, summary, json.loads(words)) for title, summary, words in sessions(town, "title, summary, wordings")
    ] == [("Housing", "What helps with <landlords> & heating.\n\nSecond part.", {"uk": ["Житло", "Що допомагає."]})]
    menu = await cora.forges(0, f"plan:{session}:texts")
    assert menu[:5] == [
        "Housing",
        "Language: English",
        "Other languages: Ukrainian",
        "What helps with <landlords> & heating.",
        "",
    ]


async def test_materials_before_the_end_wait_for_it(town, cora):
    session = await planned(town)
    assert (await step(cora, session, "materials", "https://example.org/folder"))[2] == (
        "People who attended get it after the session."
    )
    await cora.presses("Save the materials")
    assert sessions(town, "materials") == [("https://example.org/folder",)]


async def test_a_code_word_counts_at_once(town, cora):
    session = await planned(town)
    town.now = THURSDAY
    await step(cora, session, "word", "Brücke")
    await cora.presses("Save the code word")
    assert town.running.house.code_words == {"brucke": [session]}


async def test_changing_nothing_shows_how_it_stands(town, cora):
    session = await planned(town)
    await step(cora, session, "cancel")
    seen = await cora.presses("Change nothing")
    assert seen[:2] == ["Nothing was changed.", ""]
    assert (await cora.forges(0, "confirm:1"))[0] == OUTDATED
    assert sessions(town, "state") == [("open",)]


async def test_a_preview_is_confirmed_once(town, cora):
    session = await planned(town)
    await registered(town, session, {"Anna": "confirmed"})
    await step(cora, session, "cancel")
    preview = await cora.last()
    await cora.forges(preview["message_id"], "confirm:1")
    again = await cora.forges(preview["message_id"], "confirm:1")
    assert again[0] == OUTDATED
    assert len(audit(town)) == 1
    assert len(notices(town)) == 1


async def test_a_question_that_was_answered_has_no_say_any_more(town, cora):
    session = await planned(town)
    await step(cora, session, "places")
    question = await cora.last()
    await cora.replies("60")
    await cora.says("70", reply_to=question["message_id"])
    assert [json.loads(answers)["to"] for _, answers in drafts(town)] == [{"capacity": 60}]


async def test_who_confirms_second_sees_the_new_state_instead_of_acting(town, cora):
    session = await planned(town)
    dora = await coordinator(town, "Dora")
    await step(cora, session, "places", "60")
    await step(dora, session, "cancel")
    await cora.presses("Set the places")
    seen = await dora.presses("Cancel the session")
    assert seen[0] == "This session was changed in the meantime. Nothing was done. Here is how it stands now:"
    assert "Confirmed: 0 of 60" in seen
    assert sessions(town, "state, capacity") == [("open", 60)]
    assert [action for _, _, action, _ in audit(town)] == ["session places"]


async def test_what_changed_between_question_and_reply_is_in_the_preview(town, cora):
    session = await planned(town)
    await step(cora, session, "move")
    house = town.running.house
    town.passes(minutes=1)
    changed = await house.database.write(resize, session, 60, microseconds(town.now), house.terms)
    assert isinstance(changed, Done)
    await cora.replies("4.12.2026 14:00")
    assert (await cora.presses("Set the new time"))[0] == "The new time is set."


async def test_a_start_that_passes_before_it_is_confirmed_is_not_set(town, cora):
    session = await planned(town)
    await step(cora, session, "move", "25.11.2026 11:30")
    town.passes(minutes=40)
    assert (await cora.presses("Set the new time"))[0] == "This start has passed. Nothing was changed."
    assert sessions(town, "starts") == [(microseconds(THURSDAY),)]


async def test_who_lost_the_role_in_between_does_nothing(town, cora):
    session = await planned(town)
    await step(cora, session, "cancel")
    await step(cora, session, "places")
    town.running.house.coordinators = frozenset()
    assert await cora.replies("60") == REFUSED
    assert await cora.forges(0, "confirm:1") == REFUSED
    assert await cora.forges(0, "cancel:1") == REFUSED
    assert sessions(town, "state, capacity") == [("open", 50)]
    assert audit(town) == []


async def test_a_preview_of_another_coordinator_cannot_be_confirmed(town, cora):
    session = await planned(town)
    dora = await coordinator(town, "Dora")
    await dora.says("/start lang_en")
    await step(cora, session, "cancel")
    assert (await dora.forges(0, "confirm:1"))[0] == OUTDATED
    assert sessions(town, "state") == [("open",)]


async def test_an_old_preview_is_out_of_date(town, cora):
    session = await planned(town)
    await step(cora, session, "cancel")
    town.passes(hours=1)
    assert (await cora.presses("confirm:1"))[0] == OUTDATED
    assert sessions(town, "state") == [("open",)]


@pytest.mark.parametrize(
    "data",
    [
        "plan:99",
        "plan:x",
        "plan:-1",
        "plan:",
        "plan:9999999999999999",
        "plan:1:2:3",
        "plan:new:99",
        "plan:new:x",
        "change:1:move",
        "change:x:move",
        "change:1",
        "confirm:99",
        "cancel:99",
        "feedback:99",
        "feedback:x",
        "more:feedback-99:0",
        "more:feedback-:0",
    ],
)
async def test_forged_buttons_are_out_of_date(town, cora, data):
    await planned(town)
    await cora.says("/start lang_en")
    assert (await cora.forges(0, data))[0] == OUTDATED
    assert drafts(town) == []


@pytest.mark.parametrize("name", ["nothing", "open", "accept", "refuse", "words-en", "words-xx", "", "series"])
async def test_forged_steps_of_a_session_do_nothing(town, cora, name):
    session = await planned(town)
    before = sessions(town, "*")
    seen = await cora.forges(0, f"plan:{session}:{name}")
    assert seen[0] in {OUTDATED, "Housing"}
    assert sessions(town, "*") == before
    assert drafts(town) == []


async def test_what_is_over_cannot_be_moved_or_cancelled(town, cora):
    session = await planned(town)
    await step(cora, session, "cancel")
    town.now = THURSDAY + timedelta(hours=3)
    for name in ("move", "places", "link", "close", "cancel", "word"):
        assert (await cora.forges(0, f"plan:{session}:{name}"))[0] == OUTDATED
    seen = await cora.forges(0, f"plan:{session}")
    assert [line for line in seen if line.startswith("[")] == [
        f"[Change texts | plan:{session}:texts]",
        f"[Change materials | plan:{session}:materials]",
        "[Go back | more:programme:0]",
    ]


async def test_a_session_that_has_ended_before_confirming_is_not_cancelled(town, cora):
    town.now = THURSDAY - timedelta(minutes=10)
    session = await planned(town, minutes=15)
    await step(cora, session, "cancel")
    town.now = THURSDAY + timedelta(minutes=20)
    assert (await cora.presses("confirm:1"))[0] == "This session is over. Nothing was changed."
    assert sessions(town, "state") == [("open",)]


async def test_creating_asks_for_series_title_and_start_and_has_defaults_for_the_rest(town, cora):
    await cora.says("/programme")
    await cora.presses("New session")
    assert (await cora.presses("New series"))[0] == "New session"
    assert (await cora.replies("Spring 2027"))[:2] == [
        "New session",
        "Reply with the title of the session, at most 120 characters.",
    ]
    assert (await cora.replies("Work"))[:2] == ["New session", "Work"]
    assert await cora.replies("3.2.2027 10:00") == [
        "New session: Work",
        "Wednesday, 3 February 2027, 10:00 to 12:30 (time in Germany)",
        "New series: Spring 2027",
        "Language: German",
        "Places: 50",
        "Join link: missing",
        "Nobody gets a message.",
        "Nothing has been changed yet.",
        "[Change time | change:2:move]",
        "[Change places | change:2:places]",
        "[Change join link | change:2:link]",
        "[Change language | change:2:language]",
        "[Choose topics | change:2:topics]",
        "[Change texts | change:2:texts]",
        "[Create the session | confirm:2]",
        "[Create nothing | cancel:2]",
    ]
    assert sessions(town) == []
    assert town.select("SELECT * FROM series") == []
    seen = await cora.presses("Create the session")
    assert seen[:4] == ["The session is created.", "Nobody gets a message.", "", "Work"]
    assert sessions(town, "title, starts, minutes, capacity, language, join_url, zone, state") == [
        ("Work", microseconds(datetime(2027, 2, 3, 9, 0, tzinfo=UTC)), 150, 50, "de", "", "Europe/Berlin", "open")
    ]
    assert audit(town) == [("coordinator", cora.id, "session new", "session 1")]


async def new_session(person, *, series="1 Autumn", title="Work", starts="3.2.2027 10:00"):
    """The steps up to the first preview of a session in a series that is there."""
    await person.forges(0, "plan:new")
    await person.presses(series)
    await person.replies(title)
    return await person.replies(starts)


async def test_everything_can_be_changed_before_it_is_created(town, cora):
    await planned(town)
    await new_session(cora)
    for label, reply in (
        ("Change time", "4.2.2027 14:00, 90 min"),
        ("Change places", "unlimited"),
        ("Change join link", "https://example.org/x"),
        ("Choose topics", "Work, arriving"),
    ):
        await cora.presses(label)
        await cora.replies(reply)
    await cora.presses("Change language")
    await cora.presses("English")
    for label, reply in (
        ("Change title", "Work and <more>"),
        ("Change summary", "One & two"),
        ("Change speakers", "Dr. Y"),
    ):
        await cora.presses("Change texts")
        await cora.presses(label)
        seen = await cora.replies(reply)
    assert seen[:11] == [
        "New session: Work and <more>",
        "Thursday, 4 February 2027, 14:00 to 15:30 (time in Germany)",
        "Series: Autumn",
        "Language: English",
        "Places: no limit",
        "Join link: https://example.org/x",
        "Topics: Work and Arriving",
        "Speakers: Dr. Y",
        "One & two",
        "Nobody gets a message.",
        "Nothing has been changed yet.",
    ]
    await cora.presses("Create the session")
    columns = "series, title, summary, speakers, topics, language, minutes, capacity, join_url"
    assert sessions(town, columns)[1:] == [
        (1, "Work and <more>", "One & two", "Dr. Y", '["work", "arrival"]', "en", 90, None, "https://example.org/x")
    ]


async def test_those_who_took_all_hear_of_a_new_session(town, cora):
    session = await planned(town)
    await registered(town, session, {"Anna": "confirmed", "Boris": "confirmed"})
    await put(town, "INSERT INTO takes_all (series, person, since) SELECT 1, person, 0 FROM registrations")
    seen = await new_session(cora)
    assert "2 people who took the whole series get a message." in seen
    seen = await cora.presses("Create the session")
    assert seen[:2] == ["The session is created.", "Announced to 2 people who took the whole series."]
    assert notices(town) == [(1001, "added"), (1002, "added")]


async def test_an_earlier_preview_has_no_say_after_a_change(town, cora):
    await planned(town)
    await new_session(cora)
    first = await cora.last()
    await cora.presses("Change places")
    await cora.replies("80")
    seen = await cora.forges(first["message_id"], "confirm:2")
    assert seen[0] == OUTDATED
    assert (await cora.forges(first["message_id"], "change:2:places"))[0] == OUTDATED
    await cora.presses("Create the session")
    assert sessions(town, "title, capacity")[1:] == [("Work", 80)]


async def test_a_title_that_is_there_already_can_be_changed(town, cora):
    await planned(town)
    await new_session(cora, title="Housing")
    seen = await cora.presses("Create the session")
    assert seen[0] == "Another session of this series has this title. Nothing was changed."
    assert len(sessions(town)) == 1
    await cora.presses("Change texts")
    await cora.presses("Change title")
    await cora.replies("Housing again")
    assert (await cora.presses("Create the session"))[0] == "The session is created."
    assert sessions(town) == [("Housing",), ("Housing again",)]


async def test_a_start_that_has_passed_makes_no_series_either(town, cora):
    await cora.forges(0, "plan:new:other")
    for reply in ("Spring", "Work", "25.11.2026 11:30"):
        await cora.replies(reply)
    town.passes(minutes=31)
    assert (await cora.presses("Create the session"))[0] == "This start has passed. Nothing was changed."
    assert town.select("SELECT * FROM series") == []


async def test_a_length_alone_is_no_start(town, cora):
    await planned(town)
    assert (await new_session(cora, starts="90 min"))[0] == "The date is missing. Write it like this: 2.12.2026 10:00"


async def test_topics_that_do_not_exist_are_asked_for_again(town, cora):
    await planned(town)
    await new_session(cora)
    await cora.presses("Choose topics")
    assert (await cora.replies("Work, Fishing"))[0] == (
        "Not every topic was recognised. Write them as they stand in the list."
    )


async def test_creating_nothing(town, cora):
    await planned(town)
    await new_session(cora)
    assert (await cora.presses("Create nothing"))[:2] == ["Nothing was changed.", ""]
    assert sessions(town) == [("Housing",)]
    assert drafts(town) == []


async def test_the_last_four_series_can_be_chosen(town, cora):
    for number in range(1, 7):
        await put(town, f"INSERT INTO series (title, created) VALUES ('Series {number}', 0)")
    assert [line for line in await cora.forges(0, "plan:new") if line.startswith("[")] == [
        "[1 Series 6 | plan:new:6]",
        "[2 Series 5 | plan:new:5]",
        "[3 Series 4 | plan:new:4]",
        "[4 Series 3 | plan:new:3]",
        "[New series | plan:new:other]",
        "[Go back | more:programme:0]",
    ]


async def test_the_menu_of_a_coordinators_chat_has_the_command_from_start_on(town, cora):
    anna = town.person("Anna", "en")
    for person in (anna, cora):
        await person.says("/start")
    assert [await has_programme(town, person) for person in (anna, cora)] == [False, True]
    assert "/programme Plan sessions" in await cora.says("/help")
    assert "/programme Plan sessions" not in await anna.says("/help")
    town.running.house.coordinators = frozenset()
    assert await cora.says("/programme") == REFUSED
    assert not await has_programme(town, cora)


async def has_programme(town, person):
    scope = {"type": "chat", "chat_id": person.id}
    commands = await town.running.house.api.call("getMyCommands", {"scope": scope})
    return any(command["command"] == "programme" for command in commands)


async def test_a_word_set_elsewhere_is_no_reason_to_forget_the_others(town, cora):
    session = await planned(town)
    house = town.running.house
    await house.database.write(set_code_word, session, "Brücke", microseconds(town.now))
    assert "Code word: Brücke" in await cora.forges(0, f"plan:{session}")
