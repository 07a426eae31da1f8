"""Groups and channels: a coordinator who has added Lotse is asked, and links, names the language, or unlinks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.chat.browse import out_of_date_sentence
from bot.chat.lists import page_of
from bot.chat.markup import bold, escape
from bot.chat.message import Button, Message, Row
from bot.chat.rights import refuse, refused
from bot.chat.talk import House, Talk
from bot.domain.chats import Chat
from bot.domain.instants import SECOND, microseconds
from bot.services import chats as service
from bot.services.notices import Facts
from bot.store.outbox import Claimed
from bot.texts import OWN_NAMES, Texts, interface_languages

KIND = service.KIND  # of the notice
LIST = "groups"  # in more:groups:<page>
ID = re.compile(r"-[1-9][0-9]{0,15}")  # of a group or channel


async def hear(talk: Talk) -> None:
    """Takes up what Telegram says of a group or channel."""
    come, house = talk.arrival, talk.house
    assert come.news is not None, "news are about something"
    now = microseconds(house.now())
    await house.database.write(
        service.hear, come.chat, come.news, come.person, house.coordinators, come.at * SECOND, now
    )


def notice(_house: House, claimed: Claimed, facts: Facts, t: Texts) -> Message | None:
    """Asks the coordinator who has added Lotse whether to link; None once that is decided, or is not theirs to say."""
    chat = facts.chat
    if chat is None or chat.linked or chat.added_by != claimed.person or not facts.coordinates:
        return None
    added = (
        t.gettext("Lotse was added to this channel: {title}")
        if chat.kind == "channel"
        else t.gettext("Lotse was added to this group: {title}")
    )
    lines = [
        added.format(title=escape(chat.title)),
        t.gettext("Linked, it can be chosen for an announcement. Nothing else is posted there."),
        t.gettext("Everybody who is there reads along."),
    ]
    # Translators: button label
    no = Button(t.gettext("Do not link"), f"group:{chat.id}:refuse")
    return Message("\n".join(lines), (_link_row(chat, t), (no,)))


async def press(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers group:<id>:<what>: link, refuse, show, unlink, languages, or lang-<code>."""
    if await refused(talk):
        return
    chat, what = arguments
    if not ID.fullmatch(chat):
        await _gone(talk)
    elif what == "refuse":
        await _refuse(talk, int(chat))
    elif what in {"link", "unlink"} or what.startswith("lang-"):
        await _change(talk, int(chat), what)
    else:
        await _show(talk, int(chat), what)


async def turn(talk: Talk, _of: str, page: int) -> None:
    """Answers more:groups:<page>: the groups and channels that are linked."""
    if not await refused(talk):
        await talk.show(_list(talk, await talk.house.database.read(service.linked), page))


def how_to_link(t: Texts) -> list[str]:
    """How a group or channel comes to be linked."""
    return [
        t.gettext("To link a group, add Lotse to it. A message with a button then comes here."),
        t.gettext("To link a channel, make Lotse an administrator of it who may post messages."),
    ]


def language_of(chat: Chat, house: House) -> str:
    """The language of what is posted there, by its own name."""
    return OWN_NAMES[chat.language or house.default_language]


async def _change(talk: Talk, chat: int, what: str) -> None:
    """Links, unlinks, or sets the language, with the rights of now."""
    write, house, person = talk.house.database.write, talk.house, talk.arrival.person
    now, code = microseconds(house.now()), what.removeprefix("lang-")
    if what == "link":
        done = await write(service.link, chat, person, house.coordinators, now)
    elif what == "unlink":
        done = await write(service.unlink, chat, person, house.coordinators, now)
    elif code in interface_languages():
        done = await write(service.speak, chat, code, person, house.coordinators, now)
    else:
        done = "gone"
    if done == "role":
        await refuse(talk)
    elif isinstance(done, str):
        await _gone(talk)
    else:
        await talk.show(_card(talk, done))


async def _refuse(talk: Talk, chat: int) -> None:
    if await talk.house.database.write(service.refuse, chat, talk.arrival.person):
        lines = [
            talk.texts.gettext("It is not linked, and Lotse keeps nothing about it."),
            talk.texts.gettext("Lotse stays there until somebody takes it out."),
        ]
        await talk.show(Message("\n".join(lines)))
    else:
        await _gone(talk)


async def _show(talk: Talk, chat: int, what: str) -> None:
    """The card of a linked chat, or its choice of languages."""
    found = (await talk.house.database.read(service.chats, [chat])).get(chat)
    if found is None or not found.linked or what not in {"show", "languages"}:
        await _gone(talk)
    else:
        await talk.show(_card(talk, found) if what == "show" else _languages(talk, found))


async def _gone(talk: Talk) -> None:
    """For a button that is old or forged: says so, and shows what is linked now."""
    found = _list(talk, await talk.house.database.read(service.linked), 0)
    await talk.say(Message(f"{out_of_date_sentence(talk)}\n\n{found.html}", found.rows))


def _list(talk: Talk, found: Sequence[Chat], page: int) -> Message:
    t = talk.texts
    heading = bold(t.gettext("Groups and channels")) if found else t.gettext("No group or channel is linked yet.")
    choices = [(chat.title, f"group:{chat.id}:show") for chat in found]
    return page_of("\n".join([heading, *how_to_link(t)]), choices, LIST, page, t)


def _card(talk: Talk, chat: Chat) -> Message:
    """How it stands with a chat that is linked or has just been unlinked, and what can be done."""
    t, channel = talk.texts, chat.kind == "channel"
    # Translators: button label
    every: Row = (Button(t.gettext("All groups and channels"), f"more:{LIST}:0"),)
    if not chat.linked:
        unlinked = t.gettext("This channel is not linked any more.") if channel else ""
        lines = [bold(chat.title), unlinked or t.gettext("This group is not linked any more.")]
        lines.append(t.gettext("Nothing is posted there, announcements that were still to go there neither."))
        return Message("\n".join(lines), (_link_row(chat, t), every))
    linked = t.gettext("This channel is linked.") if channel else t.gettext("This group is linked.")
    lines = [
        bold(chat.title),
        linked,
        t.gettext("You choose it in the preview of an announcement. Nothing else is posted there."),
        t.gettext("Announcements there are in this language: {language}").format(
            language=language_of(chat, talk.house)
        ),
    ]
    # Translators: button label
    language = Button(t.gettext("Change the language"), f"group:{chat.id}:languages")
    # Translators: button label
    label = t.gettext("Unlink this channel") if channel else t.gettext("Unlink this group")
    return Message("\n".join(lines), ((language,), (Button(label, f"group:{chat.id}:unlink"),), every))


def _languages(talk: Talk, chat: Chat) -> Message:
    rows = [(Button(OWN_NAMES[code], f"group:{chat.id}:lang-{code}"),) for code in interface_languages()]
    # Translators: button label
    rows.append((Button(talk.texts.gettext("Go back"), f"group:{chat.id}:show"),))
    lines = [bold(chat.title), talk.texts.gettext("Which language should announcements there be in?")]
    return Message("\n".join(lines), tuple(rows))


def _link_row(chat: Chat, t: Texts) -> Row:
    # Translators: button label
    label = t.gettext("Link this channel") if chat.kind == "channel" else t.gettext("Link this group")
    return (Button(label, f"group:{chat.id}:link"),)
