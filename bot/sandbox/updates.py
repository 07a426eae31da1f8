"""The queue of what people did, and how it reaches the bot by long polling."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.sandbox.wire import Json, RefusedError

POLL_SECONDS = 50
BATCH = 100
_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(slots=True, eq=False)
class Waiting:
    """One update that the bot has not confirmed; `verbatim` ones were injected with an id of their own."""

    update: Json
    verbatim: bool = False
    given: bool = False

    @property
    def id(self) -> int:
        """The update's id."""
        return int(self.update["update_id"])


class Updates:
    """The unconfirmed updates of one bot, oldest first."""

    def __init__(self, first_id: int) -> None:
        self.waiting: list[Waiting] = []
        self.allowed: frozenset[str] = frozenset()
        self.arrived: Callable[[Waiting], None] = lambda _: None
        self._next_id = first_id
        self._poller: asyncio.Future[str] | None = None

    def add(self, kind: str, body: Json) -> int:
        """Queues an update unless the bot does not want its kind, and returns its id."""
        update_id = self._next_id
        self._next_id += 1
        if self.wants(kind):
            self._put(Waiting({"update_id": update_id, kind: body}))
        return update_id

    def add_verbatim(self, update: Json) -> int:
        """Queues any update as it is; one with an id keeps it, even if it is late or was there before."""
        update = {"update_id": self._next_id, **update}
        self._next_id = max(self._next_id, int(update["update_id"]) + 1)
        self._put(Waiting(update, verbatim=True))
        return int(update["update_id"])

    def wants(self, kind: str) -> bool:
        """Whether the bot receives this kind (`allowed_updates`)."""
        return kind in self.allowed if self.allowed else kind not in _NOT_BY_DEFAULT

    def allow(self, kinds: Iterable[str]) -> None:
        """Sets which kinds are queued from now on; none named: the default ones."""
        self.allowed = frozenset(kinds)

    def forget(self) -> None:
        """Drops everything that waits."""
        self.waiting.clear()

    def accept(self, one: Waiting) -> None:
        """Drops an update that the webhook has taken."""
        with contextlib.suppress(ValueError):  # dropped in the meantime
            self.waiting.remove(one)

    def release(self) -> None:
        """Ends a waiting poll with an empty answer."""
        self._wake("news")

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """The next updates from `offset`, waiting for one up to `seconds` of real time.

        Everything before `offset` is confirmed and vanishes; a negative one counts from the end. A poll that is
        still waiting ends with 409, as Telegram does it: the newer one wins.
        """
        self._wake("conflict")
        self._confirm(offset)
        if not self.waiting and seconds > 0:
            await self._wait(seconds)
        batch = self.waiting[:limit]
        for one in batch:
            one.given = True
        return [one.update for one in batch]

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self.waiting = self.waiting[offset:]
        else:
            self.waiting = [one for one in self.waiting if one.id >= offset or (one.verbatim and not one.given)]

    async def _wait(self, seconds: float) -> None:
        poller = self._poller = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                news = await poller
        except TimeoutError:
            return
        finally:
            if self._poller is poller:
                self._poller = None
        if news == "conflict":
            raise RefusedError(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )

    def _put(self, one: Waiting) -> None:
        self.waiting.append(one)
        self._wake("news")
        self.arrived(one)

    def _wake(self, news: str) -> None:
        poller, self._poller = self._poller, None
        if poller and not poller.done():
            poller.set_result(news)
