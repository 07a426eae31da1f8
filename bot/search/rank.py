"""Ranking on one shelf: a question becomes numbers, and every entry gets a score."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.search.features import CLASSIFIER_GRAM, grams, pairs, stem
from bot.search.postings import Floats, Postings, Vector
from bot.search.shelf import UNSEEN, Query, Ranking, Shelf

_REPAIRED_GRAMS = 0.5  # the n-grams of a repair, beside those that were typed
_REPAIRED_WORD = 0.8
_UNKNOWN = 0.5  # how far an n-gram that the base does not know counts in the length of a question
GROUPS = (1.0, 0.7, 0.5)  # the classifier's characters, stems, and pairs of stems
_WARMTH = 3.0  # evens out the classifier's outputs before they are added to the other scores
_WHOLE = 8  # phrases an entry from which word and pair scores count in full
FEW = 2  # phrases an entry under which the classifier is no better than a centroid


def read(shelf: Shelf, words: Sequence[str], added: Sequence[tuple[str, float]] = ()) -> Query:
    """The numbers of a question's words; `added` are words that it stands for, each with a weight."""
    reader = _Reader(shelf)
    for word in words:
        reader.take(word)
    for word, weight in added:
        reader.add(word, weight)
    return reader.query()


class _Reader:
    """Collects the numbers of one question."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.words: list[int] = []
        self.word_weights: list[float] = []
        self.grams: list[int] = []
        self.gram_weights: list[float] = []
        self.stems: list[int] = []  # in order, -1 for what no phrase has
        self.unknown = 0.0
        self.extra_stems: list[tuple[int, float]] = []

    def take(self, word: str) -> None:
        number = self.shelf.lexicon.numbers.get(word)
        if number is not None:
            self._known(number, 1.0, 1.0)
            self.stems.append(int(self.shelf.lexicon.stems[number]))
            return
        self._strange(word, 1.0)
        repairs = self.shelf.lexicon.repair(word)
        for repair in repairs:
            self._known(repair, _REPAIRED_WORD, _REPAIRED_GRAMS)
        stems = [int(self.shelf.lexicon.stems[repair]) for repair in repairs]
        own = self.shelf.stem_numbers.get(stem(word, self.shelf.language), -1)
        self.stems.append(own if own >= 0 or not stems else stems[0])

    def add(self, word: str, weight: float) -> None:
        number = self.shelf.lexicon.numbers.get(word)
        if number is not None:
            self._known(number, weight, weight)
            if (at := int(self.shelf.lexicon.stems[number])) >= 0:
                self.extra_stems.append((at, weight))
        else:
            self._strange(word, weight)

    def _strange(self, word: str, weight: float) -> None:
        for gram in grams(word):
            number = self.shelf.gram_numbers.get(gram)
            if number is not None:
                self.grams.append(number)
                self.gram_weights.append(weight)
            elif len(gram) <= CLASSIFIER_GRAM:
                self.unknown += weight

    def _known(self, number: int, weight: float, gram_weight: float) -> None:
        self.words.append(number)
        self.word_weights.append(weight)
        lexicon = self.shelf.lexicon
        own = lexicon.grams[lexicon.starts[number] : lexicon.starts[number + 1]].tolist()
        self.grams += own
        self.gram_weights += [gram_weight] * len(own)

    def query(self) -> Query:
        count = len(self.shelf.stem_numbers)
        found = pairs(self.stems, count, count + 1)
        numbers = [self.shelf.pair_numbers.get(a * (count + 2) + b, -1) if a >= 0 and b >= 0 else -1 for a, b in found]
        stems = [(at, 1.0) for at in self.stems if at >= 0] + self.extra_stems
        return Query(
            words=np.array(self.words, dtype=np.intp),
            word_weights=np.array(self.word_weights),
            grams=np.array(self.grams, dtype=np.intp),
            gram_weights=np.array(self.gram_weights),
            unknown=self.unknown,
            stems=np.array([at for at, _ in stems], dtype=np.intp),
            stem_weights=np.array([weight for _, weight in stems]),
            unknown_stems=sum(at < 0 for at in self.stems),
            pairs=np.array([at for at in numbers if at >= 0], dtype=np.intp),
            unknown_pairs=sum(at < 0 for at in numbers),
        )


def rank(shelf: Shelf, query: Query) -> Ranking:
    """Scores every entry of the shelf: characters, words, best phrase, and the classifier, each beside its best."""
    many = shelf.phrases
    total = _beside_best(shelf.by_gram.score(query.grams, query.gram_weights))
    share = min(max(many / _WHOLE, 0.25), 1.0)
    total += share * _beside_best(shelf.by_word.score(query.words, query.word_weights))
    total += min(many / _WHOLE, 1.0) * _beside_best(best_phrase(shelf, query))
    outputs = classify(shelf, query)
    if outputs is None:
        return Ranking(total, None)
    total += min(max(many / FEW, 0.5), 4.0) * np.exp((outputs - outputs.max()) / _WARMTH)
    return Ranking(total, outputs)


def best_phrase(shelf: Shelf, query: Query) -> Vector:
    """For every entry the score of its phrase that shares most pairs of stems with the question."""
    phrases = shelf.by_pair.score(query.pairs, np.ones(len(query.pairs)))
    return np.maximum.reduceat(phrases, shelf.phrase_starts)


def classify(shelf: Shelf, query: Query) -> Floats | None:
    """The classifier's raw outputs, one an entry; None when the shelf has no classifier."""
    model = shelf.classifier
    if model is None:
        return None
    rows = model.gram_rows[query.grams]
    seen = rows >= 0
    at = np.concatenate([rows[seen], query.stems + model.stem_row, query.pairs + model.pair_row])
    if not len(at):
        return np.zeros(model.weights.shape[1], dtype=np.float32)
    gains = np.concatenate([query.gram_weights[seen], query.stem_weights, np.ones(len(query.pairs))])
    used, places = np.unique(at, return_inverse=True)
    counts = np.bincount(places, weights=gains) * model.idf[used]
    unknown = query.unknown + float(query.gram_weights[rows == UNSEEN].sum())
    strange = (unknown, query.unknown_stems, query.unknown_pairs)
    bounds = [0, *np.searchsorted(used, (model.stem_row, model.pair_row)).tolist(), len(used)]
    length = 0.0
    for weight, count, start, end in zip(GROUPS, strange, bounds, bounds[1:], strict=False):
        own = counts[start:end]
        norm = float(own @ own) + _UNKNOWN * count * model.top_idf**2
        if norm > 0:
            own *= weight / norm**0.5
            length += weight**2
    outputs: Floats = (counts / length**0.5).astype(np.float32) @ model.weights[used].astype(np.float32)
    return outputs


def _beside_best(scores: Vector) -> Vector:
    best = scores.max(initial=0.0)
    return scores / best if best > 0 else scores


def standing(shelf: Shelf, query: Query, ranking: Ranking) -> float:
    """How far the best entry stands out, g.

    By the classifier it is the maximum less the median of the outputs; without one, or with one trained on hardly
    any phrases, the share of the question's n-grams, by their IDF, that the best entry has.
    """
    if ranking.outputs is None or shelf.phrases < FEW:
        return _share(shelf.by_gram, query, int(ranking.total.argmax()))
    middle = len(ranking.outputs) // 2
    return float(ranking.outputs.max() - np.partition(ranking.outputs, middle)[middle])


def _share(postings: Postings, query: Query, best: int) -> float:
    worths = query.gram_weights * postings.idf[query.grams]
    got = float(worths @ postings.within(query.grams, best))
    total = float(worths.sum()) + query.unknown * float(postings.idf.max(initial=0.0))
    return got / total if total > 0 else 0.0
