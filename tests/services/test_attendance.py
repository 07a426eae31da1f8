"""Who was there: said while a session runs, asked for afterwards, corrected for two weeks, thanked once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from bot.domain.instants import DAY, HOUR, MINUTE, microseconds
from bot.services.attendance import attend, claim, claims_of, correct, finish, running, settle_claims

ANNA, BORIS, CHEN = 5_001, 5_002, 5_003
START = microseconds(datetime(2026, 12, 3, 9, 0, tzinfo=UTC))
END = START + 150 * MINUTE
STATES = text("SELECT person, state FROM registrations ORDER BY person")
SEATS = text(
    "INSERT INTO registrations (session, person, state, line, created) VALUES (:session, :person, :state, 1, 0)"
)
SESSION = text("""
    INSERT INTO sessions (series, title, language, starts, zone, minutes, capacity, code_word, created, changed, moved)
    VALUES (1, :title, 'de', :starts, 'Europe/Berlin', 150, 50, :word, 0, 0, 0) RETURNING id
""")


def plan(tx, people, title="Wohnen", starts=START, word="Brücke"):
    """A session with registrations in these states; its id."""
    tx.execute(text("INSERT INTO series (title, created) VALUES ('Herbst', 0) ON CONFLICT (title) DO NOTHING"))
    session = tx.execute(SESSION, {"title": title, "starts": starts, "word": word})[0].id
    for person, state in people.items():
        tx.execute(
            text("INSERT INTO people (id, blocked, created, seen) VALUES (:id, FALSE, 0, 0) ON CONFLICT DO NOTHING"),
            {"id": person},
        )
        tx.execute(SEATS, {"session": session, "person": person, "state": state})
    return session


def select(tx, statement):
    return [tuple(row) for row in tx.execute(text(statement))]


async def states(database):
    return dict(await database.read(lambda tx: [tuple(row) for row in tx.execute(STATES)]))


async def queued(database):
    return await database.read(select, "SELECT person, dedup, due, expires FROM outbox ORDER BY person")


async def test_a_confirmed_person_says_once_that_they_are_there(database):
    session = await database.write(plan, {ANNA: "confirmed"})
    assert await database.write(attend, session, ANNA, START) == "attended"
    assert await database.write(attend, session, ANNA, START) == "already"
    assert await states(database) == {ANNA: "attended"}
    assert await database.read(select, "SELECT changes FROM registrations") == [(1,)]


@pytest.mark.parametrize("state", ["waitlisted", "offered", "cancelled"])
async def test_who_has_no_seat_does_not_attend(database, state):
    session = await database.write(plan, {ANNA: state})
    assert await database.write(attend, session, ANNA, START) == "unregistered"
    assert await database.write(attend, session, BORIS, START) == "unregistered"
    assert await database.write(attend, session + 1, ANNA, START) == "unregistered"
    assert await states(database) == {ANNA: state}


@pytest.mark.parametrize(
    ("now", "came"),
    [
        (START - 15 * MINUTE - 1, "not running"),
        (START - 15 * MINUTE, "attended"),
        (END + 30 * MINUTE, "attended"),
        (END + 30 * MINUTE + 1, "not running"),
    ],
)
async def test_attendance_is_said_from_shortly_before_to_shortly_after(database, now, came):
    session = await database.write(plan, {ANNA: "confirmed"})
    assert await database.write(attend, session, ANNA, now) == came


async def test_nobody_attends_what_is_cancelled(database):
    session = await database.write(plan, {ANNA: "confirmed"})
    await database.write(select, "UPDATE sessions SET state = 'cancelled'")
    assert await database.write(attend, session, ANNA, START) == "not running"
    assert await database.read(running, START) == []


async def test_the_words_are_those_of_sessions_that_run(database):
    here = await database.write(plan, {})
    await database.write(plan, {}, title="Ohne Wort", word="")
    await database.write(plan, {}, title="Morgen", starts=START + DAY)
    assert await database.read(running, START - 15 * MINUTE - 1) == []
    assert await database.read(running, START - 15 * MINUTE) == [(here, "Brücke")]
    assert await database.read(running, END + 30 * MINUTE) == [(here, "Brücke")]
    assert await database.read(running, END + 30 * MINUTE + 1) == []


async def test_those_who_attended_are_thanked_once_when_it_is_over(database):
    session = await database.write(plan, {ANNA: "attended", BORIS: "confirmed", CHEN: "cancelled"})
    assert await database.write(finish, END + 30 * MINUTE) == 0
    assert await queued(database) == []
    over = END + 30 * MINUTE + 1
    assert await database.write(finish, over) == 1
    assert await database.write(finish, over + HOUR) == 0
    assert await queued(database) == [(ANNA, f"after:{session}", over, END + 14 * DAY)]


async def test_a_cancelled_session_thanks_nobody(database):
    await database.write(plan, {ANNA: "attended"})
    await database.write(select, "UPDATE sessions SET state = 'cancelled'")
    assert await database.write(finish, END + DAY) == 0
    assert await queued(database) == []


async def test_a_request_is_kept_until_it_is_decided(database):
    session = await database.write(plan, {ANNA: "confirmed", BORIS: "waitlisted"})
    now = END + DAY
    assert await database.write(claim, session, ANNA, now) == "claimed"
    assert await database.write(claim, session, ANNA, now) == "claimed"
    assert await database.write(claim, session, BORIS, now) == "unregistered"
    assert await database.read(claims_of, session) == 1
    assert await states(database) == {ANNA: "confirmed", BORIS: "waitlisted"}


async def test_accepting_notes_all_who_asked_and_thanks_them(database):
    session = await database.write(plan, {ANNA: "confirmed", BORIS: "confirmed", CHEN: "confirmed"})
    await database.write(finish, END + HOUR)
    for person in (ANNA, BORIS):
        await database.write(claim, session, person, END + DAY)
    assert await database.write(settle_claims, session, True, END + 2 * DAY) == 2  # noqa: FBT003
    assert await states(database) == {ANNA: "attended", BORIS: "attended", CHEN: "confirmed"}
    assert [(row[0], row[2]) for row in await queued(database)] == [(ANNA, END + 2 * DAY), (BORIS, END + 2 * DAY)]
    assert await database.read(claims_of, session) == 0
    assert await database.write(claim, session, ANNA, END + 3 * DAY) == "attended"


async def test_refusing_is_final_for_the_person_and_not_for_coordinators(database):
    session = await database.write(plan, {ANNA: "confirmed"})
    await database.write(claim, session, ANNA, END + DAY)
    assert await database.write(settle_claims, session, False, END + DAY) == 1  # noqa: FBT003
    assert await states(database) == {ANNA: "no_show"}
    assert await database.write(claim, session, ANNA, END + DAY) == "too late"
    assert await database.write(correct, session, ANNA, True, END + 2 * DAY)  # noqa: FBT003
    assert await states(database) == {ANNA: "attended"}


@pytest.mark.parametrize(
    ("now", "done"), [(END - 1, False), (END, True), (END + 14 * DAY, True), (END + 14 * DAY + 1, False)]
)
async def test_attendance_is_corrected_for_two_weeks_after_the_end(database, now, done):
    session = await database.write(plan, {ANNA: "confirmed", BORIS: "confirmed"})
    assert await database.write(correct, session, ANNA, True, now) is done  # noqa: FBT003
    assert await database.write(claim, session, BORIS, now) == ("claimed" if done else "too late")


async def test_who_was_thanked_is_not_thanked_again(database):
    session = await database.write(plan, {ANNA: "attended"})
    await database.write(finish, END + HOUR)
    assert await database.write(correct, session, ANNA, False, END + DAY)  # noqa: FBT003
    assert await database.write(correct, session, ANNA, True, END + DAY)  # noqa: FBT003
    assert not await database.write(correct, session, ANNA, True, END + DAY)  # noqa: FBT003
    assert len(await queued(database)) == 1


async def test_correcting_before_it_is_finished_leaves_the_thanks_to_the_end(database):
    session = await database.write(plan, {ANNA: "confirmed"})
    assert await database.write(correct, session, ANNA, True, END + MINUTE)  # noqa: FBT003
    assert await queued(database) == []
    await database.write(finish, END + HOUR)
    assert [row[0] for row in await queued(database)] == [ANNA]
