"""Being there is said by a button or the code word while the session runs, and asked for afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from coordination import THURSDAY, coordinator, planned, put, registered

from bot.chat.attendance import refresh

pytestmark = pytest.mark.usefixtures("calm")

NOTED = ["Your attendance is noted: Housing", "After the session you get the materials. A certificate is in /my"]
NO_PLACE = ["You have no place in this session: Housing"]
OUTDATED = "This button is out of date. Here is how things stand now:"
OVER = THURSDAY + timedelta(hours=4)


@pytest.fixture
async def housing(town):
    """A session with a code word, with Anna confirmed and Boris waiting."""
    session = await planned(town)
    await put(town, f"UPDATE sessions SET code_word = 'Grüne Brücke' WHERE id = {session}")
    await registered(town, session, {"Anna": "confirmed", "Boris": "waitlisted"})
    return session


def states(town):
    return [state for (state,) in town.select("SELECT state FROM registrations ORDER BY person")]


async def test_pressing_notes_attendance_once(town, housing):
    town.now = THURSDAY
    anna = town.person("Anna")
    assert await anna.forges(0, f"attend:{housing}") == NOTED
    assert await anna.forges(0, f"attend:{housing}") == NOTED
    assert states(town) == ["attended", "waitlisted"]
    assert town.select("SELECT changes FROM registrations") == [(1,), (0,)]


async def test_who_has_no_place_hears_so(town, housing):
    town.now = THURSDAY
    assert await town.person("Boris").forges(0, f"attend:{housing}") == NO_PLACE
    assert await town.person("Chen", "en").forges(0, f"attend:{housing}") == NO_PLACE
    assert states(town) == ["confirmed", "waitlisted"]


async def test_too_early_says_from_when(town, housing):
    town.now = THURSDAY - timedelta(minutes=16)
    assert await town.person("Anna").forges(0, f"attend:{housing}") == [
        "Attendance can be noted from 15 minutes before the start: Housing"
    ]
    assert states(town) == ["confirmed", "waitlisted"]


@pytest.mark.parametrize("text", ["Grüne Brücke", "grüne brücke", "GRUENE  BRUECKE", "grüne brücke!"])
@pytest.mark.usefixtures("housing")
async def test_the_code_word_is_recognised_however_it_is_typed(town, text):
    town.now = THURSDAY
    await refresh(town.running.house)
    assert await town.person("Anna").says(text) == NOTED
    assert states(town) == ["attended", "waitlisted"]


@pytest.mark.usefixtures("housing")
async def test_the_code_word_of_who_has_no_place_is_a_question(town):
    town.now = THURSDAY
    await refresh(town.running.house)
    assert (await town.person("Boris").says("Grüne Brücke"))[0] == "There is no checked answer to this here yet."
    assert states(town) == ["confirmed", "waitlisted"]


@pytest.mark.usefixtures("housing")
async def test_before_and_after_the_code_word_is_a_question(town):
    for now in (THURSDAY - timedelta(minutes=16), THURSDAY + timedelta(hours=3, seconds=1)):
        town.now = now
        await refresh(town.running.house)
        assert town.running.house.code_words == {}
        assert (await town.person("Anna").says("Grüne Brücke"))[0] == "There is no checked answer to this here yet."


@pytest.mark.usefixtures("housing")
async def test_a_word_learnt_before_the_end_does_not_count_after_it(town):
    town.now = THURSDAY
    await refresh(town.running.house)
    town.now = THURSDAY + timedelta(hours=3, seconds=1)
    assert (await town.person("Anna").says("Grüne Brücke"))[0] == "There is no checked answer to this here yet."
    assert states(town) == ["confirmed", "waitlisted"]


@pytest.mark.usefixtures("housing")
async def test_one_word_for_two_sessions_notes_the_one_with_a_place(town):
    other = await planned(town, "Work")
    await put(town, f"UPDATE sessions SET code_word = 'grüne Brücke' WHERE id = {other}")
    await registered(town, other, {"Chen": "confirmed"})
    town.now = THURSDAY
    await refresh(town.running.house)
    assert (await town.person("Chen").says("Grüne Brücke"))[0] == "Your attendance is noted: Work"
    assert states(town) == ["confirmed", "waitlisted", "attended"]


async def test_danger_wins_over_a_code_word(town, housing):
    await put(town, f"UPDATE sessions SET code_word = 'mein Mann schlägt mich' WHERE id = {housing}")
    town.now = THURSDAY
    await refresh(town.running.house)
    assert "Your attendance is noted: Housing" not in await town.person("Anna").says("mein Mann schlägt mich")
    assert states(town) == ["confirmed", "waitlisted"]


async def test_those_who_were_there_are_thanked_and_nobody_else(town, housing):
    town.now = THURSDAY
    await town.person("Anna").forges(0, f"attend:{housing}")
    town.now = OVER
    await town.delivers()
    assert "Thank you for taking part: Housing" in await town.person("Anna").shows()
    assert await town.person("Boris").shows() == []


async def test_the_last_reminder_leads_to_saying_so(town, housing):
    anna = town.person("Anna", "en")
    await anna.says("/start")
    town.now = THURSDAY - timedelta(hours=24)
    assert f"[I am here | attend:{housing}]" not in await anna.gets()
    town.now = THURSDAY - timedelta(hours=1)
    assert f"[I am here | attend:{housing}]" in await anna.gets()
    town.now = THURSDAY
    assert await anna.presses("I am here") == NOTED


async def test_the_card_offers_what_can_be_said(town, housing):
    anna = town.person("Anna")
    for now, button in (
        (THURSDAY - timedelta(minutes=16), None),
        (THURSDAY, f"[I am here | attend:{housing}]"),
        (OVER, f"[I was there | claim:{housing}]"),
        (OVER + timedelta(days=14), None),
    ):
        town.now = now
        seen = await anna.forges(0, f"session:{housing}")
        offered = [line for line in seen if line.startswith(("[I am here", "[I was there"))]
        assert offered == ([button] if button else [])


async def test_who_forgot_can_ask_and_coordinators_accept_all_with_a_preview(town, housing):
    cora, anna = await coordinator(town), town.person("Anna")
    town.now = OVER
    await town.delivers()
    assert await anna.forges(0, f"attend:{housing}") == [
        "This session is over: Housing",
        f"[I was there | claim:{housing}]",
    ]
    assert await anna.presses("I was there") == [
        "Your attendance is noted as a request: Housing",
        "The coordination team confirms it. Then a message comes.",
    ]
    card = await cora.forges(0, f"plan:{housing}")
    assert "1 person says they were there." in card
    assert await cora.presses("Note attendance of 1") == [
        "Note attendance: Housing",
        "1 person is noted as having been there, and gets thanks and materials.",
        "Nothing has been changed yet.",
        "[Note attendance | confirm:1]",
        "[Change nothing | cancel:1]",
    ]
    assert states(town) == ["confirmed", "waitlisted"]
    seen = await cora.presses("Note attendance")
    assert seen[0] == "Attendance is noted."
    assert "Attended: 1" in seen
    assert states(town) == ["attended", "waitlisted"]
    await town.delivers()
    assert "Thank you for taking part: Housing" in await anna.shows()
    assert town.select("SELECT action, subject FROM audit") == [("session accept", f"session {housing}")]


async def test_coordinators_can_note_nobody(town, housing):
    cora, anna = await coordinator(town), town.person("Anna")
    town.now = OVER
    await anna.forges(0, f"claim:{housing}")
    await cora.forges(0, f"plan:{housing}")
    assert (await cora.presses("Note nobody"))[:2] == [
        "Note nobody: Housing",
        "1 person stays without attendance, and hears nothing of it.",
    ]
    await cora.presses("confirm:1")
    assert states(town) == ["no_show", "waitlisted"]
    assert await anna.forges(0, f"claim:{housing}") == ["Attendance can no longer be changed: Housing"]


async def test_a_request_after_the_preview_is_not_accepted_unseen(town, housing):
    cora = await coordinator(town)
    await registered(town, housing, {"Chen": "confirmed"})
    town.now = OVER
    await town.person("Anna").forges(0, f"claim:{housing}")
    await cora.forges(0, f"plan:{housing}:accept")
    await town.person("Chen").forges(0, f"claim:{housing}")
    seen = await cora.presses("Note attendance")
    assert seen[0] == "This session was changed in the meantime. Nothing was done. Here is how it stands now:"
    assert "2 people say they were there." in seen
    assert states(town) == ["confirmed", "waitlisted", "confirmed"]


async def test_after_two_weeks_nothing_can_be_asked_for(town, housing):
    town.now = OVER + timedelta(days=14)
    sentence = "Attendance can no longer be changed: Housing"
    assert await town.person("Anna").forges(0, f"claim:{housing}") == [sentence]
    assert await town.person("Anna").forges(0, f"attend:{housing}") == [sentence]


async def test_while_it_runs_a_request_is_attendance_and_without_a_place_nothing(town, housing):
    town.now = THURSDAY
    assert await town.person("Anna").forges(0, f"claim:{housing}") == NOTED
    assert states(town) == ["attended", "waitlisted"]
    town.now = OVER
    assert await town.person("Boris").forges(0, f"claim:{housing}") == NO_PLACE
    assert town.select("SELECT claimed FROM registrations") == [(0,), (0,)]


@pytest.mark.parametrize(
    "data", ["attend:99", "attend:x", "attend:-1", "claim:99", "claim:x", "attend:9999999999999999"]
)
@pytest.mark.usefixtures("housing")
async def test_forged_buttons_are_out_of_date(town, data):
    assert (await town.person("Anna").forges(0, data))[0] == OUTDATED
