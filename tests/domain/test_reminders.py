"""Rules for reminders: as they are written, and when they are due on both nights on which clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.instants import DAY, HOUR, MINUTE, SECOND, microseconds, moment
from bot.domain.reminders import due, nearest, normalise, rules, span

BERLIN = "Europe/Berlin"
ZONES = st.sampled_from([BERLIN, "Europe/London", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "UTC"])
STARTS = st.integers(1_577_836_800, 2_051_222_400).map(lambda second: second * SECOND)  # from 2020 to 2035
RULES = st.builds("{}{}".format, st.integers(1, 40), st.sampled_from("smhd"))


def berlin(text: str) -> int:
    """UTC microseconds of a German local time; of the second of two after `fold`."""
    wall, fold, _ = text.partition(" fold")
    return microseconds(datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(BERLIN), fold=1 if fold else 0))


@pytest.mark.parametrize(
    ("text", "expected"), [("30s", 30 * SECOND), ("90m", 90 * MINUTE), (" 24h ", 24 * HOUR), ("366d", 366 * DAY)]
)
def test_spans(text, expected):
    assert span(text) == expected


@pytest.mark.parametrize(
    "text", ["", "7", "d", "0d", "-1d", "1.5h", "7 d", "7D", "1w", "367d", "٧d", "9999999999s", "1h\n2"]
)
def test_what_is_no_span(text):
    with pytest.raises(ValueError, match=r"^takes whole numbers with d, h, m or s, one year at most, not: "):
        span(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7d,1d,1h", "7d,1d,1h"),
        (" 1h, 7d ,1d,", "7d,1d,1h"),
        ("1h,1h", "1h"),
        ("24h,1d,90m", "24h,1d,90m"),
        ("", ""),
        (" , ", ""),
    ],
)
def test_rules_are_kept_once_the_longest_first(text, expected):
    assert normalise(text) == expected


def test_ten_rules_are_the_most():
    ten = [f"{number}h" for number in range(10, 0, -1)]
    assert rules(",".join(ten)) == tuple(ten)
    with pytest.raises(ValueError, match=r"^has more than 10 parts$"):
        rules(",".join([*ten, "1d"]))


@given(st.lists(RULES, max_size=10))
def test_what_was_normalised_stays_as_it_is(given_rules):
    kept = normalise(",".join(given_rules))
    assert normalise(kept) == kept
    assert set(rules(kept)) == set(given_rules)


@pytest.mark.parametrize(
    ("start", "rule", "expected"),
    [
        # Clocks go back at 03:00 on 25 October 2026: that day has 25 hours.
        ("2026-10-25 10:00", "1d", "2026-10-24 10:00"),
        ("2026-10-25 10:00", "24h", "2026-10-24 11:00"),
        ("2026-10-25 10:00", "7d", "2026-10-18 10:00"),
        ("2026-10-25 03:30", "1h", "2026-10-25 02:30 fold"),
        ("2026-10-25 03:30", "2h", "2026-10-25 02:30"),
        ("2026-10-26 02:30", "1d", "2026-10-25 02:30 fold"),  # comes twice: the later one
        ("2026-11-01 02:30", "7d", "2026-10-25 02:30 fold"),
        ("2026-10-25 02:30", "1h", "2026-10-25 01:30"),
        ("2026-10-25 02:30 fold", "1h", "2026-10-25 02:30"),
        ("2026-10-25 02:30 fold", "1d", "2026-10-24 02:30"),
        # They go forward at 02:00 on 28 March 2027: that day has 23 hours.
        ("2027-03-28 10:00", "1d", "2027-03-27 10:00"),
        ("2027-03-28 10:00", "24h", "2027-03-27 09:00"),
        ("2027-04-03 10:00", "7d", "2027-03-27 10:00"),
        ("2027-03-28 03:30", "1h", "2027-03-28 01:30"),
        ("2027-03-29 02:30", "1d", "2027-03-28 03:30"),  # is skipped: one hour on
        ("2027-04-04 02:30", "7d", "2027-03-28 03:30"),
        ("2027-03-28 03:30", "1d", "2027-03-27 03:30"),
    ],
)
def test_when_clocks_change(start, rule, expected):
    assert moment(due(berlin(start), BERLIN, rule)) == moment(berlin(expected))


@given(STARTS, ZONES, st.integers(1, 40))
def test_a_rule_by_hours_is_elapsed_time_in_every_zone(start, zone, hours):
    assert start - due(start, zone, f"{hours}h") == hours * HOUR


@given(STARTS, ZONES, st.integers(1, 40))
def test_a_rule_by_days_is_the_same_time_on_an_earlier_day(start, zone, days):
    local, then = moment(start, zone), moment(due(start, zone, f"{days}d"), zone)
    assert due(start, zone, f"{days}d") < start
    wall = (local - timedelta(days=days)).replace(tzinfo=None)
    if then.replace(tzinfo=None) != wall:  # the clocks skipped it
        assert (
            wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall
        )


@given(STARTS, ZONES, st.lists(RULES, max_size=6), st.integers(0, 50), st.integers(0, 50))
def test_of_several_missed_ones_only_the_nearest(start, zone, kept, before, length):
    after = start - before * DAY
    until = after + length * HOUR
    found = nearest(start, zone, kept, after, until)
    times = [due(start, zone, rule) for rule in kept]
    missed = [time for time in times if after < time <= until]
    assert found is None if not missed else found[1] == max(missed)
    assert found is None or due(start, zone, found[0]) == found[1]
