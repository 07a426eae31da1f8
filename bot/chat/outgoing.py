"""From a claimed row of the outbox to the message that goes out for it."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass

from bot.chat.markup import directed_message
from bot.chat.message import Message
from bot.chat.notices import reader_language, render
from bot.chat.talk import House
from bot.services.notices import Facts, gather
from bot.store.outbox import Claimed, Outcome, claim
from bot.store.tx import Tx

log = logging.getLogger(__name__)

Letters = deque[tuple[Claimed, Facts]]


@dataclass(frozen=True, slots=True)
class Post:
    """A message ready to be sent."""

    claimed: Claimed
    message: Message


def claim_with_facts(tx: Tx, fence: int, now: int, limit: int, resting: Collection[int]) -> Letters | None:
    """Claims rows as the outbox does, and gathers in the same transaction what the present says about them."""
    claimed = claim(tx, fence, now, limit, resting)
    if claimed is None:
        return None
    facts = gather(tx, claimed, now)
    return deque((one, facts[one.id]) for one in claimed)


def write(house: House, claimed: Claimed, facts: Facts) -> Post | Outcome:
    """The message, in the reader's language of now; else why there is none."""
    if facts.blocked:
        return Outcome(claimed.id, "blocked")
    try:
        message = render(house, claimed, facts)
    except Exception as error:  # one message that cannot be written must not keep the others
        log.exception("a message could not be written: %s", claimed.kind)
        return Outcome(claimed.id, "failed", error=type(error).__name__)
    if message is None:
        return Outcome(claimed.id, "dropped")
    return Post(claimed, directed_message(message, reader_language(house, facts)))
