"""Texts of any kind become HTML that Telegram takes, in messages that it takes, on the side they belong to."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.chat.markup import LRM, body_lines, directed_line, foreign_link, own_words
from bot.chat.message import TAG, Button, Message, split, units

PIECES = st.sampled_from([
    "Wort", "مركز", "Amt", "110", "👨‍👩‍👧", "😀", "**", "*", "_", "`", "```", "<b>", "</a>", "&", "&amp;", "\\", "[x](",
    "https://example.org/?a=1&b=2", ")", "(", "\n", "\n\n", "  \n", "\n1. ", "\n- ", "\n# ", "\n> ", " ", '"', "'",
    "[Amt](https://example.org/a?b=1&c=<d>)", "**fett\nüber Zeilen**", "\u2068", "&#0;", "&nbsp;", "\x0b", "---",
])  # fmt: skip
BODIES = st.lists(PIECES, max_size=60).map("".join)
LANGUAGES = st.sampled_from(["de", "ar", "fa", "en"])
many = settings(max_examples=300, deadline=None, derandomize=True)


def balanced(html):
    """Whether every tag that is opened is closed in its order."""
    stack = []
    for tag in TAG.findall(html):
        if tag.startswith("</"):
            if not stack or stack.pop() != tag[2:-1]:
                return False
        else:
            stack.append(re.match(r"<(\w+)", tag)[1])
    return not stack


def visible(html):
    """What is read, without spaces."""
    return re.sub(r"\s", "", unescape(TAG.sub("", html)))


@many
@given(body=BODIES, language=LANGUAGES)
@example(body="**eins\nzwei**", language="de")
def test_each_line_of_a_body_is_complete_html(body, language):
    for line in body_lines(body, language):
        assert balanced(line)
        assert "\n" not in line
        assert not re.search(r"&(?!(?:amp|lt|gt|quot|#x27);)", line)


@settings(many, max_examples=120)
@given(body=BODIES, times=st.integers(1, 60), language=LANGUAGES, longest=st.sampled_from([64, 200, 4096]))
@example(body="😀", times=5000, language="de", longest=4096)
@example(body="&", times=5000, language="de", longest=4096)
@example(body="wort ", times=4000, language="ar", longest=4096)
@example(body="**fett** und [Amt](https://example.org/amt) ", times=300, language="de", longest=4096)
def test_a_long_body_becomes_parts_that_fit_and_lose_nothing(body, times, language, longest):
    html = "\n".join(body_lines(body * times, language))
    parts = split(html, longest)
    assert all(units(part) <= longest and balanced(part) and part.strip() for part in parts if part != html)
    assert "".join(map(visible, parts)) == visible(html)


def test_a_line_is_cut_only_when_it_must_be():
    lines = [f"Zeile {number} mit etwas Text" for number in range(400)]
    parts = split("\n".join(lines))
    assert [line for part in parts for line in part.split("\n")] == lines
    assert len(parts) == 3


def test_a_line_that_is_too_long_is_cut_between_words():
    words = [f"Wort{number}" for number in range(1000)]
    parts = split(" ".join(words))
    assert [word for part in parts for word in part.split(" ")] == words
    assert len(parts) == 2


@pytest.mark.parametrize(
    "body",
    [
        "Zeile mit **Fettem** und [Link](https://example.org/a?b=1&c=2).\n" * 300,
        "ein-sehr-langes-wort" * 1000,
        "👨‍👩‍👧😀 " * 3000,
        "<&>\"' " * 4000,
        "**fett über\nzwei Zeilen** " * 500,
        "1. Schritt & Tritt\n" * 1000,
    ],
    ids=["links", "one word", "emoji", "escapes", "bold", "steps"],
)
async def test_telegram_takes_20000_characters(town, body):
    anna = town.person("Anna")
    await anna.says("/help")
    message = Message("\n".join(body_lines(body, "de")), ((Button("Zurück", "more:topics:0"),),), silent=True)
    last = await town.running.house.api.send(anna.id, message, answers=1)
    _, _, *sent = await anna.sees()
    assert sent[-1]["message_id"] == last
    assert re.sub(r"\s", "", "".join(part["text"] for part in sent)) == visible(message.html)
    assert [bool(part["buttons"]) for part in sent] == [False] * (len(sent) - 1) + [True]
    assert all(part["silent"] and part["reply_to"] == 1 for part in sent)


@pytest.mark.parametrize(
    ("line", "language", "shown"),
    [
        ("110", "de", f"{LRM}110"),
        ("116 016", "ar", f"{LRM}116 016"),
        ("110 &amp; 112", "de", f"{LRM}110 &amp; 112"),
        ("Rufen Sie 110", "de", "Rufen Sie 110"),
        ("Musterstraße 5", "ar", f"{LRM}Musterstraße 5"),
        ("<b>Amt</b>", "fa", f"{LRM}<b>Amt</b>"),
        ("", "ar", ""),
        ("مكتب (Bürgerbüro) قريب", "ar", "مكتب \u2068(Bürgerbüro)\u2069 قريب"),
        ("مكتب (قريب)", "ar", "مكتب (قريب)"),
        ("الجهة: Beratung für alle (MBE) قريبة", "ar", "الجهة: \u2068Beratung für alle (MBE)\u2069 قريبة"),
        ("في Amt (قريب)", "ar", "في \u2068Amt\u2069 (قريب)"),
        ("مكتب (a) و (b)", "ar", "مكتب \u2068(a)\u2069 و \u2068(b)\u2069"),
        (
            '<a href="https://example.org/(a)">مكتب (Amt)</a>',
            "ar",
            '<a href="https://example.org/(a)">مكتب \u2068(Amt)\u2069</a>',
        ),
        ("Deutsch (Amt) مكتب", "de", "Deutsch (Amt) مكتب"),
    ],
)
def test_a_line_starts_on_its_side(line, language, shown):
    assert directed_line(line, language) == shown


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        ("Wo ist das Amt <hier>?", "de", "Wo ist das Amt &lt;hier&gt;?"),
        ("أين مكتب München؟", "de", "\u2068أين مكتب München؟\u2069"),
        ("أين?\nMünchen", "en", "\u2068أين?\u2069\nMünchen"),
        ("أين مكتب München؟", "ar", "أين مكتب München؟"),  # its foreign runs are isolated one by one
        ("Wo ist es?", "ar", "\u2068Wo ist es?\u2069"),
        ("", "ar", ""),
    ],
)
def test_own_words_run_as_they_do_by_themselves_in_any_line(text, language, shown):
    assert own_words(text, language) == shown


@many
@given(text=st.text(), url=st.from_regex(r"https://example\.org/[a-z()?=&\u0600-\u06ff]{0,20}", fullmatch=True))
def test_isolates_stand_around_the_words_of_a_link_never_in_its_address(text, url):
    html = directed_line(f"المصدر: {foreign_link(text, url, 'ar')}", "ar")
    assert not any(mark in tag for tag in TAG.findall(html) for mark in "\u2066\u2067\u2068\u2069\u200e\u200f")


@many
@given(body=BODIES)
def test_isolates_are_closed_in_their_line(body):
    for line in body_lines(body.replace("\u2068", ""), "ar"):
        assert line.count("\u2068") == line.count("\u2069")


def test_steps_are_numbered_and_points_below_them_are_not():
    body = "3. eins\n   - a\n   - b\n4. zwei\n\n   noch zwei\n\nAus"
    assert body_lines(body, "de") == ("3. eins", "a", "b", "4. zwei", "noch zwei", "Aus")
