"""Invitations: a link gives a role once, within a week, and only its hash is kept."""

from __future__ import annotations

import asyncio
import hashlib
import re

from sqlalchemy import text

from bot.domain.instants import DAY, SECOND
from bot.domain.terms import Terms
from bot.services.audit import acts
from bot.services.invitations import (
    Joined,
    invite,
    join,
    keep_name,
    kept_name,
    new_token,
    open_invitations,
    payload,
    withdraw,
)
from bot.services.people import know
from bot.services.privacy import about, erase
from bot.services.retention import sweep
from bot.services.roles import give, role

ANNA, BORIS, CORA, OTTO = 1, 2, 3, 9
NOW = 1_795_600_800_000_000
WEEK = 7 * DAY
TOKEN = "0123456789abcdef" * 2


def kept(tx):
    return [
        tuple(row)
        for row in tx.execute(
            text("SELECT hash, role, invited_by, created, expires FROM invitations WHERE used_by IS NULL")
        )
    ]


async def made(database, given="staff", by=None, token=TOKEN, now=NOW):
    assert await database.write(invite, token, given, by, {OTTO}, now) == now + WEEK
    return token


def joining(database, person=ANNA, token=TOKEN, now=NOW, coordinators=frozenset({OTTO})):
    return database.write(join, token, person, "uk", coordinators, now)


def test_a_token_has_128_bits_and_no_end_that_a_link_loses():
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(re.fullmatch("[0-9a-f]{32}", token) for token in tokens)
    assert re.fullmatch("[A-Za-z0-9_-]{1,64}", payload(new_token()))  # what Telegram takes in a link


async def test_only_the_hash_is_kept(database):
    await made(database, "coordinator", OTTO)
    digest = hashlib.sha256(TOKEN.encode()).hexdigest()
    assert await database.read(kept) == [(digest, "coordinator", OTTO, NOW, NOW + WEEK)]


async def test_whoever_uses_a_link_gets_its_role_and_is_known_from_then_on(database):
    await made(database)
    assert await joining(database) == Joined("joined", "staff")
    stored = await database.read(about, ANNA)
    assert (stored["role"], stored["role_since"], stored["telegram_language"]) == ("staff", "2026-11-25", "uk")
    assert await database.read(kept) == []


async def test_a_link_works_once(database):
    await made(database)
    await joining(database)
    assert await joining(database, BORIS) == Joined("void", None)
    assert await database.read(role, BORIS) is None


async def test_whoever_used_a_link_hears_the_same_again_while_they_have_its_role(database):
    await made(database)
    await joining(database)
    assert await joining(database, now=NOW + SECOND) == Joined("joined", "staff")
    assert [act.action for act in await database.read(acts)] == ["staff invited", "invitation used"]
    assert (await database.read(about, ANNA))["role_since"] == "2026-11-25"
    await database.write(give, ANNA, None, None, NOW)
    assert await joining(database) == Joined("void", None)


async def test_who_used_a_link_is_forgotten_with_the_rest(database):
    await made(database)
    await joining(database)
    await database.write(erase, ANNA, NOW, Terms())
    assert await joining(database) == Joined("void", None)
    assert await database.read(lambda tx: tx.execute(text("SELECT * FROM invitations"))) == []


async def test_of_many_at_once_one_gets_the_role(database):
    await made(database, "coordinator")
    came = await asyncio.gather(*(joining(database, person) for person in range(100, 130)))
    assert sorted(one.how for one in came) == ["joined"] + ["void"] * 29


async def test_a_link_ends_after_a_week(database):
    await made(database)
    assert await joining(database, now=NOW + WEEK) == Joined("void", None)
    assert await joining(database, now=NOW + WEEK - 1) == Joined("joined", "staff")


async def test_a_forged_link_gives_nothing_whatever_stands_in_it(database):
    await made(database)
    digest = hashlib.sha256(TOKEN.encode()).hexdigest()
    for token in ("", "x", TOKEN[:-1], TOKEN.upper(), digest, "' OR 1=1 --", "ü\ud800", "9" * 4000):
        assert await joining(database, token=token) == Joined("void", None)
    assert await database.read(open_invitations, NOW) == 1
    assert "since" not in await database.read(about, ANNA)  # nobody becomes known by it


async def test_who_has_the_role_or_a_higher_one_keeps_it_and_the_link_stays_for_somebody_else(database):
    await made(database)
    for has, person in (("staff", ANNA), ("coordinator", BORIS)):
        await database.write(give, person, None, has, NOW - SECOND)
        assert await joining(database, person) == Joined("already", has)
    assert await joining(database, OTTO) == Joined("already", "coordinator")
    assert await joining(database, CORA) == Joined("joined", "staff")


async def test_staff_become_coordinators(database):
    await database.write(give, ANNA, None, "staff", NOW - DAY)
    await made(database, "coordinator")
    assert await joining(database) == Joined("joined", "coordinator")
    assert await database.read(role, ANNA) == "coordinator"


async def test_only_coordinators_invite_and_withdraw(database):
    await database.write(give, ANNA, None, "staff", NOW)
    await made(database, by=OTTO)
    for person in (ANNA, BORIS):
        assert await database.write(invite, new_token(), "staff", person, {OTTO}, NOW) is None
        assert await database.write(withdraw, person, {OTTO}, NOW) is None
    assert await database.read(open_invitations, NOW) == 1


async def test_a_link_holds_as_long_as_who_made_it_may_invite(database):
    await database.write(know, ANNA, "de", NOW)
    await made(database, by=OTTO)
    assert await joining(database, coordinators=frozenset()) == Joined("void", None)
    assert await database.read(role, ANNA) is None


async def test_of_who_is_erased_no_invitation_is_left(database):
    await database.write(give, CORA, None, "coordinator", NOW)
    await made(database, by=CORA)
    stored = await database.read(about, CORA)
    assert stored["invitations"] == [{"role": "staff", "until": "2026-12-02"}]
    await database.write(erase, CORA, NOW, Terms())
    assert await database.read(kept) == []


async def test_unused_ones_are_counted_and_withdrawn_all_at_once(database):
    for number in range(3):
        await made(database, by=OTTO, token=f"{TOKEN}{number}", now=NOW - number * 3 * DAY)
    assert await database.read(open_invitations, NOW + DAY) == 2
    assert await database.write(withdraw, OTTO, {OTTO}, NOW + DAY) == 2
    assert await database.read(kept) == []
    assert await database.write(withdraw, OTTO, {OTTO}, NOW + DAY) == 0


async def test_expired_ones_are_swept(database):
    await made(database, token="early", now=NOW - DAY)
    await made(database)
    await database.write(sweep, NOW + WEEK - DAY)
    assert [row[3] for row in await database.read(kept)] == [NOW]


async def test_every_step_is_noted_without_the_token(database):
    await made(database, "coordinator")
    await joining(database)
    await made(database, by=ANNA, token=new_token())
    await joining(database, BORIS)  # void
    await database.write(withdraw, ANNA, set(), NOW)
    found = await database.read(acts)
    assert [(act.role, act.person, act.action, act.subject) for act in found] == [
        ("operator", None, "coordinator invited", "invitation 1"),
        ("coordinator", ANNA, "invitation used", "invitation 1"),
        ("coordinator", ANNA, "staff invited", "invitation 2"),
        ("coordinator", ANNA, "invitations withdrawn", "1"),
    ]


async def test_the_bots_name_is_kept_with_its_number(database):
    assert await database.read(kept_name, None) == ""
    await database.write(keep_name, 77, "old_bot")
    await database.write(keep_name, 77, "lotse_bot")
    assert [await database.read(kept_name, bot) for bot in (None, 77, 78)] == ["lotse_bot", "lotse_bot", ""]
