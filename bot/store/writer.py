"""The one thread that writes to SQLite."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from queue import SimpleQueue
from time import monotonic

from sqlalchemy.exc import DBAPIError

from bot.store.call import Call, deliver
from bot.store.errors import DatabaseUnavailable
from bot.store.file import Turns, driver, engine, explained, explaining
from bot.store.tx import Tx

# A commit with full synchronisation costs about as much as fifty small writes; 20 ms is the longest that another
# process, or the first write of the group, waits for the others.
SHARED = 50
_SHARED_SECONDS = 0.020
_CLOSED = "The database is closed."


class Writer:
    """Writes one after the other; those that wait share one commit, each in a savepoint of its own.

    A result is delivered only after the COMMIT. When an error ends the whole transaction (a full disk does), the
    group is repeated one by one, so that only those fail that cannot be stored.
    """

    def __init__(self, path: Path, shared: int = SHARED) -> None:
        self._path = path
        self._shared = shared
        self._queue: SimpleQueue[Call | None] = SimpleQueue()
        with explaining(path), ExitStack() as opened:
            self._turns = Turns(path)
            opened.callback(self._turns.close)
            self._engine = engine(path, size=1)
            opened.callback(self._engine.dispose)
            with self._turns.turn():
                self._connection = self._engine.connect()
                opened.callback(self._connection.close)
                self._driver = driver(self._connection)
                self._driver.execute("BEGIN IMMEDIATE")
                self._driver.execute("PRAGMA user_version = 0")  # finds now what cannot be written; BEGIN does not
                self._driver.execute("ROLLBACK")
            self._opened = opened.pop_all()
        self._tx = Tx(self._connection, "sqlite")
        self._open = True
        self._door = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="database-writer", daemon=True)
        self._thread.start()

    def submit(self, call: Call) -> None:
        """Queue a write; it will run even when its caller is cancelled."""
        with self._door:
            if not self._open:
                raise DatabaseUnavailable(_CLOSED)
            self._queue.put(call)

    def close(self) -> None:
        """Finish what is queued, then give the file back."""
        with self._door:
            self._open = False
            self._queue.put(None)
        self._thread.join()
        self._opened.close()

    def _work(self) -> None:
        while (call := self._queue.get()) is not None:
            self._together(call)

    def _together(self, first: Call) -> None:
        group: list[Call] = []
        try:
            with self._turns.turn():
                self._driver.execute("BEGIN IMMEDIATE")
                for call in self._waiting(first):
                    group.append(call)
                    self._in_savepoint(call)
                self._commit()
        except BaseException as error:  # noqa: BLE001 - the thread must survive; every caller of the group gets it
            self._lost(group or [*self._waiting(first)], error, begun=bool(group))
        else:
            deliver(group)

    def _waiting(self, first: Call) -> Iterator[Call]:
        """The first call and those that wait behind it, as many as may share a commit."""
        end = monotonic() + _SHARED_SECONDS
        yield first
        for _ in range(self._shared - 1):
            if monotonic() > end or self._queue.empty():
                return
            call = self._queue.get()
            if call is None:
                self._queue.put(None)
                return
            yield call

    def _in_savepoint(self, call: Call) -> None:
        self._driver.execute("SAVEPOINT one")
        call.run(self._tx)
        if not self._driver.in_transaction:
            raise sqlite3.OperationalError("The transaction was ended.") from call.error
        if call.error is not None:
            self._driver.execute("ROLLBACK TO one")
            if isinstance(call.error, DBAPIError):
                call.error = explained(call.error, self._path)
        self._driver.execute("RELEASE one")

    def _commit(self) -> None:
        self._driver.execute("COMMIT")
        self._connection.commit()  # ends only what SQLAlchemy believes to be open

    def _lost(self, group: list[Call], error: BaseException, *, begun: bool) -> None:
        """The transaction is gone with all that was in it: repeat one by one, or say why that is of no use."""
        self._roll_back()
        if begun and len(group) > 1:
            for call in group:
                self._alone(call)
            return
        for call in group:
            call.error = explained(call.error or error, self._path)
        deliver(group)

    def _alone(self, call: Call) -> None:
        try:
            with self._turns.turn():
                self._driver.execute("BEGIN IMMEDIATE")
                self._in_savepoint(call)
                self._commit()
        except BaseException as error:  # noqa: BLE001 - as above
            self._lost([call], error, begun=True)
        else:
            deliver([call])

    def _roll_back(self) -> None:
        with suppress(sqlite3.Error, DBAPIError):
            if self._driver.in_transaction:
                self._driver.execute("ROLLBACK")
            self._connection.rollback()
