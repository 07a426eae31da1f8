"""What people write into cells: dates and numbers in the ways they are written, and everything else refused."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cells import (
    is_web_address,
    lines,
    listed,
    moment_on_clocks,
    nearest,
    one_line,
    quoted,
    whole_number,
)

TEN = datetime.fromisoformat("2026-12-03 10:00")


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-03 10:00",
        " 2026-12-03  10:00:00 ",
        "2026-12-03T10:00",
        "3.12.2026 10:00",
        "03.12.2026, 10:00 Uhr",
        "2026-12-3 10:00",
    ],
)
def test_moments(text):
    assert moment_on_clocks(text) == TEN


def test_a_moment_with_seconds():
    assert moment_on_clocks("3.12.2026 9:05:07") == datetime.fromisoformat("2026-12-03 09:05:07")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-12-03",
        "10:00",
        "2026-13-03 10:00",
        "2026-02-30 10:00",
        "2026-12-03 24:00",
        "2026-12-03 10:60",
        "03/12/2026 10:00",
        "3.12.26 10:00",
        "1999-12-31 10:00",
        "2101-01-01 10:00",
        "9999-12-31 23:59",
        "2026-12-03 10:00 Uhr",
        "2026-12-03 10:00+01:00",
        "46359.4166666667",
        "soon",
        "٢٠٢٦-12-03 10:00",
    ],
)
def test_what_is_no_moment(text):
    assert moment_on_clocks(text) is None


@given(st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2100-12-31")))
def test_every_moment_is_read_in_both_ways(moment):
    whole = moment.replace(microsecond=0)
    assert moment_on_clocks(f"{whole:%Y-%m-%d %H:%M:%S}") == whole
    assert moment_on_clocks(f"{whole.day}.{whole.month}.{whole.year} {whole:%H:%M:%S}") == whole


@pytest.mark.parametrize(
    ("text", "number"),
    [("50", 50), (" 150.0 ", 150), ("-5", -5), ("0", 0), ("1" * 12, 111_111_111_111)],
)
def test_whole_numbers(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", "1.5", "1,000", "1e3", "fifty", "50 seats", "٥", "1" * 13])
def test_what_is_no_whole_number(text):
    assert whole_number(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "https://meet.example.org/room?pwd=a#b",
        "http://192.0.2.7:8443/x",
        "https://[2001:db8::1]/",
        "https://käse.example/",
    ],
)
def test_web_addresses(text):
    assert is_web_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "meet.example.org",
        "https://",
        "https:///room",
        "ftp://example.org",
        "javascript:alert(1)",
        "https://a b",
        "https://example.org/\u202ex",
        "https://example.org:99999/",
        "https://[::1/",
        "https://example.org/" + "x" * 1000,
    ],
)
def test_what_is_no_web_address(text):
    assert not is_web_address(text)


def test_lists():
    assert listed(" work, law ;work\n\nhousing\t rent,") == ("work", "law", "housing rent")


def test_texts_lose_control_characters_and_keep_their_lines():
    assert lines(" one\0\r\n two\tthree \r\rMu\u0308nchen ") == "one\ntwo three\n\nMünchen"
    assert one_line(" one\0\r\n two\tthree") == "one two three"


@given(st.text())
def test_any_text_becomes_one_printable_quote(text):
    assert quoted(text).isprintable()
    assert "\n" not in one_line(text)
    assert lines(lines(text)) == lines(text)
    assert not any(ord(sign) < 32 and sign != "\n" for sign in lines(text))


def test_long_texts_are_cut_in_quotes():
    assert quoted("x" * 61) == f'"{"x" * 60}…"'


def test_the_nearest_words():
    assert nearest("integraton", ["integration", "work"]) == 'did you mean "integration"?'
    assert nearest("x", ["integration", "work"]) == "known here: integration, work"
    assert nearest("x", []) == "none is known"
