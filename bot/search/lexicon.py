"""The words that a shelf knows, and what to do with those that it does not: repair, or split."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.search.postings import Integers

_REPAIRED_FROM = 4  # letters; shorter words have too many neighbours
_TWO_SLIPS_FROM = 7  # letters
_PART = 3  # letters of the shorter half when two words were run together
_LONGEST = 40  # letters; longer ones are no words


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Known words in the order of their length, so that the neighbours of a word stand together.

    `frequency`, `stems` (-1: no phrase has this stem) and the n-grams (`grams[starts[w]:starts[w + 1]]`) go by the
    number of the word.
    """

    words: list[str]
    frequency: Integers
    stems: Integers
    starts: Integers
    grams: Integers
    numbers: dict[str, int] = field(init=False, repr=False)
    by_length: npt.NDArray[np.intp] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", {word: number for number, word in enumerate(self.words)})
        lengths = np.array([len(word) for word in self.words], dtype=np.intp)
        object.__setattr__(self, "by_length", np.searchsorted(lengths, np.arange(_LONGEST + 4)))

    def repair(self, word: str) -> list[int]:
        """The known words that an unknown one was probably meant to be, best first: one or two, or two halves."""
        if not _REPAIRED_FROM <= len(word) <= _LONGEST or not word.isalpha():
            return []
        return self._near(word) or self._halves(word)

    def _near(self, word: str) -> list[int]:
        slips = 2 if len(word) >= _TWO_SLIPS_FROM else 1
        first, last = self.by_length[len(word) - slips], self.by_length[len(word) + slips + 1]
        if first == last:
            return []
        found = process.extract(word, self.words[first:last], scorer=OSA.distance, score_cutoff=slips, limit=12)
        near = [(int(distance), self.words[first + at][0] != word[0], -int(self.frequency[first + at]), first + at)
                for _, distance, at in found]  # fmt: skip
        return [int(number) for *_, number in sorted(near)[:2]]

    def _halves(self, word: str) -> list[int]:
        best: tuple[int, list[int]] = (0, [])
        for at in range(_PART, len(word) - _PART + 1):
            left, right = self.numbers.get(word[:at]), self.numbers.get(word[at:])
            if left is not None and right is not None:
                best = max(best, (int(min(self.frequency[left], self.frequency[right])), [left, right]))
        return best[1]
