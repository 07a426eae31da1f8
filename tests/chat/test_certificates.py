"""Certificates of attendance: for who attended, with the name they give, for a session and for the series."""

from __future__ import annotations

import io
from datetime import timedelta

import pypdfium2
import pytest
from coordination import THURSDAY, planned, put, registered

pytestmark = pytest.mark.usefixtures("calm")

LATER = THURSDAY + timedelta(days=8)
ASKED = [
    "Which name should stand on the certificate?",
    "Reply to this message. The name is stored for list and certificate.",
    "To write it by hand instead, reply: none",
]


@pytest.fixture
async def anna(town):
    """Somebody who attended the first two of three sessions that took place; a fourth was cancelled, a fifth comes."""
    person = town.person("Anna", "en")
    await person.says("/start lang_en")
    for number, state in enumerate(("attended", "attended", "confirmed", "confirmed", "confirmed"), 1):
        day = THURSDAY + timedelta(days=number if number < 5 else 30)
        session = await planned(town, f"Part {number}", day)
        await registered(town, session, {"Anna": state})
    await put(town, "UPDATE sessions SET state = 'cancelled' WHERE title = 'Part 4'")
    town.now = LATER
    return person


async def printed(town, person):
    """The text of the newest PDF in the chat, in one line."""
    document = next(m["document"] for m in reversed(await person.sees()) if m.get("document"))
    async with town.http.get(f"{town.root}{document['url']}") as response:
        content = await response.read()
    pages = pypdfium2.PdfDocument(io.BytesIO(content))
    return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in pages)


def names(town):
    return town.select("SELECT name, organisation FROM details")


async def test_without_a_name_it_is_asked_for_once_and_kept(town, anna):
    assert await anna.forges(0, "certificate:1") == ASKED
    assert (await anna.replies("Dr. Anna Ćirić-Öztürk, MA"))[:2] == ["Part 1", "(file certificate-session-1.pdf)"]
    text = await printed(town, anna)
    assert "Dr. Anna Ćirić-Öztürk, MA" in text
    assert "Part 1" in text
    assert "Friday, 4 December 2026, 10:00 to 12:30" in text
    assert "Stadt Musterstadt, Amt für Integration" in text
    assert "11 December 2026" in text
    assert "Part 2" not in text
    assert names(town) == [("Dr. Anna Ćirić-Öztürk, MA", "")]
    assert (await anna.forges(0, "certificate:2"))[:2] == ["Part 2", "(file certificate-session-2.pdf)"]


async def test_the_series_counts_what_took_place(town, anna):
    await put(town, f"INSERT INTO details (person, name, organisation, asked) VALUES ({anna.id}, 'Anna A', 'Amt', 0)")
    seen = await anna.forges(0, "certificate:1")
    assert seen[-2:] == [
        "There is a certificate for the whole series, too: 2 of 3 sessions",
        "[Certificate of the series | certificate_all:1]",
    ]
    assert await anna.presses("Certificate of the series") == ["Autumn", "(file certificate-series-1.pdf)"]
    text = await printed(town, anna)
    assert "2 of 3 sessions, 5 hours" in text
    assert [f"Part {number}" in text for number in range(1, 6)] == [True, True, False, False, False]


async def test_the_name_leaves_the_other_details_as_they_are(town, anna):
    await put(town, f"INSERT INTO details (person, name, organisation, asked) VALUES ({anna.id}, '', 'Amt', 0)")
    assert await anna.forges(0, "certificate_all:1") == ASKED
    assert await anna.replies("Anna A") == ["Autumn", "(file certificate-series-1.pdf)"]
    assert names(town) == [("Anna A", "Amt")]


async def test_without_a_name_there_is_a_line_to_write_it_on(town, anna):
    await anna.forges(0, "certificate:1")
    assert (await anna.replies("None"))[1] == "(file certificate-session-1.pdf)"
    assert "None" not in await printed(town, anna)
    assert names(town) == []


async def test_an_enormous_name_is_cut(town, anna):
    await anna.forges(0, "certificate:1")
    await anna.replies("A " * 2000)
    assert [len(name) for name, _ in names(town)] == [80]


async def test_who_did_not_attend_gets_none(town, anna):
    for session in (3, 4, 5):
        seen = await anna.forges(0, f"certificate:{session}")
        assert seen[0] == "Who attended gets a certificate after the session."
    boris = town.person("Boris", "en")
    assert (await boris.forges(0, "certificate:1"))[0] == "Who attended gets a certificate after the session."
    assert (await boris.forges(0, "certificate_all:1"))[0] == (
        "This button is out of date. Here is how things stand now:"
    )
    assert not any(message.get("document") for message in [*await anna.sees(), *await boris.sees()])


async def test_there_is_none_before_the_end(town, anna):
    town.now = THURSDAY + timedelta(days=1, hours=1)
    assert (await anna.forges(0, "certificate:1"))[0] == "Who attended gets a certificate after the session."


async def test_attendance_taken_back_between_question_and_name_gives_none(town, anna):
    await anna.forges(0, "certificate:1")
    await put(town, "UPDATE registrations SET state = 'no_show'")
    assert (await anna.replies("Anna A"))[0] == "Who attended gets a certificate after the session."


@pytest.mark.parametrize("data", ["certificate:99", "certificate:x", "certificate_all:99", "certificate_all:-1"])
async def test_forged_buttons_are_out_of_date(anna, data):
    assert (await anna.forges(0, data))[0] == "This button is out of date. Here is how things stand now:"


@pytest.mark.parametrize("verb", ["confirm", "cancel"])
async def test_the_draft_of_a_question_is_nothing_to_confirm_and_deletes_nobody(town, anna, verb):
    await anna.forges(0, "certificate:1")
    question = await anna.last()
    assert (await anna.forges(0, f"{verb}:1"))[0] == "This button is out of date. Here is how things stand now:"
    assert town.select("SELECT id FROM people") == [(anna.id,)]
    seen = await anna.says("Anna A", reply_to=question["message_id"])
    assert seen[:2] == ["Part 1", "(file certificate-session-1.pdf)"]
