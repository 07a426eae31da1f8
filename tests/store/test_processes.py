"""Several processes on one database, and one that is killed."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path

from sqlalchemy import text

from bot.store.database import run
from bot.store.schema import schema_state
from bot.store.tx import Tx

SCRIPT = str(Path(__file__).with_name("process.py"))


def start(url: str, *task: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, SCRIPT, url, *task], stdout=subprocess.PIPE, text=True)


def secrets(tx: Tx) -> dict[str, str]:
    return {row.name: row.value for row in tx.execute(text("SELECT name, value FROM secrets"))}


def test_kill_9_loses_nothing_that_was_returned(database_url: str) -> None:
    with start(database_url, "write-until-killed") as process:
        returned = [line.strip() for line in itertools.islice(process.stdout, 200)]
        process.kill()
        returned += process.stdout.read().split()
    stored = run(database_url, secrets)
    assert len(returned) >= 200
    assert set(returned) <= set(stored)


def test_eight_processes_write_at_once_without_an_error(database_url: str) -> None:
    run(database_url, lambda tx: tx.execute(text("INSERT INTO secrets VALUES ('sum', '0')")))
    processes = [start(database_url, "add", "100") for _ in range(8)]
    assert [process.wait(60) for process in processes] == [0] * 8
    for process in processes:
        process.stdout.close()
    assert run(database_url, secrets) == {"sum": "800"}


def test_three_processes_migrate_at_once(empty_url: str) -> None:
    assert schema_state(empty_url) == "missing"
    processes = [start(empty_url, "migrate") for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0] * 3
    for process in processes:
        process.stdout.close()
    assert schema_state(empty_url) == "current"
