"""Sessions as calendar files (RFC 5545): one of them, or a whole series.

They are made for importing into Outlook, Google and Apple calendars: METHOD is PUBLISH, for nobody is invited or has
to answer. The same session has the same UID for good and counts its SEQUENCE up, so that a newer file replaces the
entry of an older one. There are no attendees, no personal links, and no alarms, since Lotse reminds. A name for the
whole calendar is missing on purpose: Outlook would make a separate calendar of it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from icalendar import Calendar, Event, vText, vUri

from bot.documents.zone import timezone
from bot.domain.instants import moment
from bot.domain.programme import Series, Session
from bot.texts import Texts, texts

PRODUCT = "-//Lotse//Sessions//EN"
CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # all but the line feed


class _Entry(NamedTuple):
    """A session as it is for the reader of a file."""

    session: Session
    joins: bool
    off: bool


def session_file(
    session: Session, series: Series, language: str, *, origin: str, joins: bool, cancelled: bool = False
) -> bytes:
    """The calendar file of a session for one reader, in the reader's language.

    `origin` tells this Lotse from others and must stay the same: the bot's number. `joins`: the reader has a seat,
    so the file holds the link to join. `cancelled`: the session is off for this reader, as it is when it was
    cancelled for all.
    """
    return _file(series, [_Entry(session, joins, cancelled or session.state == "cancelled")], language, origin)


def series_file(series: Series, entries: Sequence[tuple[Session, bool]], language: str, *, origin: str) -> bytes:
    """The calendar file of several sessions of a series; each with whether the reader has a seat there."""
    marked = [_Entry(session, joins, session.state == "cancelled") for session, joins in entries]
    return _file(series, marked, language, origin)


def _file(series: Series, entries: Sequence[_Entry], language: str, origin: str) -> bytes:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    described = {}
    for zone in sorted({entry.session.zone for entry in entries}):
        years = [moment(one.session.starts, zone).year for one in entries if one.session.zone == zone]
        if found := timezone(zone, min(years), max(years)):
            described[zone] = found
            calendar.add_component(found)
    for entry in entries:
        event = _event(entry, series, texts(language), origin)
        for name, time in zip(("dtstart", "dtend"), _times(entry.session, described), strict=True):
            event.add(name, time)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(entry: _Entry, series: Series, t: Texts, origin: str) -> Event:
    """The entry in the calendar, but for its times."""
    session, joins, off = entry
    title, _, code = session.worded(t.language)
    event = Event()
    event.add("uid", f"session-{session.id}@{origin.lower()}")
    event.add("sequence", session.sequence)
    event.add("dtstamp", moment(session.changed))
    event.add("created", moment(session.created))
    event.add("last-modified", moment(session.changed))
    if off:  # in the title as well: some calendars show no state
        event.add("summary", _line(t.gettext("Cancelled: {title}").format(title=title)))
    else:
        event.add("summary", vText(_line(title), params={"LANGUAGE": code}))
    event.add("description", _clean(_description(entry, series, t)))
    event.add("status", "CANCELLED" if off else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if off else "OPAQUE")
    url = "".join(_clean(session.join_url).split()) if joins and not off else ""
    if not off:
        event.add("location", url or t.gettext("Online"))
    if url:
        event.add("url", vUri(url))
        event.add("conference", vUri(url, params={"VALUE": "URI", "FEATURE": ["AUDIO", "VIDEO"]}))
    return event


def _times(session: Session, described: Container[str]) -> tuple[datetime, datetime]:
    """Start and end on the clocks of the session's zone.

    In UTC where a calendar could not know them by that: in an hour that comes twice calendars take the first (RFC
    5545, 3.3.5) and we mean the instant; and in zones that are not described.
    """
    start, end = (moment(instant, session.zone) for instant in (session.starts, session.ends))
    if session.zone in described and not start.fold and not end.fold:
        return start, end
    return start.astimezone(UTC), end.astimezone(UTC)


def _description(entry: _Entry, series: Series, t: Texts) -> str:
    session, joins, off = entry
    _ = t.gettext
    lines = [_("Series: {series}").format(series=series.worded(t.language))]
    if summary := session.worded(t.language)[1].strip():
        lines.append(summary)
    if session.speakers:
        lines.append(_("Speakers: {names}").format(names=session.speakers))
    if off:
        lines.insert(0, _("This session has been cancelled."))
    elif joins and session.join_url:
        lines.append(_("Join: {link}").format(link=session.join_url))
    elif joins:
        lines.append(_("The link to join comes in a message of its own."))
    return "\n".join(lines)


def _line(text: str) -> str:
    return " ".join(_clean(text).split())


def _clean(text: str) -> str:
    """Without the control characters that no calendar can hold."""
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
