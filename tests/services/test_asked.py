"""What coordinators see of questions: gaps first, and nothing that fewer than five people asked in a month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.domain.instants import microseconds
from bot.services.asked import LEAST, OUTCOMES, Asked, close_months, gaps, is_over, questions
from bot.store.tallies import Tally, count
from bot.store.tx import Tx

OCTOBER = microseconds(datetime(2026, 10, 20, 10, tzinfo=UTC))
NOVEMBER = microseconds(datetime(2026, 11, 25, 10, tzinfo=UTC))
DECEMBER = microseconds(datetime(2026, 12, 1, tzinfo=UTC))


def ask(tx: Tx, people: Iterable[int], now: int, *, language="uk", outcome="none", topic="housing", times=1) -> None:
    """Each of the people asks so many times."""
    count(tx, [Tally(language, outcome, "", topic, person) for person in people for _ in range(times)], now)


async def test_nothing_was_asked(database):
    assert await database.read(questions) == []
    assert await database.read(gaps, "2026-10", "2026-11") == []


async def test_five_people_show_and_four_do_not_however_often_they_ask(database):
    await database.write(ask, range(4), NOVEMBER, times=9)
    assert await database.read(questions) == []
    await database.write(ask, [4], NOVEMBER)
    assert await database.read(questions) == [Asked("uk", "none", "housing", 37)]
    await database.write(close_months, DECEMBER)
    assert await database.read(questions) == [Asked("uk", "none", "housing", 37)]


async def test_five_people_in_two_months_are_not_five_in_one(database):
    await database.write(ask, range(3), OCTOBER)
    await database.write(ask, range(3, 6), NOVEMBER)
    assert await database.read(questions) == []
    await database.write(close_months, DECEMBER)
    assert await database.read(questions) == []


async def test_only_the_months_with_five_people_add_to_the_number(database):
    await database.write(ask, range(6), OCTOBER, times=2)
    await database.write(ask, range(4), NOVEMBER)
    assert await database.read(questions) == [Asked("uk", "none", "housing", 12)]
    await database.write(close_months, NOVEMBER)
    await database.write(ask, [4], NOVEMBER)
    assert await database.read(questions) == [Asked("uk", "none", "housing", 17)]


async def test_a_finished_month_shows_the_same_before_and_after_it_is_closed(database):
    await database.write(ask, range(7), NOVEMBER)
    await database.write(ask, range(4), NOVEMBER, topic="work")
    before = await database.read(questions)
    assert await database.read(is_over, DECEMBER) is True
    await database.write(close_months, DECEMBER)
    assert await database.read(questions) == before == [Asked("uk", "none", "housing", 7)]
    assert await database.read(is_over, DECEMBER) is False


async def test_what_came_late_never_lifts_four_people_over_the_line(database):
    await database.write(ask, range(4), NOVEMBER)
    await database.write(close_months, DECEMBER)
    await database.write(ask, range(3), DECEMBER - 1)
    assert await database.read(questions) == []
    await database.write(close_months, DECEMBER)
    assert await database.read(questions) == []


async def test_gaps_come_first_and_then_the_most_asked(database):
    for number, outcome in enumerate(sorted(OUTCOMES)):
        await database.write(ask, range(5 + number), NOVEMBER, outcome=outcome)
    await database.write(ask, range(9), NOVEMBER, language="de")
    await database.write(ask, range(9), NOVEMBER, language="de", topic="")
    assert await database.read(questions) == [
        Asked("de", "none", "", 9),
        Asked("de", "none", "housing", 9),
        Asked("uk", "none", "housing", 7),
        Asked("uk", "not_helpful", "housing", 8),
        Asked("uk", "suggest", "housing", 9),
        Asked("uk", "urgent", "housing", 10),
        Asked("uk", "answer", "housing", 5),
        Asked("uk", "helpful", "housing", 6),
    ]


async def test_the_largest_gaps_of_two_months_together(database):
    await database.write(ask, range(6), OCTOBER)
    await database.write(ask, range(5), NOVEMBER)
    await database.write(ask, range(20), NOVEMBER, outcome="answer")
    for many, topic in ((10, "work"), (12, "health"), (8, "money"), (7, "family"), (5, "german")):
        await database.write(ask, range(many), NOVEMBER, outcome="not_helpful", topic=topic)
    assert await database.read(gaps, "2026-10", "2026-11") == [
        Asked("uk", "not_helpful", "health", 12),
        Asked("uk", "none", "housing", 11),
        Asked("uk", "not_helpful", "work", 10),
        Asked("uk", "not_helpful", "money", 8),
        Asked("uk", "not_helpful", "family", 7),
    ]
    assert await database.read(gaps, "2026-10", "2026-10") == [Asked("uk", "none", "housing", 6)]
    assert await database.read(gaps, "2026-12", "2026-12") == []


TOPICS, PEOPLE = ["", "housing", "work"], 8
QUESTION = st.tuples(
    st.sampled_from(["de", "uk"]), st.sampled_from(OUTCOMES), st.sampled_from(TOPICS), st.integers(1, PEOPLE)
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(months=st.lists(st.lists(QUESTION, max_size=60), min_size=1, max_size=3), closes=st.integers(0, 3))
async def test_whatever_was_asked_the_report_is_what_a_recount_gives(sqlite, months, closes):
    def begin(tx):
        for table in ("askers", "asked", "secrets"):
            tx.execute(text(f"DELETE FROM {table}"))

    await sqlite.write(begin)
    expected: Counter[tuple[str, str, str]] = Counter()
    for number, questions_of in enumerate(months):
        now = microseconds(datetime(2026, 1 + number, 15, tzinfo=UTC))
        await sqlite.write(
            count,
            [Tally(language, outcome, "", topic, person) for language, outcome, topic, person in questions_of],
            now,
        )
        for cell in {one[:3] for one in questions_of}:
            people = [one[3] for one in questions_of if one[:3] == cell]
            if len(set(people)) >= LEAST:
                expected[cell] += len(people)
    await sqlite.write(close_months, microseconds(datetime(2026, 1 + closes, 1, tzinfo=UTC)))
    found = await sqlite.read(questions)
    assert {(one.language, one.outcome, one.topic): one.count for one in found} == dict(expected)
    assert [one.outcome for one in found] == sorted((one.outcome for one in found), key=OUTCOMES.index)
