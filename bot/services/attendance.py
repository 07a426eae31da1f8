"""Who was there: said by people while a session runs, corrected by coordinators for two weeks afterwards."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import text

from bot.domain.instants import DAY, MINUTE
from bot.domain.programme import ATTENDANCE_AFTER, ATTENDANCE_BEFORE, Session
from bot.services.sessions import session as one_session
from bot.store.outbox import Notice, queue
from bot.store.tx import Tx

CORRECTION = 14 * DAY  # after the end
LONGEST = 2 * DAY  # no session lasts longer; bounds how far back is looked for those that run

Attending = Literal["attended", "already", "unregistered", "not running"]
Claiming = Literal["claimed", "attended", "unregistered", "too late"]

_RUNNING = text("""
    SELECT id, code_word FROM sessions
    WHERE starts <= :now + :before AND starts >= :now - :longest
    AND starts + CAST(minutes AS BIGINT) * :minute + :after >= :now
    AND state <> 'cancelled' AND code_word <> '' ORDER BY id
""")
_STATE = text("SELECT state FROM registrations WHERE session = :session AND person = :person")
_ATTEND = text("""
    UPDATE registrations SET state = 'attended', claimed = FALSE, changes = changes + 1
    WHERE session = :session AND person = :person AND state IN ('confirmed', 'no_show') RETURNING id
""")
_MISS = text("""
    UPDATE registrations SET state = 'no_show', claimed = FALSE, changes = changes + 1
    WHERE session = :session AND person = :person AND state IN ('confirmed', 'attended') RETURNING id
""")
_CLAIM = text("""
    UPDATE registrations SET claimed = TRUE
    WHERE session = :session AND person = :person AND state = 'confirmed' RETURNING id
""")
_CLAIMS = text(
    "SELECT person FROM registrations WHERE session = :session AND claimed IS TRUE AND state = 'confirmed' "
    "ORDER BY person"
)
_OVER = text("""
    SELECT id FROM sessions
    WHERE finished IS NULL AND state <> 'cancelled'
    AND starts + CAST(minutes AS BIGINT) * :minute + :after < :now ORDER BY id
""")
_FINISH = text("UPDATE sessions SET finished = :now WHERE id = :session AND finished IS NULL RETURNING id")
_FINISHED = text("SELECT finished FROM sessions WHERE id = :session")
_ATTENDED = text(
    "SELECT person FROM registrations WHERE session = :session AND state = 'attended' AND person IS NOT NULL "
    "ORDER BY person"
)


def attend(tx: Tx, session: int, person: int, now: int) -> Attending:
    """Notes that a person is there, while the session runs; `now` in UTC microseconds.

    "already" says that it was noted already, "unregistered" that the person has no seat.
    """
    found = one_session(tx, session)
    state = _state(tx, session, person)
    if found is None or state not in {"confirmed", "attended", "no_show"}:
        return "unregistered"
    if state == "attended":
        return "already"
    if not found.running(now):
        return "not running"
    return "attended" if tx.execute(_ATTEND, {"session": session, "person": person}) else "already"


def claim(tx: Tx, session: int, person: int, now: int) -> Claiming:
    """Notes that a person with a seat says to have been there; the coordinators decide. Twice is once."""
    found = one_session(tx, session)
    state = _state(tx, session, person)
    if state == "attended":
        return "attended"
    if found is None or state not in {"confirmed", "no_show"}:
        return "unregistered"
    if not correctable(found, now) or state == "no_show":  # the coordinators have decided
        return "too late"
    return "claimed" if tx.execute(_CLAIM, {"session": session, "person": person}) else "too late"


def correctable(session: Session, now: int) -> bool:
    """Whether attendance can be corrected: from the end until two weeks later."""
    return session.state != "cancelled" and session.ends <= now <= session.ends + CORRECTION


def correct(tx: Tx, session: int, person: int, attended: bool, now: int) -> bool:  # noqa: FBT001 - the state itself
    """Puts right whether a person with a seat was there; false where nothing changed or it is too late.

    Who turns out to have been there gets the thanks that the others had after the session.
    """
    found = one_session(tx, session)
    if found is None or not correctable(found, now):
        return False
    changed = tx.execute(_ATTEND if attended else _MISS, {"session": session, "person": person})
    if changed and attended and tx.execute(_FINISHED, {"session": session})[0].finished is not None:
        queue(tx, [_after(found, person, now)])
    return bool(changed)


def claims_of(tx: Tx, session: int) -> int:
    """How many say to have been there, and wait for a decision."""
    return len(tx.execute(_CLAIMS, {"session": session}))


def settle_claims(tx: Tx, session: int, accept: bool, now: int) -> int:  # noqa: FBT001 - the decision itself
    """Accepts everybody who says to have been there, or nobody; how many they were."""
    people = [row.person for row in tx.execute(_CLAIMS, {"session": session})]
    return sum(correct(tx, session, person, accept, now) for person in people)


def running(tx: Tx, now: int) -> list[tuple[int, str]]:
    """The sessions at which attendance can be said by a word, with the word."""
    bounds = {"now": now, "before": ATTENDANCE_BEFORE, "after": ATTENDANCE_AFTER, "longest": LONGEST, "minute": MINUTE}
    return [(row.id, row.code_word) for row in tx.execute(_RUNNING, bounds)]


def over(tx: Tx, now: int) -> list[int]:
    """The sessions at which attendance cannot be said any more, and whose people were not written to yet."""
    return [row.id for row in tx.execute(_OVER, {"now": now, "after": ATTENDANCE_AFTER, "minute": MINUTE})]


def finish(tx: Tx, now: int) -> int:
    """Writes to those who attended, once attendance cannot be said any more; how many sessions have ended so."""
    return sum(_finish(tx, session, now) for session in over(tx, now))


def _finish(tx: Tx, session: int, now: int) -> bool:
    found = one_session(tx, session)
    if found is None or not tx.execute(_FINISH, {"session": session, "now": now}):
        return False  # another process was faster
    queue(tx, [_after(found, row.person, now) for row in tx.execute(_ATTENDED, {"session": session})])
    return True


def _after(session: Session, person: int, now: int) -> Notice:
    """Thanks, materials and the question what somebody takes from the session."""
    return Notice(person, "after", f"after:{session.id}", now, session.id, expires=session.ends + CORRECTION)


def _state(tx: Tx, session: int, person: int) -> str | None:
    rows = tx.execute(_STATE, {"session": session, "person": person})
    return rows[0].state if rows else None
