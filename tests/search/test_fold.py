import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.fold import fold, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller", "Mueller"),
        ("GRÜSSE", "gruesse"),
        ("Straße", "STRASSE"),
        ("Ämter", "Aemter"),
        ("naïve café", "NAIVE CAFE"),
        ("ﬁnden", "finden"),
        ("Ｂｒｉｅｆ", "brief"),
        ("İstanbul", "istanbul"),
        ("ışık", "isik"),
        ("złoty", "zloty"),
        ("can't", "cant"),
        ("б'є", "б’є"),
        ("їхати", "ихати"),
        ("бьёт", "бет"),
        ("أضرب", "اضرب"),
        ("مدرسة", "مدرسه"),
        ("كتاب", "کتاب"),
        ("می‌خواهم", "می خواهم"),
        ("١٢٣", "123"),
        ("۱۲۳", "१२३"),
        ("Ter\u00admin", "Termin"),
        ("a\u202eb", "ab"),
    ],
)
def test_spellings_of_one_word_become_the_same(one, other):
    assert fold(one) == fold(other)


def test_words_are_letters_and_digits_in_order():
    assert words("Wo? Melde_ich (mich) an: 2. Stock!") == ["wo", "melde", "ich", "mich", "an", "2", "stock"]


@pytest.mark.parametrize("nothing", ["", "   ", "…?!", "🙂👍🏽", "\x00", "\ud800", "\u202e\u200b"])
def test_what_has_no_letter_has_no_word(nothing):
    assert words(nothing) == []


@given(st.text(alphabet=st.characters()))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters()))
def test_words_are_folded_and_never_empty(text):
    assert all(word and words(word) == [word] for word in words(text))
