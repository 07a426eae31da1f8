"""People: the language they chose, and whether they can be written to."""

from datetime import UTC, datetime

from sqlalchemy import text

from bot.domain.instants import microseconds
from bot.domain.languages import LANGUAGES
from bot.services.people import choose_language, know, set_blocked
from bot.store.people import known

ANNA = 4_711_001
NOW = microseconds(datetime(2026, 11, 25, 12, 30, tzinfo=UTC))
DAY = microseconds(datetime(2026, 11, 25, tzinfo=UTC))


def everyone(tx):
    return sorted(row[0] for row in tx.execute(text("SELECT id FROM people")))


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


async def test_what_comes_late_does_not_make_somebody_silent_for_longer(database):
    await database.write(know, ANNA, "uk", NOW)
    await database.write(know, ANNA, None, NOW - 3 * 86_400_000_000)
    person = (await database.read(known, [ANNA]))[ANNA]
    assert (person.code, person.seen) == ("uk", DAY)
