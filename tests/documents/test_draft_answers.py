"""An answered question becomes a file that the knowledge can hold, whatever was written in it."""

from __future__ import annotations

import tomllib
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.markup import LRM, body_lines, escape
from bot.documents.draft_answers import draft_files, markdown
from bot.domain.inquiries import Inquiry
from bot.library.rules import INVISIBLE, LONGEST_TITLE

QUESTION = "Wie lange dauert es,\nbis eine Anerkennung fertig ist?"
ANSWER = '<b>Vier Monate</b> höchstens.\n\nMehr: <a href="https://example.org/a?b=1&amp;c=(2)">Blatt</a> &lt;neu&gt;'


def inquiry(text=QUESTION, answer=ANSWER, language="uk"):
    return Inquiry(7, 1, "recognition", language, text, "answered", 0, answer, 1)


def front(page):
    """The front matter and the body of a page."""
    _, values, body = page.split("+++\n", 2)
    return tomllib.loads(values), body


def test_the_page_holds_question_and_answer_and_is_marked_as_a_draft():
    files = draft_files(inquiry(), (), (), ())
    assert list(files) == ["uk.md", "entry.toml"]
    values, body = front(files["uk.md"])
    assert values == {
        "title": "Wie lange dauert es, bis eine…",
        "questions": ["Wie lange dauert es, bis eine Anerkennung fertig ist?"],
    }
    assert body == ("**Vier Monate** höchstens.\n\nMehr: [Blatt](<https://example.org/a?b=1&c=(2)>) \\<neu\\>\n")
    for text in files.values():
        assert "# A draft, made from a question to the coordination team" in text
        assert "Take out everything personal" in text


@pytest.mark.parametrize(
    ("known", "expected"), [({"recognition", "work"}, {"topics": ["recognition"]}), ({"work"}, {}), ((), {})]
)
def test_only_topics_that_the_folder_knows_are_named(known, expected):
    sheet = draft_files(inquiry(), ("recognition",), ("migrants",), known)["entry.toml"]
    assert tomllib.loads(sheet) == {**expected, "audience": ["migrants"]}
    assert 'topics = ["recognition"]' in sheet


def test_no_source_is_claimed():
    assert tomllib.loads(draft_files(inquiry(), (), (), ())["entry.toml"]) == {}


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("1 * 2 * 3 = _x_ [a](b) `c` \\", "1 \\* 2 \\* 3 = \\_x\\_ \\[a\\](b) \\`c\\` \\\\"),
        ("# kein Titel\n+++\n> Zitat", "\\# kein Titel\n\\+++\n\\> Zitat"),
        ("<u>unter</u> <tg-spoiler>strich</tg-spoiler> <i>kursiv</i>", "unter strich *kursiv*"),
        ("&lt;b&gt; &amp;amp;", "\\<b\\> \\&amp;"),
    ],
)
def test_what_looks_like_markup_stays_text(html, expected):
    assert markdown(html) == expected


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=200))
def test_any_question_makes_a_page_that_can_be_read(text):
    values, body = front(draft_files(inquiry(text), (), (), ())["uk.md"])
    assert len(values["title"]) <= LONGEST_TITLE
    for value in (values["title"], *values["questions"], body):
        assert not INVISIBLE.search(value)
    assert "\n" not in values["title"] + values["questions"][0]


@given(st.text("ab *_[]<>#`\\&+~=-(:)\n", max_size=60))
def test_any_answer_is_shown_as_it_was_written(text):
    shown = unescape("".join(body_lines(markdown(escape(text)), "de")))
    assert "".join(shown.replace(LRM, "").split()) == "".join(text.split())
