"""Every rule of docs/sandbox.md, one by one: the request and the exact refusal."""

import asyncio
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

DOCUMENT = Path(__file__).parents[2] / "docs" / "sandbox.md"
PARSE = "Bad Request: can't parse entities: "
INLINE = "Bad Request: can't parse inline keyboard button: "
GROUP = {"id": -5, "type": "group", "title": "Team"}
SUPERGROUP = {"id": -6, "type": "supergroup", "title": "Team"}
CHANNEL = {"id": -7, "type": "channel", "title": "News"}


@dataclass(frozen=True)
class Rule:
    id: str
    request: Any
    description: str
    code: int = 400


def call(method, **parameters):
    """The bot calls the method in Anna's chat, where it has sent message 2 and a file as message 3."""

    async def request(line):
        return await line.call(method, **parameters)

    return request


def send(**parameters):
    return call("sendMessage", **{"chat_id": 1, "text": "Guten Tag", **parameters})


def html(text):
    return send(text=text, parse_mode="HTML")


def buttons(*rows):
    return send(reply_markup={"inline_keyboard": list(rows)})


def edit(**parameters):
    return call("editMessageText", **{"chat_id": 1, "message_id": 2, "text": "Neu", **parameters})


def caption(**parameters):
    return call("editMessageCaption", **{"chat_id": 1, "message_id": 3, "caption": "Neu", **parameters})


def commands(*given, **parameters):
    return call("setMyCommands", commands=list(given), **parameters)


def article(**changed):
    content = {"message_text": "Guten Tag"}
    return {"type": "article", "id": "a", "title": "Gruß", "input_message_content": content} | changed


def inline(*results):
    async def request(line):
        asked = await line.happens(inline_query="gruß")
        return await line.call("answerInlineQuery", inline_query_id=asked["inline_query_id"], results=list(results))

    return request


def upload(method, name, content):
    async def request(line):
        return await line.upload(method, name, content, chat_id=1)

    return request


async def other_token(line):
    line.token = "nobody"
    return await line.call("getMe")


async def second_token(line):
    line.sandbox.state._only = line.token
    line.token = "8:other"
    return await line.call("getMe")


async def broken_json(line):
    headers = {"Content-Type": "application/json"}
    return await line.post(f"/bot{line.token}/sendMessage", data="{", headers=headers)


async def json_list(line):
    return await line.post(f"/bot{line.token}/sendMessage", json=[])


async def not_utf8(line):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return await line.post(f"/bot{line.token}/sendMessage", data=b"chat_id=1&text=\xff", headers=headers)


async def blocked(line):
    await line.happens(block=True)
    return await line.call("sendMessage", chat_id=1, text="Guten Tag")


async def kicked(line):
    await line.happens(chat=GROUP, text="/start")
    await line.happens(chat=GROUP, block=True)
    return await line.call("sendMessage", chat_id=-5, text="Guten Tag")


def posted_as(chat, **what):
    """A post where the bot has another status by now."""

    async def posts(line):
        await line.happens(chat=chat, text="/start")
        await line.happens(chat=chat, **what)
        return await line.call("sendMessage", chat_id=chat["id"], text="Guten Tag")

    return posts


async def deleted_late(line):
    line.clock.passes(48 * 3600 + 1)
    return await line.call("deleteMessage", chat_id=1, message_id=2)


async def deleted_from_others(line):
    theirs = await line.happens(chat=GROUP, text="/start")
    return await line.call("deleteMessage", chat_id=-5, message_id=theirs["message_id"])


async def answered_late(line):
    pressed = await line.happens(press={"message_id": 2, "data": "x"})
    line.clock.passes(16)
    return await line.call("answerCallbackQuery", callback_query_id=pressed["callback_query_id"])


async def answered_twice(line):
    pressed = await line.happens(press={"message_id": 2, "data": "x"})
    await line.done("answerCallbackQuery", callback_query_id=pressed["callback_query_id"])
    return await line.call("answerCallbackQuery", callback_query_id=pressed["callback_query_id"])


async def polled_twice(line):
    await line.done("getUpdates", offset=-1)
    offset = (await line.done("getUpdates"))[0]["update_id"] + 1
    first = asyncio.create_task(line.call("getUpdates", offset=offset, timeout=30))
    while not first.done():
        await line.done("getUpdates", offset=offset)
    return await first


async def polled_beside_webhook(line):
    await line.done("setWebhook", url="http://127.0.0.1:9/hook", allowed_updates=["poll"])
    return await line.call("getUpdates")


async def large_download(line):
    sent = await line.upload("sendDocument", "document", b"x" * (20 * 1024 * 1024 + 1), chat_id=1)
    return await line.call("getFile", file_id=sent["result"]["document"]["file_id"])


async def photo_as_document(line):
    sent = await line.upload("sendPhoto", "photo", b"\x89PNG\r\n\x1a\n", chat_id=1)
    return await line.call("sendDocument", chat_id=1, document=sent["result"]["photo"][0]["file_id"])


async def document_as_photo(line):
    return await line.call("sendPhoto", chat_id=1, photo="file-1")


OK = {"text": "Ja", "callback_data": "yes"}
RULES = [
    Rule("token-malformed", other_token, "Unauthorized", 401),
    Rule("token-refused", second_token, "Unauthorized", 401),
    Rule("method-unknown", call("sendWishes"), "Not Found: method not found", 404),
    Rule("json-broken", broken_json, "Bad Request: can't parse JSON object"),
    Rule("json-object", json_list, "Bad Request: object expected as request body"),
    Rule("form-utf8", not_utf8, "Bad Request: strings must be encoded in UTF-8"),
    Rule("number-malformed", edit(message_id="two"), "Bad Request: invalid message_id specified"),
    Rule("structure-malformed", send(reply_markup="{"), "Bad Request: can't parse reply markup JSON object"),
    Rule("structure-object", send(reply_markup="[]"), "Bad Request: object expected as reply markup"),
    Rule("unicode-nul", send(text="a\0b"), "Bad Request: strings must be encoded in UTF-8"),
    Rule("unicode-surrogate", send(text="a\ud800"), "Bad Request: strings must be encoded in UTF-8"),
    Rule(
        "unicode-button",
        buttons([{"text": "a\ud800", "url": "tg://x"}]),
        "Bad Request: strings must be encoded in UTF-8",
    ),
    Rule("chat-missing", send(chat_id=None), "Bad Request: chat_id is empty"),
    Rule("chat-unknown", send(chat_id=99), "Bad Request: chat not found"),
    Rule("chat-name", send(chat_id="@team"), "Bad Request: chat not found"),
    Rule("bot-blocked", blocked, "Forbidden: bot was blocked by the user", 403),
    Rule("bot-kicked", kicked, "Forbidden: bot was kicked from the group chat", 403),
    Rule(
        "bot-outside",
        posted_as(SUPERGROUP, member="left"),
        "Forbidden: bot is not a member of the supergroup chat",
        403,
    ),
    Rule(
        "bot-restricted",
        posted_as(SUPERGROUP, member="restricted", may_post=False),
        "Bad Request: not enough rights to send text messages to the chat",
    ),
    Rule(
        "channel-rights",
        posted_as(CHANNEL, member="administrator", may_post=False),
        "Bad Request: need administrator rights in the channel chat",
    ),
    # Texts
    Rule("text-missing", send(text=None), "Bad Request: message text is empty"),
    Rule("text-blank", send(text=" \n "), "Bad Request: message text is empty"),
    Rule("text-too-long", send(text="x" * 4097), "Bad Request: message is too long"),
    Rule("text-utf16", send(text="🙂" * 2049), "Bad Request: message is too long"),
    Rule("parse-mode", send(parse_mode="MarkdownV2"), "Bad Request: unsupported parse_mode"),
    Rule("html-tag", html("<p>x</p>"), PARSE + 'Unsupported start tag "p" at byte offset 0'),
    Rule("html-less-than", html("ä < b"), PARSE + 'Unsupported start tag "" at byte offset 3'),
    Rule("html-ampersand", html("A & B"), PARSE + 'Unescaped "&" at byte offset 2'),
    Rule("html-entity", html("a&nbsp;b"), PARSE + 'Unsupported entity "&nbsp;" at byte offset 1'),
    Rule("html-character", html("&#0;"), PARSE + "Invalid character at byte offset 0"),
    Rule("html-unclosed", html("<b>x"), PARSE + 'Can\'t find end tag corresponding to start tag "b"'),
    Rule(
        "html-crossed",
        html("<b><i>x</b></i>"),
        PARSE + 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
    ),
    Rule("html-end-alone", html("x</b>"), PARSE + "Unexpected end tag at byte offset 1"),
    Rule("html-start-cut", html("<b x"), PARSE + "Unclosed start tag at byte offset 0"),
    Rule("html-end-cut", html("<b>x</b"), PARSE + "Unclosed end tag at byte offset 4"),
    Rule("html-span", html("<span>x</span>"), PARSE + 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    Rule("entities-list", send(entities={}), PARSE + "expected an Array of MessageEntity"),
    Rule(
        "entities-type",
        send(entities=[{"type": "loud", "offset": 0, "length": 1}]),
        "Bad Request: can't parse MessageEntity: unsupported type specified",
    ),
    Rule(
        "entities-range",
        send(entities=[{"type": "bold", "offset": 5, "length": 5}]),
        "Bad Request: entity beginning or end is out of the text",
    ),
    Rule(
        "link-preview-type",
        send(link_preview_options={"is_disabled": "yes"}),
        'Bad Request: can\'t parse link preview options: field "is_disabled" has a wrong type',
    ),
    Rule(
        "link-preview-url",
        send(link_preview_options={"url": "http://x"}),
        "Bad Request: link preview URL 'http://x' is invalid: Wrong HTTP URL",
    ),
    Rule("reply-unknown", send(reply_parameters={"message_id": 99}), "Bad Request: message to be replied not found"),
    Rule(
        "reply-id",
        send(reply_parameters={"chat_id": 1}),
        "Bad Request: can't parse reply parameters: Can't find field \"message_id\"",
    ),
    # Keyboards
    Rule(
        "keyboard-one-kind",
        send(reply_markup={"inline_keyboard": [[OK]], "force_reply": True}),
        "Bad Request: a message carries exactly one kind of reply markup",
    ),
    Rule(
        "keyboard-rows", buttons(OK), "Bad Request: can't parse inline keyboard: expected an Array of Arrays of buttons"
    ),
    Rule("keyboard-100", buttons(*[[OK]] * 101), "Bad Request: REPLY_MARKUP_TOO_LONG"),
    Rule("keyboard-row-8", buttons([OK] * 9), "Bad Request: REPLY_MARKUP_TOO_LONG"),
    Rule("button-text", buttons([{"callback_data": "x"}]), INLINE + 'Can\'t find field "text"'),
    Rule("button-text-blank", buttons([{"text": " ", "callback_data": "x"}]), "Bad Request: BUTTON_TEXT_INVALID"),
    Rule("button-action", buttons([{"text": "Ja"}]), INLINE + "Text buttons are unallowed in the inline keyboard"),
    Rule(
        "button-one-action",
        buttons([OK | {"url": "https://example.org"}]),
        INLINE + "exactly one action must be specified",
    ),
    Rule(
        "button-kind",
        buttons([{"text": "Pay", "pay": True}]),
        "Bad Request: this kind of button is not part of the sandbox",
    ),
    Rule("button-data-64", buttons([{"text": "Ja", "callback_data": "ä" * 33}]), "Bad Request: BUTTON_DATA_INVALID"),
    Rule(
        "button-url-protocol",
        buttons([{"text": "Ruf", "url": "tel:112"}]),
        "Bad Request: inline keyboard button URL 'tel:112' is invalid: Unsupported URL protocol",
    ),
    Rule(
        "button-url-host",
        buttons([{"text": "Seite", "url": "https://localhost/"}]),
        "Bad Request: inline keyboard button URL 'https://localhost/' is invalid: Wrong HTTP URL",
    ),
    Rule(
        "button-copy-256",
        buttons([{"text": "Kopie", "copy_text": {"text": "x" * 257}}]),
        "Bad Request: BUTTON_COPY_TEXT_INVALID",
    ),
    Rule(
        "keyboard-button-text",
        send(reply_markup={"keyboard": [[{"request_location": True}]]}),
        "Bad Request: can't parse keyboard button: Can't find field \"text\"",
    ),
    Rule("force-reply", send(reply_markup={"force_reply": False}), "Bad Request: force_reply must be true"),
    Rule(
        "placeholder-64",
        send(reply_markup={"force_reply": True, "input_field_placeholder": "x" * 65}),
        "Bad Request: input field placeholder is too long",
    ),
    # Files, places, contacts
    Rule(
        "caption-1024", call("sendDocument", chat_id=1, caption="x" * 1025), "Bad Request: message caption is too long"
    ),
    Rule("document-missing", call("sendDocument", chat_id=1), "Bad Request: there is no document in the request"),
    Rule("document-empty", upload("sendDocument", "document", b""), "Bad Request: file must be non-empty"),
    Rule(
        "document-url",
        call("sendDocument", chat_id=1, document="https://example.org/a.pdf"),
        "Bad Request: failed to get HTTP URL content",
    ),
    Rule(
        "document-id",
        call("sendDocument", chat_id=1, document="file-99"),
        "Bad Request: wrong remote file identifier specified: Wrong string length",
    ),
    Rule("photo-kind", upload("sendPhoto", "photo", b"text"), "Bad Request: IMAGE_PROCESS_FAILED"),
    Rule("photo-id-kind", photo_as_document, "Bad Request: can't use file of type Photo as Document"),
    Rule("document-id-kind", document_as_photo, "Bad Request: can't use file of type Document as Photo"),
    Rule("photo-size", upload("sendPhoto", "photo", b"x" * (10 * 1024 * 1024 + 1)), "Request Entity Too Large", 413),
    Rule("body-size", upload("sendDocument", "document", b"x" * (52 * 1024 * 1024)), "Request Entity Too Large", 413),
    Rule("file-id", call("getFile", file_id="file-99"), "Bad Request: invalid file_id"),
    Rule("file-size", large_download, "Bad Request: file is too big"),
    Rule("location-missing", call("sendLocation", chat_id=1, latitude=48.1), "Bad Request: longitude is empty"),
    Rule(
        "location-number",
        call("sendLocation", chat_id=1, latitude="n", longitude=1),
        "Bad Request: invalid latitude specified",
    ),
    Rule(
        "location-globe",
        call("sendLocation", chat_id=1, latitude=91, longitude=1),
        "Bad Request: wrong location specified",
    ),
    Rule("venue-title", call("sendVenue", chat_id=1, latitude=1, longitude=1), "Bad Request: title must be non-empty"),
    Rule(
        "venue-address",
        call("sendVenue", chat_id=1, latitude=1, longitude=1, title="Amt"),
        "Bad Request: address must be non-empty",
    ),
    Rule(
        "contact-number",
        call("sendContact", chat_id=1, first_name="Amt"),
        "Bad Request: phone_number must be non-empty",
    ),
    Rule("contact-name", call("sendContact", chat_id=1, phone_number="1"), "Bad Request: first_name must be non-empty"),
    Rule(
        "chat-action",
        call("sendChatAction", chat_id=1, action="think"),
        "Bad Request: wrong parameter action in request",
    ),
    # Changing and deleting
    Rule("edit-id", edit(message_id=None), "Bad Request: message identifier is not specified"),
    Rule("edit-unknown", edit(message_id=99), "Bad Request: message to edit not found"),
    Rule("edit-own", edit(message_id=1), "Bad Request: message can't be edited"),
    Rule("edit-text", edit(message_id=3), "Bad Request: there is no text in the message to edit"),
    Rule("edit-caption", caption(message_id=2), "Bad Request: there is no caption in the message to edit"),
    Rule("edit-caption-1024", caption(caption="x" * 1025), "Bad Request: message caption is too long"),
    Rule(
        "edit-same",
        edit(text="Willkommen"),
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as "
        "a current content and reply markup of the message",
    ),
    Rule("edit-keyboard", edit(reply_markup={"force_reply": True}), "Bad Request: inline keyboard expected"),
    Rule("delete-unknown", call("deleteMessage", chat_id=1, message_id=99), "Bad Request: message to delete not found"),
    Rule("delete-48-hours", deleted_late, "Bad Request: message can't be deleted"),
    Rule("delete-own", deleted_from_others, "Bad Request: message can't be deleted"),
    Rule(
        "delete-none",
        call("deleteMessages", chat_id=1, message_ids=[]),
        "Bad Request: message identifiers are not specified",
    ),
    Rule(
        "delete-list",
        call("deleteMessages", chat_id=1, message_ids=["a"]),
        "Bad Request: message identifiers are not specified",
    ),
    Rule(
        "delete-100",
        call("deleteMessages", chat_id=1, message_ids=[*range(101)]),
        "Bad Request: too many messages to delete",
    ),
    # Answers
    Rule(
        "query-unknown",
        call("answerCallbackQuery", callback_query_id="1"),
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    ),
    Rule(
        "query-15-seconds",
        answered_late,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    ),
    Rule(
        "query-once",
        answered_twice,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    ),
    Rule("toast-200", call("answerCallbackQuery", text="x" * 201), "Bad Request: MESSAGE_TOO_LONG"),
    Rule(
        "inline-list",
        call("answerInlineQuery", results={}),
        "Bad Request: can't parse inline query results: expected an Array of InlineQueryResult",
    ),
    Rule("inline-50", inline(*[article()] * 51), "Bad Request: RESULTS_TOO_MUCH"),
    Rule("inline-same-id", inline(article(), article()), "Bad Request: RESULT_ID_DUPLICATE"),
    Rule("inline-id", inline(article(id="")), "Bad Request: RESULT_ID_INVALID"),
    Rule("inline-title", inline(article(title="")), "Bad Request: ARTICLE_TITLE_EMPTY"),
    Rule(
        "inline-kind",
        inline(article(type="gif")),
        "Bad Request: can't parse inline query result: the sandbox knows articles only",
    ),
    Rule(
        "inline-content",
        inline(article(input_message_content={})),
        "Bad Request: can't parse inline query result: Message content is not specified",
    ),
    # The bot's own description
    Rule("commands-missing", call("setMyCommands"), "Bad Request: commands is empty"),
    Rule("commands-list", call("setMyCommands", commands="{}"), "Bad Request: can't parse commands JSON array"),
    Rule("commands-100", commands(*[{"command": "a", "description": "A"}] * 101), "Bad Request: BOT_COMMANDS_TOO_MUCH"),
    Rule(
        "command-field",
        commands({"description": "A"}),
        "Bad Request: can't parse BotCommand: Can't find field \"command\"",
    ),
    Rule("command-name", commands({"command": "Über", "description": "A"}), "Bad Request: BOT_COMMAND_INVALID"),
    Rule(
        "command-description",
        commands({"command": "a", "description": "x" * 257}),
        "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID",
    ),
    Rule("language-code", commands(language_code="de-simple"), "Bad Request: invalid language code specified"),
    Rule(
        "scope-kind",
        commands(scope={"type": "everybody"}),
        "Bad Request: can't parse BotCommandScope: Unsupported type specified",
    ),
    Rule(
        "scope-chat",
        commands(scope={"type": "chat"}),
        "Bad Request: can't parse BotCommandScope: Can't find field \"chat_id\"",
    ),
    Rule("scope-chat-unknown", commands(scope={"type": "chat", "chat_id": 99}), "Bad Request: chat not found"),
    Rule(
        "scope-user",
        commands(scope={"type": "chat_member", "chat_id": 1}),
        "Bad Request: can't parse BotCommandScope: Can't find field \"user_id\"",
    ),
    Rule("name-64", call("setMyName", name="x" * 65), "Bad Request: name is too long"),
    Rule("description-512", call("setMyDescription", description="x" * 513), "Bad Request: description is too long"),
    Rule(
        "short-description-120",
        call("setMyShortDescription", short_description="x" * 121),
        "Bad Request: short_description is too long",
    ),
    # Receiving
    Rule(
        "poll-twice",
        polled_twice,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
        409,
    ),
    Rule(
        "poll-or-webhook",
        polled_beside_webhook,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        409,
    ),
    Rule(
        "allowed-updates",
        call("getUpdates", allowed_updates="[1]"),
        "Bad Request: can't parse allowed_updates: expected an Array of String",
    ),
    Rule(
        "webhook-https",
        call("setWebhook", url="http://bot.example.org/"),
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
    ),
    Rule(
        "webhook-port",
        call("setWebhook", url="https://bot.example.org:8080/"),
        "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
    ),
    Rule("webhook-url", call("setWebhook", url="https://"), "Bad Request: bad webhook: invalid webhook URL specified"),
    Rule(
        "webhook-number",
        call("setWebhook", url="https://a.de:x"),
        "Bad Request: bad webhook: invalid webhook URL specified",
    ),
    Rule(
        "webhook-secret",
        call("setWebhook", url="https://bot.example.org/", secret_token="a b"),
        "Bad Request: secret token contains unallowed characters",
    ),
    Rule(
        "webhook-secret-256",
        call("setWebhook", url="https://bot.example.org/", secret_token="x" * 257),
        "Bad Request: secret token is too long",
    ),
    Rule(
        "webhook-connections",
        call("setWebhook", url="https://bot.example.org/", max_connections=101),
        "Bad Request: bad webhook: max_connections must be from 1 to 100",
    ),
    Rule(
        "server-only-one", call("logOut"), "Bad Request: the sandbox is the only server, a bot cannot move to another"
    ),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
async def test_rule(line, rule):
    await line.done("getMe")
    await line.happens(text="Guten Tag")
    await line.done("sendMessage", chat_id=1, text="Willkommen")
    await line.upload("sendDocument", "document", b"BEGIN", chat_id=1)

    answer = await rule.request(line)

    assert answer == {"ok": False, "error_code": rule.code, "description": rule.description}


def test_documented_rules_are_exactly_the_tested_ones():
    documented = dict(re.findall(r"^\| `([a-z0-9-]+)` \|.*\| (.+) \|$", DOCUMENT.read_text("utf-8"), re.MULTILINE))
    assert documented == {rule.id: f"{rule.code} `{rule.description}`" for rule in RULES}


async def test_limits_are_reached_exactly(line):
    await line.happens(text="Guten Tag")
    for text in ("x" * 4096, "🙂" * 2048, "<b>" + "x" * 4096 + "</b>"):
        assert (await line.call("sendMessage", chat_id=1, text=text, parse_mode="HTML"))["ok"]
    rows = [[{"text": "Ja", "callback_data": "ä" * 32}] * 8] * 12
    assert (await line.call("sendMessage", chat_id=1, text="x", reply_markup=json.dumps({"inline_keyboard": rows})))[
        "ok"
    ]
