"""What `lotse bench broadcast` counts, and that it runs."""

from __future__ import annotations

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bench.broadcast import queueing, sending
from bot.bench.receiver import Receiver, most_in_a_second, rate_of
from bot.bench.stub import serving


@pytest.mark.parametrize(
    ("times", "most"),
    [([], 0), ([5.0], 1), ([0.0, 1.0, 2.0], 1), ([0.0, 0.5, 1.0, 1.25, 1.49], 4), ([0.0, 0.25, 0.5, 9.0], 3)],
)
def test_the_most_in_any_second(times, most):
    assert most_in_a_second(times) == most


@given(st.lists(st.floats(0, 5), min_size=1, max_size=60).map(sorted))
def test_no_second_holds_more_than_the_most(times):
    assert most_in_a_second(times) == max(sum(start <= time and time - start < 1 for time in times) for start in times)


def test_the_rate_is_that_between_the_first_and_the_last():
    assert rate_of([10.0, 10.1, 10.9, 12.0]) == 1.5


async def test_the_receiver_remembers_when_messages_came():
    receiver = Receiver(0.0)
    async with serving(receiver) as root, aiohttp.ClientSession() as http:
        for chat in (7, 8, 7):
            async with http.post(f"{root}/bot1:x/sendMessage", json={"chat_id": chat, "text": "x"}) as response:
                assert (await response.json())["result"]["chat"]["id"] == chat
        await receiver.has([7], 2)
        await receiver.has([7, 8])
    assert receiver.times([7, 8]) == sorted(receiver.sent[7] + receiver.sent[8])
    assert len(receiver.times([7])) == 2
    assert receiver.times([9]) == []


async def test_it_runs(tmp_path):
    queued = await queueing(f"sqlite:///{tmp_path}/queue.db", 1_500)
    assert set(queued) == {"queue_s", "queue_longest_lock_ms", "queue_memory_mb"}
    sent = await sending(f"sqlite:///{tmp_path}/send.db", 100, 30)
    assert set(sent) == {"rate_100", "rate_100_most", "rate_100_answer_p99_s", "bot_memory_mb"}
    assert all(figure > 0 for figure in (queued | sent).values())
