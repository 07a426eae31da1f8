"""Trouble on order: what the bot meets, and how often."""

import aiohttp
import pytest


async def greet(line, chat=1):
    return await line.call("sendMessage", chat_id=chat, text="Guten Tag")


async def order(line, **fault):
    return await line.post("/sandbox/faults", json=fault)


@pytest.fixture
async def known(line):
    """Two people have written."""
    for person in (1, 2):
        await line.happens({"id": person}, text="Guten Tag")
    return line


async def test_too_many_requests_as_often_as_ordered_in_one_chat(known):
    await order(known, method="sendMessage", status=429, retry_after=3, times=2, chat=1)
    refused = {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 3",
        "parameters": {"retry_after": 3},
    }
    assert (await greet(known, 2))["ok"]
    assert [await greet(known), await greet(known)] == [refused, refused]
    assert (await greet(known))["ok"]


@pytest.mark.parametrize(
    ("fault", "description"),
    [
        ({"status": 403}, "Forbidden: bot was blocked by the user"),
        ({"status": 400}, "Bad Request: chat not found"),
        ({"status": 400, "description": "Bad Request: message is too long"}, "Bad Request: message is too long"),
        ({"status": 502}, "Bad Gateway"),
        ({"status": 418}, "Error 418"),
    ],
)
async def test_a_status_has_telegrams_words_and_happens_once(known, fault, description):
    await order(known, method="SENDMESSAGE", **fault)
    assert await greet(known) == {"ok": False, "error_code": fault["status"], "description": description}
    assert (await greet(known))["ok"]


async def test_a_group_that_has_moved(known):
    await order(known, status=400, migrate_to_chat_id=-100)
    assert await greet(known) == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": -100},
    }


@pytest.mark.parametrize(("drop", "messages"), [("before", 1), ("after", 2)])
async def test_a_broken_connection_before_or_after_the_effect(known, drop, messages):
    await order(known, method="sendMessage", drop=drop)
    with pytest.raises(aiohttp.ClientError):
        await greet(known)
    assert len(await known.transcript()) == messages


async def test_an_answer_that_is_no_json(known):
    await order(known, method="*", status=502, body="<html>Bad gateway</html>")
    async with known.session.get(f"{known.root}/bot{known.token}/getMe") as answer:
        assert (answer.status, await answer.text()) == (502, "<html>Bad gateway</html>")


async def test_a_delay_holds_until_cleared_beside_other_faults(known):
    listed = await order(known, method="sendMessage", delay_ms=1)
    assert listed == [{"method": "sendmessage", "delay_ms": 1}]
    await order(known, method="sendMessage", status=500, times=None)
    assert [(await greet(known))["error_code"], (await greet(known))["error_code"]] == [500, 500]
    assert len(await known.get("/sandbox/faults")) == 2

    async with known.session.delete(f"{known.root}/sandbox/faults") as answer:
        assert await answer.json() == []
    assert (await greet(known))["ok"]


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"kind": "x"}, "a fault has no kind"),
        ({"times": "2"}, "times must be a whole number"),
        ({"drop": "never"}, "drop must be before or after"),
        ({"status": 200}, "status must be from 400 to 599"),
        ({"method": "sendMessage"}, "a fault needs status, delay_ms, drop or body"),
    ],
)
async def test_orders_that_mean_nothing_are_refused(line, fault, sentence):
    assert await order(line, **fault) == {"error": sentence}


async def test_an_order_is_an_object(line):
    assert await line.post("/sandbox/faults", json=[]) == {"error": "a fault is a JSON object"}
