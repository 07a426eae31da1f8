"""People as Lotse knows them: an id, the language they chose, a role; nobody is stored for asking a question."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from bot.store.people import DAY
from bot.store.tx import Tx

SILENCE = timedelta(days=183)  # six months without a sign erase a person without registration, role or newsletter

CHOOSE = text(
    "INSERT INTO people (id, language, blocked, created, seen) VALUES (:id, :language, :blocked, :now, :day) "
    "ON CONFLICT (id) DO UPDATE SET language = excluded.language, seen = excluded.seen"
)
ABOUT = text("SELECT id, language, code, role, created, seen FROM people WHERE id = :id")
DRAFTS = text("SELECT kind, answers, expires FROM drafts WHERE person = :id ORDER BY id")
ERASE = text("DELETE FROM people WHERE id = :id")
ERASE_DRAFTS = text("DELETE FROM drafts WHERE person = :id")
BLOCK = text("UPDATE people SET blocked = :blocked WHERE id = :id")
FORGET = text("DELETE FROM people WHERE seen < :before AND role IS NULL RETURNING id")


def choose_language(tx: Tx, person: int, language: str, now: int) -> None:
    """Remembers the language a person chose; `now` in UTC microseconds."""
    tx.execute(CHOOSE, {"id": person, "language": language, "blocked": False, "now": now, "day": now // DAY * DAY})


def set_blocked(tx: Tx, person: int, blocked: bool) -> None:  # noqa: FBT001 - the state itself
    """Notes that a person stopped the bot, or started it again."""
    tx.execute(BLOCK, {"id": person, "blocked": blocked})


def about(tx: Tx, person: int) -> dict[str, Any]:
    """Everything stored about a person, for themselves; dates as ISO days (UTC)."""
    rows = tx.execute(ABOUT, {"id": person})
    stored: dict[str, Any] = {"telegram_id": person}
    for _, language, code, role, created, seen in rows:
        stored |= {"language": language, "telegram_language": code, "role": role}
        stored |= {"since": _day(created), "last_seen": _day(seen)}
    stored["drafts"] = [
        {"kind": kind, "answers": json.loads(answers), "expires": _day(expires)}
        for kind, answers, expires in tx.execute(DRAFTS, {"id": person})
    ]
    return stored


def erase(tx: Tx, person: int) -> None:
    """Deletes everything of a person; counts without a person stay."""
    tx.execute(ERASE_DRAFTS, {"id": person})
    tx.execute(ERASE, {"id": person})


def forget_silent(tx: Tx, now: int) -> int:
    """Deletes people without a role who were silent for six months; how many."""
    before = now - int(SILENCE.total_seconds()) * 1_000_000
    return len(tx.execute(FORGET, {"before": before}))


def _day(instant: int) -> str:
    return datetime.fromtimestamp(instant / 1_000_000, UTC).date().isoformat()
