"""What only PostgreSQL has: conflicts that are repeated, and connections that get lost."""

from __future__ import annotations

import asyncio
import socket
import threading

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.store import postgres as runner
from bot.store.database import Database, DatabaseUnavailable
from bot.store.tx import Tx

pytestmark = pytest.mark.postgres

PUT = text("INSERT INTO secrets (name, value) VALUES (:name, :value)")
ADD = text("UPDATE secrets SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = :name")


def put_two(tx: Tx) -> None:
    tx.execute(PUT, [{"name": "a", "value": "0"}, {"name": "b", "value": "0"}])


def values(tx: Tx) -> dict[str, str]:
    return {row.name: row.value for row in tx.execute(text("SELECT name, value FROM secrets"))}


async def test_a_serialisation_failure_is_repeated(postgres: Database) -> None:
    await postgres.write(put_two)
    both_have_read = threading.Barrier(2)
    runs: list[str] = []

    def add(tx: Tx, name: str) -> None:
        tx.execute(text("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"))
        runs.append(name)
        values(tx)
        if runs.count(name) == 1:
            both_have_read.wait(10)
        tx.execute(ADD, {"name": name})

    await asyncio.gather(postgres.write(add, "a"), postgres.write(add, "b"))
    assert await postgres.read(values) == {"a": "1", "b": "1"}
    assert len(runs) == 3


async def test_a_deadlock_is_repeated(postgres: Database) -> None:
    await postgres.write(put_two)
    both_hold_one = threading.Barrier(2)
    runs: list[str] = []

    def add(tx: Tx, first: str, second: str) -> None:
        runs.append(first)
        tx.execute(ADD, {"name": first})
        if runs.count(first) == 1:
            both_hold_one.wait(10)
        tx.execute(ADD, {"name": second})

    await asyncio.gather(postgres.write(add, "a", "b"), postgres.write(add, "b", "a"))
    assert await postgres.read(values) == {"a": "2", "b": "2"}
    assert len(runs) == 3


async def test_a_conflict_without_end_is_an_error(postgres: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "_FIRST_PAUSE", 0)
    runs: list[int] = []

    def always(tx: Tx) -> None:
        runs.append(1)
        tx.execute(text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$"))

    with pytest.raises(OperationalError):
        await postgres.write(always)
    assert len(runs) == 8


async def test_a_lost_connection_is_reported_and_replaced(postgres: Database, postgres_server: str) -> None:
    await postgres.write(put_two)

    def lose(tx: Tx) -> None:
        tx.execute(ADD, {"name": "a"})
        [[pid]] = tx.execute(text("SELECT pg_backend_pid()"))
        with psycopg.connect(postgres_server) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [pid])
        tx.execute(ADD, {"name": "b"})

    with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
        await postgres.write(lose)
    assert await postgres.read(values) == {"a": "0", "b": "0"}


async def test_a_database_that_disappears_is_reported_every_time(postgres: Database, postgres_server: str) -> None:
    await postgres.write(put_two)
    name = postgres._address.name.rpartition("/")[2]
    with psycopg.connect(postgres_server, autocommit=True) as other:
        other.execute(f"DROP DATABASE {name} WITH (FORCE)")
    for _ in range(3):
        with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
            await postgres.read(values)
    with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
        await postgres.write(put_two)


async def test_a_server_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    database = Database(f"postgresql://anna:geheim@127.0.0.1:{port}/lotse")
    for attempt in (database.open, database.migrate):
        with pytest.raises(DatabaseUnavailable) as raised:
            await attempt()
        assert str(raised.value).startswith(f"The database postgresql://127.0.0.1:{port}/lotse cannot be reached: ")
        assert "geheim" not in str(raised.value)


async def test_traces_are_left_to_the_server(postgres: Database) -> None:
    assert await postgres.erase_traces() is None
