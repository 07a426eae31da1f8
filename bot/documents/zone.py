"""A time zone as calendar programs want it described: two rules a year.

icalendar can describe zones as well, but by lists of dates, which Outlook ignores ([MS-STANOICAL] 2.2.47: it reads
DTSTART, RRULE and the offsets only), and with starts in the new offset, where RFC 5545 (3.6.5) wants the old one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


class Change(NamedTuple):
    """A change of the clocks: at `wall` by the clocks before it, from one offset to another."""

    wall: datetime
    before: timedelta
    after: timedelta
    summer: bool
    name: str

    @property
    def rule(self) -> tuple[int, int, int, time]:
        """When it comes each year: month, weekday, which one of the month (-1 for the last), and time of day."""
        last = (self.wall + 7 * DAY).month != self.wall.month
        count = -1 if last else (self.wall.day - 1) // 7 + 1
        return self.wall.month, self.wall.weekday(), count, self.wall.time()

    @property
    def first(self) -> datetime:
        """When it would have come in 1970: every file describes a zone alike, for programs that keep the first."""
        month, weekday, count, clock = self.rule
        days = [date(1970, month, 1) + n * DAY for n in range(31)]
        fitting = [day for day in days if day.month == month and day.weekday() == weekday]
        return datetime.combine(fitting[count if count < 0 else count - 1], clock)


@lru_cache(maxsize=64)
def timezone(zone: str, first: int, last: int) -> Timezone | None:
    """The VTIMEZONE of an IANA zone for the years from `first` to `last`.

    None for a zone whose clocks do not change by the same rules in all these years: its times are written in UTC.
    """
    years = [_changes(zone, year) for year in range(first - 1, last + 1)]  # the year before rules until the spring
    if len(years[0]) not in {0, 2} or any([c.rule for c in year] != [c.rule for c in years[0]] for year in years):
        return None
    described = Timezone()
    described.add("tzid", zone)
    for change in years[0] or [_none(zone, first)]:
        part = TimezoneDaylight() if change.summer else TimezoneStandard()
        part.add("dtstart", change.first if years[0] else change.wall)
        if years[0]:
            month, weekday, count, _ = change.rule
            part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": f"{count}{WEEKDAYS[weekday]}"})
        part.add("tzname", change.name)
        part.add("tzoffsetfrom", change.before)
        part.add("tzoffsetto", change.after)
        described.add_component(part)
    return described


def _changes(zone: str, year: int) -> list[Change]:
    """The changes of the clocks in a year, in order."""
    clock, found = ZoneInfo(zone), []
    start = datetime(year, 1, 1, tzinfo=UTC)
    while start.year == year:
        if _offset(start, clock) != _offset(start + DAY, clock):
            found.append(_change(start, clock))
        start += DAY
    return found


def _change(start: datetime, clock: ZoneInfo) -> Change:
    """The one change in the 24 hours after `start`, found by halving."""
    low, high, before = start, start + DAY, _offset(start, clock)
    while high - low > SECOND:
        middle = low + (high - low) // 2
        low, high = (middle, high) if _offset(middle, clock) == before else (low, middle)
    new = high.replace(microsecond=0).astimezone(clock)
    wall = (high.replace(microsecond=0) + before).replace(tzinfo=None)
    return Change(wall, before, _offset(high, clock), bool(new.dst()), new.tzname() or "")


def _none(zone: str, year: int) -> Change:
    """A zone without changes, described as one into the offset that it has."""
    here = datetime(year, 1, 1, tzinfo=ZoneInfo(zone))
    offset = here.utcoffset() or timedelta()
    return Change(datetime(1970, 1, 1), offset, offset, summer=False, name=here.tzname() or "")  # noqa: DTZ001 - local


def _offset(instant: datetime, clock: ZoneInfo) -> timedelta:
    return instant.astimezone(clock).utcoffset() or timedelta()
