"""What came in: one update of Telegram's as a flat record, whatever its kind and however broken it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.chat.typed import Span, clean, spans_of
from bot.domain.chats import ChatNews

Kind = Literal["text", "command", "press", "inline", "media", "place", "news"]

COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{1,64}))?(?:\s+(.*))?", re.DOTALL)
MEDIA = frozenset({
    "photo", "document", "voice", "audio", "video", "video_note", "sticker", "animation", "contact", "poll", "story",
    "dice", "game", "paid_media", "checklist", "caption",
})  # fmt: skip
# Telegram's bounds: ids fit 52 bits, a message has 4,096 characters; forged updates may hold anything.
LARGEST_ID = 2**52
FILE_ID = re.compile(r"[!-~]{1,256}")  # as the Bot API makes them


@dataclass(frozen=True, slots=True)
class Arrival:
    """One update that Lotse handles.

    `at` is Telegram's time in seconds since 1970 (UTC). `text` is what was typed, after a command its arguments, with
    a picture or file its caption; an edited message is a text like a new one. `spans` say how `text` was formatted, as
    far as that makes sense; they may overlap in any way. `photo` or `document` is the id of a file at the Bot API, of
    `size` bytes (0: not said). `buttons` are label and callback data of
    the message that was pressed or replied to, in their order; `answers` is the id of the message that the pressed one
    was itself a reply to, `replied` that of the message that a text or a file replies to; `where` is a shared position
    (latitude, longitude). `news` is what Telegram says of a group or channel, which nobody has written.
    """

    update_id: int
    kind: Kind
    chat: int
    person: int
    code: str | None
    private: bool
    at: int = 0
    message_id: int = 0
    text: str = ""
    command: str = ""
    data: str = ""
    callback: str = ""
    buttons: tuple[tuple[str, str], ...] = ()
    answers: int = 0
    replied: int = 0
    where: tuple[float, float] | None = None
    spans: tuple[Span, ...] = ()
    photo: str = ""
    document: str = ""
    size: int = 0
    news: ChatNews | None = None


def parse(update: Mapping[str, Any], name: str) -> Arrival | None:
    """The arrival in an update, or None for what Lotse leaves alone.

    That is: channels, other bots, unknown kinds, and in groups all but commands for `name`, the bot's username.
    """
    try:
        if "callback_query" in update:
            return _press(update["update_id"], update["callback_query"])
        if "inline_query" in update:
            return _inline(update["update_id"], update["inline_query"])
        if "message" in update:
            return _message(update["update_id"], update["message"], name)
        if "edited_message" in update and "text" in update["edited_message"]:  # a place that moves is edited, too
            return _message(update["update_id"], update["edited_message"], name)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return None  # forged or of a shape that does not exist yet
    return None


def owner_of(update: Mapping[str, Any]) -> tuple[int | None, int | None, str | None]:
    """Chat, person and language code of any update, as far as it has them; what the inbox sorts by."""
    for body in update.values():
        if not isinstance(body, Mapping):
            continue
        sender = body.get("from")
        message = body.get("message")
        holder = message if isinstance(message, Mapping) else body
        chat = holder.get("chat")
        person = _id(sender.get("id")) if isinstance(sender, Mapping) else None
        code = sender.get("language_code") if isinstance(sender, Mapping) else None
        place = _id(chat.get("id")) if isinstance(chat, Mapping) else person
        return place, person, code[:16] if isinstance(code, str) else None
    return None, None, None


def _id(value: Any) -> int | None:
    return value if type(value) is int and abs(value) < LARGEST_ID else None


def checked(value: Any) -> int:
    """A value that can be an id, or ValueError."""
    number = _id(value)
    if number is None:
        raise ValueError("not an id")
    return number


def _sender(body: Mapping[str, Any]) -> tuple[int, str | None]:
    sender = body["from"]
    if sender.get("is_bot"):
        raise ValueError("bots are not talked to")
    code = sender.get("language_code")
    return checked(sender["id"]), code if isinstance(code, str) else None


def _message(update_id: int, message: Mapping[str, Any], name: str) -> Arrival | None:
    person, code = _sender(message)
    private = message["chat"].get("type") == "private"
    base = {
        "update_id": update_id,
        "chat": checked(message["chat"]["id"]),
        "person": person,
        "code": code,
        "private": private,
        "at": int(message.get("edit_date", message.get("date", 0))),
        "message_id": checked(message["message_id"]),
    }
    text = message.get("text")
    if isinstance(text, str):
        return _text(base, text, message, name)
    if not private:
        return None
    if "location" in message or "venue" in message:
        return Arrival(kind="place", where=_where(message), **base)
    if MEDIA & message.keys():
        return _media(base, message)
    return None


def _media(base: dict[str, Any], message: Mapping[str, Any]) -> Arrival:
    caption = message.get("caption")
    written = caption if isinstance(caption, str) else ""
    typed = clean(written)
    spans = spans_of(written, message.get("caption_entities"), typed)
    kind, file = _file(message)
    size = file.get("file_size")
    more = {kind: file["file_id"], "size": size if type(size) is int else 0} if kind else {}
    return Arrival(kind="media", text=typed, spans=spans, replied=_replied(message), **more, **base)


def _file(message: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The picture, in its largest size, or the document that a message carries, with its kind; else no kind."""
    sizes, document = message.get("photo"), message.get("document")
    largest = sizes[-1] if isinstance(sizes, list) and sizes else None
    for kind, file in (("photo", largest), ("document", document)):
        if isinstance(file, Mapping) and isinstance(id_ := file.get("file_id"), str) and FILE_ID.fullmatch(id_):
            return kind, file
    return "", {}


def _text(base: dict[str, Any], text: str, message: Mapping[str, Any], name: str) -> Arrival | None:
    typed = clean(text)
    match = COMMAND.fullmatch(typed)
    addressed = match and match[2] and match[2].lower() == name.lower()
    if not base["private"] and not addressed:
        return None
    formatted = message.get("entities")
    if match and (addressed or not match[2]):
        arguments = (match[3] or "").strip()
        spans = spans_of(text, formatted, arguments) if arguments else ()
        return Arrival(kind="command", command=match[1].lower(), text=arguments, spans=spans, **base)
    buttons = _buttons(message.get("reply_to_message") or {})
    spans = spans_of(text, formatted, typed)
    return Arrival(kind="text", text=typed, spans=spans, buttons=buttons, replied=_replied(message), **base)


def _replied(message: Mapping[str, Any]) -> int:
    return _id((message.get("reply_to_message") or {}).get("message_id")) or 0


def _where(message: Mapping[str, Any]) -> tuple[float, float] | None:
    """The shared position in degrees; None for one that is not on earth."""
    spot = message.get("location") or message["venue"]["location"]
    lat, lon = float(spot["latitude"]), float(spot["longitude"])
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None  # noqa: PLR2004 - the poles and the date line


def _inline(update_id: int, query: Mapping[str, Any]) -> Arrival:
    person, code = _sender(query)
    return Arrival(
        update_id=update_id,
        kind="inline",
        chat=person,
        person=person,
        code=code,
        private=True,
        text=clean(query["query"]),
        callback=str(query["id"]),
    )


def _press(update_id: int, query: Mapping[str, Any]) -> Arrival | None:
    person, code = _sender(query)
    message = query.get("message") or {}
    chat = message.get("chat") or {"id": person, "type": "private"}
    data = query.get("data")
    return Arrival(
        update_id=update_id,
        kind="press",
        chat=checked(chat["id"]),
        person=person,
        code=code,
        private=chat.get("type") == "private",
        message_id=_id(message.get("message_id")) or 0,
        data=data if isinstance(data, str) else "",
        callback=str(query["id"]),
        buttons=_buttons(message),
        answers=_id((message.get("reply_to_message") or {}).get("message_id")) or 0,
    )


def _buttons(message: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    rows: Sequence[Any] = (message.get("reply_markup") or {}).get("inline_keyboard") or ()
    found = ((button.get("text"), button.get("callback_data")) for row in rows for button in row)
    return tuple((text, data) for text, data in found if isinstance(text, str) and isinstance(data, str))


def blocked(update: Mapping[str, Any]) -> tuple[int, bool] | None:
    """The person of a private chat who stopped the bot (True) or started it again (False), else None."""
    try:
        change = update["my_chat_member"]
        if change["chat"]["type"] != "private":
            return None
        return checked(change["chat"]["id"]), change["new_chat_member"]["status"] in {"kicked", "left"}
    except (KeyError, TypeError, ValueError):
        return None
