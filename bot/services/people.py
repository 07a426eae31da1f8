"""People as Lotse knows them: an id, the language they chose, a role; nobody is stored for asking a question."""

from __future__ import annotations

from sqlalchemy import text

from bot.store.people import DAY
from bot.store.tx import Tx

CHOOSE = text(
    "INSERT INTO people (id, language, blocked, created, seen) VALUES (:id, :language, :blocked, :now, :day) "
    "ON CONFLICT (id) DO UPDATE SET language = excluded.language, seen = excluded.seen"
)
KNOW = text(
    "INSERT INTO people (id, code, blocked, created, seen) VALUES (:id, :code, :blocked, :now, :day) "
    "ON CONFLICT (id) DO UPDATE SET code = COALESCE(excluded.code, people.code), "
    "seen = CASE WHEN excluded.seen > people.seen THEN excluded.seen ELSE people.seen END"
)
HOLD = {
    "sqlite": text("SELECT id FROM people WHERE id = :id"),  # there is one writer
    "postgresql": text("SELECT id FROM people WHERE id = :id FOR UPDATE"),
}
BLOCK = text("UPDATE people SET blocked = :blocked WHERE id = :id")


def know(tx: Tx, person: int, code: str | None, now: int) -> None:
    """Stores a person of whom something is kept from now on; `code` is Telegram's, `now` in UTC microseconds."""
    row = {"id": person, "code": code, "blocked": False, "now": now, "day": now // DAY * DAY}
    tx.execute(KNOW, row)


def hold(tx: Tx, person: int) -> bool:
    """Keeps others from storing or erasing anything of a person until this transaction ends; whether they are known."""
    return bool(tx.execute(HOLD[tx.dialect], {"id": person}))


def choose_language(tx: Tx, person: int, language: str, now: int) -> None:
    """Remembers the language a person chose; `now` in UTC microseconds."""
    tx.execute(CHOOSE, {"id": person, "language": language, "blocked": False, "now": now, "day": now // DAY * DAY})


def set_blocked(tx: Tx, person: int, blocked: bool) -> None:  # noqa: FBT001 - the state itself
    """Notes that a person stopped the bot, or started it again."""
    tx.execute(BLOCK, {"id": person, "blocked": blocked})
