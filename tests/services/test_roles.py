"""Roles: who has one, and that the last coordinator stays, whoever takes whose role at once."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from bot.domain.details import Details
from bot.domain.instants import DAY
from bot.domain.terms import Terms
from bot.services.audit import acts
from bot.services.details import keep
from bot.services.drafts import start
from bot.services.invitations import invite, open_invitations
from bot.services.people import choose_language, know
from bot.services.privacy import about, erase
from bot.services.retention import sweep
from bot.services.roles import KIND, Holder, Kept, Revoked, coordinates, give, is_last, readers, revoke, role, roster
from bot.store.outbox import claim, elect

ANNA, BORIS, CORA, DORIS, OTTO = 1, 2, 3, 4, 9
NOW = 1_795_600_800_000_000


async def having(database, **roles):
    """People by name with their roles."""
    for name, given in roles.items():
        await database.write(give, globals()[name.upper()], "uk", given, NOW - DAY)


async def drafted(database, by, whom, given="staff", since=NOW - DAY):
    return await database.write(start, by, KIND, {"person": whom, "role": given, "since": since}, NOW)


def revoking(database, draft, by, coordinators=frozenset()):
    return database.write(revoke, draft, by, coordinators, NOW)


def queued(tx):
    return [(one.person, one.kind, one.parameters) for one in claim(tx, elect(tx, "test", NOW).fence, NOW, 10)]


async def test_the_role_of_now_and_the_operators_word_make_a_coordinator(database):
    await having(database, anna="staff", cora="coordinator")
    for person, in_charge in ((ANNA, False), (BORIS, False), (CORA, True), (OTTO, True)):
        assert await database.read(coordinates, person, {OTTO}) is in_charge
    assert await database.read(readers, {OTTO}) == {CORA, OTTO}


async def test_the_list_has_coordinators_first_and_names_where_they_were_given(database):
    await having(database, anna="staff", cora="coordinator", otto="staff")
    await database.write(know, BORIS, None, NOW)
    await database.write(give, BORIS, None, "coordinator", NOW - 2 * DAY)
    await database.write(keep, ANNA, Details(name="Anna Muster"), NOW)
    await database.write(keep, OTTO, Details(name="Otto Muster"), NOW)
    assert await database.read(roster, CORA, {OTTO, DORIS}) == [
        Holder(DORIS, "coordinator", None, "", fixed=True),
        Holder(OTTO, "coordinator", NOW - DAY, "Otto Muster", fixed=True),
        Holder(BORIS, "coordinator", NOW - 2 * DAY, ""),
        Holder(CORA, "coordinator", NOW - DAY, ""),
        Holder(ANNA, "staff", NOW - DAY, "Anna Muster"),
    ]


@pytest.mark.parametrize("person", [ANNA, BORIS])
async def test_who_is_no_coordinator_does_not_get_the_list(database, person):
    await having(database, anna="staff", cora="coordinator")
    assert await database.read(roster, person, {OTTO}) is None


async def test_a_role_ends_with_a_notice_and_a_note(database):
    await having(database, anna="staff", cora="coordinator")
    await database.write(choose_language, ANNA, "ar", NOW)
    draft = await drafted(database, CORA, ANNA)
    assert await revoking(database, draft, CORA) == Revoked(ANNA, "staff", "ar", "uk")
    stored = await database.read(about, ANNA)
    assert (stored["role"], stored["role_since"]) == (None, None)
    assert await database.write(queued) == [(ANNA, "revoked", {"role": "staff"})]
    (act,) = await database.read(acts)
    assert (act.role, act.person, act.action, act.subject) == ("coordinator", CORA, "staff revoked", f"person {ANNA}")


async def test_a_draft_is_used_once_and_by_its_owner(database):
    await having(database, anna="staff", cora="coordinator", boris="coordinator")
    draft = await drafted(database, CORA, ANNA)
    assert await revoking(database, draft, BORIS) == Kept("gone")
    assert isinstance(await revoking(database, draft, CORA), Revoked)
    assert await revoking(database, draft, CORA) == Kept("gone")


async def test_who_lost_the_role_after_the_preview_takes_none_away(database):
    await having(database, anna="staff", cora="coordinator", boris="coordinator")
    first = await drafted(database, CORA, ANNA)
    await revoking(database, await drafted(database, BORIS, CORA, "coordinator"), BORIS)
    assert await revoking(database, first, CORA) == Kept("rights")
    assert await database.read(role, ANNA) == "staff"


@pytest.mark.parametrize(("given", "since"), [("coordinator", NOW - DAY), ("staff", NOW - 1), ("staff", None)])
async def test_a_role_that_is_not_as_it_was_shown_stays(database, given, since):
    await having(database, anna="staff", cora="coordinator")
    draft = await drafted(database, CORA, ANNA, given, since)
    assert await revoking(database, draft, CORA) == Kept("changed")
    assert await database.read(role, ANNA) == "staff"


async def test_who_is_gone_or_has_no_role_any_more_loses_none(database):
    await having(database, cora="coordinator")
    await database.write(know, BORIS, None, NOW)
    for whom in (ANNA, BORIS):
        assert await revoking(database, await drafted(database, CORA, whom), CORA) == Kept("changed")


async def test_what_the_operator_has_set_only_the_operator_ends(database):
    await having(database, cora="coordinator", otto="coordinator")
    draft = await drafted(database, CORA, OTTO, "coordinator")
    assert await revoking(database, draft, CORA, {OTTO}) == Kept("operator")


async def test_the_last_coordinator_stays(database):
    await having(database, cora="coordinator", anna="staff")
    assert await database.read(is_last, CORA, ())
    assert await revoking(database, await drafted(database, CORA, CORA, "coordinator"), CORA) == Kept("last")
    assert not await database.read(is_last, CORA, {OTTO})
    assert not await database.read(is_last, ANNA, ())
    draft = await drafted(database, CORA, CORA, "coordinator")
    assert isinstance(await revoking(database, draft, CORA, {OTTO}), Revoked)
    assert await database.write(queued) == []  # who takes the own role away sees it at once
    assert await database.read(readers, {OTTO}) == {OTTO}


async def test_with_a_coordinators_role_the_unused_invitations_end(database):
    await having(database, cora="coordinator", boris="coordinator")
    for number, by in enumerate((CORA, BORIS, None)):
        await database.write(invite, f"token {number}", "staff", by, (), NOW)
    await revoking(database, await drafted(database, BORIS, CORA, "coordinator"), BORIS)
    assert await database.read(open_invitations, NOW) == 2


async def test_of_who_is_erased_neither_drafts_nor_acts_know_the_number(database):
    await having(database, anna="staff", cora="coordinator")
    await revoking(database, await drafted(database, CORA, ANNA), CORA)
    await drafted(database, CORA, ANNA)
    assert (await database.read(about, ANNA))["acts"] == [
        {"action": "staff revoked", "subject": f"person {ANNA}", "day": "2026-11-25"}
    ]
    await database.write(erase, ANNA, NOW, Terms())
    assert await database.read(lambda tx: tx.execute(text("SELECT * FROM drafts"))) == []
    (act,) = await database.read(acts)
    assert (act.person, act.subject) == (CORA, "person")


async def test_what_staff_say_of_their_work_stays_as_long_as_the_role(database):
    await having(database, anna="staff", cora="coordinator")
    await database.write(keep, ANNA, Details(municipality="Musterkreis"), NOW)
    await database.write(sweep, NOW)
    assert (await database.read(about, ANNA))["details"]["municipality"] == "Musterkreis"
    await revoking(database, await drafted(database, CORA, ANNA), CORA)
    await database.write(sweep, NOW)
    assert (await database.read(about, ANNA))["details"] is None


async def test_two_who_take_each_others_role_at_once_leave_one(database):
    for _ in range(20):
        await having(database, anna="coordinator", boris="coordinator")
        pairs = ((ANNA, BORIS), (BORIS, ANNA))
        drafts = [(await drafted(database, by, whom, "coordinator"), by) for by, whom in pairs]
        came = await asyncio.gather(*(revoking(database, draft, by) for draft, by in drafts))
        assert sorted(type(one).__name__ for one in came) == ["Kept", "Revoked"]
        assert len(await database.read(readers, ())) == 1
