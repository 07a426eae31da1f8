"""Whom to ask: the office in charge first; nothing is sent to anybody."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.browse import out_of_date
from bot.chat.cards import contact_button
from bot.chat.markup import bold
from bot.chat.message import Message
from bot.chat.talk import Talk
from bot.domain.knowledge import Contact

FALLBACK = "migration-counselling"  # whose contact points know the way for every other question
SHOWN = 3


async def person(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers person:<topic or entry>, person:general."""
    about = arguments[0]
    knowledge = talk.house.knowledge
    if about != "general" and about not in knowledge.entries and about not in knowledge.topics:
        await out_of_date(talk)
        return
    await talk.say(whom_to_ask(talk, about))


def whom_to_ask(talk: Talk, about: str) -> Message:
    """The contact points in charge, with what Lotse and the network do not do."""
    _ = talk.texts.gettext
    contacts = _in_charge(talk, about)[:SHOWN]
    if contacts:
        lines = [_("The office in charge: {office}").format(office=bold(contacts[0].name))]
    else:
        lines = [_("An advice centre in your town can help. Ask for “Migrationsberatung”.")]
    lines += [_("The network gives no legal advice."), _("Nothing was sent to anyone.")]
    return Message("\n".join(lines), tuple((contact_button(contact),) for contact in contacts))


def _in_charge(talk: Talk, about: str) -> list[Contact]:
    knowledge = talk.house.knowledge
    if about in knowledge.topics:
        return [c for c in knowledge.contacts.values() if about in c.topics]
    for entry_id in (about, FALLBACK):
        entry = knowledge.entries.get(entry_id)
        found = [c for key in (entry.contacts if entry else ()) if (c := knowledge.contacts.get(key))]
        if found:
            return found
    return []
