"""What Telegram says of groups and channels that Lotse is in: its rights there, their titles, their new ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.chat.arrival import Arrival, checked
from bot.chat.typed import clean
from bot.domain.chats import ChatNews

TITLE = 128  # characters of a title, by Telegram
KINDS = {"group", "supergroup", "channel"}
SERVICE = ("migrate_to_chat_id", "migrate_from_chat_id", "new_chat_title")


def parse_news(update: Mapping[str, Any]) -> Arrival | None:
    """The arrival in an update about a group or channel; None for every other one, and for what is forged."""
    try:
        if "my_chat_member" in update:
            change = update["my_chat_member"]
            posts = _may_post(change["chat"]["type"], change["new_chat_member"])
            return _arrival(update["update_id"], change, posts=posts)
        if "message" in update and any(name in update["message"] for name in SERVICE):
            return _arrival(update["update_id"], update["message"])
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return None
    return None


def _arrival(update_id: int, body: Mapping[str, Any], *, posts: bool | None = None) -> Arrival | None:
    chat = checked(body["chat"]["id"])
    if body["chat"]["type"] not in KINDS or chat >= 0:
        return None
    return Arrival(
        update_id=update_id,
        kind="news",
        chat=chat,
        person=checked(body["from"]["id"]),
        code=None,
        private=False,
        at=int(body["date"]),
        news=_news(chat, body, posts=posts),
    )


def _news(chat: int, body: Mapping[str, Any], *, posts: bool | None) -> ChatNews:
    kind, title = body["chat"]["type"], body.get("new_chat_title", body["chat"].get("title"))
    name = " ".join(clean(title).split())[:TITLE] if isinstance(title, str) else ""
    before, after = _ids(chat, body)
    return ChatNews("channel" if kind == "channel" else "group", name or str(chat), posts, before, after)


def _ids(chat: int, body: Mapping[str, Any]) -> tuple[int, int]:
    """The old and the new id of a group that has become a supergroup, from either side."""
    if "migrate_to_chat_id" in body:
        before, after = chat, checked(body["migrate_to_chat_id"])
    elif "migrate_from_chat_id" in body:
        before, after = checked(body["migrate_from_chat_id"]), chat
    else:
        return 0, 0
    if before >= 0 or after >= 0 or before == after:
        raise ValueError("not the ids of groups")
    return before, after


def _may_post(kind: str, member: Mapping[str, Any]) -> bool:
    """Whether Lotse, with these rights, may post; in a channel only administrators with that right may."""
    status = member["status"]
    if kind == "channel":
        return status == "administrator" and member.get("can_post_messages") is True
    if status == "restricted":
        return member.get("is_member") is True and member.get("can_send_messages") is True
    return status in {"member", "administrator"}
