"""The tick: what is done every few seconds, and what once a day."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.store.errors import DatabaseUnavailable

Work = Callable[[], Awaitable[Any]]
log = logging.getLogger(__name__)


def schedule(ticks: Sequence[tuple[float, Work]], daily: Work) -> AsyncIOScheduler:
    """A started scheduler that does each work every so many seconds, and `daily` at the start and once a day.

    A work that takes longer than its interval is not started twice, and one that comes late is not dropped: the
    defaults of the library would do both.
    """
    scheduler = AsyncIOScheduler(timezone="UTC")
    options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    for seconds, work in ticks:
        scheduler.add_job(_Guarded(work).tick, "interval", seconds=seconds, **options)
    scheduler.add_job(_Guarded(daily).tick, "interval", days=1, **options)
    scheduler.add_job(_Guarded(daily).tick, **options)
    scheduler.start()
    return scheduler


class _Guarded:
    """A work that may fail: what goes wrong is told, and the next tick tries again."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._told = False

    async def tick(self) -> None:
        """Does the work once."""
        try:
            await self._work()
        except DatabaseUnavailable as error:
            if not self._told:  # once, not at every tick until the database is back
                log.warning("%s", error)
            self._told = True
        except Exception:
            log.exception("a regular task failed")
        else:
            self._told = False
