"""Answers to presses and to inline queries."""

from __future__ import annotations

from bot.sandbox import rules
from bot.sandbox.formatting import parse
from bot.sandbox.markup import units
from bot.sandbox.methods.call import Call, Method
from bot.sandbox.wire import Json, bad

TOAST_UNITS = 200
RESULTS = 50
_ID_BYTES = 64


def answer_callback_query(call: Call) -> bool:
    """Ends the waiting of a pressed button, with a short text if there is one."""
    parameters, account = call.parameters, call.account
    text = parameters.text("text")
    if units(text) > TOAST_UNITS:
        raise bad("MESSAGE_TOO_LONG")
    toast: Json = {
        "callback_query_id": parameters.text("callback_query_id"),
        "text": text,
        "alert": parameters.flag("show_alert"),
        "url": parameters.text("url") or None,
        "at": account.clock(),
    }
    chat = account.answer(toast["callback_query_id"], toast)
    chat.toasts.append(toast)
    account.changed(chat)
    return True


def answer_inline_query(call: Call) -> bool:
    """The results of an inline query; the sandbox knows articles."""
    results = call.parameters.structure("results", "inline query results")
    if not isinstance(results, list):
        raise bad("can't parse inline query results: expected an Array of InlineQueryResult")
    if len(results) > RESULTS:
        raise bad("RESULTS_TOO_MUCH")
    checked = [_article(result) for result in results]
    if len({result["id"] for result in checked}) < len(checked):
        raise bad("RESULT_ID_DUPLICATE")
    chat = call.account.answer(call.parameters.text("inline_query_id"), {"results": checked})
    call.account.changed(chat)
    return True


def _article(given: object) -> Json:
    if not isinstance(given, dict) or given.get("type") != "article":
        raise bad("can't parse inline query result: the sandbox knows articles only")
    identifier, content = given.get("id"), given.get("input_message_content")
    if not isinstance(identifier, str) or not 1 <= len(identifier.encode()) <= _ID_BYTES:
        raise bad("RESULT_ID_INVALID")
    if not isinstance(given.get("title"), str) or not given["title"].strip():
        raise bad("ARTICLE_TITLE_EMPTY")
    if not isinstance(content, dict) or not isinstance(content.get("message_text"), str):
        raise bad("can't parse inline query result: Message content is not specified")
    message = rules.text(parse(content["message_text"], str(content.get("parse_mode", ""))))
    return {**given, "input_message_content": {"text": message.text, "entities": message.entities}}


METHODS: dict[str, Method] = {
    "answerCallbackQuery": answer_callback_query,
    "answerInlineQuery": answer_inline_query,
}
