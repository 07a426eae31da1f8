"""/settings: what a person can choose."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.message import Button, Message
from bot.chat.talk import Talk
from bot.texts import OWN_NAMES


async def settings(talk: Talk, _arguments: Sequence[str]) -> None:
    """Answers /settings."""
    _ = talk.texts.gettext
    chosen = talk.chosen
    if chosen:
        line = _("Language: {language}").format(language=OWN_NAMES.get(chosen, chosen))
    else:
        line = _("Language: that of your question or of your Telegram")
    rows = (
        # Translators: button label
        (Button(_("Choose language"), "more:languages:0"),),
        # Translators: button label
        (Button(_("Get my data"), "mydata:"),),
        # Translators: button label
        (Button(_("Delete my data"), "delete:"),),
    )
    await talk.show(Message("\n".join([_("Settings"), line]), rows))
