"""The inbox: stored once, handled in the order of the chat by one process, then forgotten."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from bot.store.database import Database
from bot.store.inbox import (
    Arrived,
    Finished,
    Taken,
    Tally,
    Waiting,
    adopt,
    beat,
    fail,
    finish,
    finish_all,
    leave,
    mine,
    sweep,
    take_in,
)
from bot.store.people import DAY, Person, known
from bot.store.tx import Tx

BOT = 4_000_000_001
NOON = 20_000 * DAY + DAY // 2  # 2024-10-04
SOON = NOON + 10_000_000
ANNA, BORYS = 5_000_000_007, 8
GROUP = -1_001_234_567_890


def from_anna(update_id: int, *, code: str | None = "uk", chat: int | None = ANNA) -> Arrived:
    return Arrived(update_id, chat, ANNA, code, json.dumps({"update_id": update_id, "text": "Доброго дня"}))


def from_borys(update_id: int, *, chat: int | None = BORYS) -> Arrived:
    return Arrived(update_id, chat, BORYS, "de", json.dumps({"update_id": update_id}))


def rows(tx: Tx) -> dict[int, tuple]:
    """State, owner, chat, attempts and body of every stored update."""
    return {
        row.update_id: (row.state, row.owner, row.chat, row.attempts, row.body)
        for row in tx.execute(text("SELECT * FROM inbox ORDER BY update_id"))
    }


def states(tx: Tx) -> dict[int, str]:
    return {update_id: row[0] for update_id, row in rows(tx).items()}


def tallies(tx: Tx) -> list[tuple]:
    return [tuple(row) for row in tx.execute(text("SELECT * FROM tallies ORDER BY month, language, outcome, subject"))]


def set_person(tx: Tx, person: int, *, language: str | None, role: str | None) -> None:
    tx.execute(
        text(
            "INSERT INTO people (id, language, role, blocked, created, seen) VALUES (:id, :language, :role, TRUE, 0, 0)"
        ),
        {"id": person, "language": language, "role": role},
    )


@pytest.fixture
async def inbox(database: Database) -> Database:
    """A database on which the processes "one" and "two" are alive."""
    await database.write(beat, "one", SOON)
    await database.write(beat, "two", SOON)
    return database


async def take(inbox: Database, owner: str, *updates: Arrived, now: int = NOON) -> list[int]:
    return [one.update_id for one in await inbox.write(take_in, BOT, owner, updates, now)]


async def handed(inbox: Database, owner: str, limit: int = 100) -> list[int]:
    return [one.update_id for one in await inbox.write(mine, BOT, owner, limit)]


async def test_a_batch_is_stored_and_returned_with_what_is_known_of_its_people(inbox: Database) -> None:
    await take(inbox, "one", from_anna(1), from_borys(2))
    await inbox.write(set_person, ANNA, language="ru", role="staff")
    batch = [from_borys(12), from_anna(11), Arrived(13, GROUP, None, None, "{}"), Arrived(14, None, BORYS, "de", "{}")]
    assert await inbox.write(take_in, BOT, "one", batch, NOON) == [
        Taken(11, "ru", "uk", "staff"),
        Taken(12, None, None, None),
        Taken(13, None, None, None),
        Taken(14, None, None, None),
    ]
    stored = await inbox.read(rows)
    assert stored[11] == ("waiting", "one", ANNA, 0, from_anna(11).body)
    assert stored[14] == ("waiting", "one", None, 0, "{}")


async def test_an_empty_batch_is_nothing(inbox: Database) -> None:
    assert await take(inbox, "one") == []
    await inbox.write(finish_all, BOT, [], NOON)
    assert await inbox.read(rows) == {}


async def test_the_same_update_has_one_effect(inbox: Database) -> None:
    assert await take(inbox, "one", from_anna(5), from_anna(5)) == [5]
    assert await take(inbox, "two", from_anna(5), from_borys(6)) == [6]
    await inbox.write(finish, BOT, 5, None, NOON)
    assert await take(inbox, "one", from_anna(5)) == []
    assert await inbox.read(states) == {5: "done", 6: "waiting"}


async def test_a_repeated_update_does_not_bring_an_erased_person_back(inbox: Database) -> None:
    await take(inbox, "one", from_anna(5))
    await inbox.write(finish, BOT, 5, None, NOON)
    await inbox.write(lambda tx: tx.execute(text("DELETE FROM people")))
    await take(inbox, "one", from_anna(5))
    assert await inbox.read(known, [ANNA]) == {}


async def test_a_smaller_number_than_the_last_is_not_old(inbox: Database) -> None:
    assert await take(inbox, "one", from_anna(900)) == [900]
    assert await take(inbox, "one", from_anna(3), from_borys(-2)) == [-2, 3]


async def test_each_bot_has_its_own_numbers(inbox: Database) -> None:
    assert await take(inbox, "one", from_anna(5)) == [5]
    assert [one.update_id for one in await inbox.write(take_in, BOT + 1, "one", [from_anna(5)], NOON)] == [5]


async def test_who_only_asks_is_not_stored(inbox: Database) -> None:
    await take(inbox, "one", from_anna(1))
    assert await inbox.read(known, [ANNA]) == {}


async def test_of_a_known_person_the_day_and_the_last_code_are_kept(inbox: Database) -> None:
    await inbox.write(set_person, ANNA, language=None, role=None)
    await take(inbox, "one", from_anna(1), from_anna(2, code="ru"), from_anna(3, code=None))
    midnight = NOON - DAY // 2
    assert await inbox.read(known, [ANNA, 404]) == {ANNA: Person(ANNA, None, "ru", None, blocked=False, seen=midnight)}
    await take(inbox, "one", from_anna(4, code=None), now=NOON + DAY)
    assert (await inbox.read(known, [ANNA]))[ANNA] == Person(ANNA, None, "ru", None, blocked=False, seen=midnight + DAY)


@pytest.mark.parametrize("code", ["", "d\0e", "\ud800", "дe", "de\n"])
async def test_a_code_that_is_none_is_not_kept(inbox: Database, code: str) -> None:
    await inbox.write(set_person, ANNA, language=None, role=None)
    await take(inbox, "one", from_anna(1, code=code))
    assert (await inbox.read(known, [ANNA]))[ANNA].code is None


async def test_who_writes_has_not_blocked_the_bot(inbox: Database) -> None:
    await take(inbox, "one", from_anna(1))
    await inbox.write(set_person, ANNA, language="uk", role=None)
    assert (await inbox.read(known, [ANNA]))[ANNA].blocked is True
    await take(inbox, "one", from_anna(2))
    assert (await inbox.read(known, [ANNA]))[ANNA] == Person(
        ANNA, "uk", "uk", None, blocked=False, seen=NOON - DAY // 2
    )


@pytest.mark.parametrize("body", ['{"text": "a\0b"}', '{"text": "\udc00"}'])
async def test_a_body_that_only_one_dialect_stores_is_refused(inbox: Database, body: str) -> None:
    with pytest.raises(ValueError, match=r"NUL|surrogates"):
        await inbox.write(take_in, BOT, "one", [Arrived(1, ANNA, ANNA, "uk", body)], NOON)
    assert await inbox.read(rows) == {}


async def test_a_body_comes_back_as_it_was(inbox: Database) -> None:
    body = json.dumps({"text": 'a\0b \ud800 "quoted" \\ ' + "🧑🏿‍🏫" * 4000})
    await inbox.write(take_in, BOT, "gone", [Arrived(1, ANNA, ANNA, "uk", body)], NOON)
    assert await inbox.write(adopt, BOT, "one", NOON) == 1
    assert await inbox.write(mine, BOT, "one", 10) == [Waiting(1, ANNA, body, 0)]


async def test_a_chat_stays_with_the_process_that_is_busy_with_it(inbox: Database) -> None:
    assert await take(inbox, "one", from_anna(1)) == [1]
    assert await take(inbox, "two", from_anna(2), from_borys(3)) == [3]
    assert await handed(inbox, "two") == []
    assert await handed(inbox, "one") == [2]
    assert await handed(inbox, "one") == []
    await inbox.write(finish_all, BOT, [Finished(1), Finished(2)], NOON)
    assert await take(inbox, "two", from_anna(4)) == [4]


async def test_a_row_waits_behind_one_that_is_still_to_be_handed_out(inbox: Database) -> None:
    await take(inbox, "one", from_anna(1))
    await take(inbox, "two", from_anna(2))
    assert await take(inbox, "one", from_anna(3), from_borys(4)) == [4]
    assert await handed(inbox, "one") == [2, 3]


async def test_updates_without_a_chat_wait_for_nobody(inbox: Database) -> None:
    assert await take(inbox, "one", from_anna(1, chat=None)) == [1]
    assert await take(inbox, "two", from_anna(2, chat=None)) == [2]


async def test_what_a_dead_process_held_is_adopted_in_order(inbox: Database) -> None:
    await inbox.write(beat, "dying", NOON + 1)
    assert await take(inbox, "dying", from_anna(1), from_anna(2), from_borys(3)) == [1, 2, 3]
    assert await inbox.write(adopt, BOT, "one", NOON) == 0
    assert await take(inbox, "one", from_anna(4), now=NOON + 1) == []
    assert await handed(inbox, "one") == []
    assert await inbox.write(adopt, BOT, "two", NOON + 1) == 1
    assert await handed(inbox, "two") == [3]
    assert await handed(inbox, "one", limit=2) == [1, 2]
    assert await handed(inbox, "one", limit=2) == [4]


async def test_who_leaves_frees_its_rows_at_once(inbox: Database) -> None:
    await take(inbox, "one", from_anna(1))
    await inbox.write(leave, "one")
    assert await inbox.write(adopt, BOT, "two", NOON) == 1
    assert await handed(inbox, "two") == [1]


async def test_a_done_update_keeps_only_its_number(inbox: Database) -> None:
    await take(inbox, "one", from_anna(1))
    await inbox.write(finish, BOT, 1, Tally("uk", "answer", "german-courses"), NOON)
    assert await inbox.read(rows) == {1: ("done", None, None, 0, None)}


async def test_outcomes_are_counted_by_month_language_and_entry(inbox: Database) -> None:
    await take(inbox, "one", *(from_anna(number) for number in range(1, 7)))
    course = Tally("uk", "answer", "german-courses")
    await inbox.write(
        finish_all, BOT, [Finished(1, course), Finished(2, course), Finished(3), Finished(4, Tally("de", "none"))], NOON
    )
    await inbox.write(finish, BOT, 5, course, NOON)
    await inbox.write(finish, BOT, 5, course, NOON)
    await inbox.write(finish, BOT, 404, course, NOON)
    await inbox.write(finish, BOT, 6, course, NOON + 28 * DAY)
    assert await inbox.read(tallies) == [
        ("2024-10", "de", "none", "", 1),
        ("2024-10", "uk", "answer", "german-courses", 3),
        ("2024-11", "uk", "answer", "german-courses", 1),
    ]


async def test_an_update_is_tried_three_times_then_set_aside(inbox: Database) -> None:
    await take(inbox, "one", from_anna(1))
    assert [await inbox.write(fail, BOT, 1) for _ in range(2)] == [False, False]
    assert (await inbox.read(rows))[1] == ("waiting", "one", ANNA, 2, from_anna(1).body)
    assert await inbox.write(fail, BOT, 1) is True
    assert await inbox.read(rows) == {1: ("failed", None, None, 3, None)}
    assert await inbox.write(fail, BOT, 1) is True
    assert await inbox.write(fail, BOT, 404) is True
    assert await take(inbox, "two", from_anna(2)) == [2]


async def test_numbers_are_forgotten_after_seven_days_but_what_waits_is_not(inbox: Database) -> None:
    await take(inbox, "one", from_anna(1), from_anna(2), from_anna(3))
    await take(inbox, "one", from_borys(4), now=NOON + 1)
    await inbox.write(finish_all, BOT, [Finished(1), Finished(4)], NOON)
    assert await inbox.write(fail, BOT, 2, attempts=1) is True
    await inbox.write(sweep, NOON + 7 * DAY)
    assert await inbox.read(states) == {1: "done", 2: "failed", 3: "waiting", 4: "done"}
    await inbox.write(sweep, NOON + 7 * DAY + 1)
    assert await inbox.read(states) == {3: "waiting", 4: "done"}
