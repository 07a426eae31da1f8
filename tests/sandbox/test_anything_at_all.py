"""Whatever a bot or a person sends, the answer is a result or a refusal, never a broken server."""

import contextlib
import inspect

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.incoming import happen
from bot.sandbox.methods import METHODS, Call
from bot.sandbox.parameters import Parameters
from bot.sandbox.server import Sandbox
from bot.sandbox.wire import RefusedError

NAMES = [
    *("chat_id", "message_id", "message_ids", "text", "parse_mode", "entities", "reply_markup", "reply_parameters"),
    *("link_preview_options", "caption", "document", "latitude", "longitude", "title", "commands", "scope"),
    *("language_code", "results", "callback_query_id", "inline_query_id", "allowed_updates", "url", "file_id"),
]
WORDS = [
    *("inline_keyboard", "keyboard", "force_reply", "text", "callback_data", "url", "copy_text", "type", "chat"),
    *("chat_id", "offset", "length", "bold", "message_id", "command", "description", "is_disabled", "id", "article"),
    *("title", "input_message_content", "message_text", "user_id"),
]
LEAVES = st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.text(max_size=5) | st.sampled_from(WORDS)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
)
ALMOST = {"text": "Ja", "type": "bold", "offset": 0, "length": 1, "command": "a", "description": "A", "id": "a"}
NEARLY_RIGHT = st.dictionaries(st.sampled_from(WORDS), JSON, max_size=3).map(lambda changed: ALMOST | changed)
SHAPED = st.fixed_dictionaries(
    {},
    optional={
        "reply_markup": st.builds(lambda button: {"inline_keyboard": [[button]]}, NEARLY_RIGHT)
        | st.builds(lambda button: {"keyboard": [[button]]}, NEARLY_RIGHT),
        "entities": st.lists(NEARLY_RIGHT, max_size=2),
        "commands": st.lists(NEARLY_RIGHT, max_size=2),
        "results": st.lists(NEARLY_RIGHT.map(lambda result: result | {"type": "article"}), max_size=2),
        "scope": NEARLY_RIGHT.map(lambda scope: scope | {"type": "chat"}),
        "reply_parameters": NEARLY_RIGHT,
        "link_preview_options": NEARLY_RIGHT,
    },
)
HAPPENING = [
    *("user", "chat", "text", "start", "press", "location", "contact", "document", "photo", "voice", "sticker"),
    *("inline_query", "block", "raw", "reply_to", "edited", "message_id"),
]


def used():
    """A bot's account in which something has happened already."""
    account = Sandbox(clock=lambda: 1_800_000_000.0).state.account_for("7001:invented-secret")
    happen(account, {"user": {"id": 1}, "text": "Guten Tag"})
    METHODS["sendmessage"](Call(account, Parameters({"chat_id": 1, "text": "Willkommen"}, {})))
    return account


@pytest.mark.parametrize(
    "method", [name for name, method in METHODS.items() if not inspect.iscoroutinefunction(method)]
)
@settings(max_examples=25, deadline=None)
@given(values=st.dictionaries(st.sampled_from(NAMES), JSON, max_size=6) | SHAPED)
def test_any_call(method, values):
    with contextlib.suppress(RefusedError):
        METHODS[method](Call(used(), Parameters({"chat_id": 1, "message_id": 2, "text": "x"} | values, {})))


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(HAPPENING), JSON, max_size=4))
def test_anything_that_a_person_does(given_values):
    account = used()
    with contextlib.suppress(RefusedError):
        happen(account, {"user": {"id": 1}} | given_values)
    account.chats[1].transcript()
