"""What only the coordination team may do: everybody else is refused, with the rights of now."""

from __future__ import annotations

from bot.chat.commands import register_for
from bot.chat.message import Message
from bot.chat.talk import Talk


async def refused(talk: Talk) -> bool:
    """Whether the person may not do this (any more), who then is told so."""
    if not talk.arrival.private:
        await talk.say(Message(talk.texts.gettext("This works only in your own chat with Lotse.")))
        return True
    if talk.coordinates:
        return False
    await refuse(talk)
    return True


async def refuse(talk: Talk) -> None:
    """For who is not in the coordination team, or not any more: says so, and takes its commands from the menu."""
    talk.role = None  # an update that came in before the role ended still has it
    await talk.say(Message(talk.texts.gettext("Only the coordination team can do this.")))
    await register_for(talk)
