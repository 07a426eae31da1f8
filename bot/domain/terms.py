"""What the operator has set for sessions."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.instants import HOUR


@dataclass(frozen=True, slots=True)
class Terms:
    """The operator's settings that services need.

    `offer` is how long an offered seat is kept, in microseconds of working days (LOTSE_OFFER). `reminders` are the
    rules for who has not chosen any, as written ("7d,1d,1h", LOTSE_REMINDERS). `zone` is where local times are meant
    (LOTSE_TIMEZONE), `language` the default language.
    """

    offer: int = 24 * HOUR
    reminders: str = "7d,1d,1h"
    zone: str = "Europe/Berlin"
    language: str = "de"
