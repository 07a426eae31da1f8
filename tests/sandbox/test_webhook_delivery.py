"""Delivery to a bot's own address, against a real receiver."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

SECRET = "X-Telegram-Bot-Api-Secret-Token"


class Receiver:
    """A bot's webhook: refuses as often as it is told, then accepts."""

    def __init__(self):
        self.arrived = []
        self.secrets = []
        self.refusals = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.busy = self.most = 0
        self.news = asyncio.Condition()

    async def take(self, request):
        self.busy += 1
        self.most = max(self.most, self.busy)
        await self.gate.wait()
        self.busy -= 1
        status = self.refusals.pop(0) if self.refusals else 200
        update = await request.json()
        async with self.news:
            self.secrets.append(request.headers.get(SECRET))
            self.arrived.append((status, update["message"]["text"]))
            self.news.notify_all()
        return web.Response(status=status)

    async def has(self, count):
        async with asyncio.timeout(20), self.news:
            await self.news.wait_for(lambda: len(self.arrived) >= count)
        return self.arrived


@asynccontextmanager
async def receiving():
    receiver = Receiver()
    app = web.Application()
    app.add_routes([web.post("/hook", receiver.take)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield receiver
    finally:
        receiver.gate.set()
        await runner.cleanup()


@pytest.fixture
async def receiver():
    async with receiving() as one:
        yield one


async def settled(line):
    return (await line.done("getWebhookInfo"))["pending_update_count"] == 0


async def test_updates_arrive_with_the_secret_also_those_that_waited(line, receiver, until):
    await line.happens(text="before")
    await line.done("setWebhook", url=receiver.url, secret_token="invented_secret")
    await line.happens(text="after")

    assert await receiver.has(2) == [(200, "before"), (200, "after")]
    assert receiver.secrets == ["invented_secret"] * 2
    assert await until(lambda: settled(line))


async def test_a_refused_update_is_sent_again_before_the_next_of_that_chat(line, receiver):
    receiver.refusals = [500, 503]
    await line.done("setWebhook", url=receiver.url)
    await line.happens(text="one")
    await line.happens(text="two")

    assert await receiver.has(4) == [(500, "one"), (503, "one"), (200, "one"), (200, "two")]
    assert receiver.secrets == [None] * 4


async def test_the_last_error_is_told(line, receiver, until):
    receiver.refusals = [500]
    await line.done("setWebhook", url=receiver.url, allowed_updates=["message"], max_connections=3)
    await line.happens(text="one")
    await receiver.has(2)
    await until(lambda: settled(line))

    assert await line.done("getWebhookInfo") == {
        "url": receiver.url,
        "has_custom_certificate": False,
        "pending_update_count": 0,
        "max_connections": 3,
        "allowed_updates": ["message"],
        "last_error_date": 1_800_000_000,
        "last_error_message": "Wrong response from the webhook: 500 Internal Server Error",
    }


async def test_several_chats_at_once_but_no_more_than_allowed(line, receiver, until):
    receiver.gate.clear()
    await line.done("setWebhook", url=receiver.url, max_connections=2)
    for person in range(1, 6):
        await line.happens({"id": person}, text=f"from {person}")

    async def two_are_there():
        await line.done("getMe")
        return receiver.busy == 2

    await until(two_are_there)
    receiver.gate.set()
    await receiver.has(5)
    assert receiver.most == 2


async def test_nobody_listens_then_somebody_does(line, until):
    async with receiving() as gone:
        address = gone.url
    await line.done("setWebhook", url=address)
    await line.happens(text="one")

    async def failed():
        return (await line.done("getWebhookInfo")).get("last_error_message")

    assert await until(failed) == "Connection refused"
    await line.done("deleteWebhook")
    assert [update["message"]["text"] for update in await line.done("getUpdates")] == ["one"]


async def test_a_receiver_that_hangs_up_is_asked_again(line, until):
    calls = []

    async def hang_up(reader, writer):
        calls.append(await reader.read(1))
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        await line.done("setWebhook", url=f"http://127.0.0.1:{port}/")
        await line.happens(text="one")

        async def twice():
            await line.done("getMe")
            return len(calls) >= 2

        await until(twice)
        assert (await line.done("getWebhookInfo"))["last_error_message"] == "Connection closed"
        await line.done("deleteWebhook")


async def test_pending_updates_can_be_dropped(line, receiver):
    await line.happens(text="old")
    await line.done("setWebhook", url=receiver.url, drop_pending_updates=True)
    await line.happens(text="new")
    assert await receiver.has(1) == [(200, "new")]

    await line.done("setWebhook", url="")
    await line.happens(text="later")
    await line.done("deleteWebhook", drop_pending_updates=True)
    assert await line.done("getUpdates") == []


async def test_setting_a_webhook_ends_a_waiting_poll(line, receiver, until):
    await line.done("getMe")
    poll = asyncio.create_task(line.done("getUpdates", timeout=50))
    updates = line.sandbox.state.current.updates

    async def waiting():
        await line.done("getMe")
        return updates._poller

    await until(waiting)
    await line.done("setWebhook", url=receiver.url)
    assert await poll == []


@pytest.mark.parametrize(
    "url", ["http://localhost:1/x", "http://127.0.0.2:1/", "http://[::1]:1/", "https://bot.example.org:8443/x"]
)
async def test_addresses_that_are_taken(line, url):
    await line.done("setWebhook", url=url)
    assert (await line.done("getWebhookInfo"))["url"] == url


async def test_injected_rubbish_is_delivered_too(line, until):
    seen = []

    async def take(request):
        seen.append(await request.json())
        return web.Response()

    app = web.Application()
    app.add_routes([web.post("/", take)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        await line.done("setWebhook", url=f"http://127.0.0.1:{runner.addresses[0][1]}/")
        rubbish = [{"update_id": 5}, {"update_id": 6, "odd": {"message": 3, "from": {"id": 8}}}]
        for update in rubbish:
            await line.post("/sandbox/updates", json={"raw": update})

        async def both():
            await line.done("getMe")
            return len(seen) == 2

        await until(both)
        assert sorted(seen, key=lambda update: update["update_id"]) == rubbish
    finally:
        await runner.cleanup()
