"""What was done with a role's rights; one row for each act, without names or texts, for two years."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from bot.domain.instants import DAY
from bot.store.tx import Tx

KEPT = 2 * 365 * DAY

_NOTE = text("INSERT INTO audit (at, role, person, action, subject) VALUES (:now, :role, :person, :action, :subject)")
_FORGET = text("UPDATE audit SET person = NULL WHERE person = :person")
_FORGET_SUBJECT = text("UPDATE audit SET subject = 'person' WHERE subject = :subject")
_ACTS = text("SELECT at, role, person, action, subject FROM audit WHERE at >= :since ORDER BY at, id")
_SWEEP = text("DELETE FROM audit WHERE at < :before")


@dataclass(frozen=True, slots=True)
class Act:
    """What was done when (UTC microseconds), with whose rights, by whom (None: by the operator, or gone), to what."""

    at: int
    role: str
    person: int | None
    action: str
    subject: str


def note(tx: Tx, role: str, person: int | None, action: str, subject: str, now: int) -> None:
    """Note an act in the caller's transaction, so that it is noted exactly when it is done.

    Args:
        tx: The transaction of the act.
        role: With whose rights: coordinator, staff, or operator for the command line.
        person: Telegram's id of who did it; None for the command line.
        action: What was done, in a word or two: "session moved".
        subject: To what, as kind and number: "session 3"; never a name or a text. To a person: see `about`.
        now: UTC microseconds.
    """
    tx.execute(_NOTE, {"now": now, "role": role, "person": person, "action": action, "subject": subject})


def about(person: int) -> str:
    """The subject of an act that was done to a person; of who is erased later, only "person" stays."""
    return f"person {person}"


def acts(tx: Tx, since: int = 0) -> list[Act]:
    """What was done since then (UTC microseconds), the oldest first."""
    return [Act(*row) for row in tx.execute(_ACTS, {"since": since})]


def forget(tx: Tx, person: int) -> None:
    """Leaves only the role in the rows of a person who is being erased."""
    tx.execute(_FORGET, {"person": person})
    tx.execute(_FORGET_SUBJECT, {"subject": about(person)})


def sweep(tx: Tx, now: int) -> None:
    """Deletes what is older than two years; `now` in UTC microseconds."""
    tx.execute(_SWEEP, {"before": now - KEPT})
