"""Old, forged and repeated presses: authorised again, answered once, without harm."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from town import WEDNESDAY, town_of

OUT_OF_DATE = "Dieser Knopf ist nicht mehr aktuell. Hier ist der Stand von jetzt:"
TOPICS = ["Wählen Sie ein Thema oder schreiben Sie Ihre Frage.", "[1 Leben und Arbeiten | topic:living]"]

pytestmark = pytest.mark.usefixtures("calm")

FORGED = [
    "nonsense", ":", "::::", "x" * 64, "💥" * 16, "topic:", "topic:no-such", "topic:living:1",
    "entry:", "entry:no-such", "entry:recognition:xx", "entry:recognition:de:de", "entry:residents-office",
    "entry:change-language", "contact:recognition", "contact:", "person:", "person:no-such", "person:residents-office",
    "more:", "more:topics", "more:5", "more:topics:-1", "more:topics:1.5", "more:topics:٣", "more:topics:x", "more::0",
    "more:no-such:0", "more:topic-no-such:0", "more:shelf-no-such:0", "more:contacts-no-such:0", "more:topics:0:0",
    "helpful:recognition", "helpful:recognition:maybe", "helpful:no-such:yes", "helpful:violence:yes",
    "helpful:change-language:no", "confirm:", "confirm:x", "confirm:-1", "confirm:1:1", "cancel:99999999999999999999",
    "wipe:", "wipe:x", "wipe:-1", "lang:de:de", "mydata", "delete:1:2", "register", "register:", "register:x",
    "register:-1", "register:٣", "register:1:1", "register:9999999999999999", "leave:1e1", "session:", "series:1.0",
    "accept:0x1", "ics:", "ics_all:+1", "leave_all: 1",
]  # fmt: skip


async def test_forged_buttons_say_so_and_show_how_things_stand(town):
    eve = town.person("Eve")
    await eve.says("/privacy")
    for data in FORGED:
        answer = await eve.forges(2, data)
        assert (data, answer[0]) == (data, OUT_OF_DATE)
        assert answer[1:3] == TOPICS


@pytest.mark.parametrize("page", ["999999999999999", "7", "000"])
async def test_a_page_that_is_not_there_shows_the_first(town, page):
    eve = town.person("Eve")
    await eve.says("/privacy")
    assert (await eve.forges(2, f"more:topics:{page}"))[:2] == TOPICS


async def test_a_button_of_somebody_elses_draft_does_nothing(town):
    anna, eve = town.person("Anna"), town.person("Eve")
    await anna.says("/start lang_en")
    await anna.says("/delete")
    await eve.says("/start lang_de")
    assert (await eve.forges(2, "confirm:1"))[0] == OUT_OF_DATE
    assert (await eve.forges(2, "cancel:1"))[0] == OUT_OF_DATE
    assert await anna.presses("Delete my data") == [
        "Your data is deleted.",
        "You delete the chat yourself: press long on it in the list of chats.",
    ]


async def test_a_draft_of_yesterday_is_out_of_date(town):
    anna = town.person("Anna")
    await anna.says("/start lang_de")
    await anna.says("/delete")
    town.passes(hours=1, seconds=1)
    assert (await anna.presses("Meine Daten löschen"))[0] == OUT_OF_DATE


async def test_an_unknown_language_shows_the_picker(town):
    eve = town.person("Eve")
    await eve.says("/privacy")
    assert (await eve.forges(2, "lang:xx"))[:2] == ["In welcher Sprache soll Lotse antworten?", "[Deutsch | lang:de]"]


async def test_a_press_under_a_message_that_is_gone_is_answered_beside(town):
    eve = town.person("Eve")
    await eve.says("/privacy")
    assert (await eve.forges(999, "topic:work"))[0] == "Arbeit"


async def test_the_same_press_twice_leaves_one_message_as_it_is(town):
    eve = town.person("Eve")
    await eve.says("/topics")
    await eve.forges(2, "topic:work")
    assert await eve.forges(2, "topic:work") == []
    assert len(await eve.sees()) == 2


async def test_a_vote_counts_once(town):
    eve = town.person("Eve")
    await eve.says("Wo finde ich einen Deutschkurs?")
    card = (await eve.last())["message_id"]
    data = "helpful:german-courses:yes"
    assert await eve.forges(card, data) == ["Danke. Gezählt werden nur Thema und Sprache."]
    assert await eve.forges(card, data) == ["Das ist schon gezählt."]
    assert await eve.forges(card, "helpful:german-courses:no") == ["Das ist schon gezählt."]
    counted = "SELECT language, outcome, subject, count FROM tallies ORDER BY outcome"
    assert town.select(counted) == [("de", "answer", "german-courses", 1), ("de", "helpful", "german-courses", 1)]


async def test_a_press_of_long_ago_still_works(town):
    eve = town.person("Eve")
    await eve.says("/topics")
    town.passes(days=300)
    assert (await eve.presses("1 Leben und Arbeiten"))[0] == "Leben und Arbeiten"


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    verb=st.sampled_from(["topic", "entry", "contact", "more", "lang", "person", "helpful", "confirm", "cancel", "x"]),
    arguments=st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), max_size=3),
)
async def test_any_forged_data_is_answered(town, verb, arguments):
    data = ":".join([verb, *arguments])
    town.now = WEDNESDAY
    if len(data.encode()) <= 64:
        eve = town.person("Eve")
        before = len(await eve.sees())
        assert await eve.forges(7777, data) != []
        assert len(await eve.sees()) == before + 1


@pytest.fixture
def crowded(tmp_path):
    """A knowledge folder with twelve answers on one topic."""
    folder = tmp_path / "crowded"
    for number in range(12):
        page = folder / "answers" / f"answer-{number:02}"
        page.mkdir(parents=True)
        (page / "entry.toml").write_text('topics = ["all"]', "utf-8")
        (page / "de.md").write_text(f'+++\ntitle = "Beispiel {chr(65 + number)}"\n+++\nInhalt {number}.\n', "utf-8")
    (folder / "operator.toml").write_text('controller = "Stadt Muster"', "utf-8")
    (folder / "topics.toml").write_text('[all]\nnames = {de = "Alles"}\n', "utf-8")
    return folder


async def test_long_lists_are_turned_by_pages_with_the_way_back(crowded, sqlite_ready_url):
    def page(first, last, *ways):
        choices = [
            f"[{number} Beispiel {chr(65 + at)} | entry:answer-{at:02}]"
            for number, at in enumerate(range(first, last), 1)
        ]
        return ["Alles", *choices, " ".join(ways)]

    more, back, home = "[Mehr zeigen | more:topic-all:{}]", "[Zurück | {}]", "[Alle Themen | more:topics:0]"
    async with town_of(crowded, sqlite_ready_url) as town:
        eve = town.person("Eve")
        assert await eve.says("/start topic_all") == page(0, 5, more.format(1), back.format("more:topics:0"))
        second = page(5, 10, more.format(2), back.format("more:topic-all:0"), home)
        assert await eve.presses("Mehr zeigen") == second
        assert await eve.presses("Mehr zeigen") == page(10, 12, back.format("more:topic-all:1"), home)
        assert await eve.presses("Zurück") == second
        assert (await eve.replies("2"))[:2] == ["Beispiel G", "Inhalt 6."]
