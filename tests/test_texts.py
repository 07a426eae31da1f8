"""Texts, dates and lists in the reader's language; catalogues of our own, written for these tests."""

import re
from datetime import UTC, date, datetime

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.domain.languages import LANGUAGES
from bot.texts import FOLDERS, OWN_NAMES, Texts, interface_languages, texts

CATALOGUES = {
    "de": {"Hello": "Guten Tag", "Only German": "Nur deutsch", "Goodbye": "Auf Wiedersehen"},
    "de-simple": {"Hello": "Hallo"},
    "en": {"Hello": "Hello", "Goodbye": "Goodbye then"},
    "pl": {"Hello": "Dzień dobry"},
}
POLISH_PLURAL = """
msgid "{n} office"
msgid_plural "{n} offices"
msgstr[0] "{n} urząd"
msgstr[1] "{n} urzędy"
msgstr[2] "{n} urzędów"
"""


@pytest.fixture
def catalogues(tmp_path, monkeypatch):
    """A folder with the catalogues above in place of the shipped one."""
    for code, messages in CATALOGUES.items():
        folder = tmp_path / "locales" / FOLDERS.get(code, code) / "LC_MESSAGES"
        folder.mkdir(parents=True)
        po = "".join(f'msgid "{english}"\nmsgstr "{own}"\n\n' for english, own in messages.items())
        (folder / "lotse.po").write_text(po + (POLISH_PLURAL if code == "pl" else ""), "utf-8")
        with (folder / "lotse.po").open("rb") as source, (folder / "lotse.mo").open("wb") as compiled:
            write_mo(compiled, read_po(source, locale=code.partition("-")[0]))
    monkeypatch.setattr("bot.texts.shipped", lambda name: tmp_path / name)


@pytest.mark.usefixtures("catalogues")
@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("pl", "Hello", "Dzień dobry"),
        ("pl", "Goodbye", "Goodbye then"),
        ("pl", "Only German", "Nur deutsch"),
        ("pl", "In no catalogue", "In no catalogue"),
        ("tr", "Hello", "Hello"),
        ("tr", "Only German", "Nur deutsch"),
        ("de", "Goodbye", "Auf Wiedersehen"),
        ("de-simple", "Hello", "Hallo"),
        ("de-simple", "Goodbye", "Auf Wiedersehen"),
        ("de-simple", "Only German", "Nur deutsch"),
    ],
)
def test_a_missing_text_falls_back_to_english_then_german_and_einfache_sprache_to_german(language, text, shown):
    assert Texts(language).gettext(text) == shown


@pytest.mark.usefixtures("catalogues")
@pytest.mark.parametrize(
    ("language", "number", "shown"),
    [
        ("pl", 1, "1 urząd"),
        ("pl", 3, "3 urzędy"),
        ("pl", 5, "5 urzędów"),
        ("pl", 1012, "1012 urzędów"),
        ("en", 1, "1 office"),
        ("en", 2, "2 offices"),
        ("ar", 11, "11 offices"),
    ],
)
def test_the_form_for_a_number_is_the_languages_own(language, number, shown):
    assert Texts(language).ngettext("{n} office", "{n} offices", number) == shown


@pytest.mark.usefixtures("catalogues")
def test_the_languages_of_the_picker_are_those_with_a_catalogue_in_its_order():
    assert interface_languages() == ("de", "de-simple", "en", "pl")


def test_every_language_of_lotse_has_its_own_name():
    assert tuple(OWN_NAMES) == LANGUAGES


@pytest.mark.parametrize(
    ("language", "day", "month"),
    [
        ("de", "3. Dezember 2026", "Dezember 2026"),
        ("de-simple", "3. Dezember 2026", "Dezember 2026"),
        ("en", "3 December 2026", "December 2026"),
        ("uk", "3 грудня 2026\N{NARROW NO-BREAK SPACE}р.", "грудень 2026"),
        ("ru", "3 декабря 2026\N{NARROW NO-BREAK SPACE}г.", "декабрь 2026"),
        ("ar", "3 كانون الأول / ديسمبر 2026", "كانون الأول / ديسمبر 2026"),
        ("tr", "3 Aralık 2026", "Aralık 2026"),
        ("fa", "3 دسمبر 2026", "دسمبر 2026"),
        ("fr", "3 décembre 2026", "décembre 2026"),
        ("ro", "3 decembrie 2026", "decembrie 2026"),
        ("pl", "3 grudnia 2026", "grudzień 2026"),
        ("es", "3 de diciembre de 2026", "diciembre 2026"),
    ],
)
def test_days_and_months_are_words_of_the_language(language, day, month):
    assert texts(language).day(date(2026, 12, 3)) == day
    assert texts(language).month("2026-12") == month


THURSDAY = datetime(2026, 12, 3, 9, 5, tzinfo=UTC)
FULL_DAYS = {
    "de": ("Donnerstag, 3. Dezember 2026", "Donnerstag, 3. Dezember", "3. Dez."),
    "de-simple": ("Donnerstag, 3. Dezember 2026", "Donnerstag, 3. Dezember", "3. Dez."),
    "en": ("Thursday, 3 December 2026", "Thursday, 3 December", "3 Dec"),
    "uk": ("четвер, 3 грудня 2026\N{NARROW NO-BREAK SPACE}р.", "четвер, 3 грудня", "3 груд."),
    "ru": ("четверг, 3 декабря 2026\N{NARROW NO-BREAK SPACE}г.", "четверг, 3 декабря", "3 дек."),
    "ar": ("الخميس، 3 كانون الأول / ديسمبر 2026", "الخميس، 3 كانون الأول / ديسمبر", "3 ديسمبر"),
    "tr": ("3 Aralık 2026 Perşembe", "3 Aralık Perşembe", "3 Ara"),
    "fa": ("پنجشنبه 3 دسمبر 2026", "پنجشنبه 3 دسمبر", "3 دسمبر"),
    "fr": ("jeudi 3 décembre 2026", "jeudi 3 décembre", "3 déc."),
    "ro": ("joi, 3 decembrie 2026", "joi, 3 decembrie", "3 dec."),
    "pl": ("czwartek, 3 grudnia 2026", "czwartek, 3 grudnia", "3 gru"),
    "es": ("jueves, 3 de diciembre de 2026", "jueves, 3 de diciembre", "3 dic"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_of_sessions_have_a_weekday_and_on_buttons_a_short_month(language):
    t = texts(language)
    days = (t.weekday(THURSDAY), t.weekday(THURSDAY, year=False), t.short_day(THURSDAY))
    assert days == FULL_DAYS[language]


def test_times_are_said_in_words_and_over_midnight_with_both_days():
    t = texts("en")
    assert t.time(THURSDAY) == "09:05"
    assert t.deadline(THURSDAY) == "Thursday, 3 December, 09:05"
    assert t.day_and_time(THURSDAY) == "Thursday, 3 December 2026, 09:05"
    assert (
        t.day_and_hours(THURSDAY, datetime(2026, 12, 3, 11, 0, tzinfo=UTC))
        == "Thursday, 3 December 2026, 09:05 to 11:00"
    )
    assert t.day_and_hours(THURSDAY, datetime(2026, 12, 4, 0, 0, tzinfo=UTC)) == (
        "Thursday, 3 December 2026, 09:05 to Friday, 4 December 2026, 00:00"
    )


@pytest.mark.parametrize(
    ("number", "unit", "words"),
    [(7, "d", "7 days"), (1, "d", "1 day"), (24, "h", "24 hours"), (1, "m", "1 minute"), (2, "s", "2 seconds")],
)
def test_spans_of_time_are_words(number, unit, words):
    assert texts("en").span(number, unit) == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_digits_are_western_in_every_language(language):
    t = texts(language)
    days = [t.day(date(2026, month, 28)) for month in range(1, 13)]
    months = [t.month(f"2026-{month:02}") for month in range(1, 13)]
    times = [t.weekday(THURSDAY), t.time(THURSDAY), t.short_day(THURSDAY), t.span(24, "h")]
    written = " ".join([*days, *months, *times, t.ngettext("{n} x", "{n} x", 1234567890)])
    assert set(re.findall(r"\d", written)) == set("0123456789")
    assert len(set(months)) == 12


@pytest.mark.parametrize(
    ("given", "shown"), [("2026-08-19", "August 2026"), ("2026-08", "August 2026"), ("2021", "2021")]
)
def test_a_sources_date_is_as_exact_as_it_is_given(given, shown):
    assert texts("de").month(given) == shown


@pytest.mark.parametrize(
    ("language", "three", "names"),
    [
        ("de", "A, B und C", "Deutsch und Arabisch"),
        ("en", "A, B and C", "German and Arabic"),
        ("uk", "A, B і C", "німецька і арабська"),
        ("tr", "A, B ve C", "Almanca ve Arapça"),
        ("ar", "A وB وC", "الألمانية والعربية"),
    ],
)
def test_lists_are_joined_as_the_language_joins_them(language, three, names):
    t = texts(language)
    assert t.items(("A", "B", "C")) == three
    assert (t.items(("A",)), t.items(())) == ("A", "")
    assert t.names(["de", "de-simple", "ar", "xx"]) == names


def test_only_arabic_and_persian_are_written_from_right_to_left():
    assert {language for language in LANGUAGES if texts(language).right_to_left} == {"ar", "fa"}


@pytest.mark.parametrize(
    ("language", "minutes", "words"),
    [
        ("en", 1050, "17.5 hours"),
        ("en", 60, "1 hour"),
        ("en", 45, "45 minutes"),
        ("en", 100, "1 hour, 40 minutes"),
        ("de", 150, "2,5 Stunden"),
        ("uk", 1050, "17,5 години"),
        ("pl", 150, "2,5 godziny"),
        ("ar", 150, "2.5 ساعة"),
        ("ar", 120, "ساعتان"),
    ],
)
def test_lengths_are_hours_with_the_language_s_own_point(language, minutes, words):
    assert texts(language).hours(minutes) == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_lengths_have_no_raw_unit_in_any_language(language):
    assert re.fullmatch(r"17[.,٫]5\W[^\d{}-]+", texts(language).hours(1050))


def test_types_of_municipalities_are_listed_in_their_own_order():
    assert texts("en").municipalities(["kreisangehoerig", "landkreis"]) == (
        "rural districts and municipalities within a district"
    )
    assert texts("en").municipalities([]) == ""
