"""What hangs below a message: inline buttons, a keyboard, or the demand for a reply."""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox.links import LinkError, checked
from bot.sandbox.markup import units
from bot.sandbox.parameters import Parameters
from bot.sandbox.wire import Json, bad

BUTTONS = 100
BUTTONS_A_ROW = 8
DATA_BYTES = 64
COPY_UNITS = 256
PLACEHOLDER_UNITS = 64
_KINDS = ("inline_keyboard", "keyboard", "remove_keyboard", "force_reply")
_SWITCHES = ("switch_inline_query", "switch_inline_query_current_chat", "switch_inline_query_chosen_chat")
_ACTIONS = ("url", "callback_data", "copy_text", *_SWITCHES)
_UNSUPPORTED = ("web_app", "login_url", "callback_game", "pay")
_Check = Callable[[object], Json]


def keyboard(parameters: Parameters) -> Json | None:
    """The checked `reply_markup` of a call, or None; raises a refusal in Telegram's words."""
    given = parameters.mapping("reply_markup", "reply markup")
    if not given:
        return None
    kinds = [kind for kind in _KINDS if kind in given]
    if len(kinds) != 1:
        raise bad("a message carries exactly one kind of reply markup")
    if kinds == ["inline_keyboard"]:
        return {"inline_keyboard": _rows(given["inline_keyboard"], "inline keyboard", _inline_button)}
    if kinds == ["keyboard"]:
        return {**given, "keyboard": _rows(given["keyboard"], "keyboard", _plain_button)}
    if kinds == ["force_reply"]:
        _placeholder(given)
    return given


def inline_keyboard(parameters: Parameters) -> Json | None:
    """As `keyboard`, for edited messages, which take inline buttons only."""
    markup = keyboard(parameters)
    if markup is not None and "inline_keyboard" not in markup:
        raise bad("inline keyboard expected")
    return markup if markup and markup["inline_keyboard"] else None


def _rows(given: object, what: str, button: _Check) -> list[list[Json]]:
    if not isinstance(given, list) or not all(isinstance(row, list) for row in given):
        raise bad(f"can't parse {what}: expected an Array of Arrays of buttons")
    if sum(map(len, given)) > BUTTONS or any(len(row) > BUTTONS_A_ROW for row in given):
        raise bad("REPLY_MARKUP_TOO_LONG")
    return [[button(one) for one in row] for row in given if row]


def _inline_button(given: object) -> Json:
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise bad("can't parse inline keyboard button: Can't find field \"text\"")
    if not given["text"].strip():
        raise bad("BUTTON_TEXT_INVALID")
    if any(kind in given for kind in _UNSUPPORTED):
        raise bad("this kind of button is not part of the sandbox")
    actions = [kind for kind in _ACTIONS if given.get(kind) not in (None, "") or (kind in _SWITCHES and kind in given)]
    if not actions:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad("can't parse inline keyboard button: exactly one action must be specified")
    return {"text": given["text"], actions[0]: _action(actions[0], given[actions[0]])}


def _action(kind: str, value: object) -> object:
    if kind == "callback_data":
        if not isinstance(value, str) or len(value.encode()) > DATA_BYTES:
            raise bad("BUTTON_DATA_INVALID")
        return value
    if kind == "url":
        try:
            return checked(str(value))
        except LinkError as error:
            raise bad(f"inline keyboard button URL '{value}' is invalid: {error}") from None
    if kind == "copy_text":
        written = value.get("text") if isinstance(value, dict) else None
        if not isinstance(written, str) or not 1 <= units(written) <= COPY_UNITS:
            raise bad("BUTTON_COPY_TEXT_INVALID")
        return {"text": written}
    return value


def _plain_button(given: object) -> Json:
    button = {"text": given} if isinstance(given, str) else given
    if not isinstance(button, dict) or not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad("can't parse keyboard button: Can't find field \"text\"")
    return button


def _placeholder(given: Json) -> None:
    if given["force_reply"] is not True:
        raise bad("force_reply must be true")
    placeholder = given.get("input_field_placeholder", "")
    if not isinstance(placeholder, str) or units(placeholder) > PLACEHOLDER_UNITS:
        raise bad("input field placeholder is too long")
