"""Stocking a shelf: from the texts of one language to everything that ranks them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from bot.search.features import CLASSIFIER_GRAM, grams, pairs, stem
from bot.search.fold import words
from bot.search.lexicon import Lexicon
from bot.search.postings import Field, Floats, Vector, build_postings
from bot.search.rank import GROUPS
from bot.search.shelf import TOO_LONG, UNSEEN, Classifier, Shelf
from bot.search.train import softmax_regression

_Name = TypeVar("_Name", str, int)

MOST_PHRASES = 4_000  # a language; above, training takes minutes
_MOST_CELLS = 24_000_000  # of the classifier: 48 MB
_BODY = 0.5  # what a word in the body counts beside one in a title or question


@dataclass(frozen=True, slots=True)
class Page:
    """The texts of one entry in one language.

    `entry` is its number in the index; the first `questions` of the phrases are titles and questions, the others
    keywords.
    """

    entry: int
    phrases: tuple[str, ...]
    questions: int
    body: str = ""


def stock(language: str, pages: Sequence[Page], *, trained: bool = True) -> Shelf:
    """Builds the shelf of one language; every page needs a phrase.

    Without `trained` it gets no classifier, as when there are too many phrases for one.
    """
    return _Stock(language, pages).shelf(trained=trained)


class _Stock:
    """The numbers of words, stems, n-grams and pairs, given while the shelf is filled."""

    def __init__(self, language: str, pages: Sequence[Page]) -> None:
        self.language = language
        self.pages = pages
        self.phrases = [[words(phrase) for phrase in page.phrases] for page in pages]
        self.bodies = [words(page.body) for page in pages]
        spoken = {word for page in self.phrases for phrase in page for word in phrase}
        self.stems = _numbers({stem(word, language) for word in spoken})
        self.lexicon = self._lexicon()
        self.phrase_stems = [
            [[int(self.lexicon.stems[self.lexicon.numbers[word]]) for word in phrase] for phrase in page]
            for page in self.phrases
        ]
        self.pairs = _numbers({pair for page in self.phrase_stems for phrase in page for pair in self._pairs(phrase)})

    def _lexicon(self) -> Lexicon:
        frequency = Counter(word for page in self.phrases for phrase in page for word in phrase)
        frequency.update(word for body in self.bodies for word in body)
        known = sorted(frequency, key=lambda word: (len(word), word))
        own = [grams(word) for word in known]
        self.grams = _numbers({gram for found in own for gram in found})
        return Lexicon(
            words=known,
            frequency=np.array([frequency[word] for word in known], dtype=np.int32),
            stems=np.array([self.stems.get(stem(word, self.language), -1) for word in known], dtype=np.int32),
            starts=np.cumsum([0, *map(len, own)], dtype=np.int32),
            grams=np.array([self.grams[gram] for found in own for gram in found], dtype=np.int32),
        )

    def _pairs(self, stems: Sequence[int]) -> list[int]:
        count = len(self.stems)
        return [a * (count + 2) + b for a, b in pairs(stems, count, count + 1)]

    def _grams(self, text: Iterable[str]) -> Counter[int]:
        lexicon, counts = self.lexicon, Counter[int]()
        for word in text:
            number = lexicon.numbers[word]
            counts.update(lexicon.grams[lexicon.starts[number] : lexicon.starts[number + 1]].tolist())
        return counts

    def _words(self, text: Iterable[str]) -> Counter[int]:
        return Counter(self.lexicon.numbers[word] for word in text)

    def shelf(self, *, trained: bool) -> Shelf:
        together = [[word for phrase in page for word in phrase] for page in self.phrases]
        size, held = len(self.pages), [len(page) for page in self.phrases]
        pairs_held = [Counter(self.pairs[key] for key in self._pairs(p)) for page in self.phrase_stems for p in page]
        return Shelf(
            language=self.language,
            entries=np.array([page.entry for page in self.pages], dtype=np.int32),
            phrases=sum(held) / size,
            phrase_starts=np.cumsum([0, *held[:-1]], dtype=np.int32),
            lexicon=self.lexicon,
            gram_numbers=self.grams,
            stem_numbers=self.stems,
            pair_numbers=self.pairs,
            by_gram=build_postings(
                [Field([self._grams(t) for t in together]), Field([self._grams(b) for b in self.bodies], _BODY)],
                len(self.grams), size,
            ),
            by_word=build_postings(
                [Field([self._words(t) for t in together]), Field([self._words(b) for b in self.bodies], _BODY)],
                len(self.lexicon.words), size,
            ),
            by_pair=build_postings([Field(pairs_held, b=0.5)], len(self.pairs), sum(held)),
            classifier=self._classifier(held) if trained and size > 1 and sum(held) <= MOST_PHRASES else None,
        )  # fmt: skip

    def _classifier(self, held: Sequence[int]) -> Classifier | None:
        """Trains on titles, questions and keywords; None when the matrix would be too large."""
        texts = [phrase for page in self.phrases for phrase in page]
        found = [self._grams(text) for text in texts]
        rows = np.full(len(self.grams), UNSEEN, dtype=np.int32)
        rows[[number for gram, number in self.grams.items() if len(gram) > CLASSIFIER_GRAM]] = TOO_LONG
        seen = np.array(sorted(number for number in set().union(*found) if rows[number] == UNSEEN), dtype=np.intp)
        rows[seen] = np.arange(len(seen))
        stem_row, pair_row = len(seen), len(seen) + len(self.stems)
        if (pair_row + len(self.pairs)) * len(held) > _MOST_CELLS:
            return None
        stems = [Counter(row) for page in self.phrase_stems for row in page]
        linked = [Counter(self.pairs[key] for key in self._pairs(row)) for page in self.phrase_stems for row in page]
        groups = (
            [{int(rows[n]): c for n, c in counts.items() if rows[n] >= 0} for counts in found],
            [{stem_row + n: c for n, c in counts.items()} for counts in stems],
            [{pair_row + n: c for n, c in counts.items()} for counts in linked],
        )
        features, idf = _weigh(groups, pair_row + len(self.pairs))
        weights = softmax_regression(features, np.repeat(np.arange(len(held)), held))
        return Classifier(
            weights=weights.astype(np.float16),
            idf=idf,
            gram_rows=rows,
            stem_row=stem_row,
            pair_row=pair_row,
            top_idf=float(idf.max(initial=1.0)),
        )


def _weigh(groups: Sequence[Sequence[dict[int, int]]], columns: int) -> tuple[Any, Floats]:
    """The phrases as rows of TF-IDF, each group brought to its length, and the IDF of every column."""
    from scipy.sparse import csr_array, diags_array  # noqa: PLC0415 - only training needs scipy, which is slow to load

    held = np.zeros(columns)
    for group in groups:
        for counts in group:
            held[list(counts)] += 1
    idf = (np.log((1 + len(groups[0])) / (1 + held)) + 1).astype(np.float32)
    parts = []
    for weight, group in zip(GROUPS, groups, strict=True):
        starts = np.cumsum([0, *map(len, group)])
        at = np.fromiter((column for counts in group for column in counts), dtype=np.intp, count=starts[-1])
        values = np.fromiter((c for counts in group for c in counts.values()), dtype=np.float64, count=starts[-1])
        part = csr_array((values * idf[at], at, starts), shape=(len(group), columns))
        parts.append(weight * diags_array(_inverse(part)) @ part)
    together = parts[0] + parts[1] + parts[2]
    return (diags_array(_inverse(together)) @ together).tocsr(), idf


def _inverse(rows: Any) -> Vector:
    lengths = np.sqrt(rows.multiply(rows).sum(axis=1))
    inverse: Vector = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return inverse


def _numbers(names: Iterable[_Name]) -> dict[_Name, int]:
    return {name: number for number, name in enumerate(sorted(names))}
