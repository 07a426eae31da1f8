"""Work in several steps, kept as rows: a button carries the draft, and an old button finds nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from bot.store.people import DAY
from bot.store.tx import Tx

LIFE = timedelta(hours=1)

# A draft hangs on a person; who has none yet (nothing was stored of them) gets one.
KNOW = text(
    "INSERT INTO people (id, blocked, created, seen) VALUES (:id, :blocked, :now, :day) ON CONFLICT (id) DO NOTHING"
)
START = text(
    "INSERT INTO drafts (person, kind, step, answers, version, expires) "
    "VALUES (:person, :kind, :step, :answers, 1, :expires) RETURNING id"
)
TAKE = text("DELETE FROM drafts WHERE id = :id AND person = :person AND expires > :now RETURNING kind, answers")
EXPIRED = text("DELETE FROM drafts WHERE expires <= :now")


def start(tx: Tx, person: int, kind: str, answers: dict[str, Any], now: int) -> int:
    """A new draft of a person; its id. It lives an hour; `now` in UTC microseconds."""
    tx.execute(KNOW, {"id": person, "blocked": False, "now": now, "day": now // DAY * DAY})
    expires = now + int(LIFE.total_seconds()) * 1_000_000
    row = {"person": person, "kind": kind, "step": "preview", "answers": json.dumps(answers), "expires": expires}
    return int(tx.execute(START, row)[0][0])


def take(tx: Tx, draft: int, person: int, now: int) -> tuple[str, dict[str, Any]] | None:
    """Ends a draft: its kind and answers, or None where it is another's, old, or was taken before."""
    rows = tx.execute(TAKE, {"id": draft, "person": person, "now": now})
    return (rows[0][0], json.loads(rows[0][1])) if rows else None


def sweep(tx: Tx, now: int) -> None:
    """Deletes drafts whose time has passed."""
    tx.execute(EXPIRED, {"now": now})
