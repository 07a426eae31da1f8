"""Since when the knowledge holds an entry: what a digest of news is made from."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import text

from bot.store.tx import Tx, for_each_dialect, rows_of

BEGINNING = 0  # of entries that were there when Lotse first looked: they are not new to anybody

_NOTED = text("SELECT EXISTS (SELECT 1 FROM novelties) AS noted")
_NOTE = for_each_dialect("""
    INSERT INTO novelties (entry, since) SELECT value->>0, :since FROM {rows(entries)} AS held WHERE TRUE
    ON CONFLICT (entry) DO NOTHING RETURNING entry
""")
_SINCE = text("SELECT entry, since FROM novelties WHERE since > :after AND since <= :until ORDER BY since, entry")


def note(tx: Tx, entries: Collection[str], now: int) -> int:
    """Notes entries that were not there before as new at `now` (UTC microseconds); how many.

    The very first ones were there from the beginning. What is taken away and comes again is not new.
    """
    since = now if tx.execute(_NOTED)[0].noted else BEGINNING
    held = rows_of(sorted(entries))
    noted = tx.execute(_NOTE[tx.dialect], {"entries": held, "since": since})
    return len(noted) if since else 0


def between(tx: Tx, after: int, until: int) -> dict[str, int]:
    """The entries that came after one instant and until another, with the instant; UTC microseconds."""
    rows = tx.execute(_SINCE, {"after": max(after, BEGINNING), "until": until})
    return {row.entry: row.since for row in rows}
