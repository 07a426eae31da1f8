"""Long polling: what is not stored comes again, and trouble is outwaited."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress

import pytest
from telegram.error import InvalidToken

from bot.chat.polling import poll

QUESTION, ANSWER = "Wo finde ich einen Deutschkurs?", "Deutsch lernen"


@asynccontextmanager
async def polling(town):
    task = asyncio.create_task(poll(town.running.house.api, town.running.intake))
    yield task
    task.cancel()
    with suppress(asyncio.CancelledError, InvalidToken):
        await task


async def asks(town, person):
    """Somebody asks; returns with the first line of the answer."""
    async with town.http.post(f"{town.root}/sandbox/updates", json={"user": person.user, "text": QUESTION}) as response:
        assert response.status == 200
    number, revision = len(await person.sees()), 0
    while len(await person.sees()) == number:
        query = f"?after={revision}&wait=10"
        async with town.http.get(f"{town.root}/sandbox/chats/{person.id}{query}") as response:
            revision = int(response.headers["X-Revision"])
    return (await person.last())["text"].split("\n")[0]


async def test_one_after_the_other(town):
    async with polling(town):
        for _ in range(3):
            assert await asks(town, town.person("Anna")) == ANSWER
    await town.running.dispatch.settle()
    assert town.inbox() == {"done": 3}


@pytest.mark.parametrize(
    ("fault", "warning"),
    [
        ({"status": 500}, "Telegram is not reached (NetworkError); trying again with growing pauses"),
        ({"body": "<html>"}, "Telegram is not reached (NetworkError); trying again with growing pauses"),
        ({"status": 429, "retry_after": 1}, "Telegram is not reached (RetryAfter); trying again with growing pauses"),
        (
            {"status": 409},
            "another process polls for the same bot, or a webhook is set; trying again with growing pauses",
        ),
    ],
    ids=str,
)
async def test_trouble_is_told_in_one_line_and_outwaited(town, caplog, fault, warning):
    await town.fault(method="getUpdates", **fault)
    async with polling(town):
        assert await asks(town, town.person("Anna")) == ANSWER
    assert [record.getMessage() for record in caplog.records] == [warning, "updates come again"]


async def test_updates_wait_at_telegram_while_the_database_is_away(town, caplog):
    database = town.running.house.database
    await database.close()
    async with polling(town):
        asking = asyncio.create_task(asks(town, town.person("Anna")))
        while "Updates wait at Telegram" not in caplog.text:  # noqa: ASYNC110 - a log has no event
            await asyncio.sleep(0.01)
        await database.open()
        assert await asking == ANSWER


async def test_a_refused_token_ends_it(town):
    await town.fault(method="getUpdates", status=401)
    async with polling(town) as task:
        with pytest.raises(InvalidToken, match="the token is refused"):
            await task
