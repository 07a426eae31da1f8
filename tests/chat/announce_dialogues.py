"""What dialogues about announcements need: subscribers, the preview's parts, and everything going out."""

from __future__ import annotations

from typing import Any

from town import Person, Town, lines

from bot.chat import announce_running, ticks
from bot.domain.instants import microseconds
from bot.services.newsletter import subscribe


async def subscribed(town: Town, name: str, code: str = "en") -> Person:
    """Somebody who has a chat with Lotse and the newsletter on."""
    person = town.person(name, code)
    await person.says("/start")
    await town.running.house.database.write(subscribe, person.id, code, microseconds(town.now))
    return person


async def settles(town: Town) -> None:
    """Lets everything go out, summaries and corrections too, and the author's message be written again."""
    for _ in range(3):
        await town.delivers()
        await ticks.announce(town.running.house)
    town.passes(seconds=6)
    await announce_running.tell(town.running.house)


def essence(message: dict[str, Any]) -> dict[str, Any]:
    """All of a message that its reader sees."""
    seen = ("text", "entities", "buttons", "document", "photo", "venue", "link_preview_options")
    return {name: message.get(name) for name in seen}


async def since(person: Person, before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The bot's messages that are new in a chat."""
    known = {message["message_id"] for message in before}
    return [m for m in await person.sees() if m["from"] == "bot" and m["message_id"] not in known]


async def control(person: Person) -> dict[str, Any]:
    """The newest message that can be confirmed."""
    return next(m for m in reversed(await person.sees()) if "confirm:" in str(m.get("buttons")))


async def draft_of(person: Person) -> int:
    """The draft that it belongs to."""
    data = [button["data"] for row in (await control(person))["buttons"] for button in row]
    return int(next(one for one in data if one.startswith("confirm:")).removeprefix("confirm:"))


async def step(person: Person, name: str) -> list[str]:
    """Presses a step of the newest draft, on its control message."""
    message = await control(person)
    return await person.forges(message["message_id"], f"announce:{await draft_of(person)}:{name}")


async def confirms(person: Person) -> list[str]:
    """Presses the button that sends."""
    return await person.presses(f"confirm:{await draft_of(person)}")


async def has(person: Person) -> list[str]:
    """The newest message of a chat as lines."""
    return lines([await person.last()])
