"""Free text that asks Lotse to do something: it does what the matching command does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.chat import browse, languages, my, newsletter, person, privacy, sessions
from bot.chat.markup import body_lines
from bot.chat.message import Message
from bot.chat.talk import Talk
from bot.domain.knowledge import in_language

ACTIONS: dict[str, Callable[[Talk, Sequence[str]], Awaitable[Any]]] = {
    "change-language": languages.language,
    "delete-my-data": privacy.delete,
    "talk-to-a-person": person.person,
    "find-contact": browse.contacts,
    "newsletter": newsletter.newsletter,
    "next-sessions": sessions.sessions,
    "my-registrations": my.my,
    "register": sessions.sessions,
    "cancel-registration": my.my,
}


async def act(talk: Talk, action: str) -> None:
    """Runs the command behind an action; one that has none replies with its own text."""
    if action in ACTIONS:
        await ACTIONS[action](talk, ["general"])
        return
    text = in_language(talk.house.knowledge.entries[action].texts, talk.language)
    if text is not None:
        await talk.say(Message("\n".join(body_lines(text.body, text.language))))
