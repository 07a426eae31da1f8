"""What people take from a session into their work; kept without a name."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from bot.store.tx import Tx

LONGEST = 1000  # characters

_ASKED = text("SELECT session FROM outbox WHERE person = :person AND message = :message AND kind = 'after'")
_KEEP = text("INSERT INTO feedback (session, language, text) VALUES (:session, :language, :text)")
_READ = text(
    "SELECT language, text FROM feedback WHERE session = :session ORDER BY id DESC LIMIT :many OFFSET :skipped"
)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody wrote about a session, and in which language."""

    language: str
    text: str


def asked_about(tx: Tx, person: int, message: int) -> int | None:
    """The session that this message in the person's chat asked about, if it was such a question."""
    rows = tx.execute(_ASKED, {"person": person, "message": message})
    return rows[0].session if rows else None


def keep(tx: Tx, session: int, language: str, written: str) -> None:
    """Keeps what somebody wrote, up to LONGEST characters; neither who it was nor when."""
    tx.execute(_KEEP, {"session": session, "language": language, "text": written[:LONGEST]})


def feedback(tx: Tx, session: int, skipped: int, many: int) -> list[Feedback]:
    """So many texts about a session after the first `skipped`, the newest first."""
    rows = tx.execute(_READ, {"session": session, "many": many, "skipped": skipped})
    return [Feedback(row.language, row.text) for row in rows]
