"""Telegram's HTML, and nothing but Telegram's HTML, turned into text and entities.

Source of the tags and of the rules for escaping: https://core.telegram.org/bots/api#html-style
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.sandbox.links import link_address
from bot.sandbox.wire import Json

_SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_TAGS = {*_SIMPLE, "a", "span", "tg-emoji"}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_SPECIAL = re.compile(r"[<&]")
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]+));")
_START = re.compile(r"""<([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-zA-Z-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=]+))?)*+)\s*>""")
_END = re.compile(r"</([a-zA-Z0-9-]*)\s*>")
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>=]+)))?""")
_NAME = re.compile(r"[a-zA-Z0-9-]*")


class MarkupError(ValueError):
    """HTML that Telegram does not accept; the message says why, with the offset in bytes."""


@dataclass(frozen=True, slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    start: int
    piece: int


@dataclass(slots=True)
class _Parser:
    source: str
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    stack: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def run(self) -> tuple[str, list[Json]]:
        position = 0
        while found := _SPECIAL.search(self.source, position):
            self.add(self.source[position : found.start()])
            position = self.reference(found.start()) if found[0] == "&" else self.tag(found.start())
        self.add(self.source[position:])
        if self.stack:
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.pieces), self.entities

    def add(self, text: str) -> None:
        if text:
            self.pieces.append(text)
            self.length += units(text)

    def reference(self, position: int) -> int:
        text, end = _decode(self.source, position)
        self.add(text)
        return end

    def tag(self, position: int) -> int:
        if self.source.startswith("</", position):
            return self.end(position)
        name = _named(self.source, position + 1)
        if name not in _TAGS:
            raise MarkupError(f'Unsupported start tag "{name}" at byte offset {_bytes(self.source, position)}')
        found = _START.match(self.source, position)
        if not found:
            raise MarkupError(f"Unclosed start tag at byte offset {_bytes(self.source, position)}")
        attributes = {key.lower(): _plain(a or b or c) for key, a, b, c in _ATTRIBUTE.findall(found[2])}
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise MarkupError(
                f'Tag "span" must have class "tg-spoiler" at byte offset {_bytes(self.source, position)}',
            )
        self.stack.append(_Open(name, attributes, self.length, len(self.pieces)))
        return found.end()

    def end(self, position: int) -> int:
        if not self.stack:
            raise MarkupError(f"Unexpected end tag at byte offset {_bytes(self.source, position)}")
        found = _END.match(self.source, position)
        if not found:
            raise MarkupError(f"Unclosed end tag at byte offset {_bytes(self.source, position)}")
        opened = self.stack.pop()
        if found[1].lower() not in {opened.tag, ""}:
            raise MarkupError(
                f"Unmatched end tag at byte offset {_bytes(self.source, position)}, "
                f'expected "</{opened.tag}>", found "</{found[1]}>"',
            )
        self.close(opened)
        return found.end()

    def close(self, opened: _Open) -> None:
        inside = "".join(self.pieces[opened.piece :])
        described = _entity(opened, inside)
        if described and inside:
            entity = {"type": described.pop("type"), "offset": opened.start, "length": self.length - opened.start}
            entity |= described
            if entity["type"] == "pre":
                self.merge_code(entity)
            self.entities.append(entity)

    def merge_code(self, pre: Json) -> None:
        last = self.entities[-1] if self.entities else {}
        if last.get("type") == "code" and (last["offset"], last["length"]) == (pre["offset"], pre["length"]):
            pre |= {name: value for name, value in self.entities.pop().items() if name == "language"}


def parse(source: str) -> tuple[str, list[Json]]:
    """The text of Telegram's HTML and its entities, offsets and lengths in UTF-16 units.

    Raises MarkupError for tags that Telegram does not know, tags left open, and unescaped `<` or `&`. A bare `>` is
    taken as it is, as Telegram does; an unescaped `&` is refused as its documentation demands, although the real
    server lets some pass: whoever forgets to escape should notice here.
    """
    text, entities = _Parser(source).run()
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return text, entities


def units(text: str) -> int:
    """The length as Telegram counts it: UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _entity(opened: _Open, inside: str) -> Json | None:
    attributes = opened.attributes
    if opened.tag == "a":
        address = link_address(attributes.get("href") or inside)
        return {"type": "text_link", "url": address} if address else None
    if opened.tag == "span":
        return {"type": "spoiler"}
    if opened.tag == "tg-emoji":
        return {"type": "custom_emoji", "custom_emoji_id": attributes.get("emoji-id", "")}
    if opened.tag == "blockquote" and "expandable" in attributes:
        return {"type": "expandable_blockquote"}
    if opened.tag == "code" and attributes.get("class", "").startswith("language-"):
        return {"type": "code", "language": attributes["class"].removeprefix("language-")}
    return {"type": _SIMPLE[opened.tag]}


def _decode(source: str, position: int) -> tuple[str, int]:
    found = _REFERENCE.match(source, position)
    if not found:
        raise MarkupError(f'Unescaped "&" at byte offset {_bytes(source, position)}')
    decimal, hexadecimal, name = found.groups()
    if name:
        if name not in _NAMED:
            raise MarkupError(f'Unsupported entity "&{name};" at byte offset {_bytes(source, position)}')
        return _NAMED[name], found.end()
    code = int(decimal) if decimal else int(hexadecimal, 16)
    if not 0 < code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:  # noqa: PLR2004 - the edges of Unicode and its surrogates
        raise MarkupError(f"Invalid character at byte offset {_bytes(source, position)}")
    return chr(code), found.end()


def _plain(value: str) -> str:
    pieces, position = [], 0
    while (at := value.find("&", position)) >= 0:
        pieces.append(value[position:at])
        found = _REFERENCE.match(value, at)
        if found:
            text, position = _decode(value, at)
        else:  # query strings in links are written with a bare & so often that Telegram takes them
            text, position = "&", at + 1
        pieces.append(text)
    return "".join([*pieces, value[position:]])


def _named(source: str, position: int) -> str:
    found = _NAME.match(source, position)
    return found[0].lower() if found else ""


def _bytes(source: str, position: int) -> int:
    return len(source[:position].encode())
