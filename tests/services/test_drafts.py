"""Drafts: one person's, for an hour, once."""

from datetime import UTC, datetime, timedelta

from bot.domain.instants import microseconds
from bot.services.drafts import Draft, asked, change, look, note_question, renew, start, sweep, take
from bot.services.people import choose_language
from bot.store.people import known

ANNA, BORIS = 4_711_001, 4_711_002
NOW = microseconds(datetime(2026, 11, 25, 12, 30, tzinfo=UTC))
HOUR = 3_600_000_000


async def test_a_draft_is_taken_once_with_what_was_put_in(database):
    draft = await database.write(start, ANNA, "delete", {"text": "Grüße, „سلام“"}, NOW)
    assert await database.write(take, draft, ANNA, NOW) == ("delete", {"text": "Grüße, „سلام“"})
    assert await database.write(take, draft, ANNA, NOW) is None


async def test_another_persons_draft_is_not_there_and_stays_with_its_owner(database):
    draft = await database.write(start, ANNA, "delete", {}, NOW)
    assert await database.write(take, draft, BORIS, NOW) is None
    assert await database.write(take, draft, ANNA, NOW) == ("delete", {})


async def test_a_draft_lives_an_hour(database):
    draft = await database.write(start, ANNA, "delete", {}, NOW)
    other = await database.write(start, ANNA, "delete", {}, NOW)
    assert await database.write(take, draft, ANNA, NOW + HOUR) is None
    assert await database.write(take, other, ANNA, NOW + HOUR - 1) == ("delete", {})


async def test_a_draft_may_live_longer(database):
    draft = await database.write(start, ANNA, "details", {}, NOW, "all", timedelta(days=7))
    assert await database.read(look, draft, ANNA, NOW + 7 * 24 * HOUR) is None
    assert await database.read(look, draft, ANNA, NOW + 7 * 24 * HOUR - 1) == Draft(draft, "details", "all", {})


async def test_a_reply_finds_the_draft_whose_question_it_answers(database):
    draft = await database.write(start, ANNA, "details", {"a": 1}, NOW, "all")
    await database.write(start, ANNA, "details", {}, NOW)
    await database.write(note_question, draft, 17)
    assert await database.read(asked, ANNA, 17, NOW) == Draft(draft, "details", "all", {"a": 1})
    for person, message, now in ((BORIS, 17, NOW), (ANNA, 18, NOW), (ANNA, 17, NOW + HOUR)):
        assert await database.read(asked, person, message, now) is None


async def test_the_next_step_asks_anew(database):
    draft = await database.write(start, ANNA, "details", {}, NOW, "one")
    await database.write(note_question, draft, 17)
    assert not await database.write(change, draft, BORIS, "two", {}, NOW)
    assert await database.write(change, draft, ANNA, "two", {"a": 1}, NOW)
    assert await database.read(asked, ANNA, 17, NOW) is None
    assert await database.read(look, draft, ANNA, NOW) == Draft(draft, "details", "two", {"a": 1})


async def test_a_renewed_draft_takes_the_place_of_the_old_one(database):
    old = Draft(await database.write(start, ANNA, "announce", {"a": 1}, NOW, "text"), "announce", "text", {"a": 1})
    assert await database.write(renew, old, BORIS, {"a": 2}, NOW) is None
    new = await database.write(renew, old, ANNA, {"a": 2}, NOW, timedelta(hours=2))
    assert await database.read(look, old.id, ANNA, NOW) is None
    assert await database.read(look, new, ANNA, NOW + 2 * HOUR - 1) == Draft(new, "announce", "preview", {"a": 2})
    assert await database.write(renew, old, ANNA, {"a": 3}, NOW) is None


async def test_a_number_that_was_never_given_out_is_no_draft(database):
    assert await database.write(take, 2**62, ANNA, NOW) is None


async def test_numbers_are_not_given_out_again(database):
    first = await database.write(start, ANNA, "delete", {}, NOW)
    await database.write(take, first, ANNA, NOW)
    assert await database.write(start, ANNA, "delete", {}, NOW) > first


async def test_sweeping_takes_the_old_ones_only(database):
    old = await database.write(start, ANNA, "delete", {}, NOW - HOUR)
    new = await database.write(start, ANNA, "delete", {}, NOW)
    await database.write(sweep, NOW)
    assert await database.write(take, old, ANNA, NOW - HOUR) is None
    assert await database.write(take, new, ANNA, NOW) == ("delete", {})


async def test_who_starts_a_draft_is_known_by_the_day_and_keeps_their_language(database):
    await database.write(choose_language, ANNA, "uk", NOW)
    for person in (ANNA, BORIS):
        await database.write(start, person, "delete", {}, NOW)
    people = await database.read(known, [ANNA, BORIS])
    day = microseconds(datetime(2026, 11, 25, tzinfo=UTC))
    assert [(one.language, one.seen) for one in people.values()] == [("uk", day), (None, day)]
