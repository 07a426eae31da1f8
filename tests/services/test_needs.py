"""What people need to take part: only of who is registered, for the sessions they say, and deleted when they say."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.domain.instants import DAY, HOUR
from bot.domain.terms import Terms
from bot.services.needs import Needs, forget, forget_all, in_own_words, keep, of_session, standing, take_over
from bot.services.people import know
from bot.services.registrations import leave

ANNA, BORIS = 5_001, 5_002
NOW = 1_800_000_000_000_000
BOTH = Needs(sign_language=True, other="Platz vorn")
ALL = "SELECT session, person, sign_language, subtitles, other, consented FROM needs ORDER BY session, person"


def plan(tx, title, starts, series=1, state="open"):
    for number in (1, 2):
        row = {"title": f"Reihe {number}"}
        tx.execute(text("INSERT INTO series (title, created) VALUES (:title, 0) ON CONFLICT (title) DO NOTHING"), row)
    return tx.execute(
        text("""
            INSERT INTO sessions (series, title, language, starts, zone, minutes, state, created, changed, moved)
            VALUES (:series, :title, 'de', :starts, 'Europe/Berlin', 150, :state, 0, 0, 0) RETURNING id
        """),
        {"title": title, "starts": starts, "series": series, "state": state},
    )[0].id


def seat(tx, session, person, state="confirmed"):
    know(tx, person, None, NOW)
    tx.execute(
        text("INSERT INTO registrations (session, person, state, line, created) VALUES (:s, :p, :state, 1, 0)"),
        {"s": session, "p": person, "state": state},
    )


def change(tx, statement):
    tx.execute(text(statement))


def rows(tx, statement):
    return [tuple(row) for row in tx.execute(text(statement))]


@pytest.fixture
async def session(database):
    """A session tomorrow for which Anna is registered."""
    found = await database.write(plan, "Wohnen", NOW + DAY)
    await database.write(seat, found, ANNA)
    return found


async def test_what_is_needed_is_kept_with_the_time_of_consent_and_replaced(database, session):
    assert await database.write(keep, session, ANNA, BOTH, NOW)
    assert await database.write(keep, session, ANNA, Needs(subtitles=True), NOW + 5)
    kept = await database.read(rows, ALL)
    assert [(one[0], one[1], bool(one[2]), bool(one[3]), *one[4:]) for one in kept] == [
        (session, ANNA, False, True, "", NOW)
    ]


async def test_nothing_needed_is_nothing_stored(database, session):
    await database.write(keep, session, ANNA, BOTH, NOW)
    assert await database.write(keep, session, ANNA, Needs(), NOW)
    assert await database.read(rows, ALL) == []


@pytest.mark.parametrize("state", ["cancelled", "attended", "no_show"])
async def test_nothing_is_kept_of_who_is_not_registered(database, session, state):
    await database.write(seat, session, BORIS, state)
    for person in (BORIS, 9):
        assert not await database.write(keep, session, person, BOTH, NOW)
        assert await database.read(standing, session, person, NOW) is None
    assert await database.read(rows, ALL) == []


async def test_coordinators_read_what_to_prepare_without_who_has_left(database, session):
    await database.write(seat, session, BORIS, "waitlisted")
    for person in (ANNA, BORIS):
        await database.write(keep, session, person, BOTH, NOW)
    assert await database.read(of_session, session) == {ANNA: BOTH, BORIS: BOTH}
    await database.write(change, "UPDATE registrations SET state = 'cancelled' WHERE person = 5001")
    assert await database.read(of_session, session) == {BORIS: BOTH}


async def test_the_same_holds_for_the_others_of_the_series_that_are_to_come(database, session):
    coming = await database.write(plan, "Arbeit", NOW + 2 * DAY)
    waiting = await database.write(plan, "Schule", NOW + 3 * DAY)
    left = await database.write(plan, "Sprache", NOW + 4 * DAY)
    begun = await database.write(plan, "Anfang", NOW - HOUR)
    cancelled = await database.write(plan, "Ausfall", NOW + DAY, 1, "cancelled")
    other = await database.write(plan, "Andere", NOW + DAY, 2)
    for one in (coming, begun, cancelled, other):
        await database.write(seat, one, ANNA)
    await database.write(seat, waiting, ANNA, "waitlisted")
    await database.write(seat, left, ANNA, "cancelled")
    await database.write(seat, coming, BORIS)
    await database.write(keep, coming, ANNA, Needs(subtitles=True), NOW)
    await database.write(keep, session, ANNA, BOTH, NOW + 1)
    found = await database.read(standing, session, ANNA, NOW)
    assert (found.needs, found.others, found.said) == (BOTH, 2, 1)
    assert await database.write(take_over, session, ANNA, NOW) == 2
    assert await database.read(of_session, coming) == {ANNA: BOTH}
    kept = await database.read(rows, ALL)
    assert [(row[0], row[5]) for row in kept] == [(one, NOW + 1) for one in sorted((session, coming, waiting))]
    assert (await database.read(standing, session, ANNA, NOW)).said == 2


async def test_nothing_is_taken_over_where_nothing_was_said(database, session):
    coming = await database.write(plan, "Arbeit", NOW + 2 * DAY)
    await database.write(seat, coming, ANNA)
    assert await database.write(take_over, session, ANNA, NOW) == 0


async def test_deleting_for_one_session_and_for_all(database, session):
    coming = await database.write(plan, "Arbeit", NOW + 2 * DAY)
    for one in (ANNA, BORIS):
        await database.write(seat, coming, one)
        await database.write(keep, coming, one, BOTH, NOW)
    await database.write(keep, session, ANNA, BOTH, NOW)
    assert await database.write(forget, session, ANNA)
    assert not await database.write(forget, session, ANNA)
    await database.write(keep, session, ANNA, BOTH, NOW)
    assert await database.write(forget_all, ANNA) == 2
    assert await database.read(of_session, coming) == {BORIS: BOTH}


async def test_leaving_deletes_what_was_needed_there(database, session):
    coming = await database.write(plan, "Arbeit", NOW + 2 * DAY)
    await database.write(seat, coming, ANNA)
    for one in (session, coming):
        await database.write(keep, one, ANNA, BOTH, NOW)
    await database.write(leave, session, ANNA, NOW, Terms())
    assert [row[0] for row in await database.read(rows, ALL)] == [coming]


@pytest.mark.parametrize(("later", "there"), [(DAY + 149 * 60_000_000, True), (DAY + 150 * 60_000_000, False)])
async def test_it_can_be_said_until_the_session_is_over(database, session, later, there):
    assert (await database.read(standing, session, ANNA, NOW + later) is not None) is there


async def test_a_cancelled_or_unknown_session_needs_nothing(database, session):
    await database.write(change, "UPDATE sessions SET state = 'cancelled'")
    assert await database.read(standing, session, ANNA, NOW) is None
    assert await database.read(standing, session + 1, ANNA, NOW) is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Platz\n\tvorn ", "Platz vorn"),
        ("a\x00b\x1bc", "a b c"),
        ("x" * 4000, "x" * 300),
        ("می‌خواهم", "می‌خواهم"),
        ("\n", ""),
    ],
)
def test_own_words_are_one_short_line(typed, kept):
    assert in_own_words(typed) == kept
