"""The pace: no second holds more than the rate, however late turns are taken."""

from __future__ import annotations

import asyncio
from bisect import bisect_left

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.pace import Pace

LATE = st.floats(0, 0.3)  # seconds that something else took before the turn was asked for


def turns(rate, delays, overshoot):
    """The times of so many turns, each asked for after a delay; sleeping takes a little longer than it should."""
    clock = [100.0]

    async def sleep(seconds):
        clock[0] += seconds + overshoot

    pace = Pace(rate, lambda: clock[0], sleep)

    async def take():
        times = []
        for delay in delays:
            clock[0] += delay
            assert await pace.turn()
            times.append(clock[0])
        return times

    return asyncio.run(take())


@given(st.floats(0.2, 60), st.lists(st.just(0.0) | LATE, min_size=1, max_size=150), st.floats(0, 0.01))
def test_no_second_holds_more_than_the_rate(rate, delays, overshoot):
    times = turns(rate, delays, overshoot)
    for index, start in enumerate(times):
        assert bisect_left(times, start + 1) - index <= max(1, int(rate))


@given(st.floats(0.2, 0.99), st.integers(2, 20))
def test_a_fraction_is_kept_over_longer_times(rate, many):
    times = turns(rate, [0.0] * many, 0)
    assert times[-1] - times[0] >= (many - 1) / rate


def test_at_its_pace_it_is_three_per_cent_below_the_rate():
    times = turns(25, [0.0] * 251, 0.001)
    assert 24 < 250 / (times[-1] - times[0]) < 25


def test_people_rest_for_a_second():
    clock = [0.0]
    pace = Pace(25, lambda: clock[0])
    pace.wrote_to(7)
    clock[0] = 0.5
    pace.wrote_to(8)
    assert set(pace.resting()) == {7, 8}
    clock[0] = 1.0
    assert set(pace.resting()) == {8}


async def test_in_a_pause_there_is_no_turn():
    clock = [0.0]

    async def sleep(seconds):
        clock[0] += seconds

    pace = Pace(25, lambda: clock[0], sleep)
    pace.pause(3)
    assert pace.paused
    assert not await pace.turn()
    await pace.ready()
    assert clock[0] == 3
    assert not pace.paused
    assert await pace.turn()


async def test_whom_the_sender_before_wrote_to_rests_too():
    pace = Pace(25, lambda: 7.0)
    pace.follow(-0.25)
    assert pace.left == 0.75


async def test_a_sender_goes_on_behind_the_one_before():
    clock = [0.0]

    async def sleep(seconds):
        clock[0] += seconds

    pace = Pace(1, lambda: clock[0], sleep)
    pace.follow(-0.5)
    await pace.turn()
    assert clock[0] == 0.53
    left = pace.left
    pace.follow(-1000)
    assert pace.left == left > 1
