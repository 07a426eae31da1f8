"""One conversation turn: what came in, who it is from, and how to reply."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from bot.chat.api import Api
from bot.chat.arrival import Arrival
from bot.chat.markup import directed, directed_label
from bot.chat.message import Message, Row
from bot.domain.flood import Flood
from bot.domain.knowledge import Knowledge
from bot.domain.languages import RIGHT_TO_LEFT, reply_language
from bot.library.load import Library
from bot.search.recent import Recent
from bot.store.database import Database
from bot.texts import Texts, texts

REMEMBERED = 10_000  # cards


@dataclass(slots=True)
class House:
    """What every conversation shares.

    `library` is replaced as a whole when the knowledge changes, and with it `recent`, what was found lately, and
    `cards`, the answers rendered today, which are the same for everyone; `now` gives the present in UTC; `erased` is
    the file of deleted ids. `counted` holds the cards whose "helpful" was pressed lately, so that a repetition is not
    counted.
    """

    api: Api
    database: Database
    library: Library
    now: Callable[[], datetime]
    default_language: str
    erased: Path
    flood: Flood = field(default_factory=Flood)
    recent: Recent = field(init=False)
    cards: dict[tuple[str, str, date], Message] = field(init=False)
    counted: OrderedDict[tuple[int, int], None] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self.take(self.library)

    def take(self, library: Library) -> None:
        """Answers from this library from now on."""
        self.library = library
        self.recent = Recent(library.index)
        self.cards = {}

    @property
    def knowledge(self) -> Knowledge:
        """The records of the knowledge base."""
        return self.library.knowledge

    def count(self, chat: int, message_id: int) -> None:
        """Remembers that this card's "helpful" was counted."""
        self.counted[chat, message_id] = None
        if len(self.counted) > REMEMBERED:
            self.counted.popitem(last=False)


@dataclass(slots=True)
class Talk:
    """One update being answered.

    `chosen` is the language the person chose, `language` that of this reply; a question may change the latter.
    `excess` says that the person has sent more in a minute than anybody can read.
    """

    house: House
    arrival: Arrival
    chosen: str | None
    language: str
    excess: bool = False

    @property
    def texts(self) -> Texts:
        """The interface texts in the language of this reply."""
        return texts(self.language)

    async def say(self, message: Message, answers: int = 0) -> int:
        """Sends a new message to the chat, as a reply to `answers` if given; its id."""
        return await self.house.api.send(self.arrival.chat, self._directed(message), answers)

    async def show(self, message: Message) -> None:
        """Shows the message in place of the one that was pressed, else as a new one."""
        if self.arrival.kind == "press" and self.arrival.message_id:
            await self.house.api.edit(self.arrival.chat, self.arrival.message_id, self._directed(message))
        else:
            await self.say(message)

    async def put_buttons(self, message_id: int, rows: Sequence[Row]) -> None:
        """Puts other buttons under a message that was sent."""
        await self.house.api.edit_buttons(self.arrival.chat, message_id, self._directed_rows(rows))

    def _directed(self, message: Message) -> Message:
        """The message with lines and labels that run as the reader's language does, whatever stands in them."""
        html = directed(message.html, self.language)
        return replace(message, html=html, rows=self._directed_rows(message.rows))

    def _directed_rows(self, rows: Sequence[Row]) -> tuple[Row, ...]:
        if self.language not in RIGHT_TO_LEFT:
            return tuple(rows)
        return tuple(
            tuple(replace(button, text=directed_label(button.text, self.language)) for button in row) for row in rows
        )


def begin(house: House, arrival: Arrival, chosen: str | None) -> Talk:
    """A turn, begun once for each update however often it is tried: messages are counted here, presses are not.

    Its language is that for a command or a press; a question may say otherwise.
    """
    excess = arrival.kind not in {"press", "inline"} and house.flood.too_many(arrival.person, arrival.at)
    return Talk(house, arrival, chosen, reply_language(chosen, arrival.code, house.default_language), excess)
