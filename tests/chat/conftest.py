"""The bot, for tests to talk with."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator

import pytest
from town import SMALL, Town, town_of


@pytest.fixture
async def town(sqlite_ready_url: str) -> AsyncIterator[Town]:
    """The bot over a small knowledge folder."""
    async with town_of(SMALL, sqlite_ready_url) as built:
        yield built


@pytest.fixture
def calm(town: Town, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """After the test nothing waits or was set aside, and nothing worse than a note is in the log."""
    yield
    assert set(town.inbox()) <= {"done"}
    assert [record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.WARNING] == []
