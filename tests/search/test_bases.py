"""Knowledge bases of every size: empty, tiny, bare pages, and too large to train on."""

import pytest

from bot.domain.knowledge import Contact, Entry, Knowledge, Text
from bot.search import stock
from bot.search.build import build
from bot.search.find import find
from bot.search.index import dump, restore


def page(name: str, title: str, *questions: str, body: str = "", language: str = "de") -> Entry:
    return Entry(name, "answer", {language: Text(language, title, body, questions)})


def base(*entries: Entry, **more: object) -> Knowledge:
    return Knowledge(entries={entry.id: entry for entry in entries}, **more)


def test_an_empty_base_finds_nothing():
    index = restore(dump(build(Knowledge(entries={}))))
    found = find(index, "Wo finde ich einen Deutschkurs?", "de")
    assert (found.outcome, found.hits) == ("none", ())


def test_a_base_of_contacts_only():
    index = build(Knowledge(entries={}, contacts={"linde": Contact("linde", "Haus Lindenhof")}))
    assert find(index, "Lindenhof").hits[0].id == "linde"
    assert find(index, "Guten Morgen").hits == ()


def test_one_entry_is_found_by_its_title_and_suggested_otherwise():
    index = build(base(page("letter", "Brief verstehen", body="Wer hilft bei einem Schreiben vom Amt?")))
    assert find(index, "brief verstehen").outcome == "answer"
    assert find(index, "Brief nicht verstanden").outcome == "suggest"
    assert find(index, "Fahrrad kaputt").outcome == "none"


def test_bare_pages_are_found_by_their_body_but_only_suggested():
    index = build(
        base(
            page("letter", "Post vom Amt", body="Ein Bescheid hat eine Frist. Bringen Sie das Schreiben mit."),
            page("flat", "Wohnen", body="Eine Sozialwohnung braucht einen Wohnberechtigungsschein."),
            page("work", "Arbeit", body="Das Jobcenter hilft bei der Bewerbung."),
        )
    )
    found = find(index, "Wohnberechtigungsschein beantragen", "de")
    assert (found.outcome, found.hits[0].id) == ("suggest", "flat")


def test_an_entry_without_a_word_is_left_out():
    index = build(base(page("empty", "🙂"), page("letter", "Brief verstehen")))
    assert [hit.id for hit in find(index, "Brief").hits] == ["letter"]


def test_what_two_entries_share_belongs_to_neither():
    index = build(base(page("one", "Kurs am Abend", "Kurs"), page("other", "Kurs am Morgen", "Kurs")))
    assert find(index, "Kurs").hits[0].score < 0.9


@pytest.fixture
def many() -> Knowledge:
    things = ["Ausweis", "Bescheid", "Führerschein", "Geburtsurkunde", "Kindergeld", "Mietvertrag", "Rente", "Steuer"]
    verbs = ["beantragen", "verlängern", "verloren", "abholen", "übersetzen", "kosten", "ändern", "verstehen"]
    ways = ["Wie kann ich {} {}?", "{} {} bitte", "muss ich meinen {} selbst {}", "Wo kann man {} {}"]
    return base(
        *(
            page(f"{thing}-{verb}".lower(), f"{thing} {verb}", *(way.format(thing, verb) for way in ways))
            for thing in things
            for verb in verbs
        )
    )


def test_a_base_too_large_to_train_on_is_calibrated_and_answers(many, monkeypatch):
    monkeypatch.setattr(stock, "MOST_PHRASES", 100)
    index = build(many)
    assert index.shelves["de"].classifier is None
    assert restore(dump(index)).shelves["de"].classifier is None
    found = find(index, "wo muss ich den Führerschein abholen", "de")
    assert (found.outcome, found.hits[0].id) == ("answer", "führerschein-abholen")
    assert find(index, "Apfelkuchen backen", "de").outcome == "none"


def test_a_matrix_too_large_is_not_made(many, monkeypatch):
    monkeypatch.setattr(stock, "_MOST_CELLS", 1_000)
    assert build(many).shelves["de"].classifier is None
