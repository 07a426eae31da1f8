"""Who hears of a change of the programme; each of these queues notices in the transaction of the change."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text

from bot.domain.programme import Session
from bot.domain.registrations import State
from bot.domain.urgency import CANCELLED
from bot.store.outbox import Notice, queue
from bot.store.tx import Tx

PEOPLE = text("SELECT person, state FROM registrations WHERE session = :session AND person IS NOT NULL ORDER BY id")
TOOK_ALL = text("SELECT person FROM takes_all WHERE series = :series ORDER BY since, person")
# Only a waiting row is rendered from what is stored now; one that was claimed may be on its way with what was before.
WAITING = text("SELECT person, kind FROM outbox WHERE session = :session AND state = 'waiting'")


def tell_added(tx: Tx, session: Session, now: int) -> int:
    """Those who took all of the series hear of a new session; how many."""
    rows = tx.execute(TOOK_ALL, {"series": session.series})
    queue(tx, [Notice(row.person, "added", f"added:{session.id}", now, session.id) for row in rows])
    return len(rows)


def tell_moved(tx: Tx, before: Session, session: Session, now: int) -> int:
    """Those registered hear of another start or length; how many.

    Whom an earlier change has not reached yet gets only that message: it shows the time as it is when it is sent.
    """
    people = _registered(tx, session.id, ("confirmed", "offered", "waitlisted"), unless_waiting=("moved",))
    known = {"before": before.starts, "minutes": before.minutes}
    dedup = f"moved:{session.id}:{session.version}"
    if session.version == before.version:  # only the end changed, which may happen again
        dedup += f":{session.sequence}"
    queue(tx, [Notice(person, "moved", dedup, now, session.id, known) for person in people])
    return len(people)


def tell_cancelled(tx: Tx, session: Session, now: int) -> int:
    """Those with a seat, an offer or a place in the line hear that it is cancelled, each their own way; how many."""
    people = _registered(tx, session.id, ("confirmed", "offered", "waitlisted"))
    dedup = f"cancelled:{session.id}"
    queue(
        tx,
        [
            Notice(person, "cancelled", dedup, now, session.id, {"was": was}, priority=CANCELLED)
            for person, was in people.items()
        ],
    )
    return len(people)


def tell_link(tx: Tx, session: Session, now: int) -> int:
    """Those with a seat hear of a join link that was added or changed; how many."""
    people = _registered(tx, session.id, ("confirmed",), unless_waiting=("link",))
    dedup = f"link:{session.id}:{session.sequence}"
    queue(tx, [Notice(person, "link", dedup, now, session.id) for person in people])
    return len(people)


def tell_materials(tx: Tx, session: Session, now: int) -> int:
    """Those who attended get materials that came after the thanks for attending; how many."""
    people = _registered(tx, session.id, ("attended",), unless_waiting=("after", "materials"))
    dedup = f"materials:{session.id}:{session.sequence}"
    queue(tx, [Notice(person, "materials", dedup, now, session.id) for person in people])
    return len(people)


def _registered(tx: Tx, session: int, states: Sequence[State], unless_waiting: Sequence[str] = ()) -> dict[int, str]:
    """The people registered in one of these states, with it; without those for whom such a notice waits."""
    waiting = {row.person for row in tx.execute(WAITING, {"session": session}) if row.kind in unless_waiting}
    rows = tx.execute(PEOPLE, {"session": session})
    return {row.person: row.state for row in rows if row.state in states and row.person not in waiting}
