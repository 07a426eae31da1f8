"""Which language a reply is in."""

import pytest

from bot.domain.languages import LANGUAGES, content_order, known, reads, reply_language


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_of_our_languages_is_known_by_its_own_code(code):
    assert known(code) == code
    assert known(code.upper()) == code


@pytest.mark.parametrize(
    ("code", "ours"),
    [
        ("en-GB", "en"),
        ("de_AT", "de"),
        ("uk-UA", "uk"),
        ("prs", "fa"),
        ("prs-AF", "fa"),
        ("fa-IR", "fa"),
        ("it", "en"),
        ("pt-br", "en"),
        ("zh-hans", "en"),
        ("simple", "en"),
        ("-", "en"),
        ("", None),
        (None, None),
    ],
)
def test_a_code_of_telegrams_is_taken_exactly_then_before_its_hyphen_then_as_english(code, ours):
    assert known(code) == ours


@pytest.mark.parametrize(
    ("chosen", "code", "question", "reply"),
    [
        ("tr", "uk", "ar", "tr"),
        (None, "uk", "ar", "ar"),
        (None, "uk", "prs", "fa"),
        (None, "uk", "it", "en"),
        (None, "uk", None, "uk"),
        (None, "de-AT", None, "de"),
        (None, "it", None, "en"),
        (None, None, None, "de-simple"),
        (None, "", None, "de-simple"),
        ("de-simple", None, "de", "de-simple"),
    ],
)
def test_a_reply_is_in_the_language_chosen_else_of_the_question_else_of_telegram(chosen, code, question, reply):
    assert reply_language(chosen, code, "de-simple", question) == reply


@pytest.mark.parametrize(
    ("language", "order"),
    [
        ("uk", ("uk", "de", "en")),
        ("de", ("de", "en")),
        ("en", ("en", "de")),
        ("de-simple", ("de-simple", "de", "en")),
    ],
)
def test_content_falls_back_to_german_then_english(language, order):
    assert content_order(language) == order


def test_another_language_than_the_readers_is_worth_a_word_except_german_for_einfache_sprache():
    assert reads("uk", "uk")
    assert reads("de-simple", "de")
    assert not reads("de", "de-simple")
    assert not reads("uk", "de")
