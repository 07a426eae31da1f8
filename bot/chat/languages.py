"""The language picker, and remembering what was picked."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.commands import register_for
from bot.chat.message import Button, Message
from bot.chat.talk import Talk
from bot.domain.instants import microseconds
from bot.services.people import choose_language
from bot.texts import OWN_NAMES, interface_languages


async def language(talk: Talk, _arguments: Sequence[str]) -> None:
    """Answers /language."""
    await talk.show(picker(talk))


def picker(talk: Talk) -> Message:
    """Every language with a catalogue, each by its own name; all at once, since nobody pages in a foreign language."""
    rows = tuple((Button(OWN_NAMES[code], f"lang:{code}"),) for code in interface_languages())
    return Message(talk.texts.gettext("Which language should Lotse reply in?"), rows)


async def choose(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers lang:<code>: remembers the language and replies in it; shows the picker for one that is not there."""
    code = arguments[0]
    if code not in interface_languages():
        await talk.show(picker(talk))
        return
    now = microseconds(talk.house.now())
    await talk.house.database.write(choose_language, talk.arrival.person, code, now)
    talk.language = code
    await register_for(talk)
    _ = talk.texts.gettext
    lines = [
        _("Lotse now replies in this language."),
        _("Stored are your Telegram id and the language. Change it any time with /language, delete it with /delete"),
    ]
    # Translators: button label
    await talk.show(Message("\n".join(lines), ((Button(_("Show topics"), "more:topics:0"),),)))
