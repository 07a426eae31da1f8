"""What people need to take part, in the chat: nothing is stored before they know who reads it."""

from __future__ import annotations

import pytest
from coordination import THURSDAY, planned, registered

pytestmark = pytest.mark.usefixtures("calm")

FIRST = "What do you need to take part? Housing"
CONSENT = "This may say something about your health. It is stored only if you choose something here."
READERS = "The coordination team reads it to prepare the session. It is deleted 14 days after the session."
SIGN, SUBTITLES = "[Sign language | needs:1:sign]", "[Subtitles | needs:1:subtitles]"
OTHER, NONE = "[Something else | needs:1:other]", "[I need nothing | needs:1:none]"
EVERYWHERE, DELETE = "[For all my sessions | needs:1:all]", "[Delete what I need | needs:1:none]"
QUESTION = [
    "What do you need? Housing",
    "Reply to this message, with 300 characters at most. No diagnosis is needed.",
    "With your reply you agree that it is stored until 14 days after the session.",
    "Optional: if you would rather not, do nothing.",
]
OUT_OF_DATE = "This button is out of date. Here is how things stand now:"


def stored(town):
    return town.select("SELECT session, sign_language, subtitles, other FROM needs ORDER BY session")


@pytest.fixture
async def ben(town):
    """Somebody with a seat in session 1, whose chat shows what they can need."""
    await planned(town)
    await registered(town, 1, {"Ben": "confirmed"})
    person = town.person("Ben", "en")
    assert await person.forges(7777, "needs:1") == [FIRST, CONSENT, READERS, SIGN, SUBTITLES, OTHER, NONE]
    return person


async def test_before_a_choice_nothing_is_stored_and_needing_nothing_stores_nothing(town, ben):
    assert await ben.presses("I need nothing") == ["Nothing is stored about what you need."]
    assert stored(town) == []


async def test_choices_are_stored_and_shown(town, ben):
    assert await ben.presses("Sign language") == [FIRST, "Stored: sign language", READERS, SUBTITLES, OTHER, DELETE]
    shown = await ben.presses("Subtitles")
    assert shown == [FIRST, "Stored: sign language and subtitles", READERS, OTHER, DELETE]
    assert stored(town) == [(1, 1, 1, "")]


async def test_a_press_twice_is_once(town, ben):
    message = (await ben.last())["message_id"]
    await ben.presses("Sign language")
    assert await ben.forges(message, "needs:1:sign") == []
    assert stored(town) == [(1, 1, 0, "")]


async def test_other_needs_are_written_as_a_reply_and_added(town, ben):
    await ben.presses("Subtitles")
    assert await ben.presses("Something else") == QUESTION
    shown = await ben.replies("Ein <b>Platz</b>\nvorn & {hell}")
    assert shown[1] == "Stored: subtitles and Ein <b>Platz</b> vorn & {hell}"
    assert stored(town) == [(1, 0, 1, "Ein <b>Platz</b> vorn & {hell}")]


async def test_text_that_is_no_reply_is_not_stored(town, ben):
    await ben.presses("Something else")
    assert (await ben.says("a seat in the first row"))[0] == "There is no checked answer to this here yet."
    assert stored(town) == []


async def test_danger_in_the_reply_always_wins(town, ben):
    await ben.presses("Something else")
    lines = await ben.replies("my husband hits me")
    assert lines[0] == "Reply to your question. Details are below, with source and date."
    assert stored(town) == []


async def test_own_words_are_cut(town, ben):
    await ben.presses("Something else")
    await ben.replies("😀" * 1000)
    assert stored(town) == [(1, 0, 0, "😀" * 300)]


async def test_for_all_sessions_and_deleted_again(town, ben):
    await planned(town, "Work")
    await registered(town, 2, {"Ben": "waitlisted"})
    shown = [FIRST, "Stored: sign language", READERS, SUBTITLES, OTHER, EVERYWHERE, DELETE]
    assert await ben.presses("Sign language") == shown
    same = "The same for all your sessions of the series."
    assert await ben.presses("For all my sessions") == [*shown[:2], same, *shown[2:]]
    assert stored(town) == [(1, 1, 0, ""), (2, 1, 0, "")]
    assert await ben.presses("Delete what I need") == [
        "What you need is deleted for this session.",
        "It is still stored for 1 other session.",
        "[Delete for all sessions | needs:1:forget_all]",
    ]
    assert stored(town) == [(2, 1, 0, "")]
    assert await ben.presses("Delete for all sessions") == ["What you need is deleted for all sessions."]
    assert stored(town) == []


async def test_deleting_for_the_only_session(town, ben):
    await ben.presses("Sign language")
    assert await ben.presses("Delete what I need") == ["What you need is deleted for this session."]
    assert stored(town) == []


@pytest.mark.parametrize("choice", ["", ":sign", ":subtitles", ":other", ":none", ":all", ":forget_all", ":x"])
@pytest.mark.usefixtures("ben")
async def test_who_is_not_registered_stores_nothing(town, choice):
    eve = town.person("Eve", "en")
    assert (await eve.forges(7777, f"needs:1{choice}"))[0] == OUT_OF_DATE
    assert stored(town) == []


@pytest.mark.parametrize(
    "data", ["needs:", "needs:x", "needs:²", "needs:99", f"needs:{'9' * 30}", "needs:1:x", "needs:-1"]
)
async def test_forged_buttons_do_nothing(town, ben, data):
    assert (await ben.forges(7777, data))[0] == OUT_OF_DATE
    assert stored(town) == []


async def test_after_the_session_a_button_or_reply_is_out_of_date(town, ben):
    town.now = THURSDAY
    await ben.forges(7777, "needs:1")
    await ben.presses("Something else")
    question = (await ben.last())["message_id"]
    town.passes(minutes=150)
    over = ["Nothing was stored: the session is over, or you are not registered."]
    assert await ben.says("A seat in front", reply_to=question) == over
    assert (await ben.presses("Sign language"))[0] == OUT_OF_DATE
    assert stored(town) == []
