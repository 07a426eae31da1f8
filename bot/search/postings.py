"""BM25 with the arithmetic done when building: a term knows its documents and what it gives to each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Vector = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]

_K1 = 1.2  # how soon more of the same word stops to count (the usual value of BM25)


@dataclass(frozen=True, slots=True)
class Field:
    """One part of the documents: how often each has each term; `weight` and length normalisation `b` as in BM25F."""

    counts: Sequence[Counter[int]]
    weight: float = 1.0
    b: float = 0.75


@dataclass(frozen=True, slots=True)
class Postings:
    """For term t, `documents[starts[t]:starts[t + 1]]` are its documents and `impacts[...]` their gains."""

    starts: Integers
    documents: Integers
    impacts: Floats
    idf: Floats
    size: int

    def score(self, terms: npt.NDArray[np.intp], weights: Vector) -> Vector:
        """The sum over the terms (numbers, each with a weight) for every document."""
        at, lengths = self._places(terms)
        if not len(at):
            return np.zeros(self.size)
        scores: Vector = np.bincount(
            self.documents[at], weights=self.impacts[at] * np.repeat(weights, lengths), minlength=self.size
        ).astype(np.float64, copy=False)
        return scores

    def within(self, terms: npt.NDArray[np.intp], document: int) -> Vector:
        """For each of the terms 1 where the document has it, else 0."""
        at, lengths = self._places(terms)
        own = np.repeat(np.arange(len(terms)), lengths)
        held: Vector = np.bincount(own, weights=self.documents[at] == document, minlength=len(terms)).astype(np.float64)
        return held

    def _places(self, terms: npt.NDArray[np.intp]) -> tuple[npt.NDArray[np.intp], Integers]:
        """Where the terms' documents stand, one term after the other, and how many each has."""
        first = self.starts[terms]
        lengths = self.starts[terms + 1] - first
        ends = np.cumsum(lengths)
        return np.arange(int(lengths.sum())) + np.repeat(first - ends + lengths, lengths), lengths


def _weighed(field: Field, terms: int) -> tuple[npt.NDArray[np.int64], Vector]:
    """Every (document, term) of a field as document * terms + term, and its normalised frequency."""
    held = [len(counts) for counts in field.counts]
    total = sum(held)
    at = np.fromiter((term for counts in field.counts for term in counts), dtype=np.int64, count=total)
    values = np.fromiter((n for counts in field.counts for n in counts.values()), dtype=np.float64, count=total)
    documents = np.repeat(np.arange(len(held)), held)
    lengths = np.bincount(documents, weights=values, minlength=len(held))
    average = float(lengths[lengths > 0].mean()) if (lengths > 0).any() else 1.0
    norm = 1 - field.b + field.b * lengths / average
    return documents * terms + at, field.weight * values / norm[documents]


def build_postings(fields: Iterable[Field], terms: int, size: int) -> Postings:
    """Postings over `size` documents of `terms` terms, whose frequency is the weighted sum over the fields."""
    weighed = [_weighed(field, terms) for field in fields]
    keys, where = np.unique(np.concatenate([key for key, _ in weighed]), return_inverse=True)
    tf = np.bincount(where, weights=np.concatenate([value for _, value in weighed]), minlength=len(keys))
    term, document = keys % terms if terms else keys, keys // terms if terms else keys
    held = np.bincount(term, minlength=terms)
    idf = np.log1p((size - held + 0.5) / (held + 0.5))
    order = np.lexsort((document, term))
    impacts = idf[term] * tf * (_K1 + 1) / (tf + _K1)
    return Postings(
        starts=np.concatenate([[0], np.cumsum(held)]).astype(np.int32),
        documents=document[order].astype(np.int32),
        impacts=impacts[order].astype(np.float32),
        idf=idf.astype(np.float32),
        size=size,
    )
