"""map:<contact>: where a contact point is, as a place to open in the phone's own map."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.browse import out_of_date
from bot.chat.contact_card import address_line
from bot.chat.talk import Talk


async def show(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers map:<contact>; a secret address has no button, and is not shown to who forges one."""
    contact = talk.house.knowledge.contacts.get(arguments[0])
    if contact is None or contact.location is None or contact.confidential_address:
        await out_of_date(talk)
        return
    await talk.house.api.venue(talk.arrival.chat, contact.location, contact.name, address_line(contact))
