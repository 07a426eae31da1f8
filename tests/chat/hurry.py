"""A sender's clock that jumps on instead of waiting."""

from __future__ import annotations

import asyncio

from bot.chat.pace import Pace


def hurried(rate: float) -> Pace:
    """A pace that nobody waits for."""
    clock = [0.0]

    async def sleep(seconds: float) -> None:
        clock[0] += seconds
        await asyncio.sleep(0)

    return Pace(rate, lambda: clock[0], sleep)
