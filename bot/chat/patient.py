"""Writes that outwait a database that is away, and warnings that are said once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, TypeVar

from bot.store.database import Database, DatabaseUnavailable

PAUSE = 1.0  # seconds between two tries
Result = TypeVar("Result")


class Patient:
    """The database for work that must not be lost; `log` is where its troubles are told."""

    def __init__(self, database: Database, log: logging.Logger) -> None:
        self._database = database
        self._log = log
        self._told = ""

    async def write(self, service: Callable[..., Result], *arguments: Any, **named: Any) -> Result:
        """A write, again and again while the database is away."""
        while True:
            try:
                return await self._database.write(service, *arguments, **named)
            except DatabaseUnavailable as error:
                self.tell(str(error))
                await asyncio.sleep(PAUSE)

    def tell(self, trouble: str) -> None:
        """Warns once of a trouble; none is good again."""
        if trouble and trouble != self._told:
            self._log.warning("%s", trouble)
        self._told = trouble
