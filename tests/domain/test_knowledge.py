"""Which version of a text a reader gets, and how old a statement is."""

import pytest

from bot.domain.knowledge import Source, in_language, newest_date


@pytest.mark.parametrize(
    ("versions", "language", "version"),
    [
        ({"de": 1, "en": 2, "uk": 3}, "uk", 3),
        ({"de": 1, "en": 2}, "uk", 1),
        ({"en": 2, "fr": 4}, "uk", 2),
        ({"fr": 4, "pl": 5}, "uk", 4),
        ({"de": 1, "de-simple": 6}, "de-simple", 6),
        ({"de": 1, "en": 2}, "de-simple", 1),
        ({}, "de", None),
    ],
)
def test_the_readers_language_then_german_then_english_then_any(versions, language, version):
    assert in_language(versions, language) == version


@pytest.mark.parametrize(
    ("dates", "newest"),
    [(("2021", "2023-11", "2023-10-30"), "2023-11"), (("", "2021"), "2021"), (("", ""), ""), ((), "")],
)
def test_the_newest_source_as_exact_as_it_is_given(dates, newest):
    assert newest_date([Source("a source", date=date) for date in dates]) == newest
