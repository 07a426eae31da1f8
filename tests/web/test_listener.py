"""The listener over real HTTP: who may hand in updates, what is refused, and what it says about itself."""

import asyncio
import io
import json

import aiohttp
import pytest
from prometheus_client import CollectorRegistry, Counter
from yarl import URL

from bot.store.errors import DatabaseUnavailable
from bot.web.listener import LARGEST_BODY, SECRET_HEADER, listening, status_routes, webhook

SECRET = "invented-secret"
UPDATE = {"update_id": 7, "message": {"text": "Grüße"}}


class Site:
    """The listener with what it was given, and its state to be changed."""

    def __init__(self):
        self.taken = []
        self.away = False
        self.registry = CollectorRegistry()

    async def take(self, updates):
        if self.away:
            raise DatabaseUnavailable("The database is not there.")
        self.taken += updates

    async def ready(self):
        return not self.away

    def routes(self, path):
        return [webhook(path, SECRET, self.take), *status_routes(self.ready, self.registry)]

    async def post(self, body, path="/some/path", secret=SECRET):
        headers = {} if secret is None else {SECRET_HEADER: secret}
        given = io.BytesIO(body.encode() if isinstance(body, str) else body)
        url = URL(f"{self.root}{path}", encoded=True)
        async with self.session.post(url, data=given, headers=headers) as answer:
            return answer.status

    async def get(self, path, method="GET"):
        async with self.session.request(method, f"{self.root}{path}") as answer:
            return answer.status, await answer.text()


@pytest.fixture
def site():
    return Site()


@pytest.fixture
async def served(site):
    async with listening(site.routes("/some/path"), "127.0.0.1", 0) as port, aiohttp.ClientSession() as session:
        site.root, site.session, site.port = f"http://127.0.0.1:{port}", session, port
        yield site


async def test_an_update_with_the_secret_is_taken_before_it_is_acknowledged(served):
    assert await served.post(json.dumps(UPDATE)) == 200
    assert served.taken == [UPDATE]


@pytest.mark.parametrize("secret", [None, "", "invented-secre", "invented-secret-", "INVENTED-SECRET", "gehe\u00efm"])
async def test_without_the_secret_nothing_is_taken_however_good_or_bad_the_body_is(served, secret):
    for body in (json.dumps(UPDATE), "no JSON", b"x" * (LARGEST_BODY + 1)):
        assert await served.post(body, secret=secret) == 403
    assert served.taken == []


async def test_a_secret_of_any_bytes_is_only_wrong(served):
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    head = f"POST /some/path HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n{SECRET_HEADER}: "
    writer.write(head.encode() + b"\xff\xfe\r\n\r\n{}")
    assert (await reader.read()).startswith(b"HTTP/1.1 403 ")
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no JSON",
        b"\xff\xfe",
        "[" * 100_000,
        f'{{"update_id": {"9" * 5000}}}',
        "null",
        "[]",
        '"text"',
        "{}",
        '{"update_id": "7"}',
        '{"update_id": true}',
        '{"update_id": 7.5}',
        '{"update_id": null}',
    ],
)
async def test_what_is_no_update_is_refused(served, body):
    assert await served.post(body) == 400
    assert served.taken == []


async def test_a_body_may_have_one_mebibyte_and_no_more(served):
    frame = len(json.dumps({"update_id": 7, "x": ""}))
    largest = json.dumps({"update_id": 7, "x": "x" * (LARGEST_BODY - frame)})
    assert len(largest) == 1024 * 1024
    assert await served.post(largest) == 200
    assert await served.post(f"{largest} ") == 413
    assert len(served.taken) == 1


async def test_while_the_database_is_away_telegram_is_to_try_again(served):
    served.away = True
    assert await served.post(json.dumps(UPDATE)) == 503
    assert await served.get("/readyz") == (503, "not ready\n")
    assert await served.get("/healthz") == (200, "alive\n")
    served.away = False
    assert await served.post(json.dumps(UPDATE)) == 200
    assert await served.get("/readyz") == (200, "ready\n")
    assert served.taken == [UPDATE]


async def test_metrics_are_prometheus_text(served):
    Counter("updates", "What came in", registry=served.registry).inc(3)
    async with served.session.get(f"{served.root}/metrics") as answer:
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        assert "\nupdates_total 3.0\n" in await answer.text()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/some/path", 405),
        ("PUT", "/some/path", 405),
        ("POST", "/healthz", 405),
        ("GET", "/", 404),
        ("POST", "/some", 404),
        ("POST", "/some/path/", 404),
        ("GET", "/sandbox/chats/1", 404),
    ],
)
async def test_there_is_nothing_elsewhere(served, method, path, status):
    assert (await served.get(path, method))[0] == status


@pytest.mark.parametrize(
    ("path", "asked"),
    [("", "/"), ("/", "/"), ("/a/b/", "/a/b/"), ("/a%20b", "/a%20b"), ("/7:x/%C3%BC%2F", "/7:x/%C3%BC%2F")],
)
async def test_the_path_served_is_the_path_given(site, path, asked):
    async with listening(site.routes(path), "127.0.0.1", 0) as port, aiohttp.ClientSession() as session:
        site.root, site.session = f"http://127.0.0.1:{port}", session
        assert await site.post(json.dumps(UPDATE), asked) == 200
        assert await site.post(json.dumps(UPDATE), "/anything") == 404


async def test_a_port_that_is_taken(served, site):
    with pytest.raises(OSError, match="address already in use"):
        async with listening(site.routes("/"), "127.0.0.1", served.port):
            pass
