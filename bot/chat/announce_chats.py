"""Which of the linked groups and channels an announcement goes to besides people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.announce_draft import Plan, Step, keep, look_ahead
from bot.chat.announce_list import gone
from bot.chat.announce_preview import show_posts
from bot.chat.cards import shortened
from bot.chat.groups import ID, LIST, how_to_link, language_of
from bot.chat.lists import PAGE
from bot.chat.markup import bold, escape
from bot.chat.message import Button, Message, Row
from bot.chat.sessions import number_of
from bot.chat.talk import Talk
from bot.domain.chats import Chat
from bot.services.chats import linked
from bot.services.drafts import Draft


async def _choose(talk: Talk, draft: Draft, plan: Plan, value: str) -> None:
    """Answers announce:<draft>:chats and announce:<draft>:chats-<page>."""
    found = await talk.house.database.read(linked)
    await talk.show(_choice(talk, draft, plan, found, number_of(value) or 0))


async def _set(talk: Talk, draft: Draft, plan: Plan, value: str) -> None:
    """Answers announce:<draft>:chat-<id>-on and -off; what goes to a chat that comes in is shown as it arrives."""
    number, _, state = value.rpartition("-")
    found = await talk.house.database.read(linked)
    chat = next((one for one in found if ID.fullmatch(number) and one.id == int(number)), None)
    if chat is None or state not in {"on", "off"}:
        await gone(talk)
        return
    others = tuple(one for one in plan.audience.chats if one != chat.id)
    chosen = (*others, chat.id) if state == "on" else others
    comes = state == "on" and chat.id not in plan.audience.chats
    plan = replace(plan, audience=replace(plan.audience, chats=chosen))
    if not await keep(talk, draft.id, plan):
        await gone(talk)
        return
    choice = _choice(talk, draft, plan, found, found.index(chat) // PAGE)
    if comes:
        await show_posts(talk, await look_ahead(talk, plan), [chat])
        await talk.say(choice)
    else:
        await talk.show(choice)


def _choice(talk: Talk, draft: Draft, plan: Plan, found: Sequence[Chat], page: int) -> Message:
    """A page of what is linked, each with a button that takes it in or leaves it out."""
    _, t = talk.texts.gettext, talk.texts
    page = page if page * PAGE < len(found) else 0
    shown = found[page * PAGE : (page + 1) * PAGE]
    heading = bold(_("Groups and channels")) if found else _("No group or channel is linked yet.")
    lines = [heading, *(_line(talk, plan, chat) for chat in shown), *how_to_link(t)]
    rows: list[Row] = [(_toggle(talk, draft, plan, chat),) for chat in shown]
    step = f"announce:{draft.id}"
    if (page + 1) * PAGE < len(found):
        # Translators: button label
        rows.append((Button(_("Show more"), f"{step}:chats-{page + 1}"),))
    if found:
        # Translators: button label
        rows.append((Button(_("Change language, unlink"), f"more:{LIST}:0"),))
    # Translators: button label
    rows.append((Button(_("Go back"), f"{step}:chats-{page - 1}" if page else f"{step}:back"),))
    return Message("\n".join(lines), tuple(rows))


def _line(talk: Talk, plan: Plan, chat: Chat) -> str:
    _, named = talk.texts.gettext, {"title": escape(chat.title), "language": language_of(chat, talk.house)}
    if chat.id in plan.audience.chats:
        return _("Chosen: {title} ({language})").format(**named)
    return _("Not chosen: {title} ({language})").format(**named)


def _toggle(talk: Talk, draft: Draft, plan: Plan, chat: Chat) -> Button:
    _, chosen = talk.texts.gettext, chat.id in plan.audience.chats
    # Translators: button label; {title} is that of a group or channel
    label = _("Leave out {title}") if chosen else _("Add {title}")
    state = "off" if chosen else "on"
    return Button(shortened(label.format(title=chat.title)), f"announce:{draft.id}:chat-{chat.id}-{state}")


STEPS: dict[str, Step] = {"chats": _choose, "chat": _set}
