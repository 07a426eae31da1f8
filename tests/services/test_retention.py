"""What is deleted when, and that every figure comes out as it was when people are gone."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seating import ANNA, BORIS, CLARA, NOW, STARTS, TERMS, Network, ended, guest, plan, series_of, set_state, states
from sqlalchemy import text

from bot.domain.details import Details
from bot.domain.instants import DAY, HOUR, MINUTE
from bot.services.deliveries import deliveries
from bot.services.details import details, keep
from bot.services.figures import figures
from bot.services.needs import Needs
from bot.services.needs import keep as keep_needs
from bot.services.people import choose_language, know
from bot.services.privacy import erase
from bot.services.registrations import leave, register, register_all, register_guest, takes_all
from bot.services.reports import registrations
from bot.services.retention import sweep
from bot.store.database import Database
from bot.store.outbox import Notice, queue

ENDS = STARTS + 150 * MINUTE
OVER = ENDS + 90 * DAY  # when everything of the session goes

TABLES = ("registrations", "needs", "details", "guests", "takes_all", "outbox")


def set_attendance(tx, session, who, state):
    """Notes whether somebody was there, a guest as a negative number."""
    tx.execute(
        text("UPDATE registrations SET state = :state WHERE session = :session AND COALESCE(person, -guest) = :who"),
        {"session": session, "who": who, "state": state},
    )


def rows(tx, table):
    return len(tx.execute(text(f"SELECT 1 FROM {table}")))


def participations(tx):
    """What was frozen: {mark: {session: state}}"""
    found = {}
    for mark, session, state in tx.execute(text("SELECT mark, session, state FROM participations ORDER BY session")):
        found.setdefault(mark, {})[session] = state
    return found


def everything(tx):
    """The whole database as text, to look for what must not be there any more."""
    names = ("people", "participations", "secrets", "sessions", "series", "totals", *TABLES)
    return "\n".join(str(row) for name in names for row in tx.execute(text(f"SELECT * FROM {name}")))


@pytest.fixture
def network(database):
    return Network(database)


async def sweeps(network, at):
    await network.database.write(sweep, at)


async def counted(network, at=OVER, since=None, until=None):
    return await network.database.read(figures, since, until, at, TERMS)


async def test_needs_go_two_weeks_after_the_end(network):
    session = await network.plans()
    await network.does(register, session, ANNA, "uk")
    await network.database.write(keep_needs, session, ANNA, Needs(subtitles=True, other="Platz vorn"), NOW)
    await sweeps(network, ENDS + 14 * DAY - 1)
    assert await network.reads(rows, "needs") == 1
    await sweeps(network, ENDS + 14 * DAY)
    assert await network.reads(rows, "needs") == 0


async def test_who_has_a_seat_and_was_not_seen_is_a_no_show_after_two_weeks(network):
    session = await network.plans(2)
    for person in (ANNA, BORIS, CLARA):
        await network.does(register, session, person, None)
    await network.database.write(set_attendance, session, ANNA, "attended")
    await sweeps(network, ENDS + 14 * DAY)
    assert await network.reads(states, session) == {ANNA: "attended", BORIS: "confirmed", CLARA: "waitlisted"}
    await sweeps(network, ENDS + 14 * DAY + 1)
    assert await network.reads(states, session) == {ANNA: "attended", BORIS: "no_show", CLARA: "waitlisted"}


async def test_nothing_goes_before_the_last_session_of_the_series_is_90_days_over(network):
    early, late = await network.plans(), await network.plans(starts=STARTS + 7 * DAY)
    for session in (early, late):
        await network.does(register, session, ANNA, "uk")
    await sweeps(network, OVER + 7 * DAY - 1)
    assert await network.reads(rows, "registrations") == 2
    await sweeps(network, OVER + 7 * DAY)
    assert await network.reads(rows, "registrations") == 0
    assert list((await network.reads(participations)).values()) == [{early: "no_show", late: "no_show"}]


async def test_other_series_stay(network):
    old, new = await network.plans(), await network.plans(starts=STARTS + 85 * DAY, series="Wohnen")
    for session in (old, new):
        await network.does(register, session, ANNA, "uk")
    await network.database.write(keep, ANNA, Details("Anna Muster", "", "Musterstadt"), NOW)
    await sweeps(network, OVER)
    assert await network.reads(states, old) == {}
    assert await network.reads(states, new) == {ANNA: "confirmed"}
    assert await network.reads(details, ANNA) == Details("Anna Muster", "", "Musterstadt")


async def test_a_cancelled_session_to_come_keeps_nothing(network):
    await network.plans()
    later = await network.plans(starts=STARTS + 300 * DAY)
    await network.database.write(set_state, later, "cancelled")
    await network.does(register_all, 1, ANNA, "uk")
    await sweeps(network, OVER)
    assert await network.reads(rows, "registrations") == 0


async def test_everything_of_a_series_that_is_long_over_goes(network):
    session = await network.plans()
    await network.does(register_all, await network.reads(series_of, session), ANNA, "uk")
    somebody = await network.database.write(guest, "gast@example.org")
    await network.does(register_guest, session, somebody)
    await network.database.write(keep, ANNA, Details("Anna Muster", "Amt", "Musterstadt"), NOW)
    await network.database.write(queue, [Notice(ANNA, "given", "given:1:1", NOW, session)])
    await sweeps(network, OVER)
    assert {table: await network.reads(rows, table) for table in TABLES} == dict.fromkeys(TABLES, 0)
    left = await network.reads(everything)
    assert [trace for trace in ("Muster", "gast@", "musterstadt") if trace in left] == []
    assert await network.reads(takes_all, 1, ANNA) is False
    await sweeps(network, OVER + DAY)  # and nothing is done twice
    frozen = sorted(states[session] for states in (await network.reads(participations)).values())
    assert frozen == ["no_show", "waitlisted"]


async def test_deliveries_count_on_when_their_session_is_forgotten(network):
    session = await network.plans()
    told = [Notice(person, "reminder", "reminder:1:1d:1", NOW, session) for person in (ANNA, BORIS, CLARA)]
    await network.database.write(queue, told)
    await network.database.write(
        lambda tx: tx.execute(text("UPDATE outbox SET state = 'sent' WHERE person < :last"), {"last": CLARA})
    )
    before = await network.database.read(deliveries, NOW)
    assert before["reminder"] == {"waiting": 1, "sent": 2, "failed": 0, "blocked": 0, "unconfirmed": 0}
    await sweeps(network, OVER)
    assert (await network.database.read(deliveries, OVER))["reminder"] == before["reminder"] | {"waiting": 0}


async def test_the_report_of_a_session_is_the_same_when_its_people_are_gone(network):
    session = await network.plans(2)
    for person in (ANNA, BORIS, CLARA, CLARA + 1):
        await network.does(register, session, person, None)
    await network.does(leave, session, CLARA)
    await network.database.write(set_attendance, session, ANNA, "attended")
    before = await network.reads(registrations)
    await sweeps(network, OVER)
    assert await network.reads(registrations) == before
    (taken,) = before
    assert (taken.confirmed, taken.waitlisted, taken.offered, taken.cancelled) == (2, 1, 0, 1)


async def test_erasing_somebody_keeps_their_figures_and_frees_their_seats(network):
    old, new = await network.plans(1), await network.plans(1, starts=STARTS + 90 * DAY)
    for session in (old, new):
        await network.does(register, session, ANNA, "uk")
    await network.does(register, new, BORIS, "de")
    await network.database.write(keep, ANNA, Details("Anna Muster", "Amt", "Musterstadt"), NOW)
    await network.database.write(set_attendance, old, ANNA, "attended")
    network.now = ENDS + HOUR
    before = await counted(network, network.now)
    assert (before.people, before.attended, before.municipalities, before.by_language["uk"]) == (1, 1, 1, 1)
    await network.does(erase, ANNA)
    assert await counted(network, network.now) == before
    assert list((await network.reads(participations)).values()) == [{old: "attended"}]
    assert await network.reads(states, new) == {BORIS: "offered"}
    assert (await network.reads(ended, old), await network.reads(ended, new)) == (0, 1)
    assert str(ANNA) not in await network.reads(everything)


async def test_somebody_without_registrations_leaves_nothing(network):
    await network.database.write(know, ANNA, "uk", NOW)
    await network.does(erase, ANNA)
    assert await network.reads(participations) == {}


async def test_municipalities_are_kept_as_hashes_that_the_name_alone_does_not_give(network):
    session = await network.plans()
    await network.does(register, session, ANNA, None)
    await network.database.write(keep, ANNA, Details(municipality="Musterstadt"), NOW)
    await sweeps(network, OVER)
    query = text("SELECT municipality FROM participations")
    hashed = (await network.reads(lambda tx: tx.execute(query)))[0].municipality
    assert len(bytes.fromhex(hashed)) == 32
    await network.database.write(lambda tx: tx.execute(text("UPDATE secrets SET value = :key"), {"key": "00" * 32}))
    again = await network.plans(starts=STARTS + DAY, series="Wohnen")
    await network.does(register, again, BORIS, None)
    await network.database.write(keep, BORIS, Details(municipality="Musterstadt"), NOW)
    assert (await counted(network)).municipalities == 2  # another key, another hash


async def test_what_was_frozen_is_not_forgotten_when_somebody_takes_their_details_back(network):
    old, new = await network.plans(), await network.plans(starts=STARTS + 60 * DAY, series="Wohnen")
    for session in (old, new):
        await network.does(register, session, ANNA, "uk")
    await network.database.write(keep, ANNA, Details(municipality="Musterstadt"), NOW)
    await sweeps(network, OVER)
    await network.database.write(keep, ANNA, Details(), OVER)
    before = await counted(network, OVER + 60 * DAY)
    assert (before.people, before.municipalities) == (1, 1)
    await sweeps(network, OVER + 60 * DAY)
    assert await counted(network, OVER + 60 * DAY) == before


async def test_what_somebody_said_last_counts_when_only_what_they_left_is_deleted(network):
    old, new = await network.plans(2), await network.plans(2, starts=STARTS + 60 * DAY, series="Wohnen")
    for session in (old, new):
        await network.does(register, session, ANNA, "uk")
    await network.does(register, new, BORIS, "uk")
    await network.does(leave, new, ANNA)
    await network.database.write(keep, ANNA, Details(municipality="Musterstadt"), NOW)
    await sweeps(network, OVER)
    for person in (ANNA, BORIS):
        await network.database.write(keep, person, Details(municipality="Beispielhausen"), OVER)
    before = await counted(network, OVER + 60 * DAY)
    assert (before.people, before.municipalities) == (2, 1)
    await sweeps(network, OVER + 60 * DAY)
    assert await counted(network, OVER + 60 * DAY) == before


async def test_several_processes_sweep_while_people_are_erased(network):
    session, later = await network.plans(None), await network.plans(None, starts=STARTS + DAY)
    people = range(ANNA, ANNA + 30)
    for person in people:
        for one in (session, later):
            await network.does(register, one, person, "uk")
    network.now = OVER + DAY
    before = await counted(network, network.now), await network.reads(registrations)
    sweeping = [sweeps(network, network.now) for _ in range(3)]
    await asyncio.gather(*(network.does(erase, person) for person in people[::3]), *sweeping)
    assert (await counted(network, network.now), await network.reads(registrations)) == before
    assert sorted(map(len, (await network.reads(participations)).values())) == [2] * len(people)


WHO = st.integers(0, 3)  # two people and two guests
WHERE = st.integers(0, 3)  # two series of two sessions
step = st.one_of(
    st.tuples(st.just("register"), WHO, WHERE),
    st.tuples(st.just("register"), WHO, WHERE),
    st.tuples(st.just("attend"), WHO, WHERE),
    st.tuples(st.just("leave"), WHO, WHERE),
    st.tuples(st.just("speak"), WHO, st.sampled_from(["uk", "de", "ar"])),
    st.tuples(st.just("say"), WHO, st.sampled_from(["", "Musterstadt", "MUSTERSTADT", "Köln", "Koeln"])),
    st.tuples(st.just("wait"), st.sampled_from([DAY, 20 * DAY, 40 * DAY, 95 * DAY])),
    st.tuples(st.just("sweep")),
    st.tuples(st.just("erase"), st.integers(0, 1)),
)
PERIODS = [(None, None), (None, date(2026, 12, 20)), (date(2026, 12, 21), date(2027, 2, 10))]


class Undo(Exception):  # noqa: N818 - it is no error
    """Ends a history and leaves the database empty for the next."""


class History:
    """Two series, two people and two guests, and what happens to them."""

    def __init__(self, tx):
        self.tx = tx
        self.now = NOW
        starts = (STARTS, STARTS + 40 * DAY, STARTS + 60 * DAY, STARTS + 100 * DAY)
        self.sessions = [plan(tx, 2, at, series=f"Series {place // 2}") for place, at in enumerate(starts)]
        self.emails = ("a@example.org", "b@example.org")

    def guest(self, who):
        row = {"email": self.emails[who - 2]}
        found = self.tx.execute(text("SELECT id FROM guests WHERE email = :email"), row)
        return found[0].id if found else guest(self.tx, row["email"])

    def register(self, who, where):
        if who < 2:
            register(self.tx, self.sessions[where], ANNA + who, None, self.now, TERMS)
        else:
            register_guest(self.tx, self.sessions[where], self.guest(who), self.now, TERMS)

    def attend(self, who, where):
        number = ANNA + who if who < 2 else -self.guest(who)
        query = "UPDATE registrations SET state = 'attended' WHERE session = :session AND state = 'confirmed' "
        query += "AND COALESCE(person, -guest) = :who AND session IN (SELECT id FROM sessions WHERE starts <= :now)"
        self.tx.execute(text(query), {"session": self.sessions[where], "who": number, "now": self.now})

    def leave(self, who, where):
        if who < 2:
            leave(self.tx, self.sessions[where], ANNA + who, self.now, TERMS)

    def speak(self, who, language):
        if who < 2:
            choose_language(self.tx, ANNA + who, language, self.now)

    def say(self, who, municipality):
        if who < 2:
            keep(self.tx, ANNA + who, Details(municipality=municipality), self.now)
        else:
            row = {"id": self.guest(who), "municipality": municipality}
            self.tx.execute(text("UPDATE guests SET municipality = :municipality WHERE id = :id"), row)

    def wait(self, time):
        self.now += time

    def sweep(self):
        before = self.counts(), registrations(self.tx)
        sweep(self.tx, self.now)
        assert (self.counts(), registrations(self.tx)) == before

    def erase(self, who):
        before = self.counts()
        erase(self.tx, ANNA + who, self.now, TERMS)
        assert self.counts() == before

    def counts(self):
        return [figures(self.tx, since, until, self.now, TERMS) for since, until in PERIODS]


def lives(tx, steps):
    history = History(tx)
    for name, *rest in steps:
        getattr(history, name)(*rest)
    history.wait(400 * DAY)
    history.sweep()
    assert (rows(tx, "registrations"), rows(tx, "guests"), rows(tx, "details")) == (0, 0, 0)
    raise Undo


@pytest.fixture
def live_in(database_url):
    database = Database(database_url)
    with asyncio.Runner() as runner:
        runner.run(database.open())
        yield lambda steps: runner.run(database.write(lives, steps))
        runner.run(database.close())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(step, min_size=10, max_size=40))
def test_figures_are_the_same_before_and_after_whatever_is_deleted(live_in, steps):
    with pytest.raises(Undo):
        live_in(steps)
