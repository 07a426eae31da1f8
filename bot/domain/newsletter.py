"""The newsletter: by which topics and how often somebody hears of what is new, and when a digest is due."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args

from bot.domain.instants import MINUTE, local, moment
from bot.domain.knowledge import Entry, Knowledge, Topic
from bot.domain.programme import Session
from bot.domain.working_days import IsHoliday, first_working_day

Rhythm = Literal["at-once", "weekly", "monthly"]
RHYTHMS: tuple[Rhythm, ...] = get_args(Rhythm)
USUAL: Rhythm = "weekly"
HOUR = 9  # o'clock where the operator is: a digest goes out then
SETTLING = MINUTE  # what is newer waits for the next digest: it may not be stored everywhere yet


@dataclass(frozen=True, slots=True)
class Subscription:
    """Somebody's newsletter: of these topics (none: of all), in this rhythm, on since then (UTC microseconds)."""

    topics: tuple[str, ...] = ()
    rhythm: Rhythm = USUAL
    since: int = 0


@dataclass(frozen=True, slots=True)
class News:
    """Entries of the knowledge, by id in the order in which they came, and sessions by their start."""

    entries: tuple[str, ...] = ()
    sessions: tuple[Session, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.entries or self.sessions)


def choosable(topics: Mapping[str, Topic]) -> list[Topic]:
    """Every topic, in the order in which they are offered: first those that stand under no other."""
    return sorted(topics.values(), key=lambda one: one.parent in topics)


def upwards(topics: Mapping[str, Topic], named: Iterable[str]) -> frozenset[str]:
    """These topics and all that they stand under; those that do not exist are left out."""
    found: set[str] = set()
    for topic in named:
        while topic in topics and topic not in found:  # a circle of parents is an error that must not hang
            found.add(topic)
            topic = topics[topic].parent  # noqa: PLW2901 - up to the next one
    return frozenset(found)


def covered(topics: Mapping[str, Topic], chosen: Collection[str]) -> frozenset[str]:
    """The topics that stand under a chosen one: choosing them besides brings nothing more."""
    return frozenset(
        one.id for one in topics.values() if one.parent and not upwards(topics, [one.parent]).isdisjoint(chosen)
    )


def fits(chosen: Collection[str], about: Collection[str]) -> bool:
    """Whether something about these topics, those above them among them, is for somebody who chose those.

    So who chose a topic gets everything below it, and not what only stands above it. Who chose none gets everything,
    and what is about none is for everybody.
    """
    return not chosen or not about or not set(chosen).isdisjoint(about)


def tells_of(entry: Entry, today: date) -> bool:
    """Whether a digest may name an entry: an answer or a practice that holds, and never help in danger."""
    valid = entry.valid_until is None or today <= entry.valid_until
    return entry.kind in {"answer", "practice"} and valid and not entry.urgent


def of_interest(news: News, chosen: Collection[str], knowledge: Knowledge, now: int, zone: str) -> News:
    """What of the news still holds, for somebody who chose these topics.

    `now` is in UTC microseconds, `zone` that in which entries end with a day. Topics that do not exist any more narrow
    nothing down. Sessions come by their start, then practices, then answers.
    """
    today, topics, entries = moment(now, zone).date(), knowledge.topics, knowledge.entries
    wanted = frozenset(chosen) & topics.keys()
    named = [one for name in news.entries if (one := entries.get(name)) and tells_of(one, today)]
    fitting = [one for one in named if fits(wanted, upwards(topics, one.topics))]
    ahead = [one for one in news.sessions if one.state == "open" and one.starts > now]
    return News(
        tuple(one.id for kind in ("practice", "answer") for one in fitting if one.kind == kind),
        tuple(one for one in ahead if fits(wanted, upwards(topics, one.topics))),
    )


def last_due(rhythm: Rhythm, now: int, zone: str, is_holiday: IsHoliday) -> int:
    """The last time, `now` included, at which digests of this rhythm were due; UTC microseconds.

    At once is every day, weekly every Monday, monthly the first working day of the month, each at nine o'clock.

    Args:
        rhythm: The rhythm.
        now: UTC microseconds.
        zone: The IANA zone of the clock and the calendar.
        is_holiday: Whether a local date is a public holiday.
    """
    day = _last_day(rhythm, moment(now, zone).date(), is_holiday)
    if _at_nine(day, zone) > now:
        day = _last_day(rhythm, day - timedelta(days=1), is_holiday)
    return _at_nine(day, zone)


def _last_day(rhythm: Rhythm, today: date, is_holiday: IsHoliday) -> date:
    """The last day of digests, today included."""
    if rhythm == "at-once":
        return today
    if rhythm == "weekly":
        return today - timedelta(days=today.weekday())
    first = first_working_day(today, is_holiday)
    return first if first <= today else first_working_day(today.replace(day=1) - timedelta(days=1), is_holiday)


def _at_nine(day: date, zone: str) -> int:
    return local(datetime.combine(day, time(HOUR)), zone)
