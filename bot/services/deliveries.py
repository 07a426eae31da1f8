"""How many messages were sent unasked, and what became of the others."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import text

from bot.store.tx import Tx

ENDED = ("sent", "failed", "blocked", "unconfirmed")
CATEGORIES = {"reminder": "reminder", "announcement": "announcement"}  # every other kind is a notice
CHANGES = frozenset({"correction"})  # what changes a message that was sent is no message of its own

# Who waits for another try is due, whatever the time of that try.
_COUNTS = text("""
    SELECT kind, CASE WHEN state IN ('claimed', 'sending') THEN 'waiting' ELSE state END AS state, COUNT(*) AS count
    FROM outbox WHERE state <> 'dropped' AND (state <> 'waiting' OR due <= :now OR attempts > 0)
    GROUP BY 1, 2
    UNION ALL SELECT kind, state, count FROM totals
""")


def deliveries(tx: Tx, now: int) -> dict[str, dict[str, int]]:
    """By reminder, announcement and notice: how many wait, were sent, failed, are blocked, or stay unconfirmed.

    Since the beginning, those to people who are gone included; recipients are counted, not transmissions. `waiting` is
    what is due at `now` (UTC microseconds) and not sent.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for kind, state, many in tx.execute(_COUNTS, {"now": now}):
        if kind not in CHANGES:
            counts[CATEGORIES.get(kind, "notice"), state] += int(many)
    categories = ("reminder", "announcement", "notice")
    return {category: {state: counts[category, state] for state in ("waiting", *ENDED)} for category in categories}
