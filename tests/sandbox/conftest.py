"""A sandbox on a free port, a bot that calls it, and people who write to the bot."""

import asyncio
import io
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import pytest

from bot.sandbox.server import Sandbox, serve

NOON = 1_800_000_000.0
TOKEN = "7001:invented-secret"
ANNA = {"id": 1, "first_name": "Anna", "language_code": "de"}


@dataclass
class Clock:
    """A clock that a test moves."""

    now: float = NOON

    def __call__(self):
        return self.now

    def passes(self, seconds):
        self.now += seconds


@dataclass
class Line:
    """The wire to a sandbox, used as the bot and as the people."""

    root: str
    session: aiohttp.ClientSession
    clock: Clock
    sandbox: Sandbox
    token: str = TOKEN
    anna: dict = field(default_factory=lambda: dict(ANNA))

    async def call(self, method, **parameters):
        """The bot calls a method with JSON; the whole answer."""
        return await self.post(f"/bot{self.token}/{method}", json=parameters)

    async def done(self, method, **parameters):
        """As `call`, for what must work; the result."""
        answer = await self.call(method, **parameters)
        assert answer["ok"], answer
        return answer["result"]

    async def happens(self, user=None, **what):
        """A person does something; the sandbox's answer."""
        return await self.post("/sandbox/updates", json={"user": user or self.anna, **what})

    async def post(self, path, **content):
        async with self.session.post(self.root + path, **content) as answer:
            return json.loads(await answer.read())

    async def get(self, path):
        async with self.session.get(self.root + path) as answer:
            return json.loads(await answer.read())

    async def transcript(self, chat=1):
        return await self.get(f"/sandbox/chats/{chat}")

    async def upload(self, method, name, content, **parameters):
        form = aiohttp.FormData({key: str(value) for key, value in parameters.items()}, quote_fields=False)
        form.add_field(name, io.BytesIO(content), filename="Übersicht.ics", content_type="text/calendar")
        return await self.post(f"/bot{self.token}/{method}", data=form)


async def eventually(look, seconds=10):
    """Looks again and again, a round trip each time, until it sees something."""
    async with asyncio.timeout(seconds):
        while not (seen := await look()):
            pass
    return seen


@asynccontextmanager
async def opened(token=None):
    clock = Clock()
    sandbox = Sandbox(token, clock=clock)
    async with serve(sandbox, 0) as root, aiohttp.ClientSession() as session:
        yield Line(root, session, clock, sandbox)


@pytest.fixture
async def line():
    """A sandbox for any token."""
    async with opened() as wire:
        yield wire


@pytest.fixture
def opening():
    """Opens a sandbox with a token of its own: `async with opening(token) as line`."""
    return opened


@pytest.fixture
def until():
    """Waits for a condition: `await until(look)`."""
    return eventually
