"""Requests over aiohttp in the shape that python-telegram-bot wants, and errors that never show the token."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.chat.api import Api
from bot.chat.message import Message
from bot.chat.transport import Transport, UnsentError

TOKEN = "77:AAinvented-token-that-must-not-show"


@asynccontextmanager
async def telegram(answer):
    """An API on a server of our own that answers by this handler."""
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    api = Api(TOKEN, f"http://127.0.0.1:{port}")
    for request in api._bot._request:
        await request.initialize()
    yield api
    await api.close()
    await runner.cleanup()


async def test_calls_are_json_with_every_letter_as_it_is():
    seen = []

    async def answer(request):
        seen.append((request.path, request.content_type, await request.json()))
        return web.json_response({"ok": True, "result": {"message_id": 3}})

    async with telegram(answer) as api:
        assert await api.send(5, Message("Grüße <b>שלום</b> 😀")) == 3
    (path, kind, body), *_ = seen
    assert path == f"/bot{TOKEN}/sendMessage"
    assert kind == "application/json"
    assert body["text"] == "Grüße <b>שלום</b> 😀"
    assert body["link_preview_options"] == {"is_disabled": True}
    assert "reply_markup" not in body


async def test_a_lone_surrogate_does_not_stop_a_message():
    async def answer(request):
        return web.json_response({"ok": True, "result": await request.json()})

    async with telegram(answer) as api:
        assert (await api.call("sendMessage", {"text": "a\ud800b"}))["text"] == "a?b"


@pytest.mark.parametrize("name", ["Übersicht für Köln.json", "a b.json", "وثيقة.txt"])
async def test_files_are_multipart_and_keep_their_name(name):
    seen = {}

    async def answer(request):
        form = await request.post()
        seen.update(name=form["document"].filename, content=form["document"].file.read(), caption=form["caption"])
        return web.json_response({"ok": True, "result": True})

    async with telegram(answer) as api:
        await api.document(5, b"\x00\xff{}", name, "Ihre Daten")
    assert seen == {"name": name, "content": b"\x00\xff{}", "caption": "Ihre Daten"}


async def test_no_answer_in_time():
    waiting = asyncio.Event()

    async def answer(_request):
        await waiting.wait()
        return web.Response()

    async with telegram(answer) as api:
        slow = Transport(read_seconds=0.05)
        await slow.initialize()
        with pytest.raises(TimedOut, match="no answer in time"):
            await slow.do_request(f"http://127.0.0.1:{port_of(api)}/bot{TOKEN}/getMe", "POST")
        await slow.shutdown()
        waiting.set()


def port_of(api):
    return api._bot.base_url.partition("127.0.0.1:")[2].partition("/")[0]


async def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    api = Api(TOKEN, f"http://127.0.0.1:{port}")
    with pytest.raises(UnsentError) as raised:
        await api.open()
    await api.close()
    assert_no_token(raised.value)


def assert_no_token(error):
    while error is not None:
        assert TOKEN not in str(error)
        assert TOKEN not in repr(error)
        error = error.__cause__


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b"<html>", NetworkError),
        (200, b"[1]", NetworkError),
        (200, b'{"ok": true}', NetworkError),
        (200, b"\xff\xfe", NetworkError),
        (200, b"", NetworkError),
        (200, b"[" * 100_000, NetworkError),
        (502, b"<html>", NetworkError),
        (404, b"<html>", NetworkError),
        (403, b"<html>", NetworkError),
        (500, b'{"ok": false, "description": "Internal"}', UnsentError),
        (502, b'{"description": "the words of some proxy"}', NetworkError),
        (400, b'{"ok": false, "description": "Bad Request: x"}', BadRequest),
        (403, b'{"ok": false, "description": "Forbidden: x"}', Forbidden),
        (429, b'{"ok": false, "description": "x", "parameters": {"retry_after": 3}}', RetryAfter),
        (401, b'{"ok": false, "description": "Unauthorized"}', InvalidToken),
    ],
)
async def test_answers_that_are_none(status, body, kind, caplog):
    async def answer(_request):
        return web.Response(status=status, body=body)

    async with telegram(answer) as api:
        with pytest.raises(TelegramError) as raised:
            await api.call("getUpdates", {})
    assert type(raised.value) is kind
    assert_no_token(raised.value)
    assert caplog.records == []


async def test_a_refused_token_is_not_shown():
    async def answer(_request):
        return web.json_response({"ok": False, "description": "Unauthorized"}, status=401)

    async with telegram(answer) as api:
        with pytest.raises(InvalidToken, match="the token is refused") as raised:
            await api.open()
    assert_no_token(raised.value)


async def test_a_broken_connection():
    async def answer(request):
        request.transport.close()
        return web.Response()

    async with telegram(answer) as api:
        with pytest.raises(NetworkError, match="no connection"):
            await api.call("getMe", {})


async def test_opening_and_closing_twice_is_once():
    transport = Transport()
    await transport.initialize()
    await transport.initialize()
    await transport.shutdown()
    await transport.shutdown()
    assert transport.read_timeout == 20.0
