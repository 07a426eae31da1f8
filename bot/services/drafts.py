"""Work in several steps, kept as rows: a button carries the draft, and an old button finds nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from bot.services.people import know
from bot.store.tx import Tx

LIFE = timedelta(hours=1)

START = text(
    "INSERT INTO drafts (person, kind, step, answers, version, expires) "
    "VALUES (:person, :kind, :step, :answers, 1, :expires) RETURNING id"
)
NOTE = text("UPDATE drafts SET message = :message WHERE id = :id")
ASKED = text(
    "SELECT id, kind, step, answers FROM drafts WHERE person = :person AND message = :message AND expires > :now"
)
LOOK = text("SELECT kind, step, answers FROM drafts WHERE id = :id AND person = :person AND expires > :now")
CHANGE = text(
    "UPDATE drafts SET step = :step, answers = :answers, version = version + 1, message = NULL "
    "WHERE id = :id AND person = :person AND expires > :now RETURNING version"
)
TAKE = text("DELETE FROM drafts WHERE id = :id AND person = :person AND expires > :now RETURNING kind, answers")
EXPIRED = text("DELETE FROM drafts WHERE expires <= :now")


@dataclass(frozen=True, slots=True)
class Draft:
    """Work of a person that is not finished: its kind, where it stands, and what was answered so far."""

    id: int
    kind: str
    step: str
    answers: dict[str, Any]


def start(
    tx: Tx, person: int, kind: str, answers: dict[str, Any], now: int, step: str = "preview", life: timedelta = LIFE
) -> int:
    """A new draft of a person; its id. It lives an hour, or as long as said; `now` in UTC microseconds."""
    know(tx, person, None, now)  # a draft hangs on a person; who has none yet (nothing was stored of them) gets one
    expires = now + int(life.total_seconds()) * 1_000_000
    row = {"person": person, "kind": kind, "step": step, "answers": json.dumps(answers), "expires": expires}
    return int(tx.execute(START, row)[0][0])


def note_question(tx: Tx, draft: int, message: int) -> None:
    """Notes which message asks for the next answer of a draft; a reply to it finds the draft by `asked`."""
    tx.execute(NOTE, {"id": draft, "message": message})


def asked(tx: Tx, person: int, message: int, now: int) -> Draft | None:
    """The draft whose question this message of the person's chat was."""
    rows = tx.execute(ASKED, {"person": person, "message": message, "now": now})
    return Draft(rows[0][0], rows[0][1], rows[0][2], json.loads(rows[0][3])) if rows else None


def look(tx: Tx, draft: int, person: int, now: int) -> Draft | None:
    """A draft as it stands, or None where it is another's, old, or was taken."""
    rows = tx.execute(LOOK, {"id": draft, "person": person, "now": now})
    return Draft(draft, rows[0][0], rows[0][1], json.loads(rows[0][2])) if rows else None


def change(tx: Tx, draft: int, person: int, step: str, answers: dict[str, Any], now: int) -> bool:
    """Brings a draft to its next step; false where it is another's, old, or was taken."""
    row = {"id": draft, "person": person, "step": step, "answers": json.dumps(answers), "now": now}
    return bool(tx.execute(CHANGE, row))


def take(tx: Tx, draft: int, person: int, now: int) -> tuple[str, dict[str, Any]] | None:
    """Ends a draft: its kind and answers, or None where it is another's, old, or was taken before."""
    rows = tx.execute(TAKE, {"id": draft, "person": person, "now": now})
    return (rows[0][0], json.loads(rows[0][1])) if rows else None


def renew(tx: Tx, draft: Draft, person: int, answers: dict[str, Any], now: int, life: timedelta = LIFE) -> int | None:
    """A new draft, to be previewed, in the place of one that was answered: the old preview has no say any more.

    Its id; None where the old one is another's, old, or was taken. It lives an hour, or as long as said.
    """
    return None if take(tx, draft.id, person, now) is None else start(tx, person, draft.kind, answers, now, life=life)


def sweep(tx: Tx, now: int) -> None:
    """Deletes drafts whose time has passed."""
    tx.execute(EXPIRED, {"now": now})
