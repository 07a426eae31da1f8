"""Answers, practices and actions: a folder each, with the texts and what they have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from bot.domain.knowledge import MUNICIPALITIES, Entry, Kind, Source, Text
from bot.library.document import Document
from bot.library.files import SHELVES
from bot.library.pages import read_page
from bot.library.table import ID, LANGUAGE, Table, nearest

LANGUAGES = ("de", "de-simple", "en", "uk", "ru", "ar", "tr", "fa", "fr", "ro", "pl", "es")
AUDIENCES = ("staff", "migrants")


@dataclass(frozen=True, slots=True)
class Known:
    """The ids that an entry may name, contacts with errors in their files included.

    `topics` is None when their file could not be read: then any may be named, for one error is enough.
    """

    topics: tuple[str, ...] | None
    contacts: tuple[str, ...]


def read_entry(place: Document, files: Mapping[str, Document], known: Known) -> Entry | None:
    """The entry in one folder; None without a usable text. `files` are the folder's documents by name."""
    shelf, entry_id = place.path.split("/")
    check_id(place, entry_id)
    sheet = files.get("entry.toml")
    values = (sheet.toml() if sheet else None) or {}
    table = Table(values, sheet or place)
    kind = cast("Kind", SHELVES[shelf])
    texts = _texts(files, body_required=kind != "action")
    if not any(name.endswith(".md") for name in files):
        place.error('a text is missing: at least one file such as "de.md"')
    entry = Entry(
        id=entry_id,
        kind=kind,
        texts=texts,
        topics=table.choices("topics", known.topics),
        audience=table.choices("audience", AUDIENCES),
        municipalities=table.choices("for", MUNICIPALITIES),
        area=table.texts("area"),
        contacts=table.choices("contacts", known.contacts),
        sources=read_sources(table),
        reviewed_on=table.day("reviewed_on"),
        reviewed_by=table.text("reviewed_by"),
        valid_until=table.day("valid_until"),
        urgent=table.flag("urgent"),
    )
    table.finish()
    return entry if texts else None


def check_id(place: Document, name: str) -> None:
    """Ids stand in buttons and links: small letters, digits and hyphens, 40 at most."""
    if not ID.fullmatch(name):
        place.error(f'the id "{name}" must be made of a-z, 0-9 and -, at most 40 characters', line=1)


def read_sources(table: Table) -> tuple[Source, ...]:
    """The sources of an entry or contact; each needs a title."""
    sources = []
    for each in table.tables("sources"):
        source = Source(
            title=each.text("title", required=True),
            url=each.text("url"),
            date=each.period("date"),
            accessed=each.period("accessed"),
            licence=each.text("licence"),
        )
        each.finish()
        sources.append(source)
    return tuple(sources)


def _texts(files: Mapping[str, Document], *, body_required: bool) -> dict[str, Text]:
    texts = {}
    for name, document in files.items():
        if name == "entry.toml":
            continue
        language = name.removesuffix(".md")
        if language == name:
            document.misplaced('only "entry.toml" and files such as "de.md" do')
        elif not LANGUAGE.fullmatch(language):
            document.error(f'"{language}" is not a language code; {nearest(language, LANGUAGES)}', line=1)
        elif text := read_page(document, language, body_required=body_required):
            texts[language] = text
    return texts
