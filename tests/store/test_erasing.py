"""What was deleted is gone from the raw files, too."""

from __future__ import annotations

import asyncio
import json
import random
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.store import file
from bot.store.database import Database, DatabaseUnavailable
from bot.store.inbox import Arrived, Finished, beat, finish_all, take_in
from bot.store.tx import Tx

SENTINEL = "Frauenhaus-Sentinel"
NOW = 20_000 * 86_400_000_000


def remains(path: Path) -> dict[str, int]:
    """How often the sentinel stands in each file of the database, where it does."""
    files = path.parent.glob(f"{path.name}*")
    counts = {one.name: one.read_bytes().count(SENTINEL.encode()) for one in files}
    return {name: count for name, count in counts.items() if count}


def forget(tx: Tx, rest: int) -> None:
    tx.execute(text("DELETE FROM secrets WHERE length(name) % 3 <> :rest"), {"rest": rest})


def fill(tx: Tx, letters: random.Random) -> None:
    names = {f"{letters.random()}{'n' * letters.randrange(300)}" for _ in range(400)}
    tx.execute(
        text("INSERT INTO secrets VALUES (:name, :value)"),
        [
            {"name": name, "value": (SENTINEL if len(name) % 3 else "kept") * letters.randrange(1, 90)}
            for name in sorted(names)
        ],
    )


async def test_a_handled_question_leaves_no_bytes(sqlite: Database) -> None:
    lengths = random.Random(7)
    await sqlite.write(beat, "one", NOW + 1)
    for start in range(0, 600, 100):
        bodies = [json.dumps({"text": SENTINEL * lengths.randrange(1, 300)}) for _ in range(100)]
        batch = [Arrived(start + number, number, number, "uk", body) for number, body in enumerate(bodies)]
        taken = await sqlite.write(take_in, 1, "one", batch, NOW)
        lengths.shuffle(taken)
        assert remains(sqlite.path)
        await sqlite.write(finish_all, 1, [Finished(one.update_id) for one in taken], NOW)
    await sqlite.erase_traces()
    assert remains(sqlite.path) == {}
    await sqlite.close()
    assert remains(sqlite.path) == {}


@pytest.mark.parametrize("seed", range(8))
async def test_deleted_rows_between_kept_ones_leave_no_bytes(sqlite: Database, seed: int) -> None:
    letters = random.Random(seed)
    for _ in range(4):
        await sqlite.write(fill, letters)
        await sqlite.write(forget, 0)
    assert remains(sqlite.path)
    await sqlite.erase_traces()
    assert remains(sqlite.path) == {}


async def test_a_read_that_does_not_end_keeps_traces_and_this_is_said(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file, "_BUSY_SECONDS", 0)
    await sqlite.write(fill, random.Random(1))
    entered, go_on = threading.Event(), threading.Event()

    def read_on(tx: Tx) -> None:
        tx.execute(text("SELECT count(*) FROM secrets"))
        entered.set()
        go_on.wait(10)

    reading = asyncio.create_task(sqlite.read(read_on))
    await asyncio.to_thread(entered.wait, 10)
    await sqlite.write(forget, 0)
    with pytest.raises(DatabaseUnavailable, match="traces of deleted rows are still in its WAL"):
        await sqlite.erase_traces()
    go_on.set()
    await reading
    await sqlite.erase_traces()
    assert remains(sqlite.path) == {}
