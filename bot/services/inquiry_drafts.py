"""Texts that are not sent yet: asked for by one message, shown by the next, replaced by another reply to either."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import text

from bot.services.drafts import Draft, change, start, take
from bot.store.tx import Tx

PREVIEW = "preview"  # the step of a draft that can be confirmed
DONE = "done"  # the step of one that was: a second press, or one that is handled again after a kill, hears the same

_PREVIEWS = text("SELECT id, answers FROM drafts WHERE person = :person AND kind = :kind AND step = :step")


def put_to_preview(tx: Tx, draft: Draft, person: int, answers: dict[str, Any], now: int) -> int:
    """A draft of what was replied, ready to be confirmed, in the place of the one shown before; its id.

    The draft that asked stays, so that another reply to the same question, or an edited one, replaces this one;
    `asked` in the answers is its number. `now` in UTC microseconds.
    """
    asked = draft.answers.get("asked", draft.id)
    for before in _previews(tx, person, draft.kind, asked):
        take(tx, before, person, now)
    return start(tx, person, draft.kind, {**answers, "asked": asked}, now, PREVIEW)


def drop(tx: Tx, draft: Draft, person: int, now: int) -> None:
    """Ends a draft together with the one that asked."""
    for one in _with_its_question(tx, draft, person):
        take(tx, one, person, now)


def finish(tx: Tx, draft: Draft, person: int, result: dict[str, Any], now: int) -> None:
    """Ends a draft that was confirmed; only what came of it is kept, until the draft expires."""
    for one in _with_its_question(tx, draft, person) - {draft.id}:
        take(tx, one, person, now)
    change(tx, draft.id, person, DONE, result, now)


def _with_its_question(tx: Tx, draft: Draft, person: int) -> set[int]:
    asked = draft.answers.get("asked", draft.id)
    return {asked, draft.id, *_previews(tx, person, draft.kind, asked)}


def _previews(tx: Tx, person: int, kind: str, asked: int) -> list[int]:
    """What was shown of the replies to a question; one at most, but for two replies at the same time."""
    rows = tx.execute(_PREVIEWS, {"person": person, "kind": kind, "step": PREVIEW})
    return sorted(row.id for row in rows if json.loads(row.answers).get("asked") == asked)
