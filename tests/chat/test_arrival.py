"""Updates become arrivals or nothing, whatever they are made of."""

from __future__ import annotations

import copy
import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.arrival import blocked, owner_of, parse

PERSON = {"id": 5, "is_bot": False, "first_name": "Anna", "language_code": "uk"}
PRIVATE = {"id": 5, "type": "private"}
GROUP = {"id": -7, "type": "group", "title": "Team"}
BUTTONS = {
    "inline_keyboard": [
        [{"text": "1 Arbeit", "callback_data": "topic:work"}],
        [{"text": "Kopieren", "copy_text": {"text": "110"}}, {"text": "Zurück", "callback_data": "more:topics:0"}],
    ]
}
ANSWER = {"message_id": 3, "date": 1, "chat": PRIVATE, "text": "x", "reply_markup": BUTTONS}


def message(**more):
    return {"message_id": 4, "date": 100, "from": PERSON, "chat": PRIVATE, **more}


UPDATES = [
    {"update_id": 1, "message": message(text="Wo ist das Amt?", reply_to_message=ANSWER)},
    {"update_id": 2, "message": message(text="/start entry_x")},
    {"update_id": 3, "edited_message": message(text="anders", edit_date=160)},
    {"update_id": 4, "message": message(photo=[{"file_id": "x"}], caption="Was steht da?")},
    {"update_id": 5, "message": message(location={"latitude": 1, "longitude": 2})},
    {"update_id": 6, "message": message(text="/topics@LotseBot", chat=GROUP)},
    {
        "update_id": 7,
        "callback_query": {
            "id": "9",
            "from": PERSON,
            "data": "topic:work",
            "message": {**ANSWER, "reply_to_message": {"message_id": 2, "chat": PRIVATE}},
        },
    },
    {"update_id": 8, "my_chat_member": {"chat": PRIVATE, "from": PERSON, "new_chat_member": {"status": "kicked"}}},
]
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**400),
    st.floats(),
    st.text(max_size=8),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["id", "type", "text", "from", "message"]), st.integers() | st.text(), max_size=3),
)


def places(value, path=()):
    """The paths to everything inside."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [path]
    for key, one in inner:
        found += places(one, (*path, key))
    return found


@st.composite
def broken_updates(draw):
    """A real update in which up to three parts are gone or something else."""
    update = copy.deepcopy(draw(st.sampled_from(UPDATES)))
    for _ in range(draw(st.integers(1, 3))):
        paths = [path for path in places(update) if path]
        *way, last = draw(st.sampled_from(paths)) if paths else ["message"]
        holder = update
        for key in way:
            holder = holder[key]
        if draw(st.booleans()) and isinstance(holder, dict):
            holder.pop(last, None)
        else:
            holder[last] = draw(JUNK)
    return update


@settings(max_examples=1500, deadline=None, derandomize=True)
@given(update=broken_updates() | st.dictionaries(st.sampled_from(["update_id", "message", "callback_query"]), JUNK))
def test_no_update_whatever_breaks_the_reading(update):
    chat, person, code = owner_of(update)
    assert all(number is None or abs(number) < 2**52 for number in (chat, person))
    assert code is None or len(code) <= 16
    assert blocked(update) is None or isinstance(blocked(update)[0], int)
    arrival = parse(update, "LotseBot")
    if arrival is not None:
        texts = (arrival.text, arrival.command, arrival.data, arrival.callback)
        assert all(isinstance(text, str) for text in texts)
        assert all(isinstance(number, int) for number in (arrival.chat, arrival.person, arrival.at, arrival.message_id))
        assert arrival.code is None or isinstance(arrival.code, str)
        assert all(isinstance(label, str) and isinstance(data, str) for label, data in arrival.buttons)


def test_what_each_kind_becomes():
    kinds = [
        (a.kind, a.text or a.command or a.data) if (a := parse(update, "lotsebot")) else None for update in UPDATES
    ]
    assert kinds == [
        ("text", "Wo ist das Amt?"),
        ("command", "entry_x"),
        ("text", "anders"),
        ("media", "Was steht da?"),
        ("place", ""),
        ("command", "topics"),
        ("press", "topic:work"),
        None,
    ]
    assert blocked(UPDATES[-1]) == (5, True)


def test_buttons_come_with_a_reply_and_with_a_press():
    expected = (("1 Arbeit", "topic:work"), ("Zurück", "more:topics:0"))
    assert parse(UPDATES[0], "x").buttons == expected
    press = parse(UPDATES[6], "x")
    assert (press.buttons, press.message_id, press.answers, press.callback) == (expected, 3, 2, "9")


def test_an_edited_message_counts_from_its_editing():
    assert parse(UPDATES[2], "x").at == 160


@pytest.mark.parametrize(
    ("text", "command", "rest"),
    [
        ("/start", "start", ""),
        ("/START  session_3 ", "start", "session_3"),
        ("/help\nbitte", "help", "bitte"),
        ("/help@LotseBot", "help", ""),
    ],
)
def test_commands(text, command, rest):
    arrival = parse({"update_id": 1, "message": message(text=text)}, "LotseBot")
    assert (arrival.kind, arrival.command, arrival.text) == ("command", command, rest)


@pytest.mark.parametrize("text", ["/help@OtherBot", "/", "/ help", "/grüß", f"/{'x' * 33}", "a /help"])
def test_what_is_no_command_for_lotse_is_a_text(text):
    assert parse({"update_id": 1, "message": message(text=text)}, "LotseBot").kind == "text"


def test_marks_that_steer_direction_are_taken_out_and_joiners_of_persian_stay():
    arrival = parse({"update_id": 1, "message": message(text="\u202eمی\u200cتوانید\u2069\x00\udc00 ")}, "x")
    assert arrival.text == "می\u200cتوانید"


@pytest.mark.parametrize("date", [math.inf, math.nan, "gestern", None, []], ids=repr)
def test_an_impossible_date_is_no_message(date):
    assert parse({"update_id": 1, "message": message(text="x", date=date)}, "x") is None


def test_an_update_survives_the_database_form():
    for update in UPDATES:
        assert parse(json.loads(json.dumps(update)), "lotsebot") == parse(update, "lotsebot")
