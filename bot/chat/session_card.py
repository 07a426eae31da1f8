"""How a session looks to one reader: what is certain about it, and what they can do there."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.links import start_link
from bot.chat.markup import bold, escape
from bot.chat.message import Button, Message, Row
from bot.chat.session_parts import (
    attend_row,
    calendar_row,
    join,
    kept_until,
    leave_row,
    offer_rows,
    register_row,
    when,
    whom,
)
from bot.chat.talk import Talk
from bot.domain.instants import moment
from bot.domain.programme import Seats, Series, Session
from bot.domain.registrations import Registration
from bot.services.attendance import correctable
from bot.services.registrations import registration
from bot.services.sessions import one_series, seats, session, sessions_of
from bot.store.tx import Tx
from bot.texts import Texts, no_version


@dataclass(frozen=True, slots=True)
class View:
    """A session as one reader finds it at `now` (UTC microseconds).

    It is number `number` of the `of` sessions of its series that take place. `own` is the reader's registration, if
    there ever was one.
    """

    session: Session
    series: Series
    number: int
    of: int
    seats: Seats
    own: Registration | None
    now: int

    @property
    def state(self) -> str:
        """Where the reader's registration stands; nothing for who has none."""
        return self.own.state if self.own and self.own.state != "cancelled" else ""

    @property
    def ahead(self) -> bool:
        """Whether it takes place and has not begun."""
        return self.session.state != "cancelled" and self.now < self.session.starts

    @property
    def seated(self) -> bool:
        """Whether the reader has a seat, and is let in."""
        return self.state in {"confirmed", "attended", "no_show"}


def look(tx: Tx, session_id: int, person: int | None, now: int) -> View | None:
    """A session as this person finds it, or anybody in general; None where there is no such session."""
    found = session(tx, session_id)
    series = one_series(tx, found.series) if found else None
    if found is None or series is None:
        return None
    taking_place = [one.id for one in sessions_of(tx, series.id) if one.state != "cancelled"]
    number = taking_place.index(found.id) + 1 if found.id in taking_place else 0
    own = registration(tx, found.id, person) if person is not None else None
    return View(found, series, number, len(taking_place), seats(tx, [found.id])[found.id], own, now)


def card(talk: Talk, view: View, last: Row = ()) -> Message:
    """The card of a session; `last` is the row that leads back. In a group it shows nothing of the reader."""
    t, found = talk.texts, view.session
    title, summary, code = found.worded(t.language)
    lines = [f"{bold(title)} 📅", *_news(view, t), *when(found, t), *_series(view, t), *whom(found, t)]
    lines += no_version(code, t)
    lines += [escape(line) for line in summary.split("\n") if line.strip()]
    if found.speakers:
        lines.append(t.gettext("Speakers: {names}").format(names=escape(found.speakers)))
    lines += [*_seats(view, t), *standing(view, t)]
    if not talk.arrival.private:
        return Message("\n".join(lines), (open_row(talk, f"session_{found.id}"),))
    rows = [*_choices(view, t), *_series_row(view, t)]
    return Message("\n".join(lines), (*rows, last) if last else tuple(rows))


def standing(view: View, t: Texts) -> list[str]:
    """Where the reader's registration stands, and how to get in; no line for who has none."""
    _, own, found = t.gettext, view.own, view.session
    if view.state == "attended":
        return [_("You took part.")]
    if own is None or found.state == "cancelled" or view.now >= found.ends:
        return []
    if view.state == "confirmed":
        return [_("Your registration is confirmed."), join(found, t)]
    if view.state == "waitlisted" and view.ahead:
        return [_("You are on the waiting list as number {n}.").format(n=own.place)]
    if view.state == "offered" and own.offered_until is not None and view.ahead:
        return [_("A place is free for you."), kept_until(own.offered_until, found, t)]
    return []


def _news(view: View, t: Texts) -> list[str]:
    """What must be known before the rest."""
    _, found = t.gettext, view.session
    if found.state == "cancelled":
        return [_("This session has been cancelled.")]
    if view.now >= found.ends:
        return [_("This session is over.")]
    if view.now >= found.starts:
        return [_("This session has begun.")]
    if found.version > 1:
        day = t.day(moment(found.moved, found.zone).date())
        return [_("The time was changed on {day}. This is the new one:").format(day=day)]
    return []


def _series(view: View, t: Texts) -> list[str]:
    title = escape(view.series.worded(t.language))
    if not view.number or view.of == 1:
        return [t.gettext("Series: {series}").format(series=title)]
    line = t.gettext("Series: {series}, session {number} of {count}")
    return [line.format(series=title, number=view.number, count=view.of)]


def _seats(view: View, t: Texts) -> list[str]:
    """How many places there are and are free, for who could still register, or waits."""
    _, all_of, free = t.gettext, view.seats.capacity, view.seats.free
    if not view.ahead or view.state not in {"", "waitlisted"}:
        return []
    if view.session.state == "closed":
        return [_("Registration for this session is closed.")]
    if all_of is None or free is None:
        return [_("Places: no limit")]
    if free == all_of:
        return [_("Places: {count}, all of them free").format(count=all_of)]
    if free:
        return [_("Places: {count}, {free} of them free").format(count=all_of, free=free)]
    lines = [_("Places: {count}, all taken").format(count=all_of)]
    if view.seats.waiting:
        lines.append(_("On the waiting list: {n}").format(n=view.seats.waiting))
    if not view.state:
        lines.append(_("Whoever registers now is put on the waiting list."))
    return lines


def _choices(view: View, t: Texts) -> list[Row]:
    """What the reader can do now."""
    found = view.session
    if view.state == "attended":
        # Translators: button label
        return [(Button(t.gettext("Certificate of attendance"), f"certificate:{found.id}"),)]
    rows: list[Row] = []
    if view.seated and found.running(view.now):
        rows.append(attend_row(found.id, t))
    elif view.state == "confirmed" and correctable(found, view.now):
        # Translators: button label
        rows.append((Button(t.gettext("I was there"), f"claim:{found.id}"),))
    if not view.ahead:
        return rows
    if view.state == "confirmed":
        return [*rows, calendar_row(found.id, t), leave_row(found.id, t)]
    if view.state == "waitlisted":
        return [leave_row(found.id, t)]
    if view.state == "offered":
        return offer_rows(found.id, t)
    return [register_row(found.id, t)] if found.state == "open" else []


def _series_row(view: View, t: Texts) -> list[Row]:
    """The way to the other sessions of the series."""
    if view.of < 2:  # noqa: PLR2004 - it is the only one
        return []
    # Translators: button label
    return [(Button(t.gettext("Show the whole series"), f"series:{view.series.id}"),)]


def open_row(talk: Talk, payload: str) -> Row:
    """The way from a group into the reader's own chat, where they can register."""
    # Translators: button label
    return (Button(talk.texts.gettext("Open in Lotse"), url=start_link(talk.house.api.name, payload)),)
