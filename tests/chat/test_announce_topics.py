"""An announcement for one topic: any can be chosen, and who chose it or one above it, or none, gets it."""

from __future__ import annotations

import pytest
from announce_dialogues import confirms, control, step, subscribed
from coordination import coordinator, put

from bot.domain.knowledge import Topic

pytestmark = pytest.mark.usefixtures("calm")

TEXT = "Jobs at the town hall"


@pytest.fixture
async def cora(town):
    """A coordinator, and people who chose nothing, a shelf, a topic on it, one beside it, and one below it."""
    topics = town.running.house.knowledge.topics
    topics["recognition"] = Topic("recognition", {"en": "Recognition"}, "work")
    person = await coordinator(town)
    for name, chosen in (
        ("Anna", ""),
        ("Boris", "living"),
        ("Clara", "work"),
        ("Dilek", "arrival"),
        ("Emil", "recognition"),
    ):
        await subscribed(town, name)
        await put(town, f"UPDATE subscriptions SET topics = '{chosen}' WHERE person = {town.person(name).id}")
    await person.says(f"/announce {TEXT}")
    return person


async def test_all_topics_are_offered_by_pages_those_under_no_other_first(cora):
    assert await step(cora, "on-?") == [
        "Only one topic",
        "[Do not narrow down | announce:1:on-]",
        "[Living and working | announce:1:on-living]",
        "[Networking | announce:1:on-networking]",
        "[Arriving | announce:1:on-arrival]",
        "[Work | announce:1:on-work]",
        "[Show more | announce:1:on-page.1]",
        "[Go back | announce:1:audience]",
    ]
    assert await cora.presses("Show more") == [
        "Only one topic",
        "[Quick help | announce:1:on-safety]",
        "[Recognition | announce:1:on-recognition]",
        "[Go back | announce:1:on-page.0]",
    ]


@pytest.mark.parametrize(
    ("topic", "reached"),
    [
        ("living", ["Anna", "Boris"]),
        ("work", ["Anna", "Boris", "Clara"]),
        ("recognition", ["Anna", "Boris", "Clara", "Emil"]),
        ("networking", ["Anna"]),
        ("", ["Anna", "Boris", "Clara", "Dilek", "Emil"]),
    ],
)
async def test_it_goes_to_those_who_chose_the_topic_or_one_above_it_or_none(town, cora, topic, reached):
    await step(cora, f"on-{topic}")
    await confirms(cora)
    await town.delivers()
    heard = [
        name
        for name in ("Anna", "Boris", "Clara", "Dilek", "Emil")
        if TEXT in "\n".join(await town.person(name).shows())
    ]
    assert heard == reached


async def test_another_topic_takes_the_place_of_the_first_with_those_above_it(cora):
    await step(cora, "on-recognition")
    assert "Only with this topic, or all topics: Recognition" in (await control(cora))["text"]
    await step(cora, "on-networking")
    assert "Goes to 1 person with the newsletter: 1 English" in (await control(cora))["text"]
    await step(cora, "on-")
    assert "Goes to 5 people with the newsletter: 5 English" in (await control(cora))["text"]
