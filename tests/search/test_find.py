"""Questions as people type them, and what they find."""

import pytest

from bot.domain.knowledge import Contact, Knowledge
from bot.domain.search import Found, Hit
from bot.search.build import build
from bot.search.find import find


def first(found: Found) -> tuple[str, str]:
    return found.outcome, found.hits[0].id


@pytest.mark.parametrize(
    ("question", "language", "wanted"),
    [
        ("Wo finde ich einen Deutschkurs?", "de", "german-courses"),
        ("wonung anmelden", "de", "register-address"),  # a letter lost
        ("Auslaenderbehoerde Termin", "de", "residence-permit"),  # umlauts spelt out
        ("AUSLANDERBEHORDE TERMIN", "de", "residence-permit"),  # and left out
        ("aufenthaltserlaubniss", "de", "residence-permit"),  # a letter too many
        ("Wohnungsuchen", "de", "find-housing"),  # run together
        ("Anerkenung meines Diplomes", "de", "recognition"),  # another ending
        ("where do I learn german", "en", "german-courses"),
        ("insurence card lost", "en", "health-insurance"),
        ("Lesecafé", "de", "reading-room"),
    ],
)
def test_finds_what_was_meant(index, question, language, wanted):
    assert first(find(index, question, language)) == ("answer", wanted)


@pytest.mark.parametrize("chosen", ["de", "en", "ru", "pl", "xx", "de-simple", None])
def test_the_chosen_language_is_a_hint_not_a_filter(index, chosen):
    assert first(find(index, "Wo melde ich meine Adresse an?", chosen)) == ("answer", "register-address")


def test_a_title_or_question_typed_back_is_its_entry(index):
    found = find(index, "  newsletter BESTELLEN!", "de")
    assert found.outcome == "answer"
    assert found.hits[0] == Hit("newsletter", "action", 0.98)


@pytest.mark.parametrize("digits", ["80336", "12.10.2026", "٨٠٣٣٦", "€ 5"])
def test_digits_are_in_no_language(index, digits):
    assert find(index, digits).language is None


@pytest.mark.parametrize("question", ["Rezept für Apfelkuchen", "Wie wird das Wetter morgen?", "قل لي نكتة"])
def test_what_the_base_does_not_have_is_none_with_hits(index, question):
    found = find(index, question)
    assert found.outcome == "none"
    assert not found.urgent
    assert all(hit.score < 0.35 for hit in found.hits)


def test_a_vague_question_gets_suggestions(index):
    found = find(index, "my husband wants to find work", "en")
    assert found.outcome == "suggest"
    assert not found.urgent
    assert "find-work" in [hit.id for hit in found.hits[:3]]
    assert 0.35 <= found.hits[0].score < 0.55


def test_hits_are_best_first_ten_at_most_and_probabilities(index):
    found = find(index, "Termin", "de")
    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True)
    assert 2 < len(scores) <= 10
    assert all(0 <= score <= 1 for score in scores)
    assert len({hit.id for hit in found.hits}) == len(scores)


def test_a_long_text_is_ranked_on_the_part_that_tells_most(index):
    filler = "Gestern sind wir lange spazieren gegangen und die Sonne schien auf die Berge. " * 12
    question = "Ich möchte meinen Aufenthaltstitel verlängern, Termin bei der Ausländerbehörde."
    assert first(find(index, filler + question + filler, "de")) == ("answer", "residence-permit")


def test_kinds_are_those_of_the_base(index):
    assert find(index, "Freiwillige lesen mit Familien", "de").hits[0].kind == "practice"
    assert find(index, "Rundbrief", "de").hits[0].kind == "action"
    assert find(index, "Beratungsstelle Lindenhof").hits[0].kind == "contact"


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Lindenhof", "lindenhof"),
        ("Kompassrose Telefon", "kompass"),
        ("Beratungsstelle Lindenhof Adresse", "lindenhof"),
        ("kompasrose", "kompass"),
        ("phone number of Kompassrose please", "kompass"),
    ],
)
def test_a_question_that_names_a_contact_finds_it(index, question, wanted):
    assert first(find(index, question)) == ("answer", wanted)


def test_a_contact_stays_below_the_answer_on_a_topic(index):
    found = find(index, "Termin Ausländerbehörde Musterstadt", "de")
    assert first(found) == ("answer", "residence-permit")
    assert "office" in [hit.id for hit in found.hits]


def test_what_is_said_about_a_contact_makes_it_a_later_hit(index):
    found = find(index, "Wer hilft Betrieben?", "de")
    kinds = {hit.id: hit.kind for hit in found.hits}
    assert kinds["kompass"] == "contact"
    assert found.hits[0].kind != "contact"


def test_a_whole_name_is_the_contact_even_where_others_share_its_words():
    shared = [Contact(str(number), name) for number, name in enumerate(("Haus Nord", "Haus Nord West", "Haus Ost"))]
    index = build(Knowledge(entries={}, contacts={contact.id: contact for contact in shared}))
    assert find(index, "Haus Nord").hits[0] == Hit("0", "contact", 0.9)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("дозвіл на проживання", "uk"),
        ("мені потрібен дозвіл на проживання", "uk"),
        ("продовжити посвідку на проживання", None),
        ("zezwolenie na pobyt", "pl"),
    ],
)
def test_the_glossary_reaches_entries_in_other_languages(index, question, language):
    found = find(index, question, language)
    assert found.hits[0].id == "residence-permit"
    assert found.outcome in ("answer", "suggest")
    assert not found.urgent


def test_a_language_that_the_base_lacks_still_finds_loan_words(index):
    assert find(index, "asigurare", "ro").hits[0].id == "health-insurance"
    assert find(index, "jak działa Integrationskurs", "pl").hits[0].id == "german-courses"
