"""The contact points for a place as a list: who is in charge, who is near, and where to ask where nobody is known."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.chat.cards import note, shortened
from bot.chat.contact_card import kilometres, open_line
from bot.chat.lists import HOME, PAGE, page_of
from bot.chat.markup import bold, escape
from bot.chat.message import Button, Message, Row
from bot.chat.talk import Talk
from bot.domain.knowledge import Contact, Entry
from bot.domain.offices import Office
from bot.domain.places import Place
from bot.services.offices import Atlas, Where
from bot.texts import N_, Texts

SHOWN = PAGE - 1  # contact points at once, so that an answer fits beside them
FINDERS = ("bamf-navi", "behoerdennummer-115")  # where to look when no office of the place is known
OWN = ("responsible", "here")  # reaches of the offices that a place has itself
LARGE_TOWN = "Große Kreisstadt"  # the type of a town that may do some of its district's tasks
RESIDENCE = "residence"  # the topic of immigration offices
GROUPS: Mapping[str, str] = {
    "responsible": N_("In charge:"),
    "here": N_("Advice and help here:"),
    "finder": N_("They know which office is in charge:"),
    "near": N_("In other towns, ask first whether they can help you:"),
    "region": N_("For the whole region:"),
    "state": N_("For the whole state:"),
    "country": N_("For all of Germany:"),
}
# What buttons carry: a place, and a topic or the position that was shared.
WANTED = re.compile(r"(\d{1,10})-(?:@(\d{1,2}\.\d{3}),(\d{1,2}\.\d{3})|([a-z0-9-]*))", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Contact points for a place: of one topic, or of all; `where` is a position that was shared."""

    place: Place
    topic: str = ""
    where: Where | None = None

    @property
    def name(self) -> str:
        """As lists and buttons carry it; a shared position only to 100 m."""
        shared = f"@{self.where[0]:.3f},{self.where[1]:.3f}" if self.where else ""
        return f"{self.place.id}-{shared or self.topic}"

    @property
    def origin(self) -> Where:
        """What distances are counted from."""
        return self.where or self.place.where


def wanted(talk: Talk, name: str) -> Wanted | None:
    """What the name of a list says; None for a place or topic that does not exist."""
    match, atlas = WANTED.fullmatch(name), talk.house.atlas
    place = atlas.place(int(match[1])) if atlas and match else None
    if place is None or match is None or (match[4] and match[4] not in talk.house.knowledge.topics):
        return None
    where = (float(match[2]), float(match[3])) if match[2] else None
    return Wanted(place, match[4] or "", where)


def of_list(talk: Talk) -> Wanted | None:
    """What the list was about in which a button was pressed, if it was one of contact points for a place."""
    for _, data in talk.arrival.buttons:
        verb, _, name = data.partition("-")
        if verb == "more:offices":
            return wanted(talk, name.partition(":")[0])
        if data.startswith("place:"):
            return wanted(talk, f"{data[6:].partition(':')[0]}-")
    return None


def offices(
    talk: Talk, atlas: Atlas, about: Wanted, number: int, rows: Sequence[Row] = (), told: Sequence[str] = ()
) -> Message:
    """The contact points for a place, four at once; a row and the lines `told` may come first."""
    t = talk.texts
    found = atlas.near(about.place, about.where, {about.topic} if about.topic else (), talk.language)
    groups: list[tuple[str, Office]] = [(office.reach, office) for office in found]
    lines = [f"{bold(heading(about.place, t))} 📍", *told]
    by_rule = residence_line(atlas, about, found, t)
    lines += by_rule
    if not any(reach in OWN for reach, _ in groups):
        if not (by_rule and about.topic):
            lines.append(t.gettext("Lotse does not know an advice centre or office of this place itself yet."))
        groups = _finders_first(atlas, groups)
    first = number * SHOWN if 0 <= number * SHOWN < len(groups) else 0
    before = groups[first - 1][0] if first else ""
    for position, (group, office) in enumerate(groups[first : first + SHOWN], 1):
        if group != before or position == 1:
            lines.append(t.gettext(GROUPS[group]))
        before = group
        lines += _lines(talk, position, office, shared=about.where is not None)
    if about.where:
        lines.append(t.gettext("This municipality is the nearest. Do you live in another one? Write its name."))
        lines.append(t.gettext("The place was not stored."))
    choices = [(office.contact.name, f"contact:{office.contact.id}") for _, office in groups]
    listed = page_of("\n".join(lines), choices, f"offices-{about.name}", number, t, HOME, SHOWN)
    return Message(listed.html, (*rows, *listed.rows[:-1], (*_everything(about, t), *listed.rows[-1])))


def heading(place: Place, t: Texts) -> str:
    """What the list says, and the buttons that lead to it."""
    # Translators: button label
    return t.gettext("Where to turn in {place}").format(place=place.name)


def turn_row(place: Place, topic: str, t: Texts) -> Row:
    """The button that leads to the list."""
    data = f"place:{place.id}:{topic}" if topic else f"place:{place.id}"
    return (Button(shortened(heading(place, t)), data),)


def own_row(talk: Talk, topic: str = "") -> tuple[Row, ...]:
    """The button for the place that a person had remembered; none where there is no such place."""
    place = own_place(talk)
    return (turn_row(place, topic, talk.texts),) if place else ()


def own_place(talk: Talk) -> Place | None:
    """The place that a person had remembered; nobody's in a group, where others would learn it."""
    atlas = talk.house.atlas
    return atlas.place(talk.place) if atlas and talk.place and talk.arrival.private else None


def away(talk: Talk, contact: Contact, about: Wanted | None) -> str:
    """How far a contact point is from the place that a list was about, else from the person's own."""
    atlas, own = talk.house.atlas, own_place(talk)
    about = about or (Wanted(own) if own else None)
    if atlas is None or about is None:
        return ""
    return kilometres(contact, atlas.distance(contact, about.origin), talk.texts, shared=about.where is not None)


def topic_of(talk: Talk, entry: Entry | None, place: Place | None = None) -> str:
    """The topic of an answer that contact points are there for; rather one for which the place has some itself."""
    atlas = talk.house.atlas
    topics = entry.topics if entry else ()
    if place and atlas:
        own = next((topic for topic in topics if has_own(atlas, place, {topic})), "")
        if own:
            return own
    served = {topic for contact in talk.house.knowledge.contacts.values() for topic in contact.topics}
    return next((topic for topic in topics if topic in served), "")


def has_own(atlas: Atlas, place: Place, topics: Collection[str]) -> bool:
    """Whether offices of the place itself are known for these topics; the register knows that for residence."""
    ruled = RESIDENCE in topics and place.state == "BY" and place.id in atlas.register
    return ruled or bool(own_offices(atlas, place, topics))


def own_offices(atlas: Atlas, place: Place, topics: Collection[str]) -> list[Office]:
    """The contact points of the place itself for these topics."""
    return [office for office in atlas.near(place, None, topics) if office.reach in OWN]


def residence_line(atlas: Atlas, about: Wanted, found: Sequence[Office], t: Texts) -> list[str]:
    """Who decides on residence, by the rule: the rural district, or the town that is a district itself.

    It is left out where that office is in the list, and where the official register was not loaded. The rule is that
    of Bavaria's regulation on responsibilities (ZustVAuslR); a few large district towns have the task themselves.
    """
    official = atlas.register.get(about.place.id) if about.place.state == "BY" else None
    known = any(o.reach == "responsible" and o.contact.kind == "immigration-office" for o in found)
    if official is None or known or about.topic not in {"", RESIDENCE}:
        return []
    lines = [t.gettext("Residence permits: {office}").format(office=escape(official.office))]
    if official.type == LARGE_TOWN:
        lines.append(t.gettext("Ask whether the town has an immigration office of its own."))
    return lines


def _finders_first(atlas: Atlas, groups: Sequence[tuple[str, Office]]) -> list[tuple[str, Office]]:
    """Official finders before the neighbours and what is there for everyone."""
    contacts = [atlas.knowledge.contacts[id_] for id_ in FINDERS if id_ in atlas.knowledge.contacts]
    finders = [("finder", Office(contact, "country", None)) for contact in contacts]
    return [*finders, *(one for one in groups if one[1].contact.id not in FINDERS)]


def _everything(about: Wanted, t: Texts) -> Row:
    """From one topic to all of a place."""
    if not about.topic:
        return ()
    # Translators: button label
    label = t.gettext("Everything in {place}").format(place=about.place.name)
    return (Button(shortened(label), f"place:{about.place.id}"),)


def _lines(talk: Talk, number: int, office: Office, *, shared: bool) -> list[str]:
    """A contact point in a list: its name, how far it is, what it is for, and whether it is open."""
    t, contact = talk.texts, office.contact
    far = "" if office.reach in {"state", "country"} else kilometres(contact, office.distance, t, shared=shared)
    name = f"{escape(contact.name)} ({far})" if far else escape(contact.name)
    told = [escape(note(contact, talk.language))] if contact.notes else []
    return [f"{number}. {name}", *told, *filter(None, [open_line(contact, t, talk.house.now())])]
