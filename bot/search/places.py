"""Recognising municipalities in what people write: in any script, misspelt, inside a question, by postcode."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from bot.domain.places import HOME, Named, Place, weight
from bot.search.fold import fold
from bot.search.place_guesses import by_sound, misspelt
from bot.search.place_lookup import Lookup, Reading
from bot.search.place_names import exact
from bot.search.place_text import Line, line_of
from bot.search.postcodes import postcodes

__all__ = ["Lookup", "recognise"]

DOMINANT = 10  # times heavier than all its namesakes: no question is asked


def recognise(text: str, known: Lookup, is_word: Container[str] = frozenset()) -> list[Named]:
    """The municipalities that a text names, in its order; several, where several are named.

    Args:
        text: Anything, of any length.
        known: The gazetteer.
        is_word: Folded words that the knowledge base uses; a place is not guessed from one by a typing error.
    """
    reading = Reading(line_of(text), known, is_word)
    if found := _by_postcode(text, reading):
        return found
    spans = exact(reading)
    # "Garching b.Müncen" is not München
    spans = misspelt(reading, spans) or spans or by_sound(reading)
    line = reading.line
    named = dict.fromkeys(_meant(line, start, end, places) for start, end, places in spans)
    alone = len(named) == 1 and sum(end - start for start, end, _ in spans) == len(line)
    return [Named(places, alone=alone) for places in named]


def _by_postcode(text: str, reading: Reading) -> list[Named]:
    """By postcodes; a name beside one says which of its municipalities."""
    found = []
    for code in postcodes(text):
        if not (ids := reading.known.postcode(code)):
            continue
        runs = {run for start in range(len(reading.line)) for run, _ in reading.line.runs(start)}
        named = {place for several in reading.known.named(runs).values() for place in several} & {*ids}
        chosen = reading.known.places(named or ids).values()
        found.append(Named(_heaviest_first(chosen), code, len(reading.line) == 1))
    return found


def _meant(line: Line, start: int, end: int, places: Sequence[Place]) -> tuple[Place, ...]:
    """Those that the words mean, by their spelling: Fürth is not Furth, but who types Furth may lack the ü."""
    typed = " ".join(word.written for word in line.words[start:end]).casefold()
    folded = line.run(start, end)
    fitting = [place for place in places if _is_spelt(place.name, typed, folded)]
    if not fitting or len(fitting) == len(places):
        return _likely(places)
    likely = _likely(fitting)
    if typed != folded:
        return likely
    heavier = [place for place in places if place not in fitting and weight(place) >= DOMINANT * weight(likely[0])]
    return (*likely, *_heaviest_first(heavier))


def _is_spelt(name: str, typed: str, folded: str) -> bool:
    """Whether a name begins with what was typed, or was found by another name altogether."""
    return not fold(name).startswith(folded) or any(spelling.startswith(typed) for spelling in _spellings(name))


def _spellings(name: str) -> set[str]:
    name = name.casefold()
    return {name, name.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")}


def _heaviest_first(places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(sorted(places, key=lambda place: (-weight(place), place.id)))


def _likely(places: Iterable[Place]) -> tuple[Place, ...]:
    """The likeliest first; that one alone where it outweighs the others by far, but never one at home over another."""
    ordered = _heaviest_first(places)
    others = ordered[1:]
    rival = any(place.state == HOME and place.state == ordered[0].state for place in others)
    if not rival and weight(ordered[0]) >= DOMINANT * sum(map(weight, others)):
        return ordered[:1]
    return ordered
