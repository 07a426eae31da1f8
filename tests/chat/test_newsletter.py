"""The newsletter in the chat: nothing by accident, off from everywhere, and digests that hold when they are sent."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import editors
import programmes
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.chat import ticks
from bot.chat.cards import shortened
from bot.chat.newsletter import LONGEST, TOPIC, topic_names
from bot.domain.knowledge import Topic
from bot.domain.languages import LANGUAGES
from bot.texts import texts

pytestmark = pytest.mark.usefixtures("calm")

MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)  # 9:00 in Germany
ON, OFF = "The newsletter is on.", "The newsletter is off."
STOP = "[Stop the newsletter | newsletter:off]"
TOPICS = Path(__file__).parent.parent.parent / "knowledge" / "topics.toml"
OLD = "This button is out of date. Here is how things stand now:"


@pytest.fixture
def anna(town):
    return town.person("Anna", "en")


@pytest.fixture
async def reader(town, anna):
    """Anna, who has the newsletter, in a town whose knowledge was there before."""
    await town.delivers()
    await anna.says("/newsletter on")
    town.passes(hours=1)
    return anna


def kept(town):
    return town.select("SELECT person, topics, rhythm FROM subscriptions")


def digests(town):
    return town.select("SELECT state FROM outbox WHERE kind = 'digest'")


async def test_asking_what_it_is_stores_nobody(town, anna):
    assert (await anna.says("/newsletter"))[0] == OFF
    assert town.select("SELECT id FROM people") == []


async def test_turning_off_what_was_not_on_says_so_and_stores_nobody(town, anna):
    assert (await anna.says("/newsletter off"))[:1] == [OFF]
    assert town.select("SELECT id FROM people") == []


async def test_off_leaves_nothing_of_who_had_nothing_else(town, anna):
    await anna.says("/newsletter on")
    assert kept(town) == [(anna.id, "", "weekly")]
    await anna.presses("newsletter:off")
    assert town.select("SELECT id FROM people") == []


async def test_off_keeps_what_was_chosen_besides(town, anna):
    await anna.says("/start lang_uk")
    await anna.says("/newsletter on")
    await anna.says("/newsletter off")
    assert town.select("SELECT language FROM people") == [("uk",)]


@pytest.mark.parametrize("wish", ["ON", " off ", "Off"])
async def test_on_and_off_can_be_typed_in_any_case(anna, wish):
    assert (await anna.says(f"/newsletter {wish}"))[0] == (ON if wish == "ON" else OFF)


@pytest.mark.parametrize("wish", ["of", "on off", "weekly", "😀", "a" * 4000])
async def test_anything_else_behind_the_command_changes_nothing(town, anna, wish):
    assert (await anna.says(f"/newsletter {wish}"))[0] == OFF
    assert kept(town) == []


async def test_on_twice_keeps_what_was_chosen(town, reader):
    await reader.presses("newsletter:topics")
    await reader.presses("newsletter:add:living")
    assert (await reader.says("/newsletter on"))[2] == "Topics: Living and working"
    assert kept(town) == [(reader.id, "living", "weekly")]


async def test_registering_for_a_session_turns_nothing_on(town, anna):
    await programmes.plan(town, "autumn.csv")
    await anna.says("/start session_1")
    await anna.presses("register:1")
    assert kept(town) == []


async def test_in_groups_it_is_refused(town, anna):
    refused = "This works only in your own chat with Lotse."
    group = {"chat": {"id": -5, "type": "group", "title": "Team"}}
    for deed in (
        {"text": f"/newsletter@{town.running.house.api.name} on"},
        {"press": {"message_id": 1, "data": "newsletter:on"}},
    ):
        await town.happens({"user": anna.user, **group, **deed})
        assert (await town.transcript(-5))[-1]["text"] == refused
    await town.happens({"user": anna.user, **group, "press": {"message_id": 1, "data": "more:newsletter:0"}})
    assert (await town.transcript(-5))[-1]["text"] == refused
    assert kept(town) == []


async def test_somebody_elses_button_is_the_pressers_own_choice(town, anna):
    await anna.says("/newsletter on")
    ben = town.person("Ben", "en")
    assert (await ben.forges(2, "newsletter:off"))[0] == OFF
    assert kept(town) == [(anna.id, "", "weekly")]


async def test_old_buttons_turn_nothing_on(town, reader):
    await reader.presses("newsletter:topics")
    await reader.says("/newsletter off")
    for data in (
        "newsletter:add:living",
        "newsletter:every",
        "newsletter:monthly",
        "newsletter:topics",
        "more:newsletter:0",
    ):
        assert (await reader.forges(2, data))[:2] == [OLD, OFF]
    assert kept(town) == []


async def test_a_topic_that_is_gone_is_out_of_date(town, reader):
    assert (await reader.forges(7777, "newsletter:add:cooking"))[:2] == [OLD, ON]
    assert kept(town) == [(reader.id, "", "weekly")]


async def test_more_topics_than_fit_come_by_pages(town, reader):
    topics = town.running.house.knowledge.topics
    topics |= {f"topic-{n}": Topic(f"topic-{n}", {"en": f"Topic {n}"}) for n in range(6)}
    seen = await reader.presses("newsletter:topics")
    assert seen[-1] == "[Show more | more:newsletter:1] [Go back | newsletter:show]"
    seen = await reader.presses("Show more")
    assert seen[2:] == [  # first those that stand under no other
        "[1 Only Topic 3 | newsletter:add:topic-3]",
        "[2 Only Topic 4 | newsletter:add:topic-4]",
        "[3 Only Topic 5 | newsletter:add:topic-5]",
        "[4 Only Arriving | newsletter:add:arrival]",
        "[5 Only Work | newsletter:add:work]",
        "[Show more | more:newsletter:2] [Go back | more:newsletter:0]",
    ]
    assert (await reader.presses("Go back"))[-1] == "[Show more | more:newsletter:1] [Go back | newsletter:show]"
    assert (await reader.presses("Go back"))[0] == ON


async def test_a_press_on_a_later_page_stays_there_and_says_what_was_chosen(town, reader):
    topics = town.running.house.knowledge.topics
    topics |= {f"topic-{n}": Topic(f"topic-{n}", {"en": f"Topic {n}"}, "networking") for n in range(6)}
    await reader.presses("newsletter:topics")
    await reader.presses("Show more")
    assert await reader.presses("newsletter:add:topic-1") == [
        "Topics: Topic 1",
        "The newsletter brings what is new of these topics.",
        "[1 With Quick help | newsletter:add:safety]",  # one further on, as all can be chosen again
        "[2 With Topic 0 | newsletter:add:topic-0]",
        "[3 Without Topic 1 | newsletter:drop:topic-1]",
        "[4 With Topic 2 | newsletter:add:topic-2]",
        "[5 With Topic 3 | newsletter:add:topic-3]",
        "[Show more | more:newsletter:2] [Go back | more:newsletter:0]",
    ]
    assert kept(town) == [(reader.id, "topic-1", "weekly")]


async def test_topics_below_a_chosen_one_come_with_it_and_are_chosen_as_before_without_it(reader):
    for data in ("newsletter:topics", "newsletter:add:work", "newsletter:add:living"):
        seen = await reader.presses(data)
    chosen = [
        "Topics: Living and working",
        "The newsletter brings what is new of these topics.",
        "[1 Every topic | newsletter:every]",
        "[2 Without Living and working | newsletter:drop:living]",
        "[3 With Networking | newsletter:add:networking]",
        "[Go back | newsletter:show]",
    ]
    assert seen == chosen
    assert (await reader.forges((await reader.last())["message_id"], "newsletter:add:arrival")) == []  # an old button
    assert (await reader.presses("newsletter:drop:living"))[0] == "Topics: Work and Arriving"


async def test_the_digest_tells_of_a_chosen_topic_and_not_of_the_shelf_above_it_or_others(town, reader):
    await reader.presses("newsletter:topics")
    await reader.presses("newsletter:add:arrival")
    await editors.publish(
        town, "answers/library-card", "answers/school-lunch", "answers/bus-ticket", "practices/squares"
    )
    await programmes.plan(town, "autumn.csv")
    town.now = MONDAY
    assert [line for line in await reader.gets() if line.startswith("[")] == [
        "[1 Public space and welcome (3 Dec) | session:1]",
        "[2 Plätze, die willkommen heißen | entry:squares]",
        "[3 Get a library card | entry:library-card]",
        STOP,
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_topics_fit_their_buttons_in_every_language_and_none_reads_like_another(language):
    read = tomllib.loads(TOPICS.read_text("utf-8"))
    names = topic_names({id_: Topic(id_, one["names"], one.get("parent", "")) for id_, one in read.items()}, language)
    for label in TOPIC.values():
        labels = [shortened(texts(language).gettext(label).format(topic=name), LONGEST) for name in names.values()]
        assert len(set(labels)) == len(labels) == 22
        assert max(len(f"5 {one}") for one in labels) <= 40


async def test_where_there_are_no_topics_there_is_nothing_to_choose(town, reader):
    town.running.house.knowledge.topics.clear()
    assert [line for line in await reader.says("/newsletter") if line.startswith("[")] == [
        "[Choose how often | newsletter:rhythm]",
        STOP,
    ]


async def test_what_somebody_asks_for_in_words_is_understood(town):
    await editors.publish(town, "actions/newsletter")
    anna = town.person("Anna", "de")
    assert (await anna.says("Newsletter abbestellen"))[-1].endswith("| newsletter:on]")
    await anna.says("/newsletter on")
    assert (await anna.says("ich will keinen Newsletter mehr"))[-1].endswith("| newsletter:off]")


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rest=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20))
@example(rest="on:x")
@example(rest="off:living")
@example(rest="weekly:living")
@example(rest="every:living")
@example(rest="show:show")
@example(rest="add")
@example(rest="add:")
@example(rest=":living")
@example(rest="add:living:x")
@example(rest="add:living municipal")
async def test_any_forged_press_is_answered_in_text_and_keeps_nothing_strange(town, rest):
    eve = town.person("Eve", "en")
    if not kept(town):
        await eve.says("/newsletter on")
    if len(f"newsletter:{rest}".encode()) <= 64:
        before = len(await eve.sees())
        await eve.forges(7777, f"newsletter:{rest}")
        assert len(await eve.sees()) == before + 1
        assert kept(town) == [(eve.id, "", "weekly")]


async def test_the_digest_is_in_the_language_of_now_and_its_first_line_gives_nothing_away(town, reader):
    await editors.publish(town, "answers/library-card")
    town.now = MONDAY
    await reader.says("/start lang_de-simple")
    seen = await reader.gets()
    assert seen[0].startswith("Newsletter: ")
    assert "library" not in seen[0].casefold()
    assert any("Büchereiausweis bekommen" in line for line in seen)


async def test_help_in_danger_is_never_in_a_digest(town, reader):
    await editors.publish(town, "answers/night-shelter")
    town.now = MONDAY
    assert await reader.gets() == []
    assert digests(town) == []


async def test_what_is_gone_by_the_time_it_is_sent_is_not_told(town, reader):
    await editors.publish(town, "answers/library-card", "answers/school-lunch")
    town.now = MONDAY
    await ticks.digest(town.running.house)
    assert digests(town) == [("waiting",)]
    await editors.withdraw(town, "answers/library-card")
    seen = await reader.gets()
    assert [line for line in seen if line.startswith("[")] == [
        "[1 Mittagessen in der Schule | entry:school-lunch]",
        STOP,
    ]


async def test_where_all_is_gone_nothing_is_sent(town, reader):
    await editors.publish(town, "answers/library-card")
    town.now = MONDAY
    await ticks.digest(town.running.house)
    assert digests(town) == [("waiting",)]
    await editors.withdraw(town, "answers/library-card")
    assert await reader.gets() == []
    assert digests(town) == [("dropped",)]


async def test_a_session_that_was_cancelled_meanwhile_is_not_told(town, reader):
    await programmes.plan(town, "autumn.csv")
    town.now = MONDAY
    await ticks.digest(town.running.house)
    assert digests(town) == [("waiting",)]
    await programmes.cancel(town, 2)
    seen = await reader.gets()
    assert [line for line in seen if line.startswith("[")] == [
        "[1 Public space and welcome (3 Dec) | session:1]",
        "[2 Language at work (17 Dec) | session:3]",
        STOP,
    ]


async def test_the_digest_stays_to_be_read_whatever_is_pressed_there(town, reader):
    await editors.publish(town, "answers/library-card", "answers/school-lunch")
    await programmes.plan(town, "autumn.csv")
    town.now = MONDAY
    await reader.gets()
    sent = await reader.last()
    for data, first in (
        ("entry:library-card", "Get a library card"),
        ("session:1", "Public space and welcome 📅"),
        ("newsletter:off", OFF),
        ("newsletter:off", OFF),
    ):
        assert (await reader.forges(sent["message_id"], data))[0] == first
    assert sent in await reader.sees()
    assert kept(town) == []


async def test_its_choices_can_be_typed(town, reader):
    await editors.publish(town, "answers/library-card", "answers/school-lunch")
    town.now = MONDAY
    await reader.gets()
    sent = (await reader.last())["message_id"]
    assert (await reader.says("2", reply_to=sent))[0] == "Mittagessen in der Schule"
    assert (await reader.says("get a library card", reply_to=sent))[0] == "Get a library card"


@pytest.mark.parametrize(
    "of",
    [
        "",
        "1.2",
        "x.y",
        "1",
        "1.2.3",
        "-1.5",
        "9999999999999999.0",
        "99999999999999999.1",
        "١.٢",
        "1.٢",
        "0.9999999999999999",
    ],
)
async def test_forged_pages_of_a_digest_are_answered(reader, of):
    assert (await reader.forges(7777, f"more:digest-{of}:0"))[0] == OLD


async def test_pages_of_an_old_digest_are_out_of_date_once_it_is_off(town, reader):
    await editors.publish(
        town, "practices/volunteers", "practices/squares", "answers/library-card", "answers/school-lunch"
    )
    await programmes.plan(town, "autumn.csv")
    town.now = MONDAY
    await reader.gets()
    await reader.presses("Show more")
    await reader.presses("newsletter:off")
    back = next(data for data in await data_of(reader) if data.startswith("more:digest"))
    assert (await reader.forges(7777, back))[0] == OLD


async def data_of(person):
    return [b.get("data") for m in await person.sees() for row in m.get("buttons") or [] for b in row]


async def test_what_is_stored_is_told_and_deleted(town, reader):
    await reader.presses("newsletter:rhythm")
    await reader.presses("newsletter:monthly")
    await reader.says("/mydata")
    stored = json.loads(await programmes.file(town, reader))
    assert stored["newsletter"] == {"topics": [], "rhythm": "monthly", "since": "2026-11-25"}
    assert "That is: newsletter." in await reader.says("/delete")
    await reader.presses("Delete my data")
    assert kept(town) == []
    assert town.select("SELECT id FROM people") == []


async def test_the_privacy_notice_names_it(reader):
    seen = await reader.says("/privacy")
    assert "Without registration, role or newsletter everything is deleted after six months without a message." in seen
