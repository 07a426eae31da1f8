"""The methods of the Bot API that the sandbox knows, by their names in small letters."""

from __future__ import annotations

from bot.sandbox.methods import answering, editing, identity, receiving, sending
from bot.sandbox.methods.call import Call, Method

__all__ = ["METHODS", "Call", "Method"]

METHODS: dict[str, Method] = {
    name.lower(): method
    for family in (receiving.METHODS, sending.METHODS, editing.METHODS, answering.METHODS, identity.METHODS)
    for name, method in family.items()
}
