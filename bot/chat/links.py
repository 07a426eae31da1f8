"""Links that open something in a chat with Lotse."""

from __future__ import annotations


def entry_link(bot: str, entry: str) -> str:
    """The address that opens an entry; `bot` is the bot's username."""
    return f"https://t.me/{bot}?start=entry_{entry}"
