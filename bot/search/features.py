"""What is compared: character n-grams, stems and pairs of stems."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import snowballstemmer

# Ukrainian has no stemmer of its own; after folding the Russian one cuts its commonest endings.
_STEMMERS = {
    "ar": "arabic", "de": "german", "en": "english", "es": "spanish", "fa": "persian", "fr": "french",
    "pl": "polish", "ro": "romanian", "ru": "russian", "tr": "turkish", "uk": "russian",
}  # fmt: skip
_SHORT = 3  # words up to this length are not stemmed
LONGEST_GRAM = 5
CLASSIFIER_GRAM = 4  # letters; the classifier looks at no longer n-grams
_LOCK = threading.Lock()  # snowball's stemmers keep the word that they work on


def base_language(code: str) -> str:
    """The language of a code without its variety: "de" for "de-simple" and "DE_AT"."""
    return code.lower().replace("_", "-").partition("-")[0]


@lru_cache(maxsize=16)
def _stemmer(language: str) -> snowballstemmer.stemmer | None:
    name = _STEMMERS.get(language)
    return snowballstemmer.stemmer(name) if name else None


@lru_cache(maxsize=20_000)
def stem(word: str, language: str) -> str:
    """The stem of a folded word; in a language without a stemmer, the word itself."""
    if len(word) <= _SHORT or len(word) > 40:  # noqa: PLR2004 - no language has longer words that anyone asks for
        return word
    with _LOCK:
        stemmer = _stemmer(language)
        return stemmer.stemWord(word) if stemmer else word


def grams(word: str, longest: int = LONGEST_GRAM) -> list[str]:
    """The character n-grams of a folded word with its edges, from 3 letters to the longest asked for."""
    edged = f" {word} "
    return [edged[at : at + size] for size in range(3, longest + 1) for at in range(len(edged) - size + 1)]


def pairs(stems: Sequence[int], start: int, end: int) -> list[tuple[int, int]]:
    """Neighbours in a row of stem numbers, with a mark before the first and after the last."""
    if not stems:
        return []
    row = [start, *stems, end]
    return list(pairwise(row))
