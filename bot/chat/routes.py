"""What leads where: every command, button and kind of message in one place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.chat import (
    browse,
    helpful,
    languages,
    more,
    person,
    practices,
    privacy,
    questions,
    reports,
    settings,
    start,
)
from bot.chat.browse import out_of_date
from bot.chat.errors import too_many
from bot.chat.inline import answer_inline
from bot.chat.message import LONGEST_DATA, Message
from bot.chat.talk import Talk
from bot.chat.wipe import wipe
from bot.store.inbox import Tally

Handler = Callable[[Talk, Sequence[str]], Awaitable[Tally | None]]

COMMANDS: dict[str, Handler] = {
    "start": start.start,
    "help": start.help_,
    "topics": browse.topics,
    "practices": practices.practices,
    "contacts": browse.contacts,
    "language": languages.language,
    "settings": settings.settings,
    "privacy": privacy.privacy,
    "mydata": privacy.my_data,
    "delete": privacy.delete,
}
PRESSES: dict[str, Handler] = {
    "topic": browse.topic,
    "entry": browse.entry,
    "contact": browse.contact,
    "more": more.more,
    "pdf": reports.pdf,
    "lang": languages.choose,
    "person": person.person,
    "helpful": helpful.helpful,
    "confirm": privacy.confirm,
    "cancel": privacy.cancel,
    "mydata": privacy.my_data,
    "delete": privacy.delete,
}


# Not in groups, where others read along and a choice would not be the presser's own.
PRIVATE = frozenset({"language", "settings", "mydata", "delete", "lang", "confirm", "cancel"})
ARGUMENTS = {"more": {2}, "helpful": {2}, "entry": {1, 2}}  # how many a button carries; the others one


async def handle(talk: Talk) -> Tally | None:
    """Answers one update; gives what to count. Danger is answered before anything else, in a flood of messages too."""
    kind = talk.arrival.kind
    if kind in {"press", "inline"}:
        return await (_press(talk) if kind == "press" else answer_inline(talk))
    if (talk.excess or kind != "text") and await _urgent(talk):
        return await questions.question(talk)
    if talk.excess:
        await too_many(talk)
        return None
    if kind == "command":
        return await _command(talk)
    if kind == "text":
        return await _text(talk)
    await (questions.place if kind == "place" else questions.media)(talk)
    return None


async def _urgent(talk: Talk) -> bool:
    """Whether what was typed, after a command or below a picture too, is about danger."""
    typed = talk.arrival.private and talk.arrival.command != "start"  # which carries the payload of a link
    return typed and await questions.urgent(talk)


async def _text(talk: Talk) -> Tally | None:
    data = questions.choice(talk)
    if data is None:
        return await questions.question(talk)
    pressed = replace(talk.arrival, kind="press", data=data, message_id=0, buttons=())
    return await _route(replace(talk, arrival=pressed))


async def _command(talk: Talk) -> Tally | None:
    command, text = talk.arrival.command, talk.arrival.text
    handler = COMMANDS.get(command)
    if handler is None:
        await start.unknown_command(talk)
    elif not talk.arrival.private and (command in PRIVATE or text.startswith("lang_")):
        await _refuse_in_group(talk)
    else:
        return await handler(talk, [text] if text else [])
    return None


async def _press(talk: Talk) -> Tally | None:
    """Acknowledges first, since Telegram waits some seconds only; deleting messages acts first."""
    if talk.arrival.data.startswith("wipe:") and talk.arrival.data[5:].isdecimal():
        await wipe(talk)
        return None
    await talk.house.api.acknowledge(talk.arrival.callback)
    return await _route(talk)


async def _route(talk: Talk) -> Tally | None:
    verb, *arguments = talk.arrival.data.split(":")
    handler = PRESSES.get(verb)
    if handler is None or not _sound(verb, arguments, talk.arrival.data):
        await out_of_date(talk)
        return None
    if not talk.arrival.private and (verb in PRIVATE or arguments[0] == "languages"):
        await _refuse_in_group(talk)
        return None
    return await handler(talk, arguments)


async def _refuse_in_group(talk: Talk) -> None:
    await talk.say(Message(talk.texts.gettext("This works only in your own chat with Lotse.")))


def _sound(verb: str, arguments: Sequence[str], data: str) -> bool:
    """Whether the data can be ours; numbers are where they belong, and small enough for any database."""
    if len(data.encode("utf-8", "replace")) > LONGEST_DATA or len(arguments) not in ARGUMENTS.get(verb, {1}):
        return False
    number = arguments[-1] if verb in {"more", "confirm", "cancel"} else None
    return number is None or (number.isascii() and number.isdecimal() and len(number) <= 15)  # noqa: PLR2004
