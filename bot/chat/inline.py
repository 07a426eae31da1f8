"""Sharing good practices into other chats: "@bot word" lists them, a choice sends the card."""

from __future__ import annotations

from typing import Any

from bot.chat.cards import entry_lines, version
from bot.chat.links import entry_link
from bot.chat.markup import directed
from bot.chat.message import Button, Message
from bot.chat.talk import Talk
from bot.domain.knowledge import Entry

SHOWN = 10
KEPT_SECONDS = 60  # Telegram may show the same results again for so long; they are the same for everyone


async def answer_inline(talk: Talk) -> None:
    """Answers an inline query with the practices that fit, all of them in turn where nothing was written."""
    practices = _found(talk)[:SHOWN]
    fields = {
        "inline_query_id": talk.arrival.callback,
        "results": [_article(talk, practice) for practice in practices],
        "cache_time": KEPT_SECONDS,
        "is_personal": True,
    }
    await talk.house.api.answer_inline(fields)


def _found(talk: Talk) -> list[Entry]:
    entries = talk.house.knowledge.entries
    if not talk.arrival.text:
        return [entry for entry in entries.values() if entry.kind == "practice"]
    found = talk.house.recent.find(talk.arrival.text, talk.chosen)
    return [entries[hit.id] for hit in found.hits if hit.kind == "practice" and not found.urgent]


def _article(talk: Talk, practice: Entry) -> dict[str, Any]:
    """One result; what is sent names its source and leads back to Lotse."""
    text = version(practice, talk.language)
    # Translators: button label
    label = talk.texts.gettext("Open in Lotse")
    button = Button(label, url=entry_link(talk.house.api.name, practice.id))
    lines = entry_lines(practice, text, talk.language, talk.house.now().date())
    fields = Message(directed("\n".join(lines), talk.language), ((button,),)).fields()
    return {
        "type": "article",
        "id": practice.id,
        "title": text.title,
        "description": text.body.split("\n", 1)[0],
        "input_message_content": {
            "message_text": fields["text"],
            "parse_mode": fields["parse_mode"],
            "link_preview_options": fields["link_preview_options"],
        },
        "reply_markup": fields["reply_markup"],
    }
