"""Public holidays in Bavaria, by the `holidays` library."""

from __future__ import annotations

from datetime import date
from functools import lru_cache


def is_holiday(day: date) -> bool:
    """Whether a date is a public holiday in all of Bavaria."""
    return day in of_year(day.year)


@lru_cache(maxsize=4)
def of_year(year: int) -> frozenset[date]:
    """The public holidays of a year."""
    import holidays  # noqa: PLC0415 - 0.1 s to load

    return frozenset(holidays.country_holidays("DE", subdiv="BY", years=year))
