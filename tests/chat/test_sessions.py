"""Lists and cards of sessions: everybody sees what is certain, and only who has a seat how to get in."""

from __future__ import annotations

from datetime import datetime

import programmes
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.chat.actions import ACTIONS
from bot.domain.instants import local, microseconds
from bot.domain.plan import NewSession, Wording
from bot.library.read import read
from bot.library.shipped import shipped
from bot.services import programme

TEAM = {"id": -5, "type": "group", "title": "Team"}
REFUSED = ["This works only in your own chat with Lotse."]
LINK = "https://video.example.org/raum"
OUT_OF_DATE = "This button is out of date. Here is how things stand now:"

pytestmark = pytest.mark.usefixtures("calm")


async def planned(town, titles=("Ankommen",), **given):
    """Sessions of the series "Reihe" on 3 December at 10:00, with these values; their ids."""
    house, now = town.running.house, microseconds(town.now)
    start = local(datetime.fromisoformat(given.pop("starts", "2026-12-03 10:00")), house.terms.zone)
    wording = {name: given.pop(name) for name in ("speakers", "summary", "topics", "municipalities") if name in given}

    def add(tx):
        series = programme.add_series(tx, given.pop("series", "Reihe"), {}, now)
        new = [NewSession(series, start, Wording(title, "de", **wording), **given) for title in titles]
        return [programme.add(tx, one, now, house.terms) for one in new]

    return await house.database.write(add)


def set_value(town, session, column, value):
    """Sets a column of a session."""
    statement = text(f"UPDATE sessions SET {column} = :value WHERE id = :id")
    return town.running.house.database.write(lambda tx: tx.execute(statement, {"value": value, "id": session}))


async def test_in_a_group_the_card_shows_nothing_of_the_reader_and_leads_to_their_own_chat(town):
    await programmes.plan(town, "autumn.csv")
    ann = town.person("Ann", "en")
    await ann.says("/start session_1")
    await ann.presses("Register")
    name = town.running.house.api.name
    await town.happens({"user": ann.user, "chat": TEAM, "text": f"/sessions@{name}"})
    await town.happens({"user": ann.user, "chat": TEAM, "press": {"message_id": 2, "data": "session:1"}})
    shown = (await town.transcript(TEAM["id"]))[-1]
    assert "Places: 2, 1 of them free" in shown["text"]
    assert LINK not in shown["text"]
    assert "Your registration" not in shown["text"]
    assert [[button["url"] for button in row] for row in shown["buttons"]] == [[f"https://t.me/{name}?start=session_1"]]
    await town.happens({"user": ann.user, "chat": TEAM, "text": f"/start@{name} series_1"})
    series = (await town.transcript(TEAM["id"]))[-1]
    assert [button.get("url") or button["data"] for row in series["buttons"] for button in row] == [
        f"https://t.me/{name}?start=series_1",
        "more:sessions-series.1:0",
        "more:sessions:0",
        "more:topics:0",
    ]


@pytest.mark.parametrize(
    "data",
    [
        *(f"{verb}:1" for verb in ("register", "leave", "accept", "decline", "register_all", "leave_all", "ics")),
        "ics_all:1", "more:my:0", "more:my-attended:0",
    ],
)  # fmt: skip
async def test_in_a_group_nobody_registers(town, data):
    await programmes.plan(town, "autumn.csv")
    ann = town.person("Ann", "en")
    await town.happens({"user": ann.user, "chat": TEAM, "text": f"/sessions@{town.running.house.api.name}"})
    await town.happens({"user": ann.user, "chat": TEAM, "press": {"message_id": 2, "data": data}})
    assert (await town.transcript(TEAM["id"]))[-1]["text"].split("\n") == REFUSED
    assert town.select("SELECT count(*) FROM registrations") == [(0,)]
    assert town.select("SELECT count(*) FROM people") == [(0,)]


async def test_looking_stores_nobody(town):
    await programmes.plan(town, "autumn.csv")
    ann = town.person("Ann", "en")
    for typed in ("/sessions", "/my", "/start session_1", "/start series_1", "Sprache am Arbeitsplatz"):
        assert await ann.says(typed)
    await ann.forges(2, "leave:1")
    await ann.forges(2, "ics_all:1")
    assert town.select("SELECT count(*) FROM people") == [(0,)]


async def test_a_card_of_a_session_elsewhere_names_its_time_zone(town):
    (session,) = await planned(town)
    await set_value(town, session, "zone", "Europe/Kyiv")
    card = await town.person("Ann", "en").says(f"/start session_{session}")
    assert card[1:3] == ["Thursday, 3 December 2026", "11:00 to 13:30 (Europe/Kyiv), online"]


async def test_a_session_over_midnight_says_both_days(town):
    (session,) = await planned(town, starts="2026-12-03 23:00", minutes=120)
    card = await town.person("Ann", "en").says(f"/start session_{session}")
    assert card[1:3] == [
        "Thursday, 3 December 2026, 23:00 to Friday, 4 December 2026, 01:00",
        "Time in Germany, online",
    ]


async def test_a_closed_session_says_so_and_takes_nobody(town):
    (session,) = await planned(town, capacity=5)
    ann = town.person("Ann", "en")
    await ann.says(f"/start session_{session}")
    await set_value(town, session, "state", "closed")
    answer = await ann.presses("Register")
    assert answer[0] == "Registration for this session is closed. Nothing was changed."
    assert answer[-1] == "Registration for this session is closed."
    assert "Registration is closed" in await ann.says("/sessions")
    assert town.select("SELECT count(*) FROM people") == [(0,)]


async def test_whatever_a_text_holds_is_shown_as_it_is(town):
    odd = '<b>&amp; "Ö" \u0626</b> https://example.org/?a=1&b=2'
    (session,) = await planned(town, [odd], speakers="A & B <c>", summary="<i>\n\n&", series="<u>Reihe")
    ann = town.person("Ann", "en")
    card = await ann.says(f"/start session_{session}")
    assert card[0] == f"{odd} 📅"
    assert [line for line in card if line.startswith(("Series", "Speakers"))] == [
        "Series: <u>Reihe",
        "Speakers: A & B <c>",
    ]
    assert (await ann.presses("Register"))[0] == f"Registration confirmed: {odd}"
    assert f"1 {odd}" in await ann.says("/my")
    assert (await ann.presses("leave:1"))[0] == f"Registration cancelled: {odd}"


TITLES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=90)


@given(st.lists(TITLES, unique=True, max_size=7))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_lists_keep_within_five_choices_of_forty_characters(town, titles):
    await planned(town, [f"{number} {title}" for number, title in enumerate(titles)], series=f"x{'/'.join(titles)}")
    ann = town.person("Ann", "en")
    await ann.says("/sessions")
    for message in await ann.sees():
        choices = [row[0]["text"] for row in message.get("buttons") or [] if row[0]["data"].startswith("session:")]
        assert len(choices) <= 5
        assert all(len(label) <= 40 for label in choices)
        assert all(len(row) == 1 for row in (message.get("buttons") or [])[:-1])


async def test_a_title_is_found_in_any_of_its_languages_however_it_is_written(town):
    await programmes.plan(town, "autumn.csv")
    ann = town.person("Ann", "en")
    for typed in ("PUBLIC SPACE AND WELCOME", "  oeffentlicher raum und willkommen"):
        assert "[Register | register:1]" in await ann.says(typed)
    assert "[Register | register:1]" not in await ann.says("Public space")
    await programmes.cancel(town, 1)
    assert "[Register | register:1]" not in await ann.says("Public space and welcome")


async def test_danger_wins_over_a_session_of_that_name(town):
    await planned(town, ["mein mann schlägt mich"])
    ann = town.person("Ann", "de")
    await ann.says("/sessions")
    assert (await ann.replies("mein mann schlägt mich"))[0].startswith("Antwort auf Ihre Frage.")


def test_every_action_of_the_knowledge_does_something():
    knowledge, _ = read(shipped("knowledge"))
    assert {entry.id for entry in knowledge.entries.values() if entry.kind == "action"} == set(ACTIONS)
