"""The records of the knowledge base: what an answer, a practice, a contact point and a topic are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeVar

from bot.domain.languages import content_order

# Types of municipality, as programme files and practices name them.
MUNICIPALITIES = ("landkreis", "kreisfreie-stadt", "kreisangehoerig")
Version = TypeVar("Version")
Kind = Literal["answer", "practice", "contact", "session", "action"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from.

    `date` and `accessed` are ISO dates that may be shortened to a month or a year ("2026-08-19", "2023-11",
    "2021"); an empty `date` means that the source carries none.
    """

    title: str
    url: str = ""
    date: str = ""
    accessed: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """One language of an entry; `body` is Markdown, `say` a German sentence to show at a counter."""

    language: str
    title: str
    body: str
    questions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    say: str = ""
    say_meaning: str = ""
    source_hash: str = ""
    reviewed_by: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer, a practice or an action, in all its languages.

    `reviewed_on` is set only when a person has checked the entry against the world; past `valid_until` the entry
    is shown as expired. `municipalities` are the types that a practice is for. `urgent` marks help in danger.
    Language codes are the outside ones ("de-simple", "fa").
    """

    id: str
    kind: Kind
    texts: Mapping[str, Text]
    topics: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    reviewed_on: date | None = None
    reviewed_by: str = ""
    valid_until: date | None = None
    urgent: bool = False
    municipalities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; the postcode is text, it may start with a zero."""

    street: str = ""
    postcode: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """An office, advice centre, network or help line.

    `phone` is grouped as the office writes it, `hours` an OpenStreetMap opening_hours expression, `notes` says by
    language what the contact is for. The address of a contact with `confidential_address` is never shown.
    """

    id: str
    name: str
    kind: str = ""
    topics: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    phone: str = ""
    email: str = ""
    website: str = ""
    address: Address | None = None
    location: tuple[float, float] | None = None
    hours: str = ""
    by_appointment: bool = False
    confidential_address: bool = False
    status: Literal["verified", "partly"] = "partly"
    sources: tuple[Source, ...] = ()
    reviewed_on: date | None = None
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Topic:
    """A shelf that entries stand on; `parent` is the id of the shelf above, or empty."""

    id: str
    names: Mapping[str, str]
    parent: str = ""

    def named(self, language: str) -> str:
        """Its name for readers of a language; its id where it has none that they could read."""
        return in_language(self.names, language) or self.id


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs this Lotse, from operator.toml: what data protection law wants named."""

    controller: str = ""
    address: str = ""
    data_protection_officer: str = ""
    supervisory_authority: str = ""
    imprint: str = ""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything in a knowledge folder.

    `entries` holds answers, practices and actions by id, in file order; `glossary` maps a term's id to its words by
    language.
    """

    entries: Mapping[str, Entry]
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    topics: Mapping[str, Topic] = field(default_factory=dict)
    glossary: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    operator: Operator | None = None


def in_language(versions: Mapping[str, Version], language: str) -> Version | None:
    """The version for a reader of this language: the language itself, then German, then English, then any."""
    for code in (*content_order(language), *versions):
        if code in versions:
            return versions[code]
    return None


def newest_date(sources: Sequence[Source]) -> str:
    """The date of the newest source, as exact as it is given; empty when none has one."""
    return max((source.date for source in sources), default="")
