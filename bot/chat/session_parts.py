"""The parts that everything about a session is made of: titles, times, how to get in, buttons."""

from __future__ import annotations

from bot.chat.markup import bold, escape, link
from bot.chat.message import Button, Row
from bot.domain.instants import moment
from bot.domain.programme import Session
from bot.domain.registrations import Registration
from bot.texts import Texts

GERMANY = "Europe/Berlin"


def title_of(found: Session, language: str) -> str:
    """The session's title for this reader, escaped."""
    return escape(found.worded(language)[0])


def hours(found: Session, t: Texts) -> str:
    """Day, start and end in a line, in the session's time zone."""
    return t.day_and_hours(moment(found.starts, found.zone), moment(found.ends, found.zone))


def when(found: Session, t: Texts) -> list[str]:
    """Day and hours in two lines, and where clocks show this time."""
    _ = t.gettext
    start, end = moment(found.starts, found.zone), moment(found.ends, found.zone)
    german = found.zone == GERMANY
    if start.date() != end.date():
        where = _("Time in Germany, online") if german else _("Time zone {zone}, online")
        return [t.day_and_hours(start, end), where.format(zone=found.zone)]
    line = _("{start} to {end} (time in Germany), online") if german else _("{start} to {end} ({zone}), online")
    return [t.weekday(start), line.format(start=t.time(start), end=t.time(end), zone=found.zone)]


def whom(found: Session, t: Texts) -> list[str]:
    """The language that is spoken there, and for whom it is; the latter informs, it does not refuse."""
    _ = t.gettext
    language = t.names([found.language]) or found.language
    named = t.municipalities(found.municipalities)
    if not named:
        return [_("Language: {language}").format(language=language)]
    return [_("Language: {language}. For: {municipalities}").format(language=language, municipalities=named)]


def join(found: Session, t: Texts) -> str:
    """How to get in; only for people with a seat."""
    if not found.join_url:
        return t.gettext("The link to join comes in a message of its own.")
    return t.gettext("Join: {link}").format(link=link(found.join_url, found.join_url))


def short_standing(own: Registration, found: Session, t: Texts) -> str:
    """Where a registration stands, in a line."""
    _ = t.gettext
    if own.state == "waitlisted":
        return _("On the waiting list as number {n}").format(n=own.place)
    if own.state == "offered" and own.offered_until is not None:
        deadline = t.deadline(moment(own.offered_until, found.zone))
        return _("A place is kept for you until {deadline}").format(deadline=deadline)
    return _("Registration confirmed")


def kept_until(offered_until: int, found: Session, t: Texts) -> str:
    """How long an offered seat is kept."""
    deadline = bold(t.deadline(moment(offered_until, found.zone)))
    return t.gettext("Kept for you until {deadline}. After that the next person gets it.").format(deadline=deadline)


def register_row(session_id: int, t: Texts) -> Row:
    """To register."""
    # Translators: button label
    return (Button(t.gettext("Register"), f"register:{session_id}"),)


def attend_row(session_id: int, t: Texts) -> Row:
    """To say that one is there, shortly before the start and while it runs."""
    # Translators: button label
    return (Button(t.gettext("I am here"), f"attend:{session_id}"),)


def leave_row(session_id: int, t: Texts) -> Row:
    """To end the registration, or leave the waiting list."""
    # Translators: button label
    return (Button(t.gettext("Cancel registration"), f"leave:{session_id}"),)


def calendar_row(session_id: int, t: Texts) -> Row:
    """To get the calendar file."""
    # Translators: button label
    return (Button(t.gettext("Add to calendar"), f"ics:{session_id}"),)


def offer_rows(session_id: int, t: Texts) -> list[Row]:
    """To accept an offered seat, or decline it."""
    return [
        # Translators: button label
        (Button(t.gettext("Accept the place"), f"accept:{session_id}"),),
        # Translators: button label
        (Button(t.gettext("Decline the place"), f"decline:{session_id}"),),
    ]
