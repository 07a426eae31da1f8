"""Updates on their way in: stored durably, then acknowledged, then handled in the order of each chat."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from bot.chat.arrival import owner_of
from bot.chat.dispatch import Dispatch, Job
from bot.chat.talk import House
from bot.domain.instants import microseconds
from bot.store.errors import DatabaseUnavailable
from bot.store.inbox import Arrived, Waiting, adopt, beat, leave, mine, sweep, take_in
from bot.store.people import Person, known
from bot.store.tx import Tx

log = logging.getLogger(__name__)

ALIVE_SECONDS = 10  # a process that has not said it is alive for so long is taken for dead
BATCH = 500


class Intake:
    """The door of the inbox for one process.

    Batches are taken in side by side, but never beside `catch_up`: what it was given must be in the line of its chat
    before the database lets a later update of that chat through.
    """

    def __init__(self, house: House, dispatch: Dispatch) -> None:
        self._house = house
        self._dispatch = dispatch
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{os.urandom(4).hex()}"
        self._alone = asyncio.Lock()
        self._batches = 0
        self._none = asyncio.Event()  # no batch is between the database and its chats' lines
        self._none.set()

    async def hello(self) -> None:
        """Says that this process is alive, before it takes anything in."""
        now = microseconds(self._house.now())
        await self._house.database.write(beat, self._owner, now + ALIVE_SECONDS * 1_000_000)

    async def healthy(self) -> bool:
        """Whether the database answers."""
        try:
            await self._house.database.read(known, [])
        except DatabaseUnavailable:
            return False
        return True

    async def close(self) -> None:
        """Says that this process has ended; what it leaves waiting is free at once."""
        await self._house.database.write(leave, self._owner)

    async def take(self, updates: Sequence[Mapping[str, Any]]) -> None:
        """Stores updates and hands the new ones on; returns when they are durable, so that they may be acknowledged.

        Raises DatabaseUnavailable when they could not be stored. What is no update at all is dropped.
        """
        bodies = {u["update_id"]: u for u in updates if numbered(u)}
        arrived = [Arrived(number, *owner_of(update), json.dumps(update)) for number, update in bodies.items()]
        if not arrived:
            return
        now = microseconds(self._house.now())
        async with self._beside_others():
            taken = await self._house.database.write(take_in, self._house.api.id, self._owner, arrived, now)
            for one in taken:
                update = bodies[one.update_id]
                self._dispatch.add(Job(one.update_id, update, one.language, one.role, one.place))

    async def beat(self) -> None:
        """Says that this process is alive, and adopts what dead ones left."""
        try:
            await self.hello()
            await self._house.database.write(adopt, self._house.api.id, self._owner, microseconds(self._house.now()))
        except DatabaseUnavailable as error:
            log.debug("%s", error)  # whoever needs the database now says so

    async def catch_up(self) -> None:
        """Takes what waits for this process: adopted, given by others, or kept back for the order of a chat.

        Raises DatabaseUnavailable.
        """
        async with self._alone:
            await self._none.wait()
            while waiting := await self._house.database.write(_handed_out, self._house.api.id, self._owner):
                for one, person in waiting:
                    own = (person.language, person.role, person.place) if person else (None, None, None)
                    self._dispatch.add(Job(one.update_id, json.loads(one.body), *own))

    @asynccontextmanager
    async def _beside_others(self) -> AsyncIterator[None]:
        async with self._alone:
            self._batches += 1
            self._none.clear()
        try:
            yield
        finally:
            self._batches -= 1
            if not self._batches:
                self._none.set()

    async def sweep(self) -> None:
        """Forgets handled updates after a week."""
        await self._house.database.write(sweep, microseconds(self._house.now()))


def _handed_out(tx: Tx, bot: int, owner: str) -> list[tuple[Waiting, Person | None]]:
    """Some of what waits for this process, with those persons who are known."""
    waiting = mine(tx, bot, owner, BATCH)
    authors = [owner_of(json.loads(one.body))[1] or 0 for one in waiting]
    people = known(tx, authors)
    return [(one, people.get(author)) for one, author in zip(waiting, authors, strict=True)]


def numbered(update: Any) -> bool:
    """Whether this can be an update: an object with a number that a database can keep."""
    return isinstance(update, Mapping) and type(update.get("update_id")) is int and 0 <= update["update_id"] < 2**53
