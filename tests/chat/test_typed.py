"""What coordinators type becomes HTML that Telegram accepts, whatever its formatting says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.arrival import parse
from bot.chat.typed import TAGS, Span, as_html
from bot.sandbox.formatting import parse as parse_as_telegram


def arrived(text, *entities, command=False):
    """The arrival of a message with this text and these entities (type, offset, length, and more)."""
    formatted = [dict(zip(("type", "offset", "length", "url"), one, strict=False)) for one in entities]
    message = {"message_id": 1, "date": 0, "text": text, "entities": formatted}
    message |= {"chat": {"id": 1, "type": "private"}, "from": {"id": 1, "first_name": "A"}}
    found = parse({"update_id": 1, "message": message}, "lotse_bot")
    assert found is not None
    assert found.kind == ("command" if command else "text")
    return found


def html(text, *entities, command=False):
    found = arrived(text, *entities, command=command)
    return as_html(found.text, found.spans)


@pytest.mark.parametrize(
    ("kind", "tag"), [(kind, tag) for kind, tag in TAGS.items() if kind not in {"text_link", "expandable_blockquote"}]
)
def test_each_kind_of_formatting_is_kept(kind, tag):
    assert html("Ab heute gilt das", (kind, 3, 5)) == f"Ab <{tag}>heute</{tag}> gilt das"


def test_a_quote_that_unfolds_and_a_link_are_kept():
    assert html("Zitat", ("expandable_blockquote", 0, 5)) == "<blockquote expandable>Zitat</blockquote>"
    link = ("text_link", 0, 4, 'https://example.org/?a=1&b="2"')
    assert html("hier", link) == '<a href="https://example.org/?a=1&amp;b=&quot;2&quot;">hier</a>'


def test_the_command_is_cut_off_and_formatting_moves_along():
    text = "/announce  Neu: 😀 Kurs\nab Montag "
    assert html(text, ("bot_command", 0, 9), ("bold", 19, 4), ("italic", 0, 14), command=True) == (
        "<i>Neu</i>: 😀 <b>Kurs</b>\nab Montag"
    )


def test_offsets_count_utf16_units_before_invisible_characters_are_taken_out():
    assert html("😀\u202e\u200bAchtung\x00!", ("bold", 4, 7)) == "😀<b>Achtung</b>!"


def test_formatting_inside_other_formatting_is_kept():
    assert html("eins zwei drei", ("bold", 0, 14), ("italic", 5, 4), ("underline", 5, 9)) == (
        "<b>eins <u><i>zwei</i> drei</u></b>"
    )


@pytest.mark.parametrize(
    ("entities", "expected"),
    [
        ([("bold", 0, 6), ("italic", 3, 8)], "<b>eins z</b>wei drei"),
        ([("bold", 0, 4), ("bold", 0, 4)], "<b>eins</b> zwei drei"),
        ([("code", 0, 9), ("bold", 0, 4)], "<code>eins zwei</code> drei"),
        ([("bold", 0, 9), ("code", 0, 4)], "<b>eins zwei</b> drei"),
        ([("blockquote", 0, 9), ("expandable_blockquote", 0, 4)], "<blockquote>eins zwei</blockquote> drei"),
        ([("bold", 0, 10**18)], "<b>eins zwei drei</b>"),
        ([("bold", -5, 9)], "<b>eins</b> zwei drei"),
        ([("bold", 90, 5)], "eins zwei drei"),
        ([("bold", 5, -2)], "eins zwei drei"),
        ([("bold", 5, 0)], "eins zwei drei"),
        ([("bold", "5", 2)], "eins zwei drei"),
        ([("bold", True, 2)], "eins zwei drei"),
        ([("bold", 5, None)], "eins zwei drei"),
        ([("mention", 0, 4)], "eins zwei drei"),
        ([("custom_emoji", 0, 4)], "eins zwei drei"),
        ([("text_link", 0, 4)], "eins zwei drei"),
        ([("text_link", 0, 4, "javascript:alert(1)")], "eins zwei drei"),
        ([("text_link", 0, 4, "https://exa mple.org")], "eins zwei drei"),
        ([("text_link", 0, 4, "https://example.org/\ud800")], "eins zwei drei"),
        ([("text_link", 0, 4, ["https://example.org"])], "eins zwei drei"),
    ],
)
def test_formatting_that_makes_no_sense_is_dropped_and_the_text_stays(entities, expected):
    assert html("eins zwei drei", *entities) == expected


@pytest.mark.parametrize("entities", [None, "bold", 7, {"type": "bold"}, [None, 3, "x", []], [{"type": []}]])
def test_entities_that_are_none_change_nothing(entities):
    message = {"message_id": 1, "date": 0, "text": "eins", "entities": entities}
    message |= {"chat": {"id": 1, "type": "private"}, "from": {"id": 1, "first_name": "A"}}
    found = parse({"update_id": 1, "message": message}, "lotse_bot")
    assert found is not None
    assert (found.text, found.spans) == ("eins", ())


def test_what_looks_like_markup_stays_as_it_was_typed():
    assert html("<b>fett</b> & **auch** [x](y)") == "&lt;b&gt;fett&lt;/b&gt; &amp; **auch** [x](y)"
    assert html("a\ud800b\x00c\u202ed") == "abcd"


ANY = st.text(st.sampled_from("aö😀 \n<&>\u202e\u200bא\x00"), max_size=30)
ENTITY = st.tuples(
    st.sampled_from(sorted(TAGS)), st.integers(-3, 40), st.integers(-3, 40), st.just("https://example.org/a?b=1&c")
)


@given(ANY.filter(lambda text: text.strip("\n \u202e\u200b\x00") != ""), st.lists(ENTITY, max_size=8))
def test_whatever_comes_in_telegram_takes_it_and_shows_the_same_text(text, entities):
    found = arrived(text, *entities)
    shown = parse_as_telegram(as_html(found.text, found.spans), "HTML").text
    assert shown.split() == found.text.split()


@given(ANY, st.lists(st.builds(Span, st.sampled_from([*TAGS, "?"]), st.integers(0, 40), st.integers(0, 40))))
def test_no_span_breaks_the_markup(text, spans):
    assert parse_as_telegram(as_html(text, [one for one in spans if one.start < one.end]) or "x", "HTML")


def sent(**content):
    """The arrival of a message with a picture or file."""
    message = {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}, "from": {"id": 1, "first_name": "A"}}
    found = parse({"update_id": 1, "message": message | content}, "lotse_bot")
    assert found is not None
    assert found.kind == "media"
    return found


def test_of_a_picture_the_largest_size_counts_with_its_caption():
    sizes = [{"file_id": "small", "file_size": 100}, {"file_id": "large", "file_size": 9000}]
    reply = {"message_id": 7, "date": 0}
    caption = {"caption": " ab cd", "caption_entities": [{"type": "bold", "offset": 4, "length": 2}]}
    found = sent(photo=sizes, reply_to_message=reply, **caption)
    assert (found.photo, found.document, found.size, found.replied) == ("large", "", 9000, 7)
    assert as_html(found.text, found.spans) == "ab <b>cd</b>"


def test_of_a_document_the_id_is_kept():
    found = sent(document={"file_id": "BQAC-x_1", "file_name": "plan.pdf"})
    assert (found.photo, found.document, found.size) == ("", "BQAC-x_1", 0)


@pytest.mark.parametrize(
    "content",
    [
        {"photo": []},
        {"photo": "x"},
        {"photo": [7]},
        {"photo": [{"file_id": 7}]},
        {"photo": [{"file_id": ""}]},
        {"photo": [{"file_id": "a b"}]},
        {"photo": [{"file_id": "x" * 257}]},
        {"document": None},
        {"document": {"file_id": "\ud800"}},
        {"voice": {"file_id": "v"}},
        {"photo": [{"file_id": "p", "file_size": "9"}], "document": 5, "caption": 7},
    ],
)
def test_what_is_no_file_is_none(content):
    found = sent(**content)
    assert found.photo in {"", "p"}
    assert (found.document, found.size, found.text) == ("", 0, "")
