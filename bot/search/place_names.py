"""Names of places as they are written, or with the endings of a sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.places import Place
from bot.search.place_lookup import CITY, KNOWN_TOWN, LARGE_TOWN, Reading, some
from bot.search.place_text import Span, Word
from bot.search.place_words import BEFORE, CASELESS, FOREIGN, SHORTEST, towns_of, uninflected

SHORTEST_ALONE = 4  # letters of a name that is one without anything that says so


@dataclass(frozen=True, slots=True)
class _Names:
    """What a text may name: the runs of several words and the forms of single ones, with what is known of them."""

    runs: Sequence[Sequence[tuple[str, int]]]
    forms: Mapping[str, Sequence[str]]
    ids: Mapping[str, Sequence[int]]
    places: Mapping[int, Place]
    abroad: Collection[str]

    def at(self, start: int, word: Word) -> Iterator[tuple[str, int, list[Place]]]:
        """The names that may begin at a word, the longest first, each with its end and places; none of it is abroad."""
        for form, end in [*self.runs[start], *((form, start + 1) for form in self.forms[word.folded])]:
            if form in self.ids or form in self.abroad:
                yield form, end, [self.places[id_] for id_ in self.ids.get(form, ())]
            if form in self.abroad and form not in self.ids:
                return


def exact(reading: Reading) -> list[Span]:
    """The names in a text; of those that overlap the first and longest."""
    names = _names(reading)
    spans: list[Span] = []
    taken = 0
    for start, word in enumerate(reading.line.words):
        if start < taken:
            continue
        for form, end, places in names.at(start, word):
            if not places:
                taken = end
            elif _is_meant(reading, start, end, form, places):
                spans.append((start, end, places))
                taken = end
                break
    return spans


def _names(reading: Reading) -> _Names:
    words = reading.line.words
    forms = {folded: [folded, *uninflected(folded), *towns_of(folded)] for folded in {word.folded for word in words}}
    heads = reading.known.heads({form for several in forms.values() for form in several})
    runs = [
        [run for run in reading.line.runs(start, heads.get(word.folded, 1)) if run[1] > start + 1]
        for start, word in enumerate(words)
    ]
    tried = {*heads, *(run for several in runs for run, _ in several)}
    ids = reading.known.named(tried)
    places = reading.known.places({place for several in ids.values() for place in several})
    return _Names(runs, forms, ids, places, reading.known.elsewhere(tried))


def _is_meant(reading: Reading, start: int, end: int, form: str, places: Sequence[Place]) -> bool:
    """Whether words that are a place's name are meant as one."""
    word = reading.line.words[start]
    ordinary = form in reading.known.ordinary
    if word.personal or form in BEFORE:
        return False
    if end > start + 1:
        return not ordinary
    if form != word.folded:
        return not ordinary and _is_inflected(reading, word, form, places)
    if FOREIGN.match(form):
        town = some(places, KNOWN_TOWN, CITY if CASELESS.match(form) else KNOWN_TOWN)
        return town and not ordinary and (word.led or len(form) >= SHORTEST_ALONE)
    return _is_written_so(reading, start, ordinary=ordinary, places=places)


def _is_written_so(reading: Reading, start: int, *, ordinary: bool, places: Sequence[Place]) -> bool:
    """Whether a word in Latin letters, just as a place writes its name, is meant as one."""
    word = reading.line.words[start]
    strange = word.folded not in reading.is_word
    if len(reading.line) == 1:
        return not ordinary or (word.capital and (strange or some(places, KNOWN_TOWN, LARGE_TOWN)))
    if word.led:
        return word.capital or (not ordinary and some(places, 0, LARGE_TOWN))
    if ordinary or len(word.folded) < SHORTEST_ALONE:
        return False
    if word.capital:
        return start > 0 or strange or some(places, KNOWN_TOWN, KNOWN_TOWN)
    return some(places, KNOWN_TOWN, CITY)


def _is_inflected(reading: Reading, word: Word, form: str, places: Sequence[Place]) -> bool:
    """Whether a town is meant by a word that is its name with an ending or a beginning."""
    if form in towns_of(word.folded):
        least = KNOWN_TOWN if word.folded == f"{form}er" else LARGE_TOWN  # "Münchner"; but fields are not of Velden
        return word.capital and word.followed and not word.addressed and some(places, least, LARGE_TOWN)
    if word.led or len(reading.line) == 1:
        return some(places, KNOWN_TOWN, LARGE_TOWN if word.capital else CITY)
    return len(form) >= SHORTEST and word.folded not in reading.is_word and some(places, LARGE_TOWN, CITY)
