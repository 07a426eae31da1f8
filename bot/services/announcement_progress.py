"""How far announcements are, in numbers that add up, and whose message about it is to be written again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import text

from bot.domain.instants import SECOND
from bot.domain.languages import reply_language
from bot.store.tx import Tx

Part = Literal["waiting", "sent", "blocked", "failed", "unconfirmed", "dropped"]
SUMMARY = "summary"  # of the notice that tells the author how it ended
AGAIN = 5 * SECOND  # so often the message about it is written again, at most

_COUNTS = text("""
    SELECT people.language, people.code, chats.language AS posted, outbox.person < 0 AS chat, outbox.state,
        COUNT(*) AS many
    FROM outbox LEFT JOIN people ON people.id = outbox.person LEFT JOIN chats ON chats.id = outbox.person
    WHERE outbox.announcement = :id AND outbox.kind = 'announcement'
    GROUP BY people.language, people.code, chats.language, outbox.person < 0, outbox.state
""")
_SHOW = text("UPDATE announcements SET progress = :message, told = :now WHERE id = :id")
_TO_TELL = text("""
    SELECT id, author, progress, told FROM announcements
    WHERE progress IS NOT NULL AND author IS NOT NULL AND due <= :now AND told <= :before
    ORDER BY told, id
""")
_TELL = text("""
    UPDATE announcements SET told = :now, progress = CASE WHEN ended IS NULL THEN progress END
    WHERE id = :id AND told = :told AND progress = :progress RETURNING id
""")


@dataclass(frozen=True, slots=True)
class Progress:
    """What became of an announcement's messages: how many of each part, by the language that is read.

    What waits includes what is on its way. Groups and channels are among them, `chats` says how many. The rows of
    people who were erased are gone.
    """

    languages: dict[str, dict[str, int]] = field(default_factory=dict)
    chats: int = 0

    @property
    def people(self) -> int:
        """All of them; the parts add up to it."""
        return sum(self.people_by_language().values())

    def total(self, part: Part) -> int:
        """How many of one part."""
        return sum(counts.get(part, 0) for counts in self.languages.values())

    def people_by_language(self) -> Mapping[str, int]:
        """How many there are of each language."""
        return {code: sum(counts.values()) for code, counts in self.languages.items()}


@dataclass(frozen=True, slots=True)
class Shown:
    """A message that shows how far an announcement is: in whose chat, and its id there."""

    announcement: int
    author: int
    message: int


def progress(tx: Tx, id_: int, default_language: str) -> Progress:
    """What became of an announcement's messages so far."""
    languages: dict[str, Counter[str]] = defaultdict(Counter)
    posts = 0
    for row in tx.execute(_COUNTS, {"id": id_}):
        language = row.posted or reply_language(row.language, row.code, default_language)
        part = "waiting" if row.state in {"claimed", "sending"} else row.state
        languages[language][part] += row.many
        posts += row.many if row.chat else 0
    return Progress({code: dict(counts) for code, counts in sorted(languages.items())}, posts)


def show_progress(tx: Tx, id_: int, message: int, now: int) -> None:
    """Notes which message in the author's chat shows how far an announcement is; `now` in UTC microseconds."""
    tx.execute(_SHOW, {"id": id_, "message": message, "now": now})


def is_to_tell(tx: Tx, now: int) -> bool:
    """Whether `due_to_tell` has something; a read, and cheap."""
    return bool(tx.execute(_TO_TELL, {"now": now, "before": now - AGAIN}))


def due_to_tell(tx: Tx, now: int) -> list[Shown]:
    """The messages that are to be written again now, each given to one caller only.

    While an announcement runs that is every five seconds at most, and once more when it has ended. `now` in UTC
    microseconds.
    """
    return [
        Shown(row.id, row.author, row.progress)
        for row in tx.execute(_TO_TELL, {"now": now, "before": now - AGAIN})
        if tx.execute(_TELL, {"id": row.id, "told": row.told, "progress": row.progress, "now": now})
    ]
