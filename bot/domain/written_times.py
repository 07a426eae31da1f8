"""Dates and times as people type them: "3.12.2026 10:00", "Do 03.12.2026, 10 Uhr", "2026-12-03 10:00, 120 minutes"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.domain.instants import local, moment

LONGEST = 100  # characters; no date is longer
FURTHEST = timedelta(days=3 * 366)  # a session is not planned longer before; a later year is a slip of the hand
CENTURY = 2000  # of a year with two digits

Unread = Literal["date", "hour", "day", "skipped", "past", "far"]

ISO = re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)")
GERMAN = re.compile(r"(?<!\d)(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4}|\d{2})(?!\d)")
LENGTH = re.compile(r"(?<![\d.:])(?P<minutes>\d{1,4})\s*(?:min\w*|dak\w*|хв\w*|мин\w*|دقيقة|دقیقه)", re.IGNORECASE)
CLOCK = re.compile(r"(?<!\d)(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?![\d.:])")
HOUR = re.compile(r"(?<!\d)(?P<hour>\d{1,2})\s*(?:uhr|h)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: a start in UTC microseconds, a length in minutes, or both; None for what was not."""

    starts: int | None
    minutes: int | None


def written_time(text: str, zone: str, now: int, *, strict: bool = False) -> Written | Unread:
    """The start, the length, or both, of a session.

    Words beside them, such as the weekday, are passed over; another number is not.

    Args:
        text: What was typed, by the clocks of the zone.
        zone: An IANA zone.
        now: UTC microseconds; a start must be later.
        strict: Whether a time that the clocks skip is refused; else it is one hour on.

    Returns:
        What was written; or what is wrong: no "date" that can be read, no "hour" with it, no such "day" or time in
        the calendar, a time that is "skipped", a start in the "past" or too "far" ahead.
    """
    if len(text) > LONGEST:
        return "date"
    rest, length = _cut(LENGTH, text)
    minutes = int(length["minutes"]) if length else None
    rest, day = _cut(ISO, rest.replace("T", " "))
    if day is None:
        rest, day = _cut(GERMAN, rest)
    if day is None:
        readable = length is not None and not any(map(str.isdecimal, rest))
        return Written(None, minutes) if readable else "date"
    rest, clock = _cut(CLOCK, rest)
    if clock is None:
        rest, clock = _cut(HOUR, rest)
    if any(map(str.isdecimal, rest)):
        return "date"
    if clock is None:
        return "hour"
    starts = _start(day, clock, zone, now, strict=strict)
    return starts if isinstance(starts, str) else Written(starts, minutes)


def _start(day: dict[str, str], clock: dict[str, str], zone: str, now: int, *, strict: bool) -> int | Unread:
    year = int(day["year"])
    try:
        wall = datetime(  # noqa: DTZ001 - a time on the clocks of the zone
            year if len(day["year"]) > 2 else CENTURY + year,  # noqa: PLR2004 - two digits
            int(day["month"]),
            int(day["day"]),
            int(clock["hour"]),
            int(clock.get("minute") or 0),
        )
    except ValueError:
        return "day"
    present = moment(now, zone).replace(tzinfo=None)
    if wall > present + FURTHEST:
        return "far"
    if wall < present - timedelta(days=1):  # surely, whatever the zone
        return "past"
    starts = local(wall, zone)
    if strict and moment(starts, zone).replace(tzinfo=None) != wall:
        return "skipped"
    return starts if starts > now else "past"


def _cut(pattern: re.Pattern[str], text: str) -> tuple[str, dict[str, str] | None]:
    """The text without the first match, and the match's parts."""
    match = pattern.search(text)
    return (text, None) if match is None else (f"{text[: match.start()]} {text[match.end() :]}", match.groupdict())
