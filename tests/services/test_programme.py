"""Changing the programme: what a session is afterwards, and who hears of it."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.domain.instants import DAY, HOUR, MINUTE
from bot.domain.plan import Done, Impossible, NewSession, Wording, wording_of
from bot.domain.programme import Series
from bot.domain.terms import Terms
from bot.services import programme
from bot.services.people import know
from bot.services.sessions import one_series
from bot.services.sessions import session as read_session

NOW = 1_795_000_000_000_000  # in November 2026
STARTS = NOW + 10 * DAY
TERMS = Terms()
ANNA, BORIS, CLARA, DILEK, EMIL, FATMA = range(4_711_001, 4_711_007)
LAW = Wording("Recht", "de", topics=("work",), wordings={"uk": ("Право", "")})

REGISTER = text(
    "INSERT INTO registrations (session, person, state, line, offered_until, created, confirmed_at) "
    "VALUES (:session, :person, :state, :person, :until, :now, :now)"
)
STATES = text("SELECT person, state, offered_until FROM registrations WHERE session = :session ORDER BY person")
NOTICES = text("SELECT person, kind, dedup, parameters, priority, due FROM outbox ORDER BY id")


def planned(tx, **more):
    """A series with a session of 50 seats, ten days from now; its number."""
    series = programme.add_series(tx, "Ankommen", {"uk": "Прибуття"}, NOW)
    return programme.add(tx, NewSession(series, STARTS, LAW, **({"capacity": 50} | more)), NOW, TERMS)


def registered(tx, session, people):
    """These people are registered in these states, and one guest has a seat."""
    for person, state in people.items():
        know(tx, person, "de", NOW)
        until = NOW + DAY if state == "offered" else None
        row = {"session": session, "person": person, "state": state, "until": until, "now": NOW}
        tx.execute(REGISTER, row)
    tx.execute(text("INSERT INTO guests (email, name) VALUES ('guest@example.org', 'Muster')"))
    guest = (
        "INSERT INTO registrations (session, guest, state, line, created) SELECT :s, id, 'confirmed', 0, 0 FROM guests"
    )
    tx.execute(text(guest), {"s": session})


EVERY_STATE = {
    ANNA: "confirmed",
    BORIS: "offered",
    CLARA: "waitlisted",
    DILEK: "cancelled",
    EMIL: "attended",
    FATMA: "no_show",
}


def everybody(tx):
    """A session with somebody in every state, and no free seat; its number."""
    session = planned(tx, capacity=5)
    registered(tx, session, EVERY_STATE)
    return session


def states(tx, session):
    return {row.person: row.state for row in tx.execute(STATES, {"session": session}) if row.person}


def offered_until(tx, session):
    return [row.offered_until for row in tx.execute(STATES, {"session": session}) if row.state == "offered"]


def told(tx, kind):
    """Who is told in notices of this kind, with what."""
    rows = [row for row in tx.execute(NOTICES) if row.kind == kind]
    assert {row.due for row in rows} <= {NOW}
    return [(row.person, row.dedup, json.loads(row.parameters)) for row in rows]


def number_of_notices(tx):
    return len(tx.execute(NOTICES))


def notices_sent(tx):
    tx.execute(text("UPDATE outbox SET state = 'sent'"))


def over(tx, session):
    """The session was yesterday."""
    row = {"id": session, "starts": NOW - DAY}
    tx.execute(text("UPDATE sessions SET starts = :starts WHERE id = :id"), row)


def thanked(tx, session):
    """Those who attended were written to."""
    tx.execute(text("UPDATE sessions SET finished = :now WHERE id = :id"), {"id": session, "now": NOW})


def take_all(tx, series, person):
    know(tx, person, "de", NOW)
    row = {"series": series, "person": person, "now": NOW}
    tx.execute(text("INSERT INTO takes_all (series, person, since) VALUES (:series, :person, :now)"), row)


async def test_a_new_session_is_open_and_as_it_was_planned(database):
    session = await database.write(planned, minutes=90, join_url="https://meet.example.org/a")
    found = await database.read(read_session, session)
    assert wording_of(found) == LAW
    assert (found.starts, found.zone, found.minutes, found.capacity) == (STARTS, "Europe/Berlin", 90, 50)
    assert (found.join_url, found.state, found.version, found.sequence) == ("https://meet.example.org/a", "open", 1, 0)
    assert (found.created, found.changed, found.moved, found.materials, found.code_word) == (NOW, NOW, NOW, "", "")


async def test_a_series_is_made_once_and_keeps_its_titles(database):
    first = await database.write(programme.add_series, "Ankommen", {"uk": "Прибуття"}, NOW)
    assert await database.write(programme.add_series, "Ankommen", {}, NOW + 1) == first
    assert (await database.read(one_series, first)).titles == {"uk": "Прибуття"}
    await database.write(programme.set_series, first, "Ankunft", {"en": "Arriving"})
    assert await database.read(one_series, first) == Series(first, "Ankunft", {"en": "Arriving"})


async def test_those_who_took_all_hear_of_a_new_session(database):
    series = await database.write(programme.add_series, "Ankommen", {}, NOW)
    other = await database.write(programme.add_series, "Arbeit", {}, NOW)
    await database.write(take_all, series, ANNA)
    await database.write(take_all, other, BORIS)
    session = await database.write(programme.add, NewSession(series, STARTS, LAW), NOW, TERMS)
    assert await database.read(told, "added") == [(ANNA, f"added:{session}", {})]
    assert await database.read(states, session) == {}


async def test_what_cannot_be_added(database):
    session = await database.write(planned)
    series = (await database.read(read_session, session)).series
    for new, why in [
        (NewSession(series, STARTS, LAW), "taken"),
        (NewSession(series, NOW, replace(LAW, title="Arbeit")), "past"),
        (NewSession(series + 1, STARTS, LAW), "unknown"),
    ]:
        assert await database.write(programme.add, new, NOW, TERMS) == Impossible(why)


CHANGES = {
    "move": lambda tx, session: programme.move(tx, session, STARTS + DAY, 150, NOW, TERMS),
    "resize": lambda tx, session: programme.resize(tx, session, 60, NOW, TERMS),
    "join_url": lambda tx, session: programme.set_join_url(tx, session, "https://meet.example.org/b", NOW),
    "state": lambda tx, session: programme.set_state(tx, session, "closed", NOW),
    "cancel": lambda tx, session: programme.cancel(tx, session, NOW, TERMS),
    "texts": lambda tx, session: programme.set_texts(tx, session, replace(LAW, title="Rat"), NOW),
    "materials": lambda tx, session: programme.set_materials(tx, session, "https://example.org/slides", NOW),
    "code_word": lambda tx, session: programme.set_code_word(tx, session, "Apfel", NOW),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_no_session_no_change(database, change):
    assert await database.write(CHANGES[change], 4711) == Impossible("unknown")


@pytest.mark.parametrize("change", ["move", "resize", "join_url", "state"])
async def test_a_cancelled_session_stays_as_it_is(database, change):
    session = await database.write(everybody)
    await database.write(programme.cancel, session, NOW, TERMS)
    before, notices = await database.read(read_session, session), await database.read(number_of_notices)
    assert await database.write(CHANGES[change], session) == Impossible("cancelled")
    assert await database.read(read_session, session) == before
    assert await database.read(number_of_notices) == notices


@pytest.mark.parametrize("change", CHANGES)
async def test_a_change_made_twice_is_made_once(database, change):
    session = await database.write(everybody)
    first = await database.write(CHANGES[change], session)
    notices = await database.read(number_of_notices)
    again = await database.write(CHANGES[change], session)
    assert (first.session, again) == (await database.read(read_session, session), Done(first.session))
    assert await database.read(number_of_notices) == notices


async def test_moving_tells_everybody_who_is_registered_of_the_old_and_the_new_time(database):
    session = await database.write(everybody)
    done = await database.write(programme.move, session, STARTS + DAY, 90, NOW + 1, Terms(zone="Europe/Vienna"))
    moved = done.session
    assert (moved.starts, moved.minutes, moved.zone) == (STARTS + DAY, 90, "Europe/Vienna")
    assert (moved.version, moved.sequence, moved.changed, moved.moved) == (2, 1, NOW + 1, NOW + 1)
    assert moved == await database.read(read_session, session)


async def test_nobody_has_attended_what_is_moved(database):
    session = await database.write(everybody)
    known = {"before": STARTS, "minutes": 150}
    assert (await database.write(programme.move, session, STARTS + DAY, 150, NOW, TERMS)).told == 5
    people = [ANNA, BORIS, CLARA, EMIL, FATMA]
    assert await database.read(told, "moved") == [(person, f"moved:{session}:2", known) for person in people]
    now = {person: "confirmed" if state in {"attended", "no_show"} else state for person, state in EVERY_STATE.items()}
    assert await database.read(states, session) == now


async def test_another_length_is_told_and_leaves_the_start_and_its_reminders(database):
    session = await database.write(everybody)
    done = await database.write(programme.move, session, STARTS, 90, NOW, TERMS)
    assert (done.session.version, done.session.sequence, done.session.moved, done.told) == (1, 1, NOW, 3)
    known = {"before": STARTS, "minutes": 150}
    people = [ANNA, BORIS, CLARA]
    assert await database.read(told, "moved") == [(person, f"moved:{session}:1:1", known) for person in people]
    await database.write(notices_sent)
    assert (await database.write(programme.move, session, STARTS, 60, NOW, TERMS)).told == 3


async def test_whom_the_first_move_has_not_reached_is_told_once_from_what_they_know(database):
    session = await database.write(everybody)
    await database.write(programme.move, session, STARTS + DAY, 150, NOW, TERMS)
    assert (await database.write(programme.move, session, STARTS + 2 * DAY, 150, NOW, TERMS)).told == 0
    assert {known["before"] for _, _, known in await database.read(told, "moved")} == {STARTS}
    await database.write(notices_sent)
    assert (await database.write(programme.move, session, STARTS + 3 * DAY, 150, NOW, TERMS)).told == 5
    later = [known["before"] for _, dedup, known in await database.read(told, "moved") if dedup == f"moved:{session}:4"]
    assert later == [STARTS + 2 * DAY] * 5


@pytest.mark.parametrize(("starts", "until"), [(NOW + HOUR, NOW + HOUR), (NOW + 2 * DAY, NOW + DAY)])
async def test_an_offer_is_kept_but_never_beyond_the_new_start(database, starts, until):
    session = await database.write(everybody)
    await database.write(programme.move, session, starts, 150, NOW, TERMS)
    assert await database.read(offered_until, session) == [until]


async def test_moving_into_the_past_or_out_of_it_is_refused(database):
    session = await database.write(everybody)
    assert await database.write(programme.move, session, NOW, 150, NOW, TERMS) == Impossible("past")
    await database.write(over, session)
    assert await database.write(programme.move, session, STARTS, 150, NOW, TERMS) == Impossible("over")
    assert await database.read(number_of_notices) == 0


async def test_the_length_of_what_is_over_is_set_right_and_nobody_hears_of_it(database):
    session = await database.write(everybody)
    await database.write(over, session)
    done = await database.write(programme.move, session, NOW - DAY, 120, NOW, TERMS)
    assert (done.session.minutes, done.told, done.session.ends) == (120, 0, NOW - DAY + 120 * MINUTE)


async def test_a_session_that_runs_can_still_be_moved_or_cancelled(database):
    session = await database.write(planned)
    later = STARTS + HOUR
    moved = await database.write(programme.move, session, STARTS + DAY, 150, later, TERMS)
    assert moved.session.starts == STARTS + DAY
    cancelled = await database.write(programme.cancel, session, STARTS + DAY + HOUR, TERMS)
    assert cancelled.session.state == "cancelled"


async def test_more_seats_go_to_the_waiting_list_at_once(database):
    session = await database.write(planned, capacity=1)
    await database.write(registered, session, {ANNA: "confirmed", BORIS: "waitlisted", CLARA: "waitlisted"})
    await database.write(programme.resize, session, 2, NOW, TERMS)  # Anna and the guest have them already
    assert (await database.read(states, session))[BORIS] == "waitlisted"
    done = await database.write(programme.resize, session, 3, NOW, TERMS)
    assert (done.session.capacity, done.session.sequence, done.told) == (3, 0, 0)
    assert await database.read(states, session) == {ANNA: "confirmed", BORIS: "offered", CLARA: "waitlisted"}
    await database.write(programme.resize, session, None, NOW, TERMS)
    assert (await database.read(states, session))[CLARA] == "offered"


async def test_fewer_seats_evict_nobody(database):
    session = await database.write(everybody)
    done = await database.write(programme.resize, session, 1, NOW, TERMS)
    assert (done.session.capacity, await database.read(states, session)) == (1, EVERY_STATE)
    assert await database.read(number_of_notices) == 0


async def test_a_join_link_reaches_those_with_a_seat_once(database):
    session = await database.write(everybody)
    done = await database.write(programme.set_join_url, session, "https://meet.example.org/a", NOW)
    assert (done.session.sequence, done.told) == (1, 1)
    assert await database.read(told, "link") == [(ANNA, f"link:{session}:1", {})]
    again = await database.write(programme.set_join_url, session, "https://meet.example.org/b", NOW)
    assert (again.session.sequence, again.told) == (2, 0)  # the one that waits shows the new link
    await database.write(notices_sent)
    assert (await database.write(programme.set_join_url, session, "", NOW)).told == 0
    assert (await database.write(programme.set_join_url, session, "https://meet.example.org/c", NOW)).told == 1


async def test_a_join_link_of_what_is_over_reaches_nobody(database):
    session = await database.write(everybody)
    await database.write(over, session)
    assert (await database.write(programme.set_join_url, session, "https://meet.example.org/a", NOW)).told == 0


async def test_a_session_is_closed_and_opened_again(database):
    session = await database.write(everybody)
    for state in ("closed", "open"):
        done = await database.write(programme.set_state, session, state, NOW)
        assert (done.session.state, done.session.sequence) == (state, 0)
    assert await database.read(states, session) == EVERY_STATE


async def test_cancelling_tells_each_what_they_lose_and_ends_their_registrations(database):
    session = await database.write(everybody)
    done = await database.write(programme.cancel, session, NOW, TERMS)
    assert (done.session.state, done.session.sequence, done.session.version, done.told) == ("cancelled", 1, 1, 5)
    name = f"cancelled:{session}"
    seated = [ANNA, EMIL, FATMA]
    was = dict.fromkeys(seated, "confirmed") | {BORIS: "offered", CLARA: "waitlisted"}
    assert await database.read(told, "cancelled") == [(one, name, {"was": was[one]}) for one in sorted(was)]
    assert set((await database.read(states, session)).values()) == {"cancelled"}
    assert await database.read(offered_until, session) == []
    assert await database.read(ended, session) == 0


def ended(tx, session):
    return tx.execute(text("SELECT ended FROM sessions WHERE id = :id"), {"id": session})[0][0]


async def test_what_is_over_cannot_be_cancelled(database):
    session = await database.write(everybody)
    await database.write(over, session)
    assert await database.write(programme.cancel, session, NOW, TERMS) == Impossible("over")
    assert await database.read(states, session) == EVERY_STATE


async def test_calendars_follow_titles_and_nothing_else_of_the_texts(database):
    session = await database.write(everybody)
    reworded = replace(LAW, summary="Kurz", speakers="Dr. Muster", municipalities=("landkreis",), topics=())
    done = await database.write(programme.set_texts, session, reworded, NOW + 1)
    assert (wording_of(done.session), done.session.sequence, done.session.changed) == (reworded, 0, NOW + 1)
    retitled = replace(reworded, wordings={"uk": ("Права", "")})
    assert (await database.write(programme.set_texts, session, retitled, NOW)).session.sequence == 1
    assert await database.read(number_of_notices) == 0


async def test_no_two_sessions_of_a_series_get_the_same_title(database):
    session = await database.write(planned)
    series = (await database.read(read_session, session)).series
    other = await database.write(programme.add, NewSession(series, STARTS, replace(LAW, title="Rat")), NOW, TERMS)
    assert await database.write(programme.set_texts, other, LAW, NOW) == Impossible("taken")


async def test_materials_reach_those_who_attended_and_were_thanked_without_them(database):
    session = await database.write(everybody)
    assert (await database.write(programme.set_materials, session, "https://example.org/a", NOW)).told == 0
    await database.write(over, session)
    await database.write(thanked, session)
    done = await database.write(programme.set_materials, session, "https://example.org/b", NOW)
    assert (done.session.materials, done.told) == ("https://example.org/b", 1)
    assert await database.read(told, "materials") == [(EMIL, f"materials:{session}:{done.session.sequence}", {})]
    assert (await database.write(programme.set_materials, session, "https://example.org/c", NOW)).told == 0
    await database.write(notices_sent)
    assert (await database.write(programme.set_materials, session, "https://example.org/d", NOW)).told == 1
    assert (await database.write(programme.set_materials, session, "", NOW)).told == 0


async def test_a_code_word_is_set_and_taken_away(database):
    session = await database.write(planned)
    assert (await database.write(programme.set_code_word, session, "Apfel", NOW)).session.code_word == "Apfel"
    assert (await database.write(programme.set_code_word, session, "", NOW)).session.code_word == ""
