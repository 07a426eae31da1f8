"""What was asked and what became of it, so that coordinators see what is missing; never what few people asked.

A number is shown only where five different people or more stand behind it, in one month: whoever knows that somebody
asked in a rare language must not learn from a report what about. Numbers of help in danger carry no topic at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import text

from bot.store.tallies import close, finished
from bot.store.tx import AnyRow, Tx

LEAST = 5  # people in a month
OUTCOMES = ("none", "not_helpful", "suggest", "urgent", "answer", "helpful")  # gaps come first
GAPS = ("none", "not_helpful")
MOST = 5  # gaps in a message

# What came after a month was closed may be of people who are counted there already.
_CELLS = """
    SELECT month, language, outcome, topic, CAST(SUM(count) AS BIGINT) AS count FROM (
        SELECT month, language, outcome, topic, people, count FROM asked
        UNION ALL
        SELECT month, language, outcome, topic, COUNT(*), CAST(SUM(count) AS BIGINT) FROM askers
        GROUP BY month, language, outcome, topic
    ) AS each
    {where}
    GROUP BY month, language, outcome, topic HAVING MAX(people) >= :least
"""
_ALL = text(_CELLS.format(where=""))
_SINCE = text(_CELLS.format(where="WHERE month >= :first AND month <= :last"))


@dataclass(frozen=True, slots=True)
class Asked:
    """How often questions in a language had an outcome; `topic` is the id of a topic, "" where it is not known."""

    language: str
    outcome: str
    topic: str
    count: int


def questions(tx: Tx) -> list[Asked]:
    """All that may be shown, since the beginning: first what was not found or did not help, the most asked first."""
    return _summed(tx.execute(_ALL, {"least": LEAST}))


def gaps(tx: Tx, first: str, last: str, most: int = MOST) -> list[Asked]:
    """The largest gaps of the months from `first` to `last` (2026-12), the largest first."""
    found = _summed(tx.execute(_SINCE, {"least": LEAST, "first": first, "last": last}))
    return sorted((one for one in found if one.outcome in GAPS), key=lambda one: -one.count)[:most]


def is_over(tx: Tx, now: int) -> bool:
    """Whether `close_months` is to be called. A read, and cheap."""
    return bool(finished(tx, now))


def close_months(tx: Tx, now: int) -> None:
    """Turns the months that are over at `now` (UTC microseconds) into numbers of people, for good."""
    for month in finished(tx, now):
        close(tx, month)


def _summed(cells: Iterable[AnyRow]) -> list[Asked]:
    """The cells of all months together, in the order of a report."""
    counts: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    for _month, language, outcome, topic, many in cells:
        counts[language, outcome, topic] += int(many)
    return sorted((Asked(*key, count) for key, count in counts.items()), key=_place)


def _place(one: Asked) -> tuple[int, int, str, str]:
    return OUTCOMES.index(one.outcome), -one.count, one.language, one.topic
