"""What people take from a session: a reply to the thanks, kept without a name, read by coordinators."""

from __future__ import annotations

from datetime import timedelta

import pytest
from coordination import THURSDAY, coordinator, planned, put, registered

pytestmark = pytest.mark.usefixtures("calm")

THANKS = ["Thank you. The coordination team reads what you wrote, without your name."]


@pytest.fixture
async def thanked(town):
    """A session that Anna and Boris attended and were thanked for; its id."""
    session = await planned(town)
    await registered(town, session, {"Anna": "attended", "Boris": "attended"})
    await put(town, "UPDATE people SET code = 'uk' WHERE id = 1001")
    for person in (town.person("Anna"), town.person("Boris")):
        person.code = "uk" if person.name == "Boris" else "en"
        await person.says("/start")
    town.now = THURSDAY + timedelta(hours=4)
    await town.delivers()
    return session


def kept(town):
    return town.select("SELECT session, language, text FROM feedback ORDER BY id")


async def test_a_reply_to_the_thanks_is_kept_without_a_name(town, thanked):
    anna = town.person("Anna")
    assert await anna.replies("Ask the <landlord> first & early.") == THANKS
    assert kept(town) == [(thanked, "en", "Ask the <landlord> first & early.")]
    assert [name for _, name, *_ in town.select("PRAGMA table_info(feedback)")] == ["id", "session", "language", "text"]


@pytest.mark.usefixtures("thanked")
async def test_more_replies_are_kept_too(town):
    anna = town.person("Anna")
    thanks = await anna.last()
    for text in ("One", "Two"):
        await anna.says(text, reply_to=thanks["message_id"])
    assert [text for _, _, text in kept(town)] == ["One", "Two"]


@pytest.mark.usefixtures("thanked")
async def test_a_long_text_is_cut_and_said_so(town):
    seen = await town.person("Anna").replies("a" * 1500)
    assert seen == [*THANKS, "The first 1000 characters were kept."]
    assert [len(text) for _, _, text in kept(town)] == [1000]


@pytest.mark.usefixtures("thanked")
async def test_a_text_that_is_no_reply_is_a_question(town):
    assert (await town.person("Anna").says("Ask the landlord"))[0] != THANKS[0]
    assert kept(town) == []


@pytest.mark.usefixtures("thanked")
async def test_a_reply_to_somebody_elses_thanks_is_a_question(town):
    thanks = await town.person("Boris").last()
    eve = town.person("Eve", "en")
    await eve.says("/start")
    user, chat = {**eve.user, "is_bot": False}, {"id": eve.id, "type": "private", "first_name": "Eve"}
    replied = {"message_id": thanks["message_id"], "date": 1_800_000_000, "chat": chat, "text": thanks["text"]}
    message = {"message_id": 900, "date": 1_800_000_000, "from": user, "chat": chat, "text": "Ask the landlord"}
    await town.raw({"message": {**message, "reply_to_message": replied}})
    assert kept(town) == []


@pytest.mark.usefixtures("thanked")
async def test_danger_in_a_reply_is_answered_and_not_kept(town):
    seen = await town.person("Anna").replies("mein Mann schlägt mich")
    assert THANKS[0] not in seen
    assert kept(town) == []


async def test_coordinators_read_it_by_pages(town, thanked):
    cora, anna, boris = await coordinator(town), town.person("Anna"), town.person("Boris")
    for person, texts in ((anna, ("One", "Two <b>", "Three")), (boris, ("Чотири",))):
        thanks = await person.last()
        for text in texts:
            await person.says(text, reply_to=thanks["message_id"])
    card = await cora.forges(0, f"plan:{thanked}")
    assert "Feedback: 4" in card
    assert await cora.presses("Read feedback") == [
        "Housing",
        "Feedback, the newest first",
        "",
        "Language: Ukrainian",
        "Чотири",
        "",
        "Language: English",
        "Three",
        "",
        "Language: English",
        "Two <b>",
        f"[Show more | more:feedback-{thanked}:1] [Go back | plan:{thanked}]",
    ]
    assert await cora.presses("Show more") == [
        "Housing",
        "Feedback, the newest first",
        "",
        "Language: English",
        "One",
        f"[Go back | more:feedback-{thanked}:0]",
    ]


async def test_nobody_else_reads_it(town, thanked):
    anna = town.person("Anna")
    await anna.replies("Secret")
    for data in (f"feedback:{thanked}", f"more:feedback-{thanked}:0"):
        assert await anna.forges(0, data) == ["Only the coordination team can do this."]


async def test_no_feedback_yet(town, thanked):
    cora = await coordinator(town)
    assert (await cora.forges(0, f"feedback:{thanked}"))[1] == "No feedback yet."
