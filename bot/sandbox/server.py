"""The sandbox as one aiohttp application: the Bot API, its controls and the chat page."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.sandbox import pages
from bot.sandbox.bot_api import BotApi
from bot.sandbox.controls import Controls
from bot.sandbox.rules import UPLOAD_BYTES
from bot.sandbox.state import State

_ENVELOPE_BYTES = 1024 * 1024
_GOODBYE_SECONDS = 1.0


class Sandbox:
    """A strict Bot API on this machine, everything in memory.

    `token` is the only one accepted; None accepts every well-formed token and keeps one bot for each. `clock` gives
    the time in seconds since 1970, UTC; it dates messages and ends queries, while polls and delays take real time.
    """

    def __init__(self, token: str | None = None, *, clock: Callable[[], float] = time.time) -> None:
        self.state = State(token, clock)

    def application(self, extra: Iterable[web.RouteDef] = ()) -> web.Application:
        """A new application around this sandbox, `extra` routes included; it holds no state of its own."""
        application = web.Application(client_max_size=UPLOAD_BYTES + _ENVELOPE_BYTES)
        application.add_routes([*BotApi(self.state).routes(), *Controls(self.state).routes(), *pages.routes(), *extra])
        application.on_startup.append(self._open)
        application.on_shutdown.append(self._close)
        return application

    async def _open(self, _: web.Application) -> None:
        self.state.news.open()

    async def _close(self, _: web.Application) -> None:
        self.state.news.close()
        for account in self.state.accounts:
            await account.close()


@asynccontextmanager
async def serve(
    sandbox: Sandbox,
    port: int,
    host: str = "127.0.0.1",
    extra: Iterable[web.RouteDef] = (),
) -> AsyncIterator[str]:
    """Serves the sandbox while the block runs and yields its root, such as `http://127.0.0.1:8081`.

    Port 0 takes a free one. Raises OSError when the port is taken.
    """
    runner = web.AppRunner(sandbox.application(extra), access_log=None, shutdown_timeout=_GOODBYE_SECONDS)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
