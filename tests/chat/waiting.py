"""Watching a town from outside while the bot is still answering."""

from __future__ import annotations


async def heads(person):
    """The first line of each of the bot's messages."""
    return [message["text"].split("\n")[0] for message in await person.sees() if message["from"] == "bot"]


async def post(town, person, text):
    """Somebody writes; nothing is fetched yet."""
    async with town.http.post(f"{town.root}/sandbox/updates", json={"user": person.user, "text": text}) as response:
        assert response.status == 200


async def take(town):
    """Fetches and begins to answer, without waiting for the end."""
    updates = await town.running.house.api.updates(town.offset)
    town.offset = updates[-1]["update_id"] + 1
    await town.running.intake.take(updates)


async def shown(town, person, number):
    """Returns once the chat has so many messages."""
    revision = 0
    while len(await person.sees()) < number:
        query = f"?after={revision}&wait=10"
        async with town.http.get(f"{town.root}/sandbox/chats/{person.id}{query}") as response:
            revision = int(response.headers["X-Revision"])


async def used_up(town):
    """Returns once every ordered fault has happened."""
    while True:
        async with town.http.get(f"{town.root}/sandbox/faults") as response:
            if not any(fault.get("times") for fault in await response.json()):
                return
