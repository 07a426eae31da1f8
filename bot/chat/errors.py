"""What Lotse says when something is not as expected: what happened, and what now."""

from __future__ import annotations

from bot.chat.message import Message
from bot.chat.talk import Talk


async def failed(talk: Talk) -> None:
    """For an update that could not be handled after several tries."""
    _ = talk.texts.gettext
    lines = [_("That did not work, nothing was changed. Please try again in a few minutes.")]
    if talk.arrival.kind in {"text", "edited"}:
        lines.append(danger_line(talk))
    await talk.say(Message("\n".join(lines)))


async def too_many(talk: Talk) -> None:
    """For more messages than one person can read."""
    _ = talk.texts.gettext
    await talk.say(Message(_("That was a lot of messages. It goes on in a minute.")))


def danger_line(talk: Talk) -> str:
    """The numbers for the worst case, after anything that did not answer a question."""
    return talk.texts.gettext("In danger: 110 (police), 112 (ambulance, fire)")
