"""Registering and leaving: who has a seat is decided in one transaction, under the lock of the session.

Nobody jumps a queue that is not empty, and a seat that becomes free goes to the queue in the same transaction. Every
function may be called twice, late, or for anything at all: it then says how things stand. `now` is in UTC microseconds.
"""

from __future__ import annotations

from sqlalchemy import text

from bot.domain.programme import Session
from bot.domain.registrations import (
    ACTIVE,
    Accepting,
    AlreadyRegistered,
    Confirmed,
    Leaving,
    Left,
    NotRegistered,
    Refused,
    Registering,
    Waitlisted,
)
from bot.domain.terms import Terms
from bot.services.people import know
from bot.services.registered import Own, Who, attended, mine, own, registration, takes_all
from bot.services.sessions import sessions_of
from bot.services.waitlist import count_ended, fill, fill_locked, lapse, lapse_locked, lock, standing, sweep
from bot.store.tx import Tx

__all__ = [
    "accept",
    "attended",
    "decline",
    "fill",
    "lapse",
    "leave",
    "leave_all",
    "leave_guest",
    "lock",
    "mine",
    "register",
    "register_all",
    "register_guest",
    "registration",
    "release",
    "sweep",
    "takes_all",
]

_ENTER = text("""
    INSERT INTO registrations (session, person, guest, state, line, confirmed_at, created)
    VALUES (:session, :person, :guest, :state, :line, :confirmed_at, :now)
""")
_ENTER_AGAIN = text("""
    UPDATE registrations SET state = :state, line = :line, confirmed_at = :confirmed_at, created = :now,
        offered_until = NULL, lapses = 0, claimed = FALSE, unwanted = FALSE, changes = changes + 1
    WHERE id = :id
""")
_END = text("""
    UPDATE registrations SET state = 'cancelled', offered_until = NULL, claimed = FALSE, changes = changes + 1,
        unwanted = CASE WHEN :alone THEN TRUE ELSE unwanted END
    WHERE id = :id
""")
# What somebody needs there may tell of health; it is not kept for who does not come.
_NEEDS_NO_MORE = text(
    "DELETE FROM needs WHERE (session, person) IN (SELECT session, person FROM registrations WHERE id = :id)"
)
_ACCEPT = text("""
    UPDATE registrations SET state = 'confirmed', offered_until = NULL, confirmed_at = :now, changes = changes + 1
    WHERE id = :id
""")
# Who adds a session to the series waits, so that its notice reaches everybody who takes all.
_LOCK_SERIES = text("SELECT id FROM series WHERE id = :series FOR NO KEY UPDATE")
_TAKE_ALL = text(
    "INSERT INTO takes_all (series, person, since) VALUES (:series, :person, :now) "
    "ON CONFLICT (series, person) DO NOTHING"
)
_TAKE_ALL_NO_MORE = text("DELETE FROM takes_all WHERE series = :series AND person = :person")
_SESSIONS_OF_PERSON = text("SELECT session FROM registrations WHERE person = :person ORDER BY session")
_RELEASE = text("DELETE FROM registrations WHERE person = :person RETURNING session, state")
_FORGET = [text(f"DELETE FROM {table} WHERE person = :person") for table in ("needs", "details", "takes_all")]  # noqa: S608


def register(tx: Tx, session: int, person: int, code: str | None, now: int, terms: Terms) -> Registering:  # noqa: ARG001 - as the others are called
    """Registers a person, who gets a seat or a place at the end of the line.

    Args:
        tx: The transaction.
        session: The id of the session.
        person: Telegram's id; stored from now on, unless nothing comes of it.
        code: Telegram's language code of the person.
        now: UTC microseconds.
        terms: The operator's.
    """
    found = lock(tx, session)
    if found is None:
        return Refused("unknown")
    who = Who("person", person)
    before = own(tx, session, who)
    settled = _settled(found, before, now)
    if settled is None:
        know(tx, person, code, now)
    return settled or _enter(tx, found, before, who, now)


def register_guest(tx: Tx, session: int, guest: int, now: int, terms: Terms) -> Registering:  # noqa: ARG001 - as above
    """Registers somebody outside Telegram, `guest` in the table of guests, as `register` does a person."""
    found = lock(tx, session)
    if found is None:
        return Refused("unknown")
    who = Who("guest", guest)
    before = own(tx, session, who)
    return _settled(found, before, now) or _enter(tx, found, before, who, now)


def leave(tx: Tx, session: int, person: int, now: int, terms: Terms) -> Leaving:
    """Ends a person's registration, also one that waits or is offered a seat; possible until the session is over.

    A seat that becomes free before the start goes to the queue. Nothing but the person adds the session again.
    """
    return _leave(tx, session, Who("person", person), now, terms)


def leave_guest(tx: Tx, session: int, guest: int, now: int, terms: Terms) -> Leaving:
    """Ends a guest's registration, as `leave` does a person's."""
    return _leave(tx, session, Who("guest", guest), now, terms)


def decline(tx: Tx, session: int, person: int, now: int, terms: Terms) -> Leaving:
    """Gives an offered seat to the next, and leaves the line; nothing happens where none is offered."""
    found = lock(tx, session)
    if found is None:
        return Refused("unknown")
    before = own(tx, session, Who("person", person))
    if before is None or before.registration.state != "offered":
        return _not_registered(before)
    return _end(tx, found, before, now, terms)


def accept(tx: Tx, session: int, person: int, now: int, terms: Terms) -> Accepting:
    """Takes an offered seat; after `offered_until` it has lapsed, whether the tick has come by or not."""
    found = lock(tx, session)
    if found is None:
        return Refused("unknown")
    lapse_locked(tx, found, now, terms)
    before = own(tx, session, Who("person", person))
    if before is None:
        return NotRegistered(None)
    if before.registration.state in {"confirmed", "attended"}:
        return AlreadyRegistered(before.registration)
    shut = _shut(found, now)
    if shut or before.registration.state != "offered":
        return shut or NotRegistered(before.registration)
    tx.execute(_ACCEPT, {"id": before.id, "now": now})
    return Confirmed()


def register_all(
    tx: Tx,
    series: int,
    person: int,
    code: str | None,
    now: int,
    terms: Terms,  # noqa: ARG001 - as above
) -> list[tuple[Session, Registering]]:
    """Registers a person for every session of a series that is to come and open, and notes that they took all.

    A session that the person left by itself is not added again, and not in the answer; the earliest first. Nothing is
    stored when no session is to come.
    """
    if tx.dialect == "postgresql":
        tx.execute(_LOCK_SERIES, {"series": series})
    coming = _lock_coming(tx, series, now)
    if not coming:
        return []
    know(tx, person, code, now)
    tx.execute(_TAKE_ALL, {"series": series, "person": person, "now": now})
    who = Who("person", person)
    rows = [(found, own(tx, found.id, who)) for found in coming]
    outcomes = [
        (found, _settled(found, before, now) or _enter(tx, found, before, who, now))
        for found, before in rows
        if before is None or not before.unwanted
    ]
    return [(found, outcome) for found, outcome in outcomes if not isinstance(outcome, Refused)]


def leave_all(tx: Tx, series: int, person: int, now: int, terms: Terms) -> list[Session]:
    """Ends a person's registrations for the sessions of a series that are to come, and that they take all of it.

    Returns the sessions that were left, the earliest first. Registering for all adds them again.
    """
    who = Who("person", person)
    rows = [(found, own(tx, found.id, who)) for found in _lock_coming(tx, series, now)]
    tx.execute(_TAKE_ALL_NO_MORE, {"series": series, "person": person})
    left = [(found, before) for found, before in rows if before is not None and before.registration.state in ACTIVE]
    for found, before in left:
        _end(tx, found, before, now, terms, alone=False)
    return [found for found, _ in left]


def release(tx: Tx, person: int, now: int, terms: Terms) -> None:
    """Frees the seats of a person who is being erased: no registration, need or detail refers to them any more."""
    for row in tx.execute(_SESSIONS_OF_PERSON, {"person": person}):
        lock(tx, row.session)
    for statement in _FORGET:
        tx.execute(statement, {"person": person})
    for row in sorted(tx.execute(_RELEASE, {"person": person})):
        found = lock(tx, row.session)
        if found is not None and row.state in ACTIVE and now < found.ends:
            count_ended(tx, found.id)
            fill_locked(tx, found, now, terms)


def _lock_coming(tx: Tx, series: int, now: int) -> list[Session]:
    """The sessions of a series that are to come and not cancelled, locked in the order of their ids; earliest first."""
    locked = [lock(tx, id_) for id_ in sorted(one.id for one in sessions_of(tx, series) if one.starts > now)]
    coming = [one for one in locked if one is not None and one.starts > now and one.state != "cancelled"]
    return sorted(coming, key=lambda one: (one.starts, one.id))


def _settled(found: Session, before: Own | None, now: int) -> AlreadyRegistered | Refused | None:
    """The answer where nothing can change, and None where somebody can register."""
    if before is not None and before.registration.state != "cancelled":
        return AlreadyRegistered(before.registration)
    return _shut(found, now) or (Refused("closed") if found.state == "closed" else None)


def _shut(found: Session, now: int) -> Refused | None:
    """Why nobody gets a seat any more, or None."""
    if found.state == "cancelled":
        return Refused("cancelled")
    return Refused("started") if now >= found.starts else None


def _enter(tx: Tx, found: Session, before: Own | None, who: Who, now: int) -> Confirmed | Waitlisted:
    """Gives a seat, or a place at the end of the line when there is none free or others wait."""
    here = standing(tx, found)
    seated = not here.waiting and (here.free is None or here.free > 0)
    row = {"state": "confirmed" if seated else "waitlisted", "confirmed_at": now if seated else None, "now": now}
    row["line"] = here.last + 1
    if before is not None:
        tx.execute(_ENTER_AGAIN, row | {"id": before.id})
    else:
        tx.execute(_ENTER, row | {"session": found.id, "person": None, "guest": None} | {who.kind: who.id})
    return Confirmed() if seated else Waitlisted(here.waiting + 1)


def _not_registered(before: Own | None) -> NotRegistered:
    return NotRegistered(None if before is None else before.registration)


def _leave(tx: Tx, session: int, who: Who, now: int, terms: Terms) -> Leaving:
    found = lock(tx, session)
    if found is None:
        return Refused("unknown")
    before = own(tx, session, who)
    if before is None or before.registration.state not in ACTIVE:
        return _not_registered(before)
    return _end(tx, found, before, now, terms)


def _end(tx: Tx, found: Session, before: Own, now: int, terms: Terms, *, alone: bool = True) -> Left | Refused:
    """Ends an active registration; `alone` when only this one of its series is left."""
    if now >= found.ends:
        return Refused("started")
    tx.execute(_END, {"id": before.id, "alone": alone})
    tx.execute(_NEEDS_NO_MORE, {"id": before.id})
    count_ended(tx, found.id)
    if before.registration.state != "waitlisted":
        fill_locked(tx, found, now, terms)
    return Left(before.registration.state)
