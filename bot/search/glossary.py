"""The glossary bridges languages: a term known in one reaches the entries that are written in another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.search.features import base_language, stem
from bot.search.fold import words

_REACH = 4  # words between the longest word of a term and its others, in any order
_BEGINNING = 4  # letters that words of a longer term are told by, whatever their ending
_NEAR_FROM = 6  # letters; shorter words are only taken literally
_TWO_SLIPS_FROM = 8  # letters
_ARTICLE = re.compile("^[وف]?(?:[بك]?ال|لل)(?=\\w{4})")


class Spotted(NamedTuple):
    """The numbers of the terms in a question, and the words that they were read from."""

    terms: list[int]
    covered: frozenset[str]


@dataclass(frozen=True, slots=True)
class Glossary:
    """Terms by what people type.

    `terms` has folded words (joined by a space), their stems, and of more than one word also their beginnings, with
    the numbers of the terms;
    `translations[term][language]` are the term's folded words there.
    """

    terms: Mapping[str, Sequence[int]] = field(default_factory=dict)
    translations: Sequence[Mapping[str, Sequence[str]]] = ()
    _single: dict[str, list[str]] = field(init=False, repr=False)
    _by_longest: dict[str, list[tuple[str, ...]]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        single: dict[str, list[str]] = {}
        for term in sorted(self.terms):
            if " " not in term and len(term) >= _NEAR_FROM:
                single.setdefault(term[0], []).append(term)
        object.__setattr__(self, "_single", single)
        by_longest: dict[str, list[tuple[str, ...]]] = {}
        for term in self.terms:
            row = tuple(term.split(" "))
            by_longest.setdefault(max(row, key=len), []).append(row)
        object.__setattr__(self, "_by_longest", by_longest)

    def find(self, asked: Sequence[str], languages: Iterable[str], strange: Iterable[str]) -> Spotted:
        """The terms in the words of a question, in any order of the words and with others between them.

        `languages` are those that it may be written in; `strange` the words that no entry has: a slip of the finger
        is only looked for in these. A term inside a longer one is not meant: "permit" in "work permit".
        """
        places: dict[frozenset[int], dict[int, None]] = {}
        stems = ([stem(word, language) for word in asked] for language in languages)
        for row in (asked, [_beginning(word) for word in asked], *stems):
            for at, word in enumerate(row):
                for term in self._by_longest.get(word, ()):
                    place = _place(term, row, at)
                    if place:
                        places.setdefault(place, {}).update(dict.fromkeys(self.terms[" ".join(term)]))
        if not places:
            near = {word: self._near(word) for word in strange}
            found = dict.fromkeys(number for numbers in near.values() for number in numbers)
            return Spotted(list(found), frozenset(word for word, numbers in near.items() if numbers))
        whole = [place for place in places if not any(place < other for other in places)]
        return Spotted(
            list(dict.fromkeys(number for place in whole for number in places[place])),
            frozenset(asked[at] for place in whole for at in place),
        )

    def _near(self, word: str) -> Sequence[int]:
        if len(word) < _NEAR_FROM:
            return ()
        slips = 2 if len(word) >= _TWO_SLIPS_FROM else 1
        best = process.extractOne(word, self._single.get(word[0], ()), scorer=OSA.distance, score_cutoff=slips)
        return self.terms[best[0]] if best else ()

    def words(self, terms: Iterable[int], language: str) -> list[str]:
        """The words of the terms in a language, without what is not translated."""
        return [word for term in terms for word in self.translations[term].get(language, ())]

    def plain(self) -> Any:
        """The glossary in lists and dicts."""
        return {"terms": dict(self.terms), "translations": list(self.translations)}

    @classmethod
    def from_plain(cls, plain: Any) -> Glossary:
        """The glossary that `plain` took apart."""
        return cls(plain["terms"], plain["translations"])


def _beginning(word: str) -> str:
    """What a word in another ending still has: its first letters, without the Arabic article and what joins it."""
    return _ARTICLE.sub("", word)[:_BEGINNING]


def _place(term: Sequence[str], row: Sequence[str], at: int) -> frozenset[int] | None:
    """Where the words of a term stand near one of them; None where one is missing."""
    if len(term) == 1:
        return frozenset((at,))
    start = max(0, at - _REACH)
    around = row[start : at + _REACH + 1]
    if any(word not in around for word in term):
        return None
    return frozenset(start + around.index(word) for word in term)


def build_glossary(glossary: Mapping[str, Mapping[str, Sequence[str]]]) -> Glossary:
    """The glossary of a knowledge base, folded."""
    terms: dict[str, set[int]] = {}
    translations = []
    for number, by_language in enumerate(glossary.values()):
        folded: dict[str, dict[str, None]] = {}
        for code, forms in by_language.items():
            language = base_language(code)
            for form in forms:
                found = words(form)
                if not found:
                    continue
                folded.setdefault(language, {}).update(dict.fromkeys(found))
                beginnings = [_beginning(word) for word in found] if len(found) > 1 else found
                for row in (found, beginnings, [stem(word, language) for word in found]):
                    terms.setdefault(" ".join(row), set()).add(number)
        translations.append({language: list(own) for language, own in sorted(folded.items())})
    return Glossary({term: sorted(numbers) for term, numbers in sorted(terms.items())}, translations)
