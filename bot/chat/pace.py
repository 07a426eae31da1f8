"""How fast messages may go out: evenly, never more than the rate in any second, and one a second to a person."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterable
from time import monotonic

SPARE = 1.03  # at exactly 1/rate a second may hold one too many
CATCH_UP = 0.005  # seconds of a late turn that the next one makes up for: a sixth of what SPARE leaves
NOTHING = 1e-6  # seconds that are none: a clock with fractions need not come closer
REST = 1.0  # seconds between two messages to a person; Telegram asks for it


class Pace:
    """The turns of one sender.

    Args:
        rate: Messages in any second, above 0; of a fraction above 1 the whole part counts, a second holds no parts.
        time: Seconds of a clock that never goes back.
        sleep: Waits for so many seconds of that clock.
    """

    def __init__(
        self,
        rate: float,
        time: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.rate = math.floor(rate) if rate > 1 else rate
        self.interval = SPARE / self.rate
        self.time = time
        self.sleep = sleep
        self._next = -math.inf
        self._paused_until = -math.inf
        self._rests: dict[int, float] = {}

    @property
    def left(self) -> float:
        """Seconds until the next turn."""
        left = self._next - self.time()
        return left if left > NOTHING else 0.0

    @property
    def paused(self) -> bool:
        """Whether the Bot API has asked to wait."""
        return self.time() < self._paused_until

    def pause(self, seconds: float) -> None:
        """Gives no turn for so long."""
        self._paused_until = max(self._paused_until, self.time() + seconds)
        self._next = max(self._next, self._paused_until)

    def follow(self, seconds: float) -> None:
        """Goes on behind another sender, whose last turn comes in so many seconds (below 0: it is over).

        Nobody knows any more to whom that one went, so all rest.
        """
        self._next = max(self._next, self.time() + seconds + max(self.interval, REST))

    async def ready(self, early: float = 0.0) -> None:
        """Returns when there may be a turn, after any pause, or so many seconds before."""
        while (left := self.left - early) > NOTHING:
            await self.sleep(left)

    async def turn(self) -> bool:
        """Waits for the turn of one message; false, and it is none, where a pause has begun meanwhile."""
        while self.left:
            if self.paused:
                return False
            await self.sleep(self.left)
        self._next = max(self._next, self.time() - CATCH_UP) + self.interval
        return True

    def wrote_to(self, person: int) -> None:
        """Lets a person rest from now on."""
        self._rests[person] = self.time() + REST

    def resting(self) -> Iterable[int]:
        """The people who get nothing now."""
        now = self.time()
        self._rests = {person: until for person, until in self._rests.items() if until > now}
        return self._rests.keys()
