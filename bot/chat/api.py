"""Calls of the Bot API, all by one function; replies outwait a Bot API that is away."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

os.environ.setdefault("PTB_TIMEDELTA", "true")  # else RetryAfter warns about its own future

from telegram import Bot, InputFile
from telegram.error import BadRequest, EndPointNotFound, InvalidToken, NetworkError, RetryAfter

from bot.chat.message import Message, Row, keyboard, split
from bot.chat.transport import READ_SECONDS, Transport

POLL_SECONDS = 30
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0  # seconds between tries while the Bot API is away
UNCHANGED = "not modified"
KINDS = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")
log = logging.getLogger(__name__)


class _PlainBot(Bot):
    """Called by method name only: the typed methods build and parse objects that nothing here needs.

    A message costs 0.03 ms that way instead of 0.20; see docs/decisions/telegram.md.
    """

    @classmethod
    def _warn(cls, *_arguments: Any, **_more: Any) -> None:
        """Does not advise the typed methods."""


class Api:
    """A bot account at a Bot API. `name` and `id` are known after `open()`."""

    def __init__(self, token: str, url: str) -> None:
        self._bot = _PlainBot(
            token,
            base_url=f"{url}/bot",
            base_file_url=f"{url}/file/bot",
            request=Transport(),
            get_updates_request=Transport(POLL_SECONDS + READ_SECONDS),
        )
        self.id = int(token.partition(":")[0])
        self.name = ""
        self._away = False

    async def open(self) -> None:
        """Opens the connections and asks who this bot is.

        Raises telegram.error.InvalidToken for a refused token, NetworkError where the API is not reached.
        """
        try:
            await self._bot.initialize()
        except InvalidToken:
            raise InvalidToken("the token is refused") from None  # the library's own sentence quotes it
        self.name = self._bot.username

    async def close(self) -> None:
        """Closes the connections."""
        for request in self._bot._request:  # noqa: SLF001 - shutdown() leaves them open before a first success
            await request.shutdown()

    async def call(self, method: str, fields: Mapping[str, Any]) -> Any:
        """One call by its name in the Bot API; gives the result as plain dicts.

        Raises telegram.error.TelegramError of the kind that fits, InvalidToken once the token is refused.
        """
        try:
            return await self._bot.do_api_request(method, api_kwargs=dict(fields))
        except EndPointNotFound:  # all that are called exist: so answers a refused token
            raise InvalidToken("the token is refused") from None
        except KeyError:
            raise NetworkError("an answer without a result") from None

    async def _patiently(self, method: str, fields: Mapping[str, Any]) -> Any:
        """A call that outwaits a Bot API that is away or asks to wait, so that what came through is not sent twice.

        Raises telegram.error.TelegramError where trying again changes nothing.
        """
        pause = FIRST_PAUSE
        while True:
            try:
                result = await self.call(method, fields)
            except BadRequest:
                raise  # the library counts it as a network error
            except RetryAfter as error:
                wait: float = error.retry_after.total_seconds()  # type: ignore[union-attr]  # PTB_TIMEDELTA is set
            except (NetworkError, InvalidToken):
                wait, pause = pause, min(pause * 2, LONGEST_PAUSE)
            else:
                self._tell(away=False)
                return result
            self._tell(away=True)
            await asyncio.sleep(wait)

    def _tell(self, *, away: bool) -> None:
        if away != self._away:
            self._away = away
            log.warning("%s", "Telegram lets answers wait" if away else "answers go out again")

    async def updates(self, offset: int | None) -> list[dict[str, Any]]:
        """The next updates by long polling, which also confirms those before `offset`."""
        fields: dict[str, Any] = {"timeout": POLL_SECONDS, "limit": 100, "allowed_updates": list(KINDS)}
        if offset is not None:
            fields["offset"] = offset
        result: list[dict[str, Any]] = await self.call("getUpdates", fields)
        return result

    async def send(self, chat: int, message: Message, answers: int = 0) -> int:
        """Sends a message, in parts where it is too long for one, as a reply to `answers` if given; its id.

        A silent message arrives without sound.
        """
        sent = 0
        for method, fields in _parts(chat, message, answers):
            sent = (await self._patiently(method, fields))["message_id"]
        return sent

    async def deliver(self, chat: int, message: Message) -> int:
        """Sends a message that nobody waits for, in one try; its id.

        Raises telegram.error.TelegramError of the kind that fits; UnsentError where surely nothing was sent. Further
        parts of a long one are sent as patiently as answers, since the first cannot be taken back.
        """
        first, *rest = _parts(chat, message)
        sent: int = (await self.call(*first))["message_id"]
        for method, fields in rest:
            sent = (await self._patiently(method, fields))["message_id"]
        return sent

    async def redeliver(self, chat: int, message_id: int, message: Message) -> None:
        """Puts another text and other buttons in the place of a message that was delivered, in one try.

        A file stays the one that it was. What stands there already is left alone.

        Raises telegram.error.TelegramError of the kind that fits; UnsentError where surely nothing was changed.
        """
        try:
            await self.call(*_edited(chat, message_id, message))
        except BadRequest as error:
            if UNCHANGED not in error.message:
                raise

    async def edit(self, chat: int, message_id: int, message: Message) -> None:
        """Puts another text and other buttons in a message's place; what cannot be edited is sent anew.

        A file stays the one that it was.
        """
        if not message.file and len(split(message.html)) > 1:
            await self.send(chat, message)
            return
        try:
            await self._patiently(*_edited(chat, message_id, message))
        except BadRequest as error:
            if UNCHANGED not in error.message:
                await self.send(chat, message)

    async def edit_buttons(self, chat: int, message_id: int, rows: Sequence[Row]) -> None:
        """Puts other buttons under a message; does nothing where that cannot be done any more."""
        try:
            await self._patiently(
                "editMessageReplyMarkup",
                {"chat_id": chat, "message_id": message_id, "reply_markup": keyboard(rows)},
            )
        except BadRequest:
            log.debug("buttons could not be changed")

    async def delete(self, chat: int, message_ids: Sequence[int]) -> bool:
        """Deletes messages; true when all of them are gone. Telegram allows it for 48 hours."""
        gone = True
        for message_id in message_ids:
            try:
                await self._patiently("deleteMessage", {"chat_id": chat, "message_id": message_id})
            except BadRequest as error:
                gone = gone and "not found" in error.message
        return gone

    async def acknowledge(self, callback: str, toast: str = "") -> None:
        """Ends the waiting sign on a pressed button; a press that is too old is nobody's fault."""
        fields = {"callback_query_id": callback, **({"text": toast} if toast else {})}
        try:
            await self._patiently("answerCallbackQuery", fields)
        except BadRequest:
            log.debug("a press was too old to be acknowledged")

    async def document(self, chat: int, content: bytes, name: str, caption: str) -> None:
        """Sends a file."""
        fields = {"chat_id": chat, "document": InputFile(content, name), "caption": caption}
        await self._patiently("sendDocument", fields)

    async def venue(self, chat: int, where: tuple[float, float], title: str, address: str) -> None:
        """Sends a place (latitude, longitude) that opens in a map."""
        fields = {"chat_id": chat, "latitude": where[0], "longitude": where[1], "title": title, "address": address}
        await self._patiently("sendVenue", fields)

    async def answer_inline(self, fields: Mapping[str, Any]) -> None:
        """Answers an inline query; one that is too old is nobody's fault."""
        try:
            await self.call("answerInlineQuery", fields)
        except BadRequest:
            log.debug("an inline query was too old to be answered")


def _parts(chat: int, message: Message, answers: int = 0) -> list[tuple[str, dict[str, Any]]]:
    """The calls that send a message, one for each part of a long text; buttons are below the last one."""
    more: dict[str, Any] = {"disable_notification": True} if message.silent else {}
    if answers:
        more["reply_parameters"] = {"message_id": answers, "allow_sending_without_reply": True}
    if message.file:
        method = "sendPhoto" if message.photo else "sendDocument"
        return [(method, {"chat_id": chat, **message.file, **message.fields(), **more})]
    *texts, last = split(message.html)
    parts = [Message(text) for text in texts] + [replace(message, html=last)]
    return [("sendMessage", {"chat_id": chat, **part.fields(), **more}) for part in parts]


def _edited(chat: int, message_id: int, message: Message) -> tuple[str, dict[str, Any]]:
    """The call that puts a message in another's place."""
    method = "editMessageCaption" if message.file else "editMessageText"
    return method, {"chat_id": chat, "message_id": message_id, **message.fields()}
