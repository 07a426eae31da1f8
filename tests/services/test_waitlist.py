"""The waiting list: who gets a seat that becomes free, until when it is kept, and who hears of it."""

import json

import pytest
from seating import (
    ANNA,
    BORIS,
    CLARA,
    DILEK,
    EMIL,
    FATMA,
    NOW,
    STARTS,
    Network,
    ended,
    guest,
    line,
    notices,
    resize,
    set_capacity,
    set_state,
    states,
    utc,
)
from sqlalchemy import text

from bot.domain.instants import DAY, HOUR, MINUTE
from bot.domain.registrations import Confirmed, Left, Refused, Waitlisted
from bot.domain.terms import Terms
from bot.services.registrations import (
    accept,
    fill,
    lapse,
    leave,
    lock,
    register,
    register_guest,
    registration,
    sweep,
)
from bot.services.waitlist import is_due

ENDS = STARTS + 150 * MINUTE


@pytest.fixture
def network(database):
    return Network(database)


async def full(network, *people, capacity=1, **more):
    """A session for which they registered one after the other."""
    session = await network.plans(capacity, **more)
    for person in people:
        await network.does(register, session, person, "de")
    return session


async def queued(network, columns):
    """These columns of what was queued, in order."""
    statement = text(f"SELECT {columns} FROM outbox ORDER BY id")
    return await network.reads(lambda tx: [tuple(row) for row in tx.execute(statement)])


async def change(network, statement, **parameters):
    """Somebody writes to the database by hand."""
    await network.database.write(lambda tx: tx.execute(text(statement), parameters))


async def test_a_freed_seat_is_offered_to_the_first_for_a_working_day(network):
    session = await full(network, ANNA, BORIS, CLARA)
    network.now = utc("2026-11-27")  # a Friday
    await network.does(leave, session, ANNA)
    offered = await network.reads(registration, session, BORIS)
    assert (offered.state, offered.offered_until) == ("offered", utc("2026-11-30"))
    assert await network.reads(line, session) == [CLARA]
    columns = "person, kind, dedup, session, parameters, priority, due, expires, state"
    assert await queued(network, columns) == [
        (
            BORIS,
            "offer",
            f"offer:{session}:1",
            session,
            json.dumps({"changes": 1}),
            2,
            network.now,
            utc("2026-11-30"),
            "waiting",
        )
    ]


async def test_over_christmas_a_seat_is_kept_until_after_the_holidays(network):
    session = await full(network, ANNA, BORIS, starts=utc("2027-01-20", "09:00"))
    network.now = utc("2026-12-24", "10:00")
    await network.does(leave, session, ANNA)
    assert (await network.reads(registration, session, BORIS)).offered_until == utc("2026-12-28", "10:00")


async def test_the_operator_sets_how_long_a_seat_is_kept_but_never_beyond_the_start(network):
    session = await full(network, ANNA, BORIS, capacity=1)
    network.terms = Terms(offer=90 * DAY)
    await network.does(leave, session, ANNA)
    assert (await network.reads(registration, session, BORIS)).offered_until == STARTS


async def test_exactly_a_day_before_the_start_it_is_still_offered(network):
    session = await full(network, ANNA, BORIS)
    network.now = STARTS - DAY
    await network.does(leave, session, ANNA)
    offered = await network.reads(registration, session, BORIS)
    assert (offered.state, offered.offered_until) == ("offered", STARTS)


async def test_nearer_to_the_start_it_is_given_at_once(network):
    session = await full(network, ANNA, BORIS)
    network.now = STARTS - DAY + 1
    await network.does(leave, session, ANNA)
    assert (await network.reads(registration, session, BORIS)).state == "confirmed"
    columns = "person, kind, dedup, parameters, priority, due, expires"
    assert await queued(network, columns) == [
        (BORIS, "given", f"given:{session}:1", json.dumps({"changes": 1}), 2, network.now, ENDS)
    ]
    confirmed_at = text("SELECT confirmed_at FROM registrations WHERE person = :person")
    rows = await network.reads(lambda tx: tx.execute(confirmed_at, {"person": BORIS}))
    assert rows[0].confirmed_at == network.now


async def test_an_offer_that_expires_passes_on_and_goes_to_the_end(network):
    session = await full(network, ANNA, BORIS, CLARA, DILEK)
    await network.does(leave, session, ANNA)
    network.now += DAY - 1
    assert not await network.reads(is_due, network.now)
    assert await network.does(lapse) == 0
    network.now += 1
    assert await network.reads(is_due, network.now)
    assert await network.does(lapse) == 1
    assert await network.does(lapse) == 0
    assert (await network.reads(registration, session, CLARA)).state == "offered"
    assert await network.reads(line, session) == [DILEK, BORIS]
    back = await network.reads(registration, session, BORIS)
    assert (back.place, back.lapses, back.offered_until) == (2, 1, None)
    assert await network.reads(notices) == [
        (BORIS, f"offer:{session}:1"),
        (CLARA, f"offer:{session}:1"),
        (BORIS, f"lapsed:{session}:2"),
    ]
    assert await network.reads(ended, session) == 1


async def test_a_second_lapse_leaves_the_line_with_one_message(network):
    session = await full(network, ANNA, BORIS)
    await network.does(leave, session, ANNA)
    network.now += DAY
    assert await network.does(lapse) == 1
    assert (await network.reads(registration, session, BORIS)).state == "offered"
    network.now = utc("2026-11-30")  # the weekend between does not count
    assert await network.does(lapse) == 1
    assert await network.reads(states, session) == {ANNA: "cancelled", BORIS: "cancelled"}
    assert await network.reads(ended, session) == 2
    assert await network.reads(notices) == [
        (BORIS, f"offer:{session}:1"),
        (BORIS, f"offer:{session}:3"),  # alone in the line: that it had lapsed needs no message of its own
        (BORIS, f"dropped:{session}:4"),
    ]
    assert await queued(network, "priority, expires") == [
        (2, utc("2026-11-26")),
        (2, utc("2026-11-27")),
        (5, STARTS),
    ]


async def test_who_was_dropped_can_register_again_with_two_chances(network):
    session = await full(network, ANNA, BORIS)
    await network.does(leave, session, ANNA)
    for day in ("2026-11-26", "2026-11-27"):
        network.now = utc(day)
        await network.does(lapse)
    assert (await network.reads(registration, session, BORIS)).state == "cancelled"
    assert await network.does(register, session, BORIS, "de") == Confirmed()
    assert (await network.reads(registration, session, BORIS)).lapses == 0


async def test_several_that_expire_together_keep_their_order(network):
    session = await full(network, ANNA, BORIS, CLARA, DILEK, EMIL, FATMA, capacity=2)
    await network.does(leave, session, ANNA)
    await network.does(leave, session, BORIS)
    network.now += DAY
    assert await network.does(lapse) == 2
    assert await network.reads(line, session) == [CLARA, DILEK]
    assert await network.reads(states, session) == {
        ANNA: "cancelled",
        BORIS: "cancelled",
        EMIL: "offered",
        FATMA: "offered",
        CLARA: "waitlisted",
        DILEK: "waitlisted",
    }


async def test_whoever_was_offered_a_seat_first_is_before_others_when_both_expire(network):
    session = await full(network, ANNA, BORIS, CLARA, DILEK, capacity=2)
    await network.does(leave, session, CLARA)
    await network.does(leave, session, ANNA)  # Dilek, the second in the line of then, is offered a seat
    await network.does(register, session, CLARA, "de")
    network.now += HOUR
    await network.does(leave, session, BORIS)  # Clara, the only one in the line of now, too
    for person in (EMIL, FATMA):
        await network.does(register, session, person, "de")
    network.now += 7 * DAY
    assert await network.does(lapse) == 2
    assert await network.reads(line, session) == [DILEK, CLARA]


async def test_offers_of_many_sessions_expire_at_once(network):
    sessions = [await full(network, ANNA, BORIS, CLARA) for _ in range(3)]
    for session in sessions:
        await network.does(leave, session, ANNA)
    network.now += DAY
    assert await network.does(lapse) == 3
    for session in sessions:
        assert (await network.reads(registration, session, CLARA)).state == "offered"


async def test_an_offer_that_ends_with_the_start_ends_quietly(network):
    session = await full(network, ANNA, BORIS, CLARA)
    network.now = STARTS - DAY
    await network.does(leave, session, ANNA)
    network.now = STARTS
    assert await network.does(lapse) == 1
    assert await network.reads(states, session) == {ANNA: "cancelled", BORIS: "waitlisted", CLARA: "waitlisted"}
    assert await network.reads(notices) == [(BORIS, f"offer:{session}:1")]


async def test_nearer_to_the_start_an_expired_seat_is_given_to_the_next(network):
    session = await full(network, ANNA, BORIS, CLARA)
    network.now = STARTS - DAY - HOUR
    await network.does(leave, session, ANNA)
    network.now = STARTS - HOUR
    assert await network.does(lapse) == 1
    assert await network.reads(states, session) == {ANNA: "cancelled", BORIS: "waitlisted", CLARA: "confirmed"}


async def test_more_seats_go_to_the_first_in_line_and_no_further(network):
    session = await full(network, ANNA, BORIS, CLARA, DILEK)
    await network.does(resize, session, 3)
    assert await network.reads(states, session) == {
        ANNA: "confirmed",
        BORIS: "offered",
        CLARA: "offered",
        DILEK: "waitlisted",
    }
    await network.does(resize, session, None)
    assert (await network.reads(registration, session, DILEK)).state == "offered"
    assert await network.does(register, session, EMIL, "de") == Confirmed()


async def test_fewer_seats_evict_nobody_and_give_nothing_until_there_is_room(network):
    session = await full(network, ANNA, BORIS, CLARA, DILEK, capacity=3)
    await network.does(resize, session, 1)
    assert await network.does(leave, session, ANNA) == Left("confirmed")
    assert await network.does(leave, session, BORIS) == Left("confirmed")
    assert await network.reads(line, session) == [DILEK]
    assert await network.does(register, session, EMIL, "de") == Waitlisted(2)
    assert await network.does(leave, session, CLARA) == Left("confirmed")
    assert (await network.reads(registration, session, DILEK)).state == "offered"
    assert await network.reads(line, session) == [EMIL]


async def test_filling_twice_or_where_nothing_is_free_does_nothing(network):
    session = await full(network, ANNA, BORIS)
    await network.does(fill, session)
    assert await network.reads(states, session) == {ANNA: "confirmed", BORIS: "waitlisted"}
    await network.does(resize, session, 2)
    await network.does(fill, session)
    await network.does(fill, 2**62)
    assert await network.reads(notices) == [(BORIS, f"offer:{session}:1")]


@pytest.mark.parametrize("why", ["started", "cancelled"])
async def test_nothing_is_given_after_the_start_or_in_a_cancelled_session(network, why):
    session = await full(network, ANNA, BORIS)
    await network.database.write(set_capacity, session, 2)
    if why == "started":
        network.now = STARTS
    else:
        await network.database.write(set_state, session, "cancelled")
    await network.does(fill, session)
    await network.does(sweep)
    assert await network.reads(states, session) == {ANNA: "confirmed", BORIS: "waitlisted"}


async def test_a_guest_is_given_what_a_person_is_offered(network):
    session = await full(network, ANNA, BORIS)
    somebody = await network.database.write(guest)
    await network.does(register_guest, session, somebody)
    await network.does(resize, session, 3)
    assert await network.reads(states, session) == {ANNA: "confirmed", BORIS: "offered", -somebody: "confirmed"}
    assert await network.reads(notices) == [(BORIS, f"offer:{session}:1")]


async def test_each_offer_to_the_same_person_has_a_message_of_its_own(network):
    session = await full(network, ANNA, BORIS)
    await network.does(leave, session, ANNA)
    await network.does(leave, session, BORIS)
    await network.does(register, session, ANNA, "de")
    await network.does(register, session, BORIS, "de")
    await network.does(leave, session, ANNA)
    assert await network.reads(notices) == [(BORIS, f"offer:{session}:1"), (BORIS, f"offer:{session}:4")]


async def test_sweeping_gives_what_was_forgotten(network):
    session = await full(network, ANNA, BORIS, CLARA, DILEK)
    other = await full(network, ANNA, BORIS)
    await network.database.write(set_capacity, session, 3)
    await network.does(sweep)
    assert await network.reads(states, session) == {
        ANNA: "confirmed",
        BORIS: "offered",
        CLARA: "offered",
        DILEK: "waitlisted",
    }
    assert await network.reads(states, other) == {ANNA: "confirmed", BORIS: "waitlisted"}
    await network.does(sweep)
    assert len(await network.reads(notices)) == 2


async def test_sweeping_fills_a_session_whose_limit_was_taken_away(network):
    session = await full(network, ANNA, BORIS)
    await network.database.write(set_capacity, session, None)
    await network.does(sweep)
    assert (await network.reads(registration, session, BORIS)).state == "offered"


async def test_sweeping_ends_offers_that_have_no_end_or_outlast_the_start(network):
    session = await full(network, ANNA, BORIS, CLARA, capacity=2)
    await network.does(leave, session, ANNA)
    await change(network, "UPDATE registrations SET offered_until = NULL WHERE state = 'offered'")
    await network.does(sweep)
    assert (await network.reads(registration, session, CLARA)).offered_until == STARTS
    sooner = NOW + 2 * DAY
    await change(network, "UPDATE sessions SET starts = :starts", starts=sooner)
    await network.does(sweep)
    assert (await network.reads(registration, session, CLARA)).offered_until == sooner


async def test_sweeping_ends_offers_that_the_tick_missed(network):
    session = await full(network, ANNA, BORIS, CLARA)
    await network.does(leave, session, ANNA)
    network.now += DAY
    await network.does(sweep)
    assert await network.reads(states, session) == {ANNA: "cancelled", CLARA: "offered", BORIS: "waitlisted"}


async def test_sweeping_leaves_alone_what_is_right(network):
    session = await full(network, ANNA, BORIS, CLARA)
    await network.does(leave, session, ANNA)
    before = await network.reads(states, session)
    await network.does(sweep)
    assert await network.reads(states, session) == before
    assert await network.reads(notices) == [(BORIS, f"offer:{session}:1")]


async def test_a_session_is_locked_with_what_it_says_or_is_not_there(network):
    session = await network.plans(7)
    found = await network.database.write(lock, session)
    assert (found.id, found.capacity) == (session, 7)
    assert await network.database.write(lock, session + 1) is None
    assert await network.does(accept, session + 1, ANNA) == Refused("unknown")
