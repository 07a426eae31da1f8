"""The limits that Telegram states for what bots send; docs/sandbox.md lists them one by one.

Source: https://core.telegram.org/bots/api, unless a function says otherwise.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from bot.sandbox.formatting import Formatted
from bot.sandbox.markup import units
from bot.sandbox.parameters import Parameters
from bot.sandbox.wire import Json, RefusedError, bad

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
COMMANDS = 100
QUERY_SECONDS = 15
"""How long a press can be answered; Telegram documents no figure, bots see about this one."""
DELETE_SECONDS = 48 * 3600
UPLOAD_BYTES = 50 * 1024 * 1024
PHOTO_BYTES = 10 * 1024 * 1024
DOWNLOAD_BYTES = 20 * 1024 * 1024
ACTIONS = frozenset(
    {
        *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice"),
        *("upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note"),
    },
)
_TOKEN = re.compile(r"[1-9][0-9]{0,19}:[A-Za-z0-9_-]{1,100}")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_WEBHOOK_PORTS = {80, 88, 443, 8443}


def is_token(token: str) -> bool:
    """Whether this can be a bot's token: its number, a colon, its secret."""
    return bool(_TOKEN.fullmatch(token))


def text(given: Formatted) -> Formatted:
    """A message's text: 1 to 4,096 UTF-16 units after the markup is parsed and the ends are trimmed."""
    if not given.text:
        raise bad("message text is empty")
    if units(given.text) > TEXT_UNITS:
        raise bad("message is too long")
    return given


def caption(given: Formatted) -> Formatted:
    """A caption: 0 to 1,024 UTF-16 units after the markup is parsed."""
    if units(given.text) > CAPTION_UNITS:
        raise bad("message caption is too long")
    return given


def payload(written: str) -> str:
    """The payload of a deep link (https://core.telegram.org/bots/features#deep-linking)."""
    if not _PAYLOAD.fullmatch(written):
        raise bad("a deep link carries 1 to 64 of A-Z, a-z, 0-9, _ and -")
    return written


def language_code(parameters: Parameters) -> str:
    """Empty, or a two-letter code in small letters."""
    code = parameters.text("language_code")
    if code and not re.fullmatch("[a-z]{2}", code):
        raise bad("invalid language code specified")
    return code


def commands(given: object | None) -> list[Json]:
    """The list of setMyCommands: at most 100, each with a name and a description of 1 to 256 characters."""
    if not isinstance(given, list):
        raise bad("can't parse commands JSON array" if given is not None else "commands is empty")
    if len(given) > COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    return [_command(one) for one in given]


def _command(given: object) -> Json:
    if not isinstance(given, dict) or not isinstance(given.get("command"), str):
        raise bad("can't parse BotCommand: Can't find field \"command\"")
    name, description = given["command"].removeprefix("/"), given.get("description")
    if not _COMMAND.fullmatch(name):
        raise bad("BOT_COMMAND_INVALID")
    if not isinstance(description, str) or not 1 <= units(description.strip()) <= 256:  # noqa: PLR2004 - Telegram's
        raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description.strip()}


def profile(field: str, value: str, limit: int) -> str:
    """A name or description of the bot: at most `limit` characters."""
    if units(value) > limit:
        raise bad(f"{field} is too long")
    return value


def coordinates(parameters: Parameters) -> tuple[float, float]:
    """Latitude and longitude in degrees."""
    latitude, longitude = parameters.number("latitude"), parameters.number("longitude")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # noqa: PLR2004 - degrees on the globe
        raise bad("wrong location specified")
    return latitude, longitude


def webhook_url(url: str) -> str:
    """An https address on a port that Telegram serves; on this machine http and any port will do."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise bad("bad webhook: invalid webhook URL specified") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise bad("bad webhook: invalid webhook URL specified")
    if _is_loopback(host):
        return url
    if parts.scheme != "https":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if port is not None and port not in _WEBHOOK_PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    return url


def secret_token(secret: str) -> str:
    """Empty, or 1 to 256 of the characters that Telegram allows."""
    if secret and not _SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters" if len(secret) <= 256 else "secret token is too long")  # noqa: PLR2004
    return secret


def body_size(size: int, limit: int) -> None:
    """Refuses a file that is empty or larger than `limit` bytes."""
    if size == 0:
        raise bad("file must be non-empty")
    if size > limit:
        raise RefusedError(413, "Request Entity Too Large")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
