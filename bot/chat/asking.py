"""Questions of Lotse's that a person may answer by a reply; any other text is a question to Lotse."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.chat.message import Message
from bot.chat.talk import Talk
from bot.domain.instants import microseconds
from bot.services.drafts import LIFE, Draft, asked, note_question, start


async def ask(
    talk: Talk, kind: str, step: str, answers: dict[str, Any], message: Message, life: timedelta = LIFE
) -> int:
    """Begins a draft and puts its question; a reply to it is handed to the answerer of this kind. The draft's id.

    An answer is awaited for so long; later it would be taken for a question.
    """
    now = microseconds(talk.house.now())
    draft = await talk.house.database.write(start, talk.arrival.person, kind, answers, now, step, life)
    await put(talk, draft, message)
    return draft


async def put(talk: Talk, draft: int, message: Message) -> None:
    """Puts the next question of a draft."""
    sent = await talk.say(replace(message, rows=(), asks=True))
    await talk.house.database.write(note_question, draft, sent)


async def answered(talk: Talk) -> Draft | None:
    """The draft whose question the text replies to, if it is such a reply."""
    if not talk.arrival.replied or not talk.arrival.private:
        return None
    now = microseconds(talk.house.now())
    return await talk.house.database.read(asked, talk.arrival.person, talk.arrival.replied, now)
