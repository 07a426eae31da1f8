"""Calendar files for people with a seat, with the link to join; a cancelled session has one for who was registered."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.chat.message import Message
from bot.chat.series import find_series, series_card
from bot.chat.sessions import find, gone, stands
from bot.chat.talk import Talk
from bot.documents.calendar import series_file, session_file


async def ics(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers ics:<session>."""
    view = await find(talk, arguments[0])
    if view is None:
        await gone(talk)
        return
    found, origin = view.session, str(talk.house.api.id)
    off = found.state == "cancelled" and view.own is not None
    if not off and not view.seated:
        await stands(talk, _refusal(talk), found.id)
        return
    content = await asyncio.to_thread(
        session_file, found, view.series, talk.language, origin=origin, joins=not off, cancelled=off
    )
    title = found.worded(talk.language)[0]
    caption = talk.texts.gettext("Cancelled: {title}").format(title=title) if off else title
    await talk.house.api.document(talk.arrival.chat, content, f"session-{found.id}.ics", caption)


async def ics_all(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers ics_all:<series>: one file with every session to come at which the person has a seat."""
    whole = await find_series(talk, arguments[0])
    if whole is None:
        await gone(talk)
    elif not whole.confirmed:
        card = series_card(talk, whole)
        await talk.say(Message(f"{_refusal(talk)}\n{card.html}", card.rows))
    else:
        series, entries = whole.series, [(one, True) for one in whole.confirmed]
        content = await asyncio.to_thread(series_file, series, entries, talk.language, origin=str(talk.house.api.id))
        title = series.worded(talk.language)
        await talk.house.api.document(talk.arrival.chat, content, f"series-{series.id}.ics", title)


def _refusal(talk: Talk) -> str:
    """Nobody without a seat gets a file."""
    return talk.texts.gettext("The calendar file is for people with a place. Here is how things stand now:")
