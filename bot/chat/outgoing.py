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
from bot.domain.instants import SECOND
from bot.services.announcement_facts import CORRECTION
from bot.services.announcement_facts import KIND as ANNOUNCEMENT
from bot.services.announcement_records import hold
from bot.services.notices import Facts, gather
from bot.store.outbox import Claimed, Outcome, claim
from bot.store.tx import Tx

log = logging.getLogger(__name__)

LATER = 5 * SECOND  # so long a correction waits for what it corrects

Letters = deque[tuple[Claimed, Facts]]


@dataclass(frozen=True, slots=True)
class Post:
    """A message ready to be sent, or to be put in the place of one that was: `edits` is that one's id."""

    claimed: Claimed
    message: Message
    edits: int = 0


def claim_with_facts(
    tx: Tx, fence: int, now: int, limit: int, resting: Collection[int], coordinators: Collection[int] = frozenset()
) -> Letters | None:
    """Claims rows as the outbox does, and gathers in the same transaction what the present says about them."""
    claimed = claim(tx, fence, now, limit, resting)
    if claimed is None:
        return None
    hold(tx, (one.announcement for one in claimed if one.announcement is not None))
    facts = gather(tx, claimed, now, coordinators)
    return deque((one, facts[one.id]) for one in claimed)


def write(house: House, claimed: Claimed, facts: Facts) -> Post | Outcome:
    """The message, in the reader's language of now; else why there is none."""
    if claimed.kind == ANNOUNCEMENT and not _wanted(facts):
        return Outcome(claimed.id, "dropped")
    if claimed.kind == CORRECTION and facts.underway:  # what it corrects must have arrived before
        return Outcome(claimed.id, "waiting", due=facts.now + LATER)
    if facts.blocked:
        return Outcome(claimed.id, "blocked")
    try:
        message = render(house, claimed, facts)
    except Exception as error:  # one message that cannot be written must not keep the others
        log.exception("a message could not be written: %s", claimed.kind)
        return Outcome(claimed.id, "failed", error=type(error).__name__)
    if message is None or (claimed.kind == CORRECTION and not facts.sent):
        return Outcome(claimed.id, "dropped")
    return Post(claimed, directed_message(message, reader_language(house, facts)), facts.sent)


def _wanted(facts: Facts) -> bool:
    """Whether nobody has stopped the announcement, and its reader is still among those to whom it goes."""
    return facts.entitled and facts.announcement is not None and facts.announcement.state != "cancelled"
