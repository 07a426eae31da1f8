"""Bringing the tables to the version of this program, with Alembic, in one transaction."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from bot.store.address import Address, parse
from bot.store.errors import DatabaseUnavailable
from bot.store.file import Turns, engine, explaining
from bot.store.schema import refuse_newer

# Any number of our own; two programs that migrate one PostgreSQL at once wait for each other by it.
_LOCK = text("SELECT pg_advisory_xact_lock(5068745)")

_ALEMBIC = threading.Lock()  # Alembic keeps what it is working on in a global of the process


def migrate(url: str) -> None:
    """Create or upgrade the tables of a database; two at once wait for each other, and an upgraded one is left alone.

    Raises:
        MalformedUrl: When the URL is none.
        DatabaseUnavailable: When the database cannot be reached or written.
        NewerSchema: When the tables are of a later version than this program.
    """
    address = parse(url)
    opened = _in_file if address.dialect == "sqlite" else _in_postgresql
    with _ALEMBIC, opened(address) as connection:
        refuse_newer(address)
        command.upgrade(_config(connection), "head")


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


@contextmanager
def _in_file(address: Address) -> Iterator[Connection]:
    """A transaction in which foreign keys do nothing, because rebuilding a table would delete its children."""
    path = address.path
    assert path is not None
    with explaining(path):
        turns = Turns(path)
        made = engine(path, size=1, foreign_keys=False)
        try:
            with turns.turn(), made.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise DatabaseUnavailable(f"The database {path} has {len(broken)} rows that refer to missing ones.")
                connection.commit()
        finally:
            made.dispose()
            turns.close()


@contextmanager
def _in_postgresql(address: Address) -> Iterator[Connection]:
    from bot.store import postgres  # noqa: PLC0415 - psycopg is needed only here

    made = postgres.engine(address, size=1)
    try:
        with postgres.explaining(address), made.begin() as connection:
            connection.execute(_LOCK)
            yield connection
    finally:
        made.dispose()
