"""Registering and leaving by a press: it acts at once, says what came of it and what is stored, and how to undo it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat import reminders
from bot.chat.browse import out_of_date_sentence
from bot.chat.details import ask_once
from bot.chat.message import Button, Message, Row
from bot.chat.session_card import View, look
from bot.chat.session_parts import calendar_row, hours, join, leave_row, register_row, title_of
from bot.chat.sessions import stands
from bot.chat.talk import Talk
from bot.domain.instants import HOUR, MINUTE, SECOND, microseconds
from bot.domain.programme import GIVEN_AT_ONCE, Session
from bot.domain.registrations import (
    Accepting,
    AlreadyRegistered,
    Confirmed,
    Leaving,
    Left,
    Refused,
    Registering,
    Waitlisted,
)
from bot.domain.reminders import due, rules
from bot.domain.terms import Terms
from bot.services import registrations as service
from bot.services.settings import chosen
from bot.store.tx import Tx
from bot.texts import Texts


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a press.

    `view` is the session as the person finds it now, `reminders` their rules, None for the operator's; `first` says
    that nothing was stored of them for any session before.
    """

    outcome: Registering | Leaving | Accepting
    view: View | None
    reminders: str | None = None
    first: bool = False


async def register(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers register:<session>."""
    session, terms, now = int(arguments[0]), talk.house.terms, microseconds(talk.house.now())
    person, code = talk.arrival.person, talk.arrival.code
    came = await talk.house.database.write(_register, session, person, code, now, terms)
    if not isinstance(came.outcome, Confirmed | Waitlisted) or came.view is None:
        await _unchanged(talk, session, came)
        return
    await talk.say(_registered(talk, came, came.view))
    await ask_once(talk)


async def accept(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers accept:<session>, for who is offered a place there."""
    session, terms, now = int(arguments[0]), talk.house.terms, microseconds(talk.house.now())
    came = await talk.house.database.write(_accept, session, talk.arrival.person, now, terms)
    if isinstance(came.outcome, Confirmed) and came.view is not None:
        await talk.say(_registered(talk, came, came.view))
    else:
        await _unchanged(talk, session, came)


async def leave(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers leave:<session>."""
    session, terms, now = int(arguments[0]), talk.house.terms, microseconds(talk.house.now())
    came = await talk.house.database.write(_leave, session, talk.arrival.person, now, terms)
    await _gone_from(talk, session, came)


async def decline(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers decline:<session>, for who is offered a place there."""
    session, terms, now = int(arguments[0]), talk.house.terms, microseconds(talk.house.now())
    came = await talk.house.database.write(_decline, session, talk.arrival.person, now, terms)
    await _gone_from(talk, session, came)


async def _gone_from(talk: Talk, session: int, came: Came) -> None:
    if isinstance(came.outcome, Left) and came.view is not None:
        await talk.say(_left(came.outcome, came.view, talk.texts))
    else:
        await _unchanged(talk, session, came)


async def _unchanged(talk: Talk, session: int, came: Came) -> None:
    """For old, repeated and forged presses, and what cannot be done: says why, and how things stand."""
    _ = talk.texts.gettext
    why = came.outcome.why if isinstance(came.outcome, Refused) else ""
    sentences = {
        "started": _("This session has begun or is over. Nothing was changed."),
        "closed": _("Registration for this session is closed. Nothing was changed."),
        "cancelled": _("This session has been cancelled. Nothing was changed."),
    }
    if isinstance(came.outcome, AlreadyRegistered):
        sentence = _("Nothing was changed. Here is how things stand now:")
    else:
        sentence = sentences.get(why) or out_of_date_sentence(talk)
    await stands(talk, sentence, session)


def _registered(talk: Talk, came: Came, view: View) -> Message:
    """There is a seat, or a place on the waiting list; the first time with what is stored."""
    t, found = talk.texts, view.session
    if view.state == "confirmed":
        confirmed = t.gettext("Registration confirmed: {title}").format(title=title_of(found, t.language))
        lines = [confirmed, hours(found, t), join(found, t), *_reminders(talk, came, found, view.now)]
        rows: tuple[Row, ...] = (calendar_row(found.id, t), leave_row(found.id, t), needs_row(found.id, t))
    else:
        waiting = t.gettext("Waiting list, number {n}: {title}")
        place = view.own.place if view.own else 0
        lines = [waiting.format(n=place, title=title_of(found, t.language)), hours(found, t), *_terms(talk, view)]
        rows = (leave_row(found.id, t),)
    return Message("\n".join([*lines, *stored(came.first, t)]), rows)


def stored(first: bool, t: Texts) -> list[str]:  # noqa: FBT001 - whether to say it
    """What is stored, and how to undo it."""
    if not first:
        return []
    return [
        t.gettext("Stored for place and reminders: Telegram id, this registration. Cancel any time, here or with /my")
    ]


def _reminders(talk: Talk, came: Came, found: Session, now: int) -> list[str]:
    """When reminders come; no line where the time of all has passed."""
    kept = talk.house.terms.reminders if came.reminders is None else came.reminders
    ahead = [rule for rule in rules(kept) if due(found.starts, found.zone, rule) > now]
    return [reminders.line(talk.texts, ",".join(ahead))] if ahead or not kept else []


def _terms(talk: Talk, view: View) -> list[str]:
    """What a place on the waiting list means."""
    t, lines = talk.texts, []
    if view.seats.capacity:
        lines.append(t.ngettext("The only place is taken.", "All {n} places are taken.", view.seats.capacity))
    if view.session.starts - view.now < GIVEN_AT_ONCE:
        lines.append(t.gettext("When one is free it is yours at once, and a message says so."))
    else:
        lines.append(when_one_is_free(talk))
    return lines


def when_one_is_free(talk: Talk) -> str:
    """What happens to who waits."""
    sentence = talk.texts.gettext(
        "When one is free you get a message and then have {time}; weekends and public holidays do not count."
    )
    return sentence.format(time=_span(talk.house.terms.offer, talk.texts))


def _span(length: int, t: Texts) -> str:
    """A length in microseconds in words, in the largest unit that holds it whole: "24 hours"."""
    unit, size = next(
        (unit, size) for unit, size in (("h", HOUR), ("m", MINUTE), ("s", SECOND)) if length % size == 0 or unit == "s"
    )
    return t.span(length // size, unit)


def _left(outcome: Left, view: View, t: Texts) -> Message:
    """The registration ended; how to come back."""
    _, found = t.gettext, view.session
    if outcome.was == "confirmed":
        first = _("Registration cancelled: {title}")
    else:
        first = _("You are no longer on the waiting list: {title}")
    lines = [first.format(title=title_of(found, t.language)), hours(found, t)]
    if found.state != "open" or not view.ahead:
        return Message("\n".join(lines))
    lines.append(_("You can register again. If all places are taken then, you start at the end of the waiting list."))
    return Message("\n".join(lines), (register_row(found.id, t),))


def needs_row(session_id: int, t: Texts) -> Row:
    """To say what one needs to take part."""
    # Translators: button label
    return (Button(t.gettext("Sign language or subtitles"), f"needs:{session_id}"),)


def _register(tx: Tx, session: int, person: int, code: str | None, now: int, terms: Terms) -> Came:
    first = known_nowhere(tx, person, now)
    outcome = service.register(tx, session, person, code, now, terms)
    return Came(outcome, look(tx, session, person, now), chosen(tx, person).reminders, first)


def _accept(tx: Tx, session: int, person: int, now: int, terms: Terms) -> Came:
    outcome = service.accept(tx, session, person, now, terms)
    return Came(outcome, look(tx, session, person, now), chosen(tx, person).reminders)


def _leave(tx: Tx, session: int, person: int, now: int, terms: Terms) -> Came:
    return Came(service.leave(tx, session, person, now, terms), look(tx, session, person, now))


def _decline(tx: Tx, session: int, person: int, now: int, terms: Terms) -> Came:
    return Came(service.decline(tx, session, person, now, terms), look(tx, session, person, now))


def known_nowhere(tx: Tx, person: int, now: int) -> bool:
    """Whether a person has no registration yet, so that they must hear what is stored."""
    return not service.mine(tx, person, now) and not service.attended(tx, person)
