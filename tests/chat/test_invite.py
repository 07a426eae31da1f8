"""Inviting and taking roles away in the chat: only coordinators, each link once, and never the last one."""

from __future__ import annotations

import logging

import pytest
from coordination import REFUSED, coordinator, invited, member, menu_of, planned, put
from town import lines

from bot.chat.arrival import Arrival
from bot.chat.commands import COMMANDS
from bot.chat.routes import handle
from bot.chat.talk import begin
from bot.domain.details import Details
from bot.domain.instants import microseconds
from bot.services.details import keep

pytestmark = pytest.mark.usefixtures("calm")

OPERATOR = "The operator has set this role, and only the operator can end it. Nothing was changed."
LAST = "Nobody else is on the coordination team. Invite somebody to it first."
GONE = "This button is out of date. Here is how things stand now:"
GROUP = {"id": -5, "type": "group", "title": "Team"}


@pytest.fixture
async def otto(town):
    """Whom the operator has set."""
    return await coordinator(town, "Otto")


async def handles_late(town, person, data):
    """Handles a press that came in while the person still was a coordinator; what they see of it."""
    before = await person.sees()
    arrival = Arrival(0, "press", person.id, person.id, "en", private=True, data=data, callback="old")
    await handle(begin(town.running.house, arrival, None, "coordinator"))
    return lines([message for message in await person.sees() if message not in before])


def numbered(seen):
    return [line for line in (one.lstrip("\u200e") for one in seen) if line[:1].isdigit()]


def roles(town):
    return town.select("SELECT id, role FROM people WHERE role IS NOT NULL ORDER BY id")


def invitations(town):
    return town.select("SELECT role, invited_by FROM invitations ORDER BY id")


def audit(town):
    return town.select("SELECT role, person, action, subject FROM audit ORDER BY id")


@pytest.mark.parametrize("role", [None, "staff"])
async def test_only_the_coordination_team_invites_and_sees_who_has_a_role(town, otto, role):
    anna = await member(town, "Anna", role)
    for what in ("/invite", "/invite coordinator"):
        assert await anna.says(what) == REFUSED
    for data in ("invite:staff", "invite:coordinator", "invite:withdraw", "invite:menu", "more:roles:0",
                 f"role:{otto.id}"):  # fmt: skip
        assert await anna.forges(0, data) == REFUSED
    assert invitations(town) == []
    assert audit(town) == []


async def test_in_a_group_nobody_is_invited_and_no_link_is_used_up(town, otto):
    link, anna = await invited(otto), town.person("Anna", "en")
    name = town.running.house.api.name
    for person, what in ((otto, f"/invite@{name}"), (anna, link.replace("start", f"start@{name}"))):
        await town.happens({"user": person.user, "chat": GROUP, "text": what})
    for data in ("invite:staff", "role:1"):
        await town.happens({"user": otto.user, "chat": GROUP, "press": {"message_id": 0, "data": data}})
    private = "This works only in your own chat with Lotse."
    said = [message["text"] for message in await town.transcript(GROUP["id"]) if message["from"] == "bot"]
    assert said == [private] * 4
    assert invitations(town) == [("staff", otto.id)]
    assert roles(town) == []


@pytest.mark.parametrize("typed", ["staff", "STAFF", " staff "])
async def test_the_role_can_be_typed(town, otto, typed):
    assert (await otto.says(f"/invite {typed}"))[0] == "Invitation to Lotse: staff"
    assert (await otto.says("/invite coordination team"))[0] == "Invitation to Lotse: coordination team"
    assert [role for role, _ in invitations(town)] == ["staff", "coordinator"]


async def test_another_role_or_an_old_button_shows_what_there_is(town, otto):
    assert (await otto.says("/invite mayor"))[0] == "Invite to Lotse"
    assert (await otto.forges(0, "invite:mayor"))[0] == GONE
    assert (await otto.forges(0, "role:99999999999999999999999"))[0] == GONE
    assert (await otto.forges(0, "role:" + "x" * 50))[0] == GONE
    assert (await otto.forges(0, "more:roles:99"))[0] == "Who has a role"
    assert invitations(town) == []


async def test_a_link_is_in_one_message_and_nowhere_else(town, otto, caplog):
    with caplog.at_level(logging.DEBUG, "bot"):
        link = await invited(otto)
        token = link.removeprefix("/start invite_")
        await town.person("Anna", "en").says(link)
    assert sum(token in (message.get("text") or "") for message in await otto.sees()) == 1
    assert token not in caplog.text
    assert not any(token in repr(row) for table in ("audit", "inbox", "invitations", "drafts", "outbox")
                   for row in town.select(f"SELECT * FROM {table}"))  # fmt: skip


async def test_people_are_shown_by_the_name_they_gave_or_have_in_telegram_or_their_number(town, otto):
    anna, boris = await member(town, "Anna", "staff"), await member(town, "Boris", "staff")
    await put(town, "INSERT INTO people (id, role, created, seen) VALUES (4711, 'staff', 0, 0)")
    await town.running.house.database.write(keep, anna.id, Details(name="<A> & Co"), microseconds(town.now))
    seen = await otto.forges(0, "more:roles:0")
    assert numbered(seen) == ["1. Otto", "2. 4711", "3. <A> & Co", "4. Boris"]
    assert seen[-5:-1] == [f"[1 Otto | role:{otto.id}]", "[2 4711 | role:4711]", f"[3 <A> & Co | role:{anna.id}]",
                           f"[4 Boris | role:{boris.id}]"]  # fmt: skip
    await town.fault(method="getChat", status=500, times=9)
    assert numbered(await otto.forges(0, "more:roles:0"))[-1] == f"4. {boris.id}"


async def test_the_list_has_five_a_page(town, otto):
    for number in range(6):
        await member(town, f"P{number}", "staff")
    first = await otto.forges(0, "more:roles:0")
    assert sum("| role:" in line for line in first) == 5
    assert first[-1] == "[Show more | more:roles:1] [Go back | invite:menu]"
    second = await otto.presses("Show more")
    assert numbered(second) == ["1. P4", "2. P5"]
    assert second[-1] == "[Go back | more:roles:0]"
    assert (await otto.replies("2"))[0] == "Take the role away: P5"


async def test_a_revoked_coordinator_hears_it_once_and_loses_menu_and_rights_with_the_next_press(town, otto):
    cora = town.person("Cora", "en")
    await cora.says(await invited(otto, "coordinator"))
    session = await planned(town)
    assert len(await cora.forges(0, f"plan:{session}")) > 5
    await otto.forges(0, f"role:{cora.id}")
    assert (await otto.presses("Take the role away"))[0] == "The role has ended."
    assert await menu_of(cora) == list(COMMANDS)
    assert await cora.forges(0, f"plan:{session}") == REFUSED
    assert await cora.gets() == ["You are no longer on the coordination team of this Lotse."]
    assert await cora.gets() == []
    assert audit(town)[-1] == ("coordinator", otto.id, "coordinator revoked", f"person {cora.id}")


async def test_who_is_invited_again_before_hearing_of_it_hears_nothing(town, otto):
    anna = await member(town, "Anna", "staff")
    await otto.forges(0, f"role:{anna.id}")
    await otto.presses("Take the role away")
    await anna.says(await invited(otto))
    assert await anna.gets() == []


@pytest.mark.usefixtures("otto")
async def test_a_press_that_came_in_before_the_role_ended_does_nothing(town):
    cora, anna = await member(town, "Cora"), await member(town, "Anna", "staff")
    session = await planned(town)
    await cora.forges(0, f"plan:{session}:cancel")
    await cora.forges(0, f"role:{anna.id}")
    (first, second) = (row[0] for row in town.select("SELECT id FROM drafts ORDER BY id"))
    await put(town, f"UPDATE people SET role = NULL WHERE id = {cora.id}")
    for data in (f"confirm:{first}", f"confirm:{second}", "invite:staff", "invite:withdraw", "more:roles:0",
                 f"role:{anna.id}"):  # fmt: skip
        assert await handles_late(town, cora, data) == REFUSED
    assert town.select("SELECT state FROM sessions") == [("open",)]
    assert roles(town) == [(anna.id, "staff")]
    assert invitations(town) == []
    assert audit(town) == []


async def test_two_presses_of_the_same_preview_end_one_role(town, otto):
    anna = await member(town, "Anna", "staff")
    await otto.forges(0, f"role:{anna.id}")
    (draft,) = (row[0] for row in town.select("SELECT id FROM drafts"))
    await otto.forges(0, f"confirm:{draft}")
    await otto.forges(0, f"confirm:{draft}")
    assert len(audit(town)) == 1
    assert town.select("SELECT COUNT(*) FROM outbox") == [(1,)]


async def test_a_preview_that_another_coordinator_overtook_changes_nothing(town, otto):
    cora, anna = await member(town, "Cora"), await member(town, "Anna", "staff")
    await otto.forges(0, f"role:{anna.id}")
    await cora.forges(0, f"role:{anna.id}")
    await cora.presses("Take the role away")
    seen = await otto.presses("Take the role away")
    assert seen[0] == "This was changed in the meantime. Nothing was done. Here is how it stands now:"
    assert audit(town) == [("coordinator", cora.id, "staff revoked", f"person {anna.id}")]


async def test_the_last_coordinator_and_the_operators_stay(town):
    cora = await member(town, "Cora")
    assert (await cora.forges(0, f"role:{cora.id}"))[0] == LAST
    otto = await coordinator(town, "Otto")
    assert (await cora.forges(0, f"role:{otto.id}"))[0] == OPERATOR
    await cora.forges(0, f"role:{cora.id}")
    town.running.house.coordinators = frozenset()
    assert (await cora.presses("Take the role away"))[0] == LAST
    assert roles(town) == [(cora.id, "coordinator")]


@pytest.mark.usefixtures("otto")
async def test_who_gives_up_the_own_role_sees_it_at_once(town):
    cora = await member(town, "Cora")
    seen = await cora.forges(0, f"role:{cora.id}")
    assert "This is your own role. Afterwards you cannot do this any more." in seen
    assert await cora.presses("Take the role away") == ["You are no longer on the coordination team of this Lotse."]
    assert await menu_of(cora) == list(COMMANDS)
    assert await cora.gets() == []


async def test_the_last_coordinator_is_told_before_deleting_and_may(town):
    cora = await member(town, "Cora")
    await invited(cora, "coordinator")
    warning = "Nobody else is on the coordination team. Afterwards only the operator can invite people to it."
    assert warning in await cora.says("/delete")
    await coordinator(town, "Otto")
    assert warning not in await cora.says("/delete")
    town.running.house.coordinators = frozenset()
    assert (await cora.presses("Delete my data"))[0] == "Your data is deleted."
    assert roles(town) == []
    assert invitations(town) == []
    assert await menu_of(cora) == list(COMMANDS)
