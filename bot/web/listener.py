"""The HTTP listener: the webhook, health, readiness, and metrics."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from yarl import URL

from bot.store.errors import DatabaseUnavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LARGEST_BODY = 1024 * 1024  # bytes
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name

Take = Callable[[Sequence[Mapping[str, Any]]], Awaitable[None]]
Check = Callable[[], Awaitable[bool]]
log = logging.getLogger(__name__)


def webhook(path: str, secret: str, take: Take) -> web.RouteDef:
    """The route of the webhook, which answers 200 once the update is durable.

    Else: 403 without the secret, 400 for what is no update, 413 for more than 1 MiB, 503 while the database is away.
    """

    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")  # as the bytes came
        if not hmac.compare_digest(given, secret.encode()):
            return web.Response(status=403, text="wrong or missing secret\n")
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return web.Response(status=413, text="larger than 1 MiB\n")
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            return web.Response(status=400, text="not JSON\n")
        if not isinstance(update, dict) or type(update.get("update_id")) is not int:
            return web.Response(status=400, text="not an update\n")
        try:
            await take([update])
        except DatabaseUnavailable:
            return web.Response(status=503, text="the database is not there\n")
        return web.Response()

    return web.post(URL.build(path=path or "/", encoded=True).path_safe, receive)  # as aiohttp compares paths


def status_routes(ready: Check, registry: CollectorRegistry) -> list[web.RouteDef]:
    """/healthz (alive), /readyz (database and knowledge usable) and /metrics."""

    async def health(_request: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def readiness(_request: web.Request) -> web.Response:
        usable = await ready()
        return web.Response(status=200 if usable else 503, text="ready\n" if usable else "not ready\n")

    async def metrics(_request: web.Request) -> web.Response:
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [web.get("/healthz", health), web.get("/readyz", readiness), web.get("/metrics", metrics)]


@asynccontextmanager
async def listening(routes: Sequence[web.RouteDef], host: str, port: int) -> AsyncIterator[int]:
    """Serves the routes while the context is open; gives the port (a free one for 0).

    Raises OSError where the address is taken or not ours.
    """
    application = web.Application(client_max_size=LARGEST_BODY)
    application.add_routes(routes)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
