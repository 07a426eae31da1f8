"""The sandbox's own controls: what people do, what they see, and trouble on order."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.sandbox.account import Account
from bot.sandbox.bot_api import download
from bot.sandbox.chats import Chat
from bot.sandbox.incoming import happen
from bot.sandbox.menu import visible
from bot.sandbox.state import State
from bot.sandbox.wire import Json, RefusedError, bad

BODY_BYTES = 1024 * 1024
WAIT_SECONDS = 60
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Controls:
    """The routes below `/sandbox/`; errors are `{"error": "one sentence"}`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> list[web.RouteDef]:
        """All controls."""
        return [
            web.post("/sandbox/updates", _guarded(self.updates)),
            web.get("/sandbox/chats/{chat}", _guarded(self.transcript)),
            web.get("/sandbox/chats/{chat}/toasts", _guarded(self.toasts)),
            web.get("/sandbox/news", _guarded(self.news)),
            web.post("/sandbox/faults", _guarded(self.order_fault)),
            web.get("/sandbox/faults", _guarded(self.list_faults)),
            web.delete("/sandbox/faults", _guarded(self.clear_faults)),
            web.get("/sandbox/bots", _guarded(self.bots)),
            web.get("/sandbox/bots/{bot}", _guarded(self.bot)),
            web.get("/sandbox/bots/{bot}/commands", _guarded(self.commands)),
            web.get("/sandbox/inline/{query}", _guarded(self.inline)),
            web.get("/sandbox/files/{file}", _guarded(self.file)),
        ]

    async def updates(self, request: web.Request) -> web.Response:
        """One thing that a person does, or a list of them."""
        given = await _body(request)
        if isinstance(given, list):
            return web.json_response([self._happen(one) for one in given])
        return web.json_response(self._happen(given))

    async def transcript(self, request: web.Request) -> web.Response:
        """What the chat shows; with `after` and `wait` it waits for a revision beyond `after`."""
        await self._wait(request, lambda: self._revision(request))
        chat = self._chat(request)
        return web.json_response(
            chat.transcript() if chat else [], headers={"X-Revision": str(self._revision(request))}
        )

    async def toasts(self, request: web.Request) -> web.Response:
        """The answers to presses, oldest first."""
        chat = self._chat(request)
        return web.json_response(chat.toasts if chat else [])

    async def news(self, request: web.Request) -> web.Response:
        """The revision of everything, of each chat and of the bot's commands, for a page that shows several chats."""
        await self._wait(request, lambda: self._state.news.revision)
        account = self._account(request)
        chats = {str(chat.id): chat.revision for chat in account.chats.values()}
        return web.json_response(
            {"revision": self._state.news.revision, "chats": chats, "profile": account.profile_revision},
        )

    async def order_fault(self, request: web.Request) -> web.Response:
        """Trouble for the next calls of a method."""
        given = await _body(request)
        if not isinstance(given, dict):
            raise bad("a fault is a JSON object")
        self._state.faults.order(given)
        return web.json_response(self._state.faults.listed())

    async def list_faults(self, _: web.Request) -> web.Response:
        """The faults in force."""
        return web.json_response(self._state.faults.listed())

    async def clear_faults(self, _: web.Request) -> web.Response:
        """Everything works again."""
        self._state.faults.clear()
        return web.json_response([])

    async def bots(self, _: web.Request) -> web.Response:
        """All bots that have called."""
        return web.json_response([_described(account, "") for account in self._state.accounts if account.token])

    async def bot(self, request: web.Request) -> web.Response:
        """A bot's names and descriptions in the language of `?language=`."""
        return web.json_response(_described(self._account(request), request.query.get("language", "")))

    async def commands(self, request: web.Request) -> web.Response:
        """The commands that the chat `?chat=` sees, with Telegram set to `?language=`."""
        chat, language = _number(request, "chat", 1), request.query.get("language", "")
        return web.json_response(visible(self._account(request).commands, chat, language))

    async def inline(self, request: web.Request) -> web.Response:
        """The answer to an inline query, null while there is none; `?wait=` waits for it."""
        query = self._account(request).query(request.match_info["query"])
        if query is None:
            raise RefusedError(404, "there is no such query")
        await self._state.news.wait(lambda: query.answer is not None, _number(request, "wait", 0))
        return web.json_response(query.answer)

    async def file(self, request: web.Request) -> web.Response:
        """A file of a chat, to download."""
        kept = self._account(request).files.get(request.match_info["file"])
        if kept is None:
            raise RefusedError(404, "there is no such file")
        return download(kept)

    def _happen(self, given: object) -> Json:
        if not isinstance(given, dict):
            raise bad("an update is a JSON object")
        return happen(self._state.account(str(given.get("bot", ""))), given)

    def _account(self, request: web.Request) -> Account:
        return self._state.account(request.match_info.get("bot", request.query.get("bot", "")))

    def _chat(self, request: web.Request) -> Chat | None:
        try:
            return self._account(request).chats.get(int(request.match_info["chat"]))
        except ValueError:
            raise bad("a chat's id is a number") from None

    def _revision(self, request: web.Request) -> int:
        chat = self._chat(request)
        return chat.revision if chat else 0

    async def _wait(self, request: web.Request, revision: Callable[[], int]) -> None:
        seconds = min(_number(request, "wait", 0), WAIT_SECONDS)
        after = _number(request, "after", 0)
        revision()
        await self._state.news.wait(lambda: revision() > after, seconds)


def _described(account: Account, language: str) -> Json:
    def told(field: str) -> str:
        return account.profile.get((field, language[:2])) or account.profile.get((field, ""), "")

    return {
        "id": account.id,
        "username": account.username,
        "name": told("name") or account.user()["first_name"],
        "description": told("description"),
        "short_description": told("short_description"),
    }


def _guarded(handler: _Handler) -> _Handler:
    async def guarded(request: web.Request) -> web.StreamResponse:
        # Other people's pages in the same browser have no business here.
        if request.headers.get("Sec-Fetch-Site") == "cross-site":
            return web.json_response({"error": "only this machine's own pages may do this"}, status=403)
        try:
            return await handler(request)
        except RefusedError as refused:
            sentence = refused.description.removeprefix("Bad Request: ")
            return web.json_response({"error": sentence}, status=refused.code)

    return guarded


async def _body(request: web.Request) -> object:
    if (request.content_length or 0) > BODY_BYTES:
        raise RefusedError(413, "the body is larger than 1 MiB")
    try:
        body = await request.clone(client_max_size=BODY_BYTES).read()
    except web.HTTPRequestEntityTooLarge:
        raise RefusedError(413, "the body is larger than 1 MiB") from None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise bad("the body is not JSON") from None


def _number(request: web.Request, name: str, default: int) -> int:
    try:
        return int(request.query.get(name, default))
    except ValueError:
        raise bad(f"{name} must be a whole number") from None
