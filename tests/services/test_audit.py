"""The audit: what was done with a role's rights, for two years, and without those who are gone."""

from __future__ import annotations

from bot.domain.instants import DAY
from bot.services.audit import KEPT, Act, about, acts, forget, note
from bot.services.retention import sweep

ANNA, CORA = 1, 3
NOW = 1_795_600_800_000_000


async def test_acts_come_in_the_order_of_their_time_from_a_day_on(database):
    for days, action in ((3, "third"), (1, "first"), (2, "second"), (2, "after it")):
        await database.write(note, "coordinator", CORA, action, "session 1", NOW + days * DAY)
    assert [act.action for act in await database.read(acts)] == ["first", "second", "after it", "third"]
    assert [act.action for act in await database.read(acts, NOW + 2 * DAY)] == ["second", "after it", "third"]
    assert (await database.read(acts))[0] == Act(NOW + DAY, "coordinator", CORA, "first", "session 1")


async def test_of_who_is_erased_the_role_stays(database):
    await database.write(note, "coordinator", CORA, "staff revoked", about(ANNA), NOW)
    await database.write(note, "coordinator", CORA, "staff revoked", about(ANNA * 10), NOW)
    await database.write(forget, ANNA)
    assert [(act.person, act.subject) for act in await database.read(acts)] == [(CORA, "person"), (CORA, "person 10")]
    await database.write(forget, CORA)
    assert [(act.role, act.person) for act in await database.read(acts)] == [("coordinator", None)] * 2


async def test_what_is_older_than_two_years_goes(database):
    for at in (NOW - KEPT - 1, NOW - KEPT):
        await database.write(note, "operator", None, "participants", "session 1", at)
    await database.write(sweep, NOW)
    assert [act.at for act in await database.read(acts)] == [NOW - KEPT]
