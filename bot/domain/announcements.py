"""What coordinators announce: its words in several languages, to whom it goes, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from bot.domain.knowledge import Topic
from bot.domain.languages import content_order
from bot.domain.newsletter import upwards

Reason = Literal["new", "soon", "moved", "cancelled"]
AnnouncementState = Literal["queueing", "sending", "finished", "cancelled"]


@dataclass(frozen=True, slots=True)
class Wording:
    """An announcement in one language: `html` as Telegram understands it, `alt` says what the picture shows."""

    html: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What is announced.

    `texts` by language code; who has no version of their own gets German, then English, then any, and is told so.
    `photo` or `document` is a file's id at the Bot API; at most one of them is set. `card` is session:<id>,
    series:<id> or practice:<entry>, shown below the text, or empty. `reason` is why Lotse announces the card by itself.
    """

    texts: Mapping[str, Wording]
    photo: str = ""
    document: str = ""
    card: str = ""
    reason: Reason | Literal[""] = ""

    def wording(self, language: str) -> tuple[str, Wording | None]:
        """The version for a reader of this language, with its own language; no version where there are only cards."""
        for code in (*content_order(language), *self.texts):
            if code in self.texts:
                return code, self.texts[code]
        return language, None


@dataclass(frozen=True, slots=True)
class Audience:
    """To whom an announcement goes.

    `source` is where the people come from: newsletter (all who have it on), coordinators, session:<id> or
    series:<id> (who is registered there). The others narrow that down, each empty for everybody: `role` staff or
    coordinator, `topic` an id that the newsletter was chosen for (who chose none gets all, and so does who chose one of
    `also`, the topics above it and others that it is about), `language` that of the reader, `type` of the municipality,
    `rhythm` at-once leaves out those who want a digest only. `without` session:<id> leaves out whoever is or was
    registered there: they hear of it in their own way, or have left. `chats` are linked groups and channels besides.
    """

    source: str = "newsletter"
    role: str = ""
    topic: str = ""
    language: str = ""
    type: str = ""
    rhythm: str = ""
    without: str = ""
    chats: tuple[int, ...] = ()
    also: tuple[str, ...] = ()

    def of_topics(self, named: Collection[str], topics: Mapping[str, Topic]) -> Audience:
        """The same, but only those who chose one of these topics or one above them, or none.

        Where none of them exists it is narrowed down by no topic.
        """
        about = upwards(topics, named)
        topic = min(about.intersection(named), default="")
        return replace(self, topic=topic, also=tuple(sorted(about - {topic})))


@dataclass(frozen=True, slots=True)
class Announcement:
    """One announcement that was confirmed, or that Lotse has made by itself (then without an author).

    `due` in UTC microseconds. `version` grows when it is corrected, `round` when failed ones are sent again.
    """

    id: int
    author: int | None
    state: AnnouncementState
    content: Content
    audience: Audience
    due: int
    version: int = 1
    round: int = 1


@dataclass(frozen=True, slots=True)
class Reach:
    """How many an announcement would reach, by the language they read; `blocked` of them have blocked the bot."""

    languages: Mapping[str, int] = field(default_factory=dict)
    blocked: int = 0

    @property
    def people(self) -> int:
        """All of them."""
        return sum(self.languages.values())


def as_json(content: Content) -> dict[str, Any]:
    """Content as it is kept."""
    texts = {code: [wording.html, wording.alt] for code, wording in content.texts.items()}
    rest = {name: getattr(content, name) for name in ("photo", "document", "card", "reason")}
    return {"texts": texts, **rest}


def content_of(kept: Mapping[str, Any]) -> Content:
    """Content from what was kept."""
    texts = {code: Wording(*wording) for code, wording in kept["texts"].items()}
    return Content(texts, *(kept.get(name, "") for name in ("photo", "document", "card", "reason")))


def audience_of(kept: Mapping[str, Any]) -> Audience:
    """An audience from what was kept, which is `dataclasses.asdict` of it, perhaps of a time with fewer fields."""
    return Audience(**{**kept, "chats": tuple(kept.get("chats", ())), "also": tuple(kept.get("also", ()))})
