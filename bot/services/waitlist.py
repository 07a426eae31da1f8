"""The waiting list: every seat that becomes free goes to whoever has waited longest, offered or given.

A decision about the seats of a session comes after `lock`, in one transaction; nothing is counted but the rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import text

from bot.domain.offers import at_once, offer_end
from bot.domain.programme import Session
from bot.domain.terms import Terms
from bot.domain.urgency import SEAT, USUAL
from bot.services.holidays import is_holiday
from bot.services.sessions import session as read_session
from bot.store.outbox import Notice, queue
from bot.store.tx import AnyRow, Tx, for_each_dialect, rows_of

EVERYBODY = 2**31

# Not FOR UPDATE, which would make whoever writes a row about the session wait, and could lock up with them.
_LOCK = text("SELECT id FROM sessions WHERE id = :session FOR NO KEY UPDATE")
# The limit keeps the count as short as the capacity, and empty where there is none.
_STANDING = text("""
    SELECT
        (SELECT COUNT(*) FROM (
            SELECT id FROM registrations
            WHERE session = :session AND state IN ('confirmed', 'offered', 'attended', 'no_show') LIMIT :limit
        ) AS seated) AS taken,
        (SELECT COUNT(*) FROM registrations WHERE session = :session AND state = 'waitlisted') AS waiting,
        (SELECT MAX(line) FROM registrations WHERE session = :session AND state IN ('waitlisted', 'offered')) AS last
""")
_FIRST = text(
    "SELECT id, person FROM registrations WHERE session = :session AND state = 'waitlisted' "
    "ORDER BY line, id LIMIT :limit"
)
_GIVE = for_each_dialect("""
    UPDATE registrations SET state = 'confirmed', confirmed_at = :now, changes = changes + 1
    WHERE id IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows(ids)}) RETURNING person, changes
""")
_OFFER = for_each_dialect("""
    UPDATE registrations SET state = 'offered', offered_until = :until, changes = changes + 1
    WHERE id IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows(ids)}) RETURNING person, changes
""")
# Not DISTINCT, not in order: for that SQLite would read all registrations instead of the index of the offers.
_EXPIRED_SOMEWHERE = text("SELECT session FROM registrations WHERE state = 'offered' AND offered_until <= :now")
_EXPIRED = text(
    "SELECT id, lapses FROM registrations "
    "WHERE session = :session AND state = 'offered' AND offered_until <= :now ORDER BY line, id"
)
_TO_THE_END = text("""
    UPDATE registrations SET state = 'waitlisted', line = :line, offered_until = NULL, lapses = lapses + 1,
        changes = changes + 1
    WHERE id = :id RETURNING id, person, changes
""")
_DROP = text("""
    UPDATE registrations SET state = 'cancelled', offered_until = NULL, lapses = lapses + 1, changes = changes + 1
    WHERE id = :id RETURNING id, person, changes
""")
_COUNT_ENDED = text("UPDATE sessions SET ended = ended + :many WHERE id = :session")
_WRONG = text("""
    SELECT id FROM sessions
    WHERE starts > :now AND state <> 'cancelled' AND (
        EXISTS (SELECT 1 FROM registrations WHERE session = sessions.id AND state = 'waitlisted')
        AND (capacity IS NULL OR capacity > (
            SELECT COUNT(*) FROM registrations
            WHERE session = sessions.id AND state IN ('confirmed', 'offered', 'attended', 'no_show')
        ))
        OR EXISTS (
            SELECT 1 FROM registrations WHERE session = sessions.id AND state = 'offered'
            AND (offered_until IS NULL OR offered_until > sessions.starts)
        )
    ) ORDER BY id
""")
_END_OFFERS = text("""
    UPDATE registrations SET offered_until = :starts
    WHERE session = :session AND state = 'offered' AND (offered_until IS NULL OR offered_until > :starts)
""")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a session stands: seats that are free, None for no limit; how many wait; the last number in the line.

    Who is offered a seat keeps their number, so that those whose offers expire together go to the end in their order.
    """

    free: int | None
    waiting: int
    last: int


def lock(tx: Tx, session: int) -> Session | None:
    """The session, held until the transaction ends, so that one decision about its seats follows the other.

    SQLite has one writer; there is nothing to lock. Several sessions are locked in the order of their ids.
    """
    if tx.dialect == "postgresql":
        tx.execute(_LOCK, {"session": session})
    return read_session(tx, session)


def standing(tx: Tx, session: Session) -> Standing:
    """How a session stands; its caller holds the lock if it decides anything by it."""
    row = tx.execute(_STANDING, {"session": session.id, "limit": session.capacity or 0})[0]
    free = None if session.capacity is None else session.capacity - row.taken
    return Standing(free, row.waiting, row.last or 0)


def fill(tx: Tx, session: int, now: int, terms: Terms) -> None:
    """Gives every free seat to the queue: as an offer, or at once near the start; after the start nothing.

    Call it in the transaction in which a seat may have become free. `now` in UTC microseconds.
    """
    found = lock(tx, session)
    if found is not None:
        fill_locked(tx, found, now, terms)


def fill_locked(tx: Tx, session: Session, now: int, terms: Terms) -> set[int]:
    """As `fill`, for a session that is locked already; the ids of the registrations that got a seat or an offer."""
    if session.state == "cancelled" or now >= session.starts:
        return set()
    here = standing(tx, session)
    many = EVERYBODY if here.free is None else here.free
    if many <= 0 or not here.waiting:
        return set()
    first = tx.execute(_FIRST, {"session": session.id, "limit": many})
    given = {row.id for row in first if row.person is None or at_once(now, session.starts)}
    offered = {row.id for row in first} - given
    _give(tx, session, given, now)
    _offer(tx, session, offered, now, terms)
    return given | offered


def is_due(tx: Tx, now: int) -> bool:
    """Whether there is an offer for `lapse` to end; a read, and cheap."""
    return bool(_expired_somewhere(tx, now))


def lapse(tx: Tx, now: int, terms: Terms) -> int:
    """Ends the offers whose time is up, passes the seats on, and says how many they were; `now` in UTC microseconds.

    Whose first offer this was goes to the end of the line, whose second leaves it.
    """
    found = [lock(tx, id_) for id_ in sorted(_expired_somewhere(tx, now))]
    return sum(lapse_locked(tx, session, now, terms) for session in found if session is not None)


def lapse_locked(tx: Tx, session: Session, now: int, terms: Terms) -> int:
    """As `lapse`, for one session that is locked already."""
    expired = tx.execute(_EXPIRED, {"session": session.id, "now": now})
    if not expired:
        return 0
    end = enumerate((row.id for row in expired if not row.lapses), standing(tx, session).last + 1)
    again = [tx.execute(_TO_THE_END, {"id": id_, "line": line})[0] for line, id_ in end]
    dropped = [tx.execute(_DROP, {"id": row.id})[0] for row in expired if row.lapses]
    count_ended(tx, session.id, len(dropped))
    if now < session.starts:  # later there is nothing to wait for, and nothing to say
        raised = fill_locked(tx, session, now, terms)
        _tell(tx, "lapsed", session, [row for row in again if row.id not in raised], now)
        _tell(tx, "dropped", session, dropped, now)
    return len(expired)


def sweep(tx: Tx, now: int, terms: Terms) -> None:
    """Makes the state right whatever happened: no free seat beside a queue, no offer that outlasts the start."""
    wrong = {row.id for row in tx.execute(_WRONG, {"now": now})}
    for id_ in sorted(wrong | _expired_somewhere(tx, now)):
        found = lock(tx, id_)
        if found is not None:
            tx.execute(_END_OFFERS, {"session": id_, "starts": found.starts})
            lapse_locked(tx, found, now, terms)
            fill_locked(tx, found, now, terms)


def count_ended(tx: Tx, session: int, many: int = 1) -> None:
    """Counts registrations that ended by leaving, declining, lapsing or erasure; the report says how many."""
    if many:
        tx.execute(_COUNT_ENDED, {"session": session, "many": many})


def _expired_somewhere(tx: Tx, now: int) -> set[int]:
    """The sessions that have an offer whose time is up."""
    return {row.session for row in tx.execute(_EXPIRED_SOMEWHERE, {"now": now})}


def _give(tx: Tx, session: Session, ids: Collection[int], now: int) -> None:
    if ids:
        rows = tx.execute(_GIVE[tx.dialect], {"ids": rows_of(sorted(ids)), "now": now})
        _tell(tx, "given", session, rows, now, expires=session.ends, priority=SEAT)


def _offer(tx: Tx, session: Session, ids: Collection[int], now: int, terms: Terms) -> None:
    if ids:
        until = offer_end(now, terms.offer, session.starts, session.zone, is_holiday)
        rows = tx.execute(_OFFER[tx.dialect], {"ids": rows_of(sorted(ids)), "until": until})
        _tell(tx, "offer", session, rows, now, expires=until, priority=SEAT)


def _tell(
    tx: Tx,
    kind: str,
    session: Session,
    rows: Iterable[AnyRow],
    now: int,
    *,
    expires: int | None = None,
    priority: int = USUAL,
) -> None:
    """Queues what people hear of their registration; guests hear nothing.

    The number of changes says which state the message is about: it holds no longer when there was another change.
    """
    queue(
        tx,
        [
            Notice(
                row.person,
                kind,
                f"{kind}:{session.id}:{row.changes}",
                now,
                session.id,
                {"changes": row.changes},
                priority,
                expires or session.starts,
            )
            for row in rows
            if row.person is not None
        ],
    )
