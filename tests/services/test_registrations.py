"""Registering and leaving: seats, places in the line, all of a series, and presses that come twice, late, or forged."""

import pytest
from seating import (
    ANNA,
    BORIS,
    CLARA,
    DILEK,
    EMIL,
    NOW,
    STARTS,
    Network,
    ended,
    guest,
    line,
    notices,
    series_of,
    set_capacity,
    set_state,
    states,
)
from sqlalchemy import text

from bot.domain.instants import DAY, HOUR, MINUTE
from bot.domain.registrations import (
    AlreadyRegistered,
    Confirmed,
    Left,
    NotRegistered,
    Refused,
    Registration,
    Waitlisted,
)
from bot.services.registrations import (
    accept,
    attended,
    decline,
    leave,
    leave_all,
    leave_guest,
    mine,
    register,
    register_all,
    register_guest,
    registration,
    release,
    takes_all,
)
from bot.store.people import known

ENDS = STARTS + 150 * MINUTE
NOBODYS = 2**62  # a number that was never given out


@pytest.fixture
def network(database):
    return Network(database)


async def registered(network, session, *people):
    """They register one after the other."""
    return [await network.does(register, session, person, "uk") for person in people]


async def test_the_first_get_the_seats_and_the_others_places_in_the_line(network):
    session = await network.plans(2)
    outcomes = await registered(network, session, ANNA, BORIS, CLARA, DILEK)
    assert outcomes == [Confirmed(), Confirmed(), Waitlisted(1), Waitlisted(2)]
    assert await network.reads(registration, session, DILEK) == Registration(session, "waitlisted", 2, None, 0, 0)
    assert await network.reads(registration, session, ANNA) == Registration(session, "confirmed", 0, None, 0, 0)
    assert await network.reads(registration, session, EMIL) is None
    assert await network.reads(notices) == []


async def test_without_a_limit_everybody_gets_a_seat(network):
    session = await network.plans(None)
    assert await registered(network, session, ANNA, BORIS, CLARA) == [Confirmed()] * 3


async def test_who_registers_is_known_with_telegrams_language(network):
    session = await network.plans()
    await registered(network, session, ANNA)
    people = await network.reads(known, [ANNA])
    assert people[ANNA].code == "uk"


async def test_whoever_is_refused_is_not_stored(network):
    closed = await network.plans(state="closed")
    cancelled = await network.plans(state="cancelled")
    over = await network.plans(starts=NOW)
    outcomes = [
        await network.does(register, session, ANNA, "uk") for session in (closed, cancelled, over, NOBODYS, -1, 0)
    ]
    reasons = ["closed", "cancelled", "started", "unknown", "unknown", "unknown"]
    assert outcomes == [Refused(why) for why in reasons]
    assert await network.reads(known, [ANNA]) == {}


async def test_registering_is_possible_up_to_the_start(network):
    session = await network.plans(starts=NOW + 1)
    assert await registered(network, session, ANNA) == [Confirmed()]


async def test_pressing_twice_says_how_it_stands(network):
    session = await network.plans(1)
    await registered(network, session, ANNA, BORIS, CLARA)
    assert await registered(network, session, ANNA, CLARA) == [
        AlreadyRegistered(Registration(session, "confirmed", 0, None, 0, 0)),
        AlreadyRegistered(Registration(session, "waitlisted", 2, None, 0, 0)),
    ]
    await network.does(leave, session, ANNA)
    until = NOW + DAY
    offered = AlreadyRegistered(Registration(session, "offered", 0, until, 0, 1))
    assert await registered(network, session, BORIS) == [offered]


async def test_who_has_a_seat_hears_so_also_from_a_closed_or_running_session(network):
    session = await network.plans(1)
    await registered(network, session, ANNA)
    await network.database.write(set_state, session, "closed")
    already = [AlreadyRegistered(Registration(session, "confirmed", 0, None, 0, 0))]
    assert await registered(network, session, ANNA) == already
    network.now = STARTS
    assert await registered(network, session, ANNA) == already


async def test_nobody_jumps_a_queue_even_where_a_seat_is_free(network):
    session = await network.plans(1)
    await registered(network, session, ANNA, BORIS)
    await network.database.write(set_capacity, session, 5)
    assert await registered(network, session, CLARA) == [Waitlisted(2)]
    await network.database.write(set_capacity, session, None)
    assert await registered(network, session, DILEK) == [Waitlisted(3)]


async def test_a_seat_that_is_offered_is_not_free(network):
    session = await network.plans(1)
    await registered(network, session, ANNA, BORIS)
    await network.does(leave, session, ANNA)
    assert await registered(network, session, CLARA) == [Waitlisted(1)]


@pytest.mark.parametrize("state", ["attended", "no_show"])
async def test_who_attends_already_keeps_the_seat(network, state):
    session = await network.plans(1)
    await registered(network, session, ANNA)
    await network.database.write(lambda tx: tx.execute(text(f"UPDATE registrations SET state = '{state}'")))
    assert await registered(network, session, BORIS) == [Waitlisted(1)]


async def test_leaving_moves_everybody_up_and_is_counted(network):
    session = await network.plans(1)
    await registered(network, session, ANNA, BORIS, CLARA, DILEK)
    assert await network.does(leave, session, CLARA) == Left("waitlisted")
    assert (await network.reads(registration, session, DILEK)).place == 2
    assert await network.does(leave, session, ANNA) == Left("confirmed")
    assert (await network.reads(registration, session, DILEK)).place == 1
    assert await network.reads(states, session) == {
        ANNA: "cancelled",
        BORIS: "offered",
        CLARA: "cancelled",
        DILEK: "waitlisted",
    }
    assert await network.does(leave, session, BORIS) == Left("offered")
    assert (await network.reads(registration, session, DILEK)).state == "offered"
    assert await network.reads(ended, session) == 3


async def test_leaving_twice_or_without_being_there_changes_nothing(network):
    session = await network.plans(1)
    await registered(network, session, ANNA)
    await network.does(leave, session, ANNA)
    gone = NotRegistered(Registration(session, "cancelled", 0, None, 0, 1))
    assert await network.does(leave, session, ANNA) == gone
    assert await network.does(leave, session, BORIS) == NotRegistered(None)
    assert await network.does(leave, NOBODYS, ANNA) == Refused("unknown")
    assert await network.reads(ended, session) == 1


async def test_who_registers_again_goes_to_the_end_and_is_counted_again(network):
    session = await network.plans(1)
    await registered(network, session, ANNA, BORIS, CLARA)
    await network.does(leave, session, BORIS)
    assert await registered(network, session, BORIS) == [Waitlisted(2)]
    assert await network.reads(line, session) == [CLARA, BORIS]
    await network.does(leave, session, BORIS)
    assert await network.reads(ended, session) == 2


async def test_leaving_after_the_start_frees_no_seat(network):
    session = await network.plans(1)
    await registered(network, session, ANNA, BORIS)
    network.now = STARTS
    assert await network.does(leave, session, ANNA) == Left("confirmed")
    assert await network.reads(states, session) == {ANNA: "cancelled", BORIS: "waitlisted"}
    assert await network.reads(notices) == []


async def test_a_session_that_is_over_cannot_be_left(network):
    session = await network.plans(2)
    await registered(network, session, ANNA, BORIS)
    network.now = ENDS
    assert await network.does(leave, session, ANNA) == Refused("started")
    network.now = ENDS - 1
    assert await network.does(leave, session, BORIS) == Left("confirmed")
    assert await network.reads(states, session) == {ANNA: "confirmed", BORIS: "cancelled"}


async def test_a_closed_session_takes_nobody_new_but_its_waiting_list_moves(network):
    session = await network.plans(1)
    await registered(network, session, ANNA, BORIS)
    await network.database.write(set_state, session, "closed")
    assert await registered(network, session, CLARA) == [Refused("closed")]
    await network.does(leave, session, ANNA)
    assert (await network.reads(registration, session, BORIS)).state == "offered"
    assert await network.does(accept, session, BORIS) == Confirmed()


async def test_accepting_takes_the_seat_once(network):
    session = await network.plans(1)
    await registered(network, session, ANNA, BORIS)
    await network.does(leave, session, ANNA)
    assert await network.does(accept, session, BORIS) == Confirmed()
    seat = Registration(session, "confirmed", 0, None, 0, 2)
    assert await network.does(accept, session, BORIS) == AlreadyRegistered(seat)
    assert await network.reads(registration, session, BORIS) == seat


async def test_accepting_what_was_not_offered_gives_nothing(network):
    session = await network.plans(1)
    await registered(network, session, ANNA, BORIS)
    waiting = Registration(session, "waitlisted", 1, None, 0, 0)
    assert await network.does(accept, session, BORIS) == NotRegistered(waiting)
    assert await network.does(accept, session, CLARA) == NotRegistered(None)
    assert await network.does(accept, NOBODYS, CLARA) == Refused("unknown")
    await network.does(leave, session, BORIS)
    assert await network.does(accept, session, BORIS) == NotRegistered(
        Registration(session, "cancelled", 0, None, 0, 1)
    )


async def test_accepting_late_counts_as_lapsed(network):
    session = await network.plans(1)
    await registered(network, session, ANNA, BORIS, CLARA)
    await network.does(leave, session, ANNA)
    network.now += DAY
    after = Registration(session, "waitlisted", 1, None, 1, 2)
    assert await network.does(accept, session, BORIS) == NotRegistered(after)
    assert (await network.reads(registration, session, CLARA)).state == "offered"


async def test_an_offer_can_be_accepted_up_to_its_last_moment(network):
    session = await network.plans(1)
    await registered(network, session, ANNA, BORIS, CLARA)
    await network.does(leave, session, ANNA)
    network.now += DAY - 1
    assert await network.does(accept, session, BORIS) == Confirmed()


async def test_accepting_after_the_start_or_what_was_cancelled_is_refused(network):
    session = await network.plans(1)
    await registered(network, session, ANNA, BORIS)
    await network.does(leave, session, ANNA)
    network.now = STARTS
    assert await network.does(accept, session, BORIS) == Refused("started")
    await network.database.write(set_state, session, "cancelled")
    assert await network.does(accept, session, BORIS) == Refused("cancelled")


async def test_declining_passes_the_seat_on_and_leaves_the_line(network):
    session = await network.plans(1)
    await registered(network, session, ANNA, BORIS, CLARA)
    await network.does(leave, session, ANNA)
    assert await network.does(decline, session, BORIS) == Left("offered")
    assert await network.reads(states, session) == {ANNA: "cancelled", BORIS: "cancelled", CLARA: "offered"}
    assert await network.reads(notices) == [(BORIS, f"offer:{session}:1"), (CLARA, f"offer:{session}:1")]
    assert await network.reads(ended, session) == 2


async def test_an_old_decline_takes_nothing_away(network):
    session = await network.plans(1)
    await registered(network, session, ANNA, BORIS)
    await network.does(leave, session, ANNA)
    await network.does(accept, session, BORIS)
    seat = Registration(session, "confirmed", 0, None, 0, 2)
    assert await network.does(decline, session, BORIS) == NotRegistered(seat)
    assert await network.does(decline, session, CLARA) == NotRegistered(None)
    assert await network.does(decline, NOBODYS, CLARA) == Refused("unknown")
    assert await network.reads(states, session) == {ANNA: "cancelled", BORIS: "confirmed"}


async def test_taking_all_registers_for_each_session_to_come(network):
    over = await network.plans(5, starts=NOW)
    late = await network.plans(5, starts=STARTS + DAY)
    full = await network.plans(1)
    closed = await network.plans(5, state="closed")
    cancelled = await network.plans(5, state="cancelled")
    elsewhere = await network.plans(5, series="Recht")
    await registered(network, full, BORIS)
    series = await network.reads(series_of, full)
    outcomes = await network.does(register_all, series, ANNA, "uk")
    assert [(session.id, outcome) for session, outcome in outcomes] == [(full, Waitlisted(1)), (late, Confirmed())]
    for session in (over, closed, cancelled, elsewhere):
        assert await network.reads(registration, session, ANNA) is None
    assert await network.reads(takes_all, series, ANNA)
    assert not await network.reads(takes_all, series, BORIS)


async def test_taking_all_twice_says_how_it_stands(network):
    session = await network.plans(5)
    series = await network.reads(series_of, session)
    await network.does(register_all, series, ANNA, "uk")
    [(_, outcome)] = await network.does(register_all, series, ANNA, "uk")
    assert outcome == AlreadyRegistered(Registration(session, "confirmed", 0, None, 0, 0))


async def test_taking_all_does_not_add_again_what_was_left_by_itself(network):
    first, second = await network.plans(5), await network.plans(5)
    series = await network.reads(series_of, first)
    await network.does(register_all, series, ANNA, "uk")
    await network.does(leave, first, ANNA)
    outcomes = await network.does(register_all, series, ANNA, "uk")
    assert [session.id for session, _ in outcomes] == [second]
    assert (await network.reads(registration, first, ANNA)).state == "cancelled"
    assert await registered(network, first, ANNA) == [Confirmed()]
    assert [session.id for session, _ in await network.does(register_all, series, ANNA, "uk")] == [first, second]


async def test_taking_all_does_not_add_again_what_was_declined(network):
    session = await network.plans(1)
    series = await network.reads(series_of, session)
    await registered(network, session, BORIS, ANNA)
    await network.does(leave, session, BORIS)
    await network.does(decline, session, ANNA)
    assert await network.does(register_all, series, ANNA, "uk") == []


async def test_leaving_all_can_be_taken_back_by_taking_all(network):
    first, second, third = [await network.plans(5) for _ in range(3)]
    series = await network.reads(series_of, first)
    await network.does(register_all, series, ANNA, "uk")
    await network.does(leave, second, ANNA)
    assert [session.id for session in await network.does(leave_all, series, ANNA)] == [first, third]
    assert not await network.reads(takes_all, series, ANNA)
    assert [await network.reads(ended, one) for one in (first, second, third)] == [1, 1, 1]
    assert await network.does(leave_all, series, ANNA) == []
    outcomes = await network.does(register_all, series, ANNA, "uk")
    assert [(session.id, outcome) for session, outcome in outcomes] == [(first, Confirmed()), (third, Confirmed())]


async def test_leaving_all_passes_every_seat_on(network):
    first, second = await network.plans(1), await network.plans(1)
    series = await network.reads(series_of, first)
    for person in (ANNA, BORIS):
        await network.does(register_all, series, person, "uk")
    await network.does(leave_all, series, ANNA)
    assert [(await network.reads(registration, one, BORIS)).state for one in (first, second)] == ["offered"] * 2


async def test_leaving_all_keeps_what_has_begun(network):
    running = await network.plans(5)
    coming = await network.plans(5, starts=STARTS + DAY)
    await registered(network, running, ANNA)
    await registered(network, coming, ANNA)
    series = await network.reads(series_of, running)
    network.now = STARTS
    assert [session.id for session in await network.does(leave_all, series, ANNA)] == [coming]


async def test_taking_all_of_what_is_over_or_not_there_stores_nothing(network):
    over = await network.plans(5, starts=NOW)
    series = await network.reads(series_of, over)
    for one in (series, NOBODYS):
        assert await network.does(register_all, one, ANNA, "uk") == []
        assert await network.does(leave_all, one, ANNA) == []
    assert await network.reads(known, [ANNA]) == {}


async def test_erasing_a_person_frees_their_seats_and_leaves_no_row(network):
    first, second = await network.plans(1), await network.plans(2, starts=STARTS + DAY)
    series = await network.reads(series_of, first)
    for person in (ANNA, BORIS):
        await network.does(register_all, series, person, "uk")

    def say_more(tx):
        tx.execute(text("INSERT INTO details (person, asked) VALUES (:person, 0)"), {"person": ANNA})
        row = {"person": ANNA, "session": first}
        tx.execute(text("INSERT INTO needs (session, person, consented) VALUES (:session, :person, 0)"), row)

    await network.database.write(say_more)
    await network.does(release, ANNA)
    assert await network.reads(states, first) == {BORIS: "offered"}
    assert await network.reads(states, second) == {BORIS: "confirmed"}
    assert [await network.reads(ended, one) for one in (first, second)] == [1, 1]
    await network.database.write(lambda tx: tx.execute(text("DELETE FROM people WHERE id = :id"), {"id": ANNA}))


async def test_erasing_counts_only_registrations_that_it_ends(network):
    over, left = await network.plans(2), await network.plans(2, starts=STARTS + DAY)
    await registered(network, over, ANNA)
    await registered(network, left, ANNA)
    await network.does(leave, left, ANNA)
    network.now = ENDS
    await network.does(release, ANNA)
    await network.does(release, ANNA)
    assert [await network.reads(ended, one) for one in (over, left)] == [0, 1]
    assert await network.reads(states, over) == {}


async def test_guests_have_the_same_line_and_are_given_the_seat_at_once_without_a_word(network):
    session = await network.plans(1)
    somebody = await network.database.write(guest)
    await registered(network, session, ANNA)
    assert await network.does(register_guest, session, somebody) == Waitlisted(1)
    assert await registered(network, session, BORIS) == [Waitlisted(2)]
    already = AlreadyRegistered(Registration(session, "waitlisted", 1, None, 0, 0))
    assert await network.does(register_guest, session, somebody) == already
    await network.does(leave, session, ANNA)
    assert await network.reads(states, session) == {-somebody: "confirmed", ANNA: "cancelled", BORIS: "waitlisted"}
    assert await network.reads(notices) == []
    assert await network.does(leave_guest, session, somebody) == Left("confirmed")
    assert await network.reads(notices) == [(BORIS, f"offer:{session}:1")]
    gone = NotRegistered(Registration(session, "cancelled", 0, None, 0, 2))
    assert await network.does(leave_guest, session, somebody) == gone
    assert await network.does(register_guest, NOBODYS, somebody) == Refused("unknown")


async def test_a_guest_is_not_the_person_of_the_same_number(network):
    session = await network.plans(5)
    somebody = await network.database.write(guest)
    await network.does(register_guest, session, somebody)
    assert await network.reads(registration, session, somebody) is None
    assert await network.does(leave, session, somebody) == NotRegistered(None)


async def test_my_sessions_are_those_that_are_not_over_the_earliest_first(network):
    late, soon, left, cancelled = [await network.plans(1, starts=STARTS + days * DAY) for days in (2, 0, 1, 3)]
    await registered(network, late, BORIS, ANNA)
    for session in (soon, left, cancelled):
        await registered(network, session, ANNA)
    await network.does(leave, left, ANNA)
    await network.database.write(set_state, cancelled, "cancelled")
    end = text("UPDATE registrations SET state = 'cancelled' WHERE session = :id")
    await network.database.write(lambda tx: tx.execute(end, {"id": cancelled}))
    network.now = ENDS - 1
    found = await network.reads(mine, ANNA, network.now)
    assert [(session.id, one.state, one.place) for session, one in found] == [
        (soon, "confirmed", 0),
        (late, "waitlisted", 1),
    ]
    assert [session.id for session, _ in await network.reads(mine, ANNA, ENDS)] == [late]


async def test_attended_sessions_are_those_where_somebody_was(network):
    late, soon, missed = [await network.plans(5, starts=STARTS + days * HOUR) for days in (2, 0, 1)]
    for session in (late, soon, missed):
        await registered(network, session, ANNA)
    was_there = text("UPDATE registrations SET state = 'attended' WHERE session <> :missed")
    await network.database.write(lambda tx: tx.execute(was_there, {"missed": missed}))
    assert [session.id for session in await network.reads(attended, ANNA)] == [soon, late]
    assert await network.reads(attended, BORIS) == []
