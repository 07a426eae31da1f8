"""Reads a compiled library back into the records that it was made from."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from bot.domain.knowledge import Address, Contact, Entry, Knowledge, Operator, Source, Text, Topic
from bot.library.places import Gazetteer
from bot.library.shipped import PACKAGE
from bot.search.index import Index, restore
from bot.version import __version__

FORMAT = 2  # of the tables; raise it with every change to them
SOURCE_COLUMNS = "title, url, date, accessed, licence"


@dataclass(frozen=True, slots=True)
class Library:
    """Knowledge ready for use, with the gazetteer; `digest` names the state of the folder that it was made from."""

    knowledge: Knowledge
    index: Index
    digest: str
    places: Gazetteer | None = None


class UnusableLibrary(Exception):  # noqa: N818 - it is no error of the program, only a file to be made anew
    """The file is missing, damaged, or was written by another version of the program."""


@cache
def program() -> str:
    """The program's version and a digest of the code that libraries depend on.

    With the version alone, a change to the search would go on using indexes of the search before it.
    """
    code = hashlib.sha256()
    for part in ("domain", "library", "search"):
        for path in sorted((PACKAGE / part).iterdir()):
            if path.is_file():
                code.update(path.read_bytes())
    return f"{__version__}+{code.hexdigest()[:12]}"


def load(path: Path) -> Library:
    """The library in a compiled file, which nobody may change while it is read (it is only ever replaced).

    Raises:
        UnusableLibrary: the file is missing, damaged, or of another format.
    """
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as file:
            meta = dict(file.execute("SELECT name, value FROM meta"))
            if meta.get("format") != str(FORMAT):
                raise UnusableLibrary(f"{path} was written by another version")
            knowledge = _knowledge(file)
            parts = dict(file.execute("SELECT name, content FROM search"))
    except sqlite3.Error as error:
        raise UnusableLibrary(f"{path} cannot be read: {error}") from error
    return Library(knowledge, _index(knowledge, parts, meta["program"]), meta["digest"])


def _index(knowledge: Knowledge, parts: dict[str, bytes], written_by: str) -> Index:
    if written_by == program():
        return restore(parts)
    # The last good library of a folder that had errors while the program was renewed: its texts still hold.
    from bot.search.build import build  # noqa: PLC0415 - needed so rarely that no start should wait for it

    return build(knowledge)


def _knowledge(file: sqlite3.Connection) -> Knowledge:
    glossary: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for term, language, word in file.execute("SELECT term, language, word FROM glossary ORDER BY rowid"):
        glossary[term][language].append(word)
    operator = file.execute(
        "SELECT controller, address, data_protection_officer, supervisory_authority, imprint FROM operator"
    ).fetchone()
    return Knowledge(
        entries={entry.id: entry for entry in _entries(file)},
        contacts={contact.id: contact for contact in _contacts(file)},
        topics={
            topic_id: Topic(topic_id, json.loads(names), parent or "")
            for topic_id, names, parent in file.execute("SELECT id, names, parent FROM topics ORDER BY rowid")
        },
        glossary={term: {code: tuple(words) for code, words in each.items()} for term, each in glossary.items()},
        operator=Operator(*operator) if operator else None,
    )


def _entries(file: sqlite3.Connection) -> Iterator[Entry]:
    texts = _texts(file)
    topics = _lists(file, "SELECT entry, topic FROM entry_topics ORDER BY rowid")
    contacts = _lists(file, "SELECT entry, contact FROM entry_contacts ORDER BY rowid")
    sources = _sources(file, "entry")
    rows = file.execute(
        "SELECT id, kind, audience, municipalities, area, reviewed_on, reviewed_by, valid_until, urgent "
        "FROM entries ORDER BY rowid"
    )
    for entry_id, kind, audience, municipalities, area, reviewed_on, reviewed_by, valid_until, urgent in rows:
        yield Entry(
            id=entry_id,
            kind=kind,
            texts=texts[entry_id],
            topics=tuple(topics[entry_id]),
            audience=_tuple(audience),
            municipalities=_tuple(municipalities),
            area=_tuple(area),
            contacts=tuple(contacts[entry_id]),
            sources=tuple(sources[entry_id]),
            reviewed_on=_day(reviewed_on),
            reviewed_by=reviewed_by,
            valid_until=_day(valid_until),
            urgent=bool(urgent),
        )


def _texts(file: sqlite3.Connection) -> dict[str, dict[str, Text]]:
    questions = _lists(file, "SELECT text, phrase FROM phrases WHERE kind = 'question' ORDER BY rowid")
    keywords = _lists(file, "SELECT text, phrase FROM phrases WHERE kind = 'keyword' ORDER BY rowid")
    texts: dict[str, dict[str, Text]] = defaultdict(dict)
    rows = file.execute(
        "SELECT id, entry, language, title, body, say, say_meaning, source_hash, reviewed_by FROM texts ORDER BY id"
    )
    for number, entry, language, title, body, *rest in rows:
        asked, words = tuple(questions[number]), tuple(keywords[number])
        texts[entry][language] = Text(language, title, body, asked, words, *rest)
    return texts


def _contacts(file: sqlite3.Connection) -> Iterator[Contact]:
    topics = _lists(file, "SELECT contact, topic FROM contact_topics ORDER BY rowid")
    sources = _sources(file, "contact")
    file.row_factory = sqlite3.Row
    rows = file.execute("SELECT * FROM contacts ORDER BY rowid").fetchall()
    file.row_factory = None
    for row in rows:
        yield Contact(
            id=row["id"],
            name=row["name"],
            kind=row["kind"],
            topics=tuple(topics[row["id"]]),
            area=_tuple(row["area"]),
            languages=_tuple(row["languages"]),
            phone=row["phone"],
            email=row["email"],
            website=row["website"],
            address=None if row["street"] is None else Address(row["street"], row["postcode"], row["city"]),
            location=None if row["latitude"] is None else (row["latitude"], row["longitude"]),
            hours=row["hours"],
            by_appointment=bool(row["by_appointment"]),
            confidential_address=bool(row["confidential_address"]),
            status=row["status"],
            sources=tuple(sources[row["id"]]),
            reviewed_on=_day(row["reviewed_on"]),
            notes=json.loads(row["notes"]),
        )


def _sources(file: sqlite3.Connection, owner: str) -> dict[str, list[Source]]:
    sources: dict[str, list[Source]] = defaultdict(list)
    query = f"SELECT {owner}, {SOURCE_COLUMNS} FROM sources WHERE {owner} IS NOT NULL ORDER BY rowid"  # noqa: S608
    for name, *rest in file.execute(query):
        sources[name].append(Source(*rest))
    return sources


def _lists(file: sqlite3.Connection, query: str) -> dict[Any, list[str]]:
    lists: dict[Any, list[str]] = defaultdict(list)
    for name, value in file.execute(query):
        lists[name].append(value)
    return lists


def _tuple(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
