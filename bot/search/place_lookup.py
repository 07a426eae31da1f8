"""What the recogniser of places looks things up in, and how large a town must be to be meant."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.places import HOME, Place
from bot.search.place_text import Line

KNOWN_TOWN = 5000  # inhabitants of a town that is recognised in small letters
LARGE_TOWN = 15_000  # of one that is recognised with an ending, misspelt in small letters, or by its sound
CITY = 100_000  # of one in another state, where one at home need only be known


class Lookup(Protocol):
    """What is known of places; see bot.library.places.Gazetteer."""

    @property
    def ordinary(self) -> Collection[str]: ...  # noqa: D102
    def places(self, ids: Iterable[int]) -> Mapping[int, Place]: ...  # noqa: D102
    def heads(self, words: Iterable[str]) -> Mapping[str, int]: ...  # noqa: D102
    def named(self, names: Iterable[str]) -> Mapping[str, Sequence[int]]: ...  # noqa: D102
    def elsewhere(self, names: Iterable[str]) -> Collection[str]: ...  # noqa: D102
    def shortened(self, shorts: Iterable[str]) -> Mapping[str, Sequence[str]]: ...  # noqa: D102
    def sounding(self, sounds: Iterable[str]) -> Mapping[str, Sequence[str]]: ...  # noqa: D102
    def postcode(self, code: str) -> Sequence[int]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Reading:
    """A text being looked through, with what is known of places, and the words that speak of something else."""

    line: Line
    known: Lookup
    is_word: Container[str]

    def places(self, names: Iterable[str]) -> list[Place]:
        """The places that go by any of these folded names."""
        ids = {place for several in self.known.named(names).values() for place in several}
        return [*self.known.places(ids).values()]


def some(places: Iterable[Place], least: int, elsewhere: int) -> bool:
    """Whether one of the places has so many inhabitants, at home or elsewhere."""
    return any(place.population >= (least if place.state == HOME else elsewhere) for place in places)
