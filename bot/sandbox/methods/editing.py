"""Changing and deleting messages."""

from __future__ import annotations

from bot.sandbox import rules
from bot.sandbox.account import Account
from bot.sandbox.chats import Chat, Message
from bot.sandbox.formatting import formatted
from bot.sandbox.keyboards import inline_keyboard
from bot.sandbox.methods.call import Call, Method
from bot.sandbox.methods.sending import caption, link_preview
from bot.sandbox.wire import Json, bad

_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
DELETED_AT_ONCE = 100
FILES = ("photo", "document", "voice")


def edit_message_text(call: Call) -> Json:
    """A new text, with new buttons or none."""
    chat = call.writable()
    message = _own(call, chat)
    given = rules.text(formatted(call.parameters))
    if "text" not in message.content:
        raise bad("there is no text in the message to edit")
    content: Json = {"text": given.text}
    if given.entities:
        content["entities"] = given.entities
    return _changed(call, chat, message, content | _kept(message, "reply_to_message") | link_preview(call))


def edit_message_caption(call: Call) -> Json:
    """A new text below a file, or none, with new buttons or none; the file stays."""
    chat = call.writable()
    message = _own(call, chat)
    given = caption(call)
    if not message.content.keys() & set(FILES):
        raise bad("there is no caption in the message to edit")
    return _changed(call, chat, message, given | _kept(message, *FILES, "reply_to_message"))


def edit_message_reply_markup(call: Call) -> Json:
    """New buttons, or none."""
    chat = call.writable()
    message = _own(call, chat)
    return _changed(call, chat, message, _kept(message, *(message.content.keys() - {"reply_markup"})))


def delete_message(call: Call) -> bool:
    """Deletes one message, the person's too in a private chat, for 48 hours."""
    chat = call.writable()
    message = call.message(chat, "to delete")
    if not _deletable(call.account, chat, message):
        raise bad("message can't be deleted")
    del chat.messages[message.message_id]
    call.account.changed(chat)
    return True


def delete_messages(call: Call) -> bool:
    """Deletes up to 100 messages; those that are gone or too old are skipped."""
    chat = call.writable()
    ids = call.parameters.structure("message_ids", "message identifiers")
    if not isinstance(ids, list) or not all(isinstance(one, int) for one in ids):
        raise bad("message identifiers are not specified")
    if not 1 <= len(ids) <= DELETED_AT_ONCE:
        raise bad("too many messages to delete" if ids else "message identifiers are not specified")
    for message_id in ids:
        message = chat.messages.get(message_id)
        if message and _deletable(call.account, chat, message):
            del chat.messages[message_id]
    call.account.changed(chat)
    return True


def _own(call: Call, chat: Chat) -> Message:
    message = call.message(chat, "to edit")
    if not message.from_bot:
        raise bad("message can't be edited")
    return message


def _kept(message: Message, *names: str) -> Json:
    return {name: message.content[name] for name in names if name in message.content}


def _changed(call: Call, chat: Chat, message: Message, content: Json) -> Json:
    if markup := inline_keyboard(call.parameters):
        content["reply_markup"] = markup
    if _compared(content) == _compared(message.content):
        raise bad(_SAME)
    message.content = content
    message.edited_at = call.account.clock()
    call.account.changed(chat)
    return chat.message_as_api(message)


def _compared(content: Json) -> Json:
    return {name: value for name, value in content.items() if name != "link_preview_options"}


def _deletable(account: Account, chat: Chat, message: Message) -> bool:
    young = account.clock() - message.at <= rules.DELETE_SECONDS
    return young and (message.from_bot or chat.kind == "private")


METHODS: dict[str, Method] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
}
