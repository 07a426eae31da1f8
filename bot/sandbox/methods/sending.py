"""New messages from the bot."""

from __future__ import annotations

from bot.sandbox import rules
from bot.sandbox.chats import Chat
from bot.sandbox.formatting import formatted
from bot.sandbox.keyboards import keyboard
from bot.sandbox.links import LinkError, checked
from bot.sandbox.methods.call import Call, Method
from bot.sandbox.wire import Json, bad


def send_message(call: Call) -> Json:
    """A text."""
    chat = call.writable()
    given = rules.text(formatted(call.parameters))
    content: Json = {"text": given.text}
    if given.entities:
        content["entities"] = given.entities
    return _post(call, chat, content | link_preview(call))


def send_document(call: Call) -> Json:
    """A file."""
    chat = call.writable()
    below = caption(call)
    kept = call.account.files.sent(call.parameters, "document", rules.UPLOAD_BYTES)
    return _post(call, chat, {"document": kept.as_document()} | below)


def send_photo(call: Call) -> Json:
    """A picture; its size in pixels is not looked at and given as 0."""
    chat = call.writable()
    below = caption(call)
    kept = call.account.files.sent(call.parameters, "photo", rules.PHOTO_BYTES)
    return _post(call, chat, {"photo": [{**kept.as_api(), "width": 0, "height": 0}]} | below)


def send_location(call: Call) -> Json:
    """A point on the map."""
    return _post(call, call.writable(), {"location": _location(call)})


def send_venue(call: Call) -> Json:
    """A point on the map with name and address."""
    chat = call.writable()
    location = _location(call)
    venue = {"location": location, "title": _filled(call, "title"), "address": _filled(call, "address")}
    return _post(call, chat, {"venue": venue, "location": location})


def send_contact(call: Call) -> Json:
    """A telephone number with a name."""
    chat = call.writable()
    contact = {"phone_number": _filled(call, "phone_number"), "first_name": _filled(call, "first_name")}
    optional = {name: call.parameters.text(name) for name in ("last_name", "vcard")}
    return _post(call, chat, {"contact": contact | {name: value for name, value in optional.items() if value}})


def send_chat_action(call: Call) -> bool:
    """What the bot is doing, such as typing."""
    call.writable()
    if call.parameters.text("action") not in rules.ACTIONS:
        raise bad("wrong parameter action in request")
    return True


def caption(call: Call) -> Json:
    """The checked text below a file, to become part of a message's content; empty where there is none."""
    given = rules.caption(formatted(call.parameters, "caption"))
    content: Json = {"caption": given.text} if given.text else {}
    if given.entities:
        content["caption_entities"] = given.entities
    return content


def link_preview(call: Call) -> Json:
    """The checked `link_preview_options`, to become part of a message's content."""
    options = call.parameters.mapping("link_preview_options", "link preview options")
    if options is None:
        return {}
    for name, kind in {"is_disabled": bool, "url": str, "show_above_text": bool}.items():
        if name in options and not isinstance(options[name], kind):
            raise bad(f'can\'t parse link preview options: field "{name}" has a wrong type')
    if "url" in options:
        try:
            checked(options["url"])
        except LinkError as error:
            raise bad(f"link preview URL '{options['url']}' is invalid: {error}") from None
    return {"link_preview_options": options}


def _post(call: Call, chat: Chat, content: Json) -> Json:
    account = call.account
    content |= _reply(call, chat)
    if markup := keyboard(call.parameters):
        content["reply_markup"] = markup
    silent = call.parameters.flag("disable_notification")
    message = account.post(chat, content, account.user(), silent=silent)
    return chat.message_as_api(message)


def _reply(call: Call, chat: Chat) -> Json:
    reply = call.parameters.mapping("reply_parameters", "reply parameters")
    if reply is None:
        return {}
    message_id = reply.get("message_id")
    if not isinstance(message_id, int):
        raise bad("can't parse reply parameters: Can't find field \"message_id\"")
    message = chat.messages.get(message_id)
    if message is None:
        if reply.get("allow_sending_without_reply"):
            return {}
        raise bad("message to be replied not found")
    told = chat.message_as_api(message)
    told.pop("reply_to_message", None)
    return {"reply_to_message": told}


def _location(call: Call) -> Json:
    latitude, longitude = rules.coordinates(call.parameters)
    return {"latitude": latitude, "longitude": longitude}


def _filled(call: Call, name: str) -> str:
    value = call.parameters.text(name).strip()
    if not value:
        raise bad(f"{name} must be non-empty")
    return value


METHODS: dict[str, Method] = {
    "sendMessage": send_message,
    "sendDocument": send_document,
    "sendPhoto": send_photo,
    "sendLocation": send_location,
    "sendVenue": send_venue,
    "sendContact": send_contact,
    "sendChatAction": send_chat_action,
}
