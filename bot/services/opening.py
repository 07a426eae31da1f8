"""Whether an office is open, from its OpenStreetMap opening hours and Bavarian public holidays."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.knowledge import Contact
from bot.services.holidays import is_holiday, of_year

GERMANY = ZoneInfo("Europe/Berlin")  # opening hours in the knowledge are German local time
ALWAYS = "24/7"
ON_HOLIDAYS = re.compile(r"\bPH\b(?! *(off|closed))")  # the hours name public holidays as days of work
HORIZON = timedelta(days=370)  # who does not open or close within a year is taken to stay as they are


@dataclass(frozen=True, slots=True)
class Opening:
    """`open` now; `change` is when that ends or begins (German time), None when it never changes."""

    open: bool
    change: datetime | None


def opening(contact: Contact, now: datetime) -> Opening | None:
    """Whether the contact is open at `now` (any zone); None where its hours are not known.

    On Bavarian public holidays everything is closed but what is open day and night, or names holidays (PH) itself.
    """
    hours = _hours(contact.hours)
    if hours is None:
        return None
    if contact.hours == ALWAYS:
        return Opening(open=True, change=None)
    closes = not ON_HOLIDAYS.search(contact.hours)
    local = now.astimezone(GERMANY)
    wall = local.replace(tzinfo=None)
    state = _open(hours, wall, closes)
    change = _change(hours, wall, closes)
    return Opening(state, change and _after(change, local))


def open_first(contacts: Sequence[Contact], now: datetime) -> list[Contact]:
    """Contacts with those that are closed now at the end, otherwise in the order given."""

    def closed(contact: Contact) -> bool:
        state = opening(contact, now)
        return state is not None and not state.open

    return sorted(contacts, key=closed)


def _open(hours: Any, wall: datetime, closes: bool) -> bool:  # noqa: FBT001 - whether holidays close it
    return bool(hours.is_open(wall)) and not (closes and is_holiday(wall.date()))


def _change(hours: Any, wall: datetime, closes: bool) -> datetime | None:  # noqa: FBT001 - as above
    """When it next opens or closes; looked at wherever the hours change, and where holidays begin and end."""
    state, moment = _open(hours, wall, closes), wall
    while moment < wall + HORIZON:
        changes = [hours.next_change(moment), _edge(moment) if closes else None]
        following = min((change for change in changes if change), default=None)
        if following is None or _open(hours, following, closes) != state:
            return following
        moment = following
    return None


def _edge(moment: datetime) -> datetime:
    """The next midnight at which a holiday begins or ends."""
    days = (*of_year(moment.year), *of_year(moment.year + 1))
    edges = (datetime.combine(day + timedelta(days=n), datetime.min.time()) for day in days for n in (0, 1))
    return min(edge for edge in edges if edge > moment)


def _after(wall: datetime, now: datetime) -> datetime:
    """A time on German clocks that comes after now; one that the clocks skip is an hour on."""
    first = wall.replace(tzinfo=GERMANY).astimezone(UTC)
    later = wall.replace(tzinfo=GERMANY, fold=1).astimezone(UTC)
    return (first if first > now else later).astimezone(GERMANY)


@lru_cache(maxsize=512)
def _hours(expression: str) -> Any:
    """The understood expression; None for an empty or malformed one."""
    from opening_hours import OpeningHours, validate  # noqa: PLC0415 - only where hours are looked at

    if not validate(expression):
        return None
    # Unlimited it would look for the next change of "Mo-Su 00:00-24:00" until the year 9999, for seconds.
    return OpeningHours(expression, country="DE", max_interval_days=HORIZON.days)
