"""/settings: what a person can choose."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat import own_place, reminders
from bot.chat.message import Button, Message
from bot.chat.talk import Talk
from bot.services.settings import chosen
from bot.texts import OWN_NAMES


async def settings(talk: Talk, _arguments: Sequence[str]) -> None:
    """Answers /settings; name and authority can be changed by who was asked for them."""
    _, t = talk.texts.gettext, talk.texts
    own = await talk.house.database.read(chosen, talk.arrival.person)
    if talk.chosen:
        line = _("Language: {language}").format(language=OWN_NAMES.get(talk.chosen, talk.chosen))
    else:
        line = _("Language: that of your question or of your Telegram")
    kept = talk.house.terms.reminders if own.reminders is None else own.reminders
    # Translators: button label
    rows = [(Button(_("Choose language"), "more:languages:0"),)]
    # Translators: button label
    rows.append((Button(_("Choose reminders"), "remind:show"),))
    if talk.house.atlas:
        # Translators: button label
        rows.append((Button(_("Choose place"), "home:show"),))
    if own.asked:
        # Translators: button label
        rows.append((Button(_("Name and authority"), "details:show"),))
    # Translators: button label
    rows.append((Button(_("Privacy in short"), "privacy:"),))  # data are got and deleted there
    lines = [_("Settings"), line, *own_place.line(talk, own.place), reminders.line(t, kept)]
    await talk.show(Message("\n".join(lines), tuple(rows)))
