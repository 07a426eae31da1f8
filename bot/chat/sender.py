"""Sends what is in the outbox: one process at a time, at the permitted pace, each message at least once.

A row is marked as being sent before its request, durably, and its outcome is written after it. Marks and outcomes are
written many at once, since each write costs a commit. Rows between mark and outcome are the only ones that a kill makes
uncertain, and there are never more of them than places.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import socket
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from telegram.error import ChatMigrated, InvalidToken, RetryAfter, TelegramError

from bot.chat.outcomes import outcome_of
from bot.chat.outgoing import Letters, Post, claim_with_facts, write
from bot.chat.pace import Pace
from bot.chat.talk import House
from bot.domain.instants import SECOND, microseconds
from bot.services.people import set_blocked
from bot.store.errors import DatabaseUnavailable
from bot.store.outbox import Outcome, begin, elect, pending, resign, settle

log = logging.getLogger(__name__)

PLACES = 50  # at once, at most: half of the connections, so that answers never wait for one
BATCH = 500  # rows claimed at once, at most
AHEAD = 0.05  # seconds for which rows are marked at once
LEAD = 0.02  # seconds before its turn that a row is marked, for the commit
BREATH = 0.25  # seconds between two looks while only people who rest have more
REFUSED = 60.0  # seconds to wait with a token that is refused
FIRST_LATENCY = 0.3  # seconds from mark to outcome, before any was measured
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Flight:
    """A request whose outcome is not written yet; `began` in seconds of the event loop's clock."""

    person: int
    began: float
    request: asyncio.Task[None]


class Sender:
    """The outbox of this process; idle while another process is the sender."""

    def __init__(self, house: House, pace: Pace) -> None:
        self.pace = pace
        self._house = house
        self._owner = f"{socket.gethostname()}:{os.getpid()}"
        self._fence: int | None = None
        self._latency = FIRST_LATENCY
        self._flying: dict[int, Flight] = {}  # by row
        self._free = asyncio.Event()
        self._outcomes: list[Outcome] = []
        self._recording: asyncio.Task[None] | None = None
        self._wanted = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self._told = ""

    def start(self) -> None:
        """Begins to send whenever it is woken."""
        self._loop = asyncio.create_task(self._run())

    async def wake(self) -> None:
        """Has it look whether anything is due."""
        self._wanted.set()

    async def stop(self, seconds: float) -> None:
        """Ends: what is on its way may arrive, for so long at most; the rest is given back for the next sender."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.wait([self._loop])
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.settled()
        for task in self._tasks():
            task.cancel()
        if self._fence is not None:
            fence, self._fence = self._fence, None
            with suppress(DatabaseUnavailable):
                await self._house.database.write(resign, fence)

    async def settled(self) -> None:
        """Returns when nothing is on its way and every outcome is written."""
        while tasks := self._tasks():
            await asyncio.wait(tasks)

    async def deliver(self) -> None:
        """Sends until nothing is due any more, or another process is the sender."""
        while await self._house.database.read(pending, self._now()):
            await self.pace.ready()
            letters = await self._claim()
            if letters is None:
                return
            if letters:
                await self._send(letters)
            else:  # those who have more to get are resting, or the last are still on their way
                await self.pace.sleep(BREATH)

    async def _run(self) -> None:
        """Sends whenever it is woken, whatever happens."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                await self.deliver()
            except DatabaseUnavailable as error:
                self._tell(str(error))
                await self._step_down()
            except Exception:
                log.exception("the outbox could not be worked on")
                await self._step_down()

    async def _step_down(self) -> None:
        """Gives everything back after trouble: what was claimed in a write that seemed to fail is known to nobody."""
        await self.settled()
        if self._fence is not None:
            await self._outwait(resign, self._fence)
            self._fence = None

    async def _claim(self) -> Letters | None:
        """The next rows with the facts about them, as many as a second takes; None when another is the sender."""
        if self._fence is None:
            lease = await self._house.database.write(elect, self._owner, self._now())
            if lease is None:
                return None
            self._fence = lease.fence
            self.pace.follow(lease.busy / SECOND)
            await self.pace.ready()
        many = max(1, min(BATCH, math.ceil(self.pace.rate)))
        resting = {*self.pace.resting(), *(flight.person for flight in self._flying.values())}
        letters = await self._house.database.write(claim_with_facts, self._fence, self._now(), many, resting)
        if letters is None:
            self._fence = None
        return letters

    async def _send(self, letters: Letters) -> None:
        """Sends claimed rows, some marked at once, each when it is its turn; what is not sent is given back."""
        unsent = {claimed.id for claimed, _ in letters}
        try:
            while letters and not self.pace.paused and self._fence is not None:
                for post in await self._marked(letters, unsent):
                    if not await self.pace.turn():
                        break
                    unsent.discard(post.claimed.id)
                    self._start(post)
        finally:
            self._settle(Outcome(one, "waiting") for one in unsent)

    async def _marked(self, letters: Letters, unsent: set[int]) -> Sequence[Post]:
        """The next posts, marked as being sent; fewer than there are places. What does not hold any more has ended."""
        assert self._fence is not None
        many = max(1, int(self.pace.rate * AHEAD))
        # What may have arrived before goes alone, so that a second kill finds only one such row.
        most = 0 if letters[0][0].ambiguous else self._places - min(many, math.ceil(self._places / 4))
        while len(self._flying) > most:
            self._free.clear()
            await self._free.wait()
        await self.pace.ready(LEAD)
        posts = []
        for one in self._written(letters, min(many, self._places - len(self._flying))):
            if isinstance(one, Post):
                posts.append(one)
            else:
                unsent.discard(one.id)
                self._settle([one])
        if not posts:
            return ()
        busy = int((self.pace.left + self.pace.interval * len(posts)) * SECOND)
        ids = [post.claimed.id for post in posts]
        begun = await self._house.database.write(begin, self._fence, ids, busy)
        if begun is None:
            self._fence = None
        unsent -= set(ids) - (begun or set())  # erased meanwhile, or another's
        return [post for post in posts if begun and post.claimed.id in begun]

    def _written(self, letters: Letters, many: int) -> Iterator[Post | Outcome]:
        """The next so many, as posts or as what they have ended as; what may have arrived before, alone."""
        for _ in range(many):
            if not letters:
                return
            claimed, facts = letters.popleft()
            yield write(self._house, claimed, facts)
            if claimed.ambiguous or (letters and letters[0][0].ambiguous):
                return

    @property
    def _places(self) -> int:
        """How many may be on their way at once: enough for the rate at the present latency, and a third more."""
        return max(1, min(PLACES, math.ceil(self.pace.rate * self._latency * 1.3)))

    def _start(self, post: Post) -> None:
        began = asyncio.get_running_loop().time()
        self._flying[post.claimed.id] = Flight(post.claimed.person, began, asyncio.create_task(self._one(post)))

    async def _one(self, post: Post) -> None:
        """One request and its outcome."""
        try:
            outcome = await self._request(post)
        except Exception as error:  # a mistake of ours; whether it arrived nobody knows
            log.exception("a message could not be sent: %s", post.claimed.kind)
            outcome = outcome_of(post.claimed, TelegramError(type(error).__name__), self._now())
        self.pace.wrote_to(post.claimed.person)
        if outcome.state == "blocked":
            try:
                await self._outwait(set_blocked, post.claimed.person, blocked=True)
            except Exception:  # it blocks the next message as well, and then is noted again
                log.exception("that somebody blocked the bot could not be noted")
        self._settle([outcome])

    async def _request(self, post: Post) -> Outcome:
        """One try to send, and once more where a chat has got another id."""
        chat, claimed = post.claimed.person, post.claimed
        try:
            try:
                message = await self._house.api.deliver(chat, post.message)
            except ChatMigrated as moved:
                message = await self._house.api.deliver(moved.new_chat_id, post.message)
        except TelegramError as error:
            self._wait_for(error)
            return outcome_of(claimed, error, self._now())
        self._tell("")
        return Outcome(claimed.id, "sent", attempts=1, message=message)

    def _wait_for(self, error: TelegramError) -> None:
        """Pauses where the Bot API asks for it, or knows the token no more."""
        if isinstance(error, RetryAfter):
            self.pace.pause(error.retry_after.total_seconds())  # type: ignore[union-attr]  # PTB_TIMEDELTA is set
        elif isinstance(error, InvalidToken):
            self.pace.pause(REFUSED)
            self._tell("Telegram refuses the token; messages wait")

    def _settle(self, outcomes: Iterable[Outcome]) -> None:
        """Has outcomes written soon, together with others."""
        self._outcomes += outcomes
        if self._outcomes and self._recording is None:
            self._recording = asyncio.create_task(self._record())

    async def _record(self) -> None:
        """Writes outcomes, all that have come meanwhile at once, until there are none."""
        try:
            while self._outcomes:
                batch, self._outcomes = self._outcomes, []
                if not await self._written_down(batch):
                    self._fence = None  # what is in doubt now is found at the next election
                for one in batch:
                    self._land(one.id)
                self._free.set()
        finally:
            self._recording = None

    async def _written_down(self, outcomes: Sequence[Outcome]) -> bool:
        """Writes outcomes; whether this is still the sender, and they are written."""
        if self._fence is None:
            return False
        busy = int(self.pace.left * SECOND) if self.pace.paused else 0
        try:
            return await self._outwait(settle, self._fence, outcomes, busy)
        except Exception:  # or whoever waits for a free place would wait for ever
            log.exception("outcomes could not be written")
            return False

    def _land(self, row: int) -> None:
        """Frees the place of a row whose outcome is written, and learns how long that takes."""
        flight = self._flying.pop(row, None)
        if flight is not None:
            self._latency += (asyncio.get_running_loop().time() - flight.began - self._latency) / 10

    async def _outwait(self, service: Callable[..., Result], *arguments: Any, **named: Any) -> Result:
        """A write, again and again while the database is away."""
        while True:
            try:
                return await self._house.database.write(service, *arguments, **named)
            except DatabaseUnavailable as error:
                self._tell(str(error))
                await asyncio.sleep(1)

    def _tasks(self) -> Collection[asyncio.Task[None]]:
        requests = [flight.request for flight in self._flying.values() if not flight.request.done()]
        return [*requests, *([self._recording] if self._recording else [])]

    def _now(self) -> int:
        return microseconds(self._house.now())

    def _tell(self, trouble: str) -> None:
        """Warns once of a trouble; none is good again."""
        if trouble and trouble != self._told:
            log.warning("%s", trouble)
        self._told = trouble
