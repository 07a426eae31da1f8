"""Contacts: a question that names one finds it; what is said about one only makes it a later hit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.domain.knowledge import Contact
from bot.search.everyday import CONTACT_WORDS, FUNCTION
from bot.search.fold import words

_NEAR_FROM = 6  # letters; shorter names are only taken literally
_SHORTEST = 2  # letters of a word that can be a name
_SURE = 0.9  # the question has nothing but the name
_LIKELY = 0.5  # it says something else too
_ROUNDING = 1e-6
_MAYBE = 0.3  # the notes have all its rare words
_DESCRIBED = 3  # contacts found by their notes


@dataclass(frozen=True, slots=True)
class Names:
    """The words of the names.

    `holders` gives the numbers of the contacts with a word in the name; `weights` says how telling the word is: 1
    when only one name has it, less the more have it, 0 when people ask for answers with it; `sizes` is the sum of
    the weights of a name. `told` gives the numbers of the contacts whose notes have a word.
    """

    holders: Mapping[str, Sequence[int]] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    sizes: Mapping[int, float] = field(default_factory=dict)
    told: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def find(self, asked: Sequence[str], strange: Collection[str]) -> tuple[list[tuple[int, float]], bool]:
        """The contacts that a question names, how probably each is meant, and whether it says nothing else.

        A slip of the finger is only looked for in the `strange` words, those that no entry has.
        """
        gained: dict[int, list[float]] = {}
        named: set[str] = set()
        for word in dict.fromkeys(asked):
            known = self._known(word, strange)
            if known is not None:
                named.add(word)
                for holder in self.holders[known]:
                    gained.setdefault(holder, []).append(self.weights[known])
        if not any(max(gains) for gains in gained.values()):
            return [], False
        others = {word for word in asked if word not in named and word not in CONTACT_WORDS and word not in FUNCTION}
        certain = _LIKELY / len(others) if others else _SURE
        found = [(holder, certain * self._told_by(gains, self.sizes[holder])) for holder, gains in gained.items()]
        return [(holder, p) for holder, p in found if p > 0], not others

    @staticmethod
    def _told_by(gains: Sequence[float], size: float) -> float:
        """How surely words of a name, by their weights, mean its holder: all of them do."""
        if max(gains) > 0 and sum(gains) >= size - _ROUNDING:
            return 1.0
        return max(gains) * (0.8 + 0.2 * sum(gains) / size)

    def describe(self, asked: Sequence[str]) -> list[tuple[int, float]]:
        """The few contacts whose notes have most of the question's rare words, and how probably they can help."""
        rare = {word for word in asked if word not in FUNCTION and word not in CONTACT_WORDS}
        shared = Counter(holder for word in rare for holder in self.told.get(word, ()))
        ranked = sorted(shared, key=lambda holder: (-shared[holder], holder))[:_DESCRIBED]
        return [(holder, _MAYBE * shared[holder] / len(rare)) for holder in ranked]

    def _known(self, word: str, strange: Collection[str]) -> str | None:
        if word in self.holders:
            return word
        if word not in strange or len(word) < _NEAR_FROM:
            return None
        best = process.extractOne(word, list(self.holders), scorer=OSA.distance, score_cutoff=1)
        return best[0] if best else None

    def plain(self) -> Any:
        """The names in lists and dicts."""
        return {"holders": dict(self.holders), "weights": dict(self.weights),
                "sizes": [*self.sizes.items()], "told": dict(self.told)}  # fmt: skip

    @classmethod
    def from_plain(cls, plain: Any) -> Names:
        """The names that `plain` took apart."""
        return cls(plain["holders"], plain["weights"], dict(plain["sizes"]), plain["told"])


def build_names(contacts: Mapping[int, Contact], asked: Iterable[str]) -> Names:
    """The contacts by their numbers; `asked` are the titles and questions of the answers."""
    own = {number: list(dict.fromkeys(words(contact.name))) for number, contact in contacts.items()}
    topical = {word for text in asked for word in words(text)} | FUNCTION
    holders: dict[str, list[int]] = {}
    for number, found in own.items():
        for word in found:
            holders.setdefault(word, []).append(number)
    weights = {word: 0.0 if word in topical or len(word) < _SHORTEST else len(held) ** -0.5
               for word, held in holders.items()}  # fmt: skip
    sizes = {number: sum(weights[word] for word in found) or 1.0 for number, found in own.items()}
    told: dict[str, list[int]] = {}
    for number, contact in contacts.items():
        for word in sorted({word for note in contact.notes.values() for word in words(note)} - FUNCTION):
            told.setdefault(word, []).append(number)
    return Names(dict(sorted(holders.items())), dict(sorted(weights.items())), sizes, dict(sorted(told.items())))
