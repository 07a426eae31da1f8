"""Announcements on their way: what is left to do about them, done in small pieces.

Each piece is a transaction that looks at a bounded number of rows and notes how far it came, so that others write in
between and a kill loses nothing: the next piece goes on where the last one was stored.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from bot.domain.announcements import Announcement
from bot.domain.urgency import AWAITED, CORRECTION
from bot.services.announcement_audience import look, queue_others, queue_people
from bot.services.announcement_progress import SUMMARY
from bot.services.announcement_records import alone_at_once, locked
from bot.store.outbox import Notice, queue
from bot.store.tx import Tx

MOST = 500  # rows that one piece looks at, if not said otherwise
FIRST, LAST = -(2**62), 2**62  # before and after all people, groups and channels

# Scalar subqueries, since PostgreSQL reads the whole table for an EXISTS here.
_ANY = """
    (SELECT outbox.id FROM outbox WHERE outbox.announcement = announcements.id AND outbox.kind = 'announcement'
    AND outbox.state IN ({states}) LIMIT 1)
"""
_WAITING, _HELD, _LEFT = (
    _ANY.format(states=states) for states in ("'waiting'", "'claimed', 'sending'", "'waiting', 'claimed', 'sending'")
)
_TO_DO = text(f"""
    SELECT id FROM announcements WHERE (ended IS NULL OR corrected IS NOT NULL) AND (
        state = 'queueing' OR corrected IS NOT NULL OR repeated IS NOT NULL
        OR (state = 'sending' AND due <= :now AND {_LEFT} IS NULL)
        OR (state = 'cancelled' AND ({_WAITING} IS NOT NULL OR {_HELD} IS NULL))
    ) ORDER BY id
""")  # noqa: S608 - of constants
_CURSORS = text("SELECT reached, corrected, repeated FROM announcements WHERE id = :id")
_REACHED = text("UPDATE announcements SET reached = :until, state = :state WHERE id = :id")
_DROP = {
    "sqlite": "",
    "postgresql": "FOR UPDATE SKIP LOCKED",  # what a sender is just claiming it drops by itself
}
_DROP_WAITING = {
    dialect: text(f"""
        UPDATE outbox SET state = 'dropped', parameters = '{{}}' WHERE id IN (
            SELECT id FROM outbox WHERE announcement = :id AND kind = 'announcement' AND state = 'waiting'
            ORDER BY person LIMIT :most {lock}
        ) RETURNING id
    """)  # noqa: S608 - of constants
    for dialect, lock in _DROP.items()
}
_FAILED = text("""
    UPDATE outbox SET state = 'waiting', due = :now, attempts = 0, error = NULL WHERE id IN (
        SELECT id FROM outbox
        WHERE announcement = :id AND kind = 'announcement' AND state = 'failed' AND person > :after
        ORDER BY person LIMIT :most
    ) RETURNING person
""")
_REPEATED = text("UPDATE announcements SET repeated = :repeated WHERE id = :id")
_SENT = """
    SELECT person, message FROM outbox
    WHERE announcement = :id AND kind = 'announcement' AND state = 'sent' AND person < :before
    ORDER BY person DESC LIMIT :most
"""
_LOOKED = text(f"SELECT MIN(person) AS first, COUNT(*) AS many FROM ({_SENT}) AS sent")  # noqa: S608 - of constants
# Whom an earlier correction has not reached yet gets the text of now by that one. In this form, since with a condition
# for the state PostgreSQL reads all that waits, for each of them.
_CORRECT = """
    INSERT INTO outbox (person, dedup, kind, announcement, priority, due)
    SELECT told.person, :dedup, 'correction', :id, :priority, :now FROM ({told}) AS told
    WHERE 'waiting' NOT IN (
        SELECT outbox.state FROM outbox
        WHERE outbox.person = told.person AND outbox.kind = 'correction' AND outbox.announcement = :id
    )
    ON CONFLICT (person, dedup) DO NOTHING
"""
_CORRECT_SENT = text(_CORRECT.format(told=f"SELECT person FROM ({_SENT}) AS sent WHERE message IS NOT NULL"))  # noqa: S608
_CORRECT_HELD = text(
    _CORRECT.format(
        told="SELECT person FROM outbox WHERE announcement = :id AND kind = 'announcement' "
        "AND state IN ('claimed', 'sending')"
    )
)
_CORRECTED = text("UPDATE announcements SET corrected = :corrected WHERE id = :id")
_FINISH = text(f"""
    UPDATE announcements SET ended = :now, state = CASE WHEN state = 'sending' THEN 'finished' ELSE state END
    WHERE id = :id AND ended IS NULL AND repeated IS NULL
    AND (state = 'cancelled' OR (state = 'sending' AND due <= :now))
    AND {_LEFT} IS NULL
    RETURNING state
""")  # noqa: S608 - of constants
_WENT_OUT = text("""
    SELECT 1 FROM outbox WHERE announcement = :id AND kind = 'announcement'
    AND state IN ('sent', 'blocked', 'failed', 'unconfirmed') LIMIT 1
""")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of work for one announcement, with how far it has come."""

    tx: Tx
    one: Announcement
    reached: int
    corrected: int | None
    repeated: int | None
    now: int
    coordinators: Collection[int]
    default_language: str
    most: int

    @property
    def row(self) -> dict[str, Any]:
        return {"id": self.one.id, "now": self.now, "most": self.most}


def is_advancing(tx: Tx, now: int) -> bool:
    """Whether `advance` has something to do at `now` (UTC microseconds); a read, and cheap."""
    return bool(tx.execute(_TO_DO, {"now": now}))


def advance(tx: Tx, now: int, coordinators: Collection[int], default_language: str, most: int = MOST) -> bool:
    """Does a piece of what is left to do about announcements; false when nothing is left, or another process does it.

    It queues announcements and corrections, lets failed ones wait again, drops what waits of cancelled ones, and ends
    those of which every message has ended; their author then gets a summary.

    Args:
        tx: The transaction.
        now: UTC microseconds.
        coordinators: Those that the operator has set.
        default_language: Of whom no language is known.
        most: How many people or messages it looks at.
    """
    ids = [row.id for row in tx.execute(_TO_DO, {"now": now})]
    if not ids or not alone_at_once(tx):
        return False
    pieces = (_begun(tx, id_, now, coordinators, default_language, most) for id_ in ids)
    return any(step(piece) for piece in pieces if piece for step in _STEPS)


def correct_all(tx: Tx, one: Announcement, now: int) -> None:
    """Begins to queue corrections for everybody who may have got another version; who waits gets that of now."""
    row = {"id": one.id, "now": now, **_correction(one)}
    tx.execute(_CORRECT_HELD, row)
    # From the last to the first, since those whom it reaches meanwhile, in the new version, come after.
    tx.execute(_CORRECTED, {"id": one.id, "corrected": LAST})


def _begun(
    tx: Tx, id_: int, now: int, coordinators: Collection[int], default_language: str, most: int
) -> _Piece | None:
    one = locked(tx, id_)
    if one is None:
        return None
    reached, corrected, repeated = tx.execute(_CURSORS, {"id": id_})[0]
    return _Piece(tx, one, reached, corrected, repeated, now, coordinators, default_language, most)


def _queue(piece: _Piece) -> bool:
    """Queues it for the next of those who are in the audience."""
    if piece.one.state != "queueing":
        return False
    if not piece.reached:
        queue_others(piece.tx, piece.one, piece.coordinators, piece.default_language)
    until, more = look(piece.tx, piece.reached, piece.most)
    queue_people(piece.tx, piece.one, piece.reached, until, piece.coordinators, piece.default_language)
    state = "queueing" if more else "sending"
    piece.tx.execute(_REACHED, {"id": piece.one.id, "until": until, "state": state})
    return True


def _drop(piece: _Piece) -> bool:
    """Drops the next that wait of a cancelled one."""
    return piece.one.state == "cancelled" and bool(piece.tx.execute(_DROP_WAITING[piece.tx.dialect], piece.row))


def _repeat(piece: _Piece) -> bool:
    """Lets the next that failed wait again; who fails anew meanwhile is behind."""
    if piece.repeated is None or piece.one.state == "cancelled":
        return False
    found = [row.person for row in piece.tx.execute(_FAILED, {**piece.row, "after": piece.repeated})]
    piece.tx.execute(_REPEATED, {"id": piece.one.id, "repeated": max(found) if len(found) == piece.most else None})
    return True


def _correct(piece: _Piece) -> bool:
    """Queues the next corrections for those who got it."""
    if piece.corrected is None:
        return False
    row = {**piece.row, "before": piece.corrected, **_correction(piece.one)}
    piece.tx.execute(_CORRECT_SENT, row)
    looked = piece.tx.execute(_LOOKED, row)[0]
    piece.tx.execute(_CORRECTED, {"id": piece.one.id, "corrected": looked.first if looked.many == piece.most else None})
    return True


def _finish(piece: _Piece) -> bool:
    """Ends it where every message has ended; a summary goes to the author if any went out."""
    ended = piece.tx.execute(_FINISH, piece.row)
    if not ended:
        return False
    one = piece.one
    if one.author is not None and (ended[0].state == "finished" or piece.tx.execute(_WENT_OUT, {"id": one.id})):
        name = f"{SUMMARY}:{one.id}:{one.round}"
        queue(
            piece.tx,
            [Notice(one.author, SUMMARY, name, piece.now, priority=AWAITED, announcement=one.id)],
        )
    return True


def _correction(one: Announcement) -> dict[str, Any]:
    return {"dedup": f"correction:{one.id}:{one.version}", "priority": CORRECTION}


_STEPS: tuple[Callable[[_Piece], bool], ...] = (_queue, _drop, _repeat, _correct, _finish)
