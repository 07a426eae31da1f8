"""Every setting of Lotse, read from the environment and validated once."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.domain.languages import LANGUAGES
from bot.domain.reminders import normalise, span
from bot.domain.terms import Terms
from bot.store.address import parse
from bot.store.errors import MalformedUrl

PREFIX = "LOTSE_"
TOKEN = re.compile(r"[0-9]{1,16}:[A-Za-z0-9_-]{3,100}")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # the characters Telegram allows in a webhook secret
LARGEST_ID = 2**52  # Telegram's ids fit 52 bits


class SettingsError(ValueError):
    """A setting that cannot be used; the message names it and never shows a secret."""


class Settings(BaseSettings):
    """The settings; `LOTSE_` stands before each name in the environment, and `LOTSE_X_FILE` reads X from a file."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    token: SecretStr | None = None
    api_url: str = "https://api.telegram.org"
    database_url: SecretStr = SecretStr("sqlite:///lotse.db")
    knowledge: Path | None = None
    coordinators: Annotated[frozenset[int], NoDecode] = frozenset()
    timezone: str = "Europe/Berlin"
    default_language: str = "de"
    reminders: str = "7d,1d,1h"
    offer: str = "24h"
    send_rate: float = Field(default=25, gt=0, allow_inf_nan=False)
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    listen: str | None = None
    log: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = Field(default="text")

    @field_validator("log", mode="before")
    @classmethod
    def _level(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value

    @field_validator("token")
    @classmethod
    def _token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("is not a bot token (digits, a colon, letters and digits)")
        return value

    @field_validator("api_url", "webhook_url")
    @classmethod
    def _url(cls, value: str | None) -> str | None:
        if value is not None and not _is_web_address(value):
            raise ValueError("is not an http or https address")
        return value

    @field_validator("api_url")
    @classmethod
    def _root(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: SecretStr) -> SecretStr:
        try:
            parse(value.get_secret_value())
        except MalformedUrl:
            raise ValueError("is neither sqlite:///FILE nor postgresql://USER@HOST/NAME") from None
        return value

    @field_validator("coordinators", mode="before")
    @classmethod
    def _coordinators(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        ids = [part.strip() for part in value.split(",") if part.strip()]
        if not all(re.fullmatch(r"[1-9][0-9]{0,15}", part) and int(part) < LARGEST_ID for part in ids):
            raise ValueError("is not a list of Telegram user ids separated by commas")
        return frozenset(int(part) for part in ids)

    @field_validator("timezone")
    @classmethod
    def _timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, OSError, ValueError):
            raise ValueError(f"is not a time zone: {value}") from None
        return value

    @field_validator("default_language")
    @classmethod
    def _language(cls, value: str) -> str:
        if value not in LANGUAGES:
            raise ValueError(f"is not one of {', '.join(LANGUAGES)}: {value}")
        return value

    @field_validator("reminders")
    @classmethod
    def _reminders(cls, value: str) -> str:
        return normalise(value)

    @field_validator("offer")
    @classmethod
    def _offer(cls, value: str) -> str:
        span(value)
        return value

    @field_validator("send_rate", mode="before")
    @classmethod
    def _send_rate(cls, value: Any) -> Any:
        number = isinstance(value, str) and re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", value.strip())
        if isinstance(value, str) and not (number and float(value) > 0):
            raise ValueError(f"is not a number above 0, such as 25 or 0.5: {value}")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("may hold 1 to 256 letters, digits, _ and -")
        return value

    @field_validator("listen")
    @classmethod
    def _listen(cls, value: str | None) -> str | None:
        if value is not None:
            address(value)
        return value

    @model_validator(mode="after")
    def _webhook(self) -> Settings:
        if self.webhook_url is None:
            return self
        if self.webhook_secret is None:
            raise ValueError(f"{PREFIX}WEBHOOK_SECRET is missing: a webhook needs a secret")
        secure = urlsplit(self.webhook_url).scheme == "https" or urlsplit(self.api_url).scheme == "http"
        if not secure:
            raise ValueError(f"{PREFIX}WEBHOOK_URL must start with https://")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The time zone that local times are meant in."""
        return ZoneInfo(self.timezone)

    @property
    def terms(self) -> Terms:
        """What services need to know of the settings."""
        return Terms(span(self.offer), self.reminders, self.timezone, self.default_language)

    @property
    def listening(self) -> tuple[str, int] | None:
        """Host and port of the listener; with a webhook the default, with polling only where it is set."""
        if self.listen is None and self.webhook_url is None:
            return None
        return address(self.listen or "127.0.0.1:8443")


def address(value: str) -> tuple[str, int]:
    """Host and port of `host:port`; `[::1]:8443` for IPv6. Raises ValueError for anything else."""
    match = re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[^:\s]*):([0-9]{1,5})", value)
    if not match or not 0 <= int(match[2]) <= 65535:  # noqa: PLR2004 - the highest port
        raise ValueError(f"is not HOST:PORT: {value}")
    return match[1].strip("[]") or "0.0.0.0", int(match[2])  # noqa: S104 - ":8443" means every interface


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises where the port is not a number from 0 to 65535
    except ValueError:
        return False
    # Braces, which no path needs, would be a pattern to the listener.
    plain = not (parts.username or parts.query or parts.fragment or re.search(r"[^!-z|~]|%7[bd]", value, re.IGNORECASE))
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and plain


def read_settings(**fixed: Any) -> Settings:
    """The settings of this process's environment; those that are `fixed` are not looked for there.

    Raises SettingsError with one sentence that names the setting.
    """
    try:
        return Settings(**_from_files(os.environ, fixed), **fixed)
    except ValidationError as error:
        first = error.errors()[0]
        name = f"{PREFIX}{str(first['loc'][0]).upper()} " if first["loc"] else ""
        message = str(first["ctx"]["error"]) if "error" in first.get("ctx", {}) else f"is not right: {first['msg']}"
        raise SettingsError(f"{name}{message}") from None


def _from_files(environment: Mapping[str, str], fixed: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that a `LOTSE_X_FILE` names, without their final line break."""
    values: dict[str, Any] = {}
    if environment.get(f"{PREFIX}REMINDERS") == "" and "reminders" not in fixed:
        values["reminders"] = ""  # the only setting that may be empty: no reminders
    for name in (name for name in Settings.model_fields if name not in fixed):
        variable = f"{PREFIX}{name.upper()}_FILE"
        path = environment.get(variable)
        if not path:
            continue
        try:
            values[name] = Path(path).read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError):
            raise SettingsError(f"{variable}: the file {path} cannot be read") from None
    return values
