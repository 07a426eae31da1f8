"""What comes of time passing: offers that lapse, reminders, sessions that end."""

from __future__ import annotations

import asyncio
import logging

from bot.chat.attendance import refresh
from bot.chat.talk import House
from bot.domain.instants import microseconds
from bot.services import (
    announcement_retention,
    announcements,
    asked,
    attendance,
    digests,
    gaps,
    novelties,
    reminders,
    self_announcing,
    waitlist,
)
from bot.services.register import loaded_since

log = logging.getLogger(__name__)


async def lapse(house: House) -> None:
    """Ends the offers of seats whose time is up, and passes the seats on."""
    now = microseconds(house.now())
    if await house.database.read(waitlist.is_due, now):
        await house.database.write(waitlist.lapse, now, house.terms)


async def remind(house: House) -> None:
    """Queues the reminders that are due, and tells coordinators of missing join links."""
    now = microseconds(house.now())
    if await house.database.read(reminders.is_due, now, house.terms):
        await house.database.write(reminders.queue_due, now, house.terms)
        await house.database.write(reminders.warn_of_missing_links, house.coordinators, now)


async def attend(house: House) -> None:
    """Learns the code words of now, and writes to those who attended what has ended."""
    await refresh(house)
    now = microseconds(house.now())
    if await house.database.read(attendance.over, now):
        await house.database.write(attendance.finish, now)


async def learn(house: House) -> None:
    """Notes since when the entries of the knowledge are there, once for each version of it."""
    library = house.library
    if house.noted is not library:
        await house.database.write(novelties.note, library.knowledge.entries.keys(), microseconds(house.now()))
        house.noted = library


async def proclaim(house: House) -> None:
    """Announces the sessions that are to announce themselves, where it is time for it."""
    now, zone = microseconds(house.now()), house.terms.zone
    if await house.database.read(self_announcing.is_due, now, zone):
        await house.database.write(self_announcing.announce_due, now, zone, house.knowledge.topics)


async def digest(house: House) -> None:
    """Queues the digests that are due, some people at a time."""
    zone = house.terms.zone
    if not await house.database.read(digests.is_due, microseconds(house.now()), zone):
        return
    while await house.database.write(digests.advance, microseconds(house.now()), zone, house.knowledge):
        pass


async def tell_of_gaps(house: House) -> None:
    """Closes the counts of a month that is over, and tells coordinators once a month what was asked in vain."""
    now, zone = microseconds(house.now()), house.terms.zone
    if await house.database.read(asked.is_over, now):
        await house.database.write(asked.close_months, now)
    if await house.database.read(gaps.is_due, now, zone):
        await house.database.write(gaps.queue_due, house.coordinators, now, zone)


async def announce(house: House) -> None:
    """Goes on with announcements in small pieces, other writes between them, until nothing is left to do now."""
    database, language = house.database, house.default_language
    if await database.read(announcements.is_advancing, microseconds(house.now())):
        while await database.write(announcements.advance, microseconds(house.now()), house.coordinators, language):
            pass


async def forget(house: House) -> None:
    """Deletes messages that ended long ago, in small pieces."""
    while await house.database.write(announcement_retention.forget, microseconds(house.now())):
        pass


async def sweep(house: House) -> None:
    """Makes seats and waiting lists right, whatever happened."""
    await house.database.write(waitlist.sweep, microseconds(house.now()), house.terms)


async def survey(house: House) -> None:
    """Takes up the official register of municipalities, once somebody has loaded another one."""
    atlas = house.atlas
    if atlas is None:
        return
    found = await house.database.read(loaded_since, house.register_at)
    if found is None:
        return
    at, municipalities = found
    surveyed = await asyncio.to_thread(atlas.with_register, municipalities)
    if house.atlas is atlas:  # else the knowledge was reloaded meanwhile, and the next time will do
        house.atlas, house.register_at = surveyed, at
        log.info(
            "the official register was taken up: %d of %d places found", len(surveyed.register), len(municipalities)
        )
