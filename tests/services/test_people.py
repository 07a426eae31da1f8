"""People: what is kept of them, what they are told about it, and what is left when they go."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.chat.clock import microseconds
from bot.domain.languages import LANGUAGES
from bot.services.drafts import start
from bot.services.people import about, choose_language, erase, forget_silent, set_blocked
from bot.store.inbox import Arrived, Finished, Tally, beat, finish_all, take_in
from bot.store.people import known, seen

ANNA, BORIS, CLARA = 4_711_001, 4_711_002, 4_711_003
NOON = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)
NOW = microseconds(NOON)
DAY = microseconds(datetime(2026, 11, 25, tzinfo=UTC))


def everyone(tx):
    return sorted(row[0] for row in tx.execute(text("SELECT id FROM people")))


def number_of_drafts(tx):
    return tx.execute(text("SELECT COUNT(*) FROM drafts"))[0][0]


def counts(tx):
    return [tuple(row) for row in tx.execute(text("SELECT outcome, subject, count FROM tallies"))]


def make_coordinator(tx, person):
    tx.execute(text("UPDATE people SET role = 'coordinator' WHERE id = :id"), {"id": person})


async def test_choosing_a_language_again_replaces_the_first_choice(database):
    for language in LANGUAGES:
        await database.write(choose_language, ANNA, language, NOW)
    person = (await database.read(known, [ANNA]))[ANNA]
    assert (person.language, person.role, person.blocked, person.seen) == ("es", None, False, DAY)
    assert await database.read(everyone) == [ANNA]


async def test_who_stopped_the_bot_and_started_it_again(database):
    await database.write(choose_language, ANNA, "uk", NOW)
    for blocked in (True, True, False):
        await database.write(set_blocked, ANNA, blocked)
        assert (await database.read(known, [ANNA]))[ANNA].blocked is blocked


async def test_nobody_becomes_known_by_stopping_the_bot(database):
    await database.write(set_blocked, ANNA, blocked=True)
    assert await database.read(everyone) == []


async def test_what_is_stored_is_told_in_full(database):
    await database.write(choose_language, ANNA, "uk", NOW)
    await database.write(seen, {ANNA: "ru"}, NOW + 2 * 86_400_000_000)
    await database.write(make_coordinator, ANNA)
    await database.write(start, ANNA, "delete", {"of": "everything"}, NOW)
    assert await database.read(about, ANNA) == {
        "telegram_id": ANNA,
        "language": "uk",
        "telegram_language": "ru",
        "role": "coordinator",
        "since": "2026-11-25",
        "last_seen": "2026-11-27",
        "drafts": [{"kind": "delete", "answers": {"of": "everything"}, "expires": "2026-11-25"}],
    }


async def test_of_an_unknown_person_nothing_is_told_but_the_number_they_asked_with(database):
    await database.write(choose_language, BORIS, "uk", NOW)
    assert await database.read(about, ANNA) == {"telegram_id": ANNA, "drafts": []}


async def test_erasing_takes_everything_of_one_person_and_nothing_of_others_and_no_counts(database):
    tally = Tally("uk", "answer", "recognition")
    await database.write(beat, "one", NOW + 1)
    await database.write(take_in, 1, "one", [Arrived(1, ANNA, ANNA, "uk", "{}")], NOW)
    await database.write(finish_all, 1, [Finished(1, tally)], NOW)
    for person in (ANNA, BORIS):
        await database.write(choose_language, person, "uk", NOW)
        await database.write(start, person, "delete", {}, NOW)
    await database.write(erase, ANNA)
    await database.write(erase, ANNA)
    assert await database.read(everyone) == [BORIS]
    assert await database.read(number_of_drafts) == 1
    assert await database.read(counts) == [("answer", "recognition", 1)]


@pytest.mark.parametrize(("days", "left"), [(182, [ANNA, BORIS, CLARA]), (184, [BORIS, CLARA])])
async def test_who_is_silent_for_six_months_is_forgotten_unless_they_have_a_role(database, days, left):
    await database.write(choose_language, ANNA, "uk", NOW)
    await database.write(start, ANNA, "delete", {}, NOW)
    await database.write(choose_language, BORIS, "uk", NOW)
    await database.write(make_coordinator, BORIS)
    later = microseconds(NOON + timedelta(days=days))
    await database.write(choose_language, CLARA, "uk", later)
    assert await database.write(forget_silent, later) == 3 - len(left)
    assert await database.read(everyone) == left
    assert await database.read(number_of_drafts) == (1 if ANNA in left else 0)


async def test_a_message_within_six_months_keeps_a_person(database):
    await database.write(choose_language, ANNA, "uk", NOW)
    await database.write(seen, {ANNA: "uk"}, microseconds(NOON + timedelta(days=100)))
    assert await database.write(forget_silent, microseconds(NOON + timedelta(days=200))) == 0


def bytes_of(path: Path, traces) -> dict[str, list[bytes]]:
    """Which traces stand in which file of the database."""
    files = path.parent.glob(f"{path.name}*")
    return {one.name: found for one in files if (found := [trace for trace in traces if trace in one.read_bytes()])}


async def test_nothing_of_an_erased_person_is_left_in_the_files(sqlite):
    # SQLite writes an id of this size as four big-endian bytes, and as digits in what was sent.
    word = "Sentinel-Musterfrau"
    traces = [ANNA.to_bytes(4, "big"), str(ANNA).encode(), word.encode()]
    await sqlite.write(beat, "one", NOW + 1)
    for person in range(BORIS, BORIS + 300):
        await sqlite.write(choose_language, person, "uk", NOW)
    await sqlite.write(choose_language, ANNA, "uk", NOW)
    await sqlite.write(start, ANNA, "delete", {"name": word}, NOW)
    body = f'{{"from": {{"id": {ANNA}, "first_name": "{word}"}}}}'
    await sqlite.write(take_in, 1, "one", [Arrived(1, ANNA, ANNA, "uk", body)], NOW)
    assert bytes_of(sqlite.path, traces)
    await sqlite.write(erase, ANNA)
    await sqlite.write(finish_all, 1, [Finished(1)], NOW)
    await sqlite.erase_traces()
    await sqlite.close()
    assert bytes_of(sqlite.path, traces) == {}
