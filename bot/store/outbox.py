"""The outbox: everything proactive is a row until it is sent; a name per person keeps it from being sent twice.

A row is `waiting`, then `claimed` by the elected sender (bot/store/lease.py), then `sending`, durably before its
request, then it has ended: sent, failed, blocked, unconfirmed or dropped; or it waits again. Rows carry the number of
the sender that holds them. A new sender gives back what its predecessor had claimed; what was `sending` may have
arrived, so it goes to the end of the queue, and the second time it stays `unconfirmed`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import text

from bot.domain.urgency import USUAL
from bot.store.lease import Lease, give_back, hold, take
from bot.store.tx import AnyRow, Tx, for_each_dialect, rows_of

State = Literal["waiting", "sent", "failed", "blocked", "unconfirmed", "dropped"]
OFTEN = 2  # sendings that may end unknown; then nobody sends it again

_QUEUE = for_each_dialect("""
    INSERT INTO outbox (person, dedup, kind, session, parameters, priority, due, expires, announcement)
    SELECT CAST(value->>0 AS BIGINT), value->>1, value->>2, CAST(value->>3 AS BIGINT), value->>4,
        CAST(value->>5 AS INTEGER), CAST(value->>6 AS BIGINT), CAST(value->>7 AS BIGINT), CAST(value->>8 AS BIGINT)
    FROM {rows(batch)} AS batch WHERE TRUE
    ON CONFLICT (person, dedup) DO NOTHING
""")
# The priorities of what waits, each found by the index, so that thousands of rows for tomorrow are not read.
_DUE = text("""
    WITH RECURSIVE priorities (priority) AS (
        SELECT MIN(priority) FROM outbox WHERE state = 'waiting'
        UNION ALL
        SELECT (SELECT MIN(priority) FROM outbox WHERE state = 'waiting' AND priority > priorities.priority)
        FROM priorities WHERE priorities.priority IS NOT NULL
    )
    SELECT priority FROM priorities WHERE (
        SELECT id FROM outbox
        WHERE state = 'waiting' AND outbox.priority = priorities.priority AND due <= :now LIMIT 1
    ) IS NOT NULL ORDER BY priority
""")
# The words of the index of these rows, without which SQLite reads the whole table.
_HELD = "state IN ('claimed', 'sending') AND fence"
_LEFT = text(f"SELECT id FROM outbox WHERE {_HELD} > 0 LIMIT 1")  # noqa: S608 - of constants
_RETURN = text(f"""
    UPDATE outbox SET state = 'waiting', fence = NULL WHERE {_HELD} < :fence AND state = 'claimed'
""")  # noqa: S608 - of constants
_RECOVER = text(f"""
    UPDATE outbox SET fence = NULL, attempts = attempts + 1, ambiguous = ambiguous + 1, due = :now,
        state = CASE WHEN ambiguous + 1 < {OFTEN} THEN 'waiting' ELSE 'unconfirmed' END,
        parameters = CASE WHEN ambiguous + 1 < {OFTEN} THEN parameters ELSE '{{}}' END
    WHERE {_HELD} < :fence AND state = 'sending'
""")  # noqa: S608 - of constants
_EXPIRE = text("UPDATE outbox SET state = 'dropped', parameters = '{}' WHERE state = 'waiting' AND expires <= :now")
_READY = for_each_dialect("""
    SELECT id, person, kind, session, parameters, due, expires, ambiguous, attempts, announcement FROM outbox
    WHERE state = 'waiting' AND priority = :priority AND due <= :now
    AND person NOT IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows(resting)} AS resting)
    ORDER BY due, id LIMIT :limit
""")
_CLAIM = for_each_dialect("""
    UPDATE outbox SET state = 'claimed', fence = :fence
    WHERE state = 'waiting' AND id IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows(ids)})
    RETURNING id
""")
_BEGIN = for_each_dialect("""
    UPDATE outbox SET state = 'sending'
    WHERE state = 'claimed' AND fence = :fence AND id IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows(ids)})
    RETURNING id
""")
_SETTLE = for_each_dialect("""
    UPDATE outbox SET state = ended.state, fence = NULL,
        due = COALESCE(ended.due, outbox.due),
        attempts = outbox.attempts + ended.attempts,
        ambiguous = outbox.ambiguous + ended.ambiguous,
        message = ended.message,
        error = ended.error,
        parameters = CASE WHEN ended.state = 'waiting' THEN outbox.parameters ELSE '{}' END
    FROM (
        SELECT CAST(value->>0 AS BIGINT) AS id, value->>1 AS state, CAST(value->>2 AS BIGINT) AS due,
            CAST(value->>3 AS INTEGER) AS attempts, CAST(value->>4 AS INTEGER) AS ambiguous,
            CAST(value->>5 AS BIGINT) AS message, value->>6 AS error
        FROM {rows(batch)}
    ) AS ended
    WHERE outbox.id = ended.id AND outbox.fence = :fence AND outbox.state IN ('claimed', 'sending')
""")
_GIVE_BACK = text(f"""
    UPDATE outbox SET state = 'waiting', fence = NULL WHERE {_HELD} = :fence AND state = 'claimed'
""")  # noqa: S608 - of constants

_KEEP = text("""
    INSERT INTO totals (kind, state, count)
    SELECT kind, state, COUNT(*) FROM outbox
    WHERE person = :person AND state IN ('sent', 'failed', 'blocked', 'unconfirmed') GROUP BY kind, state
    ON CONFLICT (kind, state) DO UPDATE SET count = totals.count + excluded.count
""")
_FORGET = text("DELETE FROM outbox WHERE person = :person")
_KEEP_OF_SESSION = text("""
    INSERT INTO totals (kind, state, count)
    SELECT kind, state, COUNT(*) FROM outbox
    WHERE session = :session AND state IN ('sent', 'failed', 'blocked', 'unconfirmed') GROUP BY kind, state
    ON CONFLICT (kind, state) DO UPDATE SET count = totals.count + excluded.count
""")
_FORGET_SESSION = text("DELETE FROM outbox WHERE session = :session")


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to send to a person unasked.

    Args:
        person: Telegram's id.
        kind: What it is: reminder, offer, given, lapsed, dropped, moved, cancelled, link, added, after, materials, …
        dedup: Its name; a second one of the same name to the same person is not queued, ever.
        session: The session that it is about.
        parameters: What rendering needs and the database will not know any more; JSON.
        priority: By bot/domain/urgency.py.
        due, expires: Not sent before and not after, UTC microseconds.
        announcement: The announcement that it is, or is about.
    """

    person: int
    kind: str
    dedup: str
    due: int
    session: int | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    priority: int = USUAL
    expires: int | None = None
    announcement: int | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row in the sender's hands; `ambiguous` of its `attempts` ended unknown. Instants in UTC microseconds."""

    id: int
    person: int
    kind: str
    session: int | None
    parameters: dict[str, Any]
    due: int
    expires: int | None
    ambiguous: int
    attempts: int
    announcement: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row.

    `waiting` gives it back, `due` says until when if not as before (UTC microseconds). `attempts` and `ambiguous` are
    added to the counts: a request was made, and nobody knows whether it arrived. `message` is Telegram's id of what was
    sent, `error` what the Bot API said, without anything personal.
    """

    id: int
    state: State
    due: int | None = None
    attempts: int = 0
    ambiguous: int = 0
    message: int | None = None
    error: str | None = None


def queue(tx: Tx, notices: Sequence[Notice]) -> None:
    """Queue notices in the caller's transaction; those queued before are left alone."""
    if not notices:
        return
    batch = [_columns(one) for one in notices]
    tx.execute(_QUEUE[tx.dialect], {"batch": json.dumps(batch)})


def pending(tx: Tx, now: int) -> bool:
    """Whether there is anything to do for a sender: something due, or left by one that died. A read, and cheap."""
    return bool(tx.execute(_DUE, {"now": now}) or tx.execute(_LEFT))


def elect(tx: Tx, owner: str, now: int) -> Lease | None:
    """Become the sender if there is none, and take over what the one before had in its hands."""
    lease = take(tx, owner)
    if lease is not None:
        tx.execute(_RETURN, {"fence": lease.fence})
        tx.execute(_RECOVER, {"fence": lease.fence, "now": now})
    return lease


def claim(tx: Tx, fence: int, now: int, limit: int, resting: Collection[int] = ()) -> list[Claimed] | None:
    """Take the next rows that are due, in the order of priority, due time and id; drop those that have expired.

    Args:
        tx: The transaction.
        fence: The number of this sender.
        now: UTC microseconds.
        limit: How many at most.
        resting: People who get nothing now. Besides, each person is given only one row at a time.

    Returns:
        The rows; None when another process is the sender by now.
    """
    if not hold(tx, fence):
        return None
    tx.execute(_EXPIRE, {"now": now})
    first: dict[int, Claimed] = {}
    for row in _due(tx, now, limit, resting):
        first.setdefault(row.person, _claimed(row))
    ready = {one.id: one for one in first.values()}
    if not ready:
        return []
    claimed = {row.id for row in tx.execute(_CLAIM[tx.dialect], {"fence": fence, "ids": rows_of(ready)})}
    return [one for one in ready.values() if one.id in claimed]


def begin(tx: Tx, fence: int, ids: Collection[int], busy: int) -> set[int] | None:
    """Mark claimed rows as being sent; only what is in the answer may be requested, and only after the commit.

    `busy` is for how many microseconds the rate is used up by them. None when another process is the sender by now.
    """
    if not hold(tx, fence, busy):
        return None
    return {row.id for row in tx.execute(_BEGIN[tx.dialect], {"fence": fence, "ids": rows_of(ids)})}


def settle(tx: Tx, fence: int, outcomes: Sequence[Outcome], busy: int = 0) -> bool:
    """Write what became of rows; false, and nothing is written, when another process is the sender by now.

    `busy` is for how many microseconds nothing may be sent. What has ended keeps its name, so that it is never queued
    again, and loses its parameters.
    """
    if not hold(tx, fence, busy):
        return False
    batch = [[one.id, one.state, one.due, one.attempts, one.ambiguous, one.message, one.error] for one in outcomes]
    tx.execute(_SETTLE[tx.dialect], {"fence": fence, "batch": json.dumps(batch)})
    return True


def resign(tx: Tx, fence: int) -> None:
    """Give back what was claimed, and let another process send at once."""
    if hold(tx, fence):
        tx.execute(_GIVE_BACK, {"fence": fence})
        give_back(tx, fence)


def forget(tx: Tx, person: int) -> None:
    """Delete what was and was to be sent to a person; the counts of what has ended stay."""
    tx.execute(_KEEP, {"person": person})
    tx.execute(_FORGET, {"person": person})


def forget_session(tx: Tx, session: int) -> None:
    """Delete what was sent about a session that is long over; the counts of what has ended stay."""
    tx.execute(_KEEP_OF_SESSION, {"session": session})
    tx.execute(_FORGET_SESSION, {"session": session})


def _due(tx: Tx, now: int, limit: int, resting: Collection[int]) -> list[AnyRow]:
    """The next rows that are due, in their order."""
    rows: list[AnyRow] = []
    for one in tx.execute(_DUE, {"now": now}):
        wanted = {"priority": one.priority, "now": now, "limit": limit - len(rows), "resting": rows_of(resting)}
        rows += tx.execute(_READY[tx.dialect], wanted)
        if len(rows) >= limit:
            break
    return rows


def _columns(one: Notice) -> list[object]:
    subject = [one.person, one.dedup, one.kind, one.session, json.dumps(one.parameters)]
    return [*subject, one.priority, one.due, one.expires, one.announcement]


def _claimed(row: AnyRow) -> Claimed:
    id_, person, kind, session, parameters, *rest = row
    return Claimed(id_, person, kind, session, json.loads(parameters), *rest)
