"""Mistakes that people report in contact points and entries: to the coordinators, without a name."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import text

from bot.services.drafts import start, take
from bot.services.roles import readers
from bot.store.outbox import Notice, queue
from bot.store.tx import Tx

KIND = "mistake"  # of drafts and notices
SENT = "sent"  # the step of a draft that only says that this person reported this today
DAY = timedelta(days=1)
LONGEST = 500  # characters of what somebody adds

REPORTED = text(
    "SELECT answers FROM drafts WHERE person = :person AND kind = :kind AND step = :step AND expires > :now"
)


def reported(tx: Tx, person: int, about: str, now: int) -> bool:
    """Whether somebody has reported this contact point or entry within a day; `now` in UTC microseconds."""
    rows = tx.execute(REPORTED, {"person": person, "kind": KIND, "step": SENT, "now": now})
    return any(json.loads(row.answers)["about"] == about for row in rows)


def send(tx: Tx, draft: int, person: int, coordinators: Collection[int], now: int) -> bool:
    """Ends a draft and queues its report to every coordinator; whether it was sent, now or today before.

    The report says what it is about and the words that were added, not who wrote it. `now` in UTC microseconds.
    """
    taken = take(tx, draft, person, now)
    if taken is None:
        return False
    about, words = taken[1]["about"], taken[1].get("words", "")
    if not reported(tx, person, about, now):
        name = f"{KIND}:{draft}:{now}"  # numbers of drafts may come again
        told = sorted(readers(tx, coordinators))
        queue(tx, [Notice(one, KIND, name, now, parameters={"about": about, "words": words}) for one in told])
        start(tx, person, KIND, {"about": about}, now, SENT, DAY)
    return True
