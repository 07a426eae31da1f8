"""Playing any history against a model: each in one transaction, which is undone, so that the database stays empty."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.store.database import Database


class Undo(Exception):  # noqa: N818 - it is no error
    """Ends a history and leaves the database empty for the next."""


@contextmanager
def playing(url: str, play: Callable[..., None]) -> Iterator[Callable[[Any], None]]:
    """A function that plays a history by `play`, a service of a transaction and the steps, which compares."""

    def undone(tx: Any, steps: Any) -> None:
        play(tx, steps)
        raise Undo

    database = Database(url)
    with asyncio.Runner() as runner:
        runner.run(database.open())

        def whole(steps: Any) -> None:
            with pytest.raises(Undo):
                runner.run(database.write(undone, steps))

        yield whole
        runner.run(database.close())
