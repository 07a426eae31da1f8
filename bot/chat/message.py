"""A message of Lotse's before it is sent: text as HTML, and buttons."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from typing import Any

LONGEST = 4096  # UTF-16 units of a message's text without its markup, by the Bot API
LONGEST_CAPTION = 1024  # of the text below a file
LONGEST_DATA = 64  # bytes of callback data, by the Bot API
LONGEST_ESCAPE = 6  # characters of &quot;
TAG = re.compile(r"(<[^>]*>)")


@dataclass(frozen=True, slots=True)
class Button:
    """One button: exactly one of callback data, a link, a text to copy, or words to share into another chat by."""

    text: str
    data: str = ""
    url: str = ""
    copy: str = ""
    share: str = ""

    def as_json(self) -> dict[str, Any]:
        """The button in the Bot API's form."""
        if self.url:
            return {"text": self.text, "url": self.url}
        if self.copy:
            return {"text": self.text, "copy_text": {"text": self.copy}}
        if self.share:
            return {"text": self.text, "switch_inline_query": self.share}
        return {"text": self.text, "callback_data": self.data}


Row = tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One message: `html` with everything foreign escaped, buttons by rows.

    `silent` arrives without a sound; `asks` has the reader's app answer it by a reply (then there are no buttons,
    since Telegram allows a message only one of both). With `photo` or `document`, the id of a file at the Bot API, the
    text is what stands below the file, and may be empty.
    """

    html: str
    rows: tuple[Row, ...] = ()
    silent: bool = False
    asks: bool = False
    photo: str = ""
    document: str = ""

    @property
    def file(self) -> dict[str, str]:
        """The file in the Bot API's form; empty where there is none."""
        files = {"photo": self.photo, "document": self.document}
        return {kind: file for kind, file in files.items() if file}

    def fields(self) -> dict[str, Any]:
        """What the methods that send and edit share: the text, or what stands below the file, and the buttons."""
        fields: dict[str, Any] = {"parse_mode": "HTML"}
        if self.file:
            fields["caption"] = self.html
        else:
            fields |= {"text": self.html, "link_preview_options": {"is_disabled": True}}
        if self.asks:
            fields["reply_markup"] = {"force_reply": True}
        elif self.rows:
            fields["reply_markup"] = keyboard(self.rows)
        return fields


def keyboard(rows: Iterable[Row]) -> dict[str, Any]:
    """An inline keyboard in the Bot API's form."""
    return {"inline_keyboard": [[button.as_json() for button in row] for row in rows if row]}


def units(text: str) -> int:
    """Length in UTF-16 units, which Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def length(html: str) -> int:
    """UTF-16 units that are left of HTML once Telegram has parsed it."""
    return units(unescape(TAG.sub("", html)))


def split(html: str, longest: int = LONGEST) -> list[str]:
    """HTML in as few texts as fit, cut at lines; a line that is longer loses its markup and is cut at words.

    Where it has to be cut no tag may reach over the end of a line.
    """
    if length(html) <= longest:
        return [html]
    texts: list[str] = []
    for line in (part for whole in html.split("\n") for part in _cut(whole, longest)):
        if texts and units(texts[-1]) + 1 + units(line) <= longest:
            texts[-1] = f"{texts[-1]}\n{line}"
        else:
            texts.append(line)
    return [text for text in texts if text.strip()]


def _cut(line: str, longest: int) -> list[str]:
    """A line in parts that fit."""
    if units(line) <= longest:
        return [line]
    plain = TAG.sub("", line)
    parts: list[str] = []
    while plain:
        end = _fitting(plain, longest)
        parts.append(plain[:end].strip())
        plain = plain[end:]
    return parts


def _fitting(text: str, longest: int) -> int:
    """Where to cut text so that the beginning fits: at a word, and not inside an escape like &amp;."""
    end = len(text.encode("utf-16-le", "surrogatepass")[: longest * 2].decode("utf-16-le", "ignore"))
    if end == len(text):
        return end
    space = text.rfind(" ", 1, end)
    if space > 0:
        return space
    escape = text.rfind("&", max(1, end - LONGEST_ESCAPE + 1), end)
    return end if escape < 0 or ";" in text[escape:end] else escape
