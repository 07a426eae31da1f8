"""The programme of a town: filled from a file, moved and cancelled, as coordinators do it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import icalendar
from sqlalchemy import text
from town import Person, Town

from bot.documents.tables import read_table
from bot.domain.instants import local, microseconds
from bot.services import programme
from bot.services.programme_file import COLUMNS, check
from bot.services.programme_import import Imported, import_programme
from bot.store.tx import Tx

FOLDER = Path(__file__).parent.parent / "folders" / "programmes"


async def plan(town: Town, name: str) -> None:
    """Imports a programme file of tests/folders/programmes, as `lotse programme import` does."""
    house = town.running.house
    file = check(read_table(FOLDER / name, COLUMNS), house.terms, None)
    assert not file.problems
    done = await house.database.write(import_programme, file, microseconds(town.now), house.terms)
    assert isinstance(done, Imported)


async def move(town: Town, session: int, starts: str, minutes: int = 150) -> None:
    """Moves a session to another local time, "2026-12-08 14:00"."""
    house = town.running.house
    start = local(datetime.fromisoformat(starts), house.terms.zone)
    await house.database.write(programme.move, session, start, minutes, microseconds(town.now), house.terms)


async def cancel(town: Town, session: int) -> None:
    """Cancels a session."""
    house = town.running.house
    await house.database.write(programme.cancel, session, microseconds(town.now), house.terms)


async def remove(town: Town, session: int) -> None:
    """Takes a session out of the database, as nothing in Lotse does."""
    statement = text("DELETE FROM sessions WHERE id = :id")
    await town.running.house.database.write(lambda tx: tx.execute(statement, {"id": session}))


def choose_reminders(tx: Tx, person: int, rules: str | None) -> None:
    """Sets the rules of a person, None for the operator's."""
    tx.execute(text("UPDATE people SET reminders = :rules WHERE id = :id"), {"id": person, "rules": rules})


async def file(town: Town, person: Person) -> bytes:
    """The newest file in somebody's chat."""
    found = [m["document"] for m in await person.sees() if m.get("document")][-1]
    async with town.http.get(f"{town.root}{found['url']}") as response:
        assert response.status == 200
        return await response.read()


async def event(town: Town, person: Person) -> icalendar.Event:
    """The one event of the newest file in somebody's chat."""
    (found,) = icalendar.Calendar.from_ical(await file(town, person)).walk("VEVENT")
    return found
