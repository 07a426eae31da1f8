"""Links that open something in a chat with Lotse."""

from __future__ import annotations


def start_link(bot: str, payload: str) -> str:
    """The address that opens a chat with Lotse at what the payload names; `bot` is the bot's username."""
    return f"https://t.me/{bot}?start={payload}"


def entry_link(bot: str, entry: str) -> str:
    """The address that opens an entry; `bot` is the bot's username."""
    return start_link(bot, f"entry_{entry}")
