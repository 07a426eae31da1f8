"""What is deleted of announcements and other messages when their time is over; their counts stay."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

from sqlalchemy import text

from bot.domain.announcements import Content, as_json
from bot.domain.instants import DAY
from bot.services.announcement_records import alone_at_once
from bot.services.deliveries import ENDED
from bot.store.tx import AnyRow, Tx

KEPT = 90 * DAY  # messages after they, or the announcement that they belong to, have ended
MOST = 500  # rows deleted at once
EMPTY = json.dumps(as_json(Content({})))

_OVER = text("SELECT id FROM announcements WHERE ended <= :before AND content <> :empty ORDER BY id LIMIT 1")
_TAKE_OUT = text("""
    DELETE FROM outbox WHERE id IN (
        SELECT id FROM outbox WHERE announcement = :id AND kind = 'announcement' LIMIT :most
    ) RETURNING kind, state
""")
_EMPTY = text("UPDATE announcements SET content = :empty, progress = NULL WHERE id = :id")
# The condition is that of the index; of "session IS NULL" SQLite would read all that there are.
_TAKE_OUT_OTHERS = text("""
    DELETE FROM outbox WHERE id IN (
        SELECT id FROM outbox
        WHERE COALESCE(session, 0) = 0 AND kind <> 'announcement'
        AND state IN ('sent', 'failed', 'blocked', 'unconfirmed', 'dropped') AND due <= :before
        ORDER BY due LIMIT :most
    ) RETURNING kind, state
""")
_COUNT = text("""
    INSERT INTO totals (kind, state, count) VALUES (:kind, :state, :count)
    ON CONFLICT (kind, state) DO UPDATE SET count = totals.count + excluded.count
""")


def forget(tx: Tx, now: int) -> bool:
    """Deletes some of what ended 90 days ago; false when nothing of it is left, or another process does it.

    Of an announcement the texts go, and that there was one stays. What belongs to a session goes with its series.
    `now` in UTC microseconds.
    """
    if not alone_at_once(tx):
        return False
    before = now - KEPT
    for row in tx.execute(_OVER, {"before": before, "empty": EMPTY}):
        gone = tx.execute(_TAKE_OUT, {"id": row.id, "most": MOST})
        _keep_counts(tx, gone)
        if len(gone) < MOST:
            tx.execute(_EMPTY, {"id": row.id, "empty": EMPTY})
        return True
    gone = tx.execute(_TAKE_OUT_OTHERS, {"before": before, "most": MOST})
    _keep_counts(tx, gone)
    return bool(gone)


def _keep_counts(tx: Tx, rows: Iterable[AnyRow]) -> None:
    counts = Counter((row.kind, row.state) for row in rows if row.state in ENDED)
    tx.execute(_COUNT, [{"kind": kind, "state": state, "count": n} for (kind, state), n in sorted(counts.items())])
