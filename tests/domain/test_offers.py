"""How long an offered seat is kept: working days only, also over Christmas and on the nights when clocks change."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.instants import DAY, HOUR, MINUTE, SECOND, local, microseconds, moment
from bot.domain.offers import at_once, offer_end

BERLIN = "Europe/Berlin"
CHRISTMAS = {date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1), date(2027, 1, 6)}
FAR = 10**18  # a start that does not matter


def never(_):
    return False


def berlin(written):
    """UTC microseconds of a time on German clocks."""
    return local(datetime.fromisoformat(written), BERLIN)


def kept(now, hours, starts="2099-01-01 00:00", is_holiday=CHRISTMAS.__contains__):
    """Until when, on German clocks."""
    end = offer_end(berlin(now), hours * HOUR, berlin(starts), BERLIN, is_holiday)
    return moment(end, BERLIN).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("now", "hours", "end"),
    [
        ("2026-11-25 13:30", 24, "2026-11-26 13:30"),  # Wednesday
        ("2026-11-25 13:30", 1, "2026-11-25 14:30"),
        ("2026-11-27 13:30", 24, "2026-11-30 13:30"),  # Friday to Monday
        ("2026-11-27 13:30", 10, "2026-11-27 23:30"),
        ("2026-11-27 13:30", 48, "2026-12-01 13:30"),
        ("2026-11-28 09:00", 24, "2026-12-01 00:00"),  # Saturday: from Monday, midnight, all of it
        ("2026-11-29 23:59", 1, "2026-11-30 01:00"),
        ("2026-12-24 10:00", 24, "2026-12-28 10:00"),  # Thursday; Christmas, then the weekend
        ("2026-12-23 10:00", 48, "2026-12-28 10:00"),
        ("2026-12-31 12:00", 24, "2027-01-04 12:00"),  # New Year's Day is a Friday
        ("2027-01-05 12:00", 24, "2027-01-07 12:00"),  # Epiphany, a Wednesday
        ("2027-01-06 12:00", 24, "2027-01-08 00:00"),
    ],
)
def test_only_working_days_count(now, hours, end):
    assert kept(now, hours) == end


def test_an_offer_that_ends_with_the_working_day_ends_at_midnight():
    assert kept("2026-11-27 00:00", 24) == "2026-11-28 00:00"


def test_it_ends_with_the_start_at_the_latest():
    assert kept("2026-11-27 13:30", 24, starts="2026-11-30 10:00") == "2026-11-30 10:00"
    assert kept("2026-11-27 13:30", 24, starts="2026-11-29 10:00") == "2026-11-29 10:00"
    assert kept("2026-11-27 13:30", 24, starts="2026-11-30 13:30") == "2026-11-30 13:30"


def test_days_are_those_of_the_sessions_zone():
    friday_evening = microseconds(datetime(2026, 11, 27, 22, 0, tzinfo=ZoneInfo("UTC")))  # 23:00 in Berlin
    two_hours = {zone: offer_end(friday_evening, 2 * HOUR, FAR, zone, never) for zone in ("UTC", BERLIN)}
    assert two_hours["UTC"] == friday_evening + 2 * HOUR
    assert moment(two_hours[BERLIN], BERLIN).strftime("%a %H:%M") == "Mon 01:00"


def test_clocks_change_on_sundays_here_and_cost_nobody_an_hour():
    assert kept("2026-03-27 13:30", 24) == "2026-03-30 13:30"
    assert kept("2026-10-23 13:30", 24) == "2026-10-26 13:30"


def test_where_a_working_day_has_23_or_25_hours_only_real_ones_count():
    def cairo(written):  # clocks change there in the night to Friday, in spring at midnight
        return local(datetime.fromisoformat(written), "Africa/Cairo")

    spring = offer_end(cairo("2026-04-23 12:00"), 24 * HOUR, FAR, "Africa/Cairo", never)
    assert moment(spring, "Africa/Cairo").strftime("%Y-%m-%d %H:%M") == "2026-04-24 13:00"
    autumn = offer_end(cairo("2026-10-29 12:00"), 24 * HOUR, FAR, "Africa/Cairo", never)
    assert moment(autumn, "Africa/Cairo").strftime("%Y-%m-%d %H:%M") == "2026-10-30 11:00"


def test_when_every_day_is_a_holiday_it_is_kept_to_the_start():
    starts = berlin("2027-03-01 10:00")
    assert offer_end(berlin("2026-11-25 13:30"), 1, starts, BERLIN, lambda _: True) == starts


def test_a_seat_is_given_at_once_under_24_hours_before():
    starts = berlin("2026-12-10 10:00")
    assert not at_once(starts - DAY, starts)
    assert at_once(starts - DAY + 1, starts)


instants = st.integers(berlin("2024-01-01 00:00"), berlin("2031-01-01 00:00"))
lengths = st.integers(1, 10 * DAY)
zones = st.sampled_from([BERLIN, "UTC", "Africa/Cairo", "America/Havana", "Asia/Kathmandu", "Pacific/Apia"])
holidays = st.frozensets(st.dates(date(2024, 1, 1), date(2031, 2, 1)), max_size=300)


def working(now, end, zone, is_holiday):
    """The working time from `now` to `end`, found by looking at every quarter of an hour of the calendar."""
    step, total = 15 * MINUTE, 0
    while now < end:
        following = min(end, now - now % step + step)
        day = moment(now, zone).date()
        if day.weekday() < 5 and not is_holiday(day):
            total += following - now
        now = following
    return total


@given(instants, lengths, zones, holidays)
def test_exactly_the_length_of_working_time_passes(now, length, zone, days):
    end = offer_end(now, length, FAR, zone, days.__contains__)
    assert end > now
    assert working(now, end, zone, days.__contains__) == length


@given(instants, lengths, st.integers(1, 30 * DAY), zones, holidays)
def test_the_start_only_cuts_it_short(now, length, until, zone, days):
    whole = offer_end(now, length, FAR, zone, days.__contains__)
    assert offer_end(now, length, now + until, zone, days.__contains__) == min(whole, now + until)


@given(instants, lengths, st.integers(0, 5 * DAY), zones, holidays)
def test_who_is_offered_a_seat_later_keeps_it_as_long_or_longer(now, length, later, zone, days):
    first = offer_end(now, length, FAR, zone, days.__contains__)
    assert first <= offer_end(now + later, length, FAR, zone, days.__contains__)


@given(instants, lengths)
def test_a_free_day_never_ends_an_offer_sooner(now, length):
    day = moment(now, BERLIN).date() + timedelta(days=1)
    assume(day.weekday() < 5)
    plain = offer_end(now, length, FAR, BERLIN, never)
    assert plain <= offer_end(now, length, FAR, BERLIN, {day}.__contains__)
    assert offer_end(now, SECOND, now, BERLIN, never) == now
