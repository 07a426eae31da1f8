"""In groups Lotse answers commands addressed to it, and nothing that others should not read."""

from __future__ import annotations

import pytest
from town import lines

TEAM = {"id": -5, "type": "group", "title": "Team"}
REFUSED = ["Das geht nur in Ihrem eigenen Chat mit Lotse."]

pytestmark = pytest.mark.usefixtures("calm")


@pytest.fixture
def group(town):
    """Somebody writes in the group, or presses a button there; what the bot says then."""
    anna = town.person("Anna")

    async def does(**what):
        before = await town.transcript(TEAM["id"])
        await town.happens({"user": anna.user, "chat": TEAM, **what})
        return lines([m for m in await town.transcript(TEAM["id"]) if m["from"] == "bot" and m not in before])

    return does


async def test_only_commands_addressed_to_it_are_answered(group, town):
    name = town.running.house.api.name
    assert (await group(text=f"/topics@{name}"))[0] == "Wählen Sie ein Thema oder schreiben Sie Ihre Frage."
    assert (await group(text=f"/PRACTICES@{name.upper()}"))[0] == "Praxisbeispiele aus Kommunen"
    for text in ("/topics", "/topics@other_bot", "Wo finde ich einen Deutschkurs?", f"@{name} Deutschkurs"):
        assert await group(text=text) == []
    for what in ({"photo": True}, {"location": [48.1, 11.5]}, {"text": "mein mann schlägt mich"}):
        assert await group(**what) == []


@pytest.mark.parametrize("command", ["language", "settings", "mydata", "delete", "start{} lang_en"])
async def test_private_commands_are_refused_by_a_sentence(group, town, command):
    address = f"@{town.running.house.api.name}"
    written = command.format(address) if "{}" in command else command + address
    assert await group(text=f"/{written}") == REFUSED
    assert town.select("SELECT count(*) FROM people") == [(0,)]


async def test_their_buttons_are_refused_too(group, town):
    await group(text=f"/privacy@{town.running.house.api.name}")
    for data in ("mydata:", "delete:", "lang:en", "confirm:1", "cancel:1", "more:languages:0"):
        assert await group(press={"message_id": 2, "data": data}) == REFUSED
    assert town.select("SELECT count(*) FROM people") == [(0,)]


async def test_browsing_works_for_all(group, town):
    await group(text=f"/topics@{town.running.house.api.name}")
    assert (await group(press={"message_id": 2, "data": "topic:work"}))[0] == "Arbeit"


async def test_being_put_out_of_a_group_blocks_nobody(group, town):
    anna = town.person("Anna")
    await anna.says("/start lang_de")
    await town.fault(method="sendMessage", status=403, chat=TEAM["id"])
    assert await group(text=f"/topics@{town.running.house.api.name}") == []
    assert town.select("SELECT blocked FROM people") == [(0,)]


async def test_a_group_that_became_a_supergroup_is_answered_there(group, town):
    bigger = {"id": -1009, "type": "supergroup", "title": "Team"}
    await town.happens({"user": town.person("Anna").user, "chat": bigger, "text": "Hallo"})
    await town.fault(method="sendMessage", status=400, migrate_to_chat_id=-1009, chat=TEAM["id"])
    assert await group(text=f"/practices@{town.running.house.api.name}") == []
    assert [m["text"] for m in await town.transcript(-1009)][1:] == ["Praxisbeispiele aus Kommunen"]


async def test_channels_are_ignored(town):
    channel = {"id": -77, "type": "channel", "title": "Amt"}
    await town.happens(
        {"user": town.person("Anna").user, "chat": channel, "text": f"/topics@{town.running.house.api.name}"}
    )
    assert await town.said() == []
