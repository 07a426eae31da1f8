"""Which version of the tables a database has, asked quickly and without changing anything."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Literal

from bot.store import file
from bot.store.address import Address, parse
from bot.store.errors import NewerSchema

# Every migration that this program knows, oldest first; kept here so that a start need not load Alembic.
REVISIONS = ("0001", "0002", "0003", "0004")

State = Literal["missing", "older", "current", "newer"]

_VERSION = "SELECT version_num FROM alembic_version"


def schema_state(url: str) -> State:
    """Compare the tables of a database with what this program needs. A missing file is not created.

    Raises:
        MalformedUrl: When the URL is none.
        DatabaseUnavailable: When the database cannot be read.
    """
    address = parse(url)
    version = _sqlite_version(address) if address.dialect == "sqlite" else _postgresql_version(address)
    if version is None:
        return "missing"
    if version not in REVISIONS:
        return "newer"
    return "current" if version == REVISIONS[-1] else "older"


def refuse_newer(address: Address) -> None:
    """Raise NewerSchema when the tables are of a later version than this program."""
    if schema_state(address.url) == "newer":
        raise NewerSchema(f"The database {address.name} was written by a newer version of Lotse; update the program.")


def _sqlite_version(address: Address) -> str | None:
    assert address.path is not None
    with file.explaining(address.path):
        if not address.path.exists():
            return None
        with closing(sqlite3.connect(f"{address.path.as_uri()}?mode=ro", uri=True)) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
                return None
            row = connection.execute(_VERSION).fetchone()
    return None if row is None else str(row[0])


def _postgresql_version(address: Address) -> str | None:
    import psycopg  # noqa: PLC0415 - only where it is used

    from bot.store.postgres import conninfo, explaining  # noqa: PLC0415 - as above

    with explaining(address), psycopg.connect(conninfo(address)) as connection:
        row = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
        if row is None or row[0] is None:
            return None
        row = connection.execute(_VERSION).fetchone()
    return None if row is None else str(row[0])
