"""When Telegram or the database is in trouble: nothing is lost, and one chat's trouble stays its own."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest
from waiting import heads, post, shown, take

from bot.chat import routes
from bot.store.inbox import Arrived, take_in
from bot.store.people import known

QUESTION, ANSWER = "Wo finde ich einen Deutschkurs?", "Deutsch lernen"
NOT_NOW = "Das hat nicht geklappt, nichts wurde geändert. Bitte in ein paar Minuten noch einmal."


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 429, "retry_after": 1},
        {"status": 500},
        {"status": 502, "body": "<html>Bad Gateway</html>"},
        {"status": 404, "body": "<html>Not Found</html>"},
        {"body": "<html>who are you?</html>"},
        {"body": "[]"},
        {"body": '{"ok": true}'},
        {"drop": "before"},
    ],
    ids=str,
)
async def test_trouble_that_passes_leaves_one_answer(town, fault):
    anna = town.person("Anna")
    await town.fault(method="sendMessage", **fault)
    await anna.says(QUESTION)
    assert await heads(anna) == [ANSWER]
    assert town.inbox() == {"done": 1}


async def test_an_answer_of_unknown_fate_is_sent_once_more(town):
    anna = town.person("Anna")
    await town.fault(method="sendMessage", drop="after")
    await anna.says(QUESTION)
    assert await heads(anna) == [ANSWER, ANSWER]


async def test_trouble_is_told_once_and_so_is_its_end(town, caplog):
    await town.fault(method="sendMessage", status=500, times=2)
    await town.person("Anna").says(QUESTION)
    warnings = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert warnings == ["Telegram lets answers wait", "answers go out again"]


async def test_help_in_danger_is_sent_once_though_its_button_cannot_be_put_right_at_first(town):
    mina = town.person("Mina")
    await town.fault(method="editMessageReplyMarkup", status=500)
    await mina.says("mein mann schlägt mich")
    assert len(await heads(mina)) == 1
    assert (await mina.last())["buttons"][-1][0]["data"] == "wipe:2"


async def test_trouble_while_deleting_is_outwaited(town, caplog):
    mina = town.person("Mina")
    await mina.says("mein mann schlägt mich")
    await town.fault(method="deleteMessage", status=500)
    await mina.presses("Nachrichten löschen")
    assert await mina.sees() == []
    assert await town.toasts(mina.id) == ["Erledigt."]
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_message_is_counted_once_however_often_it_is_tried(town):
    anna = town.person("Anna")
    for _ in range(29):
        await anna.says("/privacy")
    await town.fault(method="sendMessage", status=400, description="Bad Request: BUTTON_DATA_INVALID", times=2)
    assert (await anna.says("/privacy"))[0] == "Datenschutz, kurz"


async def test_order_is_kept_in_a_chat(town):
    anna = town.person("Anna")
    await town.fault(method="sendMessage", status=500, times=1)
    for text in ("/privacy", "/settings", QUESTION):
        await post(town, anna, text)
    await town.answer()
    assert await heads(anna) == ["Datenschutz, kurz", "Einstellungen", ANSWER]


async def test_what_a_dead_process_left_comes_before_what_arrives_meanwhile(town):
    anna = town.person("Anna")
    await anna.says("/start")
    chat, house = {"id": anna.id, "type": "private"}, town.running.house

    def update(number, text):
        told = {"message_id": 900 + number, "date": 1, "from": anna.user, "chat": chat, "text": text}
        return {"update_id": number, "message": told}

    left = [update(1, "/privacy"), update(2, "/settings")]
    rows = [Arrived(one["update_id"], anna.id, anna.id, "de", json.dumps(one)) for one in left]
    await house.database.write(take_in, house.api.id, "dead", rows, 1)
    await town.running.intake.beat()
    await asyncio.gather(town.running.intake.catch_up(), town.running.intake.take([update(3, QUESTION)]))
    await town.running.dispatch.settle()
    assert (await heads(anna))[1:] == ["Datenschutz, kurz", "Einstellungen", ANSWER]


async def test_one_chats_trouble_does_not_delay_another(town):
    anna, ben = town.person("Anna"), town.person("Ben")
    await town.fault(method="sendMessage", chat=anna.id, status=429, retry_after=2)
    await post(town, anna, QUESTION)
    await post(town, ben, QUESTION)
    await take(town)
    await shown(town, ben, 2)
    assert await heads(anna) == []
    await town.running.dispatch.settle()
    assert await heads(anna) == [ANSWER]


async def test_who_blocked_lotse_is_noted_if_known_and_left_in_peace(town, caplog):
    anna, eve = town.person("Anna"), town.person("Eve")
    await anna.says("/start lang_de")
    for person in (anna, eve):
        await town.fault(method="sendMessage", chat=person.id, status=403)
        await person.says(QUESTION)
    people = await town.running.house.database.read(known, [anna.id, eve.id])
    assert {number: person.blocked for number, person in people.items()} == {anna.id: True}
    assert town.inbox() == {"done": 3}
    assert not [record for record in caplog.records if record.exc_info]


async def test_blocking_and_coming_back_are_noted(town):
    anna = town.person("Anna")
    await anna.says("/start lang_de")
    await anna.does(block=True)
    assert (await town.running.house.database.read(known, [anna.id]))[anna.id].blocked
    await anna.does(block=False)
    assert not (await town.running.house.database.read(known, [anna.id]))[anna.id].blocked


async def test_a_chat_that_is_gone_is_no_error(town, caplog):
    await town.fault(method="sendMessage", status=400, description="Bad Request: chat not found")
    await town.person("Anna").says(QUESTION)
    assert town.inbox() == {"done": 1}
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_what_fails_three_times_is_set_aside_and_the_person_told(town, caplog):
    anna = town.person("Anna")
    await town.fault(method="sendMessage", status=400, description="Bad Request: BUTTON_DATA_INVALID", times=3)
    assert await anna.says(QUESTION) == [NOT_NOW, "In Gefahr: 110 (Polizei), 112 (Rettung)"]
    assert town.inbox() == {"failed": 1}
    assert town.select("SELECT body, attempts FROM inbox") == [(None, 3)]
    assert QUESTION not in caplog.text
    assert (await anna.says(QUESTION))[0] == ANSWER


async def test_the_apology_is_in_the_language_of_the_question(town):
    anna = town.person("Anna")
    await town.fault(method="sendMessage", status=400, description="Bad Request: BUTTON_DATA_INVALID", times=3)
    assert (await anna.says("Where do I get help with recognition of my diploma?"))[0].startswith("That did not work")


@pytest.mark.parametrize("error", [ZeroDivisionError("Sentinel"), asyncio.CancelledError()], ids=repr)
async def test_a_mistake_in_the_program_harms_one_update_only(town, monkeypatch, error):
    async def broken(_talk, _arguments):
        raise error

    monkeypatch.setitem(routes.COMMANDS, "privacy", broken)
    anna = town.person("Anna")
    for text in ("/privacy", QUESTION):
        await post(town, anna, text)
    await town.answer()
    assert await heads(anna) == [NOT_NOW, ANSWER]
    assert town.inbox() == {"failed": 1, "done": 1}


async def test_what_fails_twice_is_answered_the_third_time(town):
    anna = town.person("Anna")
    await town.fault(method="sendMessage", status=400, description="Bad Request: BUTTON_DATA_INVALID", times=2)
    assert (await anna.says(QUESTION))[0] == ANSWER
    assert town.inbox() == {"done": 1}


async def test_that_even_the_apology_fails_stops_nobody(town):
    anna = town.person("Anna")
    await town.fault(method="sendMessage", status=400, description="Bad Request: BUTTON_DATA_INVALID", times=4)
    assert await anna.says(QUESTION) == []
    assert (await anna.says(QUESTION))[0] == ANSWER
