"""What the present says about messages that are to go out: nothing proactive is sent as it once was queued."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from bot.domain.programme import Session
from bot.domain.registrations import Registration
from bot.services.sessions import sessions
from bot.store.outbox import Claimed
from bot.store.people import Person, known
from bot.store.tx import Tx, for_each_dialect

Pair = tuple[int, int]  # of a session or series and a person

# CROSS JOIN keeps SQLite from reading all registrations to look each up in the batch.
REGISTRATIONS = for_each_dialect("""
    SELECT own.session, own.person, own.state, own.offered_until, own.lapses, own.changes,
        CASE WHEN own.state = 'waitlisted' THEN (
            SELECT 1 + COUNT(*) FROM registrations AS ahead
            WHERE ahead.session = own.session AND ahead.state = 'waitlisted' AND ahead.line < own.line
        ) ELSE 0 END AS place
    FROM {rows(pairs)} AS wanted CROSS JOIN registrations AS own
    WHERE own.session = CAST(wanted.value->>0 AS BIGINT) AND own.person = CAST(wanted.value->>1 AS BIGINT)
""")
TAKERS = for_each_dialect("""
    SELECT taken.series, taken.person FROM {rows(pairs)} AS wanted CROSS JOIN takes_all AS taken
    WHERE taken.series = CAST(wanted.value->>0 AS BIGINT) AND taken.person = CAST(wanted.value->>1 AS BIGINT)
""")


@dataclass(frozen=True, slots=True)
class Facts:
    """How things stand for one message, at `now` (UTC microseconds).

    `chosen` is the language the person chose, `code` what Telegram last said, `role` what they may do; all None for
    somebody who is not known. `registration` is theirs for the session, with its place on the waiting list.
    `takes_all` says whether they took all of the session's series; it is asked for new sessions only.
    """

    now: int
    chosen: str | None = None
    code: str | None = None
    role: str | None = None
    blocked: bool = False
    session: Session | None = None
    registration: Registration | None = None
    takes_all: bool = False


def gather(tx: Tx, claimed: Sequence[Claimed], now: int) -> dict[int, Facts]:
    """The facts for each message of a batch, by its id; a handful of statements however many there are."""
    people = known(tx, {one.person for one in claimed})
    about = sessions(tx, {one.session for one in claimed if one.session is not None})
    named = [(one, about[one.session]) for one in claimed if one.session is not None and one.session in about]
    registrations = _registrations(tx, {(session.id, one.person) for one, session in named})
    takers = _takers(tx, {(session.series, one.person) for one, session in named if one.kind == "added"})
    facts = {one.id: _of_person(people.get(one.person), now) for one in claimed}
    for one, session in named:
        facts[one.id] = replace(
            facts[one.id],
            session=session,
            registration=registrations.get((session.id, one.person)),
            takes_all=(session.series, one.person) in takers,
        )
    return facts


def _of_person(person: Person | None, now: int) -> Facts:
    if person is None:
        return Facts(now)
    return Facts(now, person.language, person.code, person.role, person.blocked)


def _registrations(tx: Tx, pairs: Collection[Pair]) -> dict[Pair, Registration]:
    if not pairs:
        return {}
    rows = tx.execute(REGISTRATIONS[tx.dialect], {"pairs": json.dumps(sorted(pairs))})
    return {
        (row.session, row.person): Registration(
            row.session, row.state, row.place, row.offered_until, row.lapses, row.changes
        )
        for row in rows
    }


def _takers(tx: Tx, pairs: Collection[Pair]) -> set[Pair]:
    if not pairs:
        return set()
    rows = tx.execute(TAKERS[tx.dialect], {"pairs": json.dumps(sorted(pairs))})
    return {(row.series, row.person) for row in rows}
