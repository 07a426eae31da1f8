"""One conversation turn: what came in, who it is from, and how to reply."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from bot.chat.api import Api
from bot.chat.arrival import Arrival
from bot.chat.markup import directed_message, directed_rows
from bot.chat.message import Message, Row
from bot.domain.flood import Flood
from bot.domain.knowledge import Knowledge
from bot.domain.languages import reply_language
from bot.domain.terms import Terms
from bot.library.load import Library
from bot.search.recent import Recent
from bot.services.offices import Atlas, atlas
from bot.store.database import Database
from bot.texts import Texts, texts

REMEMBERED = 10_000  # cards


@dataclass(slots=True)
class House:
    """What every conversation shares.

    `library` is replaced as a whole when the knowledge changes, and with it `recent`, what was found lately, and
    `cards`, the answers rendered today, which are the same for everyone; `now` gives the present in UTC; `erased` is
    the file of deleted ids; `terms` are the operator's settings for sessions, `coordinators` the people that the
    operator has set; `code_words` are those of the sessions that run now, folded. `counted` holds the cards whose
    "helpful" was pressed lately, so that a repetition is not counted. `atlas` knows the contact points of places, with
    the official register as it was loaded at `register_at` (0: to be looked for again). `noted` is the library whose
    entries are known not to be new any more.
    """

    api: Api
    database: Database
    library: Library
    now: Callable[[], datetime]
    default_language: str
    erased: Path
    terms: Terms = field(default_factory=Terms)
    coordinators: frozenset[int] = frozenset()
    code_words: dict[str, list[int]] = field(default_factory=dict)
    flood: Flood = field(default_factory=Flood)
    recent: Recent = field(init=False)
    atlas: Atlas | None = field(init=False, default=None)
    register_at: int = field(init=False, default=0)
    cards: dict[tuple[str, str, date], Message] = field(init=False)
    counted: OrderedDict[tuple[int, int], None] = field(default_factory=OrderedDict)
    noted: Library | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.take(self.library)

    def take(self, library: Library) -> None:
        """Answers from this library from now on.

        The register stays, by the numbers that places keep; soon after it is laid over the new gazetteer.
        """
        register = self.atlas.register if self.atlas else {}
        self.library = library
        self.recent = Recent(library.index, library.places)
        self.atlas = atlas(library.knowledge, library.places, register) if library.places else None
        self.register_at = 0
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
    `role` is what the person may do besides, `place` the municipality they asked Lotse to remember, by its number.
    `excess` says that the person has sent more in a minute than anybody can read.
    """

    house: House
    arrival: Arrival
    chosen: str | None
    language: str
    excess: bool = False
    role: str | None = None
    place: int | None = None

    @property
    def texts(self) -> Texts:
        """The interface texts in the language of this reply."""
        return texts(self.language)

    @property
    def coordinates(self) -> bool:
        """Whether the person may act as a coordinator, now."""
        return self.role == "coordinator" or self.arrival.person in self.house.coordinators

    async def say(self, message: Message, answers: int = 0) -> int:
        """Sends a new message to the chat, as a reply to `answers` if given; its id."""
        return await self.house.api.send(self.arrival.chat, directed_message(message, self.language), answers)

    async def show(self, message: Message) -> None:
        """Shows the message in place of the one that was pressed, else as a new one."""
        if self.arrival.kind == "press" and self.arrival.message_id:
            directed = directed_message(message, self.language)
            await self.house.api.edit(self.arrival.chat, self.arrival.message_id, directed)
        else:
            await self.say(message)

    async def put_buttons(self, message_id: int, rows: Sequence[Row]) -> None:
        """Puts other buttons under a message that was sent."""
        await self.house.api.edit_buttons(self.arrival.chat, message_id, directed_rows(rows, self.language))


def begin(
    house: House, arrival: Arrival, chosen: str | None, role: str | None = None, place: int | None = None
) -> Talk:
    """A turn, begun once for each update however often it is tried: messages are counted here, presses are not.

    Its language is that for a command or a press; a question may say otherwise.
    """
    excess = arrival.kind not in {"press", "inline", "news"} and house.flood.too_many(arrival.person, arrival.at)
    language = reply_language(chosen, arrival.code, house.default_language)
    return Talk(house, arrival, chosen, language, excess, role, place)
