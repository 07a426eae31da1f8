"""A Bot API that only deals out updates and counts replies, as cheaply as possible."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

ME = {"id": 1, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
SENT = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "x"}
BATCH = 100  # updates in one answer, as Telegram's limit


class Stub:
    """Deals out `updates` from `release()` on; `replied` is set once each has a reply."""

    def __init__(self) -> None:
        self._waiting: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        self._missing = 0
        self.replied = asyncio.Event()

    def release(self, updates: Sequence[dict[str, Any]]) -> None:
        """Lets these updates be fetched."""
        self.replied.clear()
        self._missing = len(updates)
        self._waiting += updates
        self._news.set()

    async def answer(self, request: web.Request) -> web.Response:
        """Any method of the Bot API."""
        method = request.match_info["method"].lower()
        if method == "getupdates":
            return result(await self._updates(await _fields(request)))
        await request.read()
        if method == "sendmessage":
            self._missing -= 1
            if self._missing == 0:
                self.replied.set()
            return result(SENT)
        return result(ME if method == "getme" else True)

    async def _updates(self, fields: dict[str, Any]) -> list[dict[str, Any]]:
        offset = int(fields.get("offset") or 0)
        self._waiting = [update for update in self._waiting if update["update_id"] >= offset]
        if not self._waiting:
            self._news.clear()
            await self._news.wait()
        return self._waiting[:BATCH]


async def _fields(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        fields: dict[str, Any] = await request.json()
        return fields
    return dict(await request.post())


def result(told: Any) -> web.Response:
    """The answer to a call that has worked."""
    return web.Response(body=json.dumps({"ok": True, "result": told}).encode(), content_type="application/json")


@asynccontextmanager
async def serving(stub: Stub) -> AsyncIterator[str]:
    """Serves the stub on a free port; gives its root."""
    application = web.Application()
    application.router.add_route("*", "/bot{token}/{method}", stub.answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        stub.release([])  # or whoever still waits for updates would keep it
        await runner.cleanup()
