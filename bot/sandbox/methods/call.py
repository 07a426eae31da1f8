"""One call of a method: who calls, and with what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.sandbox.account import Account
from bot.sandbox.chats import Chat, Message
from bot.sandbox.parameters import Parameters
from bot.sandbox.wire import bad


@dataclass(frozen=True, slots=True)
class Call:
    """The bot's account and the parameters of the call."""

    account: Account
    parameters: Parameters

    def chat_id(self) -> str:
        """The required `chat_id`."""
        chat_id = self.parameters.text("chat_id")
        if not chat_id:
            raise bad("chat_id is empty")
        return chat_id

    def writable(self) -> Chat:
        """The chat that the bot wants to write to."""
        return self.account.writable(self.chat_id())

    def message(self, chat: Chat, purpose: str) -> Message:
        """The message that the call names; `purpose` completes "message ... not found"."""
        message_id = self.parameters.integer("message_id")
        if not message_id:
            raise bad("message identifier is not specified")
        message = chat.messages.get(message_id)
        if message is None:
            raise bad(f"message {purpose} not found")
        return message


Method = Callable[[Call], Awaitable[object] | object]
