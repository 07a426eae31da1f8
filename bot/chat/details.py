"""Name, authority and municipality for list and certificate: asked once, never needed, corrected any time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.chat.asking import ask
from bot.chat.browse import out_of_date
from bot.chat.markup import escape
from bot.chat.message import Button, Message, Row
from bot.chat.talk import Talk
from bot.domain.details import Details, parse, parse_municipality
from bot.domain.instants import microseconds
from bot.domain.knowledge import MUNICIPALITIES
from bot.services.details import details, forget, keep, keep_municipality, keep_type, note_asked
from bot.services.drafts import Draft
from bot.texts import N_

KIND = "details"  # of the draft
LIFE = timedelta(days=7)  # people look up how their authority writes itself, and answer later
TYPES = {
    # Translators: button label
    "landkreis": N_("Rural district"),
    # Translators: button label
    "kreisfreie-stadt": N_("Independent city"),
    # Translators: button label
    "kreisangehoerig": N_("Municipality in a district"),
}


async def ask_once(talk: Talk) -> None:
    """After the first registration: asks for details, of who is stored and was never asked before."""
    now = microseconds(talk.house.now())
    if await talk.house.database.write(note_asked, talk.arrival.person, now):
        await _ask(talk)


async def ask_workplace(talk: Talk) -> None:
    """Asks staff where they work, unless they have said so; what they say is kept with the other details."""
    house, person = talk.house, talk.arrival.person
    await house.database.write(note_asked, person, microseconds(house.now()))
    stored = await house.database.read(details, person)
    if stored is not None and not (stored.municipality and stored.municipality_type):
        await talk.say(workplace(talk, stored))


async def answer(talk: Talk, draft: Draft) -> None:
    """Takes the reply to the question; another one, or the same one edited, replaces it."""
    if draft.step == "town":
        await _take_town(talk)
        return
    said = parse(talk.arrival.text)
    if not said:
        await talk.say(Message(talk.texts.gettext("Nothing was stored.")))
        return
    now = microseconds(talk.house.now())
    stored = await talk.house.database.write(keep, talk.arrival.person, said, now)
    if stored is None:
        await out_of_date(talk)
    else:
        await talk.say(card(talk, stored))


async def _take_town(talk: Talk) -> None:
    town = parse_municipality(talk.arrival.text)
    stored = await talk.house.database.write(keep_municipality, talk.arrival.person, town) if town else None
    if town and stored is None:
        await out_of_date(talk)
    else:
        await talk.say(_kept(talk, stored) if stored else Message(talk.texts.gettext("Nothing was stored.")))


async def press(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers details:show, details:again, details:town and details:forget, for who was asked before."""
    house, person = talk.house, talk.arrival.person
    stored = await house.database.read(details, person)
    if stored is None or arguments[0] not in {"show", "again", "town", "forget"}:
        await out_of_date(talk)
    elif arguments[0] == "forget":
        await house.database.write(forget, person)
        await talk.show(Message(talk.texts.gettext("Name, authority and municipality are deleted.")))
    elif arguments[0] == "show" and stored:
        await talk.show(card(talk, stored))
    elif arguments[0] == "town":
        question = talk.texts.gettext("Reply to this message with the name of the municipality.")
        await ask(talk, KIND, "town", {}, Message(question), LIFE)
    else:
        await _ask(talk)


async def choose_type(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers kind:<type of municipality>, for who was asked for details before."""
    kind = arguments[0]
    known = kind in MUNICIPALITIES
    stored = await talk.house.database.write(keep_type, talk.arrival.person, kind) if known else None
    if stored is None:
        await out_of_date(talk)
    else:
        await talk.show(_kept(talk, stored))


def _kept(talk: Talk, stored: Details) -> Message:
    """What is stored now, as the person was asked for it: staff for where they work."""
    return workplace(talk, stored) if talk.role and not (stored.name or stored.organisation) else card(talk, stored)


def workplace(talk: Talk, stored: Details) -> Message:
    """Where staff work, as far as they said so, and what for."""
    _ = talk.texts.gettext
    lines = [
        _("Optional: which municipality do you work for?"),
        _("Municipality: {municipality}").format(municipality=_said(talk, stored.municipality)),
        _type_line(talk, stored),
        _("Announcements for its type then reach you."),
        _("Only the coordination team of the network sees this, on its own server."),
        _("If you would rather not, do nothing. Change it any time: /settings"),
    ]
    # Translators: button label
    rows = [*_types(talk), (Button(_("Name the municipality"), "details:town"),)]
    if stored:
        # Translators: button label
        rows.append((Button(_("Delete these details"), "details:forget"),))
    return Message("\n".join(lines), tuple(rows))


def card(talk: Talk, stored: Details) -> Message:
    """What is stored, to be corrected or deleted; the type of the municipality can be chosen."""
    _ = talk.texts.gettext
    lines = [
        _("Stored for list and certificate:"),
        _("Name: {name}").format(name=_said(talk, stored.name)),
        _("Authority: {authority}").format(authority=_said(talk, stored.organisation)),
        _("Municipality: {municipality}").format(municipality=_said(talk, stored.municipality)),
        _type_line(talk, stored),
    ]
    # Translators: button label
    again = (Button(_("Correct these details"), "details:again"),)
    # Translators: button label
    return Message("\n".join(lines), (*_types(talk), again, (Button(_("Delete these details"), "details:forget"),)))


def _type_line(talk: Talk, stored: Details) -> str:
    _, kind = talk.texts.gettext, TYPES.get(stored.municipality_type)
    return _("Type: {type}").format(type=_(kind)) if kind else _("Type: not stated. Choose one below if you like.")


def _types(talk: Talk) -> list[Row]:
    return [(Button(talk.texts.gettext(label), f"kind:{name}"),) for name, label in TYPES.items()]


async def _ask(talk: Talk) -> None:
    """What for, who sees it, and how to skip: a forced reply has no buttons."""
    _ = talk.texts.gettext
    lines = [
        _("For list and certificate: your name, authority and municipality"),
        _("Reply to this message, with three lines or with commas between."),
        _("Only the coordination team of the network sees this, on its own server."),
        _("Optional: if you would rather not, do nothing."),
    ]
    await ask(talk, KIND, "all", {}, Message("\n".join(lines)), LIFE)


def _said(talk: Talk, word: str) -> str:
    return escape(word) or talk.texts.gettext("not stated")
