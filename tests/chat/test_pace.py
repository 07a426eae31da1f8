"""The pace: no second holds more than the rate, however late turns are taken."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.pace import MARGIN, Pace

LATE = st.floats(0, 0.3)  # seconds that something else took before the turn was asked for


class Clock:
    """A clock that only goes on when somebody sleeps; each sleep takes a little longer than it should."""

    def __init__(self, overshoot=0.0):
        self.now, self.overshoot = 0.0, overshoot

    def pace(self, rate):
        return Pace(rate, lambda: self.now, self.sleep)

    async def sleep(self, seconds):
        if seconds:
            self.now += seconds + self.overshoot


def turns(rate, delays, overshoot):
    """The times of so many turns, each asked for after a delay."""
    clock = Clock(overshoot)
    pace = clock.pace(rate)

    async def take():
        times = []
        for delay in delays:
            clock.now += delay
            assert await pace.turn()
            times.append(clock.now)
        return times

    return asyncio.run(take())


def reached(times):
    return (len(times) - 1) / (times[-1] - times[0])


@given(st.floats(0.2, 60), st.lists(st.just(0.0) | LATE, min_size=1, max_size=150), st.floats(0, 0.01))
def test_no_second_holds_more_than_the_rate(rate, delays, overshoot):
    times = turns(rate, delays, overshoot)
    for index, start in enumerate(times):
        assert bisect_left(times, start + 1) - index <= max(1, int(rate))


@given(st.floats(1, 60), st.lists(st.just(0.0) | LATE, min_size=1, max_size=150), st.floats(0, MARGIN))
def test_nor_where_requests_arrive_later_by_less_than_the_margin(rate, delays, slow):
    arrivals = sorted(time + slow * (index % 2) for index, time in enumerate(turns(rate, delays, 0)))
    for index, start in enumerate(arrivals):
        assert bisect_left(arrivals, start + 1 - 1e-9) - index <= int(rate)


@given(st.floats(0.2, 0.99), st.integers(2, 20))
def test_a_fraction_is_kept_over_longer_times(rate, many):
    times = turns(rate, [0.0] * many, 0)
    assert times[-1] - times[0] >= (many - 1) / rate


@pytest.mark.parametrize("rate", [1, 25, 200])
def test_undisturbed_it_is_within_two_per_cent_of_the_rate(rate):
    assert 0.98 * rate < reached(turns(rate, [0.0] * rate * 10, 0.001 / rate)) < rate


@pytest.mark.parametrize("rate", [25, 200])
@pytest.mark.parametrize("stall", [0.01, 0.03, 0.1])
def test_a_stall_each_second_is_made_up_for(rate, stall):
    delays = [stall if number % rate == rate // 2 else 0.0 for number in range(rate * 20)]
    assert 0.98 * rate < reached(turns(rate, delays, 0)) < rate


def gaps(times):
    """Seconds between one turn and the next, in tenths of a second as long as ten turns take one."""
    return [round((later - earlier) / (1 + MARGIN), 2) for earlier, later in pairwise(times)]


def test_turns_come_evenly():
    assert gaps(turns(10, [0.0] * 25, 0)) == [0.1] * 24


def test_a_late_turn_is_made_up_for_at_once():
    assert gaps(turns(10, [0, 0, 0.09, 0, 0], 0)) == [0.1] * 4
    assert gaps(turns(10, [0, 0, 0.15, 0, 0, 0], 0)) == [0.1, 0.15, 0.05, 0.1, 0.1]
    assert gaps(turns(20, [0, 0, 0.15, 0, 0, 0], 0)) == [0.05, 0.15, 0.0, 0.0, 0.05]


def test_what_nobody_has_asked_for_is_not_made_up_for():
    assert gaps(turns(10, [0, 60 * (1 + MARGIN), 0, 0], 0)) == [60, 0.1, 0.1]


async def test_how_many_turns_come_soon():
    clock = Clock()
    pace = clock.pace(200)
    assert pace.many(0.1) == 19
    await pace.turn()
    assert pace.many(0.1) == 18
    clock.now += 0.1
    assert pace.many(0.1) == 38
    clock.now += 60
    assert pace.many(0.1) == 19
    assert pace.many(0.001) == 1


def test_people_rest_for_a_second_and_chats_for_three():
    clock = Clock()
    pace = clock.pace(25)
    pace.wrote_to(7)
    pace.wrote_to(-7)
    clock.now = 0.5
    pace.wrote_to(8)
    assert (pace.rests(7), pace.rests(-7), pace.rests(9), pace.rests(-9)) == (0.5, 2.5, 0, 0)
    assert set(pace.resting()) == {7, 8, -7}
    clock.now = 1.0
    assert set(pace.resting()) == {8, -7}
    clock.now = 3.0
    assert set(pace.resting()) == set()


async def test_in_a_pause_there_is_no_turn():
    clock = Clock()
    pace = clock.pace(25)
    pace.pause(3)
    assert pace.paused
    assert not await pace.turn()
    await pace.ready()
    assert clock.now == 3
    assert not pace.paused
    assert await pace.turn()


async def test_whom_the_sender_before_wrote_to_rests_too():
    pace = Clock().pace(25)
    pace.follow(-0.25)
    assert pace.left == pytest.approx(0.75 + MARGIN)
    assert (pace.rests(7), pace.rests(-7)) == (0, 2.75)


async def test_a_sender_goes_on_behind_the_one_before():
    clock = Clock()
    pace = clock.pace(0.5)
    pace.follow(-0.5)
    await pace.turn()
    assert clock.now == pytest.approx(1.5 + MARGIN)
    left = pace.left
    pace.follow(-1000)
    assert pace.left == left == pytest.approx(2 + MARGIN)


@given(st.integers(1, 40), st.lists(LATE, min_size=1, max_size=60), st.integers(0, 60))
def test_a_change_of_hands_does_not_make_more_of_a_second(rate, delays, after):
    """Two senders on one clock; the second knows only when the first one's last turn was."""
    clock = Clock()
    first, second = clock.pace(rate), clock.pace(rate)
    times = []

    async def take():
        for number, delay in enumerate(delays):
            pace = first if number < after else second
            if number == after and times:
                second.follow(times[-1] - clock.now)
            clock.now += delay
            await pace.turn()
            times.append(clock.now)

    asyncio.run(take())
    for index, start in enumerate(times):
        assert bisect_left(times, start + 1) - index <= rate
