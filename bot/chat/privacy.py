"""/privacy, /mydata and /delete: what is kept, getting it, and having it deleted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.chat.browse import out_of_date
from bot.chat.commands import register_for
from bot.chat.markup import bold, escape
from bot.chat.message import Button, Message
from bot.chat.talk import Talk
from bot.chat.typed import clean
from bot.domain.instants import microseconds, moment
from bot.domain.registrations import ACTIVE
from bot.domain.terms import Terms
from bot.services.drafts import start as start_draft
from bot.services.drafts import take
from bot.services.privacy import about, erase, erase_if_unneeded
from bot.services.roles import is_last
from bot.store.erased import fingerprint, remember
from bot.store.tx import Tx
from bot.texts import N_, interface_languages, texts

# Translators: button label
DELETE = N_("Delete my data")


async def privacy(talk: Talk, _arguments: Sequence[str]) -> None:
    """Answers /privacy."""
    _ = talk.texts.gettext
    operator = talk.house.knowledge.operator
    lines = [bold(_("Privacy in short"))]
    if operator and operator.controller:
        lines.append(_("Responsible: {operator}").format(operator=escape(operator.controller)))
        lines += [escape(line) for line in (operator.address, operator.data_protection_officer) if line]
    else:
        lines.append(_("The operator of this Lotse has not given a name yet."))
    lines += [
        _("Your questions are not kept; only topic and language are counted."),
        _("What you send to the coordination team is kept until 90 days after the answer."),
        _("Kept are your Telegram id, what you choose here, your registrations, and what you say for them."),
        _("Registrations are deleted 90 days after the series, what you need to take part 14 days after the session."),
        _("Without registration, role or newsletter everything is deleted after six months without a message."),
        _("A place that you share is not stored. Your town is stored only if you choose it: /settings"),
        _("Telegram is a company of its own. The chat is kept there."),
    ]
    if operator and operator.supervisory_authority:
        lines.append(_("You can complain to: {authority}").format(authority=escape(operator.supervisory_authority)))
    if operator and operator.imprint:
        lines.append(_("Imprint: {imprint}").format(imprint=escape(operator.imprint)))
    rows = (
        # Translators: button label
        (Button(_("Get my data"), "mydata:"),),
        # Translators: button label
        (Button(_("Delete my data"), "delete:"),),
    )
    await talk.show(Message("\n".join(lines), rows))


async def my_data(talk: Talk, _arguments: Sequence[str]) -> None:
    """/mydata: one JSON document with everything stored about the person."""
    stored = await talk.house.database.read(about, talk.arrival.person)
    if stored.get("place"):
        place = talk.house.atlas.place(stored["place"]) if talk.house.atlas else None
        stored["place"] = {"number": stored["place"], "name": place.name if place else None}
    content = json.dumps(stored, ensure_ascii=False, indent=2).encode()
    caption = talk.texts.gettext("Everything that Lotse has stored about you.")
    await talk.house.api.document(talk.arrival.chat, content, "lotse-data.json", caption)


async def delete(talk: Talk, _arguments: Sequence[str]) -> None:
    """/delete: says what would go, and asks once."""
    _ = talk.texts.gettext
    now = microseconds(talk.house.now())
    draft = await talk.house.database.write(start_draft, talk.arrival.person, "delete", {}, now)
    lines = [
        _("Delete all your data at Lotse?"),
        kept_line(talk, await talk.house.database.read(about, talk.arrival.person), now),
        _("This cannot be undone. The chat stays with Telegram."),
    ]
    if await talk.house.database.read(is_last, talk.arrival.person, talk.house.coordinators):
        lines.append(
            _("Nobody else is on the coordination team. Afterwards only the operator can invite people to it.")
        )
    rows = (
        (Button(_(DELETE), f"confirm:{draft}"),),
        # Translators: button label
        (Button(_("Keep my data"), f"cancel:{draft}"),),
    )
    await talk.say(Message("\n".join(lines), rows))


def asked_whether(talk: Talk) -> bool:
    """Whether what was pressed may be the question whether to delete; it has no buttons any more once it is answered.

    In any language, since that chosen before is gone with everything else.
    """
    labels = {clean(label) for label, _ in talk.arrival.buttons}
    return not labels or any(texts(code).gettext(DELETE) in labels for code in interface_languages())


def kept_line(talk: Talk, stored: Mapping[str, Any], now: int) -> str:
    """What would go, by kind and number, and that seats become free. `now` in UTC microseconds."""
    _, ngettext = talk.texts.gettext, talk.texts.ngettext
    registered = [one for one in stored.get("registrations", ()) if one["state"] != "cancelled"]
    kinds = [
        _("language") if stored.get("language") else "",
        _("role") if stored.get("role") else "",
        _("newsletter") if stored.get("newsletter") else "",
        _("reminders") if stored.get("reminders") is not None else "",
        _("personal details") if stored.get("details") else "",
        _("place") if stored.get("place") else "",
        _("what you need to take part") if stored.get("needs") else "",
        ngettext("{n} registration", "{n} registrations", len(registered)) if registered else "",
        _questions(talk, len(stored.get("inquiries", ()))),
    ]
    named = tuple(kind for kind in kinds if kind)
    if not named:
        return _("That is: your Telegram id, if at all.")
    present = moment(now)
    seats = any(one["state"] in ACTIVE and datetime.fromisoformat(one["starts"]) > present for one in registered)
    line = _("That is: {kinds}. Your places become free.") if seats else _("That is: {kinds}.")
    return line.format(kinds=talk.texts.items(named))


def _questions(talk: Talk, many: int) -> str:
    ngettext = talk.texts.ngettext
    line = ngettext("{n} question to the coordination team", "{n} questions to the coordination team", many)
    return line if many else ""


async def confirm(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers confirm:<draft>; also when a kill came in between, so who has nothing stored hears that it is gone."""
    house, person = talk.house, talk.arrival.person
    now = house.now()
    stored = await house.database.write(_erase_if_asked, int(arguments[0]), person, microseconds(now), house.terms)
    if stored:
        await out_of_date(talk)
        return
    mark = await house.database.write(fingerprint, person)
    if not house.erased.exists() or mark not in house.erased.read_text("ascii"):
        remember(house.erased, mark, now.date().isoformat())
    await house.database.erase_traces()
    if talk.role:
        talk.role = None
        await register_for(talk)
    _ = talk.texts.gettext
    lines = [_("Your data is deleted."), _("You delete the chat yourself: press long on it in the list of chats.")]
    await talk.show(Message("\n".join(lines)))


async def cancel(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers cancel:<draft>."""
    now = microseconds(talk.house.now())
    taken = await talk.house.database.write(_keep, int(arguments[0]), talk.arrival.person, now, talk.house.terms)
    if not taken:
        await out_of_date(talk)
        return
    await talk.show(Message(talk.texts.gettext("Nothing was deleted.")))


def _erase_if_asked(tx: Tx, draft: int, person: int, now: int, terms: Terms) -> bool:
    """Deletes everything of a person who asked for it; whether something is still stored."""
    if take(tx, draft, person, now) is not None:
        erase(tx, person, now, terms)
    return "since" in about(tx, person)


def _keep(tx: Tx, draft: int, person: int, now: int, terms: Terms) -> bool:
    """Ends the draft, and forgets whom only the draft made known; whether there was one."""
    taken = take(tx, draft, person, now) is not None
    if taken:
        erase_if_unneeded(tx, person, now, terms)
    return taken
