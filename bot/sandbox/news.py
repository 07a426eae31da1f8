"""One growing revision for everything that changes, so that pages and tests can wait instead of asking again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class News:
    """Counts changes and wakes those who wait for one."""

    def __init__(self) -> None:
        self.revision = 0
        self._changed = asyncio.Event()
        self._closed = False

    def publish(self) -> int:
        """Records one change and returns its revision."""
        self.revision += 1
        self._wake()
        return self.revision

    def close(self) -> None:
        """Lets everybody who waits go at once; nobody waits afterwards."""
        self._closed = True
        self._wake()

    def open(self) -> None:
        """Takes waiting up again, after a `close`."""
        self._closed = False

    async def wait(self, happened: Callable[[], bool], seconds: float) -> bool:
        """Waits until `happened()` is true, for at most `seconds` of real time; tells whether it is."""
        try:
            async with asyncio.timeout(max(seconds, 0)):
                while not happened() and not self._closed:
                    await self._changed.wait()
        except TimeoutError:
            pass
        return happened()

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
