"""What only SQLite has: one writer, shared commits, and a file that can be full, locked or no database at all."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.store import file
from bot.store.database import Database, DatabaseUnavailable
from bot.store.migrations import migrate
from bot.store.schema import schema_state
from bot.store.tx import Tx

PUT = text("INSERT INTO secrets (name, value) VALUES (:name, :value)")
NOBODY = 65534


def put(tx: Tx, name: str, value: str = "") -> str:
    tx.execute(PUT, {"name": name, "value": value})
    return name


def names(tx: Tx) -> list[str]:
    return [row.name for row in tx.execute(text("SELECT name FROM secrets ORDER BY name"))]


def limit_pages(tx: Tx, pages: int) -> None:
    tx.execute(text(f"PRAGMA max_page_count = {pages}"))


def put_draft_of_nobody(tx: Tx) -> None:
    """Fails only at the COMMIT."""
    tx.execute(text("PRAGMA defer_foreign_keys = ON"))
    tx.execute(
        text("INSERT INTO drafts (person, kind, step, answers, expires) VALUES (404, 'delete', 'confirm', '{}', 0)")
    )


def roll_back(tx: Tx) -> None:
    tx.execute(text("ROLLBACK"))


async def test_the_writer_is_as_durable_and_forgetful_as_it_should_be(sqlite: Database) -> None:
    def settings(tx: Tx) -> dict[str, object]:
        pragmas = ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        return {name: tx.execute(text(f"PRAGMA {name}"))[0][0] for name in pragmas}

    assert await sqlite.write(settings) == {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
    }


async def test_waiting_writes_share_a_commit(sqlite: Database) -> None:
    writer = sqlite._runner._writer
    commits: list[str] = []
    writer._driver.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
    entered, go_on = threading.Event(), threading.Event()

    def wait(_tx: Tx) -> None:
        entered.set()
        go_on.wait(10)

    first = asyncio.create_task(sqlite.write(wait))
    await asyncio.to_thread(entered.wait, 10)
    others = [asyncio.create_task(sqlite.write(put, f"{number:03}")) for number in range(120)]
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(first, *others)
    assert 3 <= len(commits) < 60  # at most 50 share one
    assert len(await sqlite.read(names)) == 120


async def test_a_full_disk_fails_only_what_does_not_fit(sqlite: Database) -> None:
    await sqlite.write(limit_pages, 40)
    results = await asyncio.gather(
        sqlite.write(put, "a"),
        sqlite.write(put, "b", "x" * 500_000),
        sqlite.write(put, "c"),
        sqlite.write(put, "d", "x" * 500_000),
        return_exceptions=True,
    )
    assert [results[0], results[2]] == ["a", "c"]
    assert isinstance(results[1], DatabaseUnavailable)
    assert str(results[3]) == f"The database {sqlite.path} cannot be used: database or disk is full."
    assert await sqlite.read(names) == ["a", "c"]
    await sqlite.write(limit_pages, 10_000)
    assert await sqlite.write(put, "e", "x" * 500_000) == "e"
    assert await sqlite.read(names) == ["a", "c", "e"]


@pytest.mark.parametrize("culprit", [put_draft_of_nobody, roll_back])
async def test_a_group_whose_transaction_is_lost_is_repeated_one_by_one(sqlite: Database, culprit) -> None:
    results = await asyncio.gather(
        sqlite.write(put, "before"), sqlite.write(culprit), sqlite.write(put, "after"), return_exceptions=True
    )
    assert [results[0], results[2]] == ["before", "after"]
    assert isinstance(results[1], sqlite3.Error | DBAPIError)
    assert await sqlite.read(names) == ["after", "before"]


async def test_a_foreign_program_that_keeps_the_lock_is_reported(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sqlite.write(lambda tx: tx.execute(text("PRAGMA busy_timeout = 0")))
    monkeypatch.setattr(file, "_BUSY_SECONDS", 0)
    with closing(sqlite3.connect(sqlite.path, isolation_level=None)) as foreign:
        foreign.execute("BEGIN IMMEDIATE")
        results = await asyncio.gather(*(sqlite.write(put, f"{n}") for n in range(3)), return_exceptions=True)
        assert [type(result) for result in results] == [DatabaseUnavailable] * 3
        with pytest.raises(DatabaseUnavailable, match=r"lotse.db cannot be used: database is locked\.$"):
            await Database(f"sqlite:///{sqlite.path}").open()
    assert await sqlite.write(put, "later") == "later"


async def test_a_damaged_table_is_reported_to_readers(sqlite: Database) -> None:
    await sqlite.write(put, "key")
    await sqlite.close()
    with closing(sqlite3.connect(sqlite.path)) as connection:
        [root] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'secrets'").fetchone()
        [size] = connection.execute("PRAGMA page_size").fetchone()
    with sqlite.path.open("r+b") as raw:
        raw.seek((root - 1) * size)
        raw.write(b"\xff" * size)
    await sqlite.open()
    with pytest.raises(DatabaseUnavailable, match="malformed"):
        await sqlite.read(lambda tx: tx.execute(text("SELECT value FROM secrets")))


async def test_a_file_that_is_overwritten_is_reported_to_readers(sqlite: Database) -> None:
    with sqlite.path.open("r+b") as raw:
        raw.write(b"Sehr geehrte Damen und Herren")
    with pytest.raises(DatabaseUnavailable, match=r"is not a database\.$"):
        await sqlite.read(names)


async def test_an_event_loop_that_is_gone_harms_nobody(sqlite_ready_url: str) -> None:
    entered, go_on = threading.Event(), threading.Event()
    database = Database(sqlite_ready_url)

    def wait(tx: Tx) -> None:
        entered.set()
        go_on.wait(10)
        put(tx, "left behind")

    async def leave() -> None:
        await database.open()
        writing = asyncio.create_task(database.write(wait))
        await asyncio.to_thread(entered.wait, 10)
        writing.cancel()

    await asyncio.to_thread(asyncio.run, leave())
    go_on.set()
    await asyncio.to_thread(database._runner.close)
    await database.open()
    assert await database.read(names) == ["left behind"]
    await database.close()


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Root may write everywhere; these tests must not."""
    if os.geteuid() == 0:
        os.seteuid(NOBODY)
        yield
        os.seteuid(0)
    else:
        yield


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="lotse-"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def locked_folder(open_folder: Path, sqlite_template: Path) -> Path:
    shutil.copy(sqlite_template, open_folder / "lotse.db")
    open_folder.chmod(0o555)
    return open_folder


@pytest.fixture
def locked_file(open_folder: Path, sqlite_template: Path) -> Path:
    shutil.copy(sqlite_template, open_folder / "lotse.db")
    (open_folder / "lotse.db").chmod(0o444)
    return open_folder / "lotse.db"


async def refused(path: Path, sentence: str) -> None:
    database = Database(f"sqlite:///{path}")
    for attempt in (database.open, database.migrate):
        with pytest.raises(DatabaseUnavailable) as raised:
            await attempt()
        assert str(raised.value).replace(str(path), "FILE") == sentence


async def test_a_locked_folder(locked_folder: Path) -> None:
    with ordinary_user():
        await refused(locked_folder / "other.db", "The database FILE cannot be used: Permission denied.")


async def test_a_file_that_may_only_be_read(locked_file: Path) -> None:
    database = Database(f"sqlite:///{locked_file}")
    with ordinary_user(), pytest.raises(DatabaseUnavailable, match=r"attempt to write a readonly database\.$"):
        await database.open()


async def test_a_missing_folder(tmp_path: Path) -> None:
    await refused(tmp_path / "no" / "lotse.db", "The database FILE cannot be used: No such file or directory.")


async def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "lotse.db").mkdir()
    await refused(tmp_path / "lotse.db", "The database FILE is a folder.")


async def test_a_file_that_is_not_a_database(tmp_path: Path) -> None:
    path = tmp_path / "lotse.db"
    path.write_text("Sehr geehrte Damen und Herren, " * 100)
    with pytest.raises(DatabaseUnavailable, match=r"^The file .*lotse.db is not a database\.$"):
        schema_state(f"sqlite:///{path}")
    await refused(path, "The file FILE is not a database.")
    assert path.read_text().startswith("Sehr geehrte")


def test_asking_for_the_state_makes_no_file(tmp_path: Path) -> None:
    assert schema_state(f"sqlite:///{tmp_path}/lotse.db") == "missing"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_unusual_letters(tmp_path: Path) -> None:
    folder = tmp_path / "100 % für #alle"
    folder.mkdir()
    migrate(f"sqlite:///{folder}/lotse.db")
    assert schema_state(f"sqlite:///{folder}/lotse.db") == "current"
