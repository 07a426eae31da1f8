"""/start, with or without a deep link, and /help."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.chat.browse import entry, out_of_date, topic, topic_list
from bot.chat.commands import commands_for, register_for
from bot.chat.errors import danger_line
from bot.chat.joining import join
from bot.chat.languages import choose
from bot.chat.markup import foreign_link
from bot.chat.message import Button, Message
from bot.chat.series import series
from bot.chat.sessions import session
from bot.chat.talk import Talk
from bot.services.people import set_blocked

Opener = Callable[[Talk, Sequence[str]], Awaitable[Any]]

OSM = "https://www.openstreetmap.org/copyright"


async def start(talk: Talk, arguments: Sequence[str]) -> None:
    """/start greets; with a payload, as in session_<id>, it opens what a link names."""
    await talk.house.database.write(set_blocked, talk.arrival.person, blocked=False)
    if talk.coordinates and talk.arrival.private:
        await register_for(talk)
    payload = arguments[0] if arguments else ""
    kind, _, argument = payload.partition("_")
    openers: dict[str, Opener] = {
        "entry": entry,
        "topic": topic,
        "lang": choose,
        "session": session,
        "series": series,
        "invite": join,
    }
    if not payload:
        await talk.say(greeting(talk))
    elif kind in openers and argument:
        await openers[kind](talk, [argument])
    else:
        await out_of_date(talk)


def greeting(talk: Talk) -> Message:
    """What Lotse is, in the person's language; the language picker is the first button."""
    _ = talk.texts.gettext
    lines = [
        _("Lotse answers questions about living and working in Bavaria."),
        _("Write your question in your language. Mistakes do not matter."),
        _("Lotse is a program, not an office. Each answer names its source and date."),
        _("Lotse does not keep your questions, Telegram keeps the chat: /privacy"),
        danger_line(talk),
    ]
    # Translators: button label
    rows = ((Button(_("Choose language"), "more:languages:0"),), (Button(_("Show topics"), "more:topics:0"),))
    return Message("\n".join(lines), rows)


async def help_(talk: Talk, _arguments: Sequence[str]) -> None:
    """Answers /help."""
    await talk.say(Message("\n".join(help_lines(talk)), topic_list(talk, 0).rows))


async def unknown_command(talk: Talk) -> None:
    """For a command that does not exist: says so, and which ones do."""
    sentence = talk.texts.gettext("There is no such command. These exist:")
    lines = [sentence, *command_lines(talk), danger_line(talk)]
    await talk.say(Message("\n".join(lines)))


def help_lines(talk: Talk) -> list[str]:
    """How Lotse works, in a screenful; ends with the emergency numbers."""
    _ = talk.texts.gettext
    return [
        _("Write a question, or choose a topic below."),
        _("Each answer shows where it comes from and how old it is."),
        _("Where there is no answer, Lotse says so and names a person to ask."),
        *command_lines(talk),
        *sources_line(talk),
        danger_line(talk),
    ]


def sources_line(talk: Talk) -> list[str]:
    """Where what Lotse knows of places comes from, as the licences of the data ask (knowledge/places/LICENCES.md)."""
    if talk.house.atlas is None:
        return []
    named = [("GeoNames (CC BY 4.0)", "https://www.geonames.org/"), ("© OpenStreetMap contributors (ODbL)", OSM)]
    links = tuple(foreign_link(title, url, talk.language) for title, url in named)
    return [talk.texts.gettext("Places and postcodes: {sources}").format(sources=talk.texts.items(links))]


def command_lines(talk: Talk) -> list[str]:
    """Each command with what it does."""
    _ = talk.texts.gettext
    commands = commands_for(coordinates=talk.coordinates and talk.arrival.private)
    return [f"/{name} {_(description)}" for name, description in commands.items()]
