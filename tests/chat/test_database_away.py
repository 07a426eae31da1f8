"""When the database is away, or the bot stops: what was taken in is answered later."""

from __future__ import annotations

import asyncio

import pytest
from waiting import heads, post, shown, take, used_up

from bot.store.errors import DatabaseUnavailable
from bot.store.people import known

QUESTION, ANSWER = "Wo finde ich einen Deutschkurs?", "Deutsch lernen"


async def test_updates_stay_at_telegram_while_the_database_is_away(town):
    anna = town.person("Anna")
    await post(town, anna, QUESTION)
    database = town.running.house.database
    await database.close()
    with pytest.raises(DatabaseUnavailable):
        await take(town)
    await database.open()
    town.offset = None
    await town.answer()
    assert await heads(anna) == [ANSWER]


async def test_the_database_may_go_away_while_something_is_chosen(town, caplog):
    anna = town.person("Anna")
    await anna.says("/language")
    await town.fault(method="answerCallbackQuery", status=500)
    body = {"user": anna.user, "press": {"message_id": 2, "data": "lang:en"}}
    async with town.http.post(f"{town.root}/sandbox/updates", json=body) as response:
        assert response.status == 200
    await take(town)
    await used_up(town)
    database = town.running.house.database
    await database.close()
    while "Trying again" not in caplog.text:  # noqa: ASYNC110 - a log has no event
        await asyncio.sleep(0.01)
    await database.open()
    await town.running.dispatch.settle()
    assert (await database.read(known, [anna.id]))[anna.id].language == "en"
    assert (await heads(anna))[-1] == "Lotse now replies in this language."
    assert town.inbox() == {"done": 2}


async def test_marks_wait_for_the_database_and_a_stop_does_not_wait_for_ever(town):
    anna = town.person("Anna")
    await town.fault(method="sendMessage", delay_ms=300, times=1)
    await post(town, anna, QUESTION)
    await take(town)
    database = town.running.house.database
    await database.close()
    await shown(town, anna, 2)
    await town.running.dispatch.stop(0.1)
    await database.open()
    assert await heads(anna) == [ANSWER]
    assert town.inbox() == {"waiting": 1}


async def test_a_stop_leaves_what_was_not_begun_in_the_inbox(town):
    anna = town.person("Anna")
    await town.fault(method="sendMessage", delay_ms=300, times=1)
    for text in (QUESTION, "/privacy", "/settings"):
        await post(town, anna, text)
    await take(town)
    await town.running.dispatch.stop(5)
    assert await heads(anna) == [ANSWER]
    assert town.inbox() == {"done": 1, "waiting": 2}
