"""Recognising municipalities: any script, misspelt, inside a question, by postcode; and what is no place."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.places import Place
from bot.library.gazetteer import compile_gazetteer
from bot.library.places import Gazetteer
from bot.library.read import read
from bot.library.shipped import shipped
from bot.search.fold import words
from bot.search.places import recognise


@pytest.fixture(scope="session")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    """The shipped gazetteer."""
    target = Path(tmp_path_factory.mktemp("gazetteer")) / "places.sqlite"
    compile_gazetteer(shipped("knowledge") / "places", target)
    return Gazetteer(target)


def names(gazetteer: Gazetteer, text: str, *known: str) -> list[list[str]]:
    return [[place.name for place in named.places] for named in recognise(text, gazetteer, frozenset(known))]


RECOGNISED = {
    "München": [
        "юрист Мюнхен", "адвокат в Мюнхене", "у Мюнхені", "живу під Мюнхеном", "из Мюнхена", "рядом с Мюнхеном",
        "80336",
        "میونخ", "محام في ميونيخ", "بميونخ", "در مونیخ", "Münih'te Almanca kursu", "Münihte ev arıyorum", "din München",
        "kurs w Monachium", "do Monachium", "avocat à Munich", "vivo en Múnich", "Muenchen", "munchen",
        "München-Pasing",
        "Landkreis München", "Münchner Ausländerbehörde", "wohne in Pasing", "lawyer in Munich", "Ich bin aus Münchne",
    ],
    "Nürnberg": [
        "юрист у Нюрнберзі", "я з Нюрнберга, потрібен лікар", "w Norymberdze", "Nürnberg'de ev",
        "Nürnbergde ev arıyorum",
        "cursos en Núremberg", "à Nuremberg", "في نورنبرغ", "وکیل در نورنبرگ", "Nürnberger Amt", "nurnberg",
    ],
    "Augsburg": [
        "Beratung in Ausgburg", "в Аугсбурге", "z Augsburga", "w Augsburgu", "Augsburg'dan geldim", "în Augsburg",
        "beratung augsburg", "BERATUNG IN AUGSBURG", "beratung augburg", "ich wohne in ausgburg", "86150", "D-86150",
        "D 86150 Augsburg", "PLZ 86150", "٨٦١٥٠", "86150?", "Augsburger Str. 5, 86199 Augsburg", "Landkreis Augsburg",
        "Herr Müller in Augsburg", "mein mann schlägt mich in augsburg",
    ],
    "Regensburg": ["Regensburg'dayım", "в Регенсбурге", "mieszkam w Ratyzbonie", "à Ratisbonne"],
    "Rosenheim": ["Bürgeramt Rosenheim Öffnungszeiten", "Kreis Rosenheim", "в Розенхайме"],
    "Fürth": ["wo ist das Amt in Fürth?", "Fuerth", "Landkreis Fürth"],
    "Hof": ["ich wohne in Hof", "Hof", "Stadt Hof"],
    "Garmisch-Partenkirchen": ["garmisch-partenkirchen", "Garmisch"],
    "Garching bei München": ["Garching b.München", "Garching bei Muenchen", "Garching b. Müncen"],
    "Weiden in der Oberpfalz": ["Weiden i.d.OPf.", "Weiden"],
    "Sankt Wolfgang": ["St. Wolfgang", "St.Wolfgang", "sankt wolfgang"],
    "Bad Tölz": ["Bad Tölz", "bad toelz", "BAD TÖLZ"],
    "Neu-Ulm": ["neu ulm", "Neu-Ulm"],
    "Berchtesgaden": ["Berchtesgadener Land"],
    "Moosburg": ["Moosburg a.d.Isar"],
    "Memmingen": ["Мемминген"],
    "Kempten (Allgäu)": ["Kempten", "в Кемптене"],
}  # fmt: skip


@pytest.mark.parametrize(("place", "text"), [(place, text) for place, texts in RECOGNISED.items() for text in texts])
def test_a_place_is_recognised(gazetteer: Gazetteer, place: str, text: str) -> None:
    assert names(gazetteer, text, "beratung") == [[place]]


@pytest.mark.parametrize(
    "text",
    [
        "Ich suche Essen für mein Kind", "wo ist Essen?", "wald", "Wir sind im Hof gespielt", "es gibt Regen", "",
        "👍", "Is it going to rain tomorrow?", "Wie ist die Adresse?", "don't see a reason to live", "German lessons",
        "Termin verpasst", "نمی‌خواهم زنده باشم", "اضبط المنبه بعد ساعة من الان", "I am falling in love",
        "in the kitchen while we were", "Guten Morgen", "in Eile", "en ville", "we do not know", "в школе", "w domu",
        "а причина?", "служба", "speak to me in Arabic please",
        # streets and people
        "Ich wohne in der Münchner Straße", "Augsburger Straße 5", "Münchener Str. 12", "Rosenheimer Platz",
        "Herr Rosenheim",
        "Frau Landshut", "Ich heiße Anna Erlangen", "пан Аугсбург", "Herr Müller",
        # other numbers
        "0", "99999", "12345678", "0911 12345", "Telefon 089 80336-12", "Tel. 86150", "80331 Euro", "80331 €",
        "€ 80331",
        "86150 євро", "86.150 Euro", "86150,50", "Aktenzeichen 86150", "AZ 86150/24", "Az. 86150", "Kundennummer 86150",
        "Rechnung Nr. 86150", "номер 86150", "86 150", "IBAN DE12 3456 7890 86150",
        # abroad, and states
        "Ich komme aus Wien", "Sunt din Polonia", "я из Герата", "В Вене", "من فيينا", "Linz", "Zürich",
        "in Cabo Verde",
        "Jobcenter in Baden-Württemberg", "Allgäu", "in Monaco", "aus Syrien", "Я з України",
    ],
)  # fmt: skip
def test_what_is_no_place_is_none(gazetteer: Gazetteer, text: str) -> None:
    assert names(gazetteer, text, "termin", "german") == []


def test_no_question_of_the_shipped_answers_names_a_place(gazetteer: Gazetteer) -> None:
    knowledge, _ = read(shipped("knowledge"))
    asked = [
        phrase
        for entry in knowledge.entries.values()
        if entry.kind != "practice"
        for text in entry.texts.values()
        for phrase in (text.title, *text.questions, *text.keywords)
    ]
    known = {word for phrase in asked for word in words(phrase)}
    assert len(asked) > 5000
    assert [phrase for phrase in asked if recognise(phrase, gazetteer, known)] == []


def test_an_ordinary_word_is_a_place_with_a_capital_where_a_place_is_expected(gazetteer: Gazetteer) -> None:
    assert names(gazetteer, "Ich wohne in Essen") == [["Essen"]]
    assert names(gazetteer, "Termin in Regen") == [["Regen"]]
    assert names(gazetteer, "ich wohne in essen") == []


def test_umlauts_tell_places_apart_and_who_types_none_may_lack_them(gazetteer: Gazetteer) -> None:
    (named,) = recognise("in Furth", gazetteer)
    assert {place.name for place in named.places} >= {"Furth", "Fürth"}
    assert names(gazetteer, "in Fürth") == [["Fürth"]]


def test_a_text_that_names_one_place_twice_names_it_once(gazetteer: Gazetteer) -> None:
    (named,) = recognise("Augsburg Augsburg", gazetteer)
    assert (named.places[0].name, named.alone) == ("Augsburg", True)
    (named,) = recognise("in Augsburg", gazetteer)
    assert named.alone is False


def test_namesakes_at_home_are_all_given(gazetteer: Gazetteer) -> None:
    (named,) = recognise("Rechtsanwalt in Taufkirchen", gazetteer)
    assert [place.name for place in named.places] == ["Taufkirchen"] * 3
    assert named.place is None


def test_a_large_town_elsewhere_is_meant_rather_than_a_village_elsewhere(gazetteer: Gazetteer) -> None:
    assert names(gazetteer, "Beratung in Hamburg") == [["Hamburg"]]


def test_a_postcode_of_several_municipalities_gives_them_all_and_a_name_beside_it_chooses(gazetteer: Gazetteer) -> None:
    shared = next(
        (code, places)
        for place in gazetteer.of_state("BY")
        for code in gazetteer.postcodes(place.id)
        if len(places := gazetteer.places(gazetteer.postcode(code))) > 2
    )
    code, places = shared
    (named,) = recognise(code, gazetteer)
    assert {place.id for place in named.places} == set(places)
    assert (named.postcode, named.alone) == (code, True)
    one = min(places.values(), key=lambda place: place.id)
    (chosen,) = recognise(f"{code} {one.name}", gazetteer)
    assert one in chosen.places
    assert chosen.alone is False


def test_several_places_in_one_text_come_in_its_order(gazetteer: Gazetteer) -> None:
    text = "Kaufbeuren oder Memmingen, auch Augsburg, München, Nürnberg, Fürth, Erlangen, Bamberg, Bayreuth, Passau"
    assert [several[0] for several in names(gazetteer, text)] == [
        "Kaufbeuren", "Memmingen", "Augsburg", "München", "Nürnberg", "Fürth", "Erlangen", "Bamberg", "Bayreuth",
        "Passau",
    ]  # fmt: skip


def test_every_municipality_at_home_is_found_by_its_name_and_97_of_100_in_small_letters(gazetteer: Gazetteer) -> None:
    home = gazetteer.of_state("BY")
    assert len(home) > 2000
    missed = [place.name for place in home if place not in found(gazetteer, f"Beratung in {place.name}")]
    assert missed == []
    small = [place for place in home if place in found(gazetteer, f"beratung in {place.name.lower()}")]
    assert len(small) / len(home) > 0.97


@pytest.mark.parametrize("sentence", ["Beratung in {name}", "{name}"])
@pytest.mark.parametrize("error", ["omitted", "inserted", "changed", "swapped"])
def test_94_of_100_are_found_with_each_kind_of_typing_error(gazetteer: Gazetteer, sentence: str, error: str) -> None:
    chance = random.Random(7)
    home = gazetteer.of_state("BY")
    right = 0
    for place in home:
        at = chance.randrange(1, len(place.name) - 1)
        before, letter, after = place.name[:at], place.name[at], place.name[at + 1 :]
        other = chance.choice("abcdefghijklmnopqrstuvwxyz")
        written = {
            "omitted": before + after,
            "inserted": before + other + letter + after,
            "changed": before + other + after,
            "swapped": before + after[:1] + letter + after[1:],
        }[error]
        right += place in found(gazetteer, sentence.format(name=written))
    assert right / len(home) > 0.94


def test_all_are_found_by_each_of_their_postcodes(gazetteer: Gazetteer) -> None:
    for place in gazetteer.of_state("BY"):
        codes = gazetteer.postcodes(place.id)
        assert codes
        assert all(place in found(gazetteer, code) for code in codes)


def found(gazetteer: Gazetteer, text: str) -> list[Place]:
    return [place for named in recognise(text, gazetteer) for place in named.places]


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(gazetteer: Gazetteer, text: str) -> None:
    assert all(named.places for named in recognise(text, gazetteer))


def test_a_text_of_the_greatest_length_is_read_to_its_end_as_far_as_a_message_reaches(gazetteer: Gazetteer) -> None:
    assert names(gazetteer, "wort " * 800 + "in Augsburg") == [["Augsburg"]]


@pytest.mark.parametrize("text", ["x" * 100_000, "in " * 30_000, "80336," * 20_000, "Augsburg " * 10_000, "ب" * 50_000])
def test_texts_of_any_length_are_read(gazetteer: Gazetteer, text: str) -> None:
    assert {place.name for place in found(gazetteer, text)} <= {"Augsburg", "München"}
