"""What is stored of a person: shown whole, and gone without a trace when they ask."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from town import SMALL, town_of

from bot.services.drafts import start as start_draft

pytestmark = pytest.mark.usefixtures("calm")

PERSON = 9_876_543_210_123  # an id that stands nowhere by chance
QUESTION = "Wo finde ich einen Sentinelkurs?"


async def data_of(town, person):
    document = (await person.last())["document"]
    assert document["file_name"] == "lotse-data.json"
    async with town.http.get(f"{town.root}{document['url']}") as response:
        return json.loads(await response.read())


async def test_who_only_asks_is_not_stored(town):
    anna = town.person("Anna")
    await anna.says(QUESTION)
    await anna.says("/mydata")
    assert await data_of(town, anna) == {"telegram_id": anna.id, "drafts": []}
    assert town.select("SELECT * FROM people") == []


async def test_the_document_says_everything(town):
    anna = town.person("Anna", "uk")
    await anna.says("/start lang_de")
    await anna.says("/delete")
    await anna.says("/mydata")
    assert await data_of(town, anna) == {
        "telegram_id": anna.id,
        "language": "de",
        "telegram_language": "uk",
        "role": None,
        "since": "2026-11-25",
        "last_seen": "2026-11-25",
        "drafts": [{"kind": "delete", "answers": {}, "expires": "2026-11-25"}],
    }


async def test_keeping_forgets_whom_only_the_question_made_known(town):
    anna = town.person("Anna")
    await anna.says("/delete")
    await anna.presses("Nichts löschen")
    assert town.select("SELECT * FROM people") == []


async def test_keeping_keeps_a_choice(town):
    anna = town.person("Anna")
    await anna.says("/start lang_en")
    await anna.says("/delete")
    await anna.presses("Keep my data")
    assert town.select("SELECT language FROM people") == [("en",)]


async def test_confirming_twice_says_the_same_twice(town):
    anna = town.person("Anna")
    await anna.says("/delete")
    message = (await anna.last())["message_id"]
    await anna.presses("Meine Daten löschen")
    assert await anna.forges(message, "confirm:1") == []
    assert (await anna.last())["text"].startswith("Ihre Daten sind gelöscht.")
    assert len(town.running.house.erased.read_text().splitlines()) == 1


async def test_a_deletion_that_a_kill_cut_short_is_finished(town):
    """The rows are gone, the reply was never sent: the update comes again."""
    anna = town.person("Anna")
    await anna.says("/delete")
    await town.fault(method="editMessageText", status=400, description="Bad Request: no", times=1)
    await town.fault(method="sendMessage", status=403, times=1)
    assert await anna.presses("Meine Daten löschen") == []
    assert (await anna.presses("Meine Daten löschen"))[0] == "Ihre Daten sind gelöscht."


async def test_after_deleting_nothing_of_the_person_is_in_the_files(sqlite_ready_url):
    path = Path(sqlite_ready_url.removeprefix("sqlite:///"))
    async with town_of(SMALL, sqlite_ready_url) as town:
        anna = town.person("Sentinelname")
        anna.id = PERSON
        await anna.says("/start lang_de")
        for _ in range(20):
            await anna.says(QUESTION)
        await town.running.house.database.write(start_draft, PERSON, "delete", {"text": QUESTION}, 2**52)
        assert found(path) != {}
        await anna.says("/delete")
        assert (await anna.presses("Meine Daten löschen"))[0] == "Ihre Daten sind gelöscht."
        assert b"Sentinelkurs" not in b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))
    assert found(path) == {}


def found(path):
    """Where the person's name, words or id still stand, as text or as SQLite writes whole numbers."""
    marks = (b"Sentinel", str(PERSON).encode(), PERSON.to_bytes(6, "big"))
    files = {one.name: one.read_bytes() for one in path.parent.glob(f"{path.name}*")}
    return {name: mark for name, content in files.items() for mark in marks if mark in content}
