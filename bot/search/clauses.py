"""Clauses of a text, and words that are nearly the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import OSA

from bot.search.everyday import FUNCTION, KIN
from bot.search.fold import cut, words

AND = frozenset(words("und and і та й и و ve et și y i aber but але но ama mais dar pero ale übrigens außerdem also"))
_CLAUSE = re.compile(r"[.,;:!?\n\r()\[\]…،؛؟。–—|]+|\s-\s")
_WA = "و"  # Arabic writes "and" in front of the next word
_LONGEST = 60_000  # letters looked at; no message is longer
_SHORT = 3  # letters; from here on a slip leaves a word recognisable
_STEM_LIKE, _SHARE_LIKE = 6, 0.7  # letters, and share of the word, that related words have in common


def clauses(folded: str) -> Iterator[list[str]]:
    """The words of a text, clause by clause: cut at punctuation and at "and"."""
    for part in _CLAUSE.split(folded[:_LONGEST]):
        clause: list[str] = []
        for word in cut(part):
            if word in AND:
                if clause:
                    yield clause
                clause = []
            elif word[0] == _WA and (word[1:] in KIN or word[1:] in FUNCTION):
                if clause:
                    yield clause
                clause = [word[1:]]
            else:
                clause.append(word)
        if clause:
            yield clause


def related(word: str, form: str) -> bool:
    """Whether two words have most of their letters in common from the first: "vergewaltigt" and "Vergewaltigung"."""
    alike = next((at for at, (a, b) in enumerate(zip(word, form, strict=False)) if a != b), min(len(word), len(form)))
    return alike >= _STEM_LIKE and alike >= _SHARE_LIKE * len(word)


def near(word: str, other: str) -> bool:
    """Whether a slip of the finger is between two words."""
    return len(other) >= _SHORT and OSA.distance(word, other, score_cutoff=1) <= 1


def has(row: Sequence[str], word: str) -> bool:
    """Whether a word is in a row of words, typed right or nearly."""
    return word in row or any(near(other, word) for other in row)
