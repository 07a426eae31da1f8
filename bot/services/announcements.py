"""Announcing: what coordinators do, each act once, with the rights of that moment and noted in the audit.

Queueing and what follows is in announcement_queue.py, how far it is in announcement_progress.py.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from typing import Literal

from sqlalchemy import text

from bot.domain.announcements import Audience, Content, as_json, audience_of, content_of
from bot.services.announcement_audience import anybody, reach
from bot.services.announcement_progress import Progress, Shown, due_to_tell, is_to_tell, progress, show_progress
from bot.services.announcement_queue import FIRST, MOST, advance, correct_all, is_advancing
from bot.services.announcement_records import alone, announcement, locked, recent
from bot.services.audit import note
from bot.services.drafts import look, take
from bot.services.roles import coordinates
from bot.store.tx import Tx

__all__ = [
    "Cancelled",
    "Confirmed",
    "Corrected",
    "Progress",
    "Refused",
    "Repeated",
    "Shown",
    "advance",
    "announcement",
    "cancel",
    "confirm",
    "correct",
    "create",
    "due_to_tell",
    "is_advancing",
    "is_to_tell",
    "progress",
    "reach",
    "recent",
    "repeat",
    "show_progress",
]

KIND, CORRECTION = "announce", "correct"  # of the drafts

_CREATE = text("""
    INSERT INTO announcements (name, author, state, content, audience, due, created)
    VALUES (:name, :author, 'queueing', :content, :audience, :due, :now)
    ON CONFLICT (name) DO NOTHING RETURNING id
""")
_CANCEL = text("""
    UPDATE announcements SET state = 'cancelled', repeated = NULL
    WHERE id = :id AND (state = 'queueing' OR (state = 'sending' AND (due > :now OR EXISTS (
        SELECT 1 FROM outbox WHERE outbox.announcement = announcements.id AND outbox.kind = 'announcement'
        AND outbox.state IN ('waiting', 'claimed', 'sending')
    )))) RETURNING id
""")
# What is on its way cannot be taken back; what a sender has only claimed can.
_DROP_CLAIMED = text("""
    UPDATE outbox SET state = 'dropped', fence = NULL, parameters = '{}'
    WHERE announcement = :id AND kind = 'announcement' AND state = 'claimed'
""")
_REWORD = text("UPDATE announcements SET content = :content, version = version + 1 WHERE id = :id")
_REPEAT = text("""
    UPDATE announcements SET state = 'sending', round = round + 1, repeated = :first, ended = NULL
    WHERE id = :id
""")
_FAILED = text("""
    SELECT 1 FROM outbox WHERE announcement = :id AND kind = 'announcement' AND state = 'failed' LIMIT 1
""")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """It is on its way from now on; `due` in UTC microseconds."""

    id: int
    due: int


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Nobody gets it any more who has not got it yet; what is being sent at this moment still arrives."""

    id: int


@dataclass(frozen=True, slots=True)
class Corrected:
    """Those who got it before see the new version soon, those who wait get it."""

    id: int
    version: int


@dataclass(frozen=True, slots=True)
class Repeated:
    """The failed ones are sent again, in this round."""

    id: int
    round: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was done, and why.

    The draft or announcement is gone; the person has the role no more; nobody would get it; its time has passed; it is
    over; or it is not any more what was seen.
    """

    why: Literal["gone", "role", "nobody", "past", "over", "outdated"]


def create(
    tx: Tx,
    content: Content,
    audience: Audience,
    author: int | None,
    due: int | None,
    now: int,
    name: str | None = None,
) -> int | None:
    """An announcement that is queued from now on, and sent when it is due; its id.

    Args:
        tx: The transaction.
        content: What is announced.
        audience: To whom.
        author: Who gets the summary; None for Lotse itself.
        due: When it is sent, UTC microseconds; None for now.
        now: UTC microseconds.
        name: Of one that Lotse makes by itself; None comes back where there was one of this name before.
    """
    kept = {"content": json.dumps(as_json(content)), "audience": json.dumps(asdict(audience))}
    rows = tx.execute(_CREATE, {"name": name, "author": author, "due": now if due is None else due, "now": now, **kept})
    return int(rows[0].id) if rows else None


def confirm(tx: Tx, draft: int, person: int, coordinators: Collection[int], now: int) -> Confirmed | Refused:
    """Makes an announcement of a draft, once however often this is called.

    A draft whose time has passed, or that nobody would get, stays.

    Args:
        tx: The transaction.
        draft: Its answers are `content`, `audience`, and `due` in UTC microseconds or None for now.
        person: The coordinator; whether they are one is looked up here.
        coordinators: Those that the operator has set.
        now: UTC microseconds.
    """
    found = look(tx, draft, person, now)
    if found is None or found.kind != KIND:
        return Refused("gone")
    if not coordinates(tx, person, coordinators):
        return Refused("role")
    content, audience = content_of(found.answers["content"]), audience_of(found.answers["audience"])
    due = now if found.answers.get("due") is None else int(found.answers["due"])
    if due < now:
        return Refused("past")
    if not anybody(tx, audience, coordinators, MOST):
        return Refused("nobody")
    if take(tx, draft, person, now) is None:
        return Refused("gone")
    made = create(tx, content, audience, person, due, now)
    assert made is not None, "only a name that was there before is refused"
    note(tx, "coordinator", person, "announcement confirmed", f"announcement {made}", now)
    return Confirmed(made, due)


def cancel(tx: Tx, id_: int, person: int, coordinators: Collection[int], now: int) -> Cancelled | Refused:
    """Stops an announcement, as long as somebody has not got it yet.

    `coordinators` are those that the operator has set, `now` in UTC microseconds.
    """
    if not coordinates(tx, person, coordinators):
        return Refused("role")
    if locked(tx, id_) is None:
        return Refused("gone")
    if not tx.execute(_CANCEL, {"id": id_, "now": now}):
        return Refused("over")
    tx.execute(_DROP_CLAIMED, {"id": id_})
    note(tx, "coordinator", person, "announcement cancelled", f"announcement {id_}", now)
    return Cancelled(id_)


def correct(tx: Tx, draft: int, person: int, coordinators: Collection[int], now: int) -> Corrected | Refused:
    """Gives an announcement other texts, as a draft says: in what was sent as well as in what waits.

    Args:
        tx: The transaction.
        draft: Its answers are `announcement`, the `version` that the correction was made from, and `content`, of which
            only the texts count.
        person: The coordinator; whether they are one is looked up here.
        coordinators: Those that the operator has set.
        now: UTC microseconds.
    """
    found = look(tx, draft, person, now)
    if found is None or found.kind != CORRECTION:
        return Refused("gone")
    if not coordinates(tx, person, coordinators):
        return Refused("role")
    alone(tx)
    before = locked(tx, found.answers["announcement"])
    if take(tx, draft, person, now) is None or before is None:
        return Refused("gone")
    if before.version != found.answers["version"]:
        return Refused("outdated")
    content = replace(before.content, texts=content_of(found.answers["content"]).texts)
    tx.execute(_REWORD, {"id": before.id, "content": json.dumps(as_json(content))})
    after = replace(before, content=content, version=before.version + 1)
    correct_all(tx, after, now)
    note(tx, "coordinator", person, "announcement corrected", f"announcement {after.id}", now)
    return Corrected(after.id, after.version)


def repeat(tx: Tx, id_: int, round_: int, person: int, coordinators: Collection[int], now: int) -> Repeated | Refused:
    """Sends an announcement again to those of whom it is known that they did not get it, and no one else.

    `round_` is the one whose summary was seen, so that two presses are one repetition; `coordinators` are those that
    the operator has set; `now` in UTC microseconds.
    """
    if not coordinates(tx, person, coordinators):
        return Refused("role")
    found = locked(tx, id_)
    if found is None:
        return Refused("gone")
    if (found.state, found.round) != ("finished", round_):
        return Refused("outdated")
    if not tx.execute(_FAILED, {"id": id_}):
        return Refused("nobody")
    tx.execute(_REPEAT, {"id": id_, "first": FIRST})
    note(tx, "coordinator", person, "announcement repeated", f"announcement {id_}", now)
    return Repeated(id_, round_ + 1)
