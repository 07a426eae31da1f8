"""The whole bot on this machine without Telegram, and the sandbox alone."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.app import Running, building, serve
from bot.demo_series import add_sample
from bot.domain.instants import microseconds
from bot.sandbox.server import Sandbox
from bot.sandbox.server import serve as serve_sandbox
from bot.settings import Settings

HOST = "127.0.0.1"
TOKEN = "1:demo-of-this-machine"  # noqa: S105 - the sandbox's own, worth nothing elsewhere
DATABASE = Path("lotse-demo.db")
COORDINATOR = 1002  # Kemal of the chat page


def demo_settings(port: int) -> dict[str, Any]:
    """The settings of a demo at this port, whatever the environment says about them."""
    return {
        "token": TOKEN,
        "api_url": f"http://{HOST}:{port}",
        "database_url": f"sqlite:///{DATABASE}",
        "webhook_url": None,
        "webhook_secret": None,
        "listen": None,
    }


async def run_demo(settings: Settings, port: int, *, fresh: bool = False) -> None:
    """Serves the chat page on this port with the bot behind it, until SIGTERM or Ctrl-C.

    The database is `lotse-demo.db` in the working folder; `fresh` empties it first. Raises OSError when the port is
    taken, and what keeps a bot from starting.
    """
    settings = settings.model_copy(update={"coordinators": settings.coordinators | {COORDINATOR}})
    holder: list[Running] = []

    async def health(_request: web.Request) -> web.Response:
        ready = bool(holder) and holder[0].ready.is_set()
        return web.Response(status=200 if ready else 503, text="ready\n" if ready else "starting\n")

    async with serve_sandbox(Sandbox(TOKEN), port, HOST, [web.get("/healthz", health)]) as root:
        if fresh:  # only now: another demo at this port would have lost its database
            _remove(DATABASE)
        async with building(settings) as running:
            holder.append(running)
            _stop_on_signals(running.stopped)
            await running.house.database.write(add_sample, microseconds(running.house.now()), settings.terms)
            print(f"Lotse is at {root}/ (stop with Ctrl-C)", flush=True)  # noqa: T201 - for whoever started it
            await serve(running, settings)


async def run_sandbox(port: int) -> None:
    """Serves the local Bot API and its chat page until SIGTERM or Ctrl-C."""
    stopped = asyncio.Event()
    async with serve_sandbox(Sandbox(), port, HOST) as root:
        _stop_on_signals(stopped)
        print(f"The sandbox is at {root}/ (LOTSE_API_URL={root})", flush=True)  # noqa: T201 - as above
        await stopped.wait()


def _stop_on_signals(stopped: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)


def _remove(database: Path) -> None:
    for path in database.parent.glob(f"{database.name}*"):
        with suppress(FileNotFoundError):
            path.unlink()
