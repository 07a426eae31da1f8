"""What is stored of a person: shown whole, and gone without a trace when they ask."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from coordination import THURSDAY, planned, registered
from town import SMALL, town_of

from bot.domain.details import Details
from bot.domain.instants import microseconds
from bot.services.details import keep as keep_details
from bot.services.drafts import start as start_draft
from bot.services.needs import Needs
from bot.services.needs import keep as keep_needs
from bot.services.registrations import register, register_all
from bot.services.settings import choose_reminders
from bot.store.outbox import Notice, queue

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
    counted = {"month": "2026-11", "language": "de", "outcome": "answer", "topic": "arrival", "count": 1}
    told = {"messages": [], "acts": [], "questions": [counted], "drafts": []}
    assert await data_of(town, anna) == {"telegram_id": anna.id, **told}
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
        "role_since": None,
        "blocked": False,
        "reminders": None,
        "place": None,
        "mark": None,
        "since": "2026-11-25",
        "last_seen": "2026-11-25",
        "details": None,
        "registrations": [],
        "series_taken_whole": [],
        "needs": [],
        "inquiries": [],
        "newsletter": None,
        "messages": [],
        "acts": [],
        "drafts": [{"kind": "delete", "answers": {}, "expires": "2026-11-25"}],
    }


async def give_everything(town, person, word="Sentinel"):
    """Registers for the whole series, says everything that can be said, and has a message waiting."""
    house, now = town.running.house, microseconds(town.now)
    write = house.database.write
    await planned(town)
    await planned(town, "Work", capacity=1)
    await registered(town, 2, {"Zoe": "confirmed"})
    await write(register_all, 1, person, "en", now, house.terms)
    await write(choose_reminders, person, "3d", "en", now)
    await write(keep_details, person, Details(f"{word} Name", f"{word} Amt", f"{word} Ort"), now)
    await write(keep_needs, 1, person, Needs(subtitles=True, other=f"{word} Bedarf"), now)
    await write(start_draft, person, "details", {"text": f"{word} Draft"}, now)
    await write(queue, [Notice(person, "link", "link:1:1", now + 1, 1, {"word": f"{word} Notice"})])


async def test_the_document_says_what_belongs_to_sessions(town):
    anna = town.person("Anna", "en")
    await give_everything(town, anna.id)
    await anna.says("/mydata")
    data = await data_of(town, anna)
    assert data["reminders"] == "3d"
    assert data["details"] == {
        "name": "Sentinel Name",
        "authority": "Sentinel Amt",
        "municipality": "Sentinel Ort",
        "municipality_type": "",
    }
    day = {"starts": "2026-12-03T10:00+01:00", "since": "2026-11-25"}
    assert data["registrations"] == [
        {"session": "Housing", "state": "confirmed", **day},
        {"session": "Work", "state": "waitlisted", **day},
    ]
    assert data["series_taken_whole"] == [{"series": "Autumn", "since": "2026-11-25"}]
    said = {"sign_language": False, "subtitles": True, "other": "Sentinel Bedarf", "consented": "2026-11-25"}
    assert data["needs"] == [{"session": "Housing", **said}]
    waiting = {"kind": "link", "session": "Housing", "state": "waiting", "due": "2026-11-25"}
    assert data["messages"] == [waiting]


async def test_before_deleting_it_says_what_would_go(town):
    anna = town.person("Anna", "en")
    assert "That is: your Telegram id, if at all." in await anna.says("/delete")
    await anna.says("/start lang_en")
    assert "That is: language." in await anna.says("/delete")
    await give_everything(town, anna.id)
    line = (
        "That is: language, reminders, personal details, what you need to take part and 2 registrations. "
        "Your places become free."
    )
    assert line in await anna.says("/delete")
    town.now = THURSDAY
    assert line.removesuffix(" Your places become free.") in await anna.says("/delete")


async def test_deleting_gives_the_seat_to_who_waits(town):
    house, now = town.running.house, microseconds(town.now)
    anna, zoe = town.person("Anna", "en"), town.person("Zoe", "en")
    await planned(town, capacity=1)
    for person in (anna, zoe):
        await house.database.write(register, 1, person.id, "en", now, house.terms)
    await anna.says("/delete")
    await anna.presses("Delete my data")
    assert town.select("SELECT person, state FROM registrations") == [(zoe.id, "offered")]
    assert town.select("SELECT person, kind FROM outbox") == [(zoe.id, "offer")]


async def test_keeping_keeps_a_registration(town):
    anna = town.person("Anna", "en")
    await planned(town)
    await registered(town, 1, {"Anna": "confirmed"})
    await anna.says("/delete")
    await anna.presses("Keep my data")
    assert town.select("SELECT person FROM registrations") == [(anna.id,)]


async def test_no_reminders_is_a_choice_that_is_kept(town):
    anna = town.person("Anna", "en")
    await town.running.house.database.write(choose_reminders, anna.id, "", "en", microseconds(town.now))
    await anna.says("/delete")
    await anna.presses("Keep my data")
    assert town.select("SELECT reminders FROM people") == [("",)]


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
        await give_everything(town, PERSON)
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
