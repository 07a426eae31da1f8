"""Registering for all sessions of a series, and leaving all: one message says what came of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat import reminders
from bot.chat.browse import out_of_date_sentence
from bot.chat.details import ask_once
from bot.chat.markup import escape
from bot.chat.message import Message, Row
from bot.chat.registrations import known_nowhere, stored, when_one_is_free
from bot.chat.series import (
    Whole,
    calendar_all_row,
    find_series,
    leave_all_row,
    look,
    register_all_row,
    series_card,
    sessions_row,
)
from bot.chat.session_parts import title_of
from bot.chat.sessions import gone
from bot.chat.talk import Talk
from bot.domain.instants import microseconds, moment
from bot.domain.programme import Session
from bot.domain.registrations import Confirmed, Registration, Waitlisted
from bot.domain.terms import Terms
from bot.services import registrations as service
from bot.services.settings import chosen
from bot.store.tx import Tx
from bot.texts import Texts


@dataclass(frozen=True, slots=True)
class CameOfAll:
    """What came of registering for all, and the series as the person finds it now; see `registrations.Came`.

    `changed` says whether they are registered anywhere or for the whole that they were not before.
    """

    changed: bool
    whole: Whole | None
    reminders: str | None
    first: bool


async def register_all(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers register_all:<series>: an ordinary registration for each session that can be registered for."""
    series, terms, now = int(arguments[0]), talk.house.terms, microseconds(talk.house.now())
    person, code = talk.arrival.person, talk.arrival.code
    came = await talk.house.database.write(_register_all, series, person, code, now, terms)
    if came.whole is None:
        await gone(talk)
    elif came.changed:
        await talk.say(_registered(talk, came, came.whole))
        await ask_once(talk)
    else:
        await _unchanged(talk, came.whole)


async def leave_all(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers leave_all:<series>."""
    series, terms, now = int(arguments[0]), talk.house.terms, microseconds(talk.house.now())
    left = await talk.house.database.write(service.leave_all, series, talk.arrival.person, now, terms)
    whole = await find_series(talk, arguments[0])
    if whole is None:
        await gone(talk)
    elif left:
        await talk.say(_left(left, whole, talk.texts))
    else:
        await _unchanged(talk, whole)


async def _unchanged(talk: Talk, whole: Whole) -> None:
    """For old and repeated presses: this is how things stand."""
    card = series_card(talk, whole)
    await talk.say(Message(f"{out_of_date_sentence(talk)}\n{card.html}", card.rows))


def _registered(talk: Talk, came: CameOfAll, whole: Whole) -> Message:
    """Each session with where the registration stands, those with a seat first."""
    _, t = talk.texts.gettext, talk.texts
    lines = [_("Registration for the series: {series}").format(series=escape(whole.series.worded(t.language)))]
    for state, heading in (
        ("confirmed", _("Confirmed: {n}")),
        ("offered", _("A place is kept for you: {n}")),
        ("waitlisted", _("On the waiting list: {n}")),
    ):
        found = [(one, whole.own[one.id]) for one in whole.registered(state)]
        lines += ["", heading.format(n=len(found)), *(_line(one, own, t) for one, own in found)] if found else []
    if whole.missing:
        lines += ["", _("Not registered again where you cancelled before. You can do that singly:")]
        lines += [_line(one, None, t) for one in whole.missing]
    lines.append("")
    if whole.registered("waitlisted"):
        lines.append(when_one_is_free(talk))
    if whole.confirmed:
        lines.append(_("The link to join is in the reminders, in the calendar file and in /my"))
        lines.append(reminders.line(t, talk.house.terms.reminders if came.reminders is None else came.reminders))
    rows: list[Row] = [calendar_all_row(whole.series.id, t)] if whole.confirmed else []
    rows += [leave_all_row(whole.series.id, t)] if whole.own else []
    rows += [sessions_row(whole.series.id, t)] if whole.missing else []
    return Message("\n".join([*lines, *stored(came.first, t)]), tuple(rows))


def _line(one: Session, own: Registration | None, t: Texts) -> str:
    """A session with its start, and the place on its waiting list."""
    start = t.deadline(moment(one.starts, one.zone))
    if own is not None and own.place:
        line = t.gettext("{title}: {when}, number {n}")
        return line.format(title=title_of(one, t.language), when=start, n=own.place)
    return t.gettext("{title}: {when}").format(title=title_of(one, t.language), when=start)


def _left(left: Sequence[Session], whole: Whole, t: Texts) -> Message:
    """All registrations of a series ended; how to come back."""
    _ = t.gettext
    lines = [
        _("All registrations cancelled: {series}").format(series=escape(whole.series.worded(t.language))),
        *(_line(one, None, t) for one in left),
    ]
    if not whole.missing:
        return Message("\n".join(lines))
    lines.append(_("You can register again. If all places are taken then, you start at the end of the waiting list."))
    return Message("\n".join(lines), (register_all_row(whole.series.id, t),))


def _register_all(tx: Tx, series: int, person: int, code: str | None, now: int, terms: Terms) -> CameOfAll:
    first, before = known_nowhere(tx, person, now), service.takes_all(tx, series, person)
    outcomes = service.register_all(tx, series, person, code, now, terms)
    whole = look(tx, series, person, now)
    entered = any(isinstance(outcome, Confirmed | Waitlisted) for _, outcome in outcomes)
    changed = entered or (whole is not None and whole.takes_all and not before)
    return CameOfAll(changed, whole, chosen(tx, person).reminders, first)
