"""Digests: who gets one when, of what, and never twice or empty."""

from __future__ import annotations

import asyncio
import json
import secrets
import shutil
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.domain.instants import DAY, HOUR, MINUTE, SECOND, microseconds, moment
from bot.domain.knowledge import Entry, Knowledge, Text, Topic
from bot.domain.newsletter import SETTLING, Rhythm
from bot.domain.plan import NewSession, Wording
from bot.domain.terms import Terms
from bot.services import digests
from bot.services.digests import Digest, advance, gather, is_due, look
from bot.services.newsletter import choose_rhythm, choose_topic, subscribe, unsubscribe
from bot.services.novelties import note
from bot.services.people import set_blocked
from bot.services.programme import add, add_series
from bot.store.database import Database
from bot.store.outbox import Claimed
from bot.store.tx import Tx

BERLIN = "Europe/Berlin"
TERMS = Terms()
ANNA, BORYS, CELAL = 5_000_000_007, 8, 9


def berlin(wall: str) -> int:
    return microseconds(datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(BERLIN)))


FRIDAY, MONDAY = berlin("2026-11-27 12:00"), berlin("2026-11-30 09:00")


def entry(id_: str, topic: str = "", kind: str = "answer", **more: object) -> Entry:
    topics = (topic,) if topic else ()
    return Entry(id_, kind, {"de": Text("de", id_.title(), "Body.")}, topics=topics, **more)  # type: ignore[arg-type]


class Newsroom:
    """A knowledge that grows, people with the newsletter, and the tick; what it queues is told by person."""

    def __init__(self, database: Database) -> None:
        self.database = database
        topics = {
            "living": Topic("living", {}),
            "work": Topic("work", {}, "living"),
            "housing": Topic("housing", {}, "living"),
            "municipal": Topic("municipal", {}),
        }
        self.knowledge = Knowledge({"old": entry("old")}, topics=topics)

    async def publishes(self, *entries: Entry, now: int = FRIDAY) -> None:
        held = {**self.knowledge.entries, **{one.id: one for one in entries}}
        self.knowledge = Knowledge(held, topics=self.knowledge.topics)
        await self.database.write(note, list(held), now)

    async def plans(self, title: str, *, now: int = FRIDAY, starts: int = MONDAY + 30 * DAY, topic: str = "") -> int:
        def planned(tx: Tx) -> int:
            wording = Wording(title, "de", topics=(topic,) if topic else ())
            added = add(tx, NewSession(add_series(tx, "Reihe", {}, now), starts, wording), now, TERMS)
            assert isinstance(added, int)
            return added

        return await self.database.write(planned)

    async def has(self, *people: int, rhythm: Rhythm = "weekly", since: int = FRIDAY - DAY) -> None:
        for person in people:
            await self.database.write(subscribe, person, "de", since)
            await self.database.write(choose_rhythm, person, rhythm)

    async def tick(self, now: int) -> list[tuple[int, str]]:
        """The person and the name of each digest that this tick queues."""
        before = {row[0] for row in await self.queued()}
        if await self.database.read(is_due, now, BERLIN):
            while await self.database.write(advance, now, BERLIN, self.knowledge):
                pass
        assert not (await self.database.read(is_due, now, BERLIN))
        return [(person, dedup) for id_, person, dedup in await self.queued() if id_ not in before]

    async def queued(self) -> list[tuple[int, int, str]]:
        statement = text("SELECT id, person, dedup FROM outbox WHERE kind = 'digest' ORDER BY person, id")
        return [tuple(row) for row in await self.database.read(lambda tx: tx.execute(statement))]

    async def tells(self, person: int, now: int) -> Digest | None:
        """What the person's newest digest tells when it is sent."""
        statement = text("SELECT * FROM outbox WHERE person = :person ORDER BY id DESC LIMIT 1")
        (row,) = await self.database.read(lambda tx: tx.execute(statement, {"person": person}))
        parameters = json.loads(row.parameters)
        claimed = Claimed(row.id, row.person, row.kind, None, parameters, row.due, None, 0, 0)
        return (await self.database.read(gather, [claimed], now)).get(row.id)


@pytest.fixture
async def newsroom(database: Database) -> Newsroom:
    room = Newsroom(database)
    await room.publishes(now=FRIDAY - 7 * DAY)
    return room


async def test_what_came_in_the_week_goes_out_on_monday_at_nine_and_once(newsroom: Newsroom) -> None:
    await newsroom.has(ANNA)
    await newsroom.publishes(entry("new"))
    assert await newsroom.tick(MONDAY - 1) == []
    assert await newsroom.tick(MONDAY) == [(ANNA, "digest:2026-11-30")]
    for later in (SECOND, HOUR, DAY, 7 * DAY):
        assert await newsroom.tick(MONDAY + later) == []


async def test_each_rhythm_has_its_time(newsroom: Newsroom) -> None:
    await newsroom.has(ANNA, rhythm="at-once")
    await newsroom.has(BORYS)
    await newsroom.has(CELAL, rhythm="monthly")
    await newsroom.publishes(entry("new"))
    assert await newsroom.tick(berlin("2026-11-28 09:00")) == [(ANNA, "digest:2026-11-28")]
    assert await newsroom.tick(MONDAY) == [(BORYS, "digest:2026-11-30")]
    assert await newsroom.tick(berlin("2026-12-01 09:00")) == [(CELAL, "digest:2026-12-01")]


async def test_nobody_gets_an_empty_one(newsroom: Newsroom) -> None:
    await newsroom.has(ANNA, BORYS, rhythm="at-once")
    await newsroom.publishes(
        entry("deed", kind="action"), entry("danger", urgent=True), entry("past", valid_until=date(2026, 11, 1))
    )
    assert await newsroom.tick(MONDAY) == []


async def test_what_was_there_when_it_was_turned_on_is_not_new(newsroom: Newsroom) -> None:
    await newsroom.publishes(entry("new"), now=FRIDAY)
    await newsroom.plans("Planned", now=FRIDAY)
    await newsroom.has(ANNA, since=FRIDAY)
    assert await newsroom.tick(MONDAY) == []


async def test_it_is_for_those_who_chose_its_topic(newsroom: Newsroom) -> None:
    await newsroom.has(ANNA, BORYS, CELAL)
    await newsroom.database.write(choose_topic, ANNA, "living", wanted=True)
    await newsroom.database.write(choose_topic, BORYS, "municipal", wanted=True)
    await newsroom.publishes(entry("job", "work"))
    assert [person for person, _ in await newsroom.tick(MONDAY)] == [CELAL, ANNA]
    await newsroom.plans("Council", topic="municipal", now=MONDAY + DAY)
    assert [person for person, _ in await newsroom.tick(MONDAY + 7 * DAY)] == [BORYS, CELAL]


async def test_who_chose_one_topic_of_a_shelf_gets_no_more_of_it(newsroom: Newsroom) -> None:
    await newsroom.has(ANNA, BORYS, CELAL)
    await newsroom.database.write(choose_topic, ANNA, "work", wanted=True)
    await newsroom.database.write(choose_topic, BORYS, "housing", wanted=True)
    await newsroom.database.write(choose_topic, CELAL, "living", wanted=True)
    await newsroom.publishes(entry("shelf", "living"))
    assert [person for person, _ in await newsroom.tick(MONDAY)] == [CELAL]
    await newsroom.publishes(entry("job", "work"), now=MONDAY + DAY)
    await newsroom.plans("Rent", topic="housing", now=MONDAY + 2 * DAY)
    assert [person for person, _ in await newsroom.tick(MONDAY + 7 * DAY)] == [BORYS, CELAL, ANNA]
    await newsroom.publishes(entry("rent", "housing"), now=MONDAY + 8 * DAY)
    assert [person for person, _ in await newsroom.tick(MONDAY + 14 * DAY)] == [BORYS, CELAL]


async def test_sessions_are_news_until_they_begin_are_closed_or_cancelled(newsroom: Newsroom) -> None:
    await newsroom.has(ANNA)
    await newsroom.plans("Soon", starts=MONDAY - HOUR)
    assert await newsroom.tick(MONDAY) == []
    session = await newsroom.plans("Later", now=MONDAY + DAY, starts=MONDAY + 8 * DAY)
    assert await newsroom.tick(MONDAY + 7 * DAY) == [(ANNA, "digest:2026-12-07")]
    digest = await newsroom.tells(ANNA, MONDAY + 7 * DAY)
    assert digest is not None
    assert [one.id for one in digest.news.sessions] == [session]
    begun = await newsroom.tells(ANNA, MONDAY + 8 * DAY)
    assert begun is not None
    assert not begun.news


async def test_a_digest_tells_all_since_the_last_one_and_nothing_twice(newsroom: Newsroom) -> None:
    await newsroom.has(ANNA)
    await newsroom.publishes(entry("first"), entry("second"))
    await newsroom.tick(MONDAY)
    await newsroom.publishes(entry("third"), now=MONDAY + HOUR)
    first = await newsroom.tells(ANNA, MONDAY + 2 * HOUR)
    assert first is not None
    assert first.news.entries == ("first", "second")
    await newsroom.tick(MONDAY + 14 * DAY)
    second = await newsroom.tells(ANNA, MONDAY + 14 * DAY)
    assert second is not None
    assert (second.news.entries, second.since) == (("third",), first.until)


async def test_what_came_in_the_last_minute_waits_for_the_next_one(newsroom: Newsroom) -> None:
    await newsroom.has(ANNA, rhythm="at-once")
    await newsroom.publishes(entry("settled"), now=MONDAY - SETTLING)
    await newsroom.publishes(entry("fresh"), now=MONDAY - SETTLING + 1)
    await newsroom.tick(MONDAY)
    first = await newsroom.tells(ANNA, MONDAY)
    assert first is not None
    assert first.news.entries == ("settled",)
    await newsroom.tick(MONDAY + DAY)
    second = await newsroom.tells(ANNA, MONDAY + DAY)
    assert second is not None
    assert second.news.entries == ("fresh",)


@pytest.mark.parametrize(
    ("up", "queued"),
    [
        ("2026-11-30 19:59", True),
        ("2026-11-30 20:00", False),
        ("2026-12-01 07:59", False),
        ("2026-12-01 08:00", True),
        ("2026-12-05 12:00", True),  # a Saturday
    ],
)
async def test_what_was_missed_goes_out_by_day_when_lotse_is_up_again(
    newsroom: Newsroom, up: str, *, queued: bool
) -> None:
    await newsroom.has(ANNA)
    await newsroom.publishes(entry("new"))
    assert bool(await newsroom.tick(berlin(up))) is queued
    assert await newsroom.tick(berlin("2026-12-06 12:00")) == ([] if queued else [(ANNA, "digest:2026-11-30")])


async def test_of_several_that_were_missed_there_is_one(newsroom: Newsroom) -> None:
    await newsroom.has(ANNA)
    await newsroom.publishes(entry("new"))
    await newsroom.publishes(entry("newer"), now=MONDAY + DAY)
    assert await newsroom.tick(MONDAY + 15 * DAY) == [(ANNA, "digest:2026-12-14")]
    digest = await newsroom.tells(ANNA, MONDAY + 15 * DAY)
    assert digest is not None
    assert digest.news.entries == ("new", "newer")


async def test_who_turned_it_off_after_it_was_queued_gets_none(newsroom: Newsroom) -> None:
    await newsroom.has(ANNA)
    await newsroom.publishes(entry("new"))
    await newsroom.tick(MONDAY)
    await newsroom.database.write(unsubscribe, ANNA)
    assert await newsroom.tells(ANNA, MONDAY + SECOND) is None


async def test_who_blocked_lotse_hears_of_everything_afterwards(newsroom: Newsroom) -> None:
    await newsroom.has(ANNA)
    await newsroom.database.write(set_blocked, ANNA, blocked=True)
    await newsroom.publishes(entry("new"))
    assert await newsroom.tick(MONDAY) == []
    await newsroom.database.write(set_blocked, ANNA, blocked=False)
    assert await newsroom.tick(MONDAY + HOUR) == []
    await newsroom.publishes(entry("newer"), now=MONDAY + DAY)
    await newsroom.tick(MONDAY + 7 * DAY)
    digest = await newsroom.tells(ANNA, MONDAY + 7 * DAY)
    assert digest is not None
    assert digest.news.entries == ("new", "newer")


async def test_another_rhythm_counts_from_its_next_time(newsroom: Newsroom) -> None:
    await newsroom.has(ANNA, rhythm="monthly")
    await newsroom.has(BORYS, rhythm="at-once")
    await newsroom.publishes(entry("new"))
    assert await newsroom.tick(MONDAY) == [(BORYS, "digest:2026-11-30")]
    await newsroom.database.write(choose_rhythm, ANNA, "at-once")
    assert await newsroom.tick(MONDAY + HOUR) == []
    assert await newsroom.tick(MONDAY + DAY) == [(ANNA, "digest:2026-12-01")]


async def test_many_people_go_in_chunks_and_nobody_is_missed_or_doubled(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "CHUNK", 3)
    people = range(1, 11)
    await newsroom.has(*people)
    await newsroom.publishes(entry("new"))
    counts = [0]
    while await newsroom.database.write(advance, MONDAY, BERLIN, newsroom.knowledge):
        counts.append(len(await newsroom.queued()))
    assert counts == [0, 0, 3, 6, 9, 10]  # first those of another rhythm, who are none
    assert [person for _, person, _ in await newsroom.queued()] == list(people)


async def test_several_processes_queue_each_digest_once(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "CHUNK", 4)
    people = range(1, 21)
    await newsroom.has(*people)
    await newsroom.publishes(entry("new"))

    async def process() -> None:
        while await newsroom.database.write(advance, MONDAY, BERLIN, newsroom.knowledge):
            pass

    await asyncio.gather(*(process() for _ in range(4)))
    assert [person for _, person, _ in await newsroom.queued()] == list(people)
    digest = await newsroom.tells(20, MONDAY)
    assert digest is not None
    assert digest.news.entries == ("new",)


async def test_turning_its_pages_looks_at_the_same_time(newsroom: Newsroom) -> None:
    await newsroom.has(ANNA)
    await newsroom.publishes(entry("new"))
    await newsroom.tick(MONDAY)
    sent = await newsroom.tells(ANNA, MONDAY)
    assert sent is not None
    await newsroom.publishes(entry("newer"), now=MONDAY + MINUTE)
    assert await newsroom.database.read(look, ANNA, sent.since, sent.until, MONDAY + HOUR) == sent
    assert await newsroom.database.read(look, BORYS, sent.since, sent.until, MONDAY + HOUR) is None


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(1, 6 * 24 * 60), st.integers(0, 2)), min_size=1, max_size=20))
async def test_whatever_is_missed_everybody_is_told_of_everything_once_by_day(
    sqlite_template: Path, tmp_path: Path, steps: list[tuple[int, int]]
) -> None:
    """Steps are minutes that pass, over a change of the clocks and the turn of months, and entries that come then."""
    path = tmp_path / f"{secrets.token_hex(8)}.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    await database.open()
    room, now, came = Newsroom(database), berlin("2026-10-23 12:00"), {}
    await room.publishes(now=now)
    for person, rhythm in ((ANNA, "at-once"), (BORYS, "weekly"), (CELAL, "monthly")):
        await room.has(person, rhythm=rhythm, since=now)  # type: ignore[arg-type]
    for minutes, many in [*steps, (40 * 24 * 60, 0), (12 * 60, 0)]:  # the last two are sure to be by day once
        now += minutes * MINUTE
        new = [entry(f"entry-{len(came) + number}") for number in range(many)]
        came |= {one.id: now for one in new}
        await room.publishes(*new, now=now)
        await room.tick(now)
    statement = text("SELECT person, parameters, due FROM outbox ORDER BY person, id")
    rows = await database.read(lambda tx: tx.execute(statement))
    await database.close()
    for person in (ANNA, BORYS, CELAL):
        spans = [tuple(json.loads(row.parameters).values()) for row in rows if row.person == person]
        told = [[name for name, at in came.items() if since < at <= until] for since, until in spans]
        assert all(told)
        assert sorted(name for names in told for name in names) == sorted(came)
    assert all(8 <= moment(row.due, BERLIN).hour < 20 for row in rows)
