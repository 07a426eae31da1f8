"""The runner: services go in, their results come out after the COMMIT."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from bot.store.address import Dialect, parse
from bot.store.call import Call
from bot.store.errors import DatabaseUnavailable, MalformedUrl, NewerSchema
from bot.store.file import erase_traces
from bot.store.schema import refuse_newer
from bot.store.sqlite import SQLite
from bot.store.tx import Tx

if TYPE_CHECKING:
    from bot.store.postgres import Postgres

__all__ = ["Database", "DatabaseUnavailable", "MalformedUrl", "NewerSchema", "run"]

P = ParamSpec("P")
T = TypeVar("T")


class Database:
    """The operational database, SQLite or PostgreSQL.

    Args:
        url: `sqlite:///relative.db`, `sqlite:////absolute.db` or `postgresql://…`.

    Raises:
        MalformedUrl: When the URL is none of these.
    """

    def __init__(self, url: str) -> None:
        self._address = parse(url)
        self._runner: SQLite | Postgres | None = None

    @property
    def dialect(self) -> Dialect:
        """Which database it is."""
        return self._address.dialect

    @property
    def path(self) -> Path | None:
        """The file of an SQLite database."""
        return self._address.path

    async def open(self) -> None:
        """Connect. The tables may still be missing or older: `migrate` makes them, before or after.

        Raises:
            DatabaseUnavailable: When it cannot be reached, read or written; one sentence says why.
            NewerSchema: When the tables are of a later version than this program.
        """
        await asyncio.to_thread(self._open)

    async def close(self) -> None:
        """Finish what is queued and disconnect. Closing twice is fine."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await asyncio.to_thread(runner.close)

    async def write(self, service: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a service in a transaction that may write, and return its result after the COMMIT.

        The service may run more than once, and it runs even when the caller is cancelled meanwhile. Whatever it
        raises is raised here, and nothing that it wrote is kept.

        Raises:
            DatabaseUnavailable: When the database cannot be reached or written now.
        """
        call = Call.of(service, args, kwargs)
        self._running().write(call)
        result: T = await call.result()
        return result

    async def read(self, service: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a service that only reads, beside the writes; it sees one state of the database.

        Raises:
            DatabaseUnavailable: When the database cannot be reached or read now.
        """
        call = Call.of(service, args, kwargs)
        self._running().read(call)
        result: T = await call.result()
        return result

    async def migrate(self) -> None:
        """Bring the tables to the version of this program, creating the database if there is none."""
        from bot.store.migrations import migrate  # noqa: PLC0415 - Alembic is slow to load

        await asyncio.to_thread(migrate, self._address.url)

    async def erase_traces(self) -> None:
        """Leave nothing of deleted rows in the SQLite file and its WAL; nothing to do for PostgreSQL.

        Raises:
            DatabaseUnavailable: When reads that do not end kept it from happening.
        """
        if self._address.path is not None:
            await asyncio.to_thread(erase_traces, self._address.path)

    def _open(self) -> None:
        refuse_newer(self._address)
        if self._address.path is not None:
            self._runner = SQLite(self._address.path)
        else:
            from bot.store.postgres import Postgres  # noqa: PLC0415 - psycopg is needed only here

            self._runner = Postgres(self._address)

    def _running(self) -> SQLite | Postgres:
        if self._runner is None:
            raise DatabaseUnavailable(f"The database {self._address.name} is not open.")
        return self._runner


def run(database_url: str, service: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run one writing service from code without an event loop: open, write, close."""

    async def once() -> Any:
        database = Database(database_url)
        await database.open()
        try:
            return await database.write(service, *args, **kwargs)
        finally:
            await database.close()

    result: T = asyncio.run(once())
    return result
