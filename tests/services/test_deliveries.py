"""What the report of deliveries counts."""

from __future__ import annotations

from sqlalchemy import text

from bot.services.deliveries import deliveries
from bot.store.database import Database
from bot.store.outbox import Notice, Outcome, begin, claim, elect, forget, queue, settle
from bot.store.tx import Tx

NOON = 1_800_000_000_000_000
NONE = {"waiting": 0, "sent": 0, "failed": 0, "blocked": 0, "unconfirmed": 0}


def end_as(tx: Tx, fence: int, *states: str) -> list[int]:
    """The next rows end so, in their order; their people."""
    claimed = claim(tx, fence, NOON, len(states))
    begin(tx, fence, [one.id for one in claimed], 0)
    settle(tx, fence, [Outcome(one.id, state, attempts=1) for one, state in zip(claimed, states, strict=True)])
    return [one.person for one in claimed]


async def test_nothing_was_sent_yet(database: Database) -> None:
    assert await database.read(deliveries, NOON) == {"reminder": NONE, "announcement": NONE, "notice": NONE}


async def test_each_kind_is_counted_where_it_belongs(database: Database) -> None:
    kinds = ["reminder", "reminder", "announcement", "offer", "moved", "cancelled", "summary", "given", "link"]
    await database.write(queue, [Notice(person, kind, "x", NOON) for person, kind in enumerate(kinds, 1)])
    fence = (await database.write(elect, "one", NOON)).fence
    await database.write(end_as, fence, "sent", "blocked", "sent", "sent", "failed", "unconfirmed", "sent", "dropped")
    assert await database.read(deliveries, NOON) == {
        "reminder": NONE | {"sent": 1, "blocked": 1},
        "announcement": NONE | {"sent": 1},
        "notice": {"waiting": 1, "sent": 2, "failed": 1, "blocked": 0, "unconfirmed": 1},
    }


async def test_waiting_is_what_is_due_or_in_hands_or_was_tried(database: Database) -> None:
    await database.write(queue, [Notice(person, "given", "x", NOON) for person in range(1, 5)])
    await database.write(queue, [Notice(5, "given", "x", NOON + 1)])
    fence = (await database.write(elect, "one", NOON)).fence
    sending, _, tried = await database.write(claim, fence, NOON, 3)
    await database.write(begin, fence, [sending.id], 0)
    await database.write(settle, fence, [Outcome(tried.id, "waiting", due=NOON + 9, attempts=1)])
    assert (await database.read(deliveries, NOON))["notice"] == NONE | {"waiting": 4}
    assert (await database.read(deliveries, NOON + 1))["notice"] == NONE | {"waiting": 5}


async def test_people_who_are_gone_are_still_counted(database: Database) -> None:
    await database.write(queue, [Notice(person, "reminder", "x", NOON) for person in (1, 2, 3)])
    await database.write(queue, [Notice(1, "given", "x", NOON)])
    fence = (await database.write(elect, "one", NOON)).fence
    await database.write(end_as, fence, "sent", "sent", "blocked")
    before = await database.read(deliveries, NOON)
    await database.write(forget, 1)
    await database.write(forget, 2)
    assert await database.read(deliveries, NOON) == before | {"notice": NONE}
    assert before["reminder"] == NONE | {"sent": 2, "blocked": 1}
    rows = await database.read(lambda tx: tx.execute(text("SELECT person FROM outbox")))
    assert [row.person for row in rows] == [3]
