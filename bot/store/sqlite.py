"""SQLite: one writer, and reads beside it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot.store.call import Call, deliver
from bot.store.errors import DatabaseUnavailable
from bot.store.file import driver, engine, explained
from bot.store.tx import Tx
from bot.store.writer import SHARED, Writer

_READERS = 4


class SQLite:
    """The runner for a file; `shared` is the most writes that share one commit."""

    def __init__(self, path: Path, shared: int = SHARED) -> None:
        self._writer = Writer(path, shared)
        self._readers = Readers(path)
        self.write = self._writer.submit
        self.read = self._readers.submit

    def close(self) -> None:
        """Finish what is queued, then give the file back; the writer last, it empties the WAL."""
        self._readers.close()
        self._writer.close()


class Readers:
    """Reads, on connections that cannot write, in threads of their own; each sees one state of the database."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._engine = engine(path, size=_READERS, read_only=True)
        self._threads = ThreadPoolExecutor(_READERS, thread_name_prefix="database-reader")

    def submit(self, call: Call) -> None:
        """Queue a read."""
        try:
            self._threads.submit(self._read, call)
        except RuntimeError:
            raise DatabaseUnavailable("The database is closed.") from None

    def close(self) -> None:
        """Finish what is queued, then give the connections back."""
        self._threads.shutdown()
        self._engine.dispose()

    def _read(self, call: Call) -> None:
        try:
            with self._engine.connect() as connection:
                driver(connection).execute("BEGIN")
                try:
                    call.run(Tx(connection, "sqlite"))
                finally:
                    driver(connection).execute("ROLLBACK")
        except BaseException as error:  # noqa: BLE001 - whatever it is, the caller gets it
            call.error = error
        if isinstance(call.error, DBAPIError):
            call.error = explained(call.error, self._path)
        deliver([call])
