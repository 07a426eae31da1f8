"""Working days: Monday to Friday, without public holidays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

SATURDAY = 5
IsHoliday = Callable[[date], bool]  # whether a local date is a public holiday


def is_working_day(day: date, is_holiday: IsHoliday) -> bool:
    """Whether a local date is a working day."""
    return day.weekday() < SATURDAY and not is_holiday(day)


def first_working_day(day: date, is_holiday: IsHoliday) -> date:
    """The first working day in the month of a local date."""
    first = day.replace(day=1)
    while not is_working_day(first, is_holiday):
        first += timedelta(days=1)
    return first
