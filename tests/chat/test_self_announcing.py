"""Switching on what a series announces by itself, and what people get then."""

from __future__ import annotations

from datetime import UTC, datetime

import programmes
import pytest
from coordination import coordinator
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.chat import ticks

pytestmark = pytest.mark.usefixtures("calm")

SUNDAY = datetime(2026, 11, 29, 23, 0, tzinfo=UTC)  # midnight in Germany; session 1 begins on Thursday at ten
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
HEADING = "What the series announces by itself: Autumn 2026"
STOP = "[Stop the newsletter | newsletter:off]"


@pytest.fixture
async def cora(town):
    await programmes.plan(town, "autumn.csv")
    return await coordinator(town)


@pytest.fixture
async def anna(town):
    """Somebody who wants everything at once."""
    anna = town.person("Anna", "en")
    await anna.says("/newsletter on")
    await anna.forges(2, "newsletter:at-once")
    return anna


async def switched_on(cora, *wishes):
    for wish in wishes:
        await cora.forges(7777, f"plan:1:announces-{wish}.on")


def wished(town):
    return town.select("SELECT announces FROM series")


def queued(town):
    return town.select("SELECT state FROM outbox WHERE kind = 'announcement'")


async def test_it_is_off_until_it_was_previewed_and_switched_on(town, cora):
    await cora.forges(7777, "plan:1")
    assert "[Announcements of the series | plan:1:announces]" in await cora.presses("Change texts")
    assert (await cora.presses("Announcements of the series"))[:2] == [HEADING, "1 Announce it as new: off"]
    assert "It is off. Nothing has been changed yet." in await cora.presses("1 Announce it as new")
    assert wished(town) == [("",)]
    assert (await cora.presses("Switch on"))[1] == "1 Announce it as new: on"
    assert wished(town) == [("new",)]
    await cora.presses("1 Announce it as new")
    assert (await cora.presses("Switch off"))[1] == "1 Announce it as new: off"
    assert wished(town) == [("",)]


@pytest.mark.usefixtures("anna")
async def test_the_preview_says_how_many_it_would_reach(town, cora):
    ben = town.person("Ben", "en")
    await ben.says("/newsletter on")
    people = {"new": "2 people", "soon": "1 person", "changed": "2 people"}
    for wish, many in people.items():
        assert f"Today it would reach {many}." in await cora.forges(7777, f"plan:1:announces-{wish}")


async def test_what_was_announced_already_says_so(town, cora):
    await switched_on(cora, "new")
    await town.delivers()
    seen = await cora.forges(7777, "plan:1:announces-new")
    assert "This series was announced already, and is not announced again." in seen


@pytest.mark.parametrize("data", ["plan:1:announces", "plan:1:announces-new", "plan:1:announces-new.on"])
async def test_only_the_coordination_team_may(town, cora, data):
    eve = town.person("Eve", "en")
    assert await eve.forges(7777, data) == ["Only the coordination team can do this."]
    await cora.forges(7777, "plan:1:announces-new")
    town.running.house.coordinators -= {cora.id}
    assert await cora.forges(7777, data) == ["Only the coordination team can do this."]
    assert wished(town) == [("",)]


async def test_in_groups_it_is_refused(town, cora):
    group = {"chat": {"id": -5, "type": "group", "title": "Team"}}
    await town.happens({"user": cora.user, **group, "press": {"message_id": 1, "data": "plan:1:announces-new.on"}})
    assert wished(town) == [("",)]


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rest=st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=":"), max_size=12))
@example(rest="new.")
@example(rest="new.ON")
@example(rest="new.maybe")
@example(rest=".on")
@example(rest="new soon.on")
@example(rest="-new.on")
async def test_any_forged_switch_is_answered_and_switches_nothing(town, cora, rest):
    data = f"plan:1:announces-{rest}"
    if len(data.encode()) <= 64:
        before = len(await cora.sees())
        await cora.forges(7777, data)
        assert len(await cora.sees()) == before + 1
        assert wished(town) == [("",)]


async def test_a_new_series_reaches_each_reader_in_their_language(town, cora, anna):
    omar = town.person("Omar", "ar")
    await omar.says("/newsletter on")
    await switched_on(cora, "new")
    assert (await anna.gets())[0] == "New series: Autumn 2026 📅"
    assert any("المكان العام والترحيب" in line for line in await omar.gets())
    assert await anna.gets() == []


async def test_by_night_it_waits_for_the_morning(town, cora, anna):
    town.now = SUNDAY
    await switched_on(cora, "new")
    assert await anna.gets() == []
    town.passes(hours=8)
    assert (await anna.gets())[-1] == STOP


async def test_who_is_registered_hears_of_a_change_once(town, cora, anna):
    await switched_on(cora, "new", "changed")
    await anna.gets()
    await anna.presses("register_all:1")
    await programmes.move(town, 2, "2026-12-11 10:00")
    town.passes(minutes=10)
    seen = await anna.gets()
    assert [line for line in seen if line.startswith("New time")] == ["New time: Volunteers on site"]
    assert "[Keep my place | keep:2]" in seen
    assert [state for (state,) in queued(town)] == ["sent"]


async def test_places_that_are_gone_for_good_are_not_offered(town, cora, anna):
    await switched_on(cora, "soon")
    town.now = MONDAY
    await ticks.proclaim(town.running.house)
    await ticks.announce(town.running.house)
    assert queued(town) == [("waiting",)]
    await programmes.cancel(town, 1)
    assert await anna.gets() == []
    assert queued(town) == [("dropped",)]


async def test_a_press_below_it_leaves_it_to_be_read(cora, anna):
    await switched_on(cora, "new")
    await anna.gets()
    sent = await anna.last()
    assert (await anna.presses("newsletter:off"))[0] == "The newsletter is off."
    assert sent in await anna.sees()
