"""From the text of a call to what Telegram keeps: markup parsed, characters cleaned, ends trimmed, links found."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.sandbox import markup
from bot.sandbox.markup import MarkupError, units
from bot.sandbox.parameters import Parameters
from bot.sandbox.wire import Json, bad

_UNSEEN = re.compile("[\r\u2028-\u202e]")
_CONTROL = re.compile("[\x01-\x09\x0b-\x1f]")
_FOUND = (
    ("bot_command", re.compile(r"(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("url", re.compile(r"(?<![\w@])https?://[^\s<>\"]*[^\s<>\".,;:!?)»”']")),
    ("email", re.compile(r"(?<![\w.+-])[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?!\w)")),
)
_TYPES = {
    *("bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "blockquote", "expandable_blockquote"),
    *("text_link", "text_mention", "custom_emoji", "mention", "hashtag", "cashtag", "bot_command", "url", "email"),
    "phone_number",
}


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text and its entities, as they are kept and sent."""

    text: str
    entities: list[Json]


def formatted(parameters: Parameters, name: str = "text") -> Formatted:
    """The parameter `name` with its parse mode or its explicit entities."""
    entities_name = "entities" if name == "text" else f"{name}_entities"
    return parse(parameters.text(name), parameters.text("parse_mode"), parameters.structure(entities_name, "entities"))


def parse(text: str, mode: str, entities: object | None = None) -> Formatted:
    """Text with `mode` (empty or HTML) or explicit entities, cleaned as Telegram cleans it."""
    text = cleaned(text)
    found: list[Json] = []
    if mode:
        if mode.lower() != "html":
            raise bad("unsupported parse_mode")
        try:
            text, found = markup.parse(text)
        except MarkupError as error:
            raise bad(f"can't parse entities: {error}") from None
    elif entities is not None:
        found = _explicit(entities, units(text))
    trimmed = _trimmed(text, found)
    return Formatted(trimmed.text, with_found(trimmed.text, trimmed.entities))


def cleaned(text: str) -> str:
    """Without carriage returns and embedding controls (U+2028 to U+202E); other control characters become spaces."""
    return _CONTROL.sub(" ", _UNSEEN.sub("", text))


def with_found(text: str, entities: list[Json]) -> list[Json]:
    """The entities and those that Telegram finds by itself: commands, addresses of pages and of mail."""
    result = list(entities)
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            offset, length = units(text[: match.start()]), units(match[0])
            if not any(_overlap(offset, length, entity) for entity in result if _exclusive(entity)):
                result.append({"type": kind, "offset": offset, "length": length})
    result.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return result


def _exclusive(entity: Json) -> bool:
    return entity["type"] in {"text_link", "code", "pre", "url", "email", "bot_command"}


def _overlap(offset: int, length: int, entity: Json) -> bool:
    return bool(offset < entity["offset"] + entity["length"] and entity["offset"] < offset + length)


def _trimmed(text: str, entities: list[Json]) -> Formatted:
    lead = units(text) - units(text.lstrip())
    text = text.strip()
    end = units(text)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        stop = min(entity["offset"] + entity["length"] - lead, end)
        if start < stop:
            kept.append({**entity, "offset": start, "length": stop - start})
    return Formatted(text, kept)


def _explicit(entities: object, length: int) -> list[Json]:
    if not isinstance(entities, list):
        raise bad("can't parse entities: expected an Array of MessageEntity")
    for entity in entities:
        if not isinstance(entity, dict) or str(entity.get("type")) not in _TYPES:
            raise bad("can't parse MessageEntity: unsupported type specified")
        start, size = entity.get("offset"), entity.get("length")
        if not isinstance(start, int) or not isinstance(size, int) or start < 0 or size < 1 or start + size > length:
            raise bad("entity beginning or end is out of the text")
    return [dict(entity) for entity in entities]
