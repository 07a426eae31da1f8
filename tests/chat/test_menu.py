"""The menu of commands in Telegram: by language, and for the chat of who chose another one."""

from __future__ import annotations

import pytest

from bot.chat.commands import COMMANDS, register
from bot.texts import interface_languages


async def menu(town, **query):
    async with town.http.get(f"{town.root}/sandbox/bots/current/commands", params=query) as response:
        return {one["command"]: one["description"] for one in await response.json()}


async def test_it_is_registered_in_every_language_that_telegram_tells_apart(town):
    await register(town.running.house.api, "de")
    german, english = await menu(town, language="de"), await menu(town, language="en")
    assert list(german) == list(english) == list(COMMANDS)
    assert (german["delete"], english["delete"]) == ("Meine Daten löschen", "Delete my data")
    assert await menu(town, language="ja") == german
    shown = {code: await menu(town, language=code) for code in interface_languages() if len(code) == 2}
    assert len({tuple(one.values()) for one in shown.values()}) == len(shown)


async def test_the_short_description_is_in_the_reader_s_language(town):
    await register(town.running.house.api, "de")
    async with town.http.get(f"{town.root}/sandbox/bots/current?language=en") as response:
        about = (await response.json())["short_description"]
    assert about == "Lotse answers questions about living and working in Bavaria."


async def test_choosing_a_language_sets_the_menu_of_the_chat(town):
    ida = town.person("Ida")
    await register(town.running.house.api, "de")
    await ida.says("/start lang_de-simple")
    own = await menu(town, chat=ida.id, language="de")
    assert own["language"] == "Sprache wählen"
    assert own != await menu(town, language="de")


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 429, "retry_after": 60}, {"drop": "before"}], ids=str)
async def test_choosing_works_though_the_menu_cannot_be_set(town, fault):
    ida = town.person("Ida")
    await town.fault(method="setMyCommands", **fault)
    assert (await ida.says("/start lang_en"))[0] == "Lotse now replies in this language."
    assert (await ida.says("/settings"))[:2] == ["Settings", "Language: English"]
