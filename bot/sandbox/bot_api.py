"""The Bot API over HTTP: tokens, faults on order, the envelope of every answer, and files to download."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.faults import Fault
from bot.sandbox.files import StoredFile
from bot.sandbox.methods import METHODS, Call
from bot.sandbox.parameters import Parameters, read
from bot.sandbox.state import State
from bot.sandbox.wire import RefusedError


class BotApi:
    """The routes that a bot uses."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> list[web.RouteDef]:
        """Methods at `/bot<token>/<method>`, files at `/file/bot<token>/<path>`."""
        call = "/bot{token:[^/]*}/{method}"
        return [
            web.get(call, self.call, allow_head=False),
            web.post(call, self.call),
            web.get("/file/bot{token:[^/]*}/files/{id}/{name}", self.file, allow_head=False),
        ]

    async def call(self, request: web.Request) -> web.Response:
        """One call of a method, with whatever faults were ordered for it."""
        try:
            return await self._answer(request)
        except RefusedError as refused:
            return _json(refused.envelope(), refused.code)

    async def _answer(self, request: web.Request) -> web.Response:
        name = request.match_info["method"].lower()
        account = self._state.account_for(request.match_info["token"])
        method = METHODS.get(name)
        if method is None:
            raise RefusedError(404, "Not Found: method not found")
        parameters = await read(request)
        faults = self._state.faults.take(name, _chat(parameters))
        broken = await _suffer(request, faults)
        if broken:
            return broken
        result = method(Call(account, parameters))
        if isinstance(result, Awaitable):
            result = await result
        if any(fault.drop == "after" for fault in faults):
            return _hang_up(request)
        return _json({"ok": True, "result": result})

    async def file(self, request: web.Request) -> web.Response:
        """A file's content."""
        try:
            account = self._state.account_for(request.match_info["token"])
        except RefusedError as refused:
            return _json(refused.envelope(), refused.code)
        kept = account.files.get(request.match_info["id"])
        if kept is None:
            return _json(RefusedError(404, "Not Found").envelope(), 404)
        return download(kept)


def download(kept: StoredFile) -> web.Response:
    """A file as an attachment under its own name, never shown or run by a browser."""
    upload = kept.upload
    disposition = f"attachment; filename*=UTF-8''{quote(upload.name, safe='')}"
    # Binary whatever it says it is: what people upload must not run on this page's origin.
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
    return web.Response(body=upload.content, content_type="application/octet-stream", headers=headers)


async def _suffer(request: web.Request, faults: list[Fault]) -> web.Response | None:
    await asyncio.sleep(sum(fault.delay_ms for fault in faults) / 1000)
    for fault in faults:
        if fault.drop == "before":
            return _hang_up(request)
        if fault.body is not None:
            return web.Response(text=fault.body, status=fault.status or 200, content_type="text/html")
        if fault.status is not None:
            raise fault.refusal()
    return None


def _hang_up(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response()


def _chat(parameters: Parameters) -> int | None:
    try:
        return int(str(parameters.values.get("chat_id")))
    except ValueError:
        return None


def _json(body: object, status: int = 200) -> web.Response:
    return web.Response(
        body=json.dumps(body, separators=(",", ":")).encode(),
        status=status,
        content_type="application/json",
    )
