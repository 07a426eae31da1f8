"""Help in danger on a phone that someone else may read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from town import WEDNESDAY

from bot.chat.cards import danger_card
from bot.chat.message import units

NEUTRAL = "Antwort auf Ihre Frage. Die Angaben stehen unten, mit Quelle und Datum."
FAILED = "Die Nachrichten konnten nicht gelöscht werden."
DANGER = "mein mann schlägt mich"

pytestmark = pytest.mark.usefixtures("calm")


async def test_it_comes_silently_without_preview_as_a_reply_to_the_question(town):
    mina = town.person("Mina")
    await mina.says(DANGER)
    question, answer = await mina.sees()
    assert answer["silent"] is True
    assert answer["link_preview_options"] == {"is_disabled": True}
    assert answer["reply_to"] == question["message_id"]


async def test_it_asks_nothing_back_and_its_lowest_button_deletes_it(town):
    mina = town.person("Mina")
    await mina.says(DANGER)
    answer = await mina.last()
    assert [button["data"] for row in answer["buttons"] for button in row if button["data"]] == [
        f"wipe:{answer['message_id']}"
    ]


async def test_one_press_deletes_question_and_answer_and_says_so_in_a_toast(town):
    mina = town.person("Mina")
    await mina.says(DANGER)
    await mina.presses("Nachrichten löschen")
    assert await mina.sees() == []
    assert await town.toasts(mina.id) == ["Erledigt."]


async def test_deleting_comes_before_answering_the_press(town):
    mina = town.person("Mina")
    await mina.says(DANGER)
    await town.fault(method="answerCallbackQuery", status=403)
    await mina.presses("Nachrichten löschen")
    assert await mina.sees() == []


async def test_two_quick_presses_do_what_one_does(town):
    mina = town.person("Mina")
    await mina.says(DANGER)
    data = f"wipe:{(await mina.last())['message_id']}"
    message = (await mina.last())["message_id"]
    await mina.forges(message, data)
    await mina.forges(message, data)
    assert await mina.sees() == []
    assert await town.toasts(mina.id) == ["Erledigt.", "Erledigt."]


async def test_after_48_hours_it_says_in_text_that_it_failed(town):
    mina = town.person("Mina")
    await mina.says(DANGER)
    town.passes(hours=48, seconds=1)
    (sentence,) = await mina.presses("Nachrichten löschen")
    assert sentence.startswith(FAILED)
    assert [message["message_id"] for message in await mina.sees()] == [1, 2, 3]
    assert (await mina.last())["silent"] is True
    assert await town.toasts(mina.id) == []


async def test_within_48_hours_it_still_works(town):
    mina = town.person("Mina")
    await mina.says(DANGER)
    town.passes(hours=47, minutes=59)
    await mina.presses("Nachrichten löschen")
    assert await mina.sees() == []


async def test_a_forged_press_deletes_only_the_message_under_which_it_was(town):
    mina = town.person("Mina")
    await mina.says("Wo finde ich einen Deutschkurs?")
    await mina.says(DANGER)
    await mina.forges(2, "wipe:4")
    assert [message["message_id"] for message in await mina.sees()] == [1, 3, 4]


async def test_a_forged_press_in_another_chat_deletes_nothing_there(town):
    mina, eve = town.person("Mina"), town.person("Eve")
    await mina.says(DANGER)
    await eve.says("/help")
    await eve.forges(2, "wipe:2")
    assert len(await mina.sees()) == 2


async def test_danger_is_answered_even_in_a_flood(town):
    mina = town.person("Mina")
    for _ in range(30):
        await mina.says("/help")
    assert await mina.says("Wo finde ich einen Deutschkurs?") == [
        "Das waren viele Nachrichten. In einer Minute geht es weiter."
    ]
    assert (await mina.says(DANGER))[0] == NEUTRAL


async def test_danger_is_seen_below_a_picture_and_deleted_with_it(town):
    mina = town.person("Mina")
    assert (await mina.says(DANGER, photo=True))[0] == NEUTRAL
    await mina.presses("Nachrichten löschen")
    assert await mina.sees() == []


async def test_danger_is_seen_behind_a_command(town):
    assert (await town.person("Mina").says(f"/help {DANGER}"))[0] == NEUTRAL


async def test_danger_is_seen_at_the_end_of_the_longest_text(town):
    long = "Ich habe eine Frage. " * 190 + DANGER
    assert (await town.person("Mina").says(long))[0] == NEUTRAL


async def test_danger_in_an_edited_message_is_answered_and_deleted_with_it(town):
    mina = town.person("Mina")
    await mina.says("😀")
    assert (await mina.says(DANGER, edited=True))[0] == NEUTRAL
    await mina.presses("Nachrichten löschen")
    assert [message["text"].split("\n")[0][:20] for message in await mina.sees()] == ["Schreiben Sie ein pa"]


async def test_a_suggestion_that_names_it_is_deleted_with_the_question(town):
    mina = town.person("Mina")
    await mina.says("Hilfe zu Hause")
    assert (await mina.presses("1 Hilfe bei Gewalt zu Hause"))[0] == NEUTRAL
    assert len(await mina.sees()) == 2
    await mina.presses("Nachrichten löschen")
    assert await mina.sees() == []


def test_a_long_text_does_not_make_two_messages_of_it(town):
    knowledge = town.running.house.knowledge
    entry = knowledge.entries["violence"]
    body = "\n".join(f"{number}. Satz mit vielen 🏠🏠🏠 Zeichen" for number in range(400))
    message = danger_card(knowledge, entry, replace(entry.texts["de"], body=body), "de", WEDNESDAY)
    lines = message.html.split("\n")
    assert units(message.html) <= 4096
    assert lines[0] == NEUTRAL
    assert lines[-1] == "Stand der Quelle: August 2026"
