"""A text as the recogniser of places looks at it: its words, and what the words around each say of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.places import Place
from bot.search.fold import words
from bot.search.place_words import BEFORE, CASELESS, STREETS, TITLES

MOST_WORDS = 2000  # of a text that are looked at: as many as the longest message can have
LONGEST = 5  # words of a name
LETTERS = 60  # of a name at most
WORD = re.compile(r"(?:[^\W\d_]|\u200c)+(?:['’.-](?=[^\W\d_]))?|\d+")

Span = tuple[int, int, list[Place]]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text: as written, folded, whether it is capital; and what stands around it.

    `led` says that the word before tells of a place, `personal` that it belongs to a person's name, `addressed` that a
    word for a street follows, `followed` that any capital word does.
    """

    written: str
    folded: str
    capital: bool
    led: bool = False
    personal: bool = False
    addressed: bool = False
    followed: bool = False

    @property
    def named(self) -> bool:
        """Whether it is written as names are: with a capital, or in letters that have none."""
        return self.capital or CASELESS.match(self.written) is not None


@dataclass(frozen=True, slots=True)
class Line:
    """The words of a text, and the folded runs of them that may be names."""

    words: Sequence[Word]

    def __len__(self) -> int:
        return len(self.words)

    def run(self, start: int, end: int) -> str:
        """Some words together, folded."""
        return " ".join(word.folded for word in self.words[start:end])

    def runs(self, start: int, longest: int = LONGEST) -> Iterator[tuple[str, int]]:
        """All runs that begin at a word, the longest first, each with the place of the word after it."""
        for end in range(min(start + longest, len(self)), start, -1):
            yield self.run(start, end), end


def line_of(text: str) -> Line:
    """Reads the words of a text."""
    known: dict[str, str] = {}
    plain: list[tuple[str, str]] = []
    for match in WORD.finditer(text):
        written = match[0].rstrip("'’.-")
        if written not in known:
            known[written] = "".join(words(written)) if len(written) <= LETTERS else "…"
        if known[written]:
            plain.append((written, known[written]))
        if len(plain) == MOST_WORDS:
            break
    return Line([_word(plain, at) for at in range(len(plain))])


def _word(plain: Sequence[tuple[str, str]], at: int) -> Word:
    written, folded = plain[at]
    before = plain[at - 1][1] if at else ""
    after, next_folded = plain[at + 1] if at + 1 < len(plain) else ("", "")
    return Word(
        written,
        folded,
        written[:1].isupper(),
        before in BEFORE,
        _is_of_a_person(plain, at),
        next_folded in STREETS,
        after[:1].isupper(),
    )


def _is_of_a_person(plain: Sequence[tuple[str, str]], at: int) -> bool:
    """Whether a title stands before: "Herr Rosenheim", "Frau Anna Erlangen"."""
    if at and plain[at - 1][1] in TITLES:
        return True
    first_name = at > 1 and plain[at - 1][0][:1].isupper() and plain[at - 1][1] not in BEFORE
    return first_name and plain[at - 2][1] in TITLES
