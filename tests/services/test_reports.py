"""The report of every session, and the list of those who take part."""

import pytest
from seating import ANNA, BORIS, CLARA, DILEK, NOW, STARTS, Network, guest, set_state
from sqlalchemy import text

from bot.domain.details import Details
from bot.domain.instants import DAY, MINUTE
from bot.services.details import keep
from bot.services.guests import News
from bot.services.needs import Needs
from bot.services.needs import keep as keep_needs
from bot.services.participants import participants
from bot.services.programme import cancel, move
from bot.services.registrations import accept, leave, leave_guest, register, register_guest
from bot.services.reports import Taken, registrations, zulu

ENDS = STARTS + 150 * MINUTE


@pytest.fixture
def network(database):
    return Network(database)


async def named(network, email, name):
    """A guest of this name."""
    somebody = await network.database.write(guest, email)
    row = {"id": somebody, "name": name}
    await network.database.write(lambda tx: tx.execute(text("UPDATE guests SET name = :name WHERE id = :id"), row))
    return somebody


async def read(network, session=None, at=NOW):
    return await network.database.write(participants, session, at)


async def test_every_session_is_there_the_earliest_first(network):
    late = await network.plans(None, starts=STARTS + DAY)
    early = await network.plans(1)
    gone = await network.plans(2, starts=NOW - 400 * DAY, state="closed")
    cancelled = await network.plans(2, starts=STARTS + 2 * DAY, state="cancelled")
    for person in (ANNA, BORIS, CLARA):
        await network.does(register, early, person, None)
    await network.does(leave, early, ANNA)
    await network.does(register, late, ANNA, None)
    assert [tuple(getattr(one, name) for name in Taken.__slots__) for one in await network.reads(registrations)] == [
        (gone, 1, "Ankommen", "Session 2", NOW - 400 * DAY, 2, 0, 0, 0, 0),
        (early, 1, "Ankommen", "Session 1", STARTS, 1, 0, 1, 1, 1),
        (late, 1, "Ankommen", "Session 0", STARTS + DAY, None, 1, 0, 0, 0),
        (cancelled, 1, "Ankommen", "Session 3", STARTS + 2 * DAY, 2, 0, 0, 0, 0),
    ]


async def test_seats_count_whatever_became_of_them(network):
    session = await network.plans(3)
    for person in (ANNA, BORIS, CLARA):
        await network.does(register, session, person, None)
    for person, state in ((ANNA, "attended"), (BORIS, "no_show")):
        row = {"person": person, "state": state}
        query = text("UPDATE registrations SET state = :state WHERE person = :person")
        await network.database.write(lambda tx, query=query, row=row: tx.execute(query, row))
    assert (await network.reads(registrations))[0].confirmed == 3


def test_times_are_utc_to_the_second():
    assert zulu(STARTS) == "2026-12-10T09:00:00Z"


async def test_participants_with_seats_come_first_by_name_and_then_the_line(network):
    session = await network.plans(3)
    for person in (ANNA, BORIS):
        await network.does(register, session, person, None)
    await network.does(register_guest, session, await named(network, "z@example.org", "zora Muster"))
    for person in (DILEK, CLARA):
        await network.does(register, session, person, None)
    await network.database.write(keep, BORIS, Details("Muster, Boris", "Amt", "Musterstadt"), NOW)
    await network.database.write(keep_needs, session, BORIS, Needs(sign_language=True, other="Platz vorn"), NOW)
    found = await read(network)
    assert [(one.name, one.email, one.state, one.place) for one in found] == [
        ("Muster, Boris", "", "confirmed", None),
        ("zora Muster", "z@example.org", "confirmed", None),
        ("", "", "confirmed", None),
        ("", "", "waitlisted", 1),
        ("", "", "waitlisted", 2),
    ]
    assert (found[0].organisation, found[0].municipality) == ("Amt", "Musterstadt")
    assert found[0].needs == Needs(sign_language=True, other="Platz vorn")
    assert not any(one.needs for one in found[1:])
    assert str(ANNA) not in repr(found)


async def test_without_a_number_it_is_every_session_that_is_not_over(network):
    old, new = await network.plans(), await network.plans(starts=STARTS + DAY)
    for session in (old, new):
        await network.does(register, session, ANNA, None)
    assert [one.session for one in await read(network, at=ENDS - 1)] == [old, new]
    assert [one.session for one in await read(network, at=ENDS)] == [new]
    assert [one.session for one in await read(network, old, at=ENDS)] == [old]


async def test_each_reading_is_noted_without_a_person(network):
    session = await network.plans()
    await read(network)
    await read(network, session, NOW + 1)
    assert await read(network, 77) == "unknown"
    query = text("SELECT role, person, action, subject, at FROM audit ORDER BY id")
    assert [tuple(row) for row in await network.reads(lambda tx: tx.execute(query))] == [
        ("operator", None, "participants", "sessions to come", NOW),
        ("operator", None, "participants", f"session {session}", NOW + 1),
    ]


async def test_of_a_session_long_over_nobody_is_left(network):
    session = await network.plans()
    await network.database.write(lambda tx: tx.execute(text("UPDATE sessions SET frozen = 1")))
    assert await read(network, session) == "deleted"


async def test_what_happened_to_guests_has_to_be_told_to_them(network):
    session = await network.plans(1)
    first, second = [await named(network, f"{name}@example.org", name) for name in ("anna", "boris")]
    for one in (first, second):
        await network.does(register_guest, session, one)
    await network.does(register, session, ANNA, None)
    assert [one.to_tell for one in await read(network)] == [[], [], ()]
    network.now += DAY
    await network.does(leave_guest, session, first)
    network.now += DAY
    await network.database.write(move, session, STARTS + DAY, 150, network.now, network.terms)
    boris, _ = await read(network)
    assert boris.to_tell == [News("seat", NOW + DAY), News("moved", NOW + 2 * DAY)]
    network.now += DAY
    await network.does(cancel, session)
    (boris,) = await read(network)
    assert (boris.name, boris.state, boris.to_tell) == ("boris", "cancelled", [News("cancelled", NOW + 3 * DAY)])


async def test_who_left_is_no_participant_any_more(network):
    session = await network.plans(1)
    for person in (ANNA, BORIS):
        await network.does(register, session, person, None)
    await network.does(leave, session, ANNA)
    await network.does(accept, session, BORIS)
    await network.does(leave, session, BORIS)
    await network.database.write(set_state, session, "closed")
    assert await read(network) == []
