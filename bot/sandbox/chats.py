"""Chats and their messages: as the bot sees them, and as the transcript shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.sandbox.wire import Json

_SHOWN_AS_THEY_ARE = (
    *("venue", "contact", "link_preview_options"),
    *("new_chat_title", "migrate_to_chat_id", "migrate_from_chat_id"),
)


@dataclass(slots=True)
class Message:
    """One message: `content` holds the Bot API's own fields (text, entities, document, reply_markup, ...)."""

    message_id: int
    sender: Json | None
    from_bot: bool
    at: float
    content: Json
    edited_at: float | None = None
    silent: bool = False

    def shown(self) -> Json:
        """The message in the form of the transcript (`GET /sandbox/chats/<id>`)."""
        content = self.content
        shown: Json = {
            "message_id": self.message_id,
            "from": "bot" if self.from_bot else "user",
            "text": content.get("text", content.get("caption", "")),
            "entities": content.get("entities", content.get("caption_entities", [])),
            "buttons": _buttons(content.get("reply_markup", {})),
            "document": _file(content.get("document")),
            "at": datetime.fromtimestamp(self.at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "edited": self.edited_at is not None,
        }
        shown |= {name: content[name] for name in _SHOWN_AS_THEY_ARE if name in content}
        shown |= _below(content.get("reply_markup", {}))
        if self.silent:
            shown["silent"] = True
        if "location" in content:
            shown["location"] = [content["location"]["latitude"], content["location"]["longitude"]]
        if "photo" in content:
            shown["photo"] = _file(content["photo"][-1])
        if "reply_to_message" in content:
            shown["reply_to"] = content["reply_to_message"]["message_id"]
        shown |= {kind: True for kind in ("voice", "sticker") if kind in content}
        return shown


@dataclass(slots=True)
class Chat:
    """A private chat of one person with the bot, or a group or channel.

    Of the latter, `member` is what the bot is there, `may_post` a right that it can be refused, and `moved_to` the id
    of the supergroup that the group has become.
    """

    id: int
    kind: str
    names: Json
    messages: dict[int, Message] = field(default_factory=dict)
    toasts: list[Json] = field(default_factory=list)
    blocked: bool = False
    revision: int = 0
    member: str = ""
    may_post: bool = True
    moved_to: int | None = None

    def __post_init__(self) -> None:
        # Nobody else gets what is written there.
        self.member = self.member or ("administrator" if self.kind == "channel" else "member")

    @property
    def inside(self) -> bool:
        """Whether the bot is there, and gets what is written."""
        return not self.blocked and self.member not in {"left", "kicked"} and self.moved_to is None

    def as_api(self) -> Json:
        """The chat in the Bot API's form."""
        return {"id": self.id, **self.names, "type": self.kind}

    def message_as_api(self, message: Message) -> Json:
        """The message in the Bot API's form."""
        told: Json = {"message_id": message.message_id}
        if message.sender:
            told["from"] = message.sender
        else:
            told["sender_chat"] = self.as_api()
        told |= {"chat": self.as_api(), "date": int(message.at)}
        if message.edited_at is not None:
            told["edit_date"] = int(message.edited_at)
        # Keyboards below the input are not part of a message that bots get back.
        markup = message.content.get("reply_markup", {})
        hidden = {"reply_markup"} if markup and "inline_keyboard" not in markup else set()
        return told | {name: value for name, value in message.content.items() if name not in hidden}

    def inaccessible(self, message_id: int) -> Json:
        """A message that is gone, in the Bot API's form."""
        return {"chat": self.as_api(), "message_id": message_id, "date": 0}

    def transcript(self) -> list[Json]:
        """All messages that are there, oldest first."""
        return [message.shown() for message in self.messages.values()]


def _buttons(markup: Json) -> list[list[Json]]:
    return [[_button(button) for button in row] for row in markup.get("inline_keyboard", [])]


def _button(button: Json) -> Json:
    shown = {"text": button["text"], "data": button.get("callback_data"), "url": button.get("url")}
    if "copy_text" in button:
        shown["copy"] = button["copy_text"]["text"]
    return shown


def _below(markup: Json) -> Json:
    if "force_reply" in markup:
        return {"force_reply": {"placeholder": markup.get("input_field_placeholder", "")}}
    if "keyboard" in markup:
        return {"keyboard": markup["keyboard"]}
    return {"keyboard": []} if "remove_keyboard" in markup else {}


def _file(kept: Json | None) -> Json | None:
    if kept is None:
        return None
    return {name: value for name, value in kept.items() if name not in {"file_id", "file_unique_id"}} | {
        "url": f"/sandbox/files/{kept['file_id']}",
    }
