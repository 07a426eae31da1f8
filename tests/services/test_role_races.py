"""Eight processes at once: a link gives its role once, and there is always a coordinator."""

from __future__ import annotations

import random
from collections.abc import Sequence

from crowd import racing
from sqlalchemy import text

from bot.services.drafts import start
from bot.services.invitations import invite
from bot.services.roles import KIND, give, readers
from bot.store.database import Database
from bot.store.tx import Tx

NOW = 1_795_600_800_000_000
FIRST = 4_711_001


def orders_of(tx: Tx, people: Sequence[int], pairs: Sequence[tuple[int, int]]) -> list[list[object]]:
    """Makes them, and nobody else, coordinators; orders for each pair of who takes the role from whom."""
    tx.execute(text("UPDATE people SET role = NULL"))
    for person in people:
        give(tx, person, None, "coordinator", NOW)
    answers = [{"person": whom, "role": "coordinator", "since": NOW} for _, whom in pairs]
    drafts = [start(tx, by, KIND, one, NOW) for (by, _), one in zip(pairs, answers, strict=True)]
    return [["revoke", draft, by, NOW] for draft, (by, _) in zip(drafts, pairs, strict=True)]


def invited(tx: Tx, tokens: Sequence[str]) -> None:
    for token in tokens:
        invite(tx, token, "staff", None, (), NOW)


async def test_coordinators_who_take_each_others_role_at_once_leave_one(database: Database, database_url: str) -> None:
    chance = random.Random(1)
    with racing(database_url) as crowd:
        for number in range(40):
            people = range(FIRST, FIRST + 2 + number % 3)
            pairs = [(by, chance.choice(people)) for by in people for _ in range(number % 3)]
            pairs += [(by, whom) for by in people for whom in people if by != whom]
            outcomes = crowd.at_once(await database.write(orders_of, people, pairs))
            left = await database.read(readers, ())
            assert outcomes.keys() <= {"Revoked", "Kept"}
            assert outcomes["Revoked"] == len(people) - len(left)
            assert len(left) == 1


async def test_ten_links_that_forty_people_open_at_once_give_ten_roles(database: Database, database_url: str) -> None:
    tokens = [f"token {number}" for number in range(10)]
    await database.write(invited, tokens)
    orders = [["join", tokens[number % 10], FIRST + number, NOW] for number in range(40)]
    random.Random(2).shuffle(orders)
    with racing(database_url) as crowd:
        assert crowd.at_once(orders) == {"joined": 10, "void": 30}
