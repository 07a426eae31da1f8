"""Long polling: updates are confirmed to Telegram only when they are durably stored."""

from __future__ import annotations

import asyncio
import logging

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.chat.api import LONGEST_PAUSE, Api
from bot.chat.intake import Intake, numbered
from bot.chat.transport import kind_of
from bot.store.errors import DatabaseUnavailable

log = logging.getLogger(__name__)


async def poll(api: Api, intake: Intake) -> None:
    """Fetches updates until it is cancelled; a Bot API that is away and a second poller are outwaited.

    The confirmation is the next request's offset: whatever was not stored comes again.
    """
    offset: int | None = None
    pause, told = 1.0, ""
    while True:
        try:
            updates = await api.updates(offset)
            await intake.take(updates)
        except (TelegramError, DatabaseUnavailable) as error:
            if isinstance(error, InvalidToken):
                raise
            reason = _reason(error)
            if reason != told:
                log.warning("%s", reason)
                told = reason
            wait = error.retry_after.total_seconds() if isinstance(error, RetryAfter) else pause  # type: ignore[union-attr]
            await asyncio.sleep(wait)
            pause = min(pause * 2, LONGEST_PAUSE)
            continue
        if told:
            log.warning("updates come again")
        pause, told = 1.0, ""
        numbers = [update["update_id"] for update in updates if numbered(update)]
        if numbers:
            # Telegram counts up within one batch; a restarted count (after a week of silence) begins anywhere.
            offset = max(numbers) + 1


def _reason(error: TelegramError | DatabaseUnavailable) -> str:
    if isinstance(error, Conflict):
        return "another process polls for the same bot, or a webhook is set; trying again with growing pauses"
    if isinstance(error, DatabaseUnavailable):
        return f"{error} Updates wait at Telegram."
    return f"Telegram is not reached ({kind_of(error)}); trying again with growing pauses"
