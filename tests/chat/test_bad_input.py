"""Whatever people send: one clear sentence, nothing lost, nothing alarming in the log."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TOO_LITTLE = "Schreiben Sie ein paar Wörter, zum Beispiel: Wo finde ich einen Deutschkurs?"
NOT_FOUND = "Dazu gibt es hier noch keine geprüfte Antwort."
NO_FILES = "Lotse öffnet keine Bilder, Dateien und Sprachnachrichten. Schreiben Sie den wichtigsten Satz."
NOT_STORED = "Der Ort wurde nicht gespeichert."
TOO_MANY = "Das waren viele Nachrichten. In einer Minute geht es weiter."
COURSES = "Deutsch lernen"
NUMBERS = count(1)

pytestmark = pytest.mark.usefixtures("calm")
every_example = settings(
    max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def message(text=None, **more):
    """An update with a message of somebody nobody has heard of."""
    person = 50_000 + next(NUMBERS)
    told = {} if text is None else {"text": text}
    sender = {"id": person, "is_bot": False, "first_name": "X", "language_code": "de"}
    chat = {"id": person, "type": "private"}
    return {"message": {"message_id": 1, "date": 1_795_600_800, "from": sender, "chat": chat, **told, **more}}


async def replies(town, update):
    await town.raw(update)
    return [shown["text"] for shown in await town.transcript(update["message"]["chat"]["id"])]


ODD = [
    ("😀😀👍🏽", TOO_LITTLE),
    ("     ", TOO_LITTLE),
    ("…?!", TOO_LITTLE),
    ("\u202e\u2066\u200f", TOO_LITTLE),
    ("\x00\ud83d", TOO_LITTLE),
    ("Wie wird das Wetter? " * 195 + "!", NOT_FOUND),
    ("<b>Wie</b> wird das &amp; Wetter </script> <a href='x'>", NOT_FOUND),
    ("\u202eWo finde ich\u202c einen \u2066Deutschkurs\u2069?\x00\ud800", COURSES),
    ("ＷＯ ＦＩＮＤＥ ＩＣＨ ＥＩＮＥＮ ＤＥＵＴＳＣＨＫＵＲＳ？", COURSES),
    ("/", TOO_LITTLE),
    ("/hilfe@andererbot", NOT_FOUND),
]


async def test_odd_texts(town):
    for text, line in ODD:
        (answer,) = await replies(town, message(text))
        assert answer.split("\n")[0] == line


@every_example
@given(text=st.text(st.characters(), max_size=4096))
async def test_any_text_in_any_script_is_answered_once(town, text):
    assert len(await replies(town, message(text))) == 1


async def test_what_is_no_text_is_not_opened(town):
    for kind in "photo document voice audio video video_note sticker animation contact poll dice".split():  # noqa: SIM905
        (answer,) = await replies(town, message(**{kind: {"file_id": "x"}}))
        assert answer.split("\n")[0] == NO_FILES


async def test_a_place_is_not_kept(town):
    spot = {"latitude": 48.1, "longitude": 11.5}
    for sent in ({"location": spot}, {"venue": {"location": spot, "title": "X", "address": "Y"}}):
        (answer,) = await replies(town, message(**sent))
        assert answer.split("\n")[-1] == NOT_STORED


async def test_an_edited_message_is_answered_anew_but_a_moving_place_is_not(town):
    anna = town.person("Anna")
    await anna.says("Wo finde ich einen Kurz?")
    assert (await anna.says("Wo finde ich einen Deutschkurs?", edited=True))[0] == COURSES
    assert (await anna.says("/help", edited=True))[0] == "Schreiben Sie eine Frage oder wählen Sie unten ein Thema."
    moved = message(location={"latitude": 48.1, "longitude": 11.5})
    await town.raw({"edited_message": moved["message"]})
    assert await town.transcript(moved["message"]["chat"]["id"]) == []


LEFT_ALONE = [
    {"inline_query": {"id": "1", "from": {"id": 5}, "query": "x", "offset": ""}},
    {"channel_post": {"message_id": 1, "date": 1, "chat": {"id": -9, "type": "channel"}, "text": "Deutschkurs"}},
    {"a_kind_of_the_future": {"from": {"id": 5}, "text": "Deutschkurs"}},
    {},
    {"message": None},
    {"message": []},
    {"message": {"text": "Deutschkurs"}},
    {"message": {"message_id": 1, "chat": {"id": 5, "type": "private"}, "text": "Deutschkurs"}},
    {"message": {"message_id": 1, "from": {"id": 5}, "text": "Deutschkurs"}},
    {"callback_query": {"id": "1"}},
    {"callback_query": {"from": {"id": 5}, "data": 3}},
    {"edited_message": 5},
    message("Deutschkurs", **{"from": {"id": 5, "is_bot": True, "first_name": "Bot"}}),
    message("Deutschkurs", **{"from": {"id": 2**80, "first_name": "Forged"}}),
    message("Deutschkurs", message_id="7"),
    message("Deutschkurs", date=float("inf")),
    message(new_chat_title="Dienstliches"),
]


async def test_what_is_none_of_lotses_business_is_left_alone(town):
    for update in LEFT_ALONE:
        await town.raw(update)
    assert town.inbox() == {"done": len(LEFT_ALONE)}
    assert await town.said() == []


async def test_updates_that_come_twice_late_or_out_of_order_are_answered_once_each(town):
    anna, ben = town.person("Anna"), town.person("Ben")
    for person in (anna, ben):
        await person.says("/start")

    def asks(number, person):
        chat = {"id": person.id, "type": "private"}
        return {"update_id": number, **message("Deutschkurs", **{"from": person.user, "chat": chat})}

    for number, person in ((900, anna), (100, anna), (900, anna), (500, ben), (100, anna)):
        await town.running.intake.take([asks(number, person)])
    await town.running.intake.take([asks(501, ben), asks(500, ben), asks(501, ben)])
    await town.running.dispatch.settle()
    assert [len(await person.sees()) for person in (anna, ben)] == [4, 4]
    assert town.inbox() == {"done": 6}


async def test_a_flood_is_answered_by_a_sentence_each(town):
    anna = town.person("Anna")
    answers = [(await anna.says("/privacy"))[0] for _ in range(35)]
    assert answers == ["Datenschutz, kurz"] * 30 + [TOO_MANY] * 5
    town.passes(seconds=61)
    assert (await anna.says("/privacy"))[0] == "Datenschutz, kurz"


async def test_presses_do_not_count_as_messages(town):
    anna = town.person("Anna")
    await anna.says("/topics")
    for _ in range(20):
        await anna.presses("topic:living")
        await anna.presses("more:topics:0")
    assert (await anna.says("/privacy"))[0] == "Datenschutz, kurz"
