"""Who writes to the bot, and where: the `user` and `chat` of `POST /sandbox/updates`, checked."""

from __future__ import annotations

from bot.sandbox.account import Account
from bot.sandbox.chats import Chat
from bot.sandbox.wire import Json, bad

_LARGEST_ID = 2**52
_KINDS = {"private", "group", "supergroup", "channel"}


def person(given: object) -> Json:
    """The person as a User; `id` is required, the rest is as the person has set it in Telegram."""
    if not isinstance(given, dict):
        raise bad("user must be an object with an id")
    user_id = given.get("id")
    if isinstance(user_id, bool) or not isinstance(user_id, int) or not 1 <= user_id <= _LARGEST_ID:
        raise bad("user.id must be a whole number from 1 to 2^52")
    known = {name: given[name] for name in ("last_name", "username", "language_code", "is_premium") if given.get(name)}
    return {"id": user_id, "is_bot": False, "first_name": str(given.get("first_name") or f"Person {user_id}"), **known}


def place(account: Account, given: object, user: Json) -> Chat:
    """The chat that something happens in: the person's own where none is named."""
    if given is None or (isinstance(given, dict) and given.get("type") == "private"):
        names: Json = {name: user[name] for name in ("first_name", "last_name", "username") if name in user}
        return account.open_chat(user["id"], "private", names)
    if not isinstance(given, dict) or not isinstance(given.get("id"), int) or str(given.get("type")) not in _KINDS:
        raise bad("chat must be an object with a number as id and a type: private, group, supergroup or channel")
    if given["id"] >= 0:
        raise bad("the id of a group or channel is negative")
    return account.open_chat(given["id"], given["type"], {"title": str(given.get("title") or f"Group {-given['id']}")})
