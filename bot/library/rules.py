"""The rules for knowledge beyond its form: what would mislead, endanger or be undeliverable is an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import opening_hours

from bot.domain.knowledge import Contact, Entry, Source, Text
from bot.library.document import Document
from bot.library.files import SHELVES
from bot.library.pages import body_line
from bot.library.problems import quoted
from bot.library.read import Reading

LONGEST_TITLE = 40  # a button that carries a title may be that long

PHONE = re.compile(r"(?=.*[0-9])[0-9 +\-/()]+")
EMAIL = re.compile(r"[^\s@<>\"(),;:]+@[^\s@<>\"(),;:.]+(\.[^\s@<>\"(),;:.]+)+")
# Controls, line separators, marks of direction, byte order mark and other invisible characters that change what is
# read or found. The joiners U+200C and U+200D stay: Persian and Arabic words need them.
INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
LINE_BREAK = re.compile(r"[\n\t]")


def apply_rules(reading: Reading) -> None:
    """Adds every broken rule to the problems of the reading."""
    knowledge = reading.knowledge
    if not knowledge.entries and not knowledge.contacts and not reading.problems:
        reading.folder.error("nothing to answer from: there is no entry and no contact", line=1)
    for entry in knowledge.entries.values():
        _entry(reading, entry)
    for contact in knowledge.contacts.values():
        _contact(reading.documents[f"contacts/{contact.id}.toml"], contact)
    _topics(reading)


def place_of(entry: Entry) -> str:
    """The folder of an entry inside the knowledge folder."""
    return next(f"{shelf}/{entry.id}" for shelf, kind in SHELVES.items() if kind == entry.kind)


def _entry(reading: Reading, entry: Entry) -> None:
    folder = place_of(entry)
    for text in entry.texts.values():
        _text(reading.documents[f"{folder}/{text.language}.md"], text)
    sheet = reading.documents.get(f"{folder}/entry.toml")
    if sheet is None:
        return
    _sources(sheet, entry.sources)
    _lines(sheet, "reviewed_by", entry.reviewed_by)
    for name in entry.area:
        _lines(sheet, "area", name)
    if entry.urgent:
        _urgent(reading, sheet, entry)


def _urgent(reading: Reading, sheet: Document, entry: Entry) -> None:
    for name in entry.contacts:
        contact = reading.knowledge.contacts.get(name)
        if contact is None:
            continue  # its own file has an error, which is reported there
        if contact.status != "verified":
            sheet.error(f'help in danger needs a contact with status "verified", "{name}" has not', "contacts", name)
        if not contact.phone:
            sheet.error(f'help in danger needs a contact with a phone number, "{name}" has none', "contacts", name)


def _text(document: Document, text: Text) -> None:
    for key in ("title", "say", "say_meaning", "source_hash", "reviewed_by"):
        _lines(document, key, getattr(text, key))
    for key in ("questions", "keywords"):
        for value in getattr(text, key):
            _lines(document, key, value)
    for found in INVISIBLE.finditer(text.body):
        document.error(f"an invisible character, {_code(found[0])}", line=body_line(document, found.start()))


def _lines(document: Document, key: str, value: str) -> None:
    """A text for one line of a message: nothing invisible, no line break."""
    if found := INVISIBLE.search(value):
        document.error(f'an invisible character in "{key}", {_code(found[0])}', key, value)
    elif LINE_BREAK.search(value):
        document.error(f'"{key}" must be one line', key)


def _code(character: str) -> str:
    return f"U+{ord(character):04X}"


def _sources(document: Document, sources: tuple[Source, ...]) -> None:
    for source in sources:
        if source.url:
            _url(document, source.url, "sources", source.title, "url")
        _lines(document, "title", source.title)
        _lines(document, "licence", source.licence)


def _url(document: Document, url: str, *words: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"[\s<>\"]", url)
        _ = parts.port  # raises ValueError where it is no port
    except ValueError:
        usable = False
    if not usable:
        document.error(f"not a web address that begins with http:// or https://: {quoted(url)}", *words)


def _contact(document: Document, contact: Contact) -> None:
    if contact.phone and not PHONE.fullmatch(contact.phone):
        document.error(f"a phone number is made of digits, spaces, +, -, / and (): {quoted(contact.phone)}", "phone")
    if contact.email and not EMAIL.fullmatch(contact.email):
        document.error(f"not an e-mail address: {quoted(contact.email)}", "email")
    if contact.website:
        _url(document, contact.website, "website")
    if contact.hours and not opening_hours.validate(contact.hours):
        document.error(f"not an OpenStreetMap opening_hours expression: {quoted(contact.hours)}", "hours")
    if contact.location and not (-90 <= contact.location[0] <= 90 and -180 <= contact.location[1] <= 180):  # noqa: PLR2004 - degrees
        document.error("latitude must be from -90 to 90, longitude from -180 to 180", "location")
    if contact.confidential_address:
        for key in ("address", "location"):
            if getattr(contact, key) is not None:
                document.error(f'a confidential address must not be in the file: remove "{key}"', key)
    _sources(document, contact.sources)
    _contact_lines(document, contact)


def _contact_lines(document: Document, contact: Contact) -> None:
    for key in ("name", "kind"):
        _lines(document, key, getattr(contact, key))
    for key in ("street", "postcode", "city") if contact.address else ():
        _lines(document, key, getattr(contact.address, key))
    for name in contact.area:
        _lines(document, "area", name)
    for note in contact.notes.values():
        if found := INVISIBLE.search(note):
            document.error(f'an invisible character in "notes", {_code(found[0])}', "notes", note)


def _topics(reading: Reading) -> None:
    topics = reading.knowledge.topics
    document = reading.documents.get("topics.toml")
    if document is None:
        return
    for topic in topics.values():
        for language, name in topic.names.items():
            _lines(document, language, name)
            if len(name) > LONGEST_TITLE:
                message = f"the name has {len(name)} characters, at most {LONGEST_TITLE} fit a button"
                document.error(message, topic.id, "names", name)
        if topic.parent and topic.parent not in topics:
            document.error(f"the parent {quoted(topic.parent)} is not a topic", topic.id, "parent")
        elif topic.id in _ancestors(reading, topic.id):
            document.error("the topic stands above itself", topic.id, "parent")


def _ancestors(reading: Reading, topic_id: str) -> Iterator[str]:
    seen: set[str] = set()
    topic = reading.knowledge.topics[topic_id]
    while topic.parent in reading.knowledge.topics and topic.parent not in seen:
        seen.add(topic.parent)
        yield topic.parent
        topic = reading.knowledge.topics[topic.parent]
