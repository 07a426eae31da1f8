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
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress

from telegram.error import ChatMigrated, InvalidToken, RetryAfter, TelegramError

from bot.chat.flights import Flights
from bot.chat.outcomes import outcome_of
from bot.chat.outgoing import Letters, Post, claim_with_facts, write
from bot.chat.pace import Pace
from bot.chat.patient import Patient
from bot.chat.talk import House
from bot.domain.instants import SECOND, microseconds
from bot.services.chats import move, refused
from bot.store.errors import DatabaseUnavailable
from bot.store.lease import KEPT
from bot.store.outbox import Outcome, begin, elect, pending, resign, settle

log = logging.getLogger(__name__)

BATCH = 500  # rows claimed at once, at most
BATCH_SECONDS = 0.5  # for which rows are claimed; nobody looks again whether what is in them holds
AHEAD = 0.05  # seconds for which rows are marked at once
LEAD = 0.02  # seconds before its turn that a row is marked, for the commit
BREATH = 0.25  # seconds between two looks while only people who rest have more
SAFE = KEPT / SECOND - 1  # seconds after which a process that stood still may not be the sender any more
REFUSED = 60.0  # seconds to wait with a token that is refused


class Sender:
    """The outbox of this process; idle while another process is the sender."""

    def __init__(self, house: House, pace: Pace) -> None:
        self.pace = pace
        self._house = house
        self._patient = Patient(house.database, log)
        self._owner = f"{socket.gethostname()}:{os.getpid()}"
        self._fence: int | None = None
        self._lapses = 0.0  # when another may have become the sender, by the clock of the pace
        self._flying = Flights(pace.rate)
        self._outcomes: list[Outcome] = []
        self._recording: asyncio.Task[None] | None = None
        self._wanted = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None

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
            if not await self._elected():
                return
            letters = await self._claim()
            if letters is None:
                return
            if letters:
                await self._deliver(letters)
            else:  # those who have more to get are resting, or the last are still on their way
                await self.pace.sleep(BREATH)

    async def _deliver(self, letters: Letters | None) -> None:
        """Sends claimed rows, and claims the next ones while they go out, until there are none or a pause begins."""
        while letters and not self.pace.paused:
            claim = self._claim({claimed.person for claimed, _ in letters})
            following = asyncio.create_task(claim)
            try:
                await self._send(letters)
                letters = await following
            finally:  # after trouble: what was claimed all the same is given back with the right to send
                following.cancel()
                await asyncio.gather(following, return_exceptions=True)
        self._settle(Outcome(claimed.id, "waiting") for claimed, _ in letters or ())

    async def _run(self) -> None:
        """Sends whenever it is woken, whatever happens."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                await self.deliver()
            except DatabaseUnavailable as error:
                self._patient.tell(str(error))
                await self._step_down()
            except Exception:
                log.exception("the outbox could not be worked on")
                await self._step_down()

    async def _step_down(self) -> None:
        """Gives everything back after trouble: what was claimed in a write that seemed to fail is known to nobody."""
        await self.settled()
        if self._fence is not None:
            await self._patient.write(resign, self._fence)
            self._fence = None

    async def _elected(self) -> bool:
        """Whether this process is the sender, by now if it was none."""
        if self._fence is None:
            lease = await self._house.database.write(elect, self._owner, self._now())
            if lease is None:
                return False
            self._fence = lease.fence
            self.pace.follow(lease.busy / SECOND)
            await self.pace.ready()
        return True

    async def _claim(self, in_hand: Collection[int] = ()) -> Letters | None:
        """The next rows with the facts about them, as many as half a second takes; None when another is the sender.

        `in_hand` are people who are about to get something.
        """
        if self._fence is None:
            return None
        many = max(1, min(BATCH, math.ceil(self.pace.rate * BATCH_SECONDS)))
        resting = {*self.pace.resting(), *in_hand, *self._flying.people}
        letters = await self._house.database.write(
            claim_with_facts, self._fence, self._now(), many, resting, self._house.coordinators
        )
        if letters is None:
            self._fence = None
            return None
        return self._awake(letters)

    def _awake(self, letters: Letters) -> Letters:
        """Without those to chats that may still rest from the sender before; they wait until then."""
        rests = {claimed.id: rest for claimed, _ in letters if (rest := self.pace.rests(claimed.person))}
        self._settle(Outcome(row, "waiting", due=self._now() + int(rest * SECOND)) for row, rest in rests.items())
        return Letters(one for one in letters if one[0].id not in rests)

    async def _send(self, letters: Letters) -> None:
        """Sends claimed rows, some marked at once, each when it is its turn; what is not sent is given back."""
        unsent = {claimed.id for claimed, _ in letters}
        try:
            while letters and not self.pace.paused and self._fence is not None:
                for post in await self._marked(letters, unsent):
                    if not await self.pace.turn() or self.pace.time() > self._lapses:
                        break
                    unsent.discard(post.claimed.id)
                    self._flying.begin(post.claimed.id, post.claimed.person, self._one(post))
        finally:
            self._settle(Outcome(one, "waiting") for one in unsent)

    async def _marked(self, letters: Letters, unsent: set[int]) -> Sequence[Post]:
        """The next posts, marked as being sent; fewer than there are places. What does not hold any more has ended."""
        assert self._fence is not None
        many = self.pace.many(AHEAD)
        places = self._flying.places
        # What may have arrived before goes alone, so that a second kill finds only one such row.
        await self._flying.fewer(0 if letters[0][0].ambiguous else places - min(many, math.ceil(places / 4)))
        await self.pace.ready(LEAD)
        posts = []
        for one in self._written(letters, min(many, places - len(self._flying))):
            if isinstance(one, Post):
                posts.append(one)
            else:
                unsent.discard(one.id)
                self._settle([one])
        if not posts:
            return ()
        busy = int((self.pace.left + self.pace.interval * len(posts)) * SECOND)
        ids = [post.claimed.id for post in posts]
        self._lapses = self.pace.time() + SAFE
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
                await self._patient.write(refused, post.claimed.person)
            except Exception:  # it blocks the next message as well, and then is noted again
                log.exception("that somebody blocked the bot could not be noted")
        self._settle([outcome])

    async def _request(self, post: Post) -> Outcome:
        """One try to send or to change, and its outcome."""
        try:
            message = await self._delivered(post)
        except TelegramError as error:
            self._wait_for(error, post.claimed.person)
            return outcome_of(post.claimed, error, self._now(), edits=bool(post.edits))
        self._patient.tell("")
        return Outcome(post.claimed.id, "sent", attempts=1, message=message)

    async def _delivered(self, post: Post) -> int:
        """Sends a post, once more where a chat has got another id, or changes what was sent; its id."""
        api, chat = self._house.api, post.claimed.person
        if post.edits:
            await api.redeliver(chat, post.edits, post.message)
            return post.edits
        try:
            return await api.deliver(chat, post.message)
        except ChatMigrated as moved:
            await self._patient.write(move, chat, moved.new_chat_id)
            return await api.deliver(moved.new_chat_id, post.message)

    def _wait_for(self, error: TelegramError, chat: int) -> None:
        """Pauses where the Bot API asks for it, or knows the token no more; what a group asks for is its own."""
        if isinstance(error, RetryAfter) and chat > 0:
            self.pace.pause(error.retry_after.total_seconds())  # type: ignore[union-attr]  # PTB_TIMEDELTA is set
        elif isinstance(error, InvalidToken):
            self.pace.pause(REFUSED)
            self._patient.tell("Telegram refuses the token; messages wait")

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
                self._flying.land(one.id for one in batch)
        finally:
            self._recording = None

    async def _written_down(self, outcomes: Sequence[Outcome]) -> bool:
        """Writes outcomes; whether this is still the sender, and they are written."""
        if self._fence is None:
            return False
        busy = int(self.pace.left * SECOND) if self.pace.paused else 0
        try:
            return await self._patient.write(settle, self._fence, outcomes, busy)
        except Exception:  # or whoever waits for a free place would wait for ever
            log.exception("outcomes could not be written")
            return False

    def _tasks(self) -> Collection[asyncio.Task[None]]:
        return [*self._flying.requests, *([self._recording] if self._recording else [])]

    def _now(self) -> int:
        return microseconds(self._house.now())
