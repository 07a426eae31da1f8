"""Handling updates: in order within a chat, many chats at once, each until it is done or was tried three times."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.chat.api import FIRST_PAUSE, LONGEST_PAUSE
from bot.chat.arrival import Arrival, blocked, parse
from bot.chat.errors import failed
from bot.chat.group_news import parse_news
from bot.chat.meters import Meters
from bot.chat.routes import handle
from bot.chat.talk import House, Talk, begin
from bot.domain.instants import microseconds
from bot.services.people import set_blocked
from bot.store.errors import DatabaseUnavailable
from bot.store.inbox import Finished, Tally, fail, finish_all

log = logging.getLogger(__name__)

CHATS = 32  # handled at once
UNMARKED = 64  # answered, but not yet marked as done: a kill repeats no more than these and what is being handled
UNREACHABLE = ("chat not found", "not enough rights")  # how the Bot API refuses to write there, besides 403
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Job:
    """An update to handle, with the language its person chose, their role, and the place they had remembered."""

    update_id: int
    update: Mapping[str, Any]
    language: str | None
    role: str | None
    place: int | None = None


class Dispatch:
    """The updates of this process that are being handled. What is not done when it stops stays in the inbox."""

    def __init__(self, house: House, meters: Meters) -> None:
        self._house = house
        self._meters = meters
        self._places = asyncio.Semaphore(CHATS)
        self._unmarked = asyncio.Semaphore(UNMARKED)
        self._chats: dict[int, deque[tuple[Job, Arrival]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._done: list[Finished] = []
        self._marking: asyncio.Task[None] | None = None

    def add(self, job: Job) -> None:
        """Puts a job in its chat's line; what Lotse leaves alone is done at once."""
        self._meters.received.inc()
        arrival = parse(job.update, self._house.api.name) or parse_news(job.update)
        stopped = blocked(job.update)
        if arrival is None:
            if stopped is not None:
                self._start(self._note_block(job, stopped))
            else:
                self._start(self._finish(job, None))
            return
        line = self._chats.get(arrival.chat)
        if line is not None:
            line.append((job, arrival))
            return
        self._chats[arrival.chat] = deque([(job, arrival)])
        self._start(self._work(arrival.chat))

    async def stop(self, seconds: float) -> None:
        """Lets what is being handled end, for so long at most; the rest stays in the inbox for the next start."""
        for line in self._chats.values():
            while len(line) > 1:
                line.pop()
        await self._settle_within(seconds)
        for task in self._tasks:
            task.cancel()
        await self._settle_within(1)
        if self._marking is not None:
            self._marking.cancel()
        await self.settle()

    async def _settle_within(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.settle()

    async def settle(self) -> None:
        """Returns when nothing is being handled and everything handled is marked."""
        while work := [*self._tasks, *([self._marking] if self._marking else [])]:
            await asyncio.wait(work)

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, chat: int) -> None:
        """Handles a chat's line to its end."""
        line = self._chats[chat]
        async with self._places:
            try:
                while line:
                    try:
                        await self._one(*line[0])
                    except Exception:  # the worker goes on whatever happens; the update stays in the inbox
                        log.exception("an update was left in the inbox")
                    line.popleft()
            finally:
                del self._chats[chat]

    async def _one(self, job: Job, arrival: Arrival) -> None:
        """Handles one update until it is done, or three times, then sets it aside and tells the person."""
        talk = begin(self._house, arrival, job.language, job.role, job.place)
        while True:
            try:
                with self._meters.seconds.time():
                    tally = await self._outwait(lambda: self._reply(talk))
            except (Exception, asyncio.CancelledError):
                if _stopping():
                    raise
                log.exception("an update could not be handled")
                if await self._write(fail, self._house.api.id, job.update_id):
                    self._meters.failed.inc()
                    await self._apologise(talk)
                    return
            else:
                await self._finish(job, tally)
                return

    async def _reply(self, talk: Talk) -> Tally | None:
        """One try; that a person or group cannot be answered any more is no error."""
        try:
            return await handle(talk)
        except ChatMigrated as error:
            return await handle(replace(talk, arrival=replace(talk.arrival, chat=error.new_chat_id)))
        except (Forbidden, BadRequest) as error:
            if isinstance(error, BadRequest) and not any(words in error.message.lower() for words in UNREACHABLE):
                raise
            if talk.arrival.private:
                await self._write(set_blocked, talk.arrival.person, blocked=True)
            return None

    async def _outwait(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """Does the work, again and again while the database is away."""
        pause = FIRST_PAUSE
        while True:
            try:
                return await work()
            except DatabaseUnavailable as error:
                log.warning("%s Trying again in %.1f s.", error, pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _write(self, service: Callable[..., Result], *arguments: Any, **named: Any) -> Result:
        return await self._outwait(lambda: self._house.database.write(service, *arguments, **named))

    async def _apologise(self, talk: Talk) -> None:
        if talk.arrival.kind == "news":
            return  # nobody has asked for anything
        try:
            await failed(talk)
        except TelegramError:
            log.warning("a person could not be told that something failed")

    async def _note_block(self, job: Job, stopped: tuple[int, bool]) -> None:
        await self._write(set_blocked, stopped[0], blocked=stopped[1])
        await self._finish(job, None)

    async def _finish(self, job: Job, tally: Tally | None) -> None:
        """Marks the update as done soon, together with others; until then a kill would have it handled again.

        So only so many marks may be outstanding.
        """
        await self._unmarked.acquire()
        if tally is not None:
            self._meters.outcomes.labels(tally.outcome, tally.language).inc()
        self._done.append(Finished(job.update_id, tally))
        if self._marking is None:
            self._marking = asyncio.create_task(self._mark())

    async def _mark(self) -> None:
        """Writes done marks, all that have come meanwhile at once, until there are none."""
        try:
            while self._done:
                batch, self._done = self._done, []
                await self._write(finish_all, self._house.api.id, batch, microseconds(self._house.now()))
                for _ in batch:
                    self._unmarked.release()
        finally:
            self._marking = None


def _stopping() -> bool:
    """Whether the running task was cancelled, which something inside it can only look like."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
