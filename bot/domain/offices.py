"""Which offices are there for somebody in a place: the responsible one first, then the nearest, then wider ones."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.domain.knowledge import Contact
from bot.domain.places import Place, kilometres

Reach = Literal["responsible", "here", "near", "region", "state", "country"]
REACHES: Sequence[Reach] = ("responsible", "here", "near", "region", "state", "country")
NEARBY = 40.0  # km to an advice centre of another town; about an hour by bus and train
# Kinds that are responsible for an area by law: whoever lives elsewhere must go elsewhere.
GENERAL = "counselling"  # the kind that knows the way for everybody
LAST = frozenset({"court", "network", "finder", "participation"})  # kinds that few people look for first
AUTHORITIES = frozenset({"immigration-office", "authority", "registration-office", "citizenship", "jobcenter"})
# These too are there for their own area only.
BOUND = AUTHORITIES | {"integration-office", "participation", "court"}
WIDE = 60  # municipalities; more are no district any more, but a region: Bavaria's largest has 58


@dataclass(frozen=True, slots=True)
class Office:
    """A contact point as it stands to a place; `distance` in km where both positions are known."""

    contact: Contact
    reach: Reach
    distance: float | None


def offices(
    contacts: Iterable[Contact],
    place: Place,
    where: tuple[float, float],
    names: Collection[str],
    position: Callable[[Contact], tuple[float, float] | None],
    topics: Collection[str] = (),
    language: str = "",
) -> list[Office]:
    """The contact points for a place, the best first.

    Args:
        contacts: All of them.
        place: The municipality.
        where: The position that distances are counted from: the municipality's, or the one that a person shared.
        names: What the municipality and its district are called in areas of responsibility.
        position: Where a contact point is, if it is known and no secret.
        topics: What it is about; empty for anything.
        language: The reader's; among those that it is equally about, who speak it come first.
    """
    found = []
    for contact in contacts:
        if topics and not set(topics) & set(contact.topics):
            continue
        at = position(contact)
        distance = kilometres(where, at) if at else None
        reach = _reach(contact, place, names, distance)
        if reach is not None:
            found.append(Office(contact, reach, distance))

    def order(office: Office) -> tuple[int, bool, int, bool, bool, float]:
        contact = office.contact
        far = office.distance if office.distance is not None else NEARBY
        main = next((number for number, topic in enumerate(contact.topics) if topic in topics), 0)
        special = contact.kind != GENERAL
        silent = language not in contact.languages
        return REACHES.index(office.reach), contact.kind in LAST, main, special, silent, far

    return sorted(found, key=order)


def _reach(contact: Contact, place: Place, names: Collection[str], distance: float | None) -> Reach | None:
    """How a contact point stands to a place; None where it is not for it."""
    if any(name in names for name in contact.area):
        if len(contact.area) > WIDE:
            return "region"
        return "responsible" if contact.kind in AUTHORITIES else "here"
    if place.state in contact.area:
        return "state"
    if "DE" in contact.area:
        return "country"
    near = distance is not None and distance <= NEARBY
    return "near" if near and contact.kind not in BOUND else None
