"""What a refused, failed or broken delivery means for the row of the outbox."""

from __future__ import annotations

import random
import re

from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.chat.transport import UnsentError
from bot.domain.instants import SECOND
from bot.store.outbox import OFTEN, Claimed, Outcome

LONGEST_PAUSE = 300.0  # seconds between two tries for one row
UNKNOWN_CHAT = "chat not found"
QUOTED = re.compile(r"""(["']).*\1""", re.DOTALL)  # what the Bot API repeats of a message
LONGEST_ERROR = 200


def outcome_of(claimed: Claimed, error: TelegramError, now: int) -> Outcome:
    """What becomes of a row whose request ended so; `now` in UTC microseconds.

    A request to wait costs no attempt. What was surely not sent is tried again, later and later. What may have arrived
    is tried once more. Who has blocked the bot, or never began a chat, is not reached. Everything else is a mistake of
    ours and kept with Telegram's words.
    """
    match error:
        case RetryAfter() | InvalidToken():
            return Outcome(claimed.id, "waiting")
        case Forbidden():
            return Outcome(claimed.id, "blocked", attempts=1)
        case BadRequest() if UNKNOWN_CHAT in error.message.lower():
            return Outcome(claimed.id, "blocked", attempts=1)
        case BadRequest():
            return Outcome(claimed.id, "failed", attempts=1, error=impersonal(error.message))
        case UnsentError() | Conflict():
            return Outcome(claimed.id, "waiting", due=now + backoff(claimed.attempts), attempts=1)
        case _:
            again = claimed.ambiguous + 1 < OFTEN
            due = now + backoff(claimed.attempts) if again else None
            return Outcome(claimed.id, "waiting" if again else "unconfirmed", due=due, attempts=1, ambiguous=1)


def backoff(attempts: int) -> int:
    """Microseconds until the next try after so many: doubled each time, with jitter so that not all come at once."""
    seconds = min(2.0 ** min(attempts, 20), LONGEST_PAUSE) * random.uniform(0.5, 1.0)  # noqa: S311 - not a secret
    return int(seconds * SECOND)


def impersonal(message: str) -> str:
    """An error of the Bot API's without what it quotes."""
    return QUOTED.sub("…", message)[:LONGEST_ERROR]
