"""Municipalities as Lotse knows them, and how far apart places are."""

from __future__ import annotations

import math
from dataclasses import dataclass

EARTH = 6371.0  # km, mean radius
UNKNOWN = 2000  # inhabitants of a municipality that GeoNames does not list; about the median
HOME = "BY"  # the state that Lotse is first made for: among namesakes its municipalities come first


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality. `state` is its ISO 3166-2 code without the country ("BY"), `where` (latitude, longitude).

    `key` is the official municipality key, `district` and `type` come with it; all three are empty until an operator
    has loaded the official register.
    """

    id: int
    name: str
    state: str
    where: tuple[float, float]
    population: int
    key: str = ""
    district: str = ""
    type: str = ""


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance of two places (latitude, longitude in degrees) along the earth, in km (haversine formula)."""
    north, south = math.radians(one[0]), math.radians(other[0])
    steps = math.sin((south - north) / 2) ** 2
    steps += math.cos(north) * math.cos(south) * math.sin(math.radians(other[1] - one[1]) / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(steps)))


def weight(place: Place) -> int:
    """How likely a place is meant among its namesakes: by its inhabitants, those at home counting tenfold."""
    return (place.population or UNKNOWN) * (10 if place.state == HOME else 1)


@dataclass(frozen=True, slots=True)
class Named:
    """What a text names: the municipalities that can be meant, the likeliest first; one when it is clear.

    `postcode` is the postcode that led there, `alone` says that the text is nothing but the place.
    """

    places: tuple[Place, ...]
    postcode: str = ""
    alone: bool = False

    @property
    def place(self) -> Place | None:
        """The municipality, where it is clear which."""
        return self.places[0] if len(self.places) == 1 else None
