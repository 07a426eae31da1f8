"""What people type: cleaned, with its formatting, and as Telegram's HTML; sound whatever came in."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape as escape_html
from typing import Any

from bot.chat.markup import escape

# Letters and marks that only steer the direction or join of text; people paste them, and they hide words.
INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\x00\ud800-\udfff]")
# Formatting that people choose, by its kind in the Bot API; addresses, names and commands Telegram marks by itself.
TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote expandable",
    "text_link": "a",
}
ALONE = frozenset({"code", "pre"})  # by the Bot API neither inside other formatting nor around it
QUOTES = frozenset({"blockquote", "expandable_blockquote"})  # not inside each other
ADDRESS = re.compile(r"https?://[^\s\x00-\x1f\x7f\ud800-\udfff]{1,2000}", re.IGNORECASE)
LAST_OF_ONE_UNIT = 0xFFFF  # the last character of a single UTF-16 unit


@dataclass(frozen=True, slots=True)
class Span:
    """Formatting of a part of a text, by its kind in the Bot API; `start` and `end` count characters of the text."""

    kind: str
    start: int
    end: int
    url: str = ""


def clean(text: str) -> str:
    """What a person typed, without marks that steer direction, NUL and lone surrogates."""
    return INVISIBLE.sub("", text).strip()


def spans_of(raw: str, formatted: Any, text: str) -> tuple[Span, ...]:
    """The formatting of `text`, which is the end of what is left of `raw` once it is cleaned.

    The Bot API counts UTF-16 units of `raw`. What is forged in any way is passed over.
    """
    wanted = [one for one in formatted or () if _is_format(one)] if isinstance(formatted, list) else []
    if not wanted or not text:
        return ()
    at, kept = 0, []
    for character in raw:
        if not INVISIBLE.match(character):
            kept.append((character, at))
        at += 2 if ord(character) > LAST_OF_ONE_UNIT else 1
    end = len("".join(character for character, _ in kept).rstrip())
    places = [place for _, place in kept[end - len(text) : end]]
    found = (
        Span(
            one["type"],
            bisect_left(places, one["offset"]),
            bisect_left(places, one["offset"] + one["length"]),
            one.get("url") if isinstance(one.get("url"), str) else "",
        )
        for one in wanted
    )
    return tuple(span for span in found if span.start < span.end)


def as_html(text: str, spans: Iterable[Span]) -> str:
    """The text as HTML that Telegram accepts; what looks like markup in it stays as it was typed.

    Formatting that crosses other formatting, or leads to no web address, is dropped.
    """
    parts: list[str] = []
    open_spans: list[Span] = []
    at = 0
    for span in _nested(spans):
        while open_spans and open_spans[-1].end <= span.start:
            at = _close(parts, text, at, open_spans.pop())
        parts += [escape(text[at : span.start]), _start(span)]
        at = span.start
        open_spans.append(span)
    while open_spans:
        at = _close(parts, text, at, open_spans.pop())
    return "".join([*parts, escape(text[at:])])


def _is_format(one: Any) -> bool:
    if not isinstance(one, Mapping) or not isinstance(one.get("type"), str) or one["type"] not in TAGS:
        return False
    return type(one.get("offset")) is int and type(one.get("length")) is int


def _close(parts: list[str], text: str, at: int, span: Span) -> int:
    parts += [escape(text[at : span.end]), f"</{TAGS[span.kind].partition(' ')[0]}>"]
    return span.end


def _start(span: Span) -> str:
    address = f' href="{escape_html(span.url)}"' if span.kind == "text_link" else ""
    return f"<{TAGS[span.kind]}{address}>"


def _nested(spans: Iterable[Span]) -> Iterator[Span]:
    """The formatting that lies wholly inside or beside what comes before it, the outer first."""
    around: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        while around and around[-1].end <= span.start:
            around.pop()
        crosses = bool(around) and span.end > around[-1].end
        if crosses or not _allowed(span, frozenset(one.kind for one in around)):
            continue
        around.append(span)
        yield span


def _allowed(span: Span, around: frozenset[str]) -> bool:
    if span.kind not in TAGS or (span.kind == "text_link" and not ADDRESS.fullmatch(span.url)):
        return False
    if around & ALONE or (around and span.kind in ALONE):
        return False
    return span.kind not in around and not (span.kind in QUOTES and around & QUOTES)
