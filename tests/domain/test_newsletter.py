"""When digests are due, what they may tell of, and for whom it is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.instants import DAY, HOUR, microseconds, moment
from bot.domain.knowledge import Entry, Knowledge, Text, Topic
from bot.domain.newsletter import RHYTHMS, News, choosable, covered, fits, last_due, of_interest, tells_of, upwards
from bot.services.holidays import is_holiday

BERLIN = "Europe/Berlin"
ZONES = st.sampled_from([
    BERLIN, "UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo",
])  # fmt: skip
INSTANTS = st.integers(50 * 365 * DAY, 66 * 365 * DAY)  # from 2019 into 2035


def berlin(wall: str) -> int:
    return microseconds(datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(BERLIN)))


def due(rhythm: str, wall: str) -> str:
    """The last time digests of this rhythm were due at this time in Germany, as clocks there showed it."""
    return (
        moment(last_due(rhythm, berlin(wall), BERLIN, is_holiday), BERLIN)
        .replace(tzinfo=None)
        .isoformat(" ", "minutes")
    )


@pytest.mark.parametrize(
    ("rhythm", "now", "last"),
    [
        ("at-once", "2026-11-25 08:59", "2026-11-24 09:00"),
        ("at-once", "2026-11-25 09:00", "2026-11-25 09:00"),
        ("weekly", "2026-11-30 08:59", "2026-11-23 09:00"),  # a Monday
        ("weekly", "2026-11-30 09:00", "2026-11-30 09:00"),
        ("weekly", "2026-12-06 23:59", "2026-11-30 09:00"),
        ("monthly", "2026-12-01 08:59", "2026-11-02 09:00"),  # the first of November was a Sunday and a holiday
        ("monthly", "2026-12-01 09:00", "2026-12-01 09:00"),
        ("monthly", "2027-01-03 12:00", "2026-12-01 09:00"),  # New Year on a Friday, then a weekend
        ("monthly", "2027-01-04 09:00", "2027-01-04 09:00"),
        ("monthly", "2026-05-04 10:00", "2026-05-04 09:00"),  # the first of May was a Friday
        ("monthly", "2026-05-01 10:00", "2026-04-01 09:00"),
    ],
)
def test_when_digests_are_due(rhythm: str, now: str, last: str) -> None:
    assert due(rhythm, now) == last


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31"])
def test_on_the_days_on_which_the_clocks_change_it_is_nine_by_the_new_time(day: str) -> None:
    nine = datetime.fromisoformat(f"{day} 09:00").replace(tzinfo=ZoneInfo(BERLIN))
    assert due("at-once", f"{day} 09:00") == f"{day} 09:00"
    before = last_due("at-once", microseconds(nine) - 1, BERLIN, is_holiday)
    assert microseconds(nine) - before in {23 * HOUR, 25 * HOUR}


@given(now=INSTANTS, zone=ZONES, rhythm=st.sampled_from(RHYTHMS))
def test_it_is_never_in_the_future_and_always_at_nine_on_a_day_of_the_rhythm(now: int, zone: str, rhythm: str) -> None:
    at = last_due(rhythm, now, zone, is_holiday)
    local = moment(at, zone)
    assert at <= now
    assert (local.hour, local.minute, local.second, local.microsecond) == (9, 0, 0, 0)
    if rhythm == "weekly":
        assert local.weekday() == 0
    if rhythm == "monthly":
        assert local.weekday() < 5
        assert not is_holiday(local.date())
        days = [local.date().replace(day=day) for day in range(1, local.day)]
        assert all(day.weekday() >= 5 or is_holiday(day) for day in days)


@given(now=INSTANTS, zone=ZONES, rhythm=st.sampled_from(RHYTHMS), later=st.integers(0, 80 * DAY))
def test_it_only_moves_on_and_never_skips_a_time(now: int, zone: str, rhythm: str, later: int) -> None:
    first, then = last_due(rhythm, now, zone, is_holiday), last_due(rhythm, now + later, zone, is_holiday)
    assert first <= then
    assert last_due(rhythm, first, zone, is_holiday) == first  # it is due at its very instant
    assert last_due(rhythm, first - 1, zone, is_holiday) < first
    longest = {"at-once": 49 * HOUR, "weekly": 7 * DAY + 25 * HOUR, "monthly": 40 * DAY}[rhythm]  # Apia skipped a day
    assert now - first < longest


TOPICS = {
    "living": Topic("living", {}),
    "work": Topic("work", {}, "living"),
    "recognition": Topic("recognition", {}, "work"),
    "municipal": Topic("municipal", {}),
    "lost": Topic("lost", {}, "nowhere"),
    "hen": Topic("hen", {}, "egg"),
    "egg": Topic("egg", {}, "hen"),
}


@pytest.mark.parametrize(
    ("named", "found"),
    [
        (["living"], {"living"}),
        (["recognition"], {"recognition", "work", "living"}),
        (["recognition", "work", "municipal"], {"recognition", "work", "living", "municipal"}),
        (["lost"], {"lost"}),
        (["unknown"], set()),
        (["hen"], {"hen", "egg"}),  # topics that stand under each other end
        ([], set()),
    ],
)
def test_the_topics_that_something_is_about_and_all_above_them(named: list[str], found: set[str]) -> None:
    assert upwards(TOPICS, named) == found


def test_topics_under_no_other_are_offered_first_and_the_others_as_they_stand_in_the_file() -> None:
    mixed = {id_: TOPICS[id_] for id_ in ("recognition", "living", "lost", "work", "municipal")}
    assert [one.id for one in choosable(mixed)] == ["living", "lost", "municipal", "recognition", "work"]


@pytest.mark.parametrize(
    ("chosen", "brought"),
    [
        ([], set()),
        (["living"], {"work", "recognition"}),
        (["work", "living"], {"work", "recognition"}),
        (["work"], {"recognition"}),
        (["recognition", "municipal", "unknown"], set()),
    ],
)
def test_the_topics_that_a_chosen_one_above_brings(chosen: list[str], brought: set[str]) -> None:
    assert covered(TOPICS, chosen) == brought


@st.composite
def trees(draw: st.DrawFn) -> dict[str, Topic]:
    """Topics of which each stands under an earlier one, or none, in any order."""
    many = draw(st.integers(1, 9))
    parents = [draw(st.sampled_from(["", *(f"t{above}" for above in range(number))])) for number in range(many)]
    topics = [Topic(f"t{number}", {}, parent) for number, parent in enumerate(parents)]
    return {one.id: one for one in draw(st.permutations(topics))}


def below(topics: dict[str, Topic], chosen: str) -> set[str]:
    """A topic and all that stand under it, found from above."""
    return {chosen}.union(*(below(topics, one.id) for one in topics.values() if one.parent == chosen))


NAMED = st.sets(st.sampled_from([f"t{number}" for number in range(9)]), max_size=3)


@given(topics=trees(), chosen=NAMED, about=NAMED)
def test_who_chose_topics_gets_what_stands_on_them_and_below_them_and_nothing_else(
    topics: dict[str, Topic], chosen: set[str], about: set[str]
) -> None:
    chosen, about = chosen & topics.keys(), about & topics.keys()
    wanted = set().union(*(below(topics, one) for one in chosen))
    told = not chosen or not about or bool(wanted & about)
    assert fits(chosen, upwards(topics, about)) is told


@given(topics=trees(), named=NAMED)
def test_going_upwards_twice_finds_no_more_and_all_of_several_is_that_of_each(
    topics: dict[str, Topic], named: set[str]
) -> None:
    found = upwards(topics, named)
    assert upwards(topics, found) == found
    assert found == frozenset().union(*(upwards(topics, [one]) for one in named))


@given(topics=trees(), chosen=NAMED, about=NAMED)
def test_what_is_not_offered_any_more_would_bring_nothing_more(
    topics: dict[str, Topic], chosen: set[str], about: set[str]
) -> None:
    chosen = chosen & topics.keys()
    reached = upwards(topics, about)
    needless = covered(topics, chosen)
    assert fits(chosen | needless, reached) is fits(chosen, reached) is fits(chosen - needless, reached)


@given(topics=trees())
def test_every_topic_is_offered_once(topics: dict[str, Topic]) -> None:
    offered = [one.id for one in choosable(topics)]
    assert sorted(offered) == sorted(topics)
    roots = sum(not one.parent for one in topics.values())
    assert all(not topics[id_].parent for id_ in offered[:roots])


@pytest.mark.parametrize(
    ("chosen", "about", "told"),
    [
        ([], ["living"], True),
        (["living"], ["living", "municipal"], True),
        (["living"], ["municipal"], False),
        (["living"], [], True),
        ([], [], True),
    ],
)
def test_who_chose_topics_hears_of_them_and_of_what_has_none(
    chosen: list[str], about: list[str], *, told: bool
) -> None:
    assert fits(chosen, about) is told


def entry(id_: str, kind: str = "answer", **more: object) -> Entry:
    return Entry(id_, kind, {"de": Text("de", id_.title(), "Body.")}, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (entry("plain"), True),
        (entry("report", "practice"), True),
        (entry("deed", "action"), False),
        (entry("danger", urgent=True), False),
        (entry("today", valid_until=date(2026, 12, 1)), True),
        (entry("yesterday", valid_until=date(2026, 11, 30)), False),
    ],
)
def test_what_a_digest_may_tell_of(found: Entry, *, told: bool) -> None:
    assert tells_of(found, date(2026, 12, 1)) is told


NOW = berlin("2026-12-01 10:00")


def test_practices_come_before_answers_and_each_in_the_order_in_which_they_came() -> None:
    entries = {e.id: e for e in (entry("b"), entry("d", "practice"), entry("a"), entry("c", "practice"))}
    news = News(("b", "d", "a", "c", "gone"))
    assert of_interest(news, (), Knowledge(entries), NOW, BERLIN) == News(("d", "c", "b", "a"))


def test_a_topic_that_does_not_exist_any_more_narrows_nothing_down() -> None:
    entries = {e.id: e for e in (entry("a", topics=("work",)), entry("b", topics=("municipal",)))}
    knowledge = Knowledge(entries, topics=TOPICS)
    news = News(("a", "b"))
    assert of_interest(news, ("cooking",), knowledge, NOW, BERLIN) == news
    assert of_interest(news, ("cooking", "living"), knowledge, NOW, BERLIN) == News(("a",))


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        (("living",), ("shelf", "job", "papers", "all")),
        (("work",), ("job", "papers", "all")),
        (("recognition",), ("papers", "all")),
        (("municipal",), ("council", "all")),
        (("recognition", "municipal"), ("papers", "council", "all")),
    ],
)
def test_a_chosen_topic_brings_what_stands_on_it_and_below_it(chosen: tuple[str, ...], told: tuple[str, ...]) -> None:
    entries = {
        one.id: one
        for one in (
            entry("shelf", topics=("living",)),
            entry("job", topics=("work",)),
            entry("papers", topics=("recognition",)),
            entry("council", topics=("municipal",)),
            entry("all"),
        )
    }
    assert of_interest(News(tuple(entries)), chosen, Knowledge(entries, topics=TOPICS), NOW, BERLIN) == News(told)


def test_an_entry_is_told_of_until_its_last_day_ends_where_the_operator_is() -> None:
    knowledge = Knowledge({"a": entry("a", valid_until=date(2026, 12, 1))})
    late = berlin("2026-12-01 23:59")
    assert of_interest(News(("a",)), (), knowledge, late, BERLIN)
    assert not of_interest(
        News(("a",)), (), knowledge, late + int(timedelta(minutes=1).total_seconds()) * 1_000_000, BERLIN
    )
