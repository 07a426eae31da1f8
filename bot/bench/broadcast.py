"""Announcements: queueing them for many people, the rate at which they go out, and answers to people meanwhile."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from resource import RUSAGE_SELF, getrusage
from time import perf_counter
from typing import Any

from bot.bench.receiver import Receiver, most_in_a_second, rate_of
from bot.bench.stub import serving
from bot.bench.updates import peak_memory, questions
from bot.domain.announcements import Audience, Content, Wording
from bot.domain.instants import SECOND
from bot.services.announcements import advance, create, progress
from bot.store.database import Database
from bot.store.tx import Tx, for_each_dialect, rows_of

_MANY = 100_000
_RATES = ((200, 2_000), (25, 500))  # messages a second, recipients
_REQUEST = 0.15  # seconds that the Bot API takes for a message
_FIRST = 100_000  # the first recipient; who asks has a smaller number
_WARM_UP, _START = 20, 60.0  # questions before, and seconds that they and the start of the bot may take
_PAUSE = 0.05  # seconds between two questions
_PATIENCE, _TICKS = 4.0, 5.0  # times as long as it should take, and seconds until it is queued and looked for
_CONTENT = Content({"de": Wording("<b>Neue Termine</b>\nIm Januar geht es weiter: /sessions")})


_KNOW = for_each_dialect("""
    INSERT INTO people (id, code, blocked, created, seen)
    SELECT CAST(value->>0 AS BIGINT), 'de', FALSE, 0, 0 FROM {rows(people)}
""")
_SUBSCRIBE = for_each_dialect("""
    INSERT INTO subscriptions (person, rhythm, since, digested)
    SELECT CAST(value->>0 AS BIGINT), 'at-once', 0, 0 FROM {rows(people)}
""")


def measure() -> dict[str, float]:
    """Measure on fresh SQLite files in the folder for temporary files, the Bot API being a process of its own.

    Returns:
        `queue_s`, `queue_longest_lock_ms`, `queue_memory_mb`: seconds to queue an announcement for 100,000 people, the
        longest time that one transaction of it kept others from writing, waiting for the disk included, and the most
        memory of the process doing it.
        `rate_200`, `rate_200_most`: how much of a rate of 200 a second is reached with 2,000 recipients while each
        request takes 150 ms, and the most that arrived in any second; `rate_200_answer_p99_s`: seconds until people
        who ask meanwhile, 20 a second, have their answer, all but one in a hundred. The same at 25 with 500.
        `bot_memory_mb`: the most memory of the bot doing that.
    """
    return asyncio.run(_measure())


async def _measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="lotse-bench-") as folder:
        figures = await queueing(f"sqlite:///{folder}/bench.db", _MANY)
    for rate, many in _RATES:
        with tempfile.TemporaryDirectory(prefix="lotse-bench-") as folder:
            figures |= await sending(f"sqlite:///{folder}/bench.db", rate, many)
    return figures


async def queueing(url: str, many: int) -> dict[str, float]:
    """Has a process of its own queue an announcement for so many people."""
    async with _readers(url, many):
        pass
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.bench.broadcast", url, str(many), stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate()
    figures: dict[str, float] = json.loads(told)
    return figures


async def _queue(url: str, many: int) -> dict[str, float]:
    """Queues an announcement for everybody in a database, of whom there are so many."""
    database = Database(url)
    await database.open()
    locks = []
    start = perf_counter()
    announcement = await database.write(create, _CONTENT, Audience(), None, _now(), _now())
    more = True
    while more:
        began = perf_counter()
        more = await database.write(advance, _now(), (), "de")
        locks.append(perf_counter() - began)
    seconds = perf_counter() - start
    assert announcement is not None, "it has no name that another could have"
    queued = (await database.read(progress, announcement, "de")).total("waiting")
    await database.close()
    if queued != many:
        raise RuntimeError(f"{queued} messages were queued")
    memory = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    return {"queue_s": seconds, "queue_longest_lock_ms": max(locks) * 1000, "queue_memory_mb": memory}


async def sending(url: str, rate: int, many: int) -> dict[str, float]:
    """Starts a bot, has it send an announcement, and asks it meanwhile."""
    receiver, readers = Receiver(_REQUEST), range(_FIRST, _FIRST + many)
    asking = iter(questions(1, _WARM_UP + int((many / rate * _PATIENCE + _TICKS) / _PAUSE)))
    async with _readers(url, many) as database, serving(receiver) as root, _bot(root, url, rate) as pid:
        async with asyncio.timeout(_START):
            for _ in range(_WARM_UP):
                await _ask(receiver, next(asking))
        await database.write(create, _CONTENT, Audience(), None, _now(), _now())
        sent = asyncio.create_task(receiver.has(readers))
        answers = []
        for update in asking:
            answers.append(asyncio.create_task(_ask(receiver, update)))
            await asyncio.wait([sent], timeout=_PAUSE)
            if sent.done():
                break
        waits = sorted(await asyncio.gather(*answers))
        memory = peak_memory(pid)
    times = receiver.times(readers)
    if len(times) != many:
        raise RuntimeError(f"{len(times)} messages came for {many} people")
    return {
        f"rate_{rate}": rate_of(times) / rate,
        f"rate_{rate}_most": most_in_a_second(times),
        f"rate_{rate}_answer_p99_s": waits[int(len(waits) * 0.99)],
        "bot_memory_mb": memory,
    }


async def _ask(receiver: Receiver, update: dict[str, Any]) -> float:
    """One question; the seconds until its answer comes to the Bot API."""
    person = update["message"]["chat"]["id"]
    already = len(receiver.sent.get(person, ()))
    asked = perf_counter()
    receiver.release([update])
    await receiver.has([person], already + 1)
    return receiver.sent[person][already] - asked


@asynccontextmanager
async def _readers(url: str, many: int) -> AsyncIterator[Database]:
    """A new database in which so many people have the newsletter."""
    database = Database(url)
    await database.migrate()
    await database.open()
    await database.write(_know, many)
    yield database
    await database.close()


@asynccontextmanager
async def _bot(root: str, url: str, rate: int) -> AsyncIterator[int]:
    """`lotse run` with this Bot API; its process's number."""
    given = {
        "LOTSE_API_URL": root,
        "LOTSE_TOKEN": "1:bench-bench-bench-bench-bench-bench",
        "LOTSE_DATABASE_URL": url,
        "LOTSE_SEND_RATE": str(rate),
        "LOTSE_LOG": "error",
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", env={**os.environ, **given})
    try:
        yield process.pid
    finally:
        with suppress(ProcessLookupError):  # where it has ended by itself
            process.terminate()
        await process.wait()


def _know(tx: Tx, many: int) -> None:
    people = rows_of(range(_FIRST, _FIRST + many))
    tx.execute(_KNOW[tx.dialect], {"people": people})
    tx.execute(_SUBSCRIBE[tx.dialect], {"people": people})


def _now() -> int:
    return int(time.time() * SECOND)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_queue(sys.argv[1], int(sys.argv[2])))))
