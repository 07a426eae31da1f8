"""Beginning to work with the Bot API: who this bot is, where updates go, and which commands there are."""

from __future__ import annotations

import asyncio
import logging

from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.chat.api import KINDS, Api
from bot.chat.commands import register
from bot.chat.talk import House
from bot.services.invitations import keep_name
from bot.settings import Settings
from bot.store.errors import DatabaseUnavailable

log = logging.getLogger(__name__)

LONGEST_PAUSE = 60.0  # seconds between two tries


async def connect(house: House, settings: Settings) -> None:
    """Asks who this bot is and tells Telegram where updates go; outwaits a Bot API that is away.

    The bot's name is kept for the links that the command line makes.
    """
    api, pause, told = house.api, 1.0, ""
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
            await _keep_name(house)
            return


async def _keep_name(house: House) -> None:
    try:
        await house.database.write(keep_name, house.api.id, house.api.name)
    except DatabaseUnavailable as error:
        log.warning("%s", error)  # the next start keeps it


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
