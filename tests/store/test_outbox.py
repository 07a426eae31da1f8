"""The outbox: one message of a name to a person, in order, by one sender, and at least once."""

from __future__ import annotations

import pytest
from sqlalchemy import TextClause, text

from bot.store import outbox
from bot.store.database import Database
from bot.store.lease import take
from bot.store.outbox import (
    Claimed,
    Notice,
    Outcome,
    begin,
    claim,
    elect,
    forget,
    pending,
    queue,
    resign,
    settle,
)
from bot.store.tx import Tx

NOON = 1_800_000_000_000_000
HOUR = 3_600_000_000
ANNA, BORYS, CELAL = 5_000_000_007, 8, 9


def notice(person: int, dedup: str = "hello", **more: object) -> Notice:
    return Notice(person, "given", dedup, **{"due": NOON, **more})


def rows(tx: Tx) -> list[tuple]:
    """Person, name, state, attempts and ambiguous attempts of every row."""
    found = tx.execute(text("SELECT person, dedup, state, attempts, ambiguous FROM outbox ORDER BY id"))
    return [tuple(row) for row in found]


def time_passes(tx: Tx) -> None:
    """The sender has not been heard of for ten seconds."""
    tx.execute(text("UPDATE leases SET until = 0"))


async def states(database: Database) -> dict[int, str]:
    return {person: state for person, _, state, _, _ in await database.read(rows)}


async def people(database: Database, fence: int, limit: int = 10, now: int = NOON, resting: tuple = ()) -> list[int]:
    return [one.person for one in await database.write(claim, fence, now, limit, resting)]


@pytest.fixture
async def sender(database: Database) -> int:
    """The number of a sender that was elected."""
    return (await database.write(elect, "one", NOON)).fence


async def test_a_name_is_queued_once_for_a_person_even_after_it_was_sent(database: Database, sender: int) -> None:
    await database.write(queue, [notice(ANNA), notice(ANNA), notice(BORYS)])
    anna, _ = await database.write(claim, sender, NOON, 10)
    await database.write(settle, sender, [Outcome(anna.id, "sent", attempts=1, message=5)])
    await database.write(queue, [notice(ANNA), notice(ANNA, "another")])
    assert await database.read(rows) == [
        (ANNA, "hello", "sent", 1, 0),
        (BORYS, "hello", "claimed", 0, 0),
        (ANNA, "another", "waiting", 0, 0),
    ]


async def test_nothing_queued_is_nothing(database: Database, sender: int) -> None:
    await database.write(queue, [])
    assert await people(database, sender) == []


async def test_a_row_comes_with_what_was_queued(database: Database, sender: int) -> None:
    await database.write(queue, [notice(ANNA, parameters={"before": "ü\"'{}"}, expires=NOON + HOUR)])
    (one,) = await database.write(claim, sender, NOON, 10)
    assert one == Claimed(one.id, ANNA, "given", None, {"before": "ü\"'{}"}, NOON, NOON + HOUR, 0, 0)


async def test_priority_goes_first_then_what_was_due_first(database: Database, sender: int) -> None:
    await database.write(queue, [notice(1), notice(2, due=NOON - 1), notice(3, priority=2), notice(4)])
    assert await people(database, sender) == [3, 2, 1, 4]


async def test_what_has_a_worse_priority_fills_what_the_better_leave(database: Database, sender: int) -> None:
    await database.write(queue, [notice(1, priority=7), notice(2, priority=1, due=NOON + 1), notice(3, priority=4)])
    await database.write(queue, [notice(4, priority=7), notice(5, priority=7), notice(6, priority=1)])
    assert await people(database, sender, 4) == [6, 3, 1, 4]
    assert await people(database, sender) == [5]


async def test_of_an_announcement_a_row_says_which(database: Database, sender: int) -> None:
    await database.write(queue, [notice(ANNA, announcement=7), notice(BORYS)])
    found = await database.write(claim, sender, NOON, 2)
    assert [one.announcement for one in found] == [7, None]


async def test_nothing_is_read_of_what_is_to_come_or_has_ended(sqlite: Database) -> None:
    for statement in (outbox._DUE, outbox._LEFT, outbox._RETURN, outbox._RECOVER, outbox._GIVE_BACK, outbox._EXPIRE):
        plan = await sqlite.read(steps, statement)
        assert [step for step in plan if step.startswith("SCAN outbox")] == []
        assert any(step.startswith("SEARCH outbox USING INDEX outbox_") for step in plan)


def steps(tx: Tx, statement: TextClause) -> list[str]:
    """How SQLite finds the rows of a statement."""
    found = tx.execute(text(f"EXPLAIN QUERY PLAN {statement.text}"), dict.fromkeys(statement._bindparams, 1))
    return [row.detail for row in found]


async def test_what_is_not_due_yet_is_left_alone(database: Database, sender: int) -> None:
    await database.write(queue, [notice(ANNA, due=NOON + 1)])
    assert not await database.read(pending, NOON)
    assert await people(database, sender) == []
    assert await database.read(pending, NOON + 1)
    assert await people(database, sender, now=NOON + 1) == [ANNA]


async def test_what_has_expired_is_dropped_and_keeps_nothing(database: Database, sender: int) -> None:
    await database.write(queue, [notice(ANNA, expires=NOON, parameters={"before": 1}), notice(BORYS, expires=NOON + 1)])
    assert await people(database, sender) == [BORYS]
    assert await states(database) == {ANNA: "dropped", BORYS: "claimed"}
    assert await database.read(lambda tx: tx.execute(text("SELECT parameters FROM outbox WHERE id = 1"))[0][0]) == "{}"


async def test_a_person_gets_one_at_a_time(database: Database, sender: int) -> None:
    await database.write(queue, [notice(ANNA, "a"), notice(ANNA, "b"), notice(BORYS), notice(CELAL)])
    assert await people(database, sender, resting=(CELAL,)) == [ANNA, BORYS]
    assert await people(database, sender, resting=(ANNA, BORYS)) == [CELAL]
    assert await people(database, sender) == [ANNA]


async def test_only_claimed_rows_are_begun_and_only_once(database: Database, sender: int) -> None:
    await database.write(queue, [notice(ANNA), notice(BORYS)])
    (anna,) = await database.write(claim, sender, NOON, 1)
    assert await database.write(begin, sender, [anna.id, anna.id + 1], 0) == {anna.id}
    assert await database.write(begin, sender, [anna.id], 0) == set()


async def test_what_has_ended_keeps_message_and_error_but_no_parameters(database: Database, sender: int) -> None:
    await database.write(queue, [notice(ANNA, parameters={"before": 1}), notice(BORYS, parameters={"before": 2})])
    anna, borys = await database.write(claim, sender, NOON, 2)
    ended = [
        Outcome(anna.id, "sent", attempts=1, message=77),
        Outcome(borys.id, "failed", attempts=1, error="Bad Request: …"),
    ]
    assert await database.write(settle, sender, ended) is True
    kept = await database.read(lambda tx: tx.execute(text("SELECT message, error, parameters FROM outbox ORDER BY id")))
    assert [tuple(row) for row in kept] == [(77, None, "{}"), (None, "Bad Request: …", "{}")]


async def test_what_waits_again_keeps_its_parameters_and_comes_when_it_is_due(database: Database, sender: int) -> None:
    await database.write(queue, [notice(ANNA, parameters={"before": 1})])
    (one,) = await database.write(claim, sender, NOON, 1)
    await database.write(settle, sender, [Outcome(one.id, "waiting", due=NOON + HOUR, attempts=1)])
    assert await people(database, sender) == []
    (again,) = await database.write(claim, sender, NOON + HOUR, 1)
    assert (again.parameters, again.attempts, again.ambiguous, again.due) == ({"before": 1}, 1, 0, NOON + HOUR)


async def test_an_outcome_is_written_once(database: Database, sender: int) -> None:
    await database.write(queue, [notice(ANNA)])
    (one,) = await database.write(claim, sender, NOON, 1)
    await database.write(settle, sender, [Outcome(one.id, "sent", attempts=1)])
    await database.write(settle, sender, [Outcome(one.id, "failed", attempts=1)])
    assert await database.read(rows) == [(ANNA, "hello", "sent", 1, 0)]


async def test_nobody_else_sends_while_the_sender_is_heard_of(database: Database, sender: int) -> None:
    assert await database.write(elect, "two", NOON) is None
    assert await database.write(elect, "one", NOON) is None
    await database.write(time_passes)
    assert (await database.write(elect, "two", NOON)).fence > sender


async def test_a_sign_of_life_keeps_the_right_to_send(database: Database, sender: int) -> None:
    await database.write(time_passes)
    await database.write(claim, sender, NOON, 1)
    assert await database.write(elect, "two", NOON) is None


async def test_whose_lease_was_taken_writes_nothing_any_more(database: Database, sender: int) -> None:
    await database.write(queue, [notice(ANNA)])
    (one,) = await database.write(claim, sender, NOON, 1)
    await database.write(time_passes)
    await database.write(elect, "two", NOON)
    assert await database.write(claim, sender, NOON, 1) is None
    assert await database.write(begin, sender, [one.id], 0) is None
    assert await database.write(settle, sender, [Outcome(one.id, "sent")]) is False
    await database.write(resign, sender)
    assert await database.write(elect, "three", NOON) is None
    assert await states(database) == {ANNA: "waiting"}


async def test_of_a_dead_sender_what_was_claimed_returns_and_what_was_sending_goes_to_the_end(
    database: Database, sender: int
) -> None:
    await database.write(queue, [notice(ANNA), notice(BORYS), notice(CELAL)])
    anna, *_ = await database.write(claim, sender, NOON, 2)
    await database.write(begin, sender, [anna.id], 0)
    assert await database.read(pending, 0)
    await database.write(time_passes)
    second = (await database.write(elect, "two", NOON + 1)).fence
    assert await database.read(rows) == [
        (ANNA, "hello", "waiting", 1, 1),
        (BORYS, "hello", "waiting", 0, 0),
        (CELAL, "hello", "waiting", 0, 0),
    ]
    assert await people(database, second, now=NOON + 1) == [BORYS, CELAL, ANNA]


async def test_a_row_that_ends_unknown_twice_is_unconfirmed_and_sent_by_nobody(database: Database) -> None:
    await database.write(queue, [notice(ANNA, parameters={"before": 1})])
    for now in (NOON, NOON + 1):
        fence = (await database.write(elect, "mortal", now)).fence
        (one,) = await database.write(claim, fence, now, 1)
        await database.write(begin, fence, [one.id], 0)
        await database.write(time_passes)
    fence = (await database.write(elect, "last", NOON + 2)).fence
    assert await people(database, fence, now=NOON + HOUR) == []
    assert await database.read(rows) == [(ANNA, "hello", "unconfirmed", 2, 2)]
    assert not await database.read(pending, NOON + HOUR)


async def test_who_resigns_lets_the_next_send_at_once(database: Database, sender: int) -> None:
    await database.write(queue, [notice(ANNA), notice(BORYS)])
    await database.write(claim, sender, NOON, 1)
    await database.write(resign, sender)
    second = (await database.write(elect, "two", NOON)).fence
    assert await database.read(rows) == [(ANNA, "hello", "waiting", 0, 0), (BORYS, "hello", "waiting", 0, 0)]
    assert await people(database, second) == [ANNA, BORYS]


async def test_what_a_resigned_sender_still_writes_is_in_vain(database: Database, sender: int) -> None:
    await database.write(queue, [notice(ANNA)])
    await database.write(resign, sender)
    assert await database.write(claim, sender, NOON, 1) is None
    assert await database.write(take, "two") is not None


async def test_a_new_sender_knows_for_how_long_the_rate_is_used_up(database: Database, sender: int) -> None:
    await database.write(queue, [notice(ANNA)])
    (one,) = await database.write(claim, sender, NOON, 1)
    await database.write(begin, sender, [one.id], HOUR)
    await database.write(settle, sender, [Outcome(one.id, "sent")])
    await database.write(time_passes)
    busy = (await database.write(elect, "two", NOON)).busy
    assert HOUR / 2 < busy <= HOUR


async def test_a_pause_reaches_the_next_sender(database: Database, sender: int) -> None:
    await database.write(settle, sender, [], HOUR)
    await database.write(resign, sender)
    assert (await database.write(elect, "two", NOON)).busy > HOUR / 2


async def test_the_first_sender_of_all_need_not_wait(database: Database) -> None:
    assert (await database.write(elect, "one", NOON)).busy < -HOUR


async def test_of_a_person_who_is_gone_only_counts_stay(database: Database, sender: int) -> None:
    await database.write(queue, [notice(ANNA, "a"), notice(ANNA, "b"), notice(BORYS)])
    anna, borys = await database.write(claim, sender, NOON, 5)
    await database.write(settle, sender, [Outcome(anna.id, "sent"), Outcome(borys.id, "blocked")])
    await database.write(forget, ANNA)
    await database.write(forget, BORYS)
    await database.write(forget, CELAL)
    assert await database.read(rows) == []
    kept = await database.read(lambda tx: tx.execute(text("SELECT kind, state, count FROM totals ORDER BY state")))
    assert [tuple(row) for row in kept] == [("given", "blocked", 1), ("given", "sent", 1)]


async def test_what_was_to_be_sent_to_somebody_erased_meanwhile_is_not_begun(database: Database, sender: int) -> None:
    await database.write(queue, [notice(ANNA)])
    (one,) = await database.write(claim, sender, NOON, 1)
    await database.write(forget, ANNA)
    assert await database.write(begin, sender, [one.id], 0) == set()
