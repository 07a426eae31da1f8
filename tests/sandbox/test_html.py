"""Telegram's HTML, and the addresses that it takes."""

import contextlib
import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.formatting import parse as as_sent
from bot.sandbox.links import LinkError, checked
from bot.sandbox.markup import MarkupError, parse, units

LETTERS = st.text(st.characters(exclude_categories=["Cs"]))
PIECES = st.lists(
    st.sampled_from(
        [
            *("<b>", "</b>", "<i", "</i>", "<a href='", "https://a.de", "'>", "</a>", "<pre>", "</pre>", "</>"),
            *('<code class="language-x">', "</code>", "<tg-emoji ", "class=", "<", ">", '"', " ", "🙂", "ä"),
            *("&", "&lt;", "&#x41;", "&#"),
        ],
    ),
).map("".join)


@given(PIECES | LETTERS)
def test_nothing_but_its_own_error_and_entities_inside_the_text(source):
    with contextlib.suppress(MarkupError):
        text, entities = parse(source)
        for entity in entities:
            assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= units(text)


@given(LETTERS)
def test_escaped_text_comes_back_as_it_was(text):
    assert parse(html.escape(text)) == (text, [])


@given(LETTERS, LETTERS)
def test_marked_text_is_marked_exactly(before, inside):
    text, entities = parse(f"{html.escape(before)}<b>{html.escape(inside)}</b>")
    assert text == before + inside
    marked = [{"type": "bold", "offset": units(before), "length": units(inside)}]
    assert entities == (marked if inside else [])


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<B>x</b >", "x", [{"type": "bold", "offset": 0, "length": 1}]),
        (
            "🙂<b>a<i>b</i></b>",
            "🙂ab",
            [{"type": "bold", "offset": 2, "length": 2}, {"type": "italic", "offset": 3, "length": 1}],
        ),
        (
            '<a href="https://a.de/?x=1&y=2&amp;z=3">x</a>',
            "x",
            [{"type": "text_link", "offset": 0, "length": 1, "url": "https://a.de/?x=1&y=2&z=3"}],
        ),
        ("<a>a.de</a>", "a.de", [{"type": "text_link", "offset": 0, "length": 4, "url": "http://a.de"}]),
        ('<a href="tel:112">112</a>', "112", []),
        (
            '<pre><code class="language-py">x</code></pre>',
            "x",
            [{"type": "pre", "offset": 0, "length": 1, "language": "py"}],
        ),
        ('<code class="language-py">x</code>', "x", [{"type": "code", "offset": 0, "length": 1}]),
        ('<span class="tg-spoiler">x</span>', "x", [{"type": "spoiler", "offset": 0, "length": 1}]),
        ("<tg-spoiler>x</>", "x", [{"type": "spoiler", "offset": 0, "length": 1}]),
        ("<blockquote expandable>x</blockquote>", "x", [{"type": "expandable_blockquote", "offset": 0, "length": 1}]),
        ("<blockquote>x</blockquote>", "x", [{"type": "blockquote", "offset": 0, "length": 1}]),
        (
            '<tg-emoji emoji-id="5">🙂</tg-emoji>',
            "🙂",
            [{"type": "custom_emoji", "offset": 0, "length": 2, "custom_emoji_id": "5"}],
        ),
        ("a > b &#228;&#xE4;&quot;", 'a > b ää"', []),
    ],
)
def test_tags(source, text, entities):
    assert parse(source) == (text, entities)


def test_ends_are_trimmed_and_entities_with_them():
    sent = as_sent(" \n<b> Titel </b> ", "HTML")
    assert sent.text == "Titel"
    assert sent.entities == [{"type": "bold", "offset": 0, "length": 5}]


def test_embedding_controls_go_and_isolates_stay():
    assert as_sent("a\u202eb\u2067c\u2069\r\td", "").text == "ab\u2067c\u2069 d"


def test_commands_and_addresses_are_found_outside_links_and_code():
    sent = as_sent("🙂 /help, https://a.de/x. team@a.de <code>/no</code> 1/2", "HTML")
    assert [(one["type"], one["offset"], one["length"]) for one in sent.entities] == [
        ("bot_command", 3, 5),
        ("url", 10, 14),
        ("email", 26, 9),
        ("code", 36, 3),
    ]


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("https://a.de/x", "https://a.de/x"),
        ("a.de", "http://a.de"),
        ("a.de:8080/x", "http://a.de:8080/x"),
        ("tg://resolve?domain=x", "tg://resolve?domain=x"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/"),
        ("https://bücher.example/", "https://bücher.example/"),
    ],
)
def test_addresses_that_are_taken(address, taken):
    assert checked(address) == taken


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("mailto:a@b.de", "Unsupported URL protocol"),
        ("ftp://a.de", "Unsupported URL protocol"),
        ("javascript:alert(1)", "Unsupported URL protocol"),
        ("https://a", "Wrong HTTP URL"),
        ("https://a.de:x/", "Wrong HTTP URL"),
        ("https://a b.de/", "Wrong HTTP URL"),
        ("http://[::1/", "Wrong HTTP URL"),
        ("words", "Wrong HTTP URL"),
    ],
)
def test_addresses_that_are_refused(address, reason):
    with pytest.raises(LinkError, match=reason):
        checked(address)
