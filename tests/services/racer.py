"""One process of a crowd: `python racer.py URL` takes orders, a line of JSON each, and does all in a line at once.

An order is the name of a service with its arguments but the operator's terms; the answer the names of what came of
each, or of the error.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from typing import Any

from seating import TERMS, resize

from bot.domain.terms import Terms
from bot.services import invitations, registrations, roles
from bot.store.database import Database
from bot.store.tx import Tx


def revoke(tx: Tx, draft: int, person: int, now: int, _terms: Terms) -> roles.Revoked | roles.Kept:
    return roles.revoke(tx, draft, person, (), now)


def join(tx: Tx, token: str, person: int, now: int, _terms: Terms) -> str:
    return invitations.join(tx, token, person, None, (), now).how


SERVICES = {
    name: getattr(registrations, name)
    for name in ("register", "leave", "accept", "decline", "register_all", "leave_all", "lapse", "sweep", "release")
} | {"resize": resize, "revoke": revoke, "join": join}


async def obey(database: Database, order: Sequence[Any]) -> list[str]:
    name, *arguments = order
    try:
        outcome = await database.write(SERVICES[name], *arguments, TERMS)
    except Exception as error:  # noqa: BLE001 - the test says that there is none
        return [repr(error)]
    if name == "register_all":
        return [type(one).__name__ for _, one in outcome]
    return [outcome if isinstance(outcome, str) else type(outcome).__name__]


async def main(url: str) -> None:
    database = Database(url)
    await database.open()
    while line := await asyncio.to_thread(sys.stdin.readline):
        outcomes = await asyncio.gather(*(obey(database, order) for order in json.loads(line)))
        sys.stdout.write(json.dumps([name for names in outcomes for name in names]) + "\n")
        sys.stdout.flush()
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
