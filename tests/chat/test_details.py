"""Name, authority and municipality: asked once, freely given, corrected, deleted; any text in them is only shown."""

from __future__ import annotations

import pytest
from coordination import planned
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.usefixtures("calm")

QUESTION = [
    "For list and certificate: your name, authority and municipality",
    "Reply to this message, with three lines or with commas between.",
    "Only the coordination team of the network sees this, on its own server.",
    "Optional: if you would rather not, do nothing.",
]
BUTTONS = [
    "[Rural district | kind:landkreis]",
    "[Independent city | kind:kreisfreie-stadt]",
    "[Municipality in a district | kind:kreisangehoerig]",
    "[Correct these details | details:again]",
    "[Delete these details | details:forget]",
]
NOT_STATED = "Type: not stated. Choose one below if you like."


def card(name, authority, municipality, kind=NOT_STATED):
    said = [f"Name: {name}", f"Authority: {authority}", f"Municipality: {municipality}"]
    return ["Stored for list and certificate:", *said, kind, *BUTTONS]


def stored(town):
    return town.select("SELECT name, organisation, municipality, municipality_type FROM details")


async def asked(town, name="Ben"):
    """Somebody who registered for the first time, and so was asked."""
    person = town.person(name, "en")
    session = await planned(town)
    lines = await person.says(f"/start session_{session}") and await person.presses(f"register:{session}")
    assert lines[lines.index("--") + 1 :] == QUESTION
    return person


async def test_after_the_first_registration_one_question_is_asked_and_no_second(town):
    ben = await asked(town)
    assert stored(town) == [("", "", "", "")]
    again = await planned(town, "Work")
    await ben.says(f"/start session_{again}")
    assert QUESTION[0] not in await ben.presses(f"register:{again}")


async def test_the_reply_is_stored_and_shown(town):
    ben = await asked(town)
    assert await ben.replies("Ben Muster, Landratsamt, Musterkreis") == card("Ben Muster", "Landratsamt", "Musterkreis")
    assert stored(town) == [("Ben Muster", "Landratsamt", "Musterkreis", "")]


async def test_another_reply_or_an_edited_one_replaces_it(town):
    ben = await asked(town)
    question = (await ben.last())["message_id"]
    await ben.says("Ben\nLandratsamt\nMusterkreis", reply_to=question)
    assert await ben.says("Ben Muster", reply_to=question) == card("Ben Muster", "not stated", "not stated")
    assert stored(town) == [("Ben Muster", "", "", "")]


async def test_it_can_be_answered_for_a_week(town):
    ben = await asked(town)
    question = (await ben.last())["message_id"]
    town.passes(days=6, hours=23)
    await ben.says("Ben", reply_to=question)
    assert stored(town) == [("Ben", "", "", "")]


async def test_text_that_is_no_reply_is_a_question(town):
    ben = await asked(town)
    assert (await ben.says("Ben Muster, Landratsamt, Musterkreis"))[0] == "There is no checked answer to this here yet."
    assert stored(town) == [("", "", "", "")]


async def test_danger_in_the_reply_always_wins(town):
    ben = await asked(town)
    lines = await ben.replies("my husband hits me, Landratsamt, Musterkreis")
    assert lines[0] == "Reply to your question. Details are below, with source and date."
    assert stored(town) == [("", "", "", "")]


async def test_the_type_is_chosen_by_a_press_and_stays_when_the_rest_is_corrected(town):
    ben = await asked(town)
    await ben.replies("Ben")
    assert await ben.presses("Independent city") == card("Ben", "not stated", "not stated", "Type: Independent city")
    assert await ben.presses("Correct these details") == QUESTION
    lines = await ben.replies("Ben Muster")
    assert lines == card("Ben Muster", "not stated", "not stated", "Type: Independent city")
    assert stored(town) == [("Ben Muster", "", "", "kreisfreie-stadt")]


async def test_deleting_leaves_nothing_and_does_not_ask_again(town):
    ben = await asked(town)
    await ben.replies("Ben")
    await ben.presses("Rural district")
    assert await ben.presses("Delete these details") == ["Name, authority and municipality are deleted."]
    assert stored(town) == [("", "", "", "")]
    again = await planned(town, "Work")
    await ben.says(f"/start session_{again}")
    assert QUESTION[0] not in await ben.presses(f"register:{again}")


async def test_settings_lead_to_what_is_stored(town):
    ben = await asked(town)
    await ben.replies("Ben")
    await ben.says("/settings")
    assert await ben.presses("Name and authority") == card("Ben", "not stated", "not stated")
    await ben.presses("Delete these details")
    await ben.says("/settings")
    assert await ben.presses("Name and authority") == QUESTION


async def test_who_was_never_asked_has_no_details_and_forged_buttons_do_nothing(town):
    eve = town.person("Eve", "en")
    assert "[Name and authority | details:show]" not in await eve.says("/settings")
    for data in ("details:show", "details:again", "details:forget", "details:x", "kind:landkreis"):
        assert (await eve.forges(7777, data))[0] == "This button is out of date. Here is how things stand now:"
    assert town.select("SELECT * FROM people") == []


async def test_a_type_that_does_not_exist_is_not_stored(town):
    ben = await asked(town)
    assert (await ben.forges(7777, "kind:regierungsbezirk"))[0].startswith("This button is out of date.")
    assert stored(town) == [("", "", "", "")]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("<b>Ben</b> & \"Co\" <a href='x'>", "<b>Ben</b> & \"Co\" <a href='x'>"),
        ("\u202eneB\u200f Ben\x00\ud83d", "neB Ben"),
        ("😀👩‍💼🏳️‍🌈", "😀👩‍💼🏳️‍🌈"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("{name} %s {0}", "{name} %s {0}"),
        ("Wort " * 819, ("Wort " * 16).strip()),
    ],
)
async def test_names_may_hold_anything_and_are_cut(town, typed, first):
    ben = await asked(town)
    assert (await replies_raw(ben, typed))[1] == f"Name: {first}"
    assert stored(town) == [(first, "", "", "")]


async def test_a_reply_with_nothing_in_it_changes_nothing(town):
    ben = await asked(town)
    question = (await ben.last())["message_id"]
    await ben.replies("Ben")
    assert await ben.says("-", reply_to=question) == ["Nothing was stored."]
    assert stored(town) == [("Ben", "", "", "")]


async def replies_raw(person, typed):
    """Answers Lotse's question by an update that may hold anything; what is new then, as lines."""
    question = next(m for m in await person.sees() if (m.get("text") or "").startswith(QUESTION[0]))["message_id"]
    before = len(await person.sees())
    sender = {"id": person.id, "is_bot": False, "first_name": person.name, "language_code": "en"}
    chat = {"id": person.id, "type": "private"}
    told = {"message_id": 9000, "from": sender, "chat": chat, "text": typed, "date": int(person.town.now.timestamp())}
    await person.town.raw({"message": {**told, "reply_to_message": {"message_id": question}}})
    return [line for m in (await person.sees())[before:] for line in m["text"].split("\n")]


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(st.characters(), max_size=200))
async def test_any_reply_is_answered_once(town, typed):
    ben = town.person("Ben", "en")
    if not await ben.sees():
        await asked(town)
    town.passes(minutes=2)
    assert len(await replies_raw(ben, typed)) >= 1
