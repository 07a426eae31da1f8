"""Which commands a chat sees: scopes and languages, the narrowest first.

Source of the order: https://core.telegram.org/bots/api#botcommandscope
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.sandbox.wire import Json, bad

_WIDE = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
_OF_A_CHAT = {"chat", "chat_administrators", "chat_member"}


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom a list of commands is: a kind, and the chat and the person where the kind needs them."""

    kind: str
    chat: str | None = None
    user: int | None = None

    @property
    def key(self) -> str:
        """The scope as one word."""
        return ":".join(str(part) for part in (self.kind, self.chat, self.user) if part is not None)


def scope(given: Json | None) -> Scope:
    """The `scope` of a call, checked; none is the default one."""
    kind = "default" if given is None else str(given.get("type"))
    if given is None or kind in _WIDE:
        return Scope(kind)
    if kind not in _OF_A_CHAT:
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    chat, user = given.get("chat_id"), given.get("user_id")
    if not isinstance(chat, int | str):
        raise bad("can't parse BotCommandScope: Can't find field \"chat_id\"")
    if kind == "chat_member" and not isinstance(user, int):
        raise bad("can't parse BotCommandScope: Can't find field \"user_id\"")
    return Scope(kind, str(chat), user if kind == "chat_member" else None)


def visible(commands: Mapping[tuple[str, str], list[Json]], chat: int, language: str) -> list[Json]:
    """The commands that a person with this Telegram language sees in a chat; negative ids are groups."""
    wide = "all_private_chats" if chat > 0 else "all_group_chats"
    for kind in (f"chat:{chat}", wide, "default"):
        for code in (language[:2], ""):
            if found := commands.get((kind, code)):
                return found
    return []
