"""Thirty messages in any minute, for each person by themselves."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.flood import MESSAGES, PEOPLE, SECONDS, Flood

steps = st.lists(st.tuples(st.integers(1, 2), st.sampled_from([0, 0, 0, 1, 2, 29])), min_size=40, max_size=150)


def test_the_thirty_first_message_of_a_minute_is_one_too_many():
    flood = Flood()
    assert [flood.too_many(1, 100 + n) for n in range(31)] == [False] * 30 + [True]


def test_a_minute_after_the_first_one_may_write_again():
    flood = Flood()
    refused = [flood.too_many(1, 100) for _ in range(31)]
    assert refused[-1]
    assert flood.too_many(1, 159)
    assert not flood.too_many(1, 160)


@given(steps)
def test_counts_as_a_plain_list_of_all_messages_does(steps):
    flood, taken, now = Flood(), [], 1000
    for person, pause in steps:
        now += pause
        last_minute = [at for who, at in taken if who == person and at > now - SECONDS]
        expected = len(last_minute) >= MESSAGES
        assert flood.too_many(person, now) is expected
        if not expected:
            taken.append((person, now))


@given(st.lists(st.integers(0, 10_000), max_size=MESSAGES))
def test_thirty_messages_in_whatever_order_are_never_too_many(times):
    flood = Flood()
    assert not any(flood.too_many(1, at) for at in times)


def test_the_longest_silent_are_forgotten_first():
    flood = Flood()
    for _ in range(MESSAGES):
        flood.too_many(1, 100)
        flood.too_many(2, 100)
    flood.too_many(1, 100)
    for person in range(3, PEOPLE + 2):
        flood.too_many(person, 100)
    assert flood.too_many(1, 100)
    assert not flood.too_many(2, 100)
