"""Which addresses Telegram takes in links and in buttons."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

_HOST = re.compile(r"^(?:[^\s/?#@:.]+\.)+[^\s/?#@:.]+$")


class LinkError(ValueError):
    """An address that Telegram refuses in a button; the message says why in its words."""


def link_address(address: str) -> str | None:
    """The address of a text link as Telegram keeps it, or None where it drops the link silently (mailto, tel)."""
    try:
        return checked(address)
    except LinkError:
        return None


def checked(address: str) -> str:
    """The address, completed with http:// where it has no scheme; raises LinkError for what Telegram refuses."""
    address = address.strip()
    parts = _split(address)
    if parts.scheme == "tg":
        return address
    if parts.scheme and parts.netloc == "" and not _HOST.match(parts.scheme):
        raise LinkError("Unsupported URL protocol")
    if parts.scheme not in {"http", "https"}:
        if "://" in address:
            raise LinkError("Unsupported URL protocol")
        address = f"http://{address}"
        parts = _split(address)
    if re.search(r"\s", address) or not _HOST.match(_host(parts)):
        raise LinkError("Wrong HTTP URL")
    return address


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        raise LinkError("Wrong HTTP URL") from None


def _host(parts: SplitResult) -> str:
    try:
        _ = parts.port  # reading it finds ports that are no numbers
    except ValueError:
        return ""
    return parts.hostname or ""
