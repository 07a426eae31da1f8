"""A Bot API that takes its time and remembers when each message came."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import count
from time import perf_counter

from aiohttp import web

from bot.bench.stub import Stub, result

WINDOW = 1.0  # seconds
_MESSAGE_IDS = count(1)


class Receiver(Stub):
    """Every `sendMessage` takes so many seconds; `sent` has when it came, by chat, in seconds of `perf_counter`."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds
        self.sent: dict[int, list[float]] = {}
        self._came = asyncio.Event()

    async def answer(self, request: web.Request) -> web.Response:
        """Any method of the Bot API."""
        if request.match_info["method"].lower() != "sendmessage":
            return await super().answer(request)
        came = perf_counter()
        chat = int((await request.json())["chat_id"])
        self.sent.setdefault(chat, []).append(came)
        self._came.set()
        await asyncio.sleep(self._seconds)
        return result({"message_id": next(_MESSAGE_IDS), "date": 1, "chat": {"id": chat, "type": "private"}})

    async def has(self, chats: Sequence[int], many: int = 1) -> None:
        """Returns once each of these chats has got so many messages."""
        missing = set(chats)
        while missing := {chat for chat in missing if len(self.sent.get(chat, ())) < many}:
            self._came.clear()
            await self._came.wait()

    def times(self, chats: Sequence[int]) -> list[float]:
        """When anything came for these chats, in order."""
        return sorted(time for chat in chats for time in self.sent.get(chat, ()))


def most_in_a_second(times: Sequence[float]) -> int:
    """The most in any second, whenever it begins; `times` in order."""
    most, first = 0, 0
    for last, time in enumerate(times):
        while time - times[first] >= WINDOW:
            first += 1
        most = max(most, last - first + 1)
    return most


def rate_of(times: Sequence[float]) -> float:
    """How many a second; `times` in order, at least two."""
    return (len(times) - 1) / (times[-1] - times[0])
