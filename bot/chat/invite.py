"""/invite: coordinators invite staff and coordinators by links to forward, each of which works once."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.browse import out_of_date_sentence
from bot.chat.commands import COORDINATION
from bot.chat.links import start_link
from bot.chat.markup import bold
from bot.chat.message import Button, Message, Row
from bot.chat.rights import refuse, refused
from bot.chat.role_names import role_name, role_named
from bot.chat.talk import Talk
from bot.domain.instants import DAY, microseconds, moment
from bot.services import invitations
from bot.services.invitations import LIFE
from bot.services.roles import ROLES, Role

MENU = "invite:menu"


async def invite(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers /invite, with or without a role."""
    if not await refused(talk):
        role = role_named(arguments[0], talk.texts) if arguments else None
        await (_make(talk, role) if role else show_menu(talk))


async def press(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers invite:<role>, invite:withdraw and invite:menu."""
    if await refused(talk):
        return
    what = arguments[0]
    role = next((one for one in ROLES if one == what), None)
    if role:
        await _make(talk, role)
    elif what == "withdraw":
        await _withdraw(talk)
    else:
        await show_menu(talk, () if what == "menu" else (out_of_date_sentence(talk), ""))


async def show_menu(talk: Talk, above: Sequence[str] = ()) -> None:
    """What can be invited to, and how many invitations wait to be used."""
    _, t = talk.texts.gettext, talk.texts
    waiting = await talk.house.database.read(invitations.open_invitations, microseconds(talk.house.now()))
    lines = [
        *above,
        bold(_("Invite to Lotse")),
        _("Staff get what is announced to staff."),
        _("The coordination team has these commands: {commands}").format(
            commands=t.items(tuple(f"/{name}" for name in COORDINATION))
        ),
        _("An invitation works once, for {days}.").format(days=t.span(LIFE // DAY, "d")),
    ]
    rows: list[Row] = [
        # Translators: button label
        (Button(_("Invite staff"), "invite:staff"),),
        # Translators: button label
        (Button(_("Invite to the coordination"), "invite:coordinator"),),
        # Translators: button label
        (Button(_("Show who has a role"), "more:roles:0"),),
    ]
    if waiting:
        lines.append(t.ngettext("{n} invitation was not used yet.", "{n} invitations were not used yet.", waiting))
        # Translators: button label
        rows.append((Button(_("Withdraw unused invitations"), "invite:withdraw"),))
    await talk.show(Message("\n".join(lines), tuple(rows)))


async def _make(talk: Talk, role: Role) -> None:
    """A new link, in a message of its own to forward; the token is in no other place."""
    _, t, house = talk.texts.gettext, talk.texts, talk.house
    token, now = invitations.new_token(), microseconds(house.now())
    until = await house.database.write(invitations.invite, token, role, talk.arrival.person, house.coordinators, now)
    if until is None:
        await refuse(talk)
        return
    lines = [
        _("Invitation to Lotse: {role}").format(role=role_name(role, t)),
        start_link(house.api.name, invitations.payload(token)),
        _("Tap the link, then “Start”."),
        _("It works once, until {time}.").format(time=t.day_and_time(moment(until, house.terms.zone))),
    ]
    await talk.say(Message("\n".join(lines)))
    how = [
        _("Forward the message above to the person you invite."),
        _("Whoever opens the link first gets the role. Do not post it in a group."),
    ]
    # Translators: button label
    await talk.say(Message("\n".join(how), ((Button(_("Go back"), MENU),),)))


async def _withdraw(talk: Talk) -> None:
    house, now = talk.house, microseconds(talk.house.now())
    ended = await house.database.write(invitations.withdraw, talk.arrival.person, house.coordinators, now)
    if ended is None:
        await refuse(talk)
        return
    sentence = talk.texts.ngettext(
        "{n} invitation does not work any more.", "{n} invitations do not work any more.", ended
    )
    await show_menu(talk, (sentence, ""))
