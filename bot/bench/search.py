"""How long a question takes, beside plain fuzzy matching over all phrases in the same run."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import quantiles

from rapidfuzz import fuzz, process, utils

from bot.domain.knowledge import Knowledge
from bot.library.read import read
from bot.library.shipped import shipped
from bot.search.build import build
from bot.search.find import find
from bot.search.index import dump, restore

_MOST = 300  # questions asked
_CUT = 3  # a slip loses the letter after the first third of the text


def measure(knowledge: Knowledge | None = None) -> dict[str, float]:
    """Asks a knowledge base, the shipped one unless given, its own questions, every second one with a slip.

    Returns:
        Milliseconds for `build`, `restore` and a question (`find_p50`, `find_p99`), the same for WRatio over all
        titles and questions (`wratio_p50`, `wratio_p99`), how many times faster `find` is (`ratio`, by the medians),
        and how many `phrases` there are. Empty when there is nothing to ask.
    """
    if knowledge is None:
        knowledge, _ = read(shipped("knowledge"))
    asked, phrases = _questions(knowledge)
    if not asked:
        return {}
    started = time.perf_counter()
    parts = dump(build(knowledge))
    built = time.perf_counter()
    index = restore(parts)
    restored = time.perf_counter()
    ours = _times(lambda text, language: find(index, text, language), asked)
    folded = [utils.default_process(phrase) for phrase in phrases]
    theirs = _times(
        lambda text, _: process.extract(utils.default_process(text), folded, scorer=fuzz.WRatio, limit=10), asked
    )
    return {
        "phrases": float(len(phrases)),
        "build": (built - started) * 1000,
        "restore": (restored - built) * 1000,
        "find_p50": ours[0],
        "find_p99": ours[1],
        "wratio_p50": theirs[0],
        "wratio_p99": theirs[1],
        "ratio": theirs[0] / ours[0],
    }


def _questions(knowledge: Knowledge) -> tuple[list[tuple[str, str]], list[str]]:
    texts = [text for entry in knowledge.entries.values() for text in entry.texts.values()]
    phrases = [phrase for text in texts for phrase in (text.title, *text.questions)]
    asked = [(question, text.language) for text in texts for question in text.questions or (text.title,)]
    every = max(1, len(asked) // _MOST)
    chosen = asked[::every][:_MOST]
    return [(_slip(text) if at % 2 else text, language) for at, (text, language) in enumerate(chosen)], phrases


def _slip(text: str) -> str:
    at = len(text) // _CUT
    return text[:at] + text[at + 1 :]


def _times(ask: Callable[[str, str], object], asked: Sequence[tuple[str, str]]) -> tuple[float, float]:
    """Median and 99th percentile in milliseconds; one round before to warm up."""
    spent = []
    for counted in (False, True):
        for text, language in asked:
            started = time.perf_counter()
            ask(text, language)
            if counted:
                spent.append((time.perf_counter() - started) * 1000)
    cuts = quantiles(spent * 2 if len(spent) == 1 else spent, n=100, method="inclusive")
    return cuts[49], cuts[98]
