"""Announcements as they are stored."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import text

from bot.domain.announcements import Announcement, audience_of, content_of
from bot.domain.instants import DAY
from bot.store.tx import AnyRow, Tx, for_each_dialect, rows_of

RECENT = 30 * DAY  # so long after its end an announcement is still listed

_COLUMNS = "SELECT id, author, state, content, audience, due, version, round FROM announcements"
_NAMED = for_each_dialect(_COLUMNS + " WHERE id IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows(ids)})")  # noqa: S608
_RECENT = text(f"{_COLUMNS} WHERE ended IS NULL OR ended > :since ORDER BY due DESC, id DESC")
_LOCKED = {
    "sqlite": text(f"{_COLUMNS} WHERE id = :id"),  # there is one writer
    "postgresql": text(f"{_COLUMNS} WHERE id = :id FOR NO KEY UPDATE"),
}
# For its whole transaction nobody changes or cancels what a sender has read.
_HOLD = for_each_dialect("""
    SELECT id FROM announcements WHERE id IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows(ids)}) ORDER BY id FOR SHARE
""")["postgresql"]
_OWN = text(f"{_COLUMNS} WHERE author = :author ORDER BY id")
_FORGET = text("UPDATE announcements SET author = NULL, progress = NULL WHERE author = :author")
_ALONE = text("SELECT pg_advisory_xact_lock(:key)")
_TRY_ALONE = text("SELECT pg_try_advisory_xact_lock(:key) AS alone")
_KEY = 0x4C6F747365  # a number of ours among the advisory locks: "Lotse"


def announcement(tx: Tx, id_: int) -> Announcement | None:
    """One announcement, or None."""
    return announcements(tx, [id_]).get(id_)


def announcements(tx: Tx, ids: Iterable[int]) -> dict[int, Announcement]:
    """Those of the announcements that exist."""
    rows = tx.execute(_NAMED[tx.dialect], {"ids": _json(ids)})
    return {row.id: _announcement(row) for row in rows}


def recent(tx: Tx, now: int) -> list[Announcement]:
    """Those that run, are to come, or ended in the last 30 days, the latest first; `now` in UTC microseconds."""
    return [_announcement(row) for row in tx.execute(_RECENT, {"since": now - RECENT})]


def locked(tx: Tx, id_: int) -> Announcement | None:
    """One announcement, which nobody else changes before this transaction ends."""
    rows = tx.execute(_LOCKED[tx.dialect], {"id": id_})
    return _announcement(rows[0]) if rows else None


def hold(tx: Tx, ids: Iterable[int]) -> None:
    """Keeps announcements as they are until this transaction ends."""
    wanted = _json(ids)
    if tx.dialect == "postgresql" and wanted != "[]":
        tx.execute(_HOLD, {"ids": wanted})


def alone(tx: Tx) -> None:
    """Waits until nobody is adding messages about announcements, and keeps others from it until this transaction ends.

    Whoever erases a person does this first: of a message that is added meanwhile neither would know.
    """
    if tx.dialect == "postgresql":
        tx.execute(_ALONE, {"key": _KEY})


def alone_at_once(tx: Tx) -> bool:
    """As `alone`, but false in the place of waiting."""
    return tx.dialect == "sqlite" or bool(tx.execute(_TRY_ALONE, {"key": _KEY})[0].alone)


def written_by(tx: Tx, person: int) -> list[Announcement]:
    """What somebody has announced, for themselves."""
    return [_announcement(row) for row in tx.execute(_OWN, {"author": person})]


def forget(tx: Tx, person: int) -> None:
    """Takes the author out of what a person who is being erased has announced; comes first of all that is erased."""
    alone(tx)
    tx.execute(_FORGET, {"author": person})


def _announcement(row: AnyRow) -> Announcement:
    id_, author, state, content, audience, *rest = row
    return Announcement(id_, author, state, content_of(json.loads(content)), audience_of(json.loads(audience)), *rest)


def _json(ids: Iterable[int]) -> str:
    return rows_of(sorted(set(ids)))
