"""Marks: up to when something was done, so that it is done once, and what was missed is made up for."""

from __future__ import annotations

from sqlalchemy import text

from bot.store.tx import Tx

_MARK = text("SELECT at FROM marks WHERE name = :name")
_MOVE = text("""
    INSERT INTO marks (name, at) VALUES (:name, :at) ON CONFLICT (name) DO UPDATE SET at = excluded.at
    WHERE marks.at < excluded.at
""")


def mark(tx: Tx, name: str) -> int:
    """The instant of a mark, UTC microseconds; 0 for one that was never set."""
    rows = tx.execute(_MARK, {"name": name})
    return rows[0].at if rows else 0


def move_mark(tx: Tx, name: str, at: int) -> None:
    """Moves a mark on to an instant (UTC microseconds); it never goes back."""
    tx.execute(_MOVE, {"name": name, "at": at})
