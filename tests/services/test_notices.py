"""What the present says about messages: gathered for a whole batch by a handful of statements."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.domain.instants import DAY
from bot.services.needs import Needs
from bot.services.needs import keep as keep_needs
from bot.services.notices import Facts, gather
from bot.services.people import choose_language, know, set_blocked
from bot.services.sessions import session
from bot.store.outbox import Claimed

ANNA, BORIS, CHEN, DORA = 5_001, 5_002, 5_003, 5_004
NOW = 1_800_000_000_000_000


def plan(tx, title="Wohnen", series=1):
    row = {"title": title, "series": series, "starts": NOW + DAY}
    return tx.execute(
        text("""
            INSERT INTO sessions (series, title, language, starts, zone, minutes, created, changed, moved)
            VALUES (:series, :title, 'de', :starts, 'Europe/Berlin', 150, 0, 0, 0) RETURNING id
        """),
        row,
    )[0].id


def seat(tx, session, person, state, line, until=None):
    know(tx, person, "uk", NOW)
    tx.execute(
        text("""
            INSERT INTO registrations (session, person, state, line, offered_until, lapses, changes, created)
            VALUES (:session, :person, :state, :line, :until, 1, 7, 0)
        """),
        {"session": session, "person": person, "state": state, "line": line, "until": until},
    )


@pytest.fixture
async def planned(database):
    """One session: Anna waits behind Boris, Chen is offered a seat, Dora has left."""

    def prepare(tx):
        tx.execute(text("INSERT INTO series (title, created) VALUES ('Herbst', 0)"))
        found = plan(tx)
        seat(tx, found, ANNA, "waitlisted", 30)
        seat(tx, found, BORIS, "waitlisted", 20)
        seat(tx, found, CHEN, "offered", 10, NOW + 5)
        seat(tx, found, DORA, "cancelled", 5)
        return found

    return await database.write(prepare)


def row(id_, person, session, kind="reminder"):
    return Claimed(id_, person, kind, session, {}, NOW, None, 0, 1)


async def test_each_message_gets_the_state_and_place_of_its_reader(database, planned):
    people = [ANNA, BORIS, CHEN, DORA, 9]
    facts = await database.read(gather, [row(n, one, planned) for n, one in enumerate(people)], NOW)
    own = [facts[n].registration for n in range(4)]
    assert [(one.state, one.place) for one in own] == [
        ("waitlisted", 2),
        ("waitlisted", 1),
        ("offered", 0),
        ("cancelled", 0),
    ]
    assert (own[2].offered_until, own[2].lapses, own[2].changes) == (NOW + 5, 1, 7)
    assert facts[4].registration is None
    assert {one.session.title for one in facts.values()} == {"Wohnen"}


async def test_language_role_and_block_are_those_of_now(database, planned):
    await database.write(choose_language, ANNA, "ar", NOW)
    await database.write(set_blocked, ANNA, blocked=True)
    await database.write(lambda tx: tx.execute(text("UPDATE people SET role = 'coordinator' WHERE id = 5002")))
    facts = await database.read(gather, [row(1, ANNA, planned), row(2, BORIS, planned), row(3, 9, planned)], NOW)
    seen = [(one.chosen, one.code, one.role, one.blocked) for one in facts.values()]
    assert seen == [("ar", "uk", None, True), (None, "uk", "coordinator", False), (None, None, None, False)]


async def test_a_message_about_nothing_or_about_what_is_gone_has_no_session(database, planned):
    facts = await database.read(gather, [row(1, 9, None), row(2, ANNA, planned + 1)], NOW)
    assert facts[1] == Facts(NOW)
    assert (facts[2].session, facts[2].registration) == (None, None)
    assert await database.read(gather, [], NOW) == {}


async def test_who_took_all_is_asked_for_new_sessions_only(database, planned):
    taken = text("INSERT INTO takes_all (series, person, since) VALUES (1, 5001, 0)")
    await database.write(lambda tx: tx.execute(taken))
    facts = await database.read(gather, [row(1, ANNA, planned, "added"), row(2, BORIS, planned, "added")], NOW)
    assert [one.takes_all for one in facts.values()] == [True, False]
    assert not (await database.read(gather, [row(1, ANNA, planned)], NOW))[1].takes_all


class Counting:
    """A transaction that counts its statements."""

    def __init__(self, tx):
        self._tx, self.dialect, self.statements = tx, tx.dialect, 0

    def execute(self, statement, parameters=None):
        self.statements += 1
        return self._tx.execute(statement, parameters)


async def test_a_batch_of_any_size_takes_four_statements(database, planned):
    def counted(tx):
        counting = Counting(tx)
        gather(counting, [row(n, n, planned, "added") for n in range(500)], NOW)
        return counting.statements

    assert await database.read(counted) == 4


async def test_reading_a_session_and_gathering_it_say_the_same(database, planned):
    facts = await database.read(gather, [row(1, ANNA, planned)], NOW)
    assert facts[1].session == await database.read(session, planned)


async def test_what_people_need_is_not_in_messages(database, planned):
    assert await database.write(keep_needs, planned, ANNA, Needs(other="Sentinelbedarf"), NOW)
    facts = await database.read(gather, [row(1, ANNA, planned)], NOW)
    assert "Sentinel" not in repr(facts)
