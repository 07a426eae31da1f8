"""/sessions, the card of a session, and what is shown in the place of one that is not there any more."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.browse import out_of_date_sentence
from bot.chat.lists import HOME, way_back
from bot.chat.message import Message
from bot.chat.session_card import View, card, look
from bot.chat.session_lists import ALL, MENU, listed
from bot.chat.talk import Talk
from bot.domain.instants import microseconds
from bot.domain.programme import Session
from bot.search.fold import fold
from bot.services.sessions import upcoming

LONGEST_ID = 15  # digits; no database has longer ones
LONGEST_TITLE = 200  # characters, spelt out; what is longer names no session


async def sessions(talk: Talk, _arguments: Sequence[str]) -> None:
    """Answers /sessions."""
    await show(talk, "", 0)


async def show(talk: Talk, of: str, page: int) -> None:
    """Answers more:sessions:<page>, where after a hyphen stands what the list is of: see `listed`."""
    await beside_or_in_place(talk, await listed(talk, of, page))


async def session(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers session:<id> and /start session_<id>."""
    view = await find(talk, arguments[0])
    if view is None:
        await gone(talk)
    else:
        await beside_or_in_place(talk, card(talk, view, way_back(ALL, talk.texts)))


async def find(talk: Talk, id_: str) -> View | None:
    """The session of an id from outside as the reader finds it now; None where there is none."""
    number = number_of(id_)
    if number is None:
        return None
    person = talk.arrival.person if talk.arrival.private else None
    return await talk.house.database.read(look, number, person, microseconds(talk.house.now()))


def number_of(id_: str) -> int | None:
    """The number that an id from outside is, if the database could hold it."""
    return int(id_) if id_.isascii() and id_.isdecimal() and len(id_) <= LONGEST_ID else None


async def gone(talk: Talk) -> None:
    """For what is not there any more, and never was: says so, and shows the sessions of now."""
    now = await listed(talk, "", 0)
    await talk.say(Message(f"{out_of_date_sentence(talk)}\n{now.html}", now.rows))


async def stands(talk: Talk, sentence: str, session_id: int) -> None:
    """A sentence that says that nothing was done, and how the session stands now."""
    view = await find(talk, str(session_id))
    if view is None:
        await gone(talk)
        return
    shown = card(talk, view)
    await talk.say(Message(f"{sentence}\n{shown.html}", shown.rows))


async def named(talk: Talk, text: str) -> Session | None:
    """The upcoming session whose title in any language somebody typed; the next one of several."""
    wanted = fold(text.strip())
    if len(wanted) > LONGEST_TITLE:
        return None
    found = await talk.house.database.read(upcoming, microseconds(talk.house.now()))
    titles = ((one, title) for one in found for title in (one.title, *(title for title, _ in one.wordings.values())))
    return next((one for one, title in titles if fold(title) == wanted), None)


async def beside_or_in_place(talk: Talk, message: Message) -> None:
    """In the place of a list or card that was browsed; beside anything else, which stays."""
    if any(data in {HOME, MENU} for _, data in talk.arrival.buttons):
        await talk.show(message)
    else:
        await talk.say(message)
