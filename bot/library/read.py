"""Reads a knowledge folder into records, and says everything that is wrong with it at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.knowledge import Contact, Entry, Knowledge
from bot.library.contacts import read_contact
from bot.library.document import Document
from bot.library.entries import Known, read_entry
from bot.library.files import SHELVES, File, collect
from bot.library.problems import Problem
from bot.library.shelves import read_glossary, read_operator, read_topics
from bot.library.table import nearest

SINGLE_FILES = ("topics.toml", "glossary.toml", "operator.toml")


@dataclass(slots=True)
class Reading:
    """A folder as it was read: the records, what is wrong, and the documents for saying where.

    `folder` is a document that stands for the whole folder.
    """

    knowledge: Knowledge
    problems: list[Problem]
    documents: Mapping[str, Document]
    folder: Document


@dataclass(slots=True)
class _Sorted:
    """The documents of a folder, put where the format wants them."""

    single: dict[str, Document] = field(default_factory=dict)
    contacts: dict[str, Document] = field(default_factory=dict)
    folders: dict[str, Document] = field(default_factory=dict)
    pages: dict[str, dict[str, Document]] = field(default_factory=lambda: defaultdict(dict))


def read(folder: Path) -> tuple[Knowledge, list[Problem]]:
    """The records of a folder and every error in its files, sorted; what has an error may be missing.

    Nothing that an author can write raises an exception.

    Raises:
        MissingKnowledge: there is no such folder.
    """
    reading = examine(collect(folder))
    return reading.knowledge, sorted(reading.problems)


def examine(files: tuple[File, ...]) -> Reading:
    """The same for a folder already taken into memory."""
    problems: list[Problem] = []
    documents: dict[str, Document] = {}
    places = _Sorted()
    for file in files:
        document = Document(File(file.path.rstrip("/"), file.content, file.trouble), problems)
        documents[document.path] = document
        _sort(file.path, document, places)
    topics = read_topics(places.single["topics.toml"]) if "topics.toml" in places.single else {}
    known = Known(None if topics is None else tuple(topics), tuple(places.contacts))
    contacts = _contacts(places, known)
    entries = _entries(places, known)
    glossary = places.single.get("glossary.toml")
    operator = places.single.get("operator.toml")
    knowledge = Knowledge(
        entries=entries,
        contacts=contacts,
        topics=topics or {},
        glossary=read_glossary(glossary) if glossary else {},
        operator=read_operator(operator) if operator else None,
    )
    return Reading(knowledge, problems, documents, folder=Document(File("."), problems))


def _sort(path: str, document: Document, places: _Sorted) -> None:
    match path.split("/"):
        case [("answers" | "practices" | "actions" | "contacts"), ""]:
            pass
        case [name] if name in SINGLE_FILES:
            places.single[name] = document
        case ["contacts", name] if name.endswith(".toml"):
            places.contacts[name.removesuffix(".toml")] = document
        case [shelf, _, ""] if shelf in SHELVES:
            places.folders[document.path] = document
        case [shelf, entry_id, name] if shelf in SHELVES:
            places.pages[f"{shelf}/{entry_id}"][name] = document
        case _:
            document.misplaced(_home(path))


def _home(path: str) -> str:
    match path.split("/"):
        case ["contacts", name, *_]:
            return f"contacts are files such as contacts/{name.split('.')[0]}.toml"
        case [shelf, name] if name:
            return f"every entry has a folder such as {shelf}/{name.split('.')[0]}/"
        case [_, _, name, ""]:
            return f'files such as "de.md" do, folders such as "{name}" do not'
        case _:
            return nearest(path.rstrip("/"), (*SHELVES, "contacts", "places", *SINGLE_FILES))


def _contacts(places: _Sorted, known: Known) -> dict[str, Contact]:
    read_ones = ((name, read_contact(document, known.topics)) for name, document in places.contacts.items())
    return {name: contact for name, contact in read_ones if contact}


def _entries(places: _Sorted, known: Known) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    first_place: dict[str, str] = {}
    for shelf in SHELVES:
        for path, folder in places.folders.items():
            if not path.startswith(f"{shelf}/"):
                continue
            entry = read_entry(folder, places.pages[path], known)
            entry_id = path.removeprefix(f"{shelf}/")
            if entry_id in first_place:
                folder.error(f'the id "{entry_id}" is already that of {first_place[entry_id]}', line=1)
            elif entry:
                entries[entry_id] = entry
            first_place.setdefault(entry_id, path)
    return entries
