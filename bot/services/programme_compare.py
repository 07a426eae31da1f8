"""What a programme file would change: each row beside the session that it means, and what cannot be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.cells import quoted
from bot.domain.plan import Wording, wording_of
from bot.domain.programme import Series, Session
from bot.domain.tables import Problem
from bot.services.programme import LOCK_SERIES
from bot.services.programme_file import Programme
from bot.services.programme_rows import Planned
from bot.services.registrations import lock
from bot.services.sessions import all_series, sessions, sessions_of
from bot.store.tx import Tx

OF_SERIES = ("series", "series in other languages")  # these changes are not the session's own


@dataclass(frozen=True, slots=True)
class Step:
    """What a row does: `changes` are the old and the new value by column; a new session has None in `before`.

    `wording` is that of the row, with the languages of which the file says nothing as they were.
    """

    planned: Planned
    before: Session | None
    wording: Wording
    changes: Mapping[str, tuple[Any, Any]]


@dataclass(slots=True)
class _Stored:
    """What there is already, locked: the series by the titles they have in the file, and their sessions.

    `titles` are those that each series is to have in other languages, `matched` the row that each session stands in.
    """

    series: Mapping[str, Series]
    sessions: Mapping[int, Session]
    titles: Mapping[str, Mapping[str, str]]
    by_title: dict[tuple[int, str], Session] = field(init=False)
    matched: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_title = {(one.series, one.title): one for one in self.sessions.values()}

    def of(self, planned: Planned) -> Session | None:
        """The session that a row means."""
        if planned.session is not None:
            return self.sessions.get(planned.session)
        return self.titled(planned)

    def titled(self, planned: Planned) -> Session | None:
        """The session of the row's series that has its title."""
        series = self.series.get(planned.series)
        return self.by_title.get((series.id, planned.wording.title)) if series else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A file beside what is stored: `series` are those that there are, by the titles they have in the file.

    `titles` are those that each series is to have in other languages.
    """

    steps: Sequence[Step]
    problems: Sequence[Problem]
    series: Mapping[str, Series]
    titles: Mapping[str, Mapping[str, str]]


def compare(tx: Tx, file: Programme, now: int) -> Comparison:
    """Finds the session of each row; those of the file's series are locked until the transaction ends.

    `now` in UTC microseconds.
    """
    stored = _stored(tx, file)
    problems = list(_matching(file, stored))
    steps = [_step(file, planned, stored) for planned in file.rows]
    problems += [problem for step in steps for problem in _impossible(step, stored, now)]
    return Comparison(steps, problems, stored.series, stored.titles)


def _stored(tx: Tx, file: Programme) -> _Stored:
    """What the file is about as it is stored; nobody else can change it until the transaction ends.

    A new series title beside the number of a session renames the session's series, when no row has its old title.
    """
    known, titles = all_series(tx), {planned.series for planned in file.rows}
    series = {one.title: one for one in known.values() if one.title in titles}
    named = sessions(tx, {planned.session for planned in file.rows if planned.session is not None})
    for planned in file.rows:
        old = known[named[planned.session].series] if planned.session in named else None
        if old and planned.series not in series and old not in series.values():
            series[planned.series] = old
    for id_ in sorted(one.id for one in series.values()):  # everybody locks in this order
        tx.execute(LOCK_SERIES[tx.dialect], {"id": id_})
    ids = {*named, *(session.id for one in series.values() for session in sessions_of(tx, one.id))}
    found = (lock(tx, id_) for id_ in sorted(ids))
    return _Stored(series, {session.id: session for session in found if session}, _titles(file, series))


def _matching(file: Programme, stored: _Stored) -> Iterator[Problem]:
    """Notes which session each row means, and yields the rows that mean none or the same."""
    for planned in file.rows:
        session = stored.of(planned)
        if session is None:
            if planned.session is not None:
                yield Problem(planned.row, "session", f"there is no session {planned.session}")
            continue
        series = stored.series.get(planned.series)
        if series is None or session.series != series.id:
            yield Problem(planned.row, "series", f"the session {session.id} is in another series, and stays there")
        first = stored.matched.setdefault(session.id, planned.row)
        if first != planned.row:
            yield Problem(planned.row, "title", f"row {first} is about the same session {session.id}")
        other = stored.titled(planned)
        if other and other.id != session.id:
            yield Problem(planned.row, "title", f"the session {other.id} of the series has this title")


def _step(file: Programme, planned: Planned, stored: _Stored) -> Step:
    before = stored.of(planned)
    if before is None:
        return Step(planned, None, planned.wording, {})
    wording = _merged(file, planned, before)
    old, new = _values(before, wording_of(before)), _values(planned, wording)
    series = stored.series.get(planned.series)
    if series:
        old |= dict(zip(OF_SERIES, (series.title, series.titles), strict=True))
        new |= dict(zip(OF_SERIES, (planned.series, stored.titles[planned.series]), strict=True))
    changes = {name: (old[name], new[name]) for name in old if old[name] != new[name]}
    return Step(planned, before, wording, changes)


def _values(one: Session | Planned, wording: Wording) -> dict[str, Any]:
    """What the columns of a file hold, as values that can be compared."""
    return {
        "title": wording.title,
        "starts": one.starts,
        "minutes": one.minutes,
        "capacity": one.capacity,
        "join_url": one.join_url,
        "language": wording.language,
        "topics": wording.topics,
        "speakers": wording.speakers,
        "summary": wording.summary,
        "for": wording.municipalities,
        "texts in other languages": dict(wording.wordings),
    }


def _merged(file: Programme, planned: Planned, before: Session) -> Wording:
    """The wording of a row, with the languages of which the file says nothing as they were."""
    silent = {code: texts for code, texts in before.wordings.items() if code not in file.languages}
    silent.pop(planned.wording.language, None)
    return replace(planned.wording, wordings={**silent, **planned.wording.wordings})


def _titles(file: Programme, series: Mapping[str, Series]) -> dict[str, dict[str, str]]:
    """The titles by language that each series of the file is to have; of some languages it may say nothing."""
    titles: dict[str, dict[str, str]] = {}
    for planned in file.rows:
        if planned.series not in titles:
            before = series[planned.series].titles if planned.series in series else {}
            titles[planned.series] = {code: one for code, one in before.items() if code not in file.series_languages}
        titles[planned.series] |= planned.series_titles
    return titles


def _impossible(step: Step, stored: _Stored, now: int) -> Iterator[Problem]:
    """What cannot be done: new sessions in the past, changes of what is over or cancelled, new names unannounced."""
    planned, before = step.planned, step.before
    if before is None:
        if planned.starts <= now:
            yield Problem(planned.row, "starts", "a new session cannot be in the past")
        yield from _renamed(planned, stored)
    elif before.state == "cancelled" and not step.changes.keys() <= set(OF_SERIES):
        yield Problem(
            planned.row, "title", f"the session {before.id} was cancelled and cannot change; take the row out"
        )
    elif "starts" in step.changes and before.ends <= now:
        yield Problem(planned.row, "starts", f"the session {before.id} is over and cannot be moved")
    elif "starts" in step.changes and planned.starts <= now:
        yield Problem(planned.row, "starts", "a session cannot be moved into the past")


def _renamed(planned: Planned, stored: _Stored) -> Iterator[Problem]:
    """A new title where another session, of which no row speaks, is in the same series at the same time."""
    series = stored.series.get(planned.series)
    for old in stored.sessions.values():
        there = series and old.series == series.id and old.starts == planned.starts and old.state != "cancelled"
        if there and old.id not in stored.matched:
            message = f"was {quoted(old.title)} renamed? Then write {old.id} into the column session, else keep its row"
            yield Problem(planned.row, "title", message)
