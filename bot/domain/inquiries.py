"""Questions that people send to the coordination team, and by when they are answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.domain.working_days import IsHoliday, is_working_day

State = Literal["open", "answered", "closed"]

LONGEST = 1000  # characters of what somebody sends
MOST_OPEN = 5  # of one person
ANSWER_WITHIN = 3  # working days


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question to the coordination team.

    `about` is the topic or entry it was asked from, or empty; `language` that of the interface then. `answer` is HTML
    as Telegram understands it, empty while it is open and where it was closed without one. Instants in UTC
    microseconds.
    """

    id: int
    person: int
    about: str
    language: str
    text: str
    state: State
    asked: int
    answer: str = ""
    ended: int | None = None


@dataclass(frozen=True, slots=True)
class Inbox:
    """What waits for the coordination team: how many questions, and when the oldest was asked (UTC microseconds)."""

    count: int
    oldest: int


def answer_by(asked: date, is_holiday: IsHoliday) -> date:
    """The day by which there is an answer: the third working day after the day it was asked.

    Both are local dates.
    """
    day, left = asked, ANSWER_WITHIN
    while left:
        day += timedelta(days=1)
        if is_working_day(day, is_holiday):
            left -= 1
    return day
