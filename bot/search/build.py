"""Building the index: training on the knowledge base's own words. The only part of the search that needs scipy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.domain.knowledge import Entry, Knowledge, Text
from bot.search.calibrate import calibrate
from bot.search.danger import build_danger
from bot.search.features import base_language
from bot.search.fold import words
from bot.search.glossary import build_glossary
from bot.search.index import Index, Item
from bot.search.language import build_languages
from bot.search.names import build_names
from bot.search.rank import FEW
from bot.search.stock import Page, stock

_CONTRAST = 5  # entries; a shelf with fewer beside the urgent ones would take anything for danger


def build(knowledge: Knowledge) -> Index:
    """Trains the search for a knowledge base. Takes a second or two for 1,500 phrases a language.

    The same knowledge gives the same index on the same machine.
    """
    entries = list(knowledge.entries.values())
    contacts = list(knowledge.contacts.values())
    items = [Item(entry.id, entry.kind, entry.urgent) for entry in entries]
    items += [Item(contact.id, "contact") for contact in contacts]
    pages = _pages(entries)
    stocked = [(stock(language, own), own) for language, own in pages.items()]
    fitted = calibrate(stocked)
    shelves = {}
    for shelf, _ in stocked:
        a, b = fitted[shelf.classifier is not None and shelf.phrases >= FEW]
        shelves[shelf.language] = replace(shelf, a=a, b=b)
    return Index(
        items=tuple(items),
        shelves=shelves,
        contrasted=frozenset(language for language, own in pages.items() if _contrasted(entries, own)),
        languages=build_languages({language: shelf.lexicon for language, shelf in shelves.items()}),
        exact=_exact(entries),
        names=build_names(
            {len(entries) + at: contact for at, contact in enumerate(contacts)},
            (phrase for entry in entries if entry.kind == "answer" for _, text in _texts(entry)
             for phrase in _phrases(text)),
        ),
        glossary=build_glossary(knowledge.glossary),
        danger=build_danger(
            (number, text.language, _phrases(text))
            for number, entry in enumerate(entries) if entry.urgent for _, text in _texts(entry)
        ),
    )  # fmt: skip


def _contrasted(entries: list[Entry], pages: list[Page]) -> bool:
    urgent = sum(entries[page.entry].urgent for page in pages)
    return not urgent or len(pages) - urgent >= _CONTRAST


def _texts(entry: Entry) -> Iterator[tuple[str, Text]]:
    """The texts of an entry with their languages, varieties such as "de-simple" beside their language."""
    for code in sorted(entry.texts):
        yield base_language(code), entry.texts[code]


def _phrases(text: Text) -> tuple[str, ...]:
    return (text.title, *text.questions, *text.keywords)


def _pages(entries: list[Entry]) -> dict[str, list[Page]]:
    """For every language the entries that have words in it."""
    pages: dict[str, list[Page]] = {}
    for number, entry in enumerate(entries):
        own: dict[str, list[Text]] = {}
        for language, text in _texts(entry):
            own.setdefault(language, []).append(text)
        for language, texts in own.items():
            questions = _worded(phrase for text in texts for phrase in (text.title, *text.questions))
            keywords = _worded(phrase for text in texts for phrase in text.keywords if phrase not in questions)
            if questions or keywords:
                body = "\n".join(text.body for text in texts)
                pages.setdefault(language, []).append(Page(number, questions + keywords, len(questions), body))
    return {language: pages[language] for language in sorted(pages)}


def _worded(phrases: Iterable[str]) -> tuple[str, ...]:
    """The different phrases that have a word."""
    return tuple(dict.fromkeys(phrase for phrase in phrases if words(phrase)))


def _exact(entries: list[Entry]) -> dict[str, int]:
    """Titles and questions as they are typed back, with their entries; what two entries share is left out."""
    found: dict[str, set[int]] = {}
    for number, entry in enumerate(entries):
        for _, text in _texts(entry):
            for phrase in (text.title, *text.questions):
                found.setdefault(" ".join(words(phrase)), set()).add(number)
    return {phrase: min(numbers) for phrase, numbers in sorted(found.items()) if phrase and len(numbers) == 1}
