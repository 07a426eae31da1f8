"""By when there is an answer: the third working day, over weekends and Bavarian holidays too."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.inquiries import answer_by

CHRISTMAS = {date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1), date(2027, 1, 6)}


@pytest.mark.parametrize(
    ("asked", "by"),
    [
        (date(2026, 11, 23), date(2026, 11, 26)),  # Monday to Thursday
        (date(2026, 11, 25), date(2026, 11, 30)),  # Wednesday; Thursday and Friday, then Monday
        (date(2026, 11, 27), date(2026, 12, 2)),  # Friday
        (date(2026, 11, 28), date(2026, 12, 2)),  # Saturday: from Monday on
        (date(2026, 11, 29), date(2026, 12, 2)),
        (date(2026, 12, 23), date(2026, 12, 29)),  # the 24th is a working day, the 25th and 26th are not
        (date(2027, 1, 5), date(2027, 1, 11)),  # Epiphany, then a weekend
    ],
)
def test_only_working_days_count(asked, by):
    assert answer_by(asked, CHRISTMAS.__contains__) == by


@given(st.dates(date(2020, 1, 1), date(2050, 1, 1)), st.sets(st.integers(1, 40)))
def test_it_is_a_working_day_with_two_between(asked, off):
    holidays = {asked + timedelta(days=days) for days in off}

    def works(day):
        return day.weekday() < 5 and day not in holidays

    by = answer_by(asked, holidays.__contains__)
    assert works(by)
    assert sum(works(asked + timedelta(days=days)) for days in range(1, (by - asked).days)) == 2
