"""Keeping a place in a session that was moved: a press that changes nothing, however old."""

from __future__ import annotations

import pytest
from coordination import THURSDAY, planned, registered
from sqlalchemy import text

pytestmark = pytest.mark.usefixtures("calm")

HOURS = "Thursday, 3 December 2026, 10:00 to 12:30"
OUT_OF_DATE = "This button is out of date. Here is how things stand now:"
LEAVE, CALENDAR = "[Cancel registration | leave:1]", "[Add to calendar | ics:1]"


@pytest.mark.parametrize(
    ("state", "lines"),
    [
        ("confirmed", ["Your place is kept: Housing", HOURS, CALENDAR, LEAVE]),
        ("waitlisted", ["You stay on the waiting list, as number 1: Housing", HOURS, LEAVE]),
    ],
)
async def test_who_keeps_a_place_hears_that_it_is_kept(town, state, lines):
    await planned(town)
    await registered(town, 1, {"Ben": state})
    ben = town.person("Ben", "en")
    before = town.select("SELECT state, changes FROM registrations")
    assert await ben.forges(7777, "keep:1") == lines
    assert await ben.forges(7777, "keep:1") == lines
    assert town.select("SELECT state, changes FROM registrations") == before == [(state, 0)]


async def test_who_is_offered_a_place_may_accept_it(town):
    await planned(town)
    await registered(town, 1, {"Ben": "offered"})

    until = text("UPDATE registrations SET offered_until = 1796115600000000")  # Tuesday at 10:00
    await town.running.house.database.write(lambda tx: tx.execute(until))
    lines = await town.person("Ben", "en").forges(7777, "keep:1")
    assert lines[0] == "A place is free: Housing"
    assert lines[2:] == [
        "Kept for you until Tuesday, 1 December, 10:00. After that the next person gets it.",
        "[Accept the place | accept:1]",
        "[Decline the place | decline:1]",
    ]


async def test_who_has_no_place_sees_how_the_session_stands(town):
    await planned(town)
    lines = await town.person("Eve", "en").forges(7777, "keep:1")
    assert lines[:2] == [OUT_OF_DATE, "Housing 📅"]
    assert "[Register | register:1]" in lines


async def test_when_it_has_begun_it_is_too_late(town):
    await planned(town)
    await registered(town, 1, {"Ben": "confirmed"})
    town.now = THURSDAY
    assert (await town.person("Ben", "en").forges(7777, "keep:1"))[0] == OUT_OF_DATE


@pytest.mark.parametrize("data", ["keep:", "keep:99", "keep:x", "keep:1:1", f"keep:{'9' * 40}"])
async def test_forged_presses_are_out_of_date(town, data):
    await planned(town)
    lines = await town.person("Eve", "en").forges(7777, data)
    assert lines[0] == OUT_OF_DATE
