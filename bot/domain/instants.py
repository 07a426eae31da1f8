"""Instants as they are kept, integer UTC microseconds, and the local times that people mean by them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

SECOND = 1_000_000  # microseconds
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86_400 * SECOND
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(instant: datetime) -> int:
    """UTC microseconds since 1970 of an aware datetime, exact."""
    return (instant - EPOCH) // timedelta(microseconds=1)


def moment(instant: int, zone: str = "UTC") -> datetime:
    """The aware local datetime in an IANA zone of UTC microseconds."""
    return (EPOCH + timedelta(microseconds=instant)).astimezone(ZoneInfo(zone))


def local(wall: datetime, zone: str) -> int:
    """UTC microseconds of a time on the clocks of a zone (naive `wall`).

    A time that comes twice is the later one, a time that the clocks skip one hour on.
    """
    clock = ZoneInfo(zone)
    later = wall.replace(tzinfo=clock, fold=1).astimezone(UTC)
    earlier = wall.replace(tzinfo=clock, fold=0).astimezone(UTC)
    return microseconds(max(later, earlier))
