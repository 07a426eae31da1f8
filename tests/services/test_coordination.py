"""What coordinators see in counts, and what their drafts do, on each database."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from bot.domain.instants import DAY, HOUR, MINUTE, microseconds
from bot.domain.plan import Done, Impossible, NewSession, Wording
from bot.domain.programme import Seats
from bot.domain.terms import Terms
from bot.services.audit import forget, note
from bot.services.coordination import (
    KIND,
    Outdated,
    carry_out,
    mark,
    planned,
    series_titled,
    standing,
    takers,
)
from bot.services.drafts import look, start
from bot.services.feedback import Feedback, asked_about, feedback, keep
from bot.services.programme import add, add_series, cancel, resize
from bot.services.sessions import session as read_session
from bot.store.outbox import Notice, queue

CORA, ANNA, BORIS, CHEN = 6_000, 6_001, 6_002, 6_003
NOW = microseconds(datetime(2026, 11, 25, 10, 0, tzinfo=UTC))
START = NOW + 8 * DAY
TERMS = Terms()


def plan(tx, title="Wohnen", starts=START, **more):
    series = add_series(tx, "Herbst", {}, NOW)
    return add(tx, NewSession(series, starts, Wording(title, "de"), **{"capacity": 50, **more}), NOW, TERMS)


def seat(tx, session, people, guests=()):
    known = text("INSERT INTO people (id, blocked, created, seen) VALUES (:id, FALSE, 0, 0) ON CONFLICT DO NOTHING")
    taken = text(
        "INSERT INTO registrations (session, person, guest, state, line, created) "
        "VALUES (:session, :person, :guest, :state, 1, 0)"
    )
    for person, state in people.items():
        tx.execute(known, {"id": person})
        tx.execute(taken, {"session": session, "person": person, "guest": None, "state": state})
    for state in guests:
        email = {"email": f"{state}@example.org"}
        guest = tx.execute(text("INSERT INTO guests (email, name) VALUES (:email, 'G') RETURNING id"), email)[0].id
        tx.execute(taken, {"session": session, "person": None, "guest": guest, "state": state})


def select(tx, statement):
    return [tuple(row) for row in tx.execute(text(statement))]


def change(tx, *statements):
    for statement in statements:
        tx.execute(text(statement))


async def drafted(database, act, to, session=None, **more):
    """A draft of Cora's about the session as it is now."""
    answers = {"act": act, "to": to, **more}
    if session is not None:
        answers |= {"session": session, "seen": mark(await database.read(read_session, session))}
    id_ = await database.write(start, CORA, KIND, answers, NOW)
    return await database.read(look, id_, CORA, NOW)


async def test_counts_are_those_of_the_session_alone(database):
    session, other = await database.write(plan), await database.write(plan, "Arbeit")
    people = {ANNA: "confirmed", BORIS: "offered", CHEN: "waitlisted", CORA: "cancelled"}
    await database.write(seat, session, people, ["confirmed", "waitlisted"])
    await database.write(seat, other, {ANNA: "confirmed"})
    await database.write(
        change,
        "INSERT INTO needs (session, person, sign_language, subtitles, other, consented) VALUES "
        f"({session}, {ANNA}, TRUE, TRUE, '', 0), ({session}, {BORIS}, FALSE, TRUE, 'Rampe', 0), "
        f"({session}, {CHEN}, TRUE, FALSE, '', 0), ({other}, {ANNA}, TRUE, FALSE, '', 0)",
        "INSERT INTO outbox (person, dedup, kind, session, state, due) VALUES "
        f"({ANNA}, 'a', 'link', {session}, 'blocked', 0), ({ANNA}, 'b', 'link', {session}, 'failed', 0), "
        f"({BORIS}, 'a', 'link', {session}, 'unconfirmed', 0), ({CHEN}, 'a', 'link', {session}, 'sent', 0), "
        f"({CHEN}, 'b', 'link', {other}, 'failed', 0)",
        f"UPDATE sessions SET ended = 4 WHERE id = {session}",
    )
    found = await database.read(standing, session)
    assert found.seats == Seats(50, 2, 1, 2)
    assert (found.ended, found.finished, found.people, found.seated, found.guests) == (4, False, 3, 1, 2)
    assert (found.sign_language, found.subtitles, found.other) == (1, 2, 1)
    assert (found.unreached, found.feedback, found.attended, found.thanked, found.claims) == (2, 0, 0, 0, 0)


async def test_counts_after_the_session(database):
    session = await database.write(plan)
    await database.write(seat, session, {ANNA: "attended", BORIS: "confirmed", CHEN: "no_show"}, ["attended"])
    await database.write(change, f"UPDATE registrations SET claimed = TRUE WHERE person = {BORIS}")
    await database.write(change, "UPDATE sessions SET finished = 1")
    await database.write(keep, session, "de", "Viel.")
    found = await database.read(standing, session)
    assert (found.attended, found.thanked, found.claims, found.feedback, found.finished) == (2, 1, 1, 1, True)


async def test_a_session_that_is_not_there_has_no_standing(database):
    assert await database.read(standing, 7) is None


async def test_planned_are_those_to_come_and_then_those_of_two_weeks(database):
    ids = {name: await database.write(plan, name, START + days * DAY) for name, days in (("a", 0), ("b", 1), ("c", 20))}
    end = START + 150 * MINUTE

    async def titles(now):
        return [session.title for session in await database.read(planned, now)]

    assert await titles(START) == ["a", "b", "c"]
    assert await titles(end - 1) == ["a", "b", "c"]
    assert await titles(end) == ["b", "c", "a"]
    assert await titles(end + DAY) == ["c", "b", "a"]
    assert await titles(end + 14 * DAY) == ["c", "b", "a"]
    assert await titles(end + 14 * DAY + 1) == ["c", "b"]
    await database.write(cancel, ids["c"], NOW, TERMS)
    assert await titles(START) == ["a", "b"]


async def test_a_draft_acts_once_and_is_noted(database):
    session = await database.write(plan)
    draft = await drafted(database, "places", {"capacity": 60}, session)
    done = await database.write(carry_out, draft, CORA, {CORA}, NOW, TERMS)
    assert isinstance(done, Done)
    assert done.session.capacity == 60
    assert await database.write(carry_out, draft, CORA, {CORA}, NOW, TERMS) is None
    assert await database.read(select, "SELECT at, role, person, action, subject FROM audit") == [
        (NOW, "coordinator", CORA, "session places", f"session {session}")
    ]


@pytest.mark.parametrize("act", ["cancel", "new"])
async def test_a_draft_of_who_is_no_coordinator_any_more_does_nothing(database, act):
    session = await database.write(plan)
    draft = await drafted(database, act, wished() if act == "new" else {}, session)
    assert await database.write(carry_out, draft, CORA, {ANNA}, NOW, TERMS) == "rights"
    assert await database.read(select, "SELECT state FROM sessions") == [("open",)]
    assert await database.read(select, "SELECT * FROM audit") == []


async def test_a_draft_about_another_state_of_the_session_does_nothing(database):
    session = await database.write(plan)
    draft = await drafted(database, "cancel", {}, session)
    await database.write(resize, session, 60, NOW, TERMS)
    outdated = await database.write(carry_out, draft, CORA, {CORA}, NOW, TERMS)
    assert isinstance(outdated, Outdated)
    assert (outdated.session.capacity, outdated.session.state) == (60, "open")
    assert await database.read(select, "SELECT state FROM sessions") == [("open",)]
    assert await database.read(select, "SELECT * FROM audit") == []


async def test_of_two_at_once_one_acts_and_the_other_sees_it(database):
    session = await database.write(plan)
    for act, to, other in (("places", {"capacity": 60}, "close"), ("title", {"title": "Neu"}, "cancel")):
        drafts = [await drafted(database, act, to, session), await drafted(database, other, {}, session)]
        came = await asyncio.gather(*(database.write(carry_out, draft, CORA, {CORA}, NOW, TERMS) for draft in drafts))
        assert sorted(type(one).__name__ for one in came) == ["Done", "Outdated"]
    assert len(await database.read(select, "SELECT id FROM audit")) == 2


async def test_registrations_do_not_put_a_draft_out_of_date(database):
    session = await database.write(plan)
    draft = await drafted(database, "close", {}, session)
    await database.write(seat, session, {ANNA: "confirmed"})
    assert isinstance(await database.write(carry_out, draft, CORA, {CORA}, NOW, TERMS), Done)


@pytest.mark.parametrize(
    ("act", "to", "column", "value"),
    [
        ("move", {"starts": START + HOUR}, "starts", START + HOUR),
        ("move", {"minutes": 90}, "minutes", 90),
        ("places", {"capacity": None}, "capacity", None),
        ("link", {"join_url": "https://example.org/a"}, "join_url", "https://example.org/a"),
        ("close", {}, "state", "closed"),
        ("cancel", {}, "state", "cancelled"),
        ("title", {"title": "Neu"}, "title", "Neu"),
        ("summary", {"summary": "Kurz"}, "summary", "Kurz"),
        ("speakers", {"speakers": "Dr. X"}, "speakers", "Dr. X"),
        ("words", {"code": "uk", "title": "Т", "summary": ""}, "wordings", '{"uk": ["Т", ""]}'),
        ("materials", {"materials": "https://example.org/m"}, "materials", "https://example.org/m"),
        ("word", {"code_word": "Brücke"}, "code_word", "Brücke"),
    ],
)
async def test_each_act_does_what_it_says(database, act, to, column, value):
    session = await database.write(plan)
    done = await database.write(carry_out, await drafted(database, act, to, session), CORA, {CORA}, NOW, TERMS)
    assert isinstance(done, Done)
    assert await database.read(select, f"SELECT {column} FROM sessions") == [(value,)]
    assert done.session == await database.read(read_session, session)


async def test_what_cannot_be_is_noted_nowhere(database):
    session = await database.write(plan)
    draft = await drafted(database, "move", {"starts": NOW}, session)
    assert await database.write(carry_out, draft, CORA, {CORA}, NOW, TERMS) == Impossible("past")
    draft = replace(await drafted(database, "close", {}, session), answers={"act": "close", "to": {}, "session": 99})
    assert await database.write(carry_out, draft, CORA, {CORA}, NOW, TERMS) == Impossible("unknown")
    assert await database.read(select, "SELECT * FROM audit") == []


def wished(**more):
    return {
        "series": "Frühjahr", "title": "Arbeit", "starts": START, "minutes": 150, "capacity": 50, "language": "de",
        "join_url": "", "topics": ["work"], "speakers": "", "summary": "", **more,
    }  # fmt: skip


async def test_a_new_session_makes_its_series_and_tells_those_who_took_all(database):
    draft = await drafted(database, "new", wished())
    done = await database.write(carry_out, draft, CORA, {CORA}, NOW, TERMS)
    assert isinstance(done, Done)
    assert (done.told, done.session.topics) == (0, ("work",))
    series = await database.read(series_titled, "Frühjahr")
    assert series == done.session.series
    await database.write(seat, done.session.id, {ANNA: "confirmed"})
    await database.write(change, f"INSERT INTO takes_all (series, person, since) VALUES ({series}, {ANNA}, 0)")
    assert await database.read(takers, series) == 1
    again = await database.write(carry_out, await drafted(database, "new", wished(title="B")), CORA, {CORA}, NOW, TERMS)
    assert isinstance(again, Done)
    assert again.told == 1
    assert await database.read(select, "SELECT person, kind FROM outbox") == [(ANNA, "added")]


async def test_a_new_session_in_the_past_makes_no_series(database):
    draft = await drafted(database, "new", wished(starts=NOW))
    assert await database.write(carry_out, draft, CORA, {CORA}, NOW, TERMS) == Impossible("past")
    assert await database.read(series_titled, "Frühjahr") is None


async def test_of_somebody_erased_the_audit_keeps_the_role(database):
    await database.write(note, "coordinator", CORA, "session move", "session 1", NOW)
    await database.write(note, "operator", None, "participants", "session 1", NOW)
    await database.write(forget, CORA)
    assert await database.read(select, "SELECT role, person, action FROM audit ORDER BY id") == [
        ("coordinator", None, "session move"),
        ("operator", None, "participants"),
    ]


async def test_feedback_belongs_to_who_was_thanked_and_is_read_newest_first(database):
    session = await database.write(plan)
    thanks = [Notice(ANNA, "after", f"after:{session}", NOW, session), Notice(ANNA, "link", "link", NOW, session)]
    await database.write(queue, thanks)
    await database.write(change, "UPDATE outbox SET message = id + 100")
    assert await database.read(asked_about, ANNA, 101) == session
    assert await database.read(asked_about, ANNA, 102) is None
    assert await database.read(asked_about, BORIS, 101) is None
    for written in ("Eins", "Zwei", "x" * 1001):
        await database.write(keep, session, "de", written)
    assert await database.read(feedback, session, 0, 2) == [Feedback("de", "x" * 1000), Feedback("de", "Zwei")]
    assert await database.read(feedback, session, 2, 2) == [Feedback("de", "Eins")]
