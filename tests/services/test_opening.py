"""Open or closed: hours as offices write them, Bavarian holidays, and both nights on which clocks are changed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.knowledge import Contact
from bot.services.opening import GERMANY, Opening, open_first, opening

MORNINGS = "Mo-Fr 08:00-12:00"


def at(day, time="10:00", fold=0):
    """A moment on German clocks, given in UTC as the bot does."""
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=GERMANY, fold=fold).astimezone(UTC)


def office(hours, name="office"):
    return Contact(name, name, hours=hours)


def state(hours, now):
    """Open or closed, and until when on German clocks."""
    found = opening(office(hours), now)
    if found is None:
        return None
    return ("open" if found.open else "closed", found.change and found.change.strftime("%Y-%m-%d %H:%M"))


@pytest.mark.parametrize(
    ("hours", "now", "expected"),
    [
        (MORNINGS, at("2026-11-25", "08:00"), ("open", "2026-11-25 12:00")),
        (MORNINGS, at("2026-11-25", "11:59"), ("open", "2026-11-25 12:00")),
        (MORNINGS, at("2026-11-25", "12:00"), ("closed", "2026-11-26 08:00")),
        (MORNINGS, at("2026-11-27", "13:00"), ("closed", "2026-11-30 08:00")),
        ("Mo-Fr 08:00-12:00,13:00-16:00", at("2026-11-25", "12:30"), ("closed", "2026-11-25 13:00")),
        ("Fr 22:00-02:00", at("2026-11-28", "01:00"), ("open", "2026-11-28 02:00")),
        ("24/7", at("2026-11-25"), ("open", None)),
        ("off", at("2026-11-25"), ("closed", None)),
        ("2025 Mo-Fr 08:00-12:00", at("2026-11-25"), ("closed", None)),
        ("", at("2026-11-25"), None),
        ("on weekdays, mostly", at("2026-11-25"), None),
    ],
)
def test_the_hours_say_whether_it_is_open_and_until_when(hours, now, expected):
    assert state(hours, now) == expected


@pytest.mark.parametrize(
    ("hours", "now", "expected"),
    [
        # Epiphany (a Wednesday in 2027) is a holiday in Bavaria, not in all of Germany
        (MORNINGS, at("2027-01-06"), ("closed", "2027-01-07 08:00")),
        # the evening before: it does not open on the holiday
        (MORNINGS, at("2027-01-05", "18:00"), ("closed", "2027-01-07 08:00")),
        # Good Friday, a weekend and Easter Monday in a row
        (MORNINGS, at("2027-03-25", "13:00"), ("closed", "2027-03-30 08:00")),
        (MORNINGS, at("2027-03-26"), ("closed", "2027-03-30 08:00")),
        ("Mo-Su 00:00-24:00", at("2026-12-24", "20:00"), ("open", "2026-12-25 00:00")),
        ("Mo-Su 00:00-24:00", at("2026-12-25", "20:00"), ("closed", "2026-12-27 00:00")),
        ("24/7", at("2026-12-25"), ("open", None)),
        ("Mo-Su,PH 10:00-18:00", at("2026-12-25", "11:00"), ("open", "2026-12-25 18:00")),
        ("Mo-Fr 08:00-12:00; PH off", at("2026-12-25"), ("closed", "2026-12-28 08:00")),
        # Reformation Day is one in other parts of Germany only
        (MORNINGS, at("2025-10-31"), ("open", "2025-10-31 12:00")),
    ],
)
def test_bavarian_holidays_close_what_does_not_name_them(hours, now, expected):
    assert state(hours, now) == expected


def test_the_night_in_which_an_hour_is_missing():
    assert state("Mo-Su 22:00-02:30", at("2027-03-28", "01:59")) == ("open", "2027-03-28 03:30")
    assert state("Mo-Su 22:00-02:30", at("2027-03-28", "03:00")) == ("closed", "2027-03-28 22:00")


def test_the_night_in_which_an_hour_comes_twice():
    hours = office("Sa,Su 22:00-02:30")
    first, second = (opening(hours, at("2026-10-25", "02:15", fold)) for fold in (0, 1))
    assert first.open
    assert second.open
    assert first.change.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert second.change.astimezone(UTC) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_the_reader_may_be_in_any_zone():
    berlin = at("2026-11-25", "11:30")
    assert opening(office(MORNINGS), berlin.astimezone(GERMANY)) == opening(office(MORNINGS), berlin)


@settings(deadline=None)  # the holidays of a year take a moment when they are first needed
@given(
    st.sampled_from([MORNINGS, "Mo-Su 22:00-02:30", "Mo-Su 00:00-24:00", "Sa 01:00-03:00", "Apr-Jun 10:00-12:00"]),
    st.integers(0, 2 * 365 * 24 * 60).map(
        lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
)
def test_a_change_always_lies_ahead_and_changes_something(hours, now):
    found = opening(office(hours), now)
    assert found.change > now
    assert opening(office(hours), found.change).open is not found.open


def test_closed_ones_come_last_in_the_order_given_and_unknown_hours_count_as_open():
    offices = [
        office(MORNINGS, "a"),
        office("24/7", "b"),
        office("", "c"),
        office("Sa 10:00-12:00", "d"),
        office("", "e"),
    ]
    assert [one.id for one in open_first(offices, at("2026-11-25", "20:00"))] == ["b", "c", "e", "a", "d"]
    assert [one.id for one in open_first(offices, at("2026-11-25", "09:00"))] == ["a", "b", "c", "e", "d"]
    assert open_first([], at("2026-11-25")) == []


def test_what_never_changes_has_no_change():
    assert opening(office("24/7"), at("2026-11-25")) == Opening(open=True, change=None)
