"""What was done with a role's rights; one row for each act, without names or texts."""

from __future__ import annotations

from sqlalchemy import text

from bot.store.tx import Tx

_NOTE = text("INSERT INTO audit (at, role, person, action, subject) VALUES (:now, :role, :person, :action, :subject)")
_FORGET = text("UPDATE audit SET person = NULL WHERE person = :person")


def note(tx: Tx, role: str, person: int | None, action: str, subject: str, now: int) -> None:
    """Note an act in the caller's transaction, so that it is noted exactly when it is done.

    Args:
        tx: The transaction of the act.
        role: With whose rights: coordinator, or operator for the command line.
        person: Telegram's id of who did it; None for the command line.
        action: What was done, in a word or two: "session moved".
        subject: To what, as kind and number: "session 3"; never a name or a text.
        now: UTC microseconds.
    """
    tx.execute(_NOTE, {"now": now, "role": role, "person": person, "action": action, "subject": subject})


def forget(tx: Tx, person: int) -> None:
    """Leaves only the role in the rows of a person who is being erased."""
    tx.execute(_FORGET, {"person": person})
