"""Whatever arrives: an answer or an honest nothing, never an exception."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.search.build import build
from bot.search.find import find
from bot.search.rank import read


@pytest.mark.parametrize(
    "text", ["", "    ", "\n\t", "🙂🙂🙂", "👩‍👩‍👧‍👦", "?!…", "\x00\x00", "\ud800\udfff", "\u202e\u202d\u200f", "___"]
)
def test_nothing_to_read_is_none(index, text):
    found = find(index, text, "de")
    assert (found.outcome, found.hits, found.language, found.urgent) == ("none", (), None, False)


@pytest.mark.parametrize(
    "text",
    ["a" * 100_000, "Termin " * 15_000, "😀Deutschkurs" * 8_000, "ك" * 50_000, "\x00Deutschkurs\x00 finden \ud800"],
)
def test_monstrous_texts_are_read(index, text):
    assert len(find(index, text, "de").hits) <= 10


def test_controls_inside_words_do_not_hide_them(index):
    assert find(index, "\u202eDeutsch\u200bkurs\u00ad finden\u2069", "de").hits[0].id == "german-courses"
    assert find(index, "mein mann schl\u200bägt\u2069 mich", "de").urgent


@pytest.fixture(scope="module")
def asked(town):
    return build(town)


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(alphabet=st.characters(), max_size=80),
    language=st.sampled_from([None, "de", "uk", "de-simple", "xx", ""]),
)
def test_find_never_raises(asked, text, language):
    found = find(asked, text, language)
    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True)
    assert found.outcome in ("answer", "suggest", "none")
    assert not found.urgent or found.outcome == "answer"


SCRAPS = ["mein", "mann", "schlägt", "mich", "nicht", "termin", "angst", "er", "pass", ",", ".", "und", "бє", "زوجي"]


@settings(max_examples=100, deadline=None)
@given(words=st.lists(st.sampled_from(SCRAPS), max_size=40))
def test_any_order_of_words_is_read(asked, words):
    find(asked, " ".join(words))


def test_a_query_counts_what_the_shelf_does_not_know(index):
    query = read(index.shelves["de"], ["qqqqqqqq"])
    assert query.unknown == 15  # of its 8 trigrams and 7 four-grams
    assert query.unknown_stems == 1
