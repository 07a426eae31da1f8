"""Reading the parameters of a call from a query, a form, a multipart form or JSON, and their types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.wire import Json, RefusedError, bad


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a multipart form."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of one call; a missing one, null and an empty string are the same, as for Telegram."""

    values: Mapping[str, object]
    files: Mapping[str, Upload]

    def text(self, name: str) -> str:
        """The parameter as text, empty if missing; numbers and booleans are taken as written."""
        value = self.values.get(name)
        if value is None:
            return ""
        return check_unicode(value) if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """The parameter as a whole number."""
        written = self.text(name)
        try:
            return int(written) if written else default
        except ValueError:
            raise bad(f"invalid {name} specified") from None

    def number(self, name: str) -> float:
        """A required number, such as a latitude."""
        written = self.text(name)
        if not written:
            raise bad(f"{name} is empty")
        try:
            return float(written)
        except ValueError:
            raise bad(f"invalid {name} specified") from None

    def flag(self, name: str) -> bool:
        """The parameter as a boolean; Telegram takes `true`, `yes` and `1`."""
        return self.text(name).lower() in {"true", "yes", "1"}

    def structure(self, name: str, what: str) -> object | None:
        """A parameter that is a JSON value, sent as such or as text; `what` names it in the refusal."""
        value = self.values.get(name)
        if isinstance(value, str):
            if not value:
                return None
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                raise bad(f"can't parse {what} JSON object") from None
        _check_all(value)
        return value

    def mapping(self, name: str, what: str) -> Json | None:
        """As `structure`, for a JSON object."""
        value = self.structure(name, what)
        if value is not None and not isinstance(value, dict):
            raise bad(f"object expected as {what}")
        return value


async def read(request: web.Request) -> Parameters:
    """The parameters of a request; those in the body win over those in the query."""
    values: dict[str, object] = dict(request.query)
    files: dict[str, Upload] = {}
    if not request.can_read_body:
        return Parameters(values, files)
    try:
        if request.content_type == "application/json":
            values |= _object(await request.read())
        else:
            for name, field in (await request.post()).items():
                if isinstance(field, web.FileField):
                    files[name] = Upload(field.filename, field.content_type, field.file.read())
                else:
                    values[name] = field if isinstance(field, str) else bytes(field).decode()
    except web.HTTPRequestEntityTooLarge:
        raise RefusedError(413, "Request Entity Too Large") from None
    except UnicodeDecodeError:
        raise bad("strings must be encoded in UTF-8") from None
    return Parameters(values, files)


def check_unicode(text: str) -> str:
    """Returns the text, or refuses NUL and lone surrogates, which no store and no client can keep."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise bad("strings must be encoded in UTF-8") from None
    if "\0" in text:
        raise bad("strings must be encoded in UTF-8")
    return text


def _object(body: bytes) -> Json:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise bad("can't parse JSON object") from None
    if not isinstance(value, dict):
        raise bad("object expected as request body")
    return value


def _check_all(value: object) -> None:
    if isinstance(value, str):
        check_unicode(value)
    elif isinstance(value, list):
        for part in value:
            _check_all(part)
    elif isinstance(value, dict):
        for name, part in value.items():
            check_unicode(name)
            _check_all(part)
