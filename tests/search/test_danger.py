"""Danger is heard in any language, in any place of a text; harmless neighbours raise no alarm."""

import pytest

from bot.domain.knowledge import Knowledge
from bot.search.build import build
from bot.search.find import find

LONG = (
    "Guten Tag, wir sind vor drei Wochen mit den Kindern angekommen und haben eine Frage zum Sprachkurs am Abend. "
    "Die Grundschule ist in der Nähe, der Bus fährt stündlich, das Wetter ist schön. "
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("mein mann schlägt mich", "violence"),
        ("Mein Vater schlägt mich", "violence"),
        ("meine Frau schlägt mich", "violence"),
        ("MEIN BRUDER SCHLAEGT MICH", "violence"),
        ("mein man schlegt mich", "violence"),
        ("Schlägt mich mein Mann, wohin kann ich gehen?", "violence"),
        ("meine Eltern wollen dass ich heirate aber ich will nicht", "violence"),
        ("ich habe angst nach hause zu gehn", "violence"),
        ("my father hits me", "violence"),
        ("im afraid to go home", "violence"),
        ("мій батько мене бє", "violence"),
        ("чоловік мене бьє", "violence"),
        ("отец меня бьет", "violence"),
        ("أبي يضربني", "violence"),
        ("مرحبا أريد دورة لغة وزوجي يضربني كل يوم", "violence"),
        ("zawji yodrobni", "violence"),
        ("babam beni dövüyor", "violence"),
        ("شوهرم مرا می زند", "violence"),
        ("ich kann nicht mehr", "crisis"),
        ("Suche einen Kurs. Ich kann nicht mehr.", "crisis"),
        ("ich kan nicht mehr", "crisis"),
        ("i dont want to live any more", "crisis"),
    ],
)
def test_danger_is_heard(index, text, wanted):
    found = find(index, text)
    assert (found.urgent, found.outcome, found.hits[0].id) == (True, "answer", wanted)
    assert found.hits[0].score >= 0.55


@pytest.mark.parametrize("chosen", ["de", "en", "uk", None])
def test_danger_is_heard_in_the_middle_of_a_long_text(index, chosen):
    text = LONG * 10 + "und übrigens schlägt mich mein Mann oft, wann ist der nächste Kurs? " + LONG * 13
    assert len(text) > 4096
    found = find(index, text, chosen)
    assert (found.urgent, found.outcome, found.hits[0].id) == (True, "answer", "violence")


def test_the_long_text_by_itself_is_harmless(index):
    assert not find(index, LONG * 20, "de").urgent


@pytest.mark.parametrize(
    "text",
    [
        "Wie schlage ich meinem Chef einen Termin vor?",
        "Krankenversicherung Notfallkarte",
        "Hausarzt finden",
        "my husband wants to find work",
        "Meine Frau sucht eine Stelle",
        "Ich kann nicht mehr zum Kurs kommen",
        "mein Pass ist abgelaufen",
        "Meine Eltern wollen mich besuchen",
        "Darf mein Sohn nach Hause gehen, wenn die Schule aus ist?",
        "чоловік шукає роботу",
        "زوجي يبحث عن عمل",
        "kocam iş arıyor",
        "mój mąż szuka pracy",
        "Wer zahlt den Kurs, wenn ich eine Krise im Betrieb habe?",
    ],
)
def test_harmless_neighbours_raise_no_alarm(index, text):
    assert not find(index, text).urgent


def test_negation_belongs_to_the_phrase(index):
    assert find(index, "я не хочу жити").urgent
    assert not find(index, "я хочу жити в Німеччині").urgent


def test_an_urgent_entry_that_ranks_first_without_a_word_of_danger_is_only_offered(index):
    found = find(index, "Ich kann nicht mehr zum Kurs kommen", "de")
    assert found.outcome == "suggest"
    assert "german-courses" in [hit.id for hit in found.hits[:3]]


def test_without_urgent_entries_there_is_no_alarm(town):
    calm = {name: entry for name, entry in town.entries.items() if not entry.urgent}
    found = find(build(Knowledge(entries=calm)), "mein mann schlägt mich", "de")
    assert not found.urgent
