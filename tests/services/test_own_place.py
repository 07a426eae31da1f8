"""The place that a person asks to be remembered."""

from __future__ import annotations

from sqlalchemy import text

from bot.services.settings import choose_reminders, chosen, forget_place, keep_place, place_of
from bot.store.people import known

ANNA, BEN = 1, 2
NOW = 1_795_600_800_000_000


async def test_a_place_is_kept_replaced_and_forgotten(database):
    assert await database.read(place_of, ANNA) is None
    await database.write(keep_place, ANNA, 7, "uk", NOW)
    await database.write(keep_place, ANNA, 9_999_999_999, "uk", NOW)
    assert await database.read(place_of, ANNA) == 9_999_999_999
    assert (await database.read(known, [ANNA]))[ANNA].place == 9_999_999_999
    await database.write(forget_place, ANNA)
    assert await database.read(place_of, ANNA) is None
    assert (await database.read(known, [ANNA]))[ANNA].code == "uk"


async def test_it_stands_beside_the_other_choices_and_is_the_persons_own(database):
    await database.write(choose_reminders, ANNA, "3d", "uk", NOW)
    await database.write(keep_place, ANNA, 7, None, NOW)
    own = await database.read(chosen, ANNA)
    assert (own.reminders, own.place) == ("3d", 7)
    assert await database.read(place_of, BEN) is None


async def test_who_forgets_none_does_not_become_known(database):
    await database.write(forget_place, BEN)
    assert (await database.read(lambda tx: tx.execute(text("SELECT count(*) FROM people"))))[0][0] == 0
