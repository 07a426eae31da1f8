"""Whether an answer helped: counted by topic and language, without a person."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.browse import out_of_date
from bot.chat.counting import voted
from bot.chat.message import Message
from bot.chat.talk import Talk
from bot.store.inbox import Tally


async def helpful(talk: Talk, arguments: Sequence[str]) -> Tally | None:
    """Answers helpful:<entry>:yes|no; the two buttons' first press counts, as long as the card still shows them."""
    entry, answer = arguments[0], arguments[1] if len(arguments) > 1 else ""
    found = talk.house.knowledge.entries.get(entry)
    if found is None or found.urgent or found.kind == "action" or answer not in {"yes", "no"}:
        await out_of_date(talk)
        return None
    card = (talk.arrival.chat, talk.arrival.message_id)
    _ = talk.texts.gettext
    if card in talk.house.counted:
        await talk.say(Message(_("This has been counted already.")))
        return None
    await talk.say(Message(_("Thank you. Only topic and language are counted.")))
    talk.house.count(*card)
    return voted(talk, entry, helpful=answer == "yes")
