"""/start invite_<token>: somebody uses an invitation, and learns what they can do now."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat import details
from bot.chat.commands import COORDINATION, register_for
from bot.chat.message import Message
from bot.chat.role_names import role_name
from bot.chat.talk import Talk
from bot.domain.instants import microseconds
from bot.services import invitations


async def join(talk: Talk, arguments: Sequence[str]) -> None:
    """Opens an invitation; of one that does not work nobody learns why."""
    _, house, person = talk.texts.gettext, talk.house, talk.arrival.person
    now = microseconds(house.now())
    joined = await house.database.write(
        invitations.join, arguments[0], person, talk.arrival.code, house.coordinators, now
    )
    if joined.how == "joined":
        talk.role = joined.role
        await _welcome(talk)
        return
    lines = []
    if joined.role:
        lines.append(_("Your role stays as it is: {role}").format(role=role_name(joined.role, talk.texts)))
    if joined.how == "void":
        lines.append(_("This invitation does not work. Ask whoever sent it for a new one."))
    else:
        lines.append(_("The invitation was not used up. Somebody else can still use it."))
    await talk.say(Message("\n".join(lines)))


async def _welcome(talk: Talk) -> None:
    """What somebody can do now; staff may say where they work."""
    _, t = talk.texts.gettext, talk.texts
    assert talk.role
    lines = [_("Invitation accepted: {role}").format(role=role_name(talk.role, t))]
    if talk.coordinates:
        lines.append(_("These commands are new for you:"))
        lines += [f"/{name} {_(description)}" for name, description in COORDINATION.items()]
    else:
        lines.append(_("What is announced to staff reaches you here from now on."))
    lines.append(_("Stored are your Telegram id and the role. You delete both with /delete"))
    await talk.say(Message("\n".join(lines)))
    if talk.coordinates:
        await register_for(talk)
    else:
        await details.ask_workplace(talk)
