"""How long an offered seat is kept: by working time, so that nobody loses one over a weekend."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.instants import microseconds, moment
from bot.domain.programme import GIVEN_AT_ONCE
from bot.domain.working_days import IsHoliday, is_working_day


def at_once(now: int, starts: int) -> bool:
    """Whether a seat that is free at `now` is given instead of offered, so near is the start; UTC microseconds."""
    return starts - now < GIVEN_AT_ONCE


def offer_end(now: int, length: int, starts: int, zone: str, is_holiday: IsHoliday) -> int:
    """Until when a seat offered at `now` is kept, in UTC microseconds; never beyond the start.

    Args:
        now: UTC microseconds.
        length: Microseconds of working days: all 24 hours of Monday to Friday, but nothing of public holidays.
        starts: The start of the session, UTC microseconds.
        zone: The IANA zone in which days begin and end.
        is_holiday: Whether a local date is a public holiday.
    """
    left = length
    while now < starts:
        day = moment(now, zone).date()
        following = _begins(day + timedelta(days=1), zone)
        if is_working_day(day, is_holiday):
            if now + left <= following:
                return min(now + left, starts)
            left -= following - now
        now = following
    return starts


def _begins(day: date, zone: str) -> int:
    """The first instant of a local date, also where clocks change at midnight."""
    return microseconds(datetime.combine(day, time(), ZoneInfo(zone)))
