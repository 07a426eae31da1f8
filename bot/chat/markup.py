"""From Markdown and plain strings to Telegram's HTML, right to left where it must be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from html import escape as escape_html
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.chat.message import TAG, Message, Row
from bot.domain.languages import RIGHT_TO_LEFT

LRM = "\u200e"  # left-to-right mark: a line that starts with it starts on the left
ISOLATE, END_ISOLATE = "\u2068", "\u2069"  # first-strong isolate: a foreign run does not turn its neighbours
STRONG = frozenset({"L", "R", "AL"})
KEPT = 4096  # rendered bodies and lines; there are no more in a knowledge base of a few hundred entries
# In a line that runs from the right: what is isolated already; brackets with Latin letters in them; runs from a Latin
# letter or a slash to the last one of their kind, with what stands in brackets after it; numbers in groups.
FOREIGN_RUN = re.compile(
    r"\u2068[^\u2069]*\u2069"
    r"|\([^()\n]*[A-Za-z\u00c0-\u024f][^()\n]*\)"
    r"|[/@„]?[A-Za-z\u00c0-\u024f]"
    r"(?:[^<>()\u0590-\u08ff\u2066-\u2069\ufb50-\ufdff\ufe70-\ufeff،؛؟]*[A-Za-z0-9\u00c0-\u024f“])?"
    r"(?: \([^<>()\n\u0590-\u08ff\u2066-\u2069\ufb50-\ufdff\ufe70-\ufeff،؛؟]*\))*"
    r"|\+?\d+(?:[ /-]\d+)+"
)

_markdown = MarkdownIt("commonmark", {"html": False}).disable(["image", "code", "html_block"])


def escape(text: str) -> str:
    """Text with what HTML would take for markup escaped."""
    return escape_html(text, quote=False)


def bold(text: str) -> str:
    """Text in bold, escaped."""
    return f"<b>{escape(text)}</b>"


def link(text: str, url: str) -> str:
    """A link whose text says where it leads; just the text where there is no address."""
    return f'<a href="{escape_html(url)}">{escape(text)}</a>' if url else escape(text)


def foreign_link(text: str, url: str, language: str) -> str:
    """A link in Latin letters, isolated in a line that runs the other way."""
    return link(f"{ISOLATE}{text}{END_ISOLATE}" if language in RIGHT_TO_LEFT else text, url)


def left(text: str) -> str:
    """A line of digits or Latin letters only, marked so that it starts on the left; escaped."""
    return LRM + escape(text)


@lru_cache(maxsize=KEPT)
def own_words(text: str, language: str) -> str:
    """What somebody has typed, to stand in a line of this language: each line of it runs as it does by itself."""
    right = language in RIGHT_TO_LEFT  # where the foreign runs of other lines are isolated one by one
    lines = [(escape(line), line and any(map(_from_right, line)) != right) for line in text.split("\n")]
    return "\n".join(f"{ISOLATE}{line}{END_ISOLATE}" if foreign else line for line, foreign in lines)


def body_lines(markdown: str, language: str) -> tuple[str, ...]:
    """The lines of a body as HTML, one fact a line; steps are numbered."""
    lines: list[str] = []
    numbers: list[int] = []  # of the next step in each list around; 0 where steps have none
    step = ""
    for token in _markdown.parse(markdown):
        if token.type in {"ordered_list_open", "bullet_list_open"}:
            numbers.append(int(token.attrGet("start") or 1) if token.tag == "ol" else 0)
        elif token.type in {"ordered_list_close", "bullet_list_close"}:
            numbers.pop()
        elif token.type == "list_item_open" and numbers[-1]:
            step = f"{numbers[-1]}. "
            numbers[-1] += 1
        elif token.type == "inline" and token.children is not None:
            lines.extend(f"{step}{_inline(token.children)}".split("\n"))
            step = ""
        elif token.type in {"fence", "code_block"}:
            lines.extend(escape(token.content).rstrip("\n").split("\n"))
    return tuple(directed_line(line, language) for line in lines)


@lru_cache(maxsize=KEPT)
def directed_line(line: str, language: str) -> str:
    """A line that starts on the side it belongs to.

    In right-to-left languages foreign runs and numbers in groups are isolated, and a line without a letter of the
    language starts with the left-to-right mark; in every language a line without any letter does (numbers to call).
    A line that has been through here stays as it is.
    """
    directions = [unicodedata.bidirectional(character) for character in unescape(TAG.sub("", line))]
    strong = [direction for direction in directions if direction in STRONG]
    if language in RIGHT_TO_LEFT and any(direction != "L" for direction in strong):
        return "".join(part if part.startswith("<") else escape(_isolated(unescape(part))) for part in TAG.split(line))
    if line and line[0] != LRM and (not strong or language in RIGHT_TO_LEFT):
        return LRM + line
    return line


def directed(html: str, language: str) -> str:
    """A whole message with each line on the side it belongs to."""
    return "\n".join(directed_line(line, language) for line in html.split("\n"))


def directed_label(label: str, language: str) -> str:
    """A button's label, which is no HTML, with what runs the other way isolated."""
    return _isolated(label) if language in RIGHT_TO_LEFT and any(map(_from_right, label)) else label


def directed_message(message: Message, language: str) -> Message:
    """A message with lines and labels that run as the reader's language does, whatever stands in them."""
    return replace(message, html=directed(message.html, language), rows=directed_rows(message.rows, language))


def directed_rows(rows: Sequence[Row], language: str) -> tuple[Row, ...]:
    """Buttons whose labels run as the reader's language does."""
    if language not in RIGHT_TO_LEFT:
        return tuple(rows)
    return tuple(tuple(replace(button, text=directed_label(button.text, language)) for button in row) for row in rows)


def _from_right(character: str) -> bool:
    return unicodedata.bidirectional(character) in {"R", "AL"}


def _isolated(text: str) -> str:
    """Plain text with its foreign runs isolated, once."""
    return FOREIGN_RUN.sub(lambda run: run[0] if run[0][0] == ISOLATE else f"{ISOLATE}{run[0]}{END_ISOLATE}", text)


def _inline(tokens: Sequence[Token]) -> str:
    """Text, bold and links; other markup is dropped and its text kept. Tags end with the line and begin anew."""
    parts: list[str] = []
    tags: list[str] = []
    for token in tokens:
        if token.type in {"text", "code_inline"}:
            parts.append(escape(token.content))
        elif token.type in {"hardbreak", "softbreak"}:
            parts += [*map(_end, reversed(tags)), "\n", *tags]
        elif token.type in {"strong_open", "link_open"}:
            tags.append("<b>" if token.tag == "strong" else f'<a href="{escape_html(str(token.attrGet("href")))}">')
            parts.append(tags[-1])
        elif token.type in {"strong_close", "link_close"}:
            parts.append(_end(tags.pop()))
    return "".join(parts)


def _end(tag: str) -> str:
    return f"</{tag[1]}>"
