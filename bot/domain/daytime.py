"""Day and night, on the clock where the operator is."""

from __future__ import annotations

from bot.domain.instants import moment

MORNING, EVENING = 8, 20  # o'clock: what arrives in between disturbs nobody


def by_day(now: int, zone: str) -> bool:
    """Whether it is day at `now` (UTC microseconds) in an IANA zone."""
    return MORNING <= moment(now, zone).hour < EVENING
