"""Who has which role, for coordinators; and taking a role away, after a preview."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from telegram.error import TelegramError

from bot.chat.browse import out_of_date_sentence
from bot.chat.commands import register_for, set_menu
from bot.chat.invite import MENU
from bot.chat.lists import PAGE, numbered
from bot.chat.markup import bold, escape
from bot.chat.message import Button, Message, Row
from bot.chat.rights import refuse, refused
from bot.chat.role_names import role_name
from bot.chat.talk import House, Talk
from bot.chat.typed import clean
from bot.domain.instants import microseconds, moment
from bot.domain.languages import reply_language
from bot.services.drafts import Draft, start, take
from bot.services.notices import Facts
from bot.services.roles import KIND, Holder, Revoked, revoke, roster
from bot.store.outbox import Claimed
from bot.texts import N_, Texts, texts

LONGEST_NAME = 40  # characters
LONGEST_WAIT = 3.0  # seconds for Telegram to say a name
LARGEST = 16  # digits of Telegram's ids
WHY = {
    "operator": N_("The operator has set this role, and only the operator can end it. Nothing was changed."),
    "changed": N_("This was changed in the meantime. Nothing was done. Here is how it stands now:"),
    "last": N_("Nobody else is on the coordination team. Invite somebody to it first."),
}


async def turn(talk: Talk, _of: str, page: int) -> None:
    """Answers more:roles:<page>."""
    if not await refused(talk):
        await _show_list(talk, page)


async def press(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers role:<person>: what taking the role away would do; nothing is done yet."""
    if await refused(talk):
        return
    holders = await _roster(talk)
    if holders is None:
        return
    number = arguments[0]
    known = {str(one.person): one for one in holders} if len(number) <= LARGEST else {}
    found = known.get(number)
    if found is None:
        await _show_list(talk, 0, [out_of_date_sentence(talk), ""])
    elif found.fixed:
        await _show_list(talk, 0, [_why(talk, "operator"), ""])
    elif [one.person for one in holders if one.role == "coordinator"] == [found.person]:
        await _show_list(talk, 0, [_why(talk, "last"), ""])
    else:
        await _preview(talk, found)


async def _preview(talk: Talk, holder: Holder) -> None:
    _, house = talk.texts.gettext, talk.house
    answers = {"person": holder.person, "role": holder.role, "since": holder.since}
    now = microseconds(house.now())
    draft = await house.database.write(start, talk.arrival.person, KIND, answers, now)
    name = await _name(talk, holder)
    lines = [_("Take the role away: {name}").format(name=bold(name)), _standing(holder, talk)]
    if holder.person == talk.arrival.person:
        lines.append(_("This is your own role. Afterwards you cannot do this any more."))
    else:
        lines.append(_("The person gets one message about it."))
    if holder.role == "coordinator":
        lines.append(_("Unused invitations of this person end as well."))
    lines.append(_("Nothing has been changed yet."))
    rows: tuple[Row, ...] = (
        # Translators: button label
        (Button(_("Take the role away"), f"confirm:{draft}"),),
        # Translators: button label
        (Button(_("Change nothing"), f"cancel:{draft}"),),
    )
    await talk.say(Message("\n".join(lines), rows))


async def confirm(talk: Talk, draft: Draft) -> None:
    """Takes the role away, and shows who has one then."""
    if await refused(talk):
        return
    house, now = talk.house, microseconds(talk.house.now())
    came = await house.database.write(revoke, draft.id, talk.arrival.person, house.coordinators, now)
    if isinstance(came, Revoked):
        await _revoked(talk, came)
    elif came.why == "rights":
        await refuse(talk)
    else:
        await _show_list(talk, 0, [_why(talk, came.why), ""])


async def _revoked(talk: Talk, ended: Revoked) -> None:
    """Takes the commands from the menu of whose role it was."""
    if ended.person == talk.arrival.person:
        talk.role = None
        await talk.show(Message(ended_sentence(ended.role, talk.texts)))
        await register_for(talk)
        return
    house = talk.house
    if ended.role == "coordinator":
        language = reply_language(ended.chosen, ended.code, house.default_language)
        await set_menu(house.api, ended.person, texts(language), coordinates=False)
    await _show_list(talk, 0, [talk.texts.gettext("The role has ended."), ""])


def _why(talk: Talk, why: str) -> str:
    sentence = WHY.get(why)
    return talk.texts.gettext(sentence) if sentence else out_of_date_sentence(talk)


async def cancel(talk: Talk, draft: Draft) -> None:
    """Drops the draft, and shows how things stand."""
    if await refused(talk):
        return
    await talk.house.database.write(take, draft.id, talk.arrival.person, microseconds(talk.house.now()))
    await _show_list(talk, 0, [talk.texts.gettext("Nothing was changed."), ""])


def notice(_house: House, claimed: Claimed, facts: Facts, t: Texts) -> Message | None:
    """That a role has ended, for whose it was; None where they have it again."""
    ended = str(claimed.parameters.get("role", ""))
    return None if facts.role == ended else Message(ended_sentence(ended, t))


def ended_sentence(role: str, t: Texts) -> str:
    """That a role has ended, in one sentence."""
    if role == "coordinator":
        return t.gettext("You are no longer on the coordination team of this Lotse.")
    return t.gettext("What is announced to staff does not reach you here any more.")


async def _show_list(talk: Talk, page: int, above: Sequence[str] = ()) -> None:
    """A page of those who have a role."""
    holders = await _roster(talk)
    if holders is None:
        return
    _ = talk.texts.gettext
    page = page if 0 <= page * PAGE < len(holders) else 0
    shown = holders[page * PAGE : (page + 1) * PAGE]
    names = await asyncio.gather(*(_name(talk, holder) for holder in shown))
    team = sum(one.role == "coordinator" for one in holders)
    lines = [*above, bold(_("Who has a role"))]
    lines.append(_("Coordination team: {n}").format(n=team))
    lines.append(_("Staff: {n}").format(n=len(holders) - team))
    for number, (holder, name) in enumerate(zip(shown, names, strict=True), 1):
        lines += ["", f"{number}. {escape(name)}", _standing(holder, talk)]
    if shown:
        lines += ["", _("Choose a person to take the role away.")]
    last: list[Button] = []
    if (page + 1) * PAGE < len(holders):
        # Translators: button label
        last.append(Button(_("Show more"), f"more:roles:{page + 1}"))
    # Translators: button label
    last.append(Button(_("Go back"), f"more:roles:{page - 1}" if page else MENU))
    choices = [(name, f"role:{holder.person}") for holder, name in zip(shown, names, strict=True)]
    await talk.show(Message("\n".join(lines), (*numbered(choices), tuple(last))))


async def _roster(talk: Talk) -> list[Holder] | None:
    """Everybody with a role; who may not read it (any more) is told so."""
    holders = await talk.house.database.read(roster, talk.arrival.person, talk.house.coordinators)
    if holders is None:
        await refuse(talk)
    return holders


def _standing(holder: Holder, talk: Talk) -> str:
    """The role, and since when."""
    _, role = talk.texts.gettext, role_name(holder.role, talk.texts)
    if holder.fixed:
        return _("Role: {role}, set by the operator").format(role=role)
    if holder.since is None:
        return _("Role: {role}").format(role=role)
    day = talk.texts.day(moment(holder.since, talk.house.terms.zone).date())
    return _("Role: {role}, since {day}").format(role=role, day=day)


async def _name(talk: Talk, holder: Holder) -> str:
    """The name that somebody gave; else that in Telegram now, which is not kept; else their number there."""
    if holder.name:
        return holder.name
    try:
        async with asyncio.timeout(LONGEST_WAIT):
            chat = await talk.house.api.call("getChat", {"chat_id": holder.person})
    except (TelegramError, TimeoutError):
        return str(holder.person)
    names = " ".join(str(chat.get(part) or "") for part in ("first_name", "last_name"))
    return " ".join(clean(names).split())[:LONGEST_NAME] or str(holder.person)
