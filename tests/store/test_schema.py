"""Versions of the tables: missing, older, current, newer; and the upgrade of every released one."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.store import migrations, schema
from bot.store.database import Database, DatabaseUnavailable, NewerSchema, run
from bot.store.people import known
from bot.store.schema import REVISIONS, schema_state
from bot.store.tx import Tx

DUMPS = Path(__file__).with_name("dumps")


def load(url: str, release: str) -> None:
    """Fill an empty database from the dump of a release."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.executescript((DUMPS / f"{release}.sql").read_text())
    else:
        lines = (DUMPS / f"{release}.postgresql.sql").read_text().splitlines()
        with psycopg.connect(url) as connection:
            connection.execute("\n".join(line for line in lines if not line.startswith("\\")))


def set_version(tx: Tx, version: str) -> None:
    tx.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def rows(tx: Tx, table: str) -> list[tuple]:
    return [tuple(row) for row in tx.execute(text(f"SELECT * FROM {table}"))]


def test_the_known_versions_are_those_of_the_migrations() -> None:
    script = ScriptDirectory(Path(migrations.__file__).parent)
    assert tuple(reversed([one.revision for one in script.walk_revisions()])) == REVISIONS


async def test_from_nothing_to_current(empty_url: str) -> None:
    assert schema_state(empty_url) == "missing"
    database = Database(empty_url)
    await database.migrate()
    assert schema_state(empty_url) == "current"
    await database.open()
    await database.migrate()
    assert await database.read(rows, "people") == []
    await database.close()


@pytest.mark.parametrize("release", ["0.1"])
async def test_the_dump_of_a_release_is_upgraded(empty_url: str, release: str) -> None:
    load(empty_url, release)
    database = Database(empty_url)
    await database.migrate()
    assert schema_state(empty_url) == "current"
    await database.open()
    people = await database.read(known, [7, 8])
    assert [(one.language, one.code, one.role, one.blocked) for one in people.values()] == [
        ("uk", "uk", None, False),
        (None, "de", "staff", True),
    ]
    assert await database.read(rows, "drafts") == [(1, 7, "delete", "confirm", "{}", 1, 1_800_000_000_000_000, None)]
    assert await database.read(rows, "tallies") == [("2026-12", "uk", "answer", "german-courses", 3)]
    assert await database.read(rows, "municipalities") == []
    await database.close()


async def test_a_newer_database_is_refused_and_left_alone(database_url: str) -> None:
    await asyncio.to_thread(run, database_url, set_version, "9999")
    assert schema_state(database_url) == "newer"
    database = Database(database_url)
    for attempt in (database.open, database.migrate):
        with pytest.raises(NewerSchema, match="newer version of Lotse"):
            await attempt()
    assert schema_state(database_url) == "newer"


def test_an_older_database_is_known_as_such(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "REVISIONS", (*REVISIONS, "9999"))
    assert schema_state(database_url) == "older"


def test_a_version_table_without_a_version_is_nothing(database_url: str) -> None:
    run(database_url, lambda tx: tx.execute(text("DELETE FROM alembic_version")))
    assert schema_state(database_url) == "missing"


async def test_two_databases_are_migrated_at_once_in_one_process(sqlite_url: str, postgres_url: str) -> None:
    await asyncio.gather(
        Database(sqlite_url).migrate(), Database(postgres_url).migrate(), Database(sqlite_url).migrate()
    )
    assert [schema_state(url) for url in (sqlite_url, postgres_url)] == ["current", "current"]


async def test_a_migration_that_fails_changes_nothing(empty_url: str) -> None:
    if empty_url.startswith("sqlite"):
        with closing(sqlite3.connect(empty_url.removeprefix("sqlite:///"))) as connection:
            connection.execute("CREATE TABLE tallies (month TEXT)")
    else:
        with psycopg.connect(empty_url) as connection:
            connection.execute("CREATE TABLE tallies (month TEXT)")
    database = Database(empty_url)
    with pytest.raises(Exception, match="already exists"):
        await database.migrate()
    assert schema_state(empty_url) == "missing"
    await database.open()
    with pytest.raises(Exception, match="people"):
        await database.read(rows, "people")
    await database.close()


async def test_children_without_parents_stop_a_migration(sqlite_ready_url: str) -> None:
    with closing(sqlite3.connect(sqlite_ready_url.removeprefix("sqlite:///"))) as connection:
        connection.execute("INSERT INTO drafts VALUES (1, 404, 'delete', 'confirm', '{}', 1, 0, NULL)")
        connection.commit()
    with pytest.raises(DatabaseUnavailable, match="has 1 rows that refer to missing ones"):
        await Database(sqlite_ready_url).migrate()
