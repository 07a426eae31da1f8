"""A sandbox in this process, and `lotse run` in another that is killed again and again."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path

from bot.domain.instants import SECOND
from bot.sandbox.server import Sandbox, serve

ROOT = Path(__file__).parent.parent
SMALL = ROOT / "tests" / "folders" / "small"
TOKEN = "77:invented-token-for-tests"
KILLS = int(os.environ.get("LOTSE_TESTS_KILLS", "5"))
MESSAGES = int(os.environ.get("LOTSE_TESTS_MESSAGES", "1500"))
FIRST = 100_001
PEOPLE = range(FIRST, FIRST + MESSAGES)
EVERYTHING = 3 * MESSAGES  # more than there can be
REQUEST = 0.01  # seconds that the Bot API takes
RATE = 500


class Mail:
    """What people have got, what the outbox says, and the bot's process."""

    def __init__(self, sandbox: Sandbox, path: Path, environment: dict[str, str]) -> None:
        self.sandbox, self.path, self.environment = sandbox, path, environment
        self.process: asyncio.subprocess.Process | None = None
        self.seed = random.randrange(1_000_000)
        self.chance = random.Random(self.seed)
        self.in_flight: list[int] = []
        self.doubtful: set[int] = set()

    @property
    def now(self) -> int:
        """UTC microseconds."""
        return int(self.sandbox.state.clock()) * SECOND

    def execute(self, *statements: tuple[str, list]) -> None:
        """Writes rows as they are, many of each."""
        with closing(sqlite3.connect(self.path)) as database, database:
            for statement, rows in statements:
                database.executemany(statement, rows)

    def fetch(self, question: str) -> list[tuple]:
        """Reads rows as they are."""
        with closing(sqlite3.connect(self.path, timeout=30)) as database:
            return database.execute(question).fetchall()

    async def start(self) -> None:
        """A new process; the one before has been silent for so long that its lease has run out."""
        self.execute(("UPDATE leases SET until = 0", [()]))
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=ROOT, env=self.environment
        )

    async def kill(self) -> None:
        """Ends the process in the middle, and notes which rows it had marked as being sent."""
        assert self.process is not None
        self.process.kill()
        await self.process.wait()
        sending = self.fetch("SELECT person FROM outbox WHERE state = 'sending'")
        self.in_flight.append(len(sending))
        self.doubtful |= {person for (person,) in sending}

    async def stop(self) -> int:
        """Ends the process in order; its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), 10)

    def those(self, state: str) -> set[int]:
        """Those among the people whose row has ended so."""
        rows = self.fetch(f"SELECT person FROM outbox WHERE state = '{state}'")
        return {person for (person,) in rows} & set(PEOPLE)

    def copies(self) -> dict[int, int]:
        """How many messages each of the people has got."""
        chats = self.sandbox.state.current.chats
        return {person: len(chats[person].messages) for person in PEOPLE}

    def arrived(self) -> int:
        """How many messages the people have got; nobody writes to the bot, so all are its own."""
        return self.sandbox.state.current._message_id

    def over(self) -> bool:
        """Whether nothing is left to queue or to send."""
        return not self.fetch(
            "SELECT 1 FROM announcements WHERE ended IS NULL"
            " UNION SELECT 1 FROM outbox WHERE state IN ('waiting', 'claimed', 'sending')"
        )

    async def arrives(self, number: int) -> None:
        """Returns once so many messages have arrived, or nothing is left to send."""
        while self.arrived() < number and not self.over():
            await self.sandbox.state.news.wait(lambda: self.arrived() >= number, 1)

    async def queued(self, number: int) -> bool:
        """Returns once there are so many rows; whether more are to come."""
        while True:
            ((rows, more),) = self.fetch(
                "SELECT COUNT(*), EXISTS (SELECT 1 FROM announcements WHERE state = 'queueing') FROM outbox"
            )
            if rows >= number or not more:
                return bool(more)
            await self.sandbox.state.news.wait(lambda: False, 0.002)

    async def some_arrive(self, kills: int) -> None:
        """Returns at a random moment, such that so many kills spread over all that is left to send."""
        left = MESSAGES - self.arrived()
        await self.arrives(self.arrived() + 1 + self.chance.randrange(max(1, 2 * left // (kills + 1))))


@asynccontextmanager
async def mailing(url: str, people: Iterable[int] = PEOPLE) -> AsyncIterator[Mail]:
    """The sandbox, with a chat for everybody; no process yet."""
    async with AsyncExitStack() as stack:
        sandbox = Sandbox(TOKEN)
        root = await stack.enter_async_context(serve(sandbox, 0))
        sandbox.state.faults.order({"method": "sendMessage", "delay_ms": int(REQUEST * 1000)})
        for person in people:
            sandbox.state.current.open_chat(person, "private", {"first_name": "P"})
        plain = {name: value for name, value in os.environ.items() if not name.startswith("LOTSE_")}
        given = {"TOKEN": TOKEN, "API_URL": root, "DATABASE_URL": url, "KNOWLEDGE": str(SMALL), "LOG": "error"}
        given["SEND_RATE"] = str(RATE)
        environment = plain | {f"LOTSE_{name}": value for name, value in given.items()}
        mail = Mail(sandbox, Path(url.removeprefix("sqlite:///")), environment)
        try:
            yield mail
        finally:
            if mail.process is not None and mail.process.returncode is None:
                mail.process.kill()
                await mail.process.wait()
