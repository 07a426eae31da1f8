"""An outbox with its sender and a real sandbox, without the rest of the bot: for tests of what goes out unasked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from hurry import hurried
from sqlalchemy import text
from telegram.error import NetworkError

from bot.chat.api import Api
from bot.chat.sender import Sender
from bot.chat.talk import House
from bot.domain.instants import DAY, HOUR, microseconds
from bot.domain.plan import NewSession, Wording
from bot.domain.terms import Terms
from bot.library.current import current
from bot.sandbox.server import Sandbox, serve
from bot.services.deliveries import deliveries
from bot.services.programme import add, add_series
from bot.services.registrations import register
from bot.services.reminders import queue_due
from bot.store.database import Database
from bot.store.tx import Tx

SMALL = Path(__file__).parent.parent / "folders" / "small"
TOKEN = "77:invented-token-for-tests"
NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)  # 12:00 in Germany
TERMS = Terms()
RATE = 25


class Post:
    """One Bot API, one database, a session in an hour, and senders; `now` may be moved."""

    def __init__(self, root, sandbox, http, database):
        self.root, self.sandbox, self.http, self.database = root, sandbox, http, database
        self.now = NOON
        self.library = current(SMALL)[0]

    async def has_people(self, *people, title="Ankommen", begun=True):
        """A session in two hours, for which these are registered; with `begun` they have a chat with the bot."""
        if begun:
            for person in people:
                self.sandbox.state.current.open_chat(person, "private", {"first_name": "P"})
        return await self.database.write(programme, title, people, microseconds(self.now))

    async def reminders_are_due(self):
        """An hour later, which is an hour before the session: as many rows as people."""
        self.now += timedelta(hours=1)
        return await self.database.write(queue_due, microseconds(self.now), TERMS)

    @asynccontextmanager
    async def sender(self, pace=None, root=None):
        """A sender of its own; at another `root` the Bot API is away."""
        async with AsyncExitStack() as stack:
            api = Api(TOKEN, root or self.root)
            stack.push_async_callback(api.close)
            with suppress(NetworkError):
                await api.open()
            house = House(api, self.database, self.library, lambda: self.now, "de", Path("unused"), TERMS)
            sender = Sender(house, pace or hurried(RATE))
            stack.push_async_callback(sender.stop, 5)
            yield sender

    async def goes_out(self):
        """A sender does everything that is due, and ends."""
        async with self.sender() as sender:
            await sender.deliver()
            await sender.settled()

    async def fault(self, **fault):
        """Orders trouble at the Bot API."""
        self.sandbox.state.faults.order({"method": "sendMessage", **fault})

    def got(self, person):
        """The first lines of what somebody got."""
        messages = self.sandbox.state.current.chats[person].messages.values()
        return [message.content["text"].split("\n")[0] for message in messages if message.from_bot]

    async def states(self):
        """By person: state, attempts, ambiguous attempts and error."""
        return await self.database.read(states)

    async def report(self):
        """The counts of reminders."""
        return (await self.database.read(deliveries, microseconds(self.now)))["reminder"]


def programme(tx: Tx, title: str, people, now: int) -> int:
    series = add_series(tx, "Reihe", {}, now - DAY)
    session = add(tx, NewSession(series, now + 2 * HOUR, Wording(title, "de")), now - DAY, TERMS)
    for person in people:
        register(tx, session, person, "en", now - DAY, TERMS)
    return session


def states(tx: Tx) -> dict[int, tuple]:
    rows = tx.execute(text("SELECT person, state, attempts, ambiguous, error FROM outbox ORDER BY id"))
    return {row[0]: tuple(row[1:]) for row in rows}


@asynccontextmanager
async def posting(database: Database) -> AsyncIterator[Post]:
    """A sandbox over this database."""
    async with AsyncExitStack() as stack:
        sandbox = Sandbox(TOKEN)
        root = await stack.enter_async_context(serve(sandbox, 0))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        yield Post(root, sandbox, http, database)
