"""A shelf: the entries of one language, with everything that ranks them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.search.lexicon import Lexicon
from bot.search.postings import Floats, Integers, Postings, Vector

Half = npt.NDArray[np.float16]

UNSEEN = -1  # the row of an n-gram that no phrase has
TOO_LONG = -2  # the row of an n-gram that the classifier does not look at


@dataclass(frozen=True, slots=True)
class Classifier:
    """A softmax regression with one class an entry; rows are n-grams, then stems, then pairs.

    `gram_rows` gives the row of an n-gram number, UNSEEN or TOO_LONG; the stems' rows begin at `stem_row`,
    the pairs' at `pair_row`. `idf` goes by row; `top_idf`, the highest, is that of what the base does not know.
    """

    weights: Half
    idf: Floats
    gram_rows: Integers
    stem_row: int
    pair_row: int
    top_idf: float


@dataclass(frozen=True, slots=True)
class Query:
    """A question as numbers of one shelf, with weights; `unknown…` count what the shelf has never seen."""

    words: npt.NDArray[np.intp]
    word_weights: Vector
    grams: npt.NDArray[np.intp]
    gram_weights: Vector
    unknown: float
    stems: npt.NDArray[np.intp]
    stem_weights: Vector
    unknown_stems: int
    pairs: npt.NDArray[np.intp]
    unknown_pairs: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """One number an entry of a shelf: the sum of the scores, and the classifier's outputs where there is one."""

    total: Vector
    outputs: Floats | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """One language of the knowledge base. Numbers of entries are local: `entries[local]` is that of the index.

    `phrases` is the mean number of phrases an entry; `phrase_starts` says where each entry's phrases begin (they
    stand together); `a` and `b` turn the distance g of the best entry into a probability.
    """

    language: str
    entries: Integers
    phrases: float
    phrase_starts: Integers
    lexicon: Lexicon
    gram_numbers: dict[str, int]
    stem_numbers: dict[str, int]
    pair_numbers: dict[int, int]
    by_gram: Postings
    by_word: Postings
    by_pair: Postings
    classifier: Classifier | None
    a: float = 0.0
    b: float = 0.0
