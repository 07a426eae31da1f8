"""Delivery of updates to the bot's own address."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

import aiohttp

from bot.sandbox.updates import Updates, Waiting
from bot.sandbox.wire import Json

CONNECTIONS = 40
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
_PAUSES = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_TIMEOUT = aiohttp.ClientTimeout(total=30)


class Webhook:
    """Posts updates, those of one chat one after the other, several chats at once, each until it is accepted.

    After a refusal or a broken connection it pauses for 50 ms, then longer, up to 5 s of real time.
    """

    def __init__(self, updates: Updates, clock: Callable[[], float]) -> None:
        self.url = ""
        self._secret = ""
        self._connections = CONNECTIONS
        self._updates = updates
        self._clock = clock
        self._lanes: dict[int, deque[Waiting]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._error: tuple[int, str] | None = None
        self._session: aiohttp.ClientSession | None = None
        self._free = asyncio.Semaphore(CONNECTIONS)
        updates.arrived = self._take

    async def start(self, url: str, secret: str, connections: int) -> None:
        """Delivers to `url` from now on, also what has waited; `secret` goes into the header."""
        await self.stop()
        self.url, self._secret, self._connections = url, secret, connections
        self._free = asyncio.Semaphore(connections)
        self._session = aiohttp.ClientSession(timeout=_TIMEOUT, connector=aiohttp.TCPConnector(limit=connections))
        for one in self._updates.waiting:
            self._take(one)

    async def stop(self) -> None:
        """Ends delivery; what was not accepted waits for the next webhook or for polling."""
        self.url = ""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._lanes.clear()
        self._error = None
        if self._session:
            await self._session.close()
            self._session = None

    def info(self) -> Json:
        """The answer to getWebhookInfo."""
        told: Json = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.waiting),
        }
        if self.url:
            told["max_connections"] = self._connections
            if self._updates.allowed:
                told["allowed_updates"] = sorted(self._updates.allowed)
            if self._error:
                told["last_error_date"], told["last_error_message"] = self._error
        return told

    def _take(self, one: Waiting) -> None:
        if not self.url:
            return
        lane = _chat_of(one.update)
        if lane in self._lanes:
            self._lanes[lane].append(one)
            return
        self._lanes[lane] = deque([one])
        task = asyncio.create_task(self._deliver(lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, lane: int) -> None:
        queue = self._lanes[lane]
        while queue:
            await self._until_accepted(queue[0])
            self._updates.accept(queue.popleft())
        del self._lanes[lane]

    async def _until_accepted(self, one: Waiting) -> None:
        attempt = 0
        while True:
            async with self._free:
                error = await self._post(one)
            if error is None:
                return
            self._error = (int(self._clock()), error)
            await asyncio.sleep(_PAUSES[min(attempt, len(_PAUSES) - 1)])
            attempt += 1

    async def _post(self, one: Waiting) -> str | None:
        assert self._session
        headers = {SECRET_HEADER: self._secret} if self._secret else {}
        try:
            async with self._session.post(self.url, json=one.update, headers=headers, allow_redirects=False) as answer:
                await answer.read()
        except TimeoutError:
            return "Read timeout expired"
        except aiohttp.ClientConnectorError:
            return "Connection refused"
        except aiohttp.ClientError:
            return "Connection closed"
        accepted = 200 <= answer.status < 300  # noqa: PLR2004 - success, as HTTP counts it
        return None if accepted else f"Wrong response from the webhook: {answer.status} {answer.reason}"


def _chat_of(update: Json) -> int:
    for body in update.values():
        if not isinstance(body, dict):
            continue
        message = body.get("message")
        for owner in (body.get("chat"), message.get("chat") if isinstance(message, dict) else None, body.get("from")):
            if isinstance(owner, dict) and isinstance(owner.get("id"), int):
                return int(owner["id"])
    return 0
