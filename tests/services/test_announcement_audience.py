"""Who is in an audience: the database's condition against plain Python, for whoever asks and in whatever pieces."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace

import pytest
from announcing import CHANNEL, GROUP, Reader, announce, announced, go_on, group, know, states, tally
from histories import playing
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from seating import plan, series_of
from sqlalchemy import text

from bot.domain.announcements import Audience, Reach, audience_of
from bot.domain.knowledge import Topic
from bot.domain.languages import reply_language
from bot.services.announcement_audience import anybody, still
from bot.services.announcements import reach
from bot.store.database import Database
from bot.store.tx import Tx

ANNA, BORIS, CLARA, DILEK = 5_000_000_001, 2, 3, 4
FIXED = (ANNA, 900)  # set by the operator; nothing may be stored of them
STATES = ("confirmed", "offered", "waitlisted", "attended", "cancelled", "no_show")
_SEAT = text("""
    INSERT INTO registrations (session, person, state, line, created) VALUES (:session, :person, :state, :person, 0)
""")


@dataclass(frozen=True)
class Seat:
    """Somebody's registration for the session of this number, of three of which the first two are a series."""

    person: int
    session: int
    state: str


codes = st.sampled_from([None, "de", "uk", "en-GB", "PT-br", "prs", ""])
readers = st.builds(
    Reader,
    id=st.just(0),
    language=st.sampled_from([None, None, "de", "uk", "de-simple", "fa"]),
    code=codes,
    role=st.sampled_from([None, None, "staff", "coordinator"]),
    blocked=st.booleans(),
    topics=st.sampled_from([None, "", "", "work", "housing work", "homework", "work-permits", "living"]),
    rhythm=st.sampled_from(["at-once", "weekly", "monthly"]),
    type=st.sampled_from(["", "", "landkreis", "kreisfreie-stadt"]),
)
audiences = st.builds(
    Audience,
    source=st.sampled_from(["newsletter", "newsletter", "coordinators", "session:1", "series:1", "session:77"]),
    role=st.sampled_from(["", "", "", "staff", "coordinator"]),
    topic=st.sampled_from(["", "", "", "work", "housing"]),
    language=st.sampled_from(["", "", "de", "uk", "en", "fa"]),
    type=st.sampled_from(["", "", "", "landkreis"]),
    rhythm=st.sampled_from(["", "", "at-once"]),
    without=st.sampled_from(["", "", "session:2"]),
    chats=st.sampled_from([(), (), (GROUP,), (GROUP, CHANNEL)]),
    also=st.sampled_from([(), (), ("living",), ("living", "housing"), ("permits",)]),
)
seats = st.lists(
    st.builds(Seat, st.sampled_from([ANNA, BORIS, CLARA, DILEK]), st.integers(1, 3), st.sampled_from(STATES)),
    min_size=2,
    max_size=8,
    unique_by=lambda seat: (seat.person, seat.session),
)
ids = st.permutations([ANNA, BORIS, CLARA, DILEK]).flatmap(lambda all_: st.sampled_from([all_, all_, all_[:1], []]))


def fits(reader: Reader, audience: Audience, taken: Sequence[Seat]) -> bool:
    """Whether somebody of whom something is stored is in an audience, whatever language they read."""
    own = {seat.session: seat.state for seat in taken if seat.person == reader.id}
    active = {one for one, state in own.items() if state in {"confirmed", "offered", "waitlisted", "attended"}}
    coordinates = reader.role == "coordinator" or reader.id in FIXED
    source = {
        "newsletter": reader.topics is not None,
        "coordinators": coordinates,
        "session:1": 1 in active,
        "series:1": bool(active & {1, 2}),
        "session:77": False,
    }[audience.source]
    role = {"": True, "staff": reader.role == "staff", "coordinator": coordinates}[audience.role]
    topics = None if reader.topics is None else reader.topics.split()
    topic = not audience.topic or topics == [] or bool({audience.topic, *audience.also}.intersection(topics or ()))
    rhythm = not audience.rhythm or reader.topics is None or reader.rhythm == "at-once"
    type_ = not audience.type or reader.type == audience.type
    return source and role and topic and rhythm and type_ and not (audience.without and 2 in own)


def reads(reader: Reader, audience: Audience) -> bool:
    return audience.language in {"", reply_language(reader.language, reader.code, "de")}


def strangers(people: Sequence[Reader], audience: Audience) -> set[int]:
    """Coordinators of the audience of whom nothing is stored."""
    narrowed = audience.topic or audience.type or audience.role == "staff" or audience.language not in {"", "de"}
    known = {one.id for one in people}
    return set(FIXED) - known if audience.source == "coordinators" and not narrowed else set()


def play(tx: Tx, steps: tuple[Sequence[Reader], Sequence[Seat], Audience, int]) -> None:
    people, taken, audience, most = steps
    know(tx, *people)
    known = {one.id for one in people}
    taken = [seat for seat in taken if seat.person in known]
    sessions = {number: plan(tx, None, series="A" if number < 3 else "B") for number in (1, 2, 3)}
    for seat in taken:
        tx.execute(_SEAT, {"session": sessions[seat.session], "person": seat.person, "state": seat.state})
    group(tx)
    group(tx, CHANNEL, "uk", linked=False)
    named = {f"session:{number}": f"session:{session}" for number, session in sessions.items()} | {
        "series:1": f"series:{series_of(tx, sessions[1])}"
    }
    real = replace(
        audience,
        source=named.get(audience.source, audience.source),
        without=named.get(audience.without, audience.without),
    )
    compare(tx, people, taken, audience, real, most)


def compare(
    tx: Tx, people: Sequence[Reader], taken: Sequence[Seat], audience: Audience, real: Audience, most: int
) -> None:
    members = [one for one in people if fits(one, audience, taken)]
    wanted = [one for one in members if reads(one, audience)]
    others = strangers(people, audience)
    posts = {GROUP} & set(audience.chats)
    languages = Counter(reply_language(one.language, one.code, "de") for one in wanted)
    languages["de"] += len(others)
    assert reach(tx, real, FIXED, "de") == Reach(dict(+languages), sum(one.blocked for one in wanted))
    assert anybody(tx, real, FIXED, most) is bool(
        [one for one in members if audience.language in {"", reply_language(one.language, one.code, audience.language)}]
        or posts
        or strangers(people, replace(audience, language=""))
    )
    asked = {one.id for one in people} | {*FIXED, 901, GROUP, CHANNEL}
    kept = {one.id for one in members} | strangers(people, replace(audience, language="")) | {GROUP}
    assert still(tx, real, asked, FIXED) == kept
    id_ = announce(tx, real)
    go_on(tx, most=most, coordinators=FIXED)
    assert set(states(tx, id_)) == {one.id for one in wanted} | others | posts


@pytest.fixture
def play_in(database_url: str) -> Iterator[object]:
    with playing(database_url, play) as played:
        yield played


def people_of(ids: Sequence[int], drawn: Sequence[Reader]) -> list[Reader]:
    return [replace(one, id=id_) for id_, one in zip(ids, drawn, strict=False)]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ids, st.lists(readers, min_size=4, max_size=4), seats, audiences, st.sampled_from([1, 2, 1_000]))
@example([BORIS], [Reader(0)] * 4, [Seat(BORIS, 1, "attended")], Audience("session:1"), 1)
@example([BORIS], [Reader(0, topics=None)] * 4, [Seat(BORIS, 2, "offered")], Audience("series:1", rhythm="at-once"), 1)
@example([BORIS], [Reader(0)] * 4, [Seat(BORIS, 2, "cancelled")], Audience(without="session:2"), 1)
@example([BORIS], [Reader(0, code="")] * 4, [], Audience(language="de"), 1)
@example([], [Reader(0)] * 4, [], Audience("coordinators", language="uk"), 1)
def test_any_audience(play_in, ids, drawn, taken, audience, most) -> None:
    play_in((people_of(ids, drawn), taken, audience, most))


async def test_an_audience_that_begins_far_away_is_looked_for_in_a_bounded_number_of_people(database: Database) -> None:
    await database.write(know, *(Reader(number, "de") for number in range(1, 100)), Reader(100, "uk"))
    audience = Audience(language="uk")
    assert await database.read(anybody, audience, (), 3) is True  # all 100 looked at
    assert await database.read(anybody, audience, (), 2) is True  # 80 looked at, there may be somebody
    assert await database.read(anybody, Audience(language="fa"), (), 1_000) is False


async def test_who_is_known_to_have_blocked_the_bot_is_counted_and_queued(database: Database) -> None:
    await database.write(know, Reader(BORIS, "de", blocked=True), Reader(CLARA, "uk"))
    assert await database.read(reach, Audience(), (), "de") == Reach({"de": 1, "uk": 1}, 1)
    id_ = await database.write(announced)
    assert await database.read(tally, id_) == {"waiting": 2}


TOPICS = {
    "living": Topic("living", {}),
    "work": Topic("work", {}, "living"),
    "recognition": Topic("recognition", {}, "work"),
    "municipal": Topic("municipal", {}),
}


@pytest.mark.parametrize(
    ("topic", "reached"),
    [
        ("work", {1, 2, 3}),  # who chose none, it, or the shelf above it; not who chose what stands below it
        ("living", {1, 2}),
        ("recognition", {1, 2, 3, 4}),
        ("municipal", {1, 3, 5}),
        ("", {1, 2, 3, 4, 5, 6, 7}),
    ],
)
async def test_an_announcement_about_a_topic_reaches_who_chose_it_or_one_above_it_or_none(
    database: Database, topic: str, reached: set[int]
) -> None:
    chosen = ["", "living", "municipal work", "recognition", "municipal", "homework", "work-permits"]
    await database.write(know, *(Reader(id_, "de", topics=topics) for id_, topics in enumerate(chosen, 1)))
    audience = Audience().of_topics([topic], TOPICS)
    assert await database.read(still, audience, range(1, 8), ()) == reached
    assert (await database.read(reach, audience, (), "de")).people == len(reached)


async def test_an_audience_that_was_kept_before_topics_had_others_above_is_read(database: Database) -> None:
    kept = asdict(Audience(topic="work", chats=(GROUP,)))
    del kept["also"]
    audience = audience_of(json.loads(json.dumps(kept)))
    assert audience == Audience(topic="work", chats=(GROUP,), also=())
    await database.write(know, Reader(1, "de", topics="living"), Reader(2, "de", topics="work"))
    assert await database.read(still, audience, [1, 2], ()) == {2}


@pytest.mark.parametrize("audience", [Audience(), Audience("coordinators").of_topics(["recognition"], TOPICS)])
def test_an_audience_comes_back_as_it_was_kept(audience: Audience) -> None:
    assert audience_of(json.loads(json.dumps(asdict(audience)))) == audience


async def test_an_unknown_source_is_nobody(database: Database) -> None:
    await database.write(know, Reader(BORIS, "de"))
    for source in ("", "session:", "session:x", "everybody", "series:-1"):
        assert await database.read(reach, Audience(source), (BORIS,), "de") == Reach()
