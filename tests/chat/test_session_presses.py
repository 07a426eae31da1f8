"""Registering, leaving, accepting and declining by buttons: once each, whoever presses what, and however late."""

from __future__ import annotations

import asyncio

import icalendar
import programmes
import pytest
from test_sessions import LINK, OUT_OF_DATE, planned, set_value

from bot.domain.instants import MINUTE
from bot.domain.terms import Terms

pytestmark = pytest.mark.usefixtures("calm")

UNKNOWN = [OUT_OF_DATE, "Upcoming sessions 📅"]
VERBS = ["session", "series", "register", "leave", "accept", "decline", "register_all", "leave_all", "ics", "ics_all"]


def states(town):
    """The registrations as (session, person, state)."""
    return town.select("SELECT session, person, state FROM registrations ORDER BY id")


@pytest.fixture
async def ann(town):
    """Somebody who looks at the session about public space, which has two places."""
    await programmes.plan(town, "autumn.csv")
    person = town.person("Ann", "en")
    await person.says("/start session_1")
    return person


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("number", ["0", "99", "000099", "999999999999999"])
async def test_what_never_was_says_so_and_shows_the_sessions_of_now(town, ann, verb, number):
    assert [line for line in await ann.forges(2, f"{verb}:{number}") if line][:2] == UNKNOWN
    assert town.select("SELECT count(*) FROM people") == [(0,)]


async def test_a_session_that_vanished_says_so(town):
    (session,) = await planned(town)
    ann = town.person("Ann", "en")
    await ann.says(f"/start session_{session}")
    await programmes.remove(town, session)
    assert (await ann.presses("Register"))[:2] == [OUT_OF_DATE, "No sessions are planned at the moment."]


async def test_pressed_twice_at_once_is_one_registration(town, ann):
    await asyncio.gather(*(ann.forges(2, "register:1") for _ in range(4)))
    assert states(town) == [(1, ann.id, "confirmed")]
    shown = await ann.shows()
    assert shown.count("Registration confirmed: Public space and welcome") == 1
    assert shown.count("Nothing was changed. Here is how things stand now:") == 3


async def test_what_is_stored_is_said_once_and_the_optional_question_comes_once(ann):
    stored = "Stored for place and reminders: Telegram id, this registration. Cancel any time, here or with /my"
    question = "Optional: if you would rather not, do nothing."
    first = await ann.presses("Register")
    assert (first.count(stored), first.count(question)) == (1, 1)
    second = await ann.forges(2, "register:2")
    assert (second.count(stored), second.count(question)) == (0, 0)


async def test_nobody_acts_for_anybody_else(town, ann):
    bob = town.person("Bob", "en")
    await ann.presses("Register")
    await bob.says("/start session_1")
    for data in ("leave:1", "decline:1", "accept:1", "leave_all:1", "ics:1", "ics_all:1"):
        shown = await bob.forges(2, data)
        assert LINK not in " ".join(shown)
        assert "(file" not in " ".join(shown)
    assert states(town) == [(1, ann.id, "confirmed")]


async def test_the_link_is_shown_to_people_with_a_seat_only(town, ann):
    await set_value(town, 1, "capacity", 1)
    bob = town.person("Bob", "en")
    await bob.says("/start session_1")
    await ann.presses("Register")
    await bob.presses("Register")
    for data in ("session:1", "series:1", "register:1", "accept:1", "ics:1", "more:my:0"):
        await bob.forges(2, data)
    await ann.presses("leave:1")  # Bob is offered the place, which is none yet
    await bob.gets()
    await bob.forges(2, "session:1")
    await bob.says("/my")
    assert LINK not in " ".join(await bob.shows())
    assert f"Join: {LINK}" in await bob.presses("accept:1")
    assert LINK not in " ".join(await ann.forges(2, "session:1"))


async def two_wait_for_the_seat_of(ann, town):
    """The only seat was Ann's, who has left; Bob, who waited first, is offered it, and Cleo waits."""
    await set_value(town, 1, "capacity", 1)
    bob, cleo = town.person("Bob", "en"), town.person("Cleo", "en")
    await ann.presses("Register")
    for one in (bob, cleo):
        await one.says("/start session_1")
        await one.presses("Register")
    await ann.presses("leave:1")
    return bob, cleo


async def test_an_offer_that_is_late_is_not_accepted_though_the_tick_has_not_come_by(town, ann):
    bob, cleo = await two_wait_for_the_seat_of(ann, town)
    await bob.gets()
    town.passes(hours=25)
    shown = await bob.presses("Accept the place")
    assert shown[0] == OUT_OF_DATE
    assert "You are on the waiting list as number 1." in shown
    assert states(town)[1:] == [(1, bob.id, "waitlisted"), (1, cleo.id, "offered")]


async def test_an_offer_is_for_who_got_it(town, ann):
    bob, cleo = await two_wait_for_the_seat_of(ann, town)
    assert (await cleo.forges(2, "accept:1"))[0] == OUT_OF_DATE
    assert (await cleo.forges(2, "decline:1"))[0] == OUT_OF_DATE
    assert states(town)[1:] == [(1, bob.id, "offered"), (1, cleo.id, "waitlisted")]


@pytest.mark.parametrize(
    ("passed", "rules", "line"),
    [
        ({}, None, "Reminders: 7 days, 1 day and 1 hour before"),
        ({"days": 6}, None, "Reminders: 1 day and 1 hour before"),
        ({"days": 7, "hours": 22, "minutes": 30}, None, None),
        ({}, "", "Reminders: none"),
        ({}, "2d,90m", "Reminders: 2 days and 90 minutes before"),
    ],
)
async def test_the_confirmation_promises_the_reminders_that_will_come(town, ann, passed, rules, line):
    await ann.forges(2, "register:2")
    await town.running.house.database.write(programmes.choose_reminders, ann.id, rules)
    town.passes(**passed)
    lines = [shown for shown in await ann.forges(2, "register:1") if shown.startswith("Reminders")]
    assert lines == ([line] if line else [])


@pytest.mark.parametrize(
    ("offer", "words"), [(24 * 60, "24 hours"), (90, "90 minutes"), (60, "1 hour"), (0.5, "30 seconds")]
)
async def test_the_waiting_list_says_how_long_an_offer_is_kept(town, ann, offer, words):
    town.running.house.terms = Terms(offer=int(offer * MINUTE))
    await set_value(town, 1, "capacity", 1)
    await ann.presses("Register")
    bob = town.person("Bob", "en")
    await bob.says("/start session_1")
    sentence = f"When one is free you get a message and then have {words}; weekends and public holidays do not count."
    assert sentence in await bob.presses("Register")


async def test_registering_for_all_tells_everything_in_one_message(town):
    await planned(town, [f"Thema {number}" for number in range(1, 11)], capacity=1, series="Herbst")
    ann, bob = town.person("Ann", "en"), town.person("Bob", "en")
    await bob.says("/start session_4")
    await bob.presses("Register")
    await ann.says("/start series_1")
    said = await ann.presses("Register for all")
    assert said[:4] == [
        "Registration for the series: Herbst",
        "",
        "Confirmed: 9",
        "Thema 1: Thursday, 3 December, 10:00",
    ]
    assert said[13:16] == ["On the waiting list: 1", "Thema 4: Thursday, 3 December, 10:00, number 1", ""]
    assert [line for line in said if line.startswith("[")] == [
        "[Add all to calendar | ics_all:1]",
        "[Cancel all registrations | leave_all:1]",
    ]
    again = await ann.forges(2, "register_all:1")
    assert again[:2] == [OUT_OF_DATE, "Herbst 📅"]
    assert len(states(town)) == 11


async def test_who_was_registered_singly_for_each_can_still_take_all(town):
    (session,) = await planned(town)
    ann = town.person("Ann", "en")
    await ann.says(f"/start session_{session}")
    await ann.presses("Register")
    assert (await ann.forges(2, "register_all:1"))[0] == "Registration for the series: Reihe"
    assert town.select("SELECT person FROM takes_all") == [(ann.id,)]


async def test_the_calendar_file_has_the_link_and_is_taken_back_when_the_session_is_cancelled(town, ann):
    await ann.presses("Register")
    assert await ann.presses("Add to calendar") == ["Public space and welcome", "(file session-1.ics)"]
    event = await programmes.event(town, ann)
    assert (event["STATUS"], str(event["URL"]), event["SEQUENCE"]) == ("CONFIRMED", LINK, 0)
    await programmes.cancel(town, 1)
    assert await ann.presses("Add to calendar") == ["Cancelled: Public space and welcome", "(file session-1.ics)"]
    event = await programmes.event(town, ann)
    assert (event["STATUS"], event.get("URL"), event["SEQUENCE"]) == ("CANCELLED", None, 1)
    bob = town.person("Bob", "en")
    await bob.says("/sessions")
    assert "(file session-1.ics)" not in await bob.forges(2, "ics:1")


async def test_the_file_of_a_series_holds_the_sessions_with_a_seat(town, ann):
    await set_value(town, 3, "capacity", 1)
    bob = town.person("Bob", "en")
    await bob.says("/start session_3")
    await bob.presses("Register")
    await ann.forges(2, "register_all:1")
    assert await ann.forges(2, "ics_all:1") == ["Autumn 2026", "(file series-1.ics)"]
    calendar = icalendar.Calendar.from_ical(await programmes.file(town, ann))
    assert [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")] == [
        "Public space and welcome",
        "Volunteers on site",
    ]
    assert await bob.forges(2, "ics_all:1") == ["Autumn 2026", "(file series-1.ics)"]
    await bob.presses("leave:3")
    assert (await bob.forges(2, "ics_all:1"))[0].startswith("The calendar file is for people with a place.")


async def test_attended_sessions_lead_to_their_certificates(town, ann):
    await ann.presses("Register")
    town.passes(days=8)
    assert "[I am here | attend:1]" in await ann.says("/start session_1")
    await ann.presses("I am here")
    town.passes(days=1)
    assert await ann.says("/my") == [
        "You are not registered for any session to come.",
        "[Show sessions | more:sessions:0]",
        "[Attended sessions | more:my-attended:0]",
    ]
    assert await ann.presses("Attended sessions") == [
        "You attended these sessions. Choose one to get its certificate.",
        "[1 Public space and welcome (3 Dec) | certificate:1]",
        "[Go back | more:my:0] [All topics | more:topics:0]",
    ]
