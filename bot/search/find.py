"""Finding: a question becomes ranked hits with probabilities."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.domain.search import Found, Hit, Outcome
from bot.search.danger import Alarm
from bot.search.everyday import FUNCTION
from bot.search.features import base_language
from bot.search.fold import cut, fold
from bot.search.index import Index
from bot.search.places import Lookup, recognise
from bot.search.rank import FEW, rank, read, standing
from bot.search.shelf import Query, Shelf

ANSWER = 0.55  # probability from which the first hit is given as the answer
SUGGEST = 0.35  # and from which two or three are offered; set on development questions, see docs/search.md
_MOST = 10  # hits
_LONG = 200  # letters that are ranked
_MOST_SUSPECTS = 4  # clauses with words of danger that are ranked by themselves
_BESIDE = 0.9  # a contact that is named beside a topic stays below the best entry
_EXACT = 0.98  # probability of the entry whose own words were typed
_FALL = 1.5  # how fast the probability falls from hit to hit with their scores
_SYNONYM, _BRIDGE = 0.4, 1.0  # weight of a glossary's words in the question's own and in another language

Hits = dict[int, float]


def find(index: Index, text: str, language: str | None = None, places: Lookup | None = None) -> Found:
    """Searches the index for a question.

    Args:
        index: The trained index; it is only read, any number of threads may share it.
        text: What a person wrote, of any length and in any script.
        language: The language that the person chose, or None; a hint, never a filter.
        places: The gazetteer, by which municipalities are recognised; the whole text is looked at.

    Returns:
        The hits, best first, with the outcome; for a text without a letter or digit the outcome is "none".
    """
    folded = fold(text)
    asked = cut(folded)
    if not asked:
        return Found("none", ())
    spoken = index.languages.recognise(asked, text) if any(map(str.isalpha, text)) else None
    chosen = base_language(language) if language else None
    asked = _excerpt(index, asked, spoken or chosen)
    hits = _rank(index, asked, spoken, chosen)
    _name(index, asked, hits)
    exact = index.exact.get(" ".join(asked))
    if exact is not None:
        hits = _first(hits, exact, _EXACT)
    alarm = _alarm(index, folded, spoken, chosen, known=exact is not None)
    if alarm is not None:
        hits = _first(hits, alarm.entry, alarm.probability)
    ranked = sorted(hits.items(), key=lambda hit: (-hit[1], hit[0]))[:_MOST]
    if ranked and alarm is None and exact is None and index.items[ranked[0][0]].urgent:
        ranked = _doubted(ranked)
    found = tuple(Hit(index.items[number].id, index.items[number].kind, round(p, 4)) for number, p in ranked)
    urgent = alarm is not None or (exact is not None and index.items[exact].urgent)
    named = tuple(recognise(text, places, Vocabulary(index))) if places is not None else ()
    return Found(_outcome(found), found, language=spoken, urgent=urgent, named=named)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of the knowledge base in all its languages."""

    index: Index

    def __contains__(self, word: object) -> bool:
        return any(word in shelf.lexicon.numbers for shelf in self.index.shelves.values())


def _outcome(hits: Sequence[Hit]) -> Outcome:
    if not hits or hits[0].score < SUGGEST:
        return "none"
    return "answer" if hits[0].score >= ANSWER else "suggest"


def _alarm(index: Index, folded: str, spoken: str | None, chosen: str | None, *, known: bool) -> Alarm | None:
    """Danger anywhere in the text.

    It is a clause that covers an urgent entry's phrase, or one with words of danger that ranks such an entry first;
    the latter is a guess, and nothing is guessed about a text that an author wrote as a way of asking (`known`).
    """
    seen = index.danger.look(folded)
    if isinstance(seen, Alarm):
        return seen
    if known:
        return None
    for suspect in seen[:_MOST_SUSPECTS]:
        hits = _rank(index, list(suspect.words), spoken, chosen)
        best = max(hits, key=lambda number: (hits[number], -number), default=None)
        if best is not None and index.items[best].urgent and hits[best] >= suspect.needed:
            return Alarm(best, max(hits[best], ANSWER))
    return None


def _doubted(ranked: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """An urgent entry that ranks first without words of danger is offered, not given as the answer."""
    limit = ANSWER - 0.01
    return [(number, min(p, limit)) for number, p in ranked]


def _first(hits: Hits, number: int, probability: float) -> Hits:
    """The hits with one of them first, the others below it."""
    first = max(probability, hits.get(number, 0.0))
    top = max((p for other, p in hits.items() if other != number), default=0.0)
    scale = min(1.0, (1 - first) / top) if top > 0 else 1.0
    return {**{other: p * scale for other, p in hits.items()}, number: first}


def _excerpt(index: Index, asked: list[str], language: str | None) -> list[str]:
    """The part of a long text that is ranked: the row of words that tells most."""
    if sum(map(len, asked)) + len(asked) <= _LONG or not index.shelves:
        return asked
    shelf = index.shelves.get(language or "") or max(index.shelves.values(), key=lambda s: len(s.lexicon.words))
    numbers = [shelf.lexicon.numbers.get(word) for word in asked]
    worth = [0.0 if number is None else float(shelf.by_word.idf[number]) for number in numbers]
    best, where, start, length, total = -1.0, (0, 1), 0, 0, 0.0
    for end, word in enumerate(asked):
        length += len(word) + 1
        total += worth[end]
        while length > _LONG and start < end:
            length -= len(asked[start]) + 1
            total -= worth[start]
            start += 1
        if total > best + 1e-9:
            best, where = total, (start, end + 1)
    return [word[:_LONG] for word in asked[slice(*where)]]


def _name(index: Index, asked: list[str], hits: Hits) -> None:
    """Adds the contacts that the question names: first only where it says nothing else."""
    named, alone = index.names.find(asked, _strange(index, asked))
    limit = 1.0 if alone else _BESIDE * max(hits.values(), default=1.0)
    for number, p in index.names.describe(asked):
        hits[number] = min(p, limit)
    for number, p in named:
        hits[number] = min(p, limit)


def _strange(index: Index, asked: list[str]) -> list[str]:
    """The words that no shelf has."""
    return [word for word in asked if not any(word in shelf.lexicon.numbers for shelf in index.shelves.values())]


def _rank(index: Index, asked: list[str], spoken: str | None, chosen: str | None) -> Hits:
    hits: Hits = {}
    languages = {code for code in (spoken, chosen) if code} or index.languages.possible(asked)
    spotted = index.glossary.find(asked, languages, _strange(index, asked))
    for shelf in _shelves(index, asked, spotted.terms, spoken, chosen):
        own = shelf.language == (spoken or chosen)
        added = [(word, _SYNONYM if own else _BRIDGE)
                 for word in index.glossary.words(spotted.terms, shelf.language) if word not in asked]  # fmt: skip
        said, limit = (asked, 1.0) if own or not added else _untranslated(shelf, asked, spotted.covered)
        if shelf.language not in index.contrasted:
            limit = SUGGEST - 0.01
        for number, p in _on_shelf(shelf, read(shelf, said, added)):
            hits[number] = max(min(p, limit), hits.get(number, 0.0))
        if max(hits.values(), default=0.0) >= ANSWER:
            break
    return hits


def _untranslated(shelf: Shelf, asked: list[str], covered: frozenset[str]) -> tuple[list[str], float]:
    """A question without the foreign words that the glossary has translated, and those that only join them.

    Where as many words are left that nobody understands, the best entry is offered at most.
    """
    rest = [word for word in asked if word not in FUNCTION and word not in covered]
    strange = [word for word in rest if word not in shelf.lexicon.numbers]
    understood = len(set(asked) & covered) + len(rest) - len(strange)
    said = [word for word in asked if word in shelf.lexicon.numbers or word in strange]
    return said, ANSWER - 0.01 if len(strange) >= understood else 1.0


def _shelves(index: Index, asked: list[str], terms: list[int], spoken: str | None, chosen: str | None) -> list[Shelf]:
    """The shelves to look at: that of the question's language first, then those that know more.

    Where that shelf has hardly more than the urgent entries, a translated question goes on to one that has answers.
    """
    known = {code: sum(word in shelf.lexicon.numbers for word in asked) for code, shelf in index.shelves.items()}
    bridged = {
        code: sum(word in shelf.lexicon.numbers for word in index.glossary.words(terms, code))
        for code, shelf in index.shelves.items()
    }
    own = next((code for code in (spoken, chosen) if code in index.shelves), None)
    reached = {code for code in index.contrasted if own not in index.contrasted and bridged[code]}
    others = sorted(
        (code for code in known if code != own),
        key=lambda code: (code not in reached, -known[code] - bridged[code], code),
    )
    if own is None:
        return [index.shelves[code] for code in others[:2]]
    more = [code for code in others if code in reached or known[code] > known[own] or bridged[code] > bridged[own]]
    return [index.shelves[code] for code in (own, *more[:2])]


def _on_shelf(shelf: Shelf, query: Query) -> list[tuple[int, float]]:
    """The best entries of a shelf with their probabilities."""
    ranking = rank(shelf, query)
    order = np.argsort(-ranking.total, kind="stable")[:_MOST]
    best = float(ranking.total[order[0]])
    if best <= 0:
        return []
    g = standing(shelf, query, ranking)
    p = _sigmoid(shelf.a + shelf.b * g)
    if shelf.phrases < FEW:  # nothing could be held out to calibrate on: no more than a suggestion
        p = min(p, ANSWER - 0.01)
    return [
        (int(shelf.entries[at]), p * math.exp(-_FALL * (1 - float(ranking.total[at]) / best)))
        for at in order.tolist() if ranking.total[at] > 0
    ]  # fmt: skip


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-min(max(value, -60.0), 60.0)))
