"""Another process that uses the database: `python process.py URL write-until-killed | add TIMES | migrate`."""

from __future__ import annotations

import asyncio
import itertools
import sys

from sqlalchemy import text

from bot.store.database import Database
from bot.store.tx import Tx

PUT = text("INSERT INTO secrets (name, value) VALUES (:name, '')")
ADD = text("UPDATE secrets SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'sum'")


def put(tx: Tx, name: str) -> None:
    tx.execute(PUT, {"name": name})


def add(tx: Tx) -> None:
    tx.execute(ADD)


async def write_until_killed(database: Database) -> None:
    """Ten at once, for ever; says what was stored."""
    numbers = itertools.count()

    async def one_after_the_other() -> None:
        for number in numbers:
            await database.write(put, f"{number:06}")
            sys.stdout.write(f"{number:06}\n")
            sys.stdout.flush()

    await asyncio.gather(*(one_after_the_other() for _ in range(10)))


async def main(url: str, task: str, times: int = 0) -> None:
    database = Database(url)
    if task == "migrate":
        await database.migrate()
        return
    await database.open()
    if task == "add":
        await asyncio.gather(*(database.write(add) for _ in range(times)))
    else:
        await write_until_killed(database)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3], *map(int, sys.argv[3:])))
