"""What funders count: each session, seat, person and municipality once, and what nobody has said as that."""

from datetime import date

import pytest
from seating import ANNA, BORIS, CLARA, DILEK, NOW, STARTS, TERMS, Network, guest, set_state, utc
from sqlalchemy import text

from bot.domain.details import Details
from bot.domain.instants import DAY, MINUTE
from bot.services.details import keep, keep_type
from bot.services.figures import figures
from bot.services.people import choose_language
from bot.services.registrations import leave, register, register_guest
from bot.services.retention import sweep

ENDS = STARTS + 150 * MINUTE
OVER = ENDS + 90 * DAY


@pytest.fixture
def network(database):
    return Network(database)


async def counted(network, at=OVER, since=None, until=None, terms=TERMS):
    return await network.database.read(figures, since, until, at, terms)


async def attends(network, session, *people):
    """These were there."""
    query = text("UPDATE registrations SET state = 'attended' WHERE session = :session AND person = :person")
    told = [{"session": session, "person": person} for person in people]
    await network.database.write(lambda tx: tx.execute(query, told))


async def says(network, person, municipality="", kind=""):
    await network.database.write(keep, person, Details(municipality=municipality), NOW)
    if kind:
        await network.database.write(keep_type, person, kind)


async def test_an_empty_database(network):
    found = await counted(network)
    assert (found.sessions, found.hours, found.people, found.municipalities) == (0, 0, 0, 0)
    kinds = {"landkreis": 0, "kreisfreie-stadt": 0, "kreisangehoerig": 0, "not stated": 0}
    assert (found.by_municipality_type, found.by_language) == (kinds, {"not stated": 0})


async def test_people_are_counted_once_and_registrations_each(network):
    first, second = await network.plans(3), await network.plans(3, starts=STARTS + DAY)
    for session, person in ((first, ANNA), (first, BORIS), (second, ANNA), (second, CLARA)):
        await network.does(register, session, person, {ANNA: "uk", BORIS: "de-AT"}.get(person))
    await attends(network, first, ANNA, BORIS)
    await attends(network, second, ANNA)
    await says(network, ANNA, "Musterstadt", "kreisfreie-stadt")
    await says(network, BORIS, " MUSTERSTADT")
    found = await counted(network)
    assert (found.sessions, found.hours) == (2, 5.0)
    assert (found.registrations, found.attended, found.people, found.people_attended) == (4, 3, 3, 2)
    assert (found.municipalities, found.municipality_not_stated) == (1, 1)
    assert list(found.by_language.items()) == [("de", 1), ("uk", 1), ("not stated", 1)]
    assert list(found.by_municipality_type.items()) == [
        ("landkreis", 0), ("kreisfreie-stadt", 1), ("kreisangehoerig", 0), ("not stated", 2)
    ]  # fmt: skip


async def test_the_language_that_somebody_chose_counts_and_a_foreign_one_as_itself(network):
    session = await network.plans(9)
    for person, code in ((ANNA, "uk"), (BORIS, "zh-hans"), (CLARA, "DE")):
        await network.does(register, session, person, code)
    await network.database.write(choose_language, ANNA, "de-simple", NOW)
    found = await counted(network)
    assert list(found.by_language.items()) == [("de", 1), ("de-simple", 1), ("zh", 1), ("not stated", 0)]


async def test_who_left_counts_nowhere_and_who_waited_in_vain_only_there(network):
    session = await network.plans(1)
    for person in (ANNA, BORIS, CLARA, DILEK):
        await network.does(register, session, person, "uk")
    await network.does(leave, session, DILEK)
    found = await counted(network)
    assert (found.registrations, found.waitlisted, found.people) == (1, 2, 1)
    assert found.by_language == {"uk": 1, "not stated": 0}


async def test_guests_count_and_have_no_language(network):
    session = await network.plans(2)
    for email in ("a@example.org", "b@example.org"):
        await network.does(register_guest, session, await network.database.write(guest, email))
    await network.database.write(lambda tx: tx.execute(text("UPDATE guests SET municipality = email")))
    found = await counted(network)
    assert (found.people, found.municipalities, found.by_language) == (2, 2, {"not stated": 2})


async def test_what_is_not_over_or_cancelled_was_not_held(network):
    over, cancelled = await network.plans(1), await network.plans(1)
    coming = await network.plans(1, starts=STARTS + DAY)
    for session, person in ((over, ANNA), (cancelled, BORIS), (coming, CLARA)):
        await network.does(register, session, person, None)
    await network.database.write(set_state, cancelled, "cancelled")
    found = await counted(network, ENDS)
    assert (found.sessions, found.registrations, found.people) == (1, 1, 1)
    assert (await counted(network, ENDS - 1)).sessions == 0


@pytest.mark.parametrize(
    ("since", "until", "sessions"),
    [
        (None, None, 3),
        (date(2026, 12, 10), date(2026, 12, 10), 1),
        (date(2026, 12, 10), None, 2),
        (None, date(2026, 12, 10), 2),
        (date(2026, 12, 11), date(2026, 12, 11), 1),
        (date(2026, 12, 12), None, 0),
    ],
)
async def test_a_period_is_of_local_days_both_included(network, since, until, sessions):
    for starts in (utc("2026-12-09", "22:59"), utc("2026-12-09", "23:00"), utc("2026-12-10", "23:00")):
        await network.plans(starts=starts)  # 23:59 on the 9th, 0:00 on the 10th and on the 11th in Berlin
    assert (await counted(network, since=since, until=until)).sessions == sessions


async def test_who_is_there_before_and_after_their_series_was_frozen_is_one_person(network):
    old, new = await network.plans(), await network.plans(starts=STARTS + 60 * DAY, series="Wohnen")
    for session in (old, new):
        await network.does(register, session, ANNA, "uk")
    await says(network, ANNA, "Musterstadt", "landkreis")
    somebody = await network.database.write(guest)
    third = await network.plans(starts=STARTS + DAY)
    for session in (third, await network.plans(starts=STARTS + 61 * DAY, series="Wohnen")):
        await network.does(register_guest, session, somebody)
    before = await counted(network, OVER + DAY)
    await network.database.write(sweep, OVER + DAY)
    assert len(await network.reads(lambda tx: tx.execute(text("SELECT 1 FROM participations")))) == 2
    assert await counted(network, OVER + DAY) == before
    assert (before.registrations, before.people, before.municipalities) == (4, 2, 1)
    only_old = await counted(network, OVER + DAY, until=date(2026, 12, 31))
    assert (only_old.people, only_old.municipalities, only_old.by_municipality_type["landkreis"]) == (2, 1, 1)


async def test_what_somebody_says_later_counts_for_what_was_frozen_too(network):
    old, new = await network.plans(), await network.plans(starts=STARTS + 60 * DAY, series="Wohnen")
    for session in (old, new):
        await network.does(register, session, ANNA, "uk")
    await says(network, ANNA, "Musterstadt")
    await network.database.write(sweep, OVER)
    await network.database.write(choose_language, ANNA, "de", OVER)
    await says(network, ANNA, "Beispielhausen")
    found = await counted(network)
    assert (found.people, found.municipalities, found.by_language) == (1, 1, {"de": 1, "not stated": 0})
    await says(network, ANNA)
    assert (await counted(network)).municipalities == 1  # as it was frozen
