"""What goes out unasked, by real processes of `lotse run`: soon, and once, however they are stopped."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing

import pytest
from program import ANNA, reached

from bot.sandbox.server import Sandbox, serve

TOKEN = "77:invented-token-for-tests"
SECOND = 1_000_000
PEOPLE = range(3001, 3201)


@pytest.fixture
async def telegram():
    """A Bot API that knows this one bot."""
    sandbox = Sandbox(TOKEN)
    async with serve(sandbox, 0) as root, reached(root) as bot:
        bot.sandbox = sandbox
        yield bot


@pytest.fixture
def start(lotse, telegram):
    """Starts `lotse run` for this Bot API and returns when it says so."""

    async def run(**settings):
        process = lotse.starts("run", LOTSE_TOKEN=TOKEN, LOTSE_API_URL=telegram.root, **settings)
        await asyncio.to_thread(process.says, "ready")
        return process

    return run


def plan(path, *people):
    """A session in an hour and a minute, with a seat for each."""
    starts = int(time.time() + 3660) * SECOND
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("INSERT INTO series (title, created) VALUES ('Reihe', 0)")
        database.execute(
            "INSERT INTO sessions (series, title, language, starts, zone, minutes, created, changed, moved)"
            " VALUES (1, 'Ankommen', 'de', ?, 'Europe/Berlin', 60, 0, 0, 0)",
            [starts],
        )
        for person in people:
            database.execute(
                "INSERT INTO people (id, code, blocked, created, seen) VALUES (?, 'en', FALSE, 0, ?)", [person, starts]
            )
            database.execute(
                "INSERT INTO registrations (session, person, state, line, confirmed_at, created)"
                " VALUES (1, ?, 'confirmed', ?, 0, 0)",
                [person, person],
            )


async def test_a_reminder_goes_out_while_the_bot_runs(start, telegram, lotse):
    process = await start(LOTSE_REMINDERS="61m", LOTSE_SEND_RATE="0.5")
    await telegram.asks("/help")
    plan(lotse.folder / "lotse.db", ANNA["id"])
    messages = await telegram.sees(lambda messages: len(messages) == 3)
    assert "Ankommen" in messages[-1]["text"]
    assert [button["data"] for row in messages[-1]["buttons"] for button in row] == ["ics:1", "leave:1"]
    assert await asyncio.to_thread(process.stops) == 0
    assert "Traceback" not in "\n".join(process.lines)


async def test_a_stop_in_the_middle_loses_nothing_and_sends_nothing_twice(start, telegram, lotse):
    first = await start(LOTSE_REMINDERS="2h", LOTSE_SEND_RATE="500")
    account = telegram.sandbox.state.current
    for person in PEOPLE:
        account.open_chat(person, "private", {"first_name": "P"})
    await telegram.fault(method="sendMessage", delay_ms=25)
    plan(lotse.folder / "lotse.db", *PEOPLE)

    def arrived():
        return [len(account.chats[person].messages) for person in PEOPLE]

    assert await telegram.sandbox.state.news.wait(lambda: sum(arrived()) >= 50, 60)
    assert await asyncio.to_thread(first.stops) == 0
    half = sum(arrived())
    with closing(sqlite3.connect(lotse.folder / "lotse.db")) as database:
        states = dict(database.execute("SELECT state, COUNT(*) FROM outbox GROUP BY state"))
    assert states == {"sent": half, "waiting": len(PEOPLE) - half}
    second = await start(LOTSE_REMINDERS="2h", LOTSE_SEND_RATE="500")
    assert await telegram.sandbox.state.news.wait(lambda: sum(arrived()) >= len(PEOPLE), 60)
    assert await asyncio.to_thread(second.stops) == 0
    assert set(arrived()) == {1}
