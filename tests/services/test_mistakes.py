"""Reports of mistakes: to every coordinator, once a day from a person, without that person."""

from __future__ import annotations

from sqlalchemy import text

from bot.services.drafts import start
from bot.services.mistakes import KIND, reported, send
from bot.services.people import know
from bot.services.roles import readers
from bot.store.outbox import claim, elect

ANNA, CARLA, DORIS = 1, 2, 3
NOW = 1_795_600_800_000_000
HOUR = 3_600_000_000
GIVE_ROLE = text("UPDATE people SET role = 'coordinator' WHERE id = :id")


def with_role(tx, person):
    know(tx, person, "de", NOW)
    tx.execute(GIVE_ROLE, {"id": person})


def queued(tx):
    lease = elect(tx, "test", NOW)
    return claim(tx, lease.fence, NOW, 10)


async def drafted(database, about="office", now=NOW, **answers):
    return await database.write(start, ANNA, KIND, {"about": about, **answers}, now)


async def test_those_with_the_role_and_those_whom_the_operator_has_set_read_reports(database):
    assert await database.read(readers, ()) == set()
    await database.write(with_role, CARLA)
    assert await database.read(readers, {DORIS, CARLA}) == {CARLA, DORIS}


async def test_a_report_goes_to_every_reader_with_its_words_and_nothing_else(database):
    await database.write(with_role, CARLA)
    draft = await drafted(database, words="moved")
    assert await database.write(send, draft, ANNA, {DORIS}, NOW)
    rows = await database.write(queued)
    assert [(row.person, row.kind, row.session, row.parameters) for row in rows] == [
        (reader, "mistake", None, {"about": "office", "words": "moved"}) for reader in (CARLA, DORIS)
    ]


async def test_a_draft_is_sent_once_and_by_its_owner_only(database):
    draft = await drafted(database)
    assert not await database.write(send, draft, CARLA, {DORIS}, NOW)
    assert await database.write(send, draft, ANNA, {DORIS}, NOW)
    assert not await database.write(send, draft, ANNA, {DORIS}, NOW)
    assert len(await database.write(queued)) == 1


async def test_a_second_report_of_the_day_is_not_queued_and_the_next_days_is(database):
    first, second = await drafted(database), await drafted(database)
    for draft in (first, second):
        assert await database.write(send, draft, ANNA, {DORIS}, NOW)
    assert await database.read(reported, ANNA, "office", NOW + 23 * HOUR)
    assert not await database.read(reported, ANNA, "another", NOW)
    assert not await database.read(reported, CARLA, "office", NOW)
    assert not await database.read(reported, ANNA, "office", NOW + 24 * HOUR)
    tomorrow = NOW + 24 * HOUR
    assert await database.write(send, await drafted(database, now=tomorrow), ANNA, {DORIS}, tomorrow)
    assert await database.read(_count) == 2


def _count(tx):
    return tx.execute(text("SELECT count(*) FROM outbox"))[0][0]
