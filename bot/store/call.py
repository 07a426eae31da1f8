"""One call of a service: it waits in a queue, runs in a thread, and its result goes back to the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from bot.store.tx import Tx

Service = Callable[..., Any]


@dataclass(slots=True, eq=False)
class Call:
    """A service with its arguments, and where its result is awaited.

    The result is kept as a value even when it is an error: a future cannot carry every exception (StopIteration), and
    a caller that was cancelled must not take its write with it.
    """

    service: Service
    args: Sequence[Any]
    kwargs: Mapping[str, Any]
    loop: asyncio.AbstractEventLoop
    settled: asyncio.Future[None]
    value: Any = None
    error: BaseException | None = field(default=None)

    @classmethod
    def of(cls, service: Service, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Call:
        """A call awaited in the running event loop."""
        loop = asyncio.get_running_loop()
        return cls(service, args, kwargs, loop, loop.create_future())

    def run(self, tx: Tx) -> None:
        """Run the service in this thread; whatever it raises becomes the result of this call."""
        self.value, self.error = None, None
        try:
            self.value = self.service(tx, *self.args, **self.kwargs)
        except BaseException as error:  # noqa: BLE001 - the worker thread must survive; the caller gets it
            self.error = error

    async def result(self) -> Any:
        """Wait until it is delivered, then return what the service returned or raise what it raised."""
        await self.settled
        if self.error is not None:
            raise self.error
        return self.value


def deliver(calls: Sequence[Call]) -> None:
    """Hand results to their callers, from any thread, waking the event loop once for the whole group."""
    with suppress(RuntimeError):  # the loop is closed: nobody waits any more
        calls[0].loop.call_soon_threadsafe(_settle, calls)


def _settle(calls: Sequence[Call]) -> None:
    for call in calls:
        if not call.settled.done():
            call.settled.set_result(None)
