"""Digests: what is new since somebody's last one, queued by rhythm, and made from what is there when it is sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from bot.domain.daytime import by_day
from bot.domain.instants import moment
from bot.domain.knowledge import Knowledge, Topic
from bot.domain.newsletter import (
    RHYTHMS,
    SETTLING,
    News,
    Rhythm,
    Subscription,
    fits,
    last_due,
    of_interest,
    upwards,
)
from bot.domain.programme import Session
from bot.domain.urgency import TO_MANY
from bot.services.holidays import is_holiday
from bot.services.newsletter import subscriptions
from bot.services.novelties import between
from bot.services.sessions import sessions
from bot.store.marks import mark, move_mark
from bot.store.outbox import Claimed
from bot.store.tx import AnyRow, Tx, for_each_dialect, rows_of

KIND = "digest"  # in the outbox; also how the marks begin, which say up to when digests of a rhythm were queued
CHUNK = 1_000  # people at once, so that others can write in between

_OLDEST = text("SELECT MIN(digested) AS digested FROM subscriptions WHERE rhythm = :rhythm")
_CREATED = text("SELECT id, created FROM sessions WHERE created > :since AND created <= :until AND starts > :now")
_WAITING = text("""
    SELECT subscriptions.person, subscriptions.topics, subscriptions.digested
    FROM subscriptions JOIN people ON people.id = subscriptions.person
    WHERE subscriptions.rhythm = :rhythm AND subscriptions.digested < :newest AND people.blocked IS NOT TRUE
    ORDER BY subscriptions.digested, subscriptions.person LIMIT :many
""")
_QUEUE = for_each_dialect("""
    INSERT INTO outbox (person, dedup, kind, parameters, priority, due)
    SELECT CAST(value->>0 AS BIGINT), :dedup, :kind, value->>1, :priority, :now FROM {rows(batch)} AS batch WHERE TRUE
    ON CONFLICT (person, dedup) DO NOTHING
""")
_TOLD = for_each_dialect("""
    UPDATE subscriptions SET digested = :until
    WHERE digested < :until AND person IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows(people)})
""")


@dataclass(frozen=True, slots=True)
class Digest:
    """What came for somebody since an instant and until another (UTC microseconds), whatever they chose.

    `subscription` is their newsletter as it is now.
    """

    subscription: Subscription
    news: News
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Stock:
    """Everything that came in some time, entries and sessions with the instants (UTC microseconds) by their ids."""

    entries: Mapping[str, int]
    created: Mapping[int, int]
    sessions: Sequence[Session]

    @property
    def all(self) -> News:
        """All of it."""
        return News(tuple(self.entries), tuple(self.sessions))

    def between(self, since: int, until: int) -> News:
        """What came after one instant and until another."""
        return News(
            tuple(name for name, at in self.entries.items() if since < at <= until),
            tuple(one for one in self.sessions if since < self.created[one.id] <= until),
        )


def is_due(tx: Tx, now: int, zone: str) -> bool:
    """Whether `advance` is to be called; a read, and cheap. `now` in UTC microseconds, `zone` is that of the clock.

    What was missed while nothing ran is made up for, but only by day.
    """
    return bool(_behind(tx, now, zone))


def advance(tx: Tx, now: int, zone: str, knowledge: Knowledge) -> bool:
    """Queues digests that are due, for some people at once; whether there is more to do.

    Nobody gets one without anything new for them. Who has blocked the bot gets none, and afterwards one of everything.

    Args:
        tx: The transaction.
        now: UTC microseconds.
        zone: The IANA zone of the clock and the calendar.
        knowledge: What the entries are, and under which topics they stand.
    """
    behind = _behind(tx, now, zone)
    if not behind:
        return False
    rhythm, due = next(iter(behind.items()))
    until = due - SETTLING
    stock = _stock(tx, _oldest(tx, rhythm, until), until, now)
    newest = _newest(stock, knowledge, now, zone)
    latest = max(newest.values(), default=0)
    waiting = tx.execute(_WAITING, {"rhythm": rhythm, "newest": latest, "many": CHUNK})
    _queue(tx, _batch(waiting, newest, until, knowledge.topics), due, now, zone)
    tx.execute(_TOLD[tx.dialect], {"until": until, "people": rows_of(row.person for row in waiting)})
    if len(waiting) == CHUNK:
        return True
    move_mark(tx, _mark(rhythm), due)
    return len(behind) > 1


def gather(tx: Tx, claimed: Iterable[Claimed], now: int) -> dict[int, Digest]:
    """What the digests in a batch of messages tell, by the messages' ids; none where the newsletter is off by now."""
    wanted = {one.id: (one.person, one.parameters["since"], one.parameters["until"]) for one in claimed}
    if not wanted:
        return {}
    on = subscriptions(tx, {person for person, _, _ in wanted.values()})
    stock = _stock(tx, min(since for _, since, _ in wanted.values()), max(until for *_, until in wanted.values()), now)
    return {
        id_: Digest(on[person], stock.between(since, until), since, until)
        for id_, (person, since, until) in wanted.items()
        if person in on
    }


def look(tx: Tx, person: int, since: int, until: int, now: int) -> Digest | None:
    """What came for somebody after one instant and until another, as a digest shows it; None where it is off."""
    on = subscriptions(tx, [person])
    return Digest(on[person], _stock(tx, since, until, now).all, since, until) if person in on else None


def _behind(tx: Tx, now: int, zone: str) -> dict[Rhythm, int]:
    """The rhythms whose last digests are not all queued, with the instant at which they were due; none by night."""
    if not by_day(now, zone):
        return {}
    due = {rhythm: last_due(rhythm, now, zone, is_holiday) for rhythm in RHYTHMS}
    return {rhythm: at for rhythm, at in due.items() if mark(tx, _mark(rhythm)) < at}


def _mark(rhythm: Rhythm) -> str:
    return f"{KIND}-{rhythm}"


def _oldest(tx: Tx, rhythm: Rhythm, until: int) -> int:
    """Since when there may be news for somebody of this rhythm."""
    found = tx.execute(_OLDEST, {"rhythm": rhythm})[0].digested
    return until if found is None else found


def _stock(tx: Tx, since: int, until: int, now: int) -> Stock:
    """What came after one instant and until another, and of sessions those that have not begun at `now`."""
    created = {row.id: row.created for row in tx.execute(_CREATED, {"since": since, "until": until, "now": now})}
    return Stock(between(tx, since, until), created, tuple(sessions(tx, created).values()))


def _newest(stock: Stock, knowledge: Knowledge, now: int, zone: str) -> dict[frozenset[str], int]:
    """When the newest of what came and still holds came, for each set of topics that some of it is about."""
    holding = of_interest(stock.all, (), knowledge, now, zone)
    came = [(knowledge.entries[name].topics, stock.entries[name]) for name in holding.entries]
    came += [(one.topics, stock.created[one.id]) for one in holding.sessions]
    newest: dict[frozenset[str], int] = {}
    for named, at in came:
        about = upwards(knowledge.topics, named)
        newest[about] = max(at, newest.get(about, 0))
    return newest


def _batch(
    waiting: Sequence[AnyRow], newest: Mapping[frozenset[str], int], until: int, topics: Mapping[str, Topic]
) -> list[list[object]]:
    """The rows for those for whom there is something new: person and parameters."""
    batch: list[list[object]] = []
    for person, chosen, digested in waiting:
        wanted = [one for one in chosen.split() if one in topics]
        if any(at > digested and fits(wanted, about) for about, at in newest.items()):
            batch.append([person, json.dumps({"since": digested, "until": until})])
    return batch


def _queue(tx: Tx, batch: Sequence[Sequence[object]], due: int, now: int, zone: str) -> None:
    """Queues digests under the name of the day on which they were due."""
    name = f"{KIND}:{moment(due, zone).date()}"
    row = {"batch": json.dumps(batch), "dedup": name, "kind": KIND, "priority": TO_MANY, "now": now}
    tx.execute(_QUEUE[tx.dialect], row)
