"""Brings the programme to what a file says: all of it in one transaction, or nothing and every reason why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from sqlalchemy import text

from bot.domain.plan import Impossible, NewSession
from bot.domain.tables import Problem
from bot.domain.terms import Terms
from bot.services import programme
from bot.services.audit import note
from bot.services.guests import guests_of, to_tell
from bot.services.programme_compare import Comparison, Step, compare
from bot.services.programme_file import Programme
from bot.services.programme_rows import Planned
from bot.store.tx import Tx

LAST_NOTICE = text("SELECT COALESCE(MAX(id), 0) FROM outbox")
NOTICES = text("SELECT kind, COUNT(*) AS number FROM outbox WHERE id > :last GROUP BY kind ORDER BY kind")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import has done, row by row, and how many people hear of it, by the kind of the message.

    `guests` is how many people outside Telegram have to be told by somebody, by session.
    """

    steps: Sequence[Step]
    told: Mapping[str, int]
    guests: Mapping[int, int]

    @property
    def new(self) -> int:
        """How many sessions were added."""
        return sum(step.before is None for step in self.steps)

    @property
    def changed(self) -> int:
        """How many sessions were there and are different now."""
        return sum(bool(step.before and step.changes) for step in self.steps)

    @property
    def unchanged(self) -> int:
        """How many sessions were as the file has them."""
        return len(self.steps) - self.new - self.changed


class Rehearsed(Exception):  # noqa: N818 - it is no error, but undoes the transaction
    """Carries what an import would have done out of its transaction, which is undone."""

    def __init__(self, outcome: Imported | list[Problem]) -> None:
        super().__init__()
        self.outcome = outcome


class Overtaken(Exception):  # noqa: N818 - it describes what happened
    """Somebody added the same series or session at the same moment; nothing was imported."""


def import_programme(tx: Tx, file: Programme, now: int, terms: Terms) -> Imported | list[Problem]:
    """Adds and changes the sessions of a checked file; `now` in UTC microseconds.

    A session that the file does not name stays as it is. Where anything is wrong, all of it is returned and nothing
    is changed.

    Raises:
        Overtaken: The same session was added meanwhile.
    """
    compared = compare(tx, file, now)
    if file.problems or compared.problems:
        return sorted([*file.problems, *compared.problems])
    last = tx.execute(LAST_NOTICE)[0][0]
    series = {title: _series(tx, title, compared, now) for title in compared.titles}
    for step in compared.steps:
        if step.before is None:
            _add(tx, step.planned, series[step.planned.series], now, terms)
        elif step.changes:
            _change(tx, step, step.before.id, now, terms)
    told = {row.kind: row.number for row in tx.execute(NOTICES, {"last": last})}
    return Imported(compared.steps, told, dict(_by_hand(tx, compared.steps, now)))


def rehearse_import(tx: Tx, file: Programme, now: int, terms: Terms) -> NoReturn:
    """Does the same and undoes it, so that what is told about it is what would come of it.

    Raises:
        Rehearsed: Always; it carries the outcome.
    """
    raise Rehearsed(import_programme(tx, file, now, terms))


def _series(tx: Tx, title: str, compared: Comparison, now: int) -> int:
    """The id of a series, which is made or given its titles where needed."""
    known, titles = compared.series.get(title), compared.titles[title]
    if known is None:
        return programme.add_series(tx, title, titles, now)
    if (title, titles) != (known.title, known.titles):
        programme.set_series(tx, known.id, title, titles)
    return known.id


def _add(tx: Tx, planned: Planned, series: int, now: int, terms: Terms) -> None:
    new = NewSession(series, planned.starts, planned.wording, planned.minutes, planned.capacity, planned.join_url)
    added = programme.add(tx, new, now, terms)
    if isinstance(added, Impossible):
        raise Overtaken
    note(tx, "operator", None, "session new", f"session {added}", now)


def _change(tx: Tx, step: Step, session: int, now: int, terms: Terms) -> None:
    """Brings a session to what its row says; each of these does nothing where nothing differs."""
    planned = step.planned
    programme.set_texts(tx, session, step.wording, now)
    programme.move(tx, session, planned.starts, planned.minutes, now, terms)
    programme.set_join_url(tx, session, planned.join_url, now)
    programme.resize(tx, session, planned.capacity, now, terms)
    note(tx, "operator", None, "session changed", f"session {session}", now)


def _by_hand(tx: Tx, steps: Sequence[Step], now: int) -> Iterator[tuple[int, int]]:
    """How many people outside Telegram have to be told, by session: all of them of another time or link."""
    for step in steps:
        if step.before and step.changes:
            session = step.before.id
            all_ = not step.changes.keys().isdisjoint(("starts", "minutes", "join_url"))
            many = len(guests_of(tx, session) if all_ else to_tell(tx, session, now))
            if many:
                yield session, many
