"""What people do, turned into the updates that Telegram would send."""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox import rules
from bot.sandbox.account import Account
from bot.sandbox.chats import Chat
from bot.sandbox.formatting import with_found
from bot.sandbox.groups import membership, retitled, upgraded
from bot.sandbox.keyboards import DATA_BYTES
from bot.sandbox.markup import units
from bot.sandbox.parameters import check_unicode
from bot.sandbox.people import person, place
from bot.sandbox.things import attached
from bot.sandbox.wire import Json, bad


def happen(account: Account, given: Json) -> Json:
    """Does what `POST /sandbox/updates` describes; returns the ids of the update and of the message.

    One of `text`, `start` (a deep link's payload), `location`, `contact`, `document`, `photo`, `voice`, `sticker`,
    `press`, `inline_query`, `block`, `member`, `new_title`, `upgrade` or `raw` says what happens.
    """
    if "raw" in given:
        return _verbatim(account, given["raw"])
    user = person(given.get("user"))
    if "inline_query" in given:
        return _inline_query(account, user, given["inline_query"])
    chat = place(account, given.get("chat"), user)
    for act, does in _ACTS.items():
        if act in given:
            return does(account, chat, user, given)
    if given.get("edited"):
        return _edit(account, chat, user, given)
    content = _content(account, given, user)
    if chat.blocked:
        _block(account, chat, user, {"block": False})
    return _write(account, chat, user, content | _reply(chat, given.get("reply_to")))


def _admit(account: Account, chat: Chat, user: Json, given: Json) -> Json:
    change = membership(account, chat, user, given["member"], may_post=given.get("may_post", True))
    return _told(account.updates.add("my_chat_member", change), None)


def _retitle(account: Account, chat: Chat, user: Json, given: Json) -> Json:
    return _told(*retitled(account, chat, user, given["new_title"]))


def _upgrade(account: Account, chat: Chat, user: Json, given: Json) -> Json:
    return _told(*upgraded(account, chat, user, given["upgrade"]))


def _write(account: Account, chat: Chat, user: Json, content: Json) -> Json:
    channel = chat.kind == "channel"
    message = account.post(chat, content, None if channel else user)
    if not chat.inside:
        return _told(None, message.message_id)
    kind = "channel_post" if channel else "message"
    return _told(account.updates.add(kind, chat.message_as_api(message)), message.message_id)


def _edit(account: Account, chat: Chat, user: Json, given: Json) -> Json:
    own = [message for message in chat.messages.values() if (message.sender or user)["id"] == user["id"]]
    if "message_id" in given:
        own = [message for message in own if message.message_id == given["message_id"]]
    if not own:
        raise bad("there is no message of this person to edit")
    message = own[-1]
    message.content = {**message.content, **_content(account, given, user)}
    message.edited_at = account.clock()
    account.changed(chat)
    kind = "edited_channel_post" if chat.kind == "channel" else "edited_message"
    return _told(account.updates.add(kind, chat.message_as_api(message)), message.message_id)


def _press(account: Account, chat: Chat, user: Json, given: Json) -> Json:
    press = given["press"]
    if not isinstance(press, dict) or not isinstance(press.get("message_id"), int):
        raise bad("press must be an object with message_id and data")
    data = press.get("data")
    if not isinstance(data, str) or not 1 <= len(check_unicode(data).encode()) <= DATA_BYTES:
        raise bad("press.data must be text of 1 to 64 bytes")
    message = chat.messages.get(press["message_id"])
    query_id = account.ask(chat)
    query = {
        "id": query_id,
        "from": user,
        "message": chat.message_as_api(message) if message else chat.inaccessible(press["message_id"]),
        "chat_instance": str(chat.id),
        "data": data,
    }
    told = _told(account.updates.add("callback_query", query), press["message_id"])
    return told | {"callback_query_id": query_id}


def _inline_query(account: Account, user: Json, written: object) -> Json:
    # Asked from some other chat: it does not begin one with the bot.
    chat = account.chats.get(user["id"]) or Chat(user["id"], "private", {})
    query_id = account.ask(chat)
    query = {"id": query_id, "from": user, "query": _written(written), "offset": "", "chat_type": chat.kind}
    return _told(account.updates.add("inline_query", query), None) | {"inline_query_id": query_id}


def _block(account: Account, chat: Chat, user: Json, given: Json) -> Json:
    blocked = bool(given["block"])
    if chat.kind != "private":
        back = "administrator" if chat.kind == "channel" else "member"
        return _admit(account, chat, user, {"member": "kicked" if blocked else back})
    chat.blocked = blocked
    account.changed(chat)
    bot = account.user()
    before, after = ("member", "kicked") if blocked else ("kicked", "member")
    change = {
        "chat": chat.as_api(),
        "from": user,
        "date": int(account.clock()),
        "old_chat_member": _member(bot, before),
        "new_chat_member": _member(bot, after),
    }
    return _told(account.updates.add("my_chat_member", change), None)


def _member(bot: Json, status: str) -> Json:
    return {"user": bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})


def _verbatim(account: Account, update: object) -> Json:
    if not isinstance(update, dict) or not isinstance(update.get("update_id", 0), int):
        raise bad("raw must be an object, its update_id a number")
    for body in update.values():
        # Whoever an injected message is from can be answered.
        chat = body.get("chat") if isinstance(body, dict) else None
        if isinstance(chat, dict) and isinstance(chat.get("id"), int) and chat["id"] not in account.chats:
            names = {name: value for name, value in chat.items() if name not in {"id", "type"}}
            account.open_chat(chat["id"], str(chat.get("type", "private")), names)
    return _told(account.updates.add_verbatim(update), None)


def _content(account: Account, given: Json, user: Json) -> Json:
    content = attached(account, given, user)
    if "start" in given:
        content["text"] = f"/start {rules.payload(_written(given['start']))}"
    elif "text" in given:
        written = _written(given["text"])
        limit, name = (rules.CAPTION_UNITS, "caption") if content else (rules.TEXT_UNITS, "text")
        if not written or units(written) > limit:
            raise bad(f"text must have 1 to {limit} characters")
        content[name] = written
    if not content:
        raise bad("say what happens: text, start, location, press, contact, document, photo, voice, sticker or block")
    for name, entities_name in (("text", "entities"), ("caption", "caption_entities")):
        if entities := with_found(content.get(name, ""), []):
            content[entities_name] = entities
    return content


def _reply(chat: Chat, reply_to: object) -> Json:
    if reply_to is None:
        return {}
    message = chat.messages.get(reply_to) if isinstance(reply_to, int) else None
    if message is None:
        raise bad("there is no message to reply to")
    told = chat.message_as_api(message)
    told.pop("reply_to_message", None)
    return {"reply_to_message": told}


def _written(value: object) -> str:
    if not isinstance(value, str):
        raise bad("what a person writes must be text")
    return check_unicode(value)


def _told(update_id: int | None, message_id: int | None) -> Json:
    return {"update_id": update_id, "message_id": message_id}


_ACTS: dict[str, Callable[[Account, Chat, Json, Json], Json]] = {
    "block": _block,
    "member": _admit,
    "new_title": _retitle,
    "upgrade": _upgrade,
    "press": _press,
}
