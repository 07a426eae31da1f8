"""Beginning to work with the Bot API: who this bot is, where updates go, and which commands there are."""

from __future__ import annotations

import asyncio
import logging

from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.chat.api import KINDS, Api
from bot.chat.commands import register
from bot.settings import Settings

log = logging.getLogger(__name__)

LONGEST_PAUSE = 60.0  # seconds between two tries


async def connect(api: Api, settings: Settings) -> None:
    """Asks who this bot is and tells Telegram where updates go; outwaits a Bot API that is away."""
    pause, told = 1.0, ""
    while True:
        try:
            await api.open()
            await _announce(api, settings)
            await register(api, settings.default_language)
        except InvalidToken:
            raise
        except TelegramError as error:
            refused = "refuses something" if isinstance(error, BadRequest) else "is not reached"
            reason = f"Telegram {refused} ({error.message}); trying again with growing pauses"
            if reason != told:
                log.warning("%s", reason)
                told = reason
            wait = error.retry_after.total_seconds() if isinstance(error, RetryAfter) else pause  # type: ignore[union-attr]
            await asyncio.sleep(wait)
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            return


async def _announce(api: Api, settings: Settings) -> None:
    if settings.webhook_url and settings.webhook_secret:
        fields = {
            "url": settings.webhook_url,
            "secret_token": settings.webhook_secret.get_secret_value(),
            "allowed_updates": list(KINDS),
        }
        await api.call("setWebhook", fields)
    else:
        await api.call("deleteWebhook", {})
