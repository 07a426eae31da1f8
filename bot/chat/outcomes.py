"""What a refused, failed or broken delivery means for the row of the outbox."""

from __future__ import annotations

import random
import re

from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.chat.transport import UnsentError
from bot.domain.instants import SECOND
from bot.store.outbox import OFTEN, Claimed, Outcome, State

LONGEST_PAUSE = 300.0  # seconds between two tries for one row
# There is no such chat, or Lotse may not post there.
CLOSED = re.compile(
    r"chat not found|need administrator rights|not enough rights to send text|CHAT_WRITE_FORBIDDEN", re.IGNORECASE
)
# Deleted by the reader, or older than Telegram lets be changed; in the words of both of Telegram's servers.
UNCHANGEABLE = re.compile(r"message to edit not found|message can't be edited|MESSAGE_ID_INVALID", re.IGNORECASE)
QUOTED = re.compile(r"""(["']).*\1""", re.DOTALL)  # what the Bot API repeats of a message
LONGEST_ERROR = 200


def outcome_of(claimed: Claimed, error: TelegramError, now: int, *, edits: bool = False) -> Outcome:
    """What becomes of a row whose request ended so; `now` in UTC microseconds, `edits` if it was to change a message.

    A request to wait costs no attempt; that of a group or channel holds there only. What was surely not sent is tried
    again, later and later. What may have arrived is tried once more. Who has blocked the bot, or never began a chat, is
    not reached. A message that is gone, or too old, needs no correction. Everything else is a mistake of ours and kept
    with Telegram's words.
    """
    match error:
        case RetryAfter() if claimed.person < 0:
            wait: float = error.retry_after.total_seconds()  # type: ignore[union-attr]  # PTB_TIMEDELTA is set
            return Outcome(claimed.id, "waiting", due=now + int(wait * SECOND))
        case RetryAfter() | InvalidToken():
            return Outcome(claimed.id, "waiting")
        case Forbidden() | BadRequest() | ChatMigrated():
            state = _refused(error, edits=edits)
            said = impersonal(error.message) if state == "failed" else None
            return Outcome(claimed.id, state, attempts=1, error=said)
        case UnsentError() | Conflict():
            return Outcome(claimed.id, "waiting", due=now + backoff(claimed.attempts), attempts=1)
        case _:
            again = claimed.ambiguous + 1 < OFTEN
            due = now + backoff(claimed.attempts) if again else None
            return Outcome(claimed.id, "waiting" if again else "unconfirmed", due=due, attempts=1, ambiguous=1)


def _refused(error: TelegramError, *, edits: bool) -> State:
    """What a row has ended as that the Bot API will never take."""
    if isinstance(error, Forbidden) or CLOSED.search(error.message):
        return "blocked"
    # In a chat that has another number by now, what was sent keeps the one it had.
    gone = isinstance(error, ChatMigrated) or UNCHANGEABLE.search(error.message)
    return "dropped" if edits and gone else "failed"


def backoff(attempts: int) -> int:
    """Microseconds until the next try after so many: doubled each time, with jitter so that not all come at once."""
    seconds = min(2.0 ** min(attempts, 20), LONGEST_PAUSE) * random.uniform(0.5, 1.0)  # noqa: S311 - not a secret
    return int(seconds * SECOND)


def impersonal(message: str) -> str:
    """An error of the Bot API's without what it quotes."""
    return QUOTED.sub("…", message)[:LONGEST_ERROR]
