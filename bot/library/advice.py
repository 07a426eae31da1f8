"""What should be better in a knowledge folder but keeps nobody from using it: warnings."""

from __future__ import annotations

import hashlib
import re
from datetime import date

from bot.domain.knowledge import Entry, Text
from bot.library.document import Document
from bot.library.pages import body_line
from bot.library.problems import quoted
from bot.library.read import Reading
from bot.library.rules import place_of

SOURCE_LANGUAGE = "de"
LONGEST_BODY = 1_200  # staff read it between two meetings
LONGEST_BODY_FOR_MIGRANTS = 700  # one screen of a cheap phone, with the facts around it
FEWEST_QUESTIONS, MOST_QUESTIONS = 6, 12
LONGEST_QUESTION = 80
LONGEST_TITLE = 40  # a button that carries a title may be that long; longer ones are cut there
LONGEST_SAY = 80  # one sentence, readable across a counter
# Tags and comments, not the links in angle brackets that Markdown has: <https://…>, <name@…>.
HTML = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(\s[^<>]*)?/?>|<!--")


def source_hash(text: Text) -> str:
    """Which version of a text a translation follows: 12 hex digits of SHA-256 over its title, body and `say`.

    The translation keeps it in its `source_hash`; when the German text changes, the two differ.
    """
    return hashlib.sha256((text.title + text.body + text.say).encode()).hexdigest()[:12]


def apply_advice(reading: Reading, today: date) -> None:
    """Adds the warnings to the problems of the reading; `today` is the date by which entries expire."""
    for entry in reading.knowledge.entries.values():
        folder = place_of(entry)
        _entry(reading, folder, entry, today)
        for text in entry.texts.values():
            _text(reading.documents[f"{folder}/{text.language}.md"], text, entry)
    _titles(reading)
    _ways_of_asking(reading)


def _entry(reading: Reading, folder: str, entry: Entry, today: date) -> None:
    sheet = reading.documents.get(f"{folder}/entry.toml")
    if SOURCE_LANGUAGE not in entry.texts and f"{folder}/{SOURCE_LANGUAGE}.md" not in reading.documents:
        reading.documents[folder].warning("the text in the default language, de.md, is missing", line=1)
    if sheet and entry.valid_until and entry.valid_until < today:
        sheet.warning(f"expired on {entry.valid_until}: the entry is shown as no longer valid", "valid_until")
    if sheet and entry.urgent and not entry.contacts:
        sheet.warning("help in danger names no contact to call", "urgent")


def _text(document: Document, text: Text, entry: Entry) -> None:
    source = entry.texts.get(SOURCE_LANGUAGE)
    if source and text is not source and text.source_hash and text.source_hash != source_hash(source):
        message = f'the German text has changed since this translation; now source_hash = "{source_hash(source)}"'
        document.warning(message, "source_hash")
    longest = LONGEST_BODY_FOR_MIGRANTS if "migrants" in entry.audience else LONGEST_BODY
    if len(text.body) > longest:
        document.warning(
            f"the body has {len(text.body)} characters, {longest} at most are wanted", line=body_line(document, 0)
        )
    if not FEWEST_QUESTIONS <= len(text.questions) <= MOST_QUESTIONS:
        message = f"{len(text.questions)} ways of asking, {FEWEST_QUESTIONS} to {MOST_QUESTIONS} are wanted"
        document.warning(message, "questions")
    if len(text.title) > LONGEST_TITLE:
        document.warning(f"the title has {len(text.title)} characters, {LONGEST_TITLE} at most fit a button", "title")
    if len(text.say) > LONGEST_SAY:
        document.warning(f'"say" has {len(text.say)} characters, {LONGEST_SAY} at most are wanted', "say")
    for found in HTML.finditer(text.body):
        message = f"the body is Markdown; HTML such as {quoted(found[0])} is shown as it stands"
        document.warning(message, line=body_line(document, found.start()))
    for question in text.questions:
        if len(question) > LONGEST_QUESTION:
            message = f"a way of asking has {len(question)} characters, {LONGEST_QUESTION} at most are wanted"
            document.warning(message, "questions", question)


def _titles(reading: Reading) -> None:
    first: dict[tuple[str, str], str] = {}
    for entry in reading.knowledge.entries.values():
        for text in entry.texts.values():
            other = first.setdefault((text.language, text.title.casefold()), entry.id)
            if other != entry.id:
                document = reading.documents[f"{place_of(entry)}/{text.language}.md"]
                document.warning(f'the title is that of "{other}" too', "title")


def _ways_of_asking(reading: Reading) -> None:
    """The same way of asking should not lead to two entries, capitals, spaces and the mark at the end apart."""
    first: dict[tuple[str, str], str] = {}
    for entry in reading.knowledge.entries.values():
        for text in entry.texts.values():
            for question in text.questions:
                asked = (text.language, " ".join(question.casefold().split()).rstrip(" ?!.؟"))
                other = first.setdefault(asked, entry.id)
                if other != entry.id:
                    document = reading.documents[f"{place_of(entry)}/{text.language}.md"]
                    document.warning(f'{quoted(question)} is asked in "{other}" too', "questions", question)
