"""Puts the parts together; the only module that knows them all."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from telegram.error import TelegramError

from bot.chat import announce_running, ticks
from bot.chat.api import Api
from bot.chat.connecting import connect
from bot.chat.dispatch import Dispatch
from bot.chat.intake import Intake
from bot.chat.meters import Meters
from bot.chat.pace import Pace
from bot.chat.polling import poll
from bot.chat.sender import Sender
from bot.chat.talk import House
from bot.domain.instants import microseconds
from bot.library.current import BrokenKnowledge, MissingKnowledge, current, digest
from bot.library.load import Library
from bot.library.shipped import shipped
from bot.scheduler import Work, schedule
from bot.services.chats import sweep as sweep_chats
from bot.services.drafts import sweep as sweep_drafts
from bot.services.inquiries import sweep as sweep_inquiries
from bot.services.privacy import forget_silent
from bot.services.retention import sweep as sweep_registrations
from bot.settings import Settings
from bot.store.database import Database, DatabaseUnavailable
from bot.web.listener import listening, status_routes, webhook

log = logging.getLogger(__name__)

BEAT_SECONDS = 3.0
CATCH_UP_SECONDS = 1.0
RELOAD_SECONDS = 2.0
ATTENDANCE_SECONDS = 5.0
REGISTER_SECONDS = 2.0
DUE_SECONDS = 1.0  # an offer that lapses, a reminder that is due
ANNOUNCE_SECONDS = 0.5
NEWS_SECONDS = 2.0  # of digests, what they are made from, and sessions that announce themselves
GAPS_SECONDS = 60.0  # the counts of a month that is over, and what coordinators hear of it
SWEEP_SECONDS = 3600.0
SEND_SECONDS = 0.5
STOP_SECONDS = 5.0  # of the ten that a stop may take; the database has its own last things to do


@dataclass(slots=True)
class Running:
    """A bot that runs. `stopped` is set from outside to end it; `ready` once it answers."""

    house: House
    meters: Meters
    intake: Intake
    dispatch: Dispatch
    sender: Sender
    folder: Path
    ready: asyncio.Event
    stopped: asyncio.Event
    refused: str = ""  # the digest of changed knowledge that had errors, or "missing"


def erased_list(database: Database) -> Path:
    """Where the deleted ids are kept: beside an SQLite file, else in the working folder."""
    return Path(f"{database.path}.erased") if database.path else Path("lotse.erased")


def open_library(folder: Path) -> Library:
    """The library of a folder; warns where the last good one has to do.

    Raises MissingKnowledge, and BrokenKnowledge where there is no good one from before.
    """
    library, problems = current(folder)
    for problem in problems:
        log.warning("%s", problem)
    if problems:
        log.warning("the knowledge has errors; answering from the last good version")
    return library


def present() -> datetime:
    """The present in UTC."""
    return datetime.now(UTC)


async def run(settings: Settings, now: Callable[[], datetime] = present) -> None:
    """Runs the bot until SIGTERM or Ctrl-C.

    Raises MissingKnowledge, BrokenKnowledge, DatabaseUnavailable, NewerSchema or InvalidToken where it cannot start.
    """
    async with AsyncExitStack() as stack:
        running = await _built(settings, now, stack)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, running.stopped.set)
        await serve(running, settings)


async def serve(running: Running, settings: Settings) -> None:
    """Listens, fetches and answers until `running.stopped` is set."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(_listener(running, settings))
        connecting = asyncio.create_task(connect(running.house, settings))
        try:
            await _first(connecting, running.stopped)
            if running.stopped.is_set():
                return
            await running.intake.beat()
            running.sender.start()
            scheduler = schedule(_ticks(running), partial(_daily, running))
            stack.callback(scheduler.shutdown, wait=False)
            gc.freeze()  # what is loaded by now stays: scanning it again and again costs a tenth of the time
            log.info("ready")
            running.ready.set()
            await _fetch(running, settings)
        finally:
            connecting.cancel()
            with suppress(asyncio.CancelledError, TelegramError):
                await connecting


def _ticks(running: Running) -> list[tuple[float, Work]]:
    """What is done again and again, with the seconds in between."""
    house = running.house
    return [
        (BEAT_SECONDS, running.intake.beat),
        (CATCH_UP_SECONDS, running.intake.catch_up),
        (RELOAD_SECONDS, partial(_reload, running)),
        (ATTENDANCE_SECONDS, partial(ticks.attend, house)),
        (REGISTER_SECONDS, partial(ticks.survey, house)),
        (DUE_SECONDS, partial(ticks.lapse, house)),
        (DUE_SECONDS, partial(ticks.remind, house)),
        (ANNOUNCE_SECONDS, partial(ticks.announce, house)),
        (ANNOUNCE_SECONDS, partial(announce_running.tell, house)),
        (NEWS_SECONDS, partial(ticks.learn, house)),
        (NEWS_SECONDS, partial(ticks.digest, house)),
        (NEWS_SECONDS, partial(ticks.proclaim, house)),
        (GAPS_SECONDS, partial(ticks.tell_of_gaps, house)),
        (SWEEP_SECONDS, partial(ticks.sweep, house)),
        (SEND_SECONDS, running.sender.wake),
    ]


@asynccontextmanager
async def building(settings: Settings, now: Callable[[], datetime] = present) -> AsyncIterator[Running]:
    """The parts of a bot, open while the context is."""
    async with AsyncExitStack() as stack:
        yield await _built(settings, now, stack)


async def _built(settings: Settings, now: Callable[[], datetime], stack: AsyncExitStack) -> Running:
    assert settings.token is not None, "the command line asks for it"
    folder = settings.knowledge or shipped("knowledge")
    library = await asyncio.to_thread(open_library, folder)
    database = Database(settings.database_url.get_secret_value())
    await database.migrate()
    await database.open()
    stack.push_async_callback(database.close)
    stack.push_async_callback(_unless_away, database.erase_traces)
    api = Api(settings.token.get_secret_value(), settings.api_url)
    stack.push_async_callback(api.close)
    house = House(
        api,
        database,
        library,
        now,
        settings.default_language,
        erased_list(database),
        settings.terms,
        settings.coordinators,
    )
    meters = Meters()
    dispatch = Dispatch(house, meters)
    intake = Intake(house, dispatch)
    await ticks.survey(house)
    await intake.hello()
    stack.push_async_callback(_unless_away, intake.close)
    sender = Sender(house, Pace(settings.send_rate))
    stack.push_async_callback(_stop, dispatch, sender)
    if not library.knowledge.operator:
        log.warning("operator.toml is missing: the privacy notice cannot name who is responsible")
    return Running(house, meters, intake, dispatch, sender, folder, asyncio.Event(), asyncio.Event())


async def _stop(dispatch: Dispatch, sender: Sender) -> None:
    """Lets what is being answered and what is on its way end."""
    await asyncio.gather(dispatch.stop(STOP_SECONDS), sender.stop(STOP_SECONDS))


async def _unless_away(last: Callable[[], Awaitable[None]]) -> None:
    """A last thing to do with the database; it is no reason to stop uncleanly when that is away."""
    try:
        await last()
    except DatabaseUnavailable as error:
        log.warning("%s", error)


@asynccontextmanager
async def _listener(running: Running, settings: Settings) -> AsyncIterator[None]:
    if settings.listening is None:
        yield
        return

    routes = status_routes(running.intake.healthy, running.meters.registry)  # the knowledge is usable since the start
    if settings.webhook_url and settings.webhook_secret:
        path = urlsplit(settings.webhook_url).path
        routes.append(webhook(path, settings.webhook_secret.get_secret_value(), running.intake.take))
    async with listening(routes, *settings.listening):
        yield


async def _fetch(running: Running, settings: Settings) -> None:
    """Polls, or with a webhook just waits, until it is time to stop."""
    if settings.webhook_url:
        await running.stopped.wait()
        return
    polling = asyncio.create_task(poll(running.house.api, running.intake))
    try:
        await _first(polling, running.stopped)
    finally:
        polling.cancel()
        with suppress(asyncio.CancelledError):
            await polling


async def _first(task: asyncio.Task[None], stopped: asyncio.Event) -> None:
    """Waits for the task or the stop, whichever comes first; raises what the task raised."""
    stop = asyncio.create_task(stopped.wait())
    await asyncio.wait([task, stop], return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if task.done():
        task.result()


async def _reload(running: Running) -> None:
    """Takes up changed knowledge; a folder with errors leaves the old library in place and is reported once."""
    state = "missing"
    problems: Sequence[object]
    try:
        state = await asyncio.to_thread(digest, running.folder)
        if state in {running.house.library.digest, running.refused}:
            return
        library, problems = await asyncio.to_thread(current, running.folder)
    except MissingKnowledge as error:
        problems = [error]
    except BrokenKnowledge as error:
        problems = error.problems
    if not problems:
        running.house.take(library)
        running.refused = ""
        log.info("the knowledge was reloaded: %d entries", len(library.knowledge.entries))
    elif state != running.refused:
        running.refused = state
        for problem in problems:
            log.warning("%s", problem)
        log.warning("the changed knowledge has errors; the version from before stays in place")


async def _daily(running: Running) -> None:
    """Forgets what is not needed any more; a step that fails keeps none of the others from being done."""
    house, write = running.house, running.house.database.write
    now = microseconds(house.now())
    steps: Sequence[Work] = (
        running.intake.sweep,
        partial(write, sweep_drafts, now),
        partial(write, sweep_chats, now),
        partial(write, sweep_registrations, now),
        partial(write, sweep_inquiries, now),
        partial(ticks.forget, house),
        partial(write, forget_silent, now, house.terms, house.coordinators),
        house.database.erase_traces,
    )
    for step in steps:
        try:
            await step()
        except DatabaseUnavailable:
            raise
        except Exception:
            log.exception("what is not needed any more could not all be forgotten")
