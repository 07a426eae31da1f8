"""Updates by long polling: waiting, confirming, choosing kinds, and ids."""

import asyncio

from bot.sandbox.server import Sandbox


def texts(updates):
    return [update["message"]["text"] for update in updates]


async def test_a_waiting_poll_gets_what_is_written(line):
    await line.done("getMe")
    poll = asyncio.create_task(line.done("getUpdates", timeout=30))
    await line.happens(text="Guten Tag")
    assert texts(await poll) == ["Guten Tag"]


async def test_a_poll_that_is_already_waiting_wakes_up(line, until):
    await line.done("getMe")
    updates = line.sandbox.state.current.updates
    poll = asyncio.create_task(line.done("getUpdates", timeout=30))

    async def waiting():
        await line.done("getMe")
        return updates._poller

    await until(waiting)
    await line.happens(text="Guten Tag")
    assert texts(await poll) == ["Guten Tag"]


async def test_a_poll_ends_empty_after_its_time(line):
    assert await line.done("getUpdates", timeout=1) == []


async def test_unconfirmed_updates_come_again_and_confirmed_ones_vanish(line):
    for text in ("one", "two", "three"):
        await line.happens(text=text)
    first, second, _ = await line.done("getUpdates")
    assert texts(await line.done("getUpdates", limit=2)) == ["one", "two"]
    assert second["update_id"] == first["update_id"] + 1

    assert texts(await line.done("getUpdates", offset=second["update_id"] + 1)) == ["three"]
    assert texts(await line.done("getUpdates", offset=0)) == ["three"]


async def test_a_negative_offset_counts_from_the_end_and_forgets_the_rest(line):
    for text in ("one", "two", "three"):
        await line.happens(text=text)
    assert texts(await line.done("getUpdates", offset=-2)) == ["two", "three"]
    assert texts(await line.done("getUpdates")) == ["two", "three"]


async def test_only_the_wanted_kinds_are_queued(line):
    await line.done("getUpdates", allowed_updates=["callback_query"])
    await line.happens(text="Guten Tag")
    await line.happens(press={"message_id": 1, "data": "x"})
    assert [sorted(update) for update in await line.done("getUpdates")] == [["callback_query", "update_id"]]


async def test_update_ids_start_from_the_clock_in_milliseconds(line):
    told = await line.happens(text="Guten Tag")
    assert told == {"update_id": 1_800_000_000_000, "message_id": 1}


async def test_what_was_written_before_the_bot_came_waits_for_it(line):
    await line.happens(text="Guten Tag")
    assert texts(await line.done("getUpdates")) == ["Guten Tag"]


async def test_every_token_has_its_own_updates(line):
    await line.done("getMe")
    await line.happens(text="to the first")
    line.token = "7002:another"
    await line.done("getMe")
    await line.happens(text="to the second")
    await line.happens(text="to the first again", bot=7001)

    assert texts(await line.done("getUpdates")) == ["to the second"]
    line.token = "7001:invented-secret"
    assert texts(await line.done("getUpdates")) == ["to the first", "to the first again"]


async def test_a_sandbox_with_one_token_takes_no_other(opening):
    async with opening("7001:invented-secret") as line:
        assert (await line.done("getMe"))["id"] == 7001
        line.token = "7002:another"
        assert (await line.call("getMe"))["error_code"] == 401


async def test_injected_updates_keep_their_ids_even_when_late_or_double(line):
    told = await line.happens(text="now")
    await line.done("getUpdates", offset=told["update_id"])
    chat = {"id": 5, "type": "private", "first_name": "Ben"}
    late = {"update_id": 3, "message": {"message_id": 9, "date": 0, "chat": chat, "text": "late"}}
    assert await line.post("/sandbox/updates", json={"raw": late}) == {"update_id": 3, "message_id": None}
    await line.post("/sandbox/updates", json={"raw": late})

    assert texts(await line.done("getUpdates", offset=told["update_id"])) == ["now", "late", "late"]
    assert texts(await line.done("getUpdates", offset=told["update_id"])) == ["now"]
    assert (await line.done("sendMessage", chat_id=5, text="Guten Tag"))["chat"]["first_name"] == "Ben"


async def test_bots_do_not_receive_their_own_messages(line):
    await line.happens(text="Guten Tag")
    await line.done("sendMessage", chat_id=1, text="Willkommen")
    assert texts(await line.done("getUpdates")) == ["Guten Tag"]


async def test_stopping_the_server_ends_a_waiting_poll(opening, until):
    async with opening() as line:
        await line.done("getMe")
        poll = asyncio.create_task(line.call("getUpdates", timeout=50))
        updates = line.sandbox.state.current.updates

        async def waiting():
            await line.done("getMe")
            return updates._poller

        await until(waiting)
        await line.sandbox._close(None)
        assert await poll == {"ok": True, "result": []}


def test_a_sandbox_needs_no_running_loop():
    assert Sandbox().application()
