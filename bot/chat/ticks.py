"""What comes of time passing: offers that lapse, reminders, sessions that end."""

from __future__ import annotations

import asyncio
import logging

from bot.chat.attendance import refresh
from bot.chat.talk import House
from bot.domain.instants import microseconds
from bot.services import attendance, reminders, waitlist
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
