"""What dialogues with coordinators need: somebody in charge, a planned session, and people registered for it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text
from town import Person, Town

from bot.domain.instants import microseconds
from bot.domain.plan import NewSession, Wording
from bot.services.people import know
from bot.services.programme import add, add_series
from bot.services.roles import give

REFUSED = ["Only the coordination team can do this."]
THURSDAY = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)  # 10:00 in Germany, eight days on
SEAT = text(
    "INSERT INTO registrations (session, person, state, line, confirmed_at, created) "
    "VALUES (:session, :person, :state, :person, 0, 0)"
)


async def coordinator(town: Town, name: str = "Cora", code: str = "en") -> Person:
    """Somebody whom the operator has named."""
    person = town.person(name, code)
    town.running.house.coordinators |= {person.id}
    return person


async def member(town: Town, name: str, role: str | None = "coordinator", code: str = "en") -> Person:
    """Somebody with a stored role, or None, who has written to Lotse."""
    person = town.person(name, code)
    await person.says("/start")
    await town.running.house.database.write(give, person.id, code, role, microseconds(town.now))
    return person


async def invited(person: Person, role: str = "staff") -> str:
    """A new invitation of a coordinator's, as whoever opens it sends it."""
    (payload,) = re.findall("invite_[0-9a-f]{32}", "\n".join(await person.says(f"/invite {role}")))
    return f"/start {payload}"


async def menu_of(person: Person) -> list[str]:
    """The commands that somebody's Telegram shows in their chat."""
    query = {"chat": person.id, "language": person.code or ""}
    async with person.town.http.get(f"{person.town.root}/sandbox/bots/current/commands", params=query) as response:
        return [one["command"] for one in await response.json()]


async def planned(town: Town, title: str = "Housing", starts: datetime = THURSDAY, **more: Any) -> int:
    """A session of the series "Autumn"; its id."""
    house = town.running.house
    now = microseconds(town.now)
    series = await house.database.write(add_series, "Autumn", {}, now)
    wording = Wording(title, more.pop("language", "en"))
    new = NewSession(series, microseconds(starts), wording, **{"capacity": 50, **more})
    id_ = await house.database.write(add, new, now, house.terms)
    assert isinstance(id_, int)
    return id_


async def registered(town: Town, session: int, states: dict[str, str], code: str = "en") -> None:
    """People by name with their registrations' states, put there without asking whether there is room."""

    def put(tx: Any, person: Person, state: str) -> None:
        know(tx, person.id, code, microseconds(town.now))
        tx.execute(SEAT, {"session": session, "person": person.id, "state": state})

    for name, state in states.items():
        await town.running.house.database.write(put, town.person(name, code), state)


async def put(town: Town, *statements: str) -> None:
    """Changes the database as its operator could."""

    def change(tx: Any) -> None:
        for statement in statements:
            tx.execute(text(statement))

    await town.running.house.database.write(change)
