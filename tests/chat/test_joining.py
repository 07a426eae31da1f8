"""Opening an invitation: the role once, what somebody can do then, and where staff say they work."""

from __future__ import annotations

import pytest
from coordination import coordinator, invited, member, menu_of

from bot.chat.commands import COMMANDS, COORDINATION
from bot.domain.details import Details
from bot.domain.instants import microseconds
from bot.services.details import keep

pytestmark = pytest.mark.usefixtures("calm")

VOID = "This invitation does not work. Ask whoever sent it for a new one."
FORGED = f"/start invite_{'0' * 32}"


@pytest.fixture
async def otto(town):
    """Whom the operator has set."""
    return await coordinator(town, "Otto")


async def test_used_expired_forged_and_withdrawn_links_get_the_same_sentence(town, otto):
    used, expired = await invited(otto), await invited(otto)
    await town.person("Anna", "en").says(used)
    town.passes(days=7)
    withdrawn = await invited(otto)
    await otto.says("/invite")
    await otto.presses("Withdraw unused invitations")
    boris = town.person("Boris", "en")
    for link in (used, expired, withdrawn, FORGED, "/start invite_x", "/start invite__"):
        assert await boris.says(link) == [VOID]
    assert await town.person("Anna", "en").says(FORGED) == ["Your role stays as it is: staff", VOID]
    assert town.select(f"SELECT * FROM people WHERE id = {boris.id}") == []


async def test_opening_the_own_link_again_says_the_same_as_after_a_kill_that_came_before_the_reply(town, otto):
    anna, link = town.person("Anna", "en"), await invited(otto)
    first = await anna.says(link)
    assert first[0] == "Invitation accepted: staff"
    assert await anna.says(link) == first


async def test_a_coordinator_gets_the_menu_and_a_staff_member_does_not(town, otto):
    staff, cora = town.person("Anna", "en"), town.person("Cora", "en")
    await staff.says(await invited(otto))
    seen = await cora.says(await invited(otto, "coordinator"))
    assert seen[:2] == ["Invitation accepted: coordination team", "These commands are new for you:"]
    assert [line.split()[0][1:] for line in seen[2 : 2 + len(COORDINATION)]] == list(COORDINATION)
    assert await menu_of(cora) == [*COMMANDS, *COORDINATION]
    assert await menu_of(staff) in ([], list(COMMANDS))
    assert (await cora.says("/programme"))[0] == "No sessions are planned."


async def test_staff_may_say_where_they_work_and_are_not_asked_twice(town, otto):
    anna = town.person("Anna", "en")
    assert "[Name the municipality | details:town]" in await anna.says(await invited(otto))
    await anna.presses("Rural district")
    await anna.presses("Name the municipality")
    assert await anna.replies("-") == ["Nothing was stored."]
    await anna.forges(0, "details:town")
    assert "Municipality: Musterkreis, Land" in await anna.replies("Musterkreis,\nLand")
    stored = "SELECT name, municipality, municipality_type FROM details"
    assert town.select(stored) == [("", "Musterkreis, Land", "landkreis")]
    seen = await anna.says(await invited(otto, "coordinator"))
    assert not any("municipality" in line for line in seen)
    await anna.forges(0, "details:forget")
    assert town.select(stored) == [("", "", "")]


async def test_a_name_that_was_given_stays_when_the_municipality_is_named(town, otto):
    anna = await member(town, "Anna", None)
    said = Details(name="Anna Muster", organisation="Amt")
    await town.running.house.database.write(keep, anna.id, said, microseconds(town.now))
    await anna.says(await invited(otto))
    await anna.presses("Name the municipality")
    seen = await anna.replies("Musterkreis")
    assert seen[:4] == ["Stored for list and certificate:", "Name: Anna Muster", "Authority: Amt",
                        "Municipality: Musterkreis"]  # fmt: skip
