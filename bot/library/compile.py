"""Writes knowledge into one read-only SQLite file, with the search index in it.

The tables are made for reading by people too: `sqlite-utils` and Datasette show them, with links between them and a
full-text search over texts and contacts.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.domain.knowledge import Contact, Entry, Knowledge, Source
from bot.library.load import FORMAT, program
from bot.search.build import build
from bot.search.index import Index, dump

if TYPE_CHECKING:
    from sqlite_utils import Database

Row = dict[str, Any]
SOURCE = {"title": str, "url": str, "date": str, "accessed": str, "licence": str}

# Each table: its columns, its primary key, and its links as (column, table, column there).
TABLES: dict[str, tuple[dict[str, type], str | None, list[tuple[str, str, str]]]] = {
    "topics": ({"id": str, "parent": str, "names": str}, "id", [("parent", "topics", "id")]),
    "contacts": (
        {
            "id": str, "name": str, "kind": str, "area": str, "languages": str, "phone": str, "email": str,
            "website": str, "street": str, "postcode": str, "city": str, "latitude": float, "longitude": float,
            "hours": str, "by_appointment": int, "confidential_address": int, "status": str, "reviewed_on": str,
            "notes": str,
        },
        "id",
        [],
    ),
    "entries": (
        {
            "id": str, "kind": str, "audience": str, "municipalities": str, "area": str, "reviewed_on": str,
            "reviewed_by": str, "valid_until": str, "urgent": int,
        },
        "id",
        [],
    ),
    "texts": (
        {
            "id": int, "entry": str, "language": str, "title": str, "body": str, "say": str, "say_meaning": str,
            "source_hash": str, "reviewed_by": str,
        },
        "id",
        [("entry", "entries", "id")],
    ),
    "phrases": ({"text": int, "kind": str, "phrase": str}, None, [("text", "texts", "id")]),
    "sources": (
        {"entry": str, "contact": str, **SOURCE}, None, [("entry", "entries", "id"), ("contact", "contacts", "id")],
    ),
    "entry_topics": ({"entry": str, "topic": str}, None, [("entry", "entries", "id"), ("topic", "topics", "id")]),
    "entry_contacts": (
        {"entry": str, "contact": str}, None, [("entry", "entries", "id"), ("contact", "contacts", "id")],
    ),
    "contact_topics": (
        {"contact": str, "topic": str}, None, [("contact", "contacts", "id"), ("topic", "topics", "id")],
    ),
    "glossary": ({"term": str, "language": str, "word": str}, None, []),
    "operator": (
        {
            "controller": str, "address": str, "data_protection_officer": str, "supervisory_authority": str,
            "imprint": str,
        },
        None,
        [],
    ),
    "search": ({"name": str, "content": bytes}, "name", []),
    "meta": ({"name": str, "value": str}, "name", []),
}  # fmt: skip


def compile_library(knowledge: Knowledge, target: Path, digest: str = "", index: Index | None = None) -> None:
    """Writes the file and puts it in place in one step: whoever has the old one open goes on reading it.

    The folder of `target` must exist; `digest` names the state of the sources; `index` is the index of just this
    knowledge, where it has been built already. When anything fails, the old file stays as it was.

    Raises:
        OSError, sqlite3.Error: the file cannot be written.
    """
    # Takes 0.2 s, which a start with a compiled library must not pay.
    from sqlite_utils import Database  # noqa: PLC0415

    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f"{target.stem}.", suffix=".part")
    os.close(descriptor)
    part = Path(name)
    try:
        database = Database(part, execute_plugins=False)
        try:
            _write(database, knowledge, digest, build(knowledge) if index is None else index)
        finally:
            database.close()
        part.chmod(0o444)
        _to_disk(part)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _to_disk(target.parent)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(database: Database, knowledge: Knowledge, digest: str, index: Index) -> None:
    # Nobody sees the file before it is whole, so it needs no journal beside it.
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    for name, (columns, key, links) in TABLES.items():
        database.table(name).create(columns, pk=key, foreign_keys=links)
    for name, rows in _rows(knowledge, digest, index).items():
        database.table(name).insert_all(rows)
    database.table("texts").enable_fts(["title", "body", "say"], tokenize="unicode61 remove_diacritics 2")
    database.table("contacts").enable_fts(["name", "kind", "city", "notes"], tokenize="unicode61 remove_diacritics 2")
    for column in ("text", "kind"):
        database.table("phrases").create_index([column])


def _rows(knowledge: Knowledge, digest: str, index: Index) -> dict[str, Iterable[Row]]:
    entries, contacts = knowledge.entries.values(), knowledge.contacts.values()
    texts, phrases = _texts(entries)
    meta = {"format": str(FORMAT), "program": program(), "digest": digest}
    return {
        "topics": (
            {"id": topic.id, "parent": topic.parent or None, "names": _json(topic.names)}
            for topic in knowledge.topics.values()
        ),
        "contacts": (_contact(contact) for contact in contacts),
        "entries": (_entry(entry) for entry in entries),
        "texts": texts,
        "phrases": phrases,
        "sources": [*_sources("entry", entries), *_sources("contact", contacts)],
        "entry_topics": ({"entry": entry.id, "topic": topic} for entry in entries for topic in entry.topics),
        "entry_contacts": ({"entry": entry.id, "contact": name} for entry in entries for name in entry.contacts),
        "contact_topics": ({"contact": each.id, "topic": topic} for each in contacts for topic in each.topics),
        "glossary": (
            {"term": term, "language": language, "word": word}
            for term, by_language in knowledge.glossary.items()
            for language, words in by_language.items()
            for word in words
        ),
        "operator": [asdict(knowledge.operator)] if knowledge.operator else [],
        "search": ({"name": name, "content": content} for name, content in dump(index).items()),
        "meta": ({"name": name, "value": value} for name, value in meta.items()),
    }


def _entry(entry: Entry) -> Row:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "audience": _json(entry.audience),
        "municipalities": _json(entry.municipalities),
        "area": _json(entry.area),
        "reviewed_on": entry.reviewed_on and entry.reviewed_on.isoformat(),
        "reviewed_by": entry.reviewed_by,
        "valid_until": entry.valid_until and entry.valid_until.isoformat(),
        "urgent": int(entry.urgent),
    }


def _texts(entries: Iterable[Entry]) -> tuple[list[Row], list[Row]]:
    texts: list[Row] = []
    phrases: list[Row] = []
    for entry in entries:
        for text in entry.texts.values():
            row = asdict(text)
            by_kind = {"title": [text.title], "question": row.pop("questions"), "keyword": row.pop("keywords")}
            texts.append({"id": len(texts) + 1, "entry": entry.id, **row})
            phrases.extend(
                {"text": len(texts), "kind": kind, "phrase": phrase}
                for kind, found in by_kind.items()
                for phrase in found
            )
    return texts, phrases


def _contact(contact: Contact) -> Row:
    same = ("id", "name", "kind", "phone", "email", "website", "hours", "status")
    address, location = contact.address, contact.location
    return {
        **{name: getattr(contact, name) for name in same},
        "area": _json(contact.area),
        "languages": _json(contact.languages),
        # A contact without an address has no street, which is not the same as an empty one.
        "street": address and address.street,
        "postcode": address and address.postcode,
        "city": address and address.city,
        "latitude": location and location[0],
        "longitude": location and location[1],
        "by_appointment": int(contact.by_appointment),
        "confidential_address": int(contact.confidential_address),
        "reviewed_on": contact.reviewed_on and contact.reviewed_on.isoformat(),
        "notes": _json(contact.notes),
    }


def _sources(column: str, owners: Iterable[Entry] | Iterable[Contact]) -> Iterator[Row]:
    for owner in owners:
        for source in owner.sources:
            yield {"entry": None, "contact": None, column: owner.id, **_source(source)}


def _source(source: Source) -> Row:
    return {name: getattr(source, name) for name in SOURCE}


def _json(value: Iterable[str] | Mapping[str, str]) -> str:
    return json.dumps(value, ensure_ascii=False)
