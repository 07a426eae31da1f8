"""Calibration: how far the best entry must stand out to be trusted, learnt on the base itself.

Phrases are held out and asked (the entry is there), entries are held out and their phrases asked (the answer is not
there). How often the best hit is right, by how far it stands out, gives two numbers.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from bot.search.fold import words
from bot.search.rank import FEW, rank, read, standing
from bot.search.shelf import Shelf
from bot.search.stock import MOST_PHRASES, Page, stock

_ROUNDS = 2
_MANY = 40  # entries; from here on one round asks enough, and each takes a second
_HELD = 3  # every third phrase, every third entry
_ASKED = 200  # questions a language, kind and round
_IN_TO_OUT = 3.0  # questions that the base can answer for one that it cannot; a setting that moves p
_PRIORS = {True: (-4.0, 0.8), False: (-1.5, 5.6)}  # of bases with hardly any phrases, by trained or not
_PULL = (0.1, 4.0)  # how hard it is to leave, beside the number of questions asked
_FLATTEST = 0.05  # p never falls as the best entry stands out more
_NEWTON = 50  # turns; about six are needed
_STILL = 1e-6

Pair = npt.NDArray[np.float64]
Held = tuple[list[Page], list[tuple[str, int]]]  # the pages that are left, the questions with their entry or -1
Case = tuple[float, bool, bool]  # how far the best hit stands out, whether it was right, whether its entry was there


def calibrate(stocked: Sequence[tuple[Shelf, Sequence[Page]]]) -> dict[bool, tuple[float, float]]:
    """The two numbers a and b of p = sigmoid(a + b g), all languages together.

    There are two pairs, as g is measured in two ways: one for the shelves with a classifier (True), one for those
    without (False).
    """
    fitted = {}
    for trained, prior in _PRIORS.items():
        cases: list[Case] = []
        for shelf, pages in stocked:
            if (shelf.classifier is not None) == trained and shelf.phrases >= FEW and len(pages) > _HELD:
                cases += _hold_out(shelf.language, _some(pages), trained=trained)
        fitted[trained] = _fit(cases, np.array(prior))
    return fitted


def _some(pages: Sequence[Page]) -> Sequence[Page]:
    """As many of the pages, from all over, as a classifier could be trained on."""
    phrases = sum(len(page.phrases) for page in pages)
    return pages[:: max(1, math.ceil(phrases / MOST_PHRASES))]


def _hold_out(language: str, pages: Sequence[Page], *, trained: bool) -> list[Case]:
    cases: list[Case] = []
    for turn in range(_ROUNDS):
        chance = random.Random(f"{language} {turn}")  # noqa: S311 - repeatable, not secret
        cases += _ask(language, *_without_phrases(pages, chance), chance, trained)
        cases += _ask(language, *_without_entries(pages, chance), chance, trained)
        if len(pages) >= _MANY:
            break
    return cases


def _without_phrases(pages: Sequence[Page], chance: random.Random) -> Held:
    asked: list[tuple[str, int]] = []
    kept = []
    for page in pages:
        held = set(chance.sample(range(page.questions), page.questions // _HELD))
        asked += [(page.phrases[at], page.entry) for at in sorted(held)]
        kept.append(replace(page, phrases=tuple(p for at, p in enumerate(page.phrases) if at not in held),
                            questions=page.questions - len(held)))  # fmt: skip
    return kept, asked


def _without_entries(pages: Sequence[Page], chance: random.Random) -> Held:
    held = set(chance.sample(range(len(pages)), len(pages) // _HELD))
    asked = [(phrase, -1) for at in sorted(held) for phrase in pages[at].phrases[: pages[at].questions]]
    return [page for at, page in enumerate(pages) if at not in held], asked


def _ask(
    language: str,
    pages: Sequence[Page],
    asked: Sequence[tuple[str, int]],
    chance: random.Random,
    trained: bool,  # noqa: FBT001 - one of two kinds of shelf
) -> list[Case]:
    shelf = stock(language, pages, trained=trained)
    cases = []
    for text, want in chance.sample(asked, min(_ASKED, len(asked))):
        query = read(shelf, words(text))
        ranking = rank(shelf, query)
        best = int(shelf.entries[int(ranking.total.argmax())])
        cases.append((standing(shelf, query, ranking), best == want, want >= 0))
    return cases


def _fit(cases: Sequence[Case], prior: Pair) -> tuple[float, float]:
    """Logistic regression by Newton's method, drawn towards the prior where there is little to learn from."""
    if not cases:
        return float(prior[0]), float(prior[1])
    g, right, inside = (np.array(column, dtype=np.float64) for column in zip(*cases, strict=True))
    share = _IN_TO_OUT * (1 - inside).sum() / max(1.0, inside.sum())
    weights = np.where(inside > 0, share or 1.0, 1.0)
    weights *= len(cases) / weights.sum()
    x = np.column_stack([np.ones_like(g), g])
    pull = np.array(_PULL)

    def loss(at: Pair) -> float:
        z = x @ at
        return float(weights @ (np.logaddexp(0, z) - right * z) + 0.5 * (pull * (at - prior) ** 2).sum())

    found = prior.copy()
    for _ in range(_NEWTON):
        p = 1 / (1 + np.exp(-np.clip(x @ found, -30, 30)))
        slope = x.T @ (weights * (right - p)) - pull * (found - prior)
        curve = (x * (weights * p * (1 - p))[:, None]).T @ x + np.diag(pull)
        step = np.linalg.solve(curve, slope)
        while np.abs(step).max() > _STILL and loss(found + step) > loss(found):
            step = step / 2
        found = found + step
        if np.abs(step).max() <= _STILL:
            break
    return float(found[0]), max(float(found[1]), _FLATTEST)
