"""The `lotse` command as a process with an environment and a working folder of its own, and a chat with it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

ANNA = {"id": 4_711_001, "first_name": "Sentinel-Musterfrau", "language_code": "de"}
COMMAND = [sys.executable, "-m", "bot"]


@dataclass
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line on stderr."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        return lines[0]


class Started:
    """A process that goes on until it is stopped; its lines of both outputs, as they come."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def says(self, pattern: str, seconds: float = 60, times: int = 1) -> str:
        """Waits for a line that matches, so many times; the last of them."""

        def said() -> list[str]:
            return [line for line in self.lines if re.search(pattern, line)]

        with self._news:
            assert self._news.wait_for(lambda: len(said()) >= times, seconds), (pattern, self.lines)
        return said()[-1]

    def stops(self, by: int = signal.SIGTERM, seconds: float = 10) -> int:
        """Sends a signal and waits for the end; the exit code."""
        self.process.send_signal(by)
        code = self.process.wait(seconds)
        self._reader.join(seconds)
        return code

    def end(self) -> None:
        """Ends it whatever it does."""
        self.process.kill()
        self.process.wait(10)
        self._reader.join(10)
        self.process.stdout.close()

    def _read(self) -> None:
        for line in self.process.stdout:
            with self._news:
                self.lines.append(line.rstrip("\n"))
                self._news.notify_all()


@dataclass
class Lotse:
    """Runs the command in `folder` with these settings and no others."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    started: list[Started] = field(default_factory=list)

    def environment(self, **settings: Any) -> dict[str, str]:
        """What the process gets: what is ours, and our settings."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("LOTSE_")}
        return inherited | self.settings | {name: str(value) for name, value in settings.items()}

    def runs(self, *arguments: Any, given: bytes = b"", **settings: Any) -> Ended:
        """Runs a command to its end."""
        done = subprocess.run(
            [*COMMAND, *map(str, arguments)],
            cwd=self.folder,
            env=self.environment(**settings),
            input=given,
            capture_output=True,
            check=False,
            timeout=90,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    def starts(self, *arguments: Any, **settings: Any) -> Started:
        """Starts a command that goes on."""
        process = subprocess.Popen(
            [*COMMAND, *map(str, arguments)],
            cwd=self.folder,
            env=self.environment(**settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(Started(process))
        return self.started[-1]

    def end(self) -> None:
        """Ends what still goes on."""
        for one in self.started:
            one.end()


class Bot:
    """The bot as people at a sandbox meet it."""

    def __init__(self, root: str, http: aiohttp.ClientSession) -> None:
        self.root = root
        self.http = http

    async def call(self, method: str, path: str, **more: Any) -> Any:
        """A request to the sandbox that must work."""
        async with self.http.request(method, f"{self.root}{path}", **more) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def asks(self, text: str, person: dict[str, Any] = ANNA) -> dict[str, Any]:
        """Anna, or somebody else, writes to the bot; its next message."""
        before = await self.call("GET", f"/sandbox/chats/{person['id']}")
        await self.call("POST", "/sandbox/updates", json={"user": person, "text": text})
        return (await self.sees(lambda messages: len(messages) >= len(before) + 2, person))[-1]

    async def presses(self, message: dict[str, Any], beginning: str) -> list[dict[str, Any]]:
        """Anna presses the button whose data begins like this; the chat once something has come of it."""
        (data,) = (b["data"] for row in message["buttons"] for b in row if b.get("data", "").startswith(beginning))
        press = {"message_id": message["message_id"], "data": data}
        await self.call("POST", "/sandbox/updates", json={"user": ANNA, "press": press})
        return await self.sees(lambda messages: message not in messages)

    async def sees(
        self, holds: Callable[[list[dict[str, Any]]], bool], person: dict[str, Any] = ANNA
    ) -> list[dict[str, Any]]:
        """Anna's chat, or somebody else's, once this holds of it."""
        revision = "0"
        async with asyncio.timeout(60):
            while True:
                path = f"/sandbox/chats/{person['id']}?after={revision}&wait=30"
                async with self.http.get(f"{self.root}{path}") as response:
                    revision, messages = response.headers["X-Revision"], await response.json()
                if holds(messages):
                    return messages

    async def fault(self, **fault: Any) -> None:
        """Orders trouble at the Bot API."""
        await self.call("POST", "/sandbox/faults", json=fault)


@asynccontextmanager
async def reached(root: str) -> AsyncIterator[Bot]:
    """The bot behind the sandbox at this root."""
    async with aiohttp.ClientSession() as http:
        yield Bot(root, http)


def free_port() -> int:
    """A port that nobody listens at just now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def lotse_in(folder: Path, **settings: Any) -> Iterator[Lotse]:
    """The command in this folder with these settings; what it started is ended afterwards."""
    program = Lotse(folder, {name: str(value) for name, value in settings.items()})
    yield program
    program.end()
