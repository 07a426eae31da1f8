"""The glossary: which terms a question speaks of, and what that is worth on a shelf in another language."""

import pytest

from bot.domain.knowledge import Knowledge
from bot.search.build import build
from bot.search.find import ANSWER, find
from bot.search.fold import words
from bot.search.glossary import Spotted, build_glossary
from bot.search.index import Index

TERMS = {
    "course": {"de": ("Deutschkurs",), "uk": ("вивчити німецьку",), "ru": ("курсы немецкого",)},
    "permit": {"de": ("Erlaubnis",), "ar": ("تصريح",)},
    "work-permit": {"de": ("Arbeitserlaubnis",), "ar": ("تصريح عمل",)},
    "eviction": {"de": ("Räumung",), "ru": ("выселение",)},
}


def spotted(question: str, *languages: str, strange: bool = False) -> Spotted:
    asked = words(question)
    return build_glossary(TERMS).find(asked, languages, asked if strange else ())


@pytest.mark.parametrize(
    "question",
    ["де вивчити німецьку", "німецьку хочу вивчити", "вивчити тут швидко німецьку", "де можна вивчити німецької"],
)
def test_the_words_of_a_term_may_stand_apart_and_in_any_order_and_ending(question):
    assert spotted(question, "uk").terms == [0]


def test_the_words_of_a_term_must_stand_near_each_other():
    assert spotted("вивчити я хочу ще до кінця цього року німецьку", "uk").terms == []


def test_every_word_of_a_term_must_be_there():
    assert spotted("вивчити математику", "uk") == Spotted([], frozenset())


def test_a_term_inside_a_longer_one_is_not_meant():
    assert spotted("أريد تصريح عمل", "ar").terms == [2]
    assert spotted("أريد تصريح", "ar").terms == [1]


def test_the_words_that_a_term_was_read_from_are_covered():
    assert spotted("где курсы немецкого", "ru").covered == {"курсы", "немецкого"}


def test_a_slip_of_the_finger_keeps_the_first_letter():
    assert spotted("выселеные", strange=True).terms == [3]
    assert spotted("население", strange=True).terms == []


@pytest.fixture(scope="module")
def bridged(town: Knowledge) -> Index:
    glossary = {
        "course": {"de": ("Deutschkurs", "Deutsch lernen"), "en": ("German course",), "uk": ("курси німецької",)},
        "school": {"de": ("Schule",), "en": ("school",), "uk": ("школа",)},
    }
    return build(Knowledge(entries=town.entries, contacts=town.contacts, glossary=glossary))


@pytest.mark.parametrize(
    ("question", "outcome"),
    [("шукаю курси німецької", "answer"), ("чи є тут якісь курси німецької для мене", "suggest")],
)
def test_a_translated_question_reaches_its_answer_past_a_shelf_with_only_urgent_entries(bridged, question, outcome):
    found = find(bridged, question)
    assert (found.hits[0].id, found.outcome, found.language) == ("german-courses", outcome, "uk")


def test_a_question_that_is_only_half_understood_is_not_given_an_answer(bridged):
    found = find(bridged, "слова пісні про нашу школу")
    assert found.outcome != "answer"
    assert all(hit.score < ANSWER for hit in found.hits)


def test_a_term_in_another_ending_is_found_by_its_beginnings(bridged):
    assert find(bridged, "курсів німецької").hits[0].id == "german-courses"
