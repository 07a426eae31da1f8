"""How one contact point looks: what it is for, whether it is open, where it is, how to reach it."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode

from bot.chat.cards import copy_button, note, source_lines
from bot.chat.markup import LRM, bold, escape, left, link
from bot.chat.message import Button, Message, Row
from bot.domain.knowledge import Contact
from bot.services.opening import opening
from bot.texts import Texts, texts

EXACT, ROUGH = 0.1, 5.0  # km from which a distance says something
MAP = "https://www.openstreetmap.org/search"


def contact_card(contact: Contact, language: str, now: datetime, last: Row = (), away: str = "") -> Message:
    """The card of an office, advice centre or help line; a confidential address is never shown.

    `away` is how far it is where that is known, `last` the row that leads back.
    """
    t = texts(language)
    lines = [bold(contact.name)]
    if contact.notes:
        lines.append(escape(note(contact, language)))
    appointment = t.gettext("By appointment") if contact.by_appointment else ""
    lines += [line for line in (open_line(contact, t, now), appointment, _languages_line(contact, t)) if line]
    lines += _where_lines(contact, away, t)
    lines += [left(line) for line in (contact.phone, contact.email) if line]
    if contact.website:
        lines.append(LRM + link(contact.website.partition("://")[2].rstrip("/"), contact.website))
    if contact.status == "partly":
        lines.append(t.gettext("Not every detail is confirmed. Call first."))
    lines += source_lines(contact.sources, contact.reviewed_on, t)
    copy = ((copy_button(contact, t),),) if contact.phone else ()
    rows = (*copy, *map_row(contact, t), mistake_row(contact.id, t))
    return Message("\n".join(lines), (*rows, last) if last else rows)


def _where_lines(contact: Contact, away: str, t: Texts) -> list[str]:
    """Street, town and distance, each on its own line; nothing of a secret address."""
    if contact.confidential_address:
        return []
    lines = []
    if contact.address:
        town = f"{contact.address.postcode} {contact.address.city}".strip()
        lines = [left(line) for line in (contact.address.street, town) if line]
    if away:
        lines.append(t.gettext("{distance} away").format(distance=away))
    return lines


def kilometres(contact: Contact, distance: float | None, t: Texts, *, shared: bool = False) -> str:
    """A contact point's distance in km as the crow flies; nothing where it is unknown, or says nothing.

    It says little within a town, unless the person has `shared` a position: without one, people are taken to be in
    the middle of their town, and contact points without one in the middle of their postcode or town.
    """
    if distance is None or distance < (EXACT if shared and contact.location else ROUGH):
        return ""
    return t.kilometres(distance)


def map_row(contact: Contact, t: Texts) -> tuple[Row, ...]:
    """The button to the map; none where the address is secret or unknown."""
    # Translators: button label
    label = t.gettext("Show map")
    if contact.confidential_address:
        return ()
    if contact.location:
        return ((Button(label, f"map:{contact.id}"),),)
    if contact.address and contact.address.street and contact.address.city:
        return ((Button(label, url=f"{MAP}?{urlencode({'query': address_line(contact)})}"),),)
    return ()


def address_line(contact: Contact) -> str:
    """Street and town on one line; the name where neither is known."""
    if contact.address is None:
        return contact.name
    town = f"{contact.address.postcode} {contact.address.city}".strip()
    return ", ".join(part for part in (contact.address.street, town) if part) or contact.name


def mistake_row(about: str, t: Texts) -> Row:
    """The button to say that something of a contact point or an entry is wrong."""
    # Translators: button label
    return (Button(t.gettext("Report a mistake"), f"mistake:{about}"),)


def open_line(contact: Contact, t: Texts, now: datetime) -> str:
    """Whether it is open, and until when; else when it opens next. Nothing where its hours are not known."""
    _ = t.gettext
    state = opening(contact, now)
    if state is None:
        return ""
    if state.change is None:
        return _("Open day and night") if state.open else ""
    time = t.time(state.change)
    if state.open:
        return _("Open now, until {time}").format(time=time)
    today = now.astimezone(state.change.tzinfo).date()
    if state.change.date() == today:
        line = _("Closed now, opens today at {time}")
    elif state.change.date() == today + timedelta(days=1):
        line = _("Closed now, opens tomorrow, {day}, at {time}")
    else:
        line = _("Closed now, opens on {day} at {time}")
    return line.format(time=time, day=t.weekday(state.change.date(), year=False))


def _languages_line(contact: Contact, t: Texts) -> str:
    names = t.names(contact.languages)
    return t.gettext("Languages: {languages}").format(languages=names) if names else ""
