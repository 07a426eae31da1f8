"""How fast messages may go out: evenly, never more than the rate in any second, one a second to a person."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from time import monotonic

# Requests do not take equally long to arrive, so a second is a little longer here; see docs/decisions/pace.md.
MARGIN = 0.012
CATCH_UP = 0.2  # seconds by which turns may be late and are made up for; after more nobody has asked for them
NOTHING = 1e-6  # seconds that are none: a clock with fractions need not come closer
REST = 1.0  # seconds between two messages to a person; Telegram asks for it
CHAT_REST = 3.0  # seconds between two messages to a group or channel: Telegram allows 20 a minute


class Pace:
    """The turns of one sender.

    A turn comes when the one that lies the rate before is a second ago. Within that, turns are even, and late ones are
    made up for at once.

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
        many = max(1, math.floor(rate))
        self.rate = many if rate > 1 else rate
        self.span = many / self.rate + MARGIN
        self.interval = self.span / many
        self.time = time
        self.sleep = sleep
        self._turns: deque[float] = deque(maxlen=many)
        self._even = -math.inf  # when the next turn comes if none is late
        self._from = -math.inf  # there is no turn before, whatever the others say
        self._paused_until = -math.inf
        self._rests: dict[int, float] = {}
        self._chats_rest_until = -math.inf

    @property
    def left(self) -> float:
        """Seconds until the next turn."""
        full = self._turns[0] + self.span if len(self._turns) == self._turns.maxlen else -math.inf
        left = max(full, self._even, self._from) - self.time()
        return left if left > NOTHING else 0.0

    def many(self, ahead: float) -> int:
        """How many turns come within so many seconds, late ones included; at least one."""
        now = self.time()
        first = self._even if now - self._even < CATCH_UP else now
        return max(1, int((now + ahead - first) / self.interval))

    @property
    def paused(self) -> bool:
        """Whether the Bot API has asked to wait."""
        return self.time() < self._paused_until

    def pause(self, seconds: float) -> None:
        """Gives no turn for so long."""
        self._paused_until = max(self._paused_until, self.time() + seconds)
        self._from = max(self._from, self._paused_until)

    def follow(self, seconds: float) -> None:
        """Goes on behind another sender, whose last turn comes in so many seconds (below 0: it is over).

        Nobody knows any more when its turns were, and to whom it wrote, so everything waits until they are over.
        """
        last = self.time() + seconds
        self._from = max(self._from, last + max(self.span, REST))
        self._chats_rest_until = max(self._chats_rest_until, last + CHAT_REST)

    async def ready(self, early: float = 0.0) -> None:
        """Returns when there may be a turn, after any pause, or so many seconds before."""
        while (left := self.left - early) > NOTHING:
            await self.sleep(left)

    async def turn(self) -> bool:
        """Waits for the turn of one message; false, and it is none, where a pause has begun meanwhile."""
        await self.sleep(0)  # the one before is on its way by then
        while left := self.left:
            if self.paused:
                return False
            await self.sleep(left)
        now = self.time()
        self._turns.append(now)
        self._even = (self._even if now - self._even < CATCH_UP else now) + self.interval
        return True

    def wrote_to(self, person: int) -> None:
        """Lets a person, or a chat, rest from now on."""
        self._rests[person] = self.time() + (CHAT_REST if person < 0 else REST)

    def rests(self, person: int) -> float:
        """Seconds for which nothing may be sent there."""
        until = self._rests.get(person, -math.inf)
        return max(0.0, (max(until, self._chats_rest_until) if person < 0 else until) - self.time())

    def resting(self) -> Iterable[int]:
        """The people and chats that are known to get nothing now."""
        now = self.time()
        self._rests = {person: until for person, until in self._rests.items() if until > now}
        return self._rests.keys()
