"""/privacy, /mydata and /delete: what is kept, getting it, and having it deleted."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.chat.browse import out_of_date
from bot.chat.clock import microseconds
from bot.chat.markup import bold, escape
from bot.chat.message import Button, Message
from bot.chat.talk import Talk
from bot.services.drafts import start as start_draft
from bot.services.drafts import take
from bot.services.people import about, erase
from bot.store.erased import fingerprint, remember
from bot.store.tx import Tx


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
        _("Kept are your Telegram id and the language, once you have chosen one."),
        _("After six months without a message everything is deleted."),
        _("Telegram is a company of its own. The chat is kept there."),
    ]
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
    content = json.dumps(stored, ensure_ascii=False, indent=2).encode()
    caption = talk.texts.gettext("Everything that Lotse has stored about you.")
    await talk.house.api.document(talk.arrival.chat, content, "lotse-data.json", caption)


async def delete(talk: Talk, _arguments: Sequence[str]) -> None:
    """/delete: says what would go, and asks once."""
    _ = talk.texts.gettext
    now = microseconds(talk.house.now())
    draft = await talk.house.database.write(start_draft, talk.arrival.person, "delete", {}, now)
    kept = _("That is: Telegram id, language.") if talk.chosen else _("That is: your Telegram id, if at all.")
    lines = [
        _("Delete all your data at Lotse?"),
        kept,
        _("This cannot be undone. The chat stays with Telegram."),
    ]
    rows = (
        # Translators: button label
        (Button(_("Delete my data"), f"confirm:{draft}"),),
        # Translators: button label
        (Button(_("Keep my data"), f"cancel:{draft}"),),
    )
    await talk.say(Message("\n".join(lines), rows))


async def confirm(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers confirm:<draft>; also when a kill came in between, so who has nothing stored hears that it is gone."""
    house, person = talk.house, talk.arrival.person
    now = house.now()
    stored = await house.database.write(_erase_if_asked, int(arguments[0]), person, microseconds(now))
    if stored:
        await out_of_date(talk)
        return
    mark = await house.database.write(fingerprint, person)
    if not house.erased.exists() or mark not in house.erased.read_text("ascii"):
        remember(house.erased, mark, now.date().isoformat())
    await house.database.erase_traces()
    _ = talk.texts.gettext
    lines = [_("Your data is deleted."), _("You delete the chat yourself: press long on it in the list of chats.")]
    await talk.show(Message("\n".join(lines)))


async def cancel(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers cancel:<draft>."""
    now = microseconds(talk.house.now())
    taken = await talk.house.database.write(_keep, int(arguments[0]), talk.arrival.person, now)
    if not taken:
        await out_of_date(talk)
        return
    await talk.show(Message(talk.texts.gettext("Nothing was deleted.")))


def _erase_if_asked(tx: Tx, draft: int, person: int, now: int) -> bool:
    """Deletes everything of a person who asked for it; whether something is still stored."""
    if take(tx, draft, person, now) is not None:
        erase(tx, person)
    return "since" in about(tx, person)


def _keep(tx: Tx, draft: int, person: int, now: int) -> bool:
    """Ends the draft, and forgets whom only the draft made known; whether there was one."""
    taken = take(tx, draft, person, now) is not None
    stored = about(tx, person)
    if taken and not stored["drafts"] and not any(stored.get(kept) for kept in ("language", "role")):
        erase(tx, person)
    return taken
