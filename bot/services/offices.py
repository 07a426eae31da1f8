"""Contact points on the map: where they are, whom they are for, and which ones a place has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from bot.domain.knowledge import Contact, Knowledge
from bot.domain.offices import Office, offices
from bot.domain.places import Place, kilometres, weight
from bot.domain.register import Municipality
from bot.library.gazetteer import forms
from bot.library.places import Gazetteer
from bot.search.fold import words

Where = tuple[float, float]
SAME = 15.0  # km between the positions that two lists give for one municipality
CLOSE = 5.0  # km, where it only has a word of the name in common


@dataclass(frozen=True, slots=True)
class Atlas:
    """The contact points of a knowledge base with a gazetteer; made once for each library.

    `positions` has the contact points whose position is known and no secret, `areas` the municipalities that go by the
    names in their areas of responsibility. `register` holds the official municipalities by their place, if an
    operator has loaded them.
    """

    knowledge: Knowledge
    gazetteer: Gazetteer
    positions: Mapping[str, Where] = field(default_factory=dict)
    areas: Mapping[str, frozenset[int]] = field(default_factory=dict)
    register: Mapping[int, Municipality] = field(default_factory=dict)

    def with_register(self, municipalities: Iterable[Municipality]) -> Atlas:
        """The same with the official register: each of its municipalities is that of its name which lies nearest."""
        found: dict[int, Municipality] = {}
        unknown: list[Municipality] = []
        for one in municipalities:
            place = self._nearest(one, forms(one.name), SAME)
            if place is not None:
                found.setdefault(place.id, one)
            elif one.where is not None:
                unknown.append(one)
        for one in unknown:  # "Bad Neualbenreuth" has been a spa for a short time, "Baar (Schwaben)" is just "Baar"
            place = self._nearest(one, words(one.name), CLOSE)
            if place is not None:
                found.setdefault(place.id, one)
        return replace(self, register=found)

    def place(self, id_: int) -> Place | None:
        """A municipality by its number, with what the register says of it."""
        found = self.gazetteer.places([id_]).get(id_)
        return self.registered(found) if found else None

    def registered(self, place: Place) -> Place:
        """A municipality with its key, district and type, where the register was loaded."""
        official = self.register.get(place.id)
        if official is None:
            return place
        return replace(place, key=official.key, district=official.district, type=official.type)

    def _nearest(self, one: Municipality, names: Collection[str], within: float) -> Place | None:
        """The place with one of these folded names that lies nearest; without a position the only one in its state."""
        named = self.gazetteer.named(names)
        places = self.gazetteer.places({id_ for ids in named.values() for id_ in ids}).values()
        if one.where is None:
            own = [place for place in places if place.state == one.state]
            return own[0] if len(own) == 1 else None
        near = [(kilometres(one.where, place.where), place.id, place) for place in places]
        best = min(near, default=None)
        return best[2] if best is not None and best[0] <= within else None

    def near(
        self,
        place: Place,
        where: Where | None = None,
        topics: Collection[str] = (),
        language: str = "",
    ) -> list[Office]:
        """The contact points for a municipality, the best first; see domain.offices.

        `where` is the position to count distances from, if it is another than the municipality's.
        """
        official = self.register.get(place.id)
        names = {name for name, ids in self.areas.items() if place.id in ids}
        if official:
            own = official.district
            names |= {f"Landkreis {own}", f"Kreis {own}"} if official.rural else {own}
        contacts = self.knowledge.contacts.values()
        position = lambda contact: self.positions.get(contact.id)  # noqa: E731 - one look-up
        return offices(contacts, place, where or place.where, names, position, topics, language)

    def distance(self, contact: Contact, where: Where) -> float | None:
        """How many km a contact point is from somewhere; None where its position is unknown or a secret."""
        at = self.positions.get(contact.id)
        return kilometres(where, at) if at else None


def atlas(knowledge: Knowledge, gazetteer: Gazetteer, register: Mapping[int, Municipality] | None = None) -> Atlas:
    """Finds out where the contact points are and which municipalities their areas mean."""
    named = {area for contact in knowledge.contacts.values() for area in contact.area if len(area) > 2}  # noqa: PLR2004 - DE, BY
    positions = {
        contact.id: where
        for contact in knowledge.contacts.values()
        if (where := _position(contact, gazetteer)) is not None
    }
    areas = {area: _municipalities(area, gazetteer) for area in named}
    return Atlas(knowledge, gazetteer, positions, areas, register or {})


def _position(contact: Contact, gazetteer: Gazetteer) -> Where | None:
    """Where a contact point is: as written, else the centre of its postcode, else of its town."""
    if contact.confidential_address:
        return None
    if contact.location or not contact.address:
        return contact.location
    centre = gazetteer.centre(contact.address.postcode) if contact.address.postcode else None
    if centre:
        return centre
    town = _heaviest(contact.address.city, gazetteer)
    return town.where if town else None


def _municipalities(area: str, gazetteer: Gazetteer) -> frozenset[int]:
    """Whom the name of an area means: of namesakes the likeliest one."""
    town = _heaviest(area, gazetteer)
    return frozenset({town.id} if town else ())


def _heaviest(name: str, gazetteer: Gazetteer) -> Place | None:
    written = words(name)
    forms = [" ".join(written[:end]) for end in range(len(written), 0, -1)]  # "Taufkirchen (Vils)", "Taufkirchen"
    named = gazetteer.named(forms)
    places = gazetteer.places(next((named[form] for form in forms if form in named), ()))
    return max(places.values(), key=lambda place: (weight(place), -place.id), default=None)
