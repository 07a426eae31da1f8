"""`lotse run` is killed again and again while messages go out: none is lost, and nobody gets a third one.

LOTSE_TESTS_KILLS says how often and LOTSE_TESTS_MESSAGES how many there are; `make faults` kills 200 times.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import sys
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path

import aiohttp
import pytest

from bot.chat.sender import PLACES
from bot.domain.instants import HOUR, SECOND
from bot.sandbox.server import Sandbox, serve

ROOT = Path(__file__).parent.parent.parent
SMALL = ROOT / "tests" / "folders" / "small"
TOKEN = "77:invented-token-for-tests"
KILLS = int(os.environ.get("LOTSE_TESTS_KILLS", "5"))
MESSAGES = int(os.environ.get("LOTSE_TESTS_MESSAGES", "1500"))
FIRST = 100_001
PEOPLE = range(FIRST, FIRST + MESSAGES)
EVERYTHING = 3 * MESSAGES  # more than there can be


class Mail:
    """A sandbox in this process, and a bot in another that has a reminder for everybody."""

    def __init__(self, sandbox: Sandbox, path: Path, environment: dict[str, str]) -> None:
        self.sandbox, self.path, self.environment = sandbox, path, environment
        self.process: asyncio.subprocess.Process | None = None

    def fill(self) -> None:
        """A session in two hours, everybody registered, and a reminder to each that is due."""
        account = self.sandbox.state.current
        now = int(account.clock()) * SECOND
        with closing(sqlite3.connect(self.path)) as database, database:
            database.execute("INSERT INTO series (title, created) VALUES ('Reihe', 0)")
            database.execute(
                "INSERT INTO sessions (series, title, language, starts, zone, minutes, created, changed, moved)"
                " VALUES (1, 'Ankommen', 'de', ?, 'Europe/Berlin', 60, 0, 0, 0)",
                [now + 2 * HOUR],
            )
            for person in PEOPLE:
                account.open_chat(person, "private", {"first_name": "P"})
                database.execute(
                    "INSERT INTO people (id, blocked, created, seen) VALUES (?, FALSE, 0, ?)", [person, now]
                )
                database.execute(
                    "INSERT INTO registrations (session, person, state, line, confirmed_at, created)"
                    " VALUES (1, ?, 'confirmed', ?, ?, 0)",
                    [person, person, now],
                )
                database.execute(
                    "INSERT INTO outbox (person, dedup, kind, session, parameters, due)"
                    " VALUES (?, 'reminder:1:3h:1', 'reminder', 1, '{\"rule\": \"3h\", \"version\": 1}', ?)",
                    [person, now],
                )

    async def start(self) -> None:
        """A new process; the one before has been silent for so long that its lease has run out."""
        with closing(sqlite3.connect(self.path)) as database, database:
            database.execute("UPDATE leases SET until = 0")
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=ROOT, env=self.environment
        )

    async def kill(self) -> int:
        """Ends the process in the middle; how many rows it had marked as being sent."""
        assert self.process is not None
        self.process.kill()
        await self.process.wait()
        return self.states()["sending"]

    async def stop(self) -> int:
        """Ends the process in order; its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), 10)

    def states(self) -> Counter[str]:
        """How many rows are in which state."""
        with closing(sqlite3.connect(self.path, timeout=30)) as database:
            return Counter(dict(database.execute("SELECT state, COUNT(*) FROM outbox GROUP BY state")))

    def unconfirmed(self) -> set[int]:
        """Those of whom nobody knows whether they got it."""
        with closing(sqlite3.connect(self.path, timeout=30)) as database:
            return {row[0] for row in database.execute("SELECT person FROM outbox WHERE state = 'unconfirmed'")}

    def arrived(self) -> int:
        """How many messages the Bot API has taken."""
        return sum(len(chat.messages) for chat in self.sandbox.state.current.chats.values())

    async def arrives(self, number: int) -> None:
        """Returns once so many messages have arrived, or nothing is left to send."""
        while self.arrived() < number and self.states().keys() - {"sent", "unconfirmed"}:
            await self.sandbox.state.news.wait(lambda: self.arrived() >= number, 1)


@asynccontextmanager
async def mailing(url: str):
    async with AsyncExitStack() as stack:
        sandbox = Sandbox(TOKEN)
        root = await stack.enter_async_context(serve(sandbox, 0))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        async with http.post(f"{root}/sandbox/faults", json={"method": "sendMessage", "delay_ms": 10}):
            pass
        plain = {name: value for name, value in os.environ.items() if not name.startswith("LOTSE_")}
        given = {"TOKEN": TOKEN, "API_URL": root, "DATABASE_URL": url, "KNOWLEDGE": str(SMALL), "LOG": "error"}
        given["SEND_RATE"] = "5000"
        environment = plain | {f"LOTSE_{name}": value for name, value in given.items()}
        mail = Mail(sandbox, Path(url.removeprefix("sqlite:///")), environment)
        try:
            yield mail
        finally:
            if mail.process is not None and mail.process.returncode is None:
                mail.process.kill()
                await mail.process.wait()


@pytest.mark.timeout(120 + 60 * KILLS)
async def test_nothing_is_lost_and_nobody_gets_a_third_one(sqlite_ready_url, capsys):
    seed = random.randrange(1_000_000)
    chance = random.Random(seed)
    in_flight = []
    async with mailing(sqlite_ready_url) as mail:
        mail.fill()
        for number in range(KILLS):
            left = MESSAGES - mail.arrived()
            await mail.start()
            await mail.arrives(mail.arrived() + 1 + chance.randrange(max(1, 2 * left // (KILLS - number + 1))))
            in_flight.append(await mail.kill())
        await mail.start()
        await mail.arrives(EVERYTHING)
        assert await mail.stop() == 0
        counts = Counter(len(mail.sandbox.state.current.chats[person].messages) for person in PEOPLE)
        unreached = {person for person in PEOPLE if not mail.sandbox.state.current.chats[person].messages}
        unconfirmed = mail.unconfirmed()
    with capsys.disabled():
        figures = f"{KILLS} kills (seed {seed}), {sum(in_flight)} were in flight, {len(unconfirmed)} stay unconfirmed"
        sys.stdout.write(f"\n{figures}; so often a message arrived: {dict(sorted(counts.items()))}\n")
    assert unreached <= unconfirmed
    assert set(counts) <= {0, 1, 2}
    assert max(in_flight) <= PLACES
    assert counts[2] <= sum(in_flight)
