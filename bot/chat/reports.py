"""A good practice as a PDF to print or pass on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.chat.browse import out_of_date
from bot.chat.cards import version
from bot.chat.links import entry_link
from bot.chat.talk import Talk
from bot.documents.report import report


async def pdf(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers pdf:<practice>."""
    knowledge = talk.house.knowledge
    entry = knowledge.entries.get(arguments[0])
    if entry is None or entry.kind != "practice":
        await out_of_date(talk)
        return
    text = version(entry, talk.language)
    contacts = [knowledge.contacts[key] for key in entry.contacts if key in knowledge.contacts]
    link, today = entry_link(talk.house.api.name, entry.id), talk.house.now().date()
    content = await asyncio.to_thread(report, entry, text, contacts, talk.texts, link, today)
    await talk.house.api.document(talk.arrival.chat, content, f"{entry.id}-{text.language}.pdf", text.title)
