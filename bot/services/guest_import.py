"""Registers people outside Telegram as a file says: all of it in one transaction, or nothing and every reason why not.

They come under the same lock and into the same line as everybody; who is at the top of the file comes first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import text

from bot.domain.cells import nearest, whole_number
from bot.domain.programme import Session
from bot.domain.registrations import ACTIVE, Registration
from bot.domain.tables import Problem
from bot.domain.terms import Terms
from bot.services.audit import note
from bot.services.guest_rows import DETAILS, Entered, GuestFile
from bot.services.guests import to_tell
from bot.services.programme_rows import HIGHEST_ID
from bot.services.registered import Who, own
from bot.services.registrations import leave_guest, lock, register_guest
from bot.store.tx import Tx

Act = Literal["new", "left", "kept"]

_TITLED = text("SELECT id FROM sessions WHERE title = :title ORDER BY id")
_EXISTS = text("SELECT id FROM sessions WHERE id = :id")
_TITLES = text("SELECT DISTINCT title FROM sessions WHERE starts > :now AND state <> 'cancelled' ORDER BY title")
_GUEST = text("SELECT id, name, organisation, municipality FROM guests WHERE email = :email")
_KEEP = text("""
    INSERT INTO guests (email, name, organisation, municipality) VALUES (:email, :name, :organisation, :municipality)
    ON CONFLICT (email) DO UPDATE SET name = excluded.name, organisation = excluded.organisation,
        municipality = excluded.municipality
    RETURNING id
""")


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of a row: `changed` says whether anything of somebody who was there is different now.

    `registration` is how it stands after the whole file, None for who never was registered.
    """

    entered: Entered
    session: Session
    act: Act
    changed: bool
    registration: Registration | None


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import has done, row by row; `raised` are guests of other rows and files who got a seat through it.

    They are name, e-mail address, and the session.
    """

    rows: Sequence[Settled]
    raised: Sequence[tuple[str, str, Session]]

    @property
    def new(self) -> int:
        """How many registrations were added."""
        return sum(row.act == "new" for row in self.rows)

    @property
    def changed(self) -> int:
        """How many were there and have ended, or are of somebody of whom something else is known now."""
        return sum(row.changed for row in self.rows)

    @property
    def unchanged(self) -> int:
        """How many were as the file has them."""
        return len(self.rows) - self.new - self.changed


@dataclass(frozen=True, slots=True)
class _Step:
    """A row, the session it means, what is to be done, and whether the guest is stored with other details."""

    entered: Entered
    session: Session
    act: Act
    other: bool


def import_guests(tx: Tx, file: GuestFile, now: int, terms: Terms) -> Imported | list[Problem]:
    """Registers the people of a checked file; `now` in UTC microseconds.

    Who is known by their e-mail address is not registered twice. Where anything is wrong, all of it is returned and
    nothing is changed.
    """
    problems = list(file.problems)
    meant = {written: _meant(tx, written, now) for written in dict.fromkeys(row.session for row in file.rows)}
    problems += [
        Problem(row.row, "session", str(meant[row.session]))
        for row in file.rows
        if not isinstance(meant[row.session], int)
    ]
    ids = sorted({one for one in meant.values() if isinstance(one, int)})
    locked = {id_: session for id_ in ids if (session := lock(tx, id_))}
    rows = [(row, locked[one]) for row in file.rows if isinstance(one := meant[row.session], int)]
    problems += _twice(rows)
    steps = [_step(tx, row, session, now) for row, session in rows]
    problems += [step for step in steps if isinstance(step, Problem)]
    if problems:
        return sorted(problems)
    return _carry_out(tx, [step for step in steps if isinstance(step, _Step)], now, terms)


def _meant(tx: Tx, written: str, now: int) -> int | str:
    """The session that a cell means, by number or title; or why there is none."""
    number = whole_number(written)
    if number is not None:
        known = 0 < number < HIGHEST_ID and tx.execute(_EXISTS, {"id": number})
        return number if known else f"there is no session {number}"
    ids = [row.id for row in tx.execute(_TITLED, {"title": written})]
    if len(ids) > 1:
        return f"several sessions have this title; write one of the numbers {', '.join(map(str, ids))}"
    titles = (row.title for row in tx.execute(_TITLES, {"now": now}))
    return ids[0] if ids else f"there is no session of this title; {nearest(written, titles)}"


def _twice(rows: Sequence[tuple[Entered, Session]]) -> Iterator[Problem]:
    first: dict[tuple[str, int], int] = {}
    for row, session in rows:
        before = first.setdefault((row.email, session.id), row.row)
        if before != row.row:
            yield Problem(row.row, "email", f"stands in row {before} already, with the same session")


def _step(tx: Tx, row: Entered, session: Session, now: int) -> _Step | Problem:
    """What is to be done with a row, or why it cannot be; the session is locked."""
    guests = tx.execute(_GUEST, {"email": row.email})
    before = own(tx, session.id, Who("guest", guests[0].id)) if guests else None
    there = before is not None and before.registration.state != "cancelled"
    act: Act = "kept"
    if row.cancelled:
        act = "left" if before and before.registration.state in ACTIVE and now < session.ends else "kept"
    elif not there:
        shut = _shut(session, now)
        if shut and before is None:
            return Problem(row.row, "session", shut)
        act = "kept" if shut else "new"
    other = any(getattr(row, name) not in {"", getattr(guests[0], name)} for name in DETAILS) if guests else False
    return _Step(row, session, act, other)


def _shut(session: Session, now: int) -> str:
    """Why nobody can be registered any more; "" where they can."""
    if session.state == "cancelled":
        return f"the session {session.id} is cancelled"
    if now >= session.starts:
        return f"the session {session.id} has begun or is over"
    return f"the session {session.id} is closed for registrations" if session.state == "closed" else ""


def _carry_out(tx: Tx, steps: Sequence[_Step], now: int, terms: Terms) -> Imported:
    guests = _kept(tx, steps)
    for step in steps:
        id_ = guests.get(step.entered.email)
        if id_ is not None and step.act == "left":
            leave_guest(tx, step.session.id, id_, now, terms)
        elif id_ is not None and step.act == "new":
            register_guest(tx, step.session.id, id_, now, terms)
    settled = [_settled(tx, step, guests) for step in steps]
    touched = {row.session.id: row.session for row in settled if row.act != "kept"}
    for id_ in sorted(touched):
        note(tx, "operator", None, "registrations imported", f"session {id_}", now)
    mine = {(row.session.id, row.entered.email) for row in settled if row.act == "new"}
    return Imported(
        settled,
        [
            (name, email, session)
            for id_, session in touched.items()
            for name, email in to_tell(tx, id_, now)
            if (id_, email) not in mine
        ],
    )


def _kept(tx: Tx, steps: Sequence[_Step]) -> dict[str, int]:
    """The numbers of the guests by address, with what the file says of them; an empty cell leaves what is stored.

    Who is neither known nor registered now is not stored.
    """
    guests: dict[str, int] = {}
    for step in steps:
        row = step.entered
        stored = tx.execute(_GUEST, {"email": row.email})
        if stored and not step.other:
            guests[row.email] = stored[0].id
        elif stored or step.act == "new":
            said = {name: getattr(row, name) or (getattr(stored[0], name) if stored else "") for name in DETAILS}
            guests[row.email] = tx.execute(_KEEP, {"email": row.email, **said})[0].id
    return guests


def _settled(tx: Tx, step: _Step, guests: Mapping[str, int]) -> Settled:
    guest = guests.get(step.entered.email)
    after = own(tx, step.session.id, Who("guest", guest)) if guest is not None else None
    changed = step.act == "left" or (step.act == "kept" and step.other and after is not None)
    return Settled(step.entered, step.session, step.act, changed, after.registration if after else None)
