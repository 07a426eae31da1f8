"""Whether entries are found by ways of asking that they do not know: each left out of the index in turn.

One figure an entry and language: the share of its ways of asking that find it first when they are left out, one of
every text at a time. `all LANGUAGE` is the mean over all ways of asking. Takes a minute or two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from bot.domain.knowledge import Entry, Knowledge
from bot.library.current import current
from bot.library.shipped import shipped
from bot.search.build import build
from bot.search.find import find

Row = tuple[str, str]  # entry, language


def measure() -> dict[str, float]:
    """The shares by "entry language", for the shipped knowledge; those under 0.9 first."""
    library, _ = current(shipped("knowledge"))
    found = left_out(library.knowledge)
    shares = {row: sum(hits) / len(hits) for row, hits in found.items()}
    figures = {f"{entry} {language}": share for (entry, language), share in sorted(shares.items(), key=lambda x: x[1])}
    by_language: dict[str, list[bool]] = defaultdict(list)
    for (_entry, language), hits in found.items():
        by_language[language] += hits
    return figures | {f"all {language}": sum(hits) / len(hits) for language, hits in sorted(by_language.items())}


def left_out(knowledge: Knowledge, misses: list[tuple[str, str, str, str]] | None = None) -> dict[Row, list[bool]]:
    """For each entry and language, whether each way of asking finds the entry first without being in the index.

    `misses` collects entry, language, question, and what came first instead.
    """
    found: dict[Row, list[bool]] = defaultdict(list)
    longest = max(
        (len(text.questions) for entry in knowledge.entries.values() for text in entry.texts.values()), default=0
    )
    for turn in range(longest):
        index = build(
            replace(knowledge, entries={key: _without(entry, turn) for key, entry in knowledge.entries.items()})
        )
        for entry, language, question in _asked(knowledge, turn):
            hits = find(index, question, language).hits
            first = hits[0].id if hits else ""
            found[entry, language].append(first == entry)
            if misses is not None and first != entry:
                misses.append((entry, language, question, first))
    return found


def _without(entry: Entry, turn: int) -> Entry:
    """The entry without one way of asking in each language."""
    texts = {
        code: replace(text, questions=text.questions[:turn] + text.questions[turn + 1 :])
        for code, text in entry.texts.items()
    }
    return replace(entry, texts=texts)


def _asked(knowledge: Knowledge, turn: int) -> Iterator[tuple[str, str, str]]:
    for entry in knowledge.entries.values():
        for code, text in entry.texts.items():
            if turn < len(text.questions):
                yield entry.id, code, text.questions[turn]
