"""Sessions that announce themselves: made once, by day, for those whom it concerns."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from bot.domain.announcements import Audience, audience_of, content_of
from bot.domain.instants import DAY, HOUR, microseconds
from bot.domain.knowledge import Topic
from bot.domain.plan import NewSession, Wording
from bot.domain.self_announcing import WISHES, Wish
from bot.domain.terms import Terms
from bot.services.announcements import advance, reach
from bot.services.newsletter import choose_rhythm, choose_topic, subscribe
from bot.services.programme import add, add_series, cancel, move
from bot.services.registrations import leave, register
from bot.services.self_announcing import announce_due, audience, is_due, switch, was_announced, wishes
from bot.store.database import Database
from bot.store.tx import Tx

BERLIN = "Europe/Berlin"
TERMS = Terms()
CORA, ANNA, BORYS, CELAL, DINA = 5_000_000_007, 8, 9, 10, 11
TOPICS = {
    "living": Topic("living", {}),
    "work": Topic("work", {}, "living"),
    "housing": Topic("housing", {}, "living"),
    "municipal": Topic("municipal", {}),
}


def berlin(wall: str) -> int:
    return microseconds(datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(BERLIN)))


NOON = berlin("2026-11-25 12:00")
START = berlin("2026-12-14 10:00")


class Office:
    """A series with one session, somebody in charge, and the tick; what it announces is told by name."""

    def __init__(self, database: Database, series: int, session: int) -> None:
        self.database, self.series, self.session = database, series, session

    async def switches(self, *wished: Wish, on: bool = True, now: int = NOON) -> None:
        for wish in wished:
            assert await self.database.write(switch, self.series, wish, CORA, {CORA}, now, on=on)

    async def tick(self, now: int) -> list[str]:
        """The names of what this tick announces."""
        before = {name for name, _ in await self.made()}
        if await self.database.read(is_due, now, BERLIN):
            await self.database.write(announce_due, now, BERLIN, TOPICS)
        assert not await self.database.read(is_due, now, BERLIN)
        return [name for name, _ in await self.made() if name not in before]

    async def made(self) -> list[tuple[str, str]]:
        """The announcements in their order, by name, with their content."""
        statement = text("SELECT name, content FROM announcements ORDER BY id")
        return [tuple(row) for row in await self.database.read(lambda tx: tx.execute(statement))]

    async def told(self, name: str, now: int) -> list[int]:
        """The people for whom an announcement is queued."""
        while await self.database.write(advance, now, frozenset({CORA}), "de"):
            pass
        statement = text("""
            SELECT outbox.person FROM outbox JOIN announcements ON announcements.id = outbox.announcement
            WHERE announcements.name = :name ORDER BY outbox.person
        """)
        return [row.person for row in await self.database.read(lambda tx: tx.execute(statement, {"name": name}))]


@pytest.fixture
async def office(database: Database) -> Office:
    def made(tx: Tx) -> tuple[int, int]:
        series = add_series(tx, "Reihe", {}, NOON - DAY)
        session = add(
            tx, NewSession(series, START, Wording("Wohnen", "de", topics=("work",)), capacity=2), NOON - DAY, TERMS
        )
        assert isinstance(session, int)
        return series, session

    return Office(database, *await database.write(made))


async def subscribed(database: Database, **people: tuple[int, str, str]) -> None:
    for person, rhythm, topic in people.values():
        await database.write(subscribe, person, "de", NOON - DAY)
        await database.write(choose_rhythm, person, rhythm)  # type: ignore[arg-type]
        if topic:
            await database.write(choose_topic, person, topic, wanted=True)


async def test_nothing_is_announced_unless_it_is_wished(office: Office) -> None:
    assert await office.tick(NOON) == []
    assert await office.tick(START - 2 * DAY) == []


async def test_a_new_series_is_announced_once(office: Office) -> None:
    await office.switches("new")
    assert await office.tick(NOON) == [f"new:{office.series}"]
    assert await office.tick(NOON + HOUR) == []
    await office.switches("new", on=False)
    await office.switches("new")
    assert await office.tick(NOON + DAY) == []
    assert await office.database.read(was_announced, office.series)


@pytest.mark.parametrize(("wall", "due"), [("07:59", False), ("08:00", True), ("19:59", True), ("20:00", False)])
async def test_by_night_nothing_is_announced(office: Office, wall: str, *, due: bool) -> None:
    await office.switches("new")
    assert bool(await office.tick(berlin(f"2026-11-26 {wall}"))) is due


async def test_many_processes_announce_it_once(office: Office) -> None:
    await office.switches("new")
    await asyncio.gather(*(office.database.write(announce_due, NOON, BERLIN, TOPICS) for _ in range(8)))
    assert [name for name, _ in await office.made()] == [f"new:{office.series}"]


async def test_what_is_shown_is_the_card_and_why(office: Office) -> None:
    await office.switches(*WISHES)
    await office.tick(NOON)
    await office.tick(START - 3 * DAY)
    await office.database.write(move, office.session, START + DAY, 150, START - 2 * DAY, TERMS)
    await office.tick(START - 2 * DAY + HOUR)
    await office.database.write(cancel, office.session, START - DAY, TERMS)
    await office.tick(START - DAY + HOUR)
    contents = [content_of(json.loads(content)) for _, content in await office.made()]
    assert [(one.card, one.reason) for one in contents] == [
        (f"series:{office.series}", "new"),
        (f"session:{office.session}", "soon"),
        (f"session:{office.session}", "moved"),
        (f"cancelled:{office.session}", "cancelled"),
    ]
    assert [name for name, _ in await office.made()] == [
        f"new:{office.series}",
        f"soon:{office.session}:1",
        f"changed:{office.session}:2",
        f"changed:{office.session}:cancelled",
    ]


async def test_a_series_goes_to_all_with_the_newsletter_whose_topics_fit(office: Office) -> None:
    await subscribed(
        office.database,
        anna=(ANNA, "weekly", ""),
        borys=(BORYS, "at-once", "living"),
        celal=(CELAL, "monthly", "municipal"),
    )
    await office.switches("new")
    await office.tick(NOON)
    assert await office.told(f"new:{office.series}", NOON) == [ANNA, BORYS]


async def test_of_several_topics_all_hear_who_chose_one_of_them_or_one_above(office: Office) -> None:
    def added(tx: Tx) -> None:
        wording = Wording("Rat", "de", topics=("municipal",))
        add(tx, NewSession(office.series, START + DAY, wording), NOON - DAY, TERMS)

    await office.database.write(added)
    await subscribed(
        office.database,
        anna=(ANNA, "weekly", "work"),
        borys=(BORYS, "weekly", "housing"),
        celal=(CELAL, "weekly", "municipal"),
        dina=(DINA, "weekly", "living"),
    )
    await office.switches("new", "soon")
    await office.tick(NOON)
    assert await office.told(f"new:{office.series}", NOON) == [ANNA, CELAL, DINA]


@pytest.mark.parametrize(
    ("named", "topic", "also"),
    [
        ((), "", ()),
        (("unknown",), "", ()),
        (("living",), "living", ()),
        (("work",), "work", ("living",)),
        (("work", "unknown", "housing"), "housing", ("living", "work")),
        (("work", "municipal"), "municipal", ("living", "work")),
    ],
)
def test_whom_something_about_topics_reaches(named: tuple[str, ...], topic: str, also: tuple[str, ...]) -> None:
    assert audience(named, TOPICS, wide=True) == Audience(topic=topic, also=also)


async def test_places_left_go_to_those_who_want_all_at_once_and_never_were_registered(office: Office) -> None:
    await subscribed(
        office.database,
        anna=(ANNA, "weekly", ""),
        borys=(BORYS, "at-once", ""),
        celal=(CELAL, "at-once", ""),
        dina=(DINA, "at-once", ""),
    )
    await office.database.write(register, office.session, CELAL, "de", NOON, TERMS)
    await office.database.write(register, office.session, DINA, "de", NOON, TERMS)
    await office.database.write(leave, office.session, DINA, NOON, TERMS)
    await office.switches("soon")
    assert await office.tick(START - 3 * DAY - 1) == []
    assert await office.tick(START - 3 * DAY) == [f"soon:{office.session}:1"]
    assert await office.told(f"soon:{office.session}:1", START - 3 * DAY) == [BORYS]


async def test_where_no_places_are_left_nothing_is_announced(office: Office) -> None:
    await office.switches("soon")
    for person in (ANNA, BORYS):
        await office.database.write(register, office.session, person, "de", NOON, TERMS)
    assert await office.tick(START - 3 * DAY) == []
    await office.database.write(leave, office.session, ANNA, START - 3 * DAY, TERMS)
    assert await office.tick(START - 2 * DAY) == [f"soon:{office.session}:1"]


async def test_a_cancelled_session_is_told_to_others_than_those_who_were_registered(office: Office) -> None:
    await subscribed(office.database, anna=(ANNA, "weekly", ""), borys=(BORYS, "weekly", ""))
    await office.switches("new", "changed")
    await office.tick(NOON)
    await office.database.write(register, office.session, BORYS, "de", NOON, TERMS)
    await office.database.write(cancel, office.session, NOON + DAY, TERMS)
    name = f"changed:{office.session}:cancelled"
    assert await office.tick(NOON + DAY) == [name]
    assert await office.told(name, NOON + DAY) == [ANNA]


async def test_a_session_moved_and_moved_back_before_anybody_heard_says_the_last_time(office: Office) -> None:
    await office.switches("new", "changed")
    await office.tick(NOON)
    for starts in (START + DAY, START + 2 * DAY, START):
        await office.database.write(move, office.session, starts, 150, NOON + HOUR, TERMS)
    assert await office.tick(NOON + 2 * HOUR) == [f"changed:{office.session}:4"]


async def test_each_wish_is_switched_for_itself_and_noted_once(office: Office) -> None:
    await asyncio.gather(*(office.switches(wish) for wish in (*WISHES, *WISHES)))
    assert await office.database.read(wishes, office.series) == WISHES
    await office.switches("soon", on=False)
    assert await office.database.read(wishes, office.series) == ("new", "changed")
    noted = text("SELECT action, subject FROM audit ORDER BY id")
    acts = [tuple(row) for row in await office.database.read(lambda tx: tx.execute(noted))]
    assert sorted(acts[:3]) == [(f"announces {wish} on", f"series {office.series}") for wish in sorted(WISHES)]
    assert acts[3:] == [("announces soon off", f"series {office.series}")]


async def test_who_has_lost_the_role_switches_nothing(office: Office) -> None:
    assert not await office.database.write(switch, office.series, "new", ANNA, {CORA}, NOON, on=True)
    assert not await office.database.write(switch, 99, "new", CORA, {CORA}, NOON, on=True)
    assert await office.database.read(wishes, office.series) == ()
    assert await office.database.read(wishes, 99) == ()


async def test_an_announcement_for_nobody_is_made_all_the_same(office: Office) -> None:
    await office.switches("new")
    await office.tick(NOON)
    assert await office.told(f"new:{office.series}", NOON) == []
    kept = (await office.database.read(lambda tx: tx.execute(text("SELECT audience FROM announcements"))))[0][0]
    assert (await office.database.read(reach, audience_of(json.loads(kept)), frozenset(), "de")).people == 0
