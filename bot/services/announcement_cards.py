"""The sessions and series that announcements show as cards."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.programme import Series, Session
from bot.services.sessions import one_series, sessions_of
from bot.services.sessions import session as read_session
from bot.store.tx import Tx

NUMBER = re.compile(r"[0-9]{1,15}")  # any id of ours, and small enough for any database


@dataclass(frozen=True, slots=True)
class Card:
    """What there is to say of a session or a series at one moment.

    `ahead` are the sessions of `series` that take place and have not begun, the earliest first. `session` is the one
    that the card shows, None for the whole series; it is number `number` of the `of` that take place.
    """

    series: Series
    ahead: tuple[Session, ...]
    session: Session | None = None
    number: int = 0
    of: int = 0


def cards(tx: Tx, names: Iterable[str], now: int) -> dict[str, Card]:
    """The cards of session:<id>, cancelled:<session> and series:<id>, by these names; `now` in UTC microseconds.

    Left out are those of sessions that have begun, are over or were cancelled, and of series with none to come; of
    cancelled:<session> those of sessions that take place after all, or would have begun.
    """
    found = {name: _card(tx, name, now) for name in set(names)}
    return {name: card for name, card in found.items() if card}


def subjects(tx: Tx, names: Iterable[str]) -> dict[str, Session | Series]:
    """What cards are about, by their names, also where they have nothing to show any more."""
    found = {name: subject(tx, name) for name in set(names)}
    return {name: one for name, one in found.items() if one}


def subject(tx: Tx, name: str) -> Session | Series | None:
    """What one card is about; None for what is not there, and for other cards."""
    kind, _, number = name.partition(":")
    if kind not in {"session", "series", "cancelled"} or not NUMBER.fullmatch(number):
        return None
    return one_series(tx, int(number)) if kind == "series" else read_session(tx, int(number))


def _card(tx: Tx, name: str, now: int) -> Card | None:
    about = subject(tx, name)
    session = about if isinstance(about, Session) else None
    series = one_series(tx, session.series) if session else about
    if not isinstance(series, Series):
        return None
    if name.startswith("cancelled:") and session:
        return Card(series, (), session) if session.state == "cancelled" and session.starts > now else None
    standing = [one for one in sessions_of(tx, series.id) if one.state != "cancelled"]
    ahead = tuple(one for one in standing if one.starts > now)
    if session is None:
        return Card(series, ahead, of=len(standing)) if ahead else None
    if session.id not in {one.id for one in ahead}:
        return None
    return Card(series, ahead, session, [one.id for one in standing].index(session.id) + 1, len(standing))
