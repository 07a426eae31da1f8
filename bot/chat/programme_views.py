"""Showing coordinators the programme as it stands now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.browse import out_of_date_sentence
from bot.chat.programme_cards import card, session_list
from bot.chat.talk import Talk
from bot.domain.instants import microseconds
from bot.domain.programme import Seats, Series, Session
from bot.services.coordination import Standing, planned, standing
from bot.services.sessions import one_series, seats, sessions_of
from bot.store.tx import Tx


@dataclass(frozen=True, slots=True)
class Shown:
    """All that a card shows; `place` is the session's number in its series, and of how many; cancelled ones aside."""

    standing: Standing
    series: Series
    place: tuple[int, int]


async def show_list(talk: Talk, page: int = 0, above: Sequence[str] = ()) -> None:
    """Shows a page of the programme, with lines above it."""
    found, taken = await talk.house.database.read(_programme, microseconds(talk.house.now()))
    await talk.show(session_list(talk, found, taken, page, above))


async def gone(talk: Talk) -> None:
    """For a coordinator's button that is old or forged: says so, and shows the programme of now."""
    found, taken = await talk.house.database.read(_programme, microseconds(talk.house.now()))
    await talk.say(session_list(talk, found, taken, 0, [out_of_date_sentence(talk), ""]))


async def show_card(talk: Talk, session: int, above: Sequence[str] = ()) -> None:
    """Shows a session as it stands now, with lines above it."""
    found = await talk.house.database.read(look_at, session)
    if found is None:
        await gone(talk)
        return
    await talk.show(card(talk, found.standing, found.series, found.place, above))


def look_at(tx: Tx, session: int) -> Shown | None:
    """All that a card shows of a session, or None where there is none."""
    found = standing(tx, session)
    if found is None:
        return None
    series = one_series(tx, found.session.series)
    assert series is not None, "a session has a series"
    there = [one.id for one in sessions_of(tx, series.id) if one.state != "cancelled" or one.id == session]
    return Shown(found, series, (there.index(session) + 1, len(there)))


def _programme(tx: Tx, now: int) -> tuple[list[Session], dict[int, Seats]]:
    found = planned(tx, now)
    return found, seats(tx, [session.id for session in found])
