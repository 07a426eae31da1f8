"""SQLite: connections as we want them, turns between processes, and what its errors mean."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from bot.store.errors import DatabaseUnavailable

# A foreign program (a shell, a backup) may hold the file this long before a write gives up.
_BUSY_SECONDS = 10

_UNUSABLE = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
}


def engine(path: Path, *, size: int, read_only: bool = False, foreign_keys: bool = True) -> Engine:
    """An engine with at most `size` connections to the file; the driver begins no transaction by itself.

    A file that is not there yet is made, readable by its owner only; SQLite gives its WAL the same mode.
    """
    _make(path)
    made = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        hide_parameters=True,  # errors are logged, what people wrote is not
        connect_args={"isolation_level": None, "timeout": _BUSY_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(made, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        if read_only:
            connection.execute("PRAGMA query_only = ON")

    return made


def _make(path: Path) -> None:
    # Only a file that is new is opened: closing another one would end the locks that this process has on it.
    with suppress(OSError):  # what keeps it from being made is told better when SQLite opens it
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def driver(connection: Connection) -> sqlite3.Connection:
    """The connection of the driver below SQLAlchemy's."""
    inner = connection.connection.driver_connection
    assert isinstance(inner, sqlite3.Connection)
    return inner


class Turns:
    """Whose turn it is to write, among all processes: an exclusive lock on `<db>.lock`.

    SQLite's own lock is polled with growing pauses, so that with eight saturating processes one waited 9.6 s; the
    kernel wakes who waits for this one. Local disks only.
    """

    def __init__(self, path: Path) -> None:
        self._file = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the lock; blocks this thread until it is free."""
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give the file back."""
        os.close(self._file)


def erase_traces(path: Path) -> None:
    """Leave nothing of deleted rows in the file and its WAL.

    `secure_delete` overwrites rows and pages that are given free, but not the copies that a page keeps in its gaps when
    its rows are spread over others (found in the raw bytes with SQLite 3.40), so the file is written anew; and
    the WAL keeps the pages of before until it is emptied. Writes wait meanwhile, about 15 ms a megabyte.

    Raises:
        DatabaseUnavailable: When reads that do not end kept it from happening, or the disk is full.
    """
    with explaining(path), closing(sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        turns = Turns(path)
        try:
            with turns.turn():
                connection.execute("VACUUM")
                busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            turns.close()
    if busy:
        raise DatabaseUnavailable(f"The database {path} is being read, so traces of deleted rows are still in its WAL.")


def explained(error: BaseException, path: Path) -> BaseException:
    """The error, or DatabaseUnavailable with its cause when the file cannot be used (full disk, no permission, …)."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error) and path.is_dir():
        better = DatabaseUnavailable(f"The database {path} is a folder.")
    elif isinstance(cause, OSError):
        better = DatabaseUnavailable(f"The database {path} cannot be used: {cause.strerror}.")
    elif not isinstance(cause, sqlite3.Error) or (code := _primary_code(cause)) not in _UNUSABLE:
        return error
    elif code == sqlite3.SQLITE_NOTADB:
        better = DatabaseUnavailable(f"The file {path} is not a database.")
    else:
        better = DatabaseUnavailable(f"The database {path} cannot be used: {cause}.")
    better.__cause__ = error
    return better


def _primary_code(error: sqlite3.Error) -> int:
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF


@contextmanager
def explaining(path: Path) -> Iterator[None]:
    """Turn what the driver raises inside into DatabaseUnavailable, where it is that."""
    try:
        yield
    except (sqlite3.Error, DBAPIError, OSError) as error:
        better = explained(error, path)
        if better is error:
            raise
        raise better from error
