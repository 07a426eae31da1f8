"""Names of places with a typing error, and names in other scripts that are listed nowhere: only where one is likely."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz.distance import OSA

from bot.domain.places import Place
from bot.search.everyday import FUNCTION
from bot.search.place_lookup import CITY, KNOWN_TOWN, LARGE_TOWN, Reading, some
from bot.search.place_text import LONGEST, Line, Span
from bot.search.place_words import BEFORE, CASELESS, FOREIGN, uninflected
from bot.search.sounds import skeleton

MOST_TRIED = 60  # runs of words of a text that are looked up with a typing error
# Letters of a word that may be misspelt: a capital one after a word that says so, any capital one, and others.
SHORTEST_LED, SHORTEST_CAPITAL, SHORTEST_CASELESS, SHORTEST_SMALL = 3, 4, 5, 6
MOST_AROUND = 20  # names of a text that a longer misspelt one is looked for around
LONG_NAME = 9  # letters of several words that may together be a misspelt name
BESIDE = 2  # words of a text that is a topic and a place
SOUNDS, SOUNDS_CASELESS = 4, 5  # consonants by which a name is recognised; fewer are anything

Run = tuple[str, int, int]


def misspelt(reading: Reading, exact: Sequence[Span]) -> list[Span]:
    """Names with one typing error, the longest first; beside what was found exactly, only longer ones around it."""
    tried = sorted(_tried(reading, exact), key=lambda run: run[1] - run[2])[:MOST_TRIED]
    tried = _at_home(reading, tried)
    shorts = {run: without_one(run) for run, *_ in tried}
    names = reading.known.shortened({short for several in shorts.values() for short in several})
    spans: list[Span] = []
    for run, start, end in tried:
        if any(start < other_end and other_start < end for other_start, other_end, _ in spans):
            continue
        close = {name for short in shorts[run] for name in names.get(short, ()) if _one_apart(run, name)}
        if places := _likely(reading, start, end, close):
            spans.append((start, end, places))
    return sorted(spans, key=lambda span: span[:2])


def by_sound(reading: Reading) -> list[Span]:
    """A large town in Cyrillic or Arabic letters that is listed nowhere, by its consonants."""
    words = reading.line.words
    expected = [
        (word.folded, start, start + 1)
        for start, word in enumerate(words)
        if FOREIGN.match(word.folded) and word.named and (word.led or len(words) == 1)
        if word.folded not in reading.is_word and not word.personal
    ][:MOST_TRIED]
    tried = [
        (start, end, skeleton(form))
        for run, start, end in _at_home(reading, expected)
        for form in (run, *uninflected(run))
    ]
    names = reading.known.sounding({sound for _, _, sound in tried})
    for start, end, sound in tried:
        least = SOUNDS_CASELESS if CASELESS.match(words[start].folded) else SOUNDS
        if sound in names and len(sound) >= least:
            towns = [place for place in reading.places(names[sound]) if some([place], LARGE_TOWN, CITY)]
            if len(towns) == 1:
                return [(start, end, towns)]
    return []


def without_one(word: str) -> set[str]:
    """A word, and what is left of it without one of its letters: equal for words that differ by one typing error."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def _one_apart(one: str, other: str) -> bool:
    return OSA.distance(one, other, score_cutoff=1) <= 1


def _tried(reading: Reading, exact: Sequence[Span]) -> Iterator[Run]:
    """The runs of words that may be a name with a typing error."""
    line = reading.line
    if exact:
        wider = {
            (start, end)
            for first, after, _ in exact[:MOST_AROUND]
            for start in range(max(0, after - LONGEST), first + 1)
            for end in range(after, min(start + LONGEST, len(line)) + 1)
            if end - start > after - first
        }
        places = sorted(wider)
    else:
        places = [(start, end) for start in range(len(line)) for end in range(start + 1, _last(line, start) + 1)]
    for start, end in places:
        word = line.words[start]
        if not word.personal and (word.led or start == 0 or len(line) <= BESIDE):
            run = line.run(start, end)
            if _may_be_misspelt(reading, start, end, run):
                yield run, start, end


def _last(line: Line, start: int) -> int:
    """The end of the longest run from a word that may be a name: small words are taken for one only alone."""
    word = line.words[start]
    return min(start + LONGEST, len(line)) if word.capital or start == 0 else start + 1


def _may_be_misspelt(reading: Reading, start: int, end: int, run: str) -> bool:
    """Whether words that nothing is known of stand where a place is expected."""
    line, word = reading.line, reading.line.words[start]
    whole = start == 0 and end == len(line)
    if run in reading.known.ordinary:
        return False
    if end > start + 1:
        return whole or (word.led and word.capital and len(run) >= LONG_NAME)
    if run in reading.is_word or run in FUNCTION or run in BEFORE or not run.isalpha() or word.addressed:
        return False
    if not (word.led or whole) and not _is_beside_a_topic(reading):
        return False
    if word.capital:
        return len(run) >= (SHORTEST_LED if word.led else SHORTEST_CAPITAL)
    return len(run) >= (SHORTEST_CASELESS if word.named else SHORTEST_SMALL)


def _is_beside_a_topic(reading: Reading) -> bool:
    words = [word.folded for word in reading.line.words]
    long = all(word.isalpha() and len(word) >= SHORTEST_CAPITAL for word in words)
    return long and len(words) == BESIDE and any(word in reading.is_word for word in words)


def _at_home(reading: Reading, tried: Sequence[Run]) -> list[Run]:
    """Those that do not begin a name of something abroad."""
    runs = {start: [run for run, _ in reading.line.runs(start)] for _, start, _ in tried}
    abroad = reading.known.elsewhere({run for several in runs.values() for run in several})
    return [run for run in tried if not any(other in abroad for other in runs[run[1]])]


def _likely(reading: Reading, start: int, end: int, names: Iterable[str]) -> list[Place]:
    """The places that go by one of the names, as far as a guess may reach."""
    word, alone = reading.line.words[start], end - start == len(reading.line)
    certain = word.led or (alone and word.capital)
    likely = {name for name in names if certain or name not in reading.known.ordinary}
    if not likely:
        return []
    if FOREIGN.match(word.folded):
        least, elsewhere = LARGE_TOWN, CITY
    elif word.capital:
        least, elsewhere = 0 if certain else LARGE_TOWN, LARGE_TOWN
    else:
        least, elsewhere = KNOWN_TOWN if alone else LARGE_TOWN, CITY
    return [place for place in reading.places(likely) if some([place], least, elsewhere)]
