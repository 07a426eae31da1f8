"""Calibration is checked on questions that nothing was trained or calibrated on."""

import random

import pytest

from bot.domain.knowledge import Entry, Knowledge, Text
from bot.search.build import build
from bot.search.calibrate import calibrate
from bot.search.find import find

_TOPICS = {
    "course": "Deutschkurs Sprachkurs Unterricht Lehrer lernen Grammatik Prüfung Anfänger",
    "flat": "Wohnung Miete Vermieter Zimmer Kaution Makler Mietvertrag umziehen",
    "doctor": "Arzt Praxis Schmerzen Rezept Apotheke Zahnarzt Impfung Untersuchung",
    "work": "Arbeit Stelle Bewerbung Lebenslauf Chef Lohn kündigen Probezeit",
    "school": "Schule Klasse Zeugnis Lehrerin Hausaufgaben Einschulung Ranzen Ferien",
    "permit": "Aufenthaltstitel Visum Pass Ausländerbehörde verlängern Karte Einreise Duldung",
    "money": "Konto Bank Überweisung Schulden Kredit Zinsen Sparbuch Gebühr",
    "child": "Kita Kindergarten Betreuung Tagesmutter Spielplatz Elternzeit Kindergeld Erzieherin",
    "car": "Führerschein Auto Fahrschule Zulassung Kennzeichen Werkstatt Tüv Unfallbericht",
    "sport": "Verein Fußball Schwimmbad Turnhalle Trainer Mitglied Mannschaft Turnier",
}
_FRAMES = ["Wie ist das mit {} und {}?", "ich habe eine Frage zu {} {}", "{} {} was tun", "wo gibt es {} oder {}",
           "brauche Rat: {} {}", "{} trotz {} möglich?"]  # fmt: skip


def _asked(words: str, chance: random.Random, count: int) -> list[str]:
    return [chance.choice(_FRAMES).format(*chance.sample(words.split(), 2)) for _ in range(count)]


@pytest.fixture(scope="module")
def cases() -> list[tuple[float, bool]]:
    """The best hit's probability and whether it is right, for a third part of questions never seen before."""
    chance = random.Random(7)
    kept = dict(list(_TOPICS.items())[:8])
    entries = {
        name: Entry(name, "answer", {"de": Text("de", words.split()[0], "", tuple(_asked(words, chance, 9)))})
        for name, words in kept.items()
    }
    index = build(Knowledge(entries=entries))
    cases = []
    for name, words in _TOPICS.items():
        for question in _asked(words, chance, 30):
            best = find(index, question, "de").hits[0]
            cases.append((best.score, best.id == name))
    return cases


def test_probabilities_mean_what_they_say(cases):
    bins: dict[int, list[tuple[float, bool]]] = {}
    for score, right in cases:
        bins.setdefault(min(4, int(score * 5)), []).append((score, right))
    error = sum(abs(sum(score - right for score, right in held)) for held in bins.values()) / len(cases)
    assert error < 0.15


def test_answers_are_mostly_right_and_what_is_missing_is_mostly_refused(cases):
    given = [right for score, right in cases if score >= 0.55]
    assert len(given) > 150
    assert sum(given) / len(given) > 0.9
    missing = [score for score, _ in cases[240:]]
    assert sum(score < 0.55 for score in missing) / len(missing) > 0.8


def test_with_nothing_to_hold_out_the_prior_holds():
    assert calibrate([]) == {True: (-4.0, 0.8), False: (-1.5, 5.6)}
