"""Reads and writes as every service sees them, on both dialects."""

from __future__ import annotations

import asyncio
import re

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.store.database import Database, DatabaseUnavailable, MalformedUrl, run
from bot.store.tx import Tx

PUT = text("INSERT INTO secrets (name, value) VALUES (:name, :value)")
ALL = text("SELECT name, value FROM secrets ORDER BY name")
RAISE = text("UPDATE secrets SET value = CAST(CAST(value AS INTEGER) + :by AS TEXT) WHERE name = :name")


def put(tx: Tx, name: str, value: str = "1") -> str:
    tx.execute(PUT, {"name": name, "value": value})
    return name


def everything(tx: Tx) -> dict[str, str]:
    return {row.name: row.value for row in tx.execute(ALL)}


def put_and_raise(tx: Tx, name: str, error: BaseException) -> None:
    put(tx, name)
    raise error


async def test_what_was_written_is_read(database: Database) -> None:
    assert await database.write(put, "key", value="secret") == "key"
    assert await database.read(everything) == {"key": "secret"}


async def test_one_statement_writes_many_rows_or_none(database: Database) -> None:
    def put_all(tx: Tx, names: list[str]) -> list[object]:
        return list(tx.execute(PUT, [{"name": name, "value": ""} for name in names]))

    assert await database.write(put_all, ["a", "b"]) == []
    assert await database.write(put_all, []) == []
    assert await database.read(everything) == {"a": "", "b": ""}


async def test_a_failing_write_in_a_group_does_not_hurt_the_others(database: Database) -> None:
    results = await asyncio.gather(
        database.write(put, "first"),
        database.write(put_and_raise, "second", LookupError("no such session")),
        database.write(put, "third"),
        database.write(put, "first"),
        database.write(put, "fourth"),
        return_exceptions=True,
    )
    assert [results[2], results[4]] == ["third", "fourth"]
    assert isinstance(results[1], LookupError)
    assert {type(results[0]), type(results[3])} == {str, IntegrityError}  # who was first is the database's choice
    assert await database.read(everything) == {"first": "1", "third": "1", "fourth": "1"}


@pytest.mark.parametrize("error", [asyncio.CancelledError("within"), GeneratorExit(), KeyError("missing")])
async def test_whatever_a_service_raises_reaches_its_caller(database: Database, error: BaseException) -> None:
    with pytest.raises(type(error)) as raised:
        await database.write(put_and_raise, "gone", error)
    assert raised.value is error
    assert await database.write(put, "kept") == "kept"
    assert await database.read(everything) == {"kept": "1"}


async def test_an_exception_that_no_future_carries_reaches_its_caller_too(database: Database) -> None:
    with pytest.raises(RuntimeError, match="raised StopIteration"):
        await database.write(put_and_raise, "gone", StopIteration())
    assert await database.read(everything) == {}


async def test_a_cancelled_caller_does_not_cancel_its_write(database: Database) -> None:
    caller = asyncio.create_task(database.write(put, "wanted"))
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await database.close()
    await database.open()
    assert await database.read(everything) == {"wanted": "1"}


async def test_closing_finishes_what_is_queued(database: Database) -> None:
    writes = [asyncio.create_task(database.write(put, f"{number:03}")) for number in range(120)]
    await asyncio.sleep(0)
    await database.close()
    assert len(await asyncio.gather(*writes)) == 120
    await database.open()
    assert len(await database.read(everything)) == 120


async def test_a_closed_database_says_so(database: Database) -> None:
    runner = database._runner
    await database.close()
    await database.close()
    with pytest.raises(DatabaseUnavailable, match="is not open"):
        await database.write(put, "late")
    with pytest.raises(DatabaseUnavailable, match="is closed"):
        runner.write(None)
    with pytest.raises(DatabaseUnavailable, match="is closed"):
        runner.read(None)


async def test_a_read_cannot_write(database: Database) -> None:
    with pytest.raises(Exception, match=r"read-?only"):
        await database.read(put, "forbidden")
    assert await database.read(everything) == {}


async def test_a_failing_read_raises_its_error(database: Database) -> None:
    def broken(tx: Tx) -> None:
        tx.execute(text("SELECT missing FROM secrets"))

    with pytest.raises(Exception, match="missing"):
        await database.read(broken)
    assert await database.read(everything) == {}


async def test_a_read_sees_one_state_while_writes_go_on(database: Database) -> None:
    await database.write(put, "before")
    loop = asyncio.get_running_loop()

    def twice(tx: Tx) -> tuple[dict[str, str], dict[str, str]]:
        first = everything(tx)
        asyncio.run_coroutine_threadsafe(database.write(put, "meanwhile"), loop).result()
        return first, everything(tx)

    assert await database.read(twice) == ({"before": "1"}, {"before": "1"})
    assert await database.read(everything) == {"before": "1", "meanwhile": "1"}


async def test_sums_are_exact_when_many_write_at_once(database: Database) -> None:
    await database.write(put, "sum", "0")

    def add(tx: Tx, by: int) -> None:
        tx.execute(RAISE, {"name": "sum", "by": by})

    await asyncio.gather(*(database.write(add, by) for by in range(200)))
    assert await database.read(everything) == {"sum": str(sum(range(200)))}


@pytest.mark.parametrize("bad", ["a\0b", "\ud800"])
async def test_text_that_only_one_dialect_stores_is_refused(database: Database, bad: str) -> None:
    with pytest.raises(ValueError, match=r"NUL|surrogates"):
        await database.write(put, "text", bad)
    assert await database.read(everything) == {}


@pytest.mark.parametrize("value", ["", "لغة فارسی", "Großstadt\u2028", "it's 50 % :name", "𝒳👩🏽‍🏫"])
async def test_any_other_text_comes_back_as_it_was(database: Database, value: str) -> None:
    await database.write(put, "text", value)
    assert await database.read(everything) == {"text": value}


def test_without_an_event_loop(database_url: str) -> None:
    assert run(database_url, put, "invitation", value="7") == "invitation"
    assert run(database_url, everything) == {"invitation": "7"}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "lotse.db",
        "sqlite:",
        "sqlite://lotse.db",
        "sqlite:///",
        "sqlite:///folder/",
        "sqlite:///:memory:",
        "sqlite:///a?mode=ro",
        "sqlite:///a\0b",
        "mysql://anna:geheim@host/name",
        "postgres://host/name",
        "postgresql:host",
        "postgresql://anna:geheim@host:port/name",
        "postgresql://host:70000/name",
        "postgresql://[::1/name",
        "postgresql://a b/c",
    ],
)
def test_a_malformed_url_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(MalformedUrl, match=re.escape("use sqlite:///file.db")) as raised:
        Database(url)
    assert "geheim" not in str(raised.value)


def test_a_url_that_only_libpq_refuses() -> None:
    with pytest.raises(MalformedUrl) as raised:
        run("postgresql://anna:geheim@host/name?colour=blue", everything)
    assert "geheim" not in str(raised.value)


def test_relative_and_absolute_files(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)
    assert Database("sqlite:///lotse.db").path == tmp_path / "lotse.db"
    assert Database("sqlite:////var/lib/lotse.db").path.as_posix() == "/var/lib/lotse.db"
    assert Database("sqlite:///lotse.db").dialect == "sqlite"
    assert Database("postgresql://host/name").path is None
    assert Database("postgresql://host/name").dialect == "postgresql"
