"""What a certificate of attendance is about: sessions that are over and were attended, and of how many."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from bot.domain.details import LONGEST, Details
from bot.domain.programme import Series, Session
from bot.services.details import details, keep
from bot.services.registrations import attended
from bot.services.sessions import one_series, session, sessions_of
from bot.store.tx import Tx

Kind = Literal["session", "series"]


@dataclass(frozen=True, slots=True)
class Attended:
    """The sessions of a series that somebody attended, the earliest first, and how many have taken place so far.

    `one` is the session that the certificate is for, None where it is for the series. `name` is the person's, empty
    where none was said.
    """

    series: Series
    sessions: tuple[Session, ...]
    of: int
    one: Session | None
    name: str


def attended_of(tx: Tx, kind: Kind, id_: int, person: int, now: int) -> Attended | None:
    """What somebody attended, for a certificate of a session or a series by its id.

    None where they did not attend it, or it is not over at `now` (UTC microseconds).
    """
    one = session(tx, id_) if kind == "session" else None
    if kind == "session" and one is None:
        return None
    series = one_series(tx, one.series if one else id_)
    there = tuple(one for one in attended(tx, person) if series and one.series == series.id and one.ends <= now)
    if series is None or not there or (one is not None and one not in there):
        return None
    held = [one for one in sessions_of(tx, series.id) if one.state != "cancelled" and one.ends <= now]
    said = details(tx, person)
    return Attended(series, there, len(held), one, said.name if said else "")


def keep_name(tx: Tx, person: int, name: str, now: int) -> None:
    """Stores the name for list and certificate, cut to 80 characters, beside what else the person said."""
    keep(tx, person, replace(details(tx, person) or Details(), name=name[:LONGEST]), now)
