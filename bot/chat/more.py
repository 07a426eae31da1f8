"""Turning the pages of lists: more:<list>:<page>, where a list is a kind and, after a hyphen, what it is of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.chat import (
    browse,
    digest,
    feedback,
    groups,
    inquiries,
    languages,
    my,
    newsletter,
    places,
    practices,
    programme,
    roles,
    sessions,
)
from bot.chat.browse import out_of_date
from bot.chat.talk import Talk

List = Callable[[Talk, str, int], Awaitable[None]]


async def _topics(talk: Talk, _of: str, page: int) -> None:
    await talk.show(browse.topic_list(talk, page))


async def _topic(talk: Talk, of: str, page: int) -> None:
    await browse.show_topic(talk, of, page)


async def _contacts(talk: Talk, of: str, page: int) -> None:
    """The contact points of an entry, or the topics that have some."""
    if not of:
        await talk.show(browse.contact_shelves(talk, page))
    elif of in talk.house.knowledge.entries:
        await browse.beside_or_in_place(talk, browse.entry_contacts(talk, talk.house.knowledge.entries[of], page))
    else:
        await out_of_date(talk)


async def _shelf(talk: Talk, of: str, page: int) -> None:
    if of in talk.house.knowledge.topics:
        await talk.show(browse.contact_shelf(talk, of, page))
    else:
        await out_of_date(talk)


async def _languages(talk: Talk, _of: str, _page: int) -> None:
    await languages.language(talk, [])


LISTS: dict[str, List] = {
    "topics": _topics,
    "topic": _topic,
    "contacts": _contacts,
    "shelf": _shelf,
    "practices": practices.show,
    "sessions": sessions.show,
    "my": my.show,
    "languages": _languages,
    newsletter.LIST: newsletter.turn,
    digest.LIST: digest.turn,
    "offices": places.page,
    "programme": programme.turn,
    "roles": roles.turn,
    "feedback": feedback.turn,
    "inbox": inquiries.turn,
    groups.LIST: groups.turn,
}


async def more(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers more:<list>:<page>."""
    kind, _, of = arguments[0].partition("-")
    if kind in LISTS:
        await LISTS[kind](talk, of, int(arguments[1]))
    else:
        await out_of_date(talk)
