"""What people send besides text: places, contacts and files."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable

from bot.sandbox.account import Account
from bot.sandbox.files import StoredFile
from bot.sandbox.parameters import Upload
from bot.sandbox.wire import Json, bad

Maker = Callable[[Account, object, Json], object]


def attached(account: Account, given: Json, user: Json) -> Json:
    """The part of a message that is not text, empty if there is none; `true` stands for an invented example."""
    for kind, make in _MAKERS.items():
        value = given.get(kind)
        if value is not None and value is not False:
            return {kind: make(account, value, user)}
    return {}


def _location(_: Account, given: object, __: Json) -> Json:
    numbers = given if isinstance(given, list) else []
    if len(numbers) != 2 or not all(isinstance(one, int | float) for one in numbers):  # noqa: PLR2004 - a pair
        raise bad("location must be [latitude, longitude]")
    latitude, longitude = numbers
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # noqa: PLR2004 - degrees on the globe
        raise bad("location must be on the globe")
    return {"latitude": latitude, "longitude": longitude}


def _contact(_: Account, given: object, user: Json) -> Json:
    if given is True:
        given = {"phone_number": "+49 89 0000", "first_name": user["first_name"], "user_id": user["id"]}
    if not isinstance(given, dict) or not given.get("phone_number"):
        raise bad("contact must be true or an object with a phone_number")
    return {"first_name": user["first_name"], **given}


def _document(account: Account, given: object, _: Json) -> Json:
    described = {} if given is True else given
    if not isinstance(described, dict):
        raise bad("document must be true or an object, its content in Base64")
    try:
        content = base64.b64decode(str(described.get("content", "")), validate=True)
    except binascii.Error:
        raise bad("document must be true or an object, its content in Base64") from None
    name, mime = str(described.get("file_name", "letter.pdf")), str(described.get("mime_type", "application/pdf"))
    kept = account.files.keep(Upload(name, mime, content), "document")
    return kept.as_document() | {key: value for key, value in described.items() if key == "file_size"}


def _photo(account: Account, _: object, __: Json) -> list[Json]:
    return [{**_empty(account, "photo", "photo.jpg", "image/jpeg").as_api(), "width": 90, "height": 90}]


def _voice(account: Account, _: object, __: Json) -> Json:
    return {**_empty(account, "voice", "voice.ogg", "audio/ogg").as_api(), "duration": 3, "mime_type": "audio/ogg"}


def _sticker(account: Account, _: object, __: Json) -> Json:
    kept = _empty(account, "sticker", "sticker.webp", "image/webp").as_api()
    return {**kept, "type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}


def _empty(account: Account, kind: str, name: str, mime: str) -> StoredFile:
    return account.files.keep(Upload(name, mime, b""), kind)


_MAKERS: dict[str, Maker] = {
    "location": _location,
    "contact": _contact,
    "document": _document,
    "photo": _photo,
    "voice": _voice,
    "sticker": _sticker,
}
