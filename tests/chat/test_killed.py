"""Real processes of `lotse run`, killed and stopped in the middle of answering: nothing is lost."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import socket
import sys
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from town import SMALL, TOKEN

from bot.sandbox.server import Sandbox, serve

ROOT = Path(__file__).parent.parent.parent
PEOPLE = range(5001, 5051)
ASKED = {  # what each person sends in this order, and the first line of its answer
    "/help": "Schreiben Sie eine Frage oder wählen Sie unten ein Thema.",
    "/topics": "Wählen Sie ein Thema oder schreiben Sie Ihre Frage.",
    "/practices": "Praxisbeispiele aus Kommunen",
    "/contacts": "Anlaufstellen: Wählen Sie ein Thema.",
    "/language": "In welcher Sprache soll Lotse antworten?",
    "/settings": "Einstellungen",
    "/privacy": "Datenschutz, kurz",
    "diplom anerkennen lassen": "Abschluss anerkennen",
    "Wo finde ich einen Deutschkurs?": "Deutsch lernen",
    "anmeldung wohnung": "Wohnung anmelden",
}
ALL = len(PEOPLE) * len(ASKED)
IN_FLIGHT = 96  # at most: an answer in each of 32 places, and 64 that are not marked as done yet


class World:
    """A sandbox in this process, and bots in others that answer there."""

    def __init__(self, sandbox, root, http, environment):
        self.sandbox, self.root, self.http, self.environment = sandbox, root, http, environment
        self.processes = []

    async def ask(self):
        """Everybody writes everything, one after the other in turns."""
        updates = [
            {"user": {"id": person, "first_name": "P", "language_code": "de"}, "text": text}
            for text in ASKED
            for person in PEOPLE
        ]
        async with self.http.post(f"{self.root}/sandbox/updates", json=updates) as response:
            assert response.status == 200

    async def start(self, **more):
        """A new process of `lotse run`."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=ROOT, env=self.environment | more
        )
        self.processes.append(process)
        return process

    def answers(self):
        """For each person the first lines of the bot's messages, in their order."""
        chats = self.sandbox.state.current.chats
        return {
            person: [m.content["text"].split("\n")[0] for m in chats[person].messages.values() if m.from_bot]
            for person in PEOPLE
        }

    async def answered(self, number):
        """The answers, once so many messages of the bot's have arrived."""
        assert await self.sandbox.state.news.wait(lambda: sum(map(len, self.answers().values())) >= number, 60)
        return self.answers()

    async def complete(self):
        """The answers, once every question has its own."""
        assert await self.sandbox.state.news.wait(
            lambda: sum(len(set(lines)) for lines in self.answers().values()) == ALL, 90
        )
        return self.answers()

    async def slowly(self):
        """Each message takes a little, as over a network, so that a kill finds the bot in the middle."""
        async with self.http.post(f"{self.root}/sandbox/faults", json={"method": "sendMessage", "delay_ms": 25}):
            pass


@asynccontextmanager
async def world(url):
    async with AsyncExitStack() as stack:
        sandbox = Sandbox(TOKEN)
        root = await stack.enter_async_context(serve(sandbox, 0))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        plain = {name: value for name, value in os.environ.items() if not name.startswith("LOTSE_")}
        given = {"TOKEN": TOKEN, "API_URL": root, "DATABASE_URL": url, "KNOWLEDGE": str(SMALL), "LOG": "error"}
        built = World(sandbox, root, http, plain | {f"LOTSE_{name}": value for name, value in given.items()})
        try:
            yield built
        finally:
            for process in built.processes:
                if process.returncode is None:
                    process.kill()
                await process.wait()


def webhook(port, url=""):
    """The settings for receiving by webhook on a port of this machine, to which `url` leads."""
    return {
        "LOTSE_WEBHOOK_URL": url or f"http://127.0.0.1:{port}/hook",
        "LOTSE_WEBHOOK_SECRET": "invented",
        "LOTSE_LISTEN": f"127.0.0.1:{port}",
    }


@asynccontextmanager
async def balancer(http, ports):
    """The address of a load balancer that gives each update to the next of these ports that is there."""
    turns = itertools.cycle(ports)

    async def forward(request):
        body, headers = await request.read(), request.headers
        for port in itertools.islice(turns, len(ports)):
            with suppress(aiohttp.ClientError):
                async with http.post(f"http://127.0.0.1:{port}/hook", data=body, headers=headers) as response:
                    return web.Response(status=response.status)
        return web.Response(status=502)

    application = web.Application()
    application.router.add_post("/hook", forward)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    finally:
        await runner.cleanup()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def assert_nothing_lost(answers, most_twice):
    """Every question is answered, in its chat's order, and at most so many twice."""
    for lines in answers.values():
        assert list(dict.fromkeys(lines)) == list(ASKED.values())
    assert sum(Counter(lines)[line] - 1 for lines in answers.values() for line in set(lines)) <= most_twice


async def test_a_kill_in_the_middle_of_500_loses_nothing_by_polling_nor_by_webhook(sqlite_url):
    async def killed(url, **more):
        async with world(url) as here:
            await here.ask()
            await here.slowly()
            first = await here.start(**more)
            half = await here.answered(150)
            first.kill()
            await first.wait()
            assert sum(map(len, half.values())) < ALL
            await here.start(**more)
            assert_nothing_lost(await here.complete(), IN_FLIGHT)

    await asyncio.gather(killed(f"{sqlite_url}.polling"), killed(f"{sqlite_url}.webhook", **webhook(free_port())))


async def test_a_stop_in_the_middle_of_500_loses_nothing_and_answers_nothing_twice(sqlite_url):
    async with world(sqlite_url) as here:
        await here.ask()
        await here.slowly()
        first = await here.start()
        half = await here.answered(150)
        first.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(first.wait(), 10) == 0
        assert sum(map(len, half.values())) < ALL
        await here.start()
        assert_nothing_lost(await here.complete(), 0)


@pytest.mark.postgres
async def test_of_two_processes_one_is_killed_and_the_other_answers_everything(postgres_url):
    ports = [free_port(), free_port()]
    async with world(postgres_url) as here, balancer(here.http, ports) as url:
        first, _ = [await here.start(**webhook(port, url)) for port in ports]
        await here.ask()
        await here.slowly()
        half = await here.answered(150)
        first.kill()
        await first.wait()
        assert sum(map(len, half.values())) < ALL
        assert_nothing_lost(await here.complete(), IN_FLIGHT)
