"""PostgreSQL: the same services, for more than one machine."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from bot.store.address import Address
from bot.store.call import Call, deliver
from bot.store.errors import DatabaseUnavailable, MalformedUrl
from bot.store.tx import Tx

# As many threads as connections, so that no thread waits for the pool.
_CONNECTIONS = 8
_CONNECT_SECONDS = 5
_ATTEMPTS = 8
_FIRST_PAUSE = 0.005
# https://www.postgresql.org/docs/current/errcodes-appendix.html: serialization_failure, deadlock_detected
_REPEAT = {"40001", "40P01"}
# connection exception, insufficient resources, operator intervention, system error
_UNUSABLE = ("08", "53", "57P", "58")


def conninfo(address: Address) -> str:
    """The URL as libpq understands it, with a limit to how long a connection may take."""
    try:
        settings = conninfo_to_dict(address.url)
        return make_conninfo(address.url, connect_timeout=settings.get("connect_timeout", _CONNECT_SECONDS))
    except psycopg.ProgrammingError:
        raise MalformedUrl("The database URL is not one that PostgreSQL understands.") from None


def engine(address: Address, size: int) -> Engine:
    """An engine with at most `size` connections; it connects when first used, and again after a loss."""
    where = conninfo(address)
    return create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(where),
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        hide_parameters=True,  # errors are logged, what people wrote is not
    )


def explained(error: BaseException, address: Address) -> BaseException:
    """The error, or DatabaseUnavailable with its cause when the server cannot be reached or used."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return error
    if cause.sqlstate is not None and not cause.sqlstate.startswith(_UNUSABLE):
        return error
    reason = " ".join(str(cause).split()).rstrip(".")
    better = DatabaseUnavailable(f"The database {address.name} cannot be reached: {reason}.")
    better.__cause__ = error
    return better


@contextmanager
def explaining(address: Address) -> Iterator[None]:
    """Turn what the driver raises inside into DatabaseUnavailable, where it is that."""
    try:
        yield
    except (psycopg.Error, DBAPIError) as error:
        better = explained(error, address)
        if better is error:
            raise
        raise better from error


class Postgres:
    """Reads and writes on a pool of connections, each in a thread of our own."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._engine = engine(address, _CONNECTIONS)
        self._reading = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._threads = ThreadPoolExecutor(_CONNECTIONS, thread_name_prefix="database")
        self._open = True

    def write(self, call: Call) -> None:
        """Queue a write; it will run even when its caller is cancelled."""
        self._submit(self._written, call)

    def read(self, call: Call) -> None:
        """Queue a read; it sees one state of the database."""
        self._submit(self._seen, call)

    def close(self) -> None:
        """Finish what is queued, then give the connections back."""
        self._threads.shutdown()
        self._engine.dispose()

    def _submit(self, work: Callable[[Call], None], call: Call) -> None:
        try:
            self._threads.submit(work, call)
        except RuntimeError:
            raise DatabaseUnavailable("The database is closed.") from None

    def _written(self, call: Call) -> None:
        for attempt in range(_ATTEMPTS):
            self._once(self._engine, call, Connection.commit)
            if not _wants_repetition(call.error):
                break
            time.sleep(_FIRST_PAUSE * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311 - not a secret
        deliver([call])

    def _seen(self, call: Call) -> None:
        self._once(self._reading, call, Connection.rollback)
        deliver([call])

    def _once(self, engine: Engine, call: Call, end: Callable[[Connection], None]) -> None:
        try:
            with engine.connect() as connection:
                call.run(Tx(connection, "postgresql"))
                if call.error is None:
                    end(connection)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the caller gets it
            call.error = error
        if call.error is not None:
            call.error = explained(call.error, self._address)


def _wants_repetition(error: BaseException | None) -> bool:
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _REPEAT
