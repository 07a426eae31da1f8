"""Groups and channels: who brings the bot in or takes it out, what it may do there, new titles and new ids."""

from __future__ import annotations

from bot.sandbox.account import Account
from bot.sandbox.chats import Chat
from bot.sandbox.parameters import check_unicode
from bot.sandbox.wire import Json, bad

TITLE = 128
_EVERYWHERE = ("administrator", "left", "kicked")
_STATES = {  # what a bot can be
    "group": (*_EVERYWHERE, "member"),
    "supergroup": (*_EVERYWHERE, "member", "restricted"),
    "channel": _EVERYWHERE,
}
_RIGHTS = (
    *("can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members"),
    *("can_promote_members", "can_change_info", "can_invite_users"),
)


def membership(account: Account, chat: Chat, user: Json, status: object, *, may_post: object = True) -> Json:
    """Gives the bot another status in a chat, as `user` does there; the body of its `my_chat_member`.

    `may_post` counts for administrators of channels and for restricted members.
    """
    if chat.kind not in _STATES:
        raise bad("member is for groups and channels")
    if status not in _STATES[chat.kind]:
        raise bad(f"in a {chat.kind} member must be one of {', '.join(_STATES[chat.kind])}")
    if not isinstance(may_post, bool):
        raise bad("may_post must be true or false")
    before = _member(account.user(), chat)
    chat.member, chat.may_post = str(status), may_post
    account.changed(chat)
    return {
        "chat": chat.as_api(),
        "from": user,
        "date": int(account.clock()),
        "old_chat_member": before,
        "new_chat_member": _member(account.user(), chat),
    }


def retitled(account: Account, chat: Chat, user: Json, title: object) -> tuple[int, int]:
    """Gives a group another title; the ids of the update and of the message that says so."""
    if not isinstance(title, str) or not 1 <= len(check_unicode(title)) <= TITLE or chat.kind not in _STATES:
        raise bad(f"new_title must be a text of 1 to {TITLE} characters, for a group or channel")
    chat.names = {**chat.names, "title": title}
    message = account.post(chat, {"new_chat_title": title}, None if chat.kind == "channel" else user)
    kind = "channel_post" if chat.kind == "channel" else "message"
    return account.updates.add(kind, chat.message_as_api(message)), message.message_id


def upgraded(account: Account, chat: Chat, user: Json, new_id: object) -> tuple[int, int]:
    """Makes a group a supergroup with another id; the ids of the last update and of its message.

    The bot is told that it has come into the supergroup, not that it has left the group, and gets a message in each.
    """
    if isinstance(new_id, bool) or not isinstance(new_id, int) or new_id >= 0 or new_id in account.chats:
        raise bad("upgrade must be the negative id of a chat that is not there yet")
    if chat.kind != "group":
        raise bad("only a group becomes a supergroup")
    larger = account.open_chat(new_id, "supergroup", chat.names)
    member, may_post = chat.member, chat.may_post
    larger.member = "left"
    account.updates.add("my_chat_member", membership(account, larger, user, member, may_post=may_post))
    leaving = account.post(chat, {"migrate_to_chat_id": new_id}, user)
    account.updates.add("message", chat.message_as_api(leaving))
    chat.moved_to = new_id
    coming = account.post(larger, {"migrate_from_chat_id": chat.id}, user)
    return account.updates.add("message", larger.message_as_api(coming)), coming.message_id


def _member(bot: Json, chat: Chat) -> Json:
    """The bot as a ChatMember of this chat."""
    member: Json = {"user": bot, "status": chat.member}
    if chat.member == "administrator":
        member |= {"can_be_edited": False, "is_anonymous": False} | dict.fromkeys(_RIGHTS, False)
        if chat.kind == "channel":
            member |= {"can_post_messages": chat.may_post, "can_edit_messages": chat.may_post}
    elif chat.member == "restricted":
        member |= {"is_member": True, "can_send_messages": chat.may_post, "until_date": 0}
    elif chat.member == "kicked":
        member["until_date"] = 0
    return member
