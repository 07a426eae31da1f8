"""Postcodes in a text, told from other numbers with five digits."""

from __future__ import annotations

import re

from bot.search.fold import words
from bot.search.place_words import COUNTED, NAMING, NUMBERED

# Five digits by themselves, "D-" before them allowed: no part of a longer number, a sum, a date or a file number.
FIVE = re.compile(
    r"(?:\bDE?[ -]?|(?<![\w.,/+§#€$-])(?<!\d )(?<![€$№] ))"
    r"(\d{5})"
    r"(?![\w/€$%-])(?![.,]\d)(?! (?:\d|€|\$|%))"
)
MOST = 20  # postcodes of a text that are looked up
AROUND = 24  # letters before and after that are looked at


def postcodes(text: str) -> list[str]:
    """The numbers in a text that may be German postcodes, in western digits, each once."""
    found: dict[str, None] = {}
    for match in FIVE.finditer(text):
        if not _is_other(text, match.start(), match.end()):
            found[f"{int(match[1]):05}"] = None
        if len(found) == MOST:
            break
    return [*found]


def _is_other(text: str, start: int, end: int) -> bool:
    """Whether the words beside a number say that it is a sum, a file number or a telephone's."""
    before = words(text[max(0, start - AROUND) : start])[-1:]
    after = words(text[end : end + AROUND])[:1]
    return bool(COUNTED & {*after} or any(word in NUMBERED or word.endswith(NAMING) for word in before))
