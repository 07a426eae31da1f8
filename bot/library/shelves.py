"""What the whole folder shares: topics, the glossary, and who runs this Lotse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.domain.knowledge import Operator, Topic
from bot.library.contacts import read_by_language
from bot.library.document import Document
from bot.library.entries import LANGUAGES
from bot.library.problems import quoted
from bot.library.table import ID, LANGUAGE, Table, kind_of, nearest


def read_topics(document: Document) -> dict[str, Topic] | None:
    """The topics in the order of the file, which is the order of the shelves; None when the file has no TOML."""
    values = document.toml()
    if values is None:
        return None
    topics = {}
    for topic_id, table in _sections(values, document):
        names = read_by_language(table, "names")
        parent = table.text("parent")
        table.finish()
        if not names:
            table.error('"names" needs one language at least, such as names = {de = "Arbeit", en = "Work"}')
        topics[topic_id] = Topic(id=topic_id, names=names, parent=parent)
    return topics


def read_glossary(document: Document) -> dict[str, dict[str, tuple[str, ...]]]:
    """The words for each term, by language."""
    glossary = {}
    for term, table in _sections(document.toml() or {}, document):
        for code in table:
            if not LANGUAGE.fullmatch(code):
                table.error(f"{quoted(code)} is not a language code; {nearest(code, LANGUAGES)}", code)
        glossary[term] = {code: words for code in table if (words := table.texts(code))}
    return {term: words for term, words in glossary.items() if words}


def read_operator(document: Document) -> Operator | None:
    """Who runs this Lotse; None when the file has no TOML."""
    values = document.toml()
    if values is None:
        return None
    table = Table(values, document)
    operator = Operator(
        controller=table.text("controller"),
        address=table.text("address"),
        data_protection_officer=table.text("data_protection_officer"),
        supervisory_authority=table.text("supervisory_authority"),
        imprint=table.text("imprint"),
    )
    table.finish()
    return operator


def _sections(sections: dict[str, Any], document: Document) -> Iterator[tuple[str, Table]]:
    for name, values in sections.items():
        if not ID.fullmatch(name):
            document.error(f"the id {quoted(name)} must be made of a-z, 0-9 and -, at most 40 characters", name)
        elif isinstance(values, dict):
            yield name, Table(values, document, name)
        else:
            document.error(f'"{name}" must be a section such as [{name}], not {kind_of(values)}', name)
