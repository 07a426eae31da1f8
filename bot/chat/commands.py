"""The menu of commands in Telegram, by language."""

from __future__ import annotations

from typing import Any

from telegram.error import TelegramError

from bot.chat.api import Api, log
from bot.chat.talk import Talk
from bot.texts import N_, Texts, interface_languages, texts

COMMANDS = {
    "help": N_("How Lotse works"),
    "topics": N_("Topics to choose from"),
    "practices": N_("Good practices of municipalities"),
    "contacts": N_("Where to turn"),
    "sessions": N_("Sessions to take part in"),
    "my": N_("My registrations"),
    "newsletter": N_("Newsletter"),
    "language": N_("Choose the language"),
    "settings": N_("Settings"),
    "privacy": N_("Privacy in short"),
    "mydata": N_("Get my data"),
    "delete": N_("Delete my data"),
}
COORDINATION = {
    "announce": N_("Write an announcement"),
    "programme": N_("Plan sessions"),
    "inbox": N_("Questions to answer"),
    "report": N_("Figures and tables"),
    "invite": N_("Invite people, and see who has a role"),
}


def commands_for(*, coordinates: bool) -> dict[str, str]:
    """The commands a person has, with their descriptions; coordinators have more."""
    return {**COMMANDS, **COORDINATION} if coordinates else COMMANDS


def menu(t: Texts, *, coordinates: bool = False) -> list[dict[str, str]]:
    """The commands with their descriptions in one language."""
    commands = commands_for(coordinates=coordinates)
    return [{"command": name, "description": t.gettext(description)} for name, description in commands.items()]


async def register(api: Api, default_language: str) -> None:
    """Sets menu and description for everyone, and for each language that Telegram can tell apart (two letters)."""
    for code in ("", *(code for code in interface_languages() if len(code) == 2)):  # noqa: PLR2004
        t = texts(code or default_language)
        language: dict[str, Any] = {"language_code": code} if code else {}
        await api.call("setMyCommands", {"commands": menu(t), **language})
        about = t.gettext("Lotse answers questions about living and working in Bavaria.")
        await api.call("setMyShortDescription", {"short_description": about, **language})


async def register_for(talk: Talk) -> None:
    """Sets the menu of the chat in the language chosen there, which may not be Telegram's."""
    await set_menu(talk.house.api, talk.arrival.chat, talk.texts, coordinates=talk.coordinates)


async def set_menu(api: Api, chat: int, t: Texts, *, coordinates: bool) -> None:
    """Sets the menu of one chat."""
    fields = {"commands": menu(t, coordinates=coordinates), "scope": {"type": "chat", "chat_id": chat}}
    try:
        await api.call("setMyCommands", fields)
    except TelegramError:
        log.warning("the menu of a chat could not be set")  # the menu is a convenience, the choice is made
