"""The card of a series: how many sessions it has, where the reader stands, and all of them by one button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.chat.lists import way_back
from bot.chat.markup import bold
from bot.chat.message import Button, Message, Row
from bot.chat.session_card import open_row
from bot.chat.session_lists import ALL
from bot.chat.sessions import beside_or_in_place, gone, number_of
from bot.chat.talk import Talk
from bot.domain.instants import microseconds, moment
from bot.domain.programme import Series, Session
from bot.domain.registrations import Registration
from bot.services.registrations import mine, takes_all
from bot.services.sessions import one_series, sessions_of
from bot.store.tx import Tx
from bot.texts import Texts


@dataclass(frozen=True, slots=True)
class Whole:
    """A series as one reader finds it at `now` (UTC microseconds).

    `sessions` are those that take place, past ones too, the earliest first; `own` the reader's registrations for those
    that are not over; `takes_all` whether they registered for all.
    """

    series: Series
    sessions: Sequence[Session]
    own: Mapping[int, Registration]
    takes_all: bool
    now: int

    @property
    def ahead(self) -> list[Session]:
        """The sessions that have not begun."""
        return [one for one in self.sessions if one.starts > self.now]

    @property
    def missing(self) -> list[Session]:
        """The sessions that the reader could still register for."""
        return [one for one in self.ahead if one.state == "open" and one.id not in self.own]

    @property
    def confirmed(self) -> list[Session]:
        """The sessions to come at which the reader has a seat."""
        return self.registered("confirmed")

    def registered(self, state: str) -> list[Session]:
        """The sessions to come for which the reader's registration is in this state."""
        return [one for one in self.ahead if one.id in self.own and self.own[one.id].state == state]


async def series(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers series:<id> and /start series_<id>."""
    whole = await find_series(talk, arguments[0])
    if whole is None:
        await gone(talk)
    else:
        await beside_or_in_place(talk, series_card(talk, whole, way_back(ALL, talk.texts)))


async def find_series(talk: Talk, id_: str) -> Whole | None:
    """The series of an id from outside as the reader finds it now; None where there is none."""
    number = number_of(id_)
    if number is None:
        return None
    person = talk.arrival.person if talk.arrival.private else None
    return await talk.house.database.read(look, number, person, microseconds(talk.house.now()))


def look(tx: Tx, series_id: int, person: int | None, now: int) -> Whole | None:
    """A series as this person finds it, or anybody in general."""
    found = one_series(tx, series_id)
    if found is None:
        return None
    taking_place = [one for one in sessions_of(tx, series_id) if one.state != "cancelled"]
    if person is None:
        return Whole(found, taking_place, {}, takes_all=False, now=now)
    own = {session.id: own for session, own in mine(tx, person, now) if session.series == series_id}
    return Whole(found, taking_place, own, takes_all(tx, series_id, person), now)


def series_card(talk: Talk, whole: Whole, last: Row = ()) -> Message:
    """The card of a series; `last` is the row that leads back."""
    t = talk.texts
    html = "\n".join([f"{bold(whole.series.worded(t.language))} 📅", *_extent(whole, t), *_standing(whole, t)])
    rows = _choices(whole, t) if talk.arrival.private else [open_row(talk, f"series_{whole.series.id}")]
    if whole.ahead:
        rows.append(sessions_row(whole.series.id, t))
    return Message(html, (*rows, last) if last else tuple(rows))


def _extent(whole: Whole, t: Texts) -> list[str]:
    """How many sessions there are, and from when to when."""
    if not whole.sessions:
        return [t.gettext("There are no sessions in this series.")]
    first, last = (t.day(moment(one.starts, one.zone).date()) for one in (whole.sessions[0], whole.sessions[-1]))
    lines = [t.ngettext("{n} session", "{n} sessions", len(whole.sessions))]
    if first != last:
        lines.append(t.gettext("From {first} to {last}").format(first=first, last=last))
    else:
        lines.append(t.gettext("On {day}").format(day=first))
    if not whole.ahead:
        lines.append(t.gettext("All sessions have begun or are over."))
    elif len(whole.ahead) < len(whole.sessions):
        lines.append(t.gettext("Still to come: {n}").format(n=len(whole.ahead)))
    return lines


def _standing(whole: Whole, t: Texts) -> list[str]:
    """Where the reader stands; no line for who is not registered for any."""
    all_of_them = t.gettext("You registered for all. When a session is added, you get a message.")
    lines = [all_of_them] if whole.takes_all else []
    counts = [
        ("confirmed", t.gettext("Your confirmed registrations: {n}")),
        ("waitlisted", t.gettext("Your places on waiting lists: {n}")),
        ("offered", t.gettext("Places that are kept for you: {n}")),
    ]
    return lines + [line.format(n=len(found)) for state, line in counts if (found := whole.registered(state))]


def _choices(whole: Whole, t: Texts) -> list[Row]:
    """To register for all or to leave all, whichever changes something; and the calendar for people with seats."""
    rows: list[Row] = []
    registered = any(one.id in whole.own for one in whole.ahead)
    if whole.missing and not (whole.takes_all and registered):
        rows.append(register_all_row(whole.series.id, t))
    elif registered or whole.takes_all:
        rows.append(leave_all_row(whole.series.id, t))
    if whole.confirmed:
        rows.append(calendar_all_row(whole.series.id, t))
    return rows


def register_all_row(series_id: int, t: Texts) -> Row:
    """To register for each session of a series."""
    # Translators: button label
    return (Button(t.gettext("Register for all"), f"register_all:{series_id}"),)


def leave_all_row(series_id: int, t: Texts) -> Row:
    """To end all registrations of a series."""
    # Translators: button label
    return (Button(t.gettext("Cancel all registrations"), f"leave_all:{series_id}"),)


def calendar_all_row(series_id: int, t: Texts) -> Row:
    """To get a calendar file of all sessions of a series."""
    # Translators: button label
    return (Button(t.gettext("Add all to calendar"), f"ics_all:{series_id}"),)


def sessions_row(series_id: int, t: Texts) -> Row:
    """To the sessions of a series that are to come."""
    # Translators: button label
    return (Button(t.gettext("Show the sessions"), f"more:sessions-series.{series_id}:0"),)
