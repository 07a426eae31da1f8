"""What is counted of a question: language, outcome, topic; of help in danger not even that; never a text or an id."""

from __future__ import annotations

import pytest

from bot.chat.counting import shelf_of, topic_of
from bot.domain.knowledge import Contact, Entry, Knowledge, Topic
from bot.domain.search import Hit

LIVE = "SELECT language, outcome, topic, count FROM askers ORDER BY language, outcome, topic, count"
BY_ENTRY = "SELECT language, outcome, subject, count FROM tallies ORDER BY language, outcome, subject"
KNOWLEDGE = Knowledge(
    {
        "rent": Entry("rent", "answer", {}, ("housing", "money")),
        "plan": Entry("plan", "practice", {}, ("steering",)),
        "violence": Entry("violence", "answer", {}, ("safety",), urgent=True),
        "menu": Entry("menu", "action", {}),
        "circle": Entry("circle", "answer", {}, ("round",)),
        "stray": Entry("stray", "answer", {}, ("elsewhere",)),
    },
    {"office": Contact("office", "Office", topics=("money",))},
    {
        "living": Topic("living", {}),
        "housing": Topic("housing", {}, "living"),
        "money": Topic("money", {}, "living"),
        "municipal": Topic("municipal", {}),
        "steering": Topic("steering", {}, "municipal"),
        "round": Topic("round", {}, "about"),
        "about": Topic("about", {}, "round"),
    },
)


@pytest.mark.parametrize(
    ("subject", "topic"),
    [("rent", "housing"), ("office", "money"), ("violence", ""), ("menu", ""), ("unknown", ""), ("", "")],
)
def test_an_answer_is_counted_under_its_first_topic(subject, topic):
    assert topic_of(KNOWLEDGE, subject) == topic


@pytest.mark.parametrize(
    ("hits", "topic"),
    [
        ([], ""),
        ([("rent", 0.2), ("office", 0.1)], "living"),
        ([("plan", 0.3)], "municipal"),
        ([("plan", 0.1), ("rent", 0.2)], "living"),  # two thirds
        ([("plan", 0.11), ("rent", 0.2)], ""),
        ([("violence", 0.9), ("plan", 0.1)], "municipal"),  # danger is nobody's topic
        ([("violence", 0.3), ("menu", 0.3)], ""),
        ([("rent", 0.0)], ""),
        ([("stray", 0.2)], "elsewhere"),
        ([("circle", 0.2)], "about"),
    ],
)
def test_what_was_not_found_is_counted_under_the_shelf_that_most_of_the_hits_are_on(hits, topic):
    assert shelf_of(KNOWLEDGE, [Hit(id_, "answer", score) for id_, score in hits]) == topic


@pytest.mark.usefixtures("calm")
class TestInTheChat:
    async def test_an_answer_and_what_somebody_says_of_it(self, town):
        anna, borys = town.person("Anna"), town.person("Borys")
        await anna.says("Wo finde ich einen Deutschkurs?")
        await anna.presses("Hat geholfen")
        await borys.says("Wo finde ich einen Deutschkurs?")
        await borys.presses("Hat nicht geholfen")
        assert town.select(LIVE) == [
            ("de", "answer", "arrival", 1),
            ("de", "answer", "arrival", 1),
            ("de", "helpful", "arrival", 1),
            ("de", "not_helpful", "arrival", 1),
        ]

    async def test_what_is_not_found_has_language_and_shelf_and_no_entry(self, town):
        await town.person("Anna").says("Де полагодити велосипед?")
        assert town.select(LIVE) == [("uk", "none", "living", 1)]
        assert town.select(BY_ENTRY) == [("uk", "none", "", 1)]

    async def test_help_in_danger_is_counted_without_saying_which(self, town):
        await town.person("Mina").says("mein mann schlägt mich")
        assert town.select(LIVE) == [("de", "urgent", "", 1)]
        assert town.select(BY_ENTRY) == [("de", "urgent", "", 1)]

    async def test_a_place_alone_has_no_topic(self, town):
        await town.person("Anna").says("Augsburg")
        assert [row[2] for row in town.select(LIVE)] == [""]

    async def test_commands_and_presses_are_not_counted(self, town):
        anna = town.person("Anna")
        await anna.says("/topics")
        await anna.presses("topic:living")
        assert (town.select(LIVE), town.select(BY_ENTRY)) == ([], [])

    async def test_one_person_is_one_whatever_they_ask(self, town):
        anna = town.person("Anna")
        for _ in range(3):
            await anna.says("Wo finde ich einen Deutschkurs?")
        await anna.says("Де полагодити велосипед?")
        ((people, rows),) = town.select("SELECT COUNT(DISTINCT asker), COUNT(*) FROM askers")
        assert (people, rows) == (1, 2)
        assert town.select(f"SELECT COUNT(*) FROM askers WHERE asker LIKE '%{anna.id}%'") == [(0,)]

    async def test_who_deletes_their_data_cannot_be_found_in_the_counts(self, town):
        anna = town.person("Anna")
        await anna.says("Wo finde ich einen Deutschkurs?")
        ((before,),) = town.select("SELECT asker FROM askers")
        await anna.says("/delete")
        await anna.presses("Meine Daten löschen")
        ((after, count),) = town.select("SELECT asker, count FROM askers")
        assert (after != before, count) == (True, 1)
