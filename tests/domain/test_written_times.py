"""Dates and times as coordinators type them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.instants import microseconds
from bot.domain.written_times import Written, written_time

BERLIN = "Europe/Berlin"
NOW = microseconds(datetime(2026, 11, 25, 10, 0, tzinfo=UTC))  # 11:00 in Germany
THURSDAY = microseconds(datetime(2026, 12, 3, 9, 0, tzinfo=UTC))  # 10:00 in Germany


@pytest.mark.parametrize(
    "text",
    [
        "3.12.2026 10:00",
        "03.12.2026, 10:00 Uhr",
        "3. 12. 2026 um 10.00 Uhr",
        "Donnerstag, 3.12.2026, 10 Uhr",
        "Do 3.12.26 10:00",
        "2026-12-03 10:00",
        "2026-12-03T10:00",
        "10:00 3.12.2026",
        "четвер, 3.12.2026 о 10:00",
        "الخميس ٣.١٢.٢٠٢٦ ١٠:٠٠",
    ],
)
def test_a_start_is_read_as_it_is_usually_written(text):
    assert written_time(text, BERLIN, NOW) == Written(THURSDAY, None)


def test_a_length_may_follow_or_stand_alone():
    assert written_time("3.12.2026 10:00, 120 Minuten", BERLIN, NOW) == Written(THURSDAY, 120)
    assert written_time("90 min", BERLIN, NOW) == Written(None, 90)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("morgen um zehn", "date"),
        ("3.12. 10:00", "date"),
        ("3.12.2026 10:00 oder 4.12.2026 10:00", "date"),
        ("3.12.2026 10:00 50", "date"),
        ("12/3/2026 10:00", "date"),
        ("", "date"),
        ("3" * 5000, "date"),
        ("3.12.2026", "hour"),
        ("31.11.2026 10:00", "day"),
        ("3.13.2026 10:00", "day"),
        ("3.12.2026 24:00", "day"),
        ("3.12.2026 10:60", "day"),
        ("0000-01-01 10:00", "day"),
        ("25.11.2026 11:00", "past"),
        ("24.11.2026 18:00", "past"),
        ("0001-01-01 00:00", "past"),
        ("3.12.2036 10:00", "far"),
        ("9999-12-31 23:59", "far"),
    ],
)
def test_what_cannot_be_meant_is_named(text, wrong):
    assert written_time(text, BERLIN, NOW) == wrong


def test_the_clocks_of_the_zone_count():
    assert written_time("3.12.2026 10:00", "Europe/Kyiv", NOW) == Written(THURSDAY - 3_600_000_000, None)


def test_a_time_that_the_clocks_skip_is_an_hour_on():
    skipped = microseconds(datetime(2027, 3, 28, 1, 30, tzinfo=UTC))  # 3:30 on the clocks of that night
    assert written_time("28.3.2027 2:30", BERLIN, NOW) == Written(skipped, None)


def test_a_time_that_comes_twice_is_the_later_one():
    later = microseconds(datetime(2027, 10, 31, 1, 30, tzinfo=UTC))
    assert written_time("31.10.2027 2:30", BERLIN, NOW) == Written(later, None)


@given(st.text(max_size=150))
def test_anything_at_all_is_read_or_named(text):
    found = written_time(text, BERLIN, NOW)
    assert found in {"date", "hour", "day", "past", "far"} or found.starts is None or found.starts > NOW


@given(st.datetimes(datetime(2026, 12, 1), datetime(2029, 6, 1)))  # noqa: DTZ001 - on the clocks
def test_a_time_written_in_either_way_is_the_same(wall):
    german = written_time(f"{wall.day}.{wall.month}.{wall.year} {wall:%H:%M}", BERLIN, NOW)
    assert german == written_time(f"{wall:%Y-%m-%d %H:%M}", BERLIN, NOW)
    assert isinstance(german, Written)
