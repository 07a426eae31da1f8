"""Requests that are on their way, and how many of them there may be at once."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass

PLACES = 75  # at once, at most: half of the connections, so that answers never wait for one
FIRST_LATENCY = 0.3  # seconds from take-off to landing, before any was measured
SPARE = 1.3  # times as many as the latency of late makes necessary


@dataclass(frozen=True, slots=True)
class Flight:
    """A request whose outcome is not written yet; `began` in seconds of the event loop's clock."""

    person: int
    began: float
    request: asyncio.Task[None]


class Flights:
    """The flights of one sender, by row; `rate` is how many begin in a second."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._latency = FIRST_LATENCY
        self._flying: dict[int, Flight] = {}
        self._landed = asyncio.Event()

    def __len__(self) -> int:
        return len(self._flying)

    @property
    def places(self) -> int:
        """How many may be on their way at once: enough for the rate at the present latency, and a third more."""
        return max(1, min(PLACES, math.ceil(self._rate * self._latency * SPARE)))

    @property
    def people(self) -> set[int]:
        """To whom something is on its way."""
        return {flight.person for flight in self._flying.values()}

    @property
    def requests(self) -> list[asyncio.Task[None]]:
        """Those that have no answer yet."""
        return [flight.request for flight in self._flying.values() if not flight.request.done()]

    def begin(self, row: int, person: int, request: Coroutine[None, None, None]) -> None:
        """Sends a request on its way."""
        began = asyncio.get_running_loop().time()
        self._flying[row] = Flight(person, began, asyncio.create_task(request))

    def land(self, rows: Iterable[int]) -> None:
        """Frees the places of rows whose outcome is written, and learns how long that takes."""
        now = asyncio.get_running_loop().time()
        for row in rows:
            flight = self._flying.pop(row, None)
            if flight is not None:
                self._latency += (now - flight.began - self._latency) / 10
        self._landed.set()

    async def fewer(self, most: int) -> None:
        """Returns once no more than so many are on their way."""
        while len(self._flying) > most:
            self._landed.clear()
            await self._landed.wait()
