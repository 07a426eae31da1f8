"""Places: which one is meant, and the contact points there; a shared place is used and forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.browse import beside_or_in_place, contacts, out_of_date
from bot.chat.lists import HOME, numbered
from bot.chat.message import Button, Message, Row
from bot.chat.offices import Wanted, has_own, offices, own_offices, own_row, topic_of, turn_row, wanted
from bot.chat.person import FALLBACK
from bot.chat.talk import Talk
from bot.chat.without_place import FEW, POSTCODE, matters, places_in
from bot.domain.knowledge import Entry, in_language
from bot.domain.places import Named, Place
from bot.domain.search import Found, Outcome
from bot.search.fold import words
from bot.services.offices import Atlas

MOST = 4  # municipalities to choose from, beside the answer that may be meant
SURE = 0.9  # probability of an answer; below that a place and a word or two ask for advice there
ABOUT_OFFICES = frozenset({"immigration-office", FALLBACK})  # answers that say where to turn
GENERAL = frozenset({"find-contact", "talk-to-a-person"})  # actions that a place makes more exact


async def answer(talk: Talk, found: Found, text: str) -> Outcome | None:
    """Answers a text that names a place with the contact points there; what to count it as.

    None where it is better answered otherwise. `text` is what it says beside the place.
    """
    atlas = talk.house.atlas
    if atlas is None or not found.named or _is_delicate(talk, found):
        return None
    alone = found.named[0].alone or len(found.named) > MOST
    entry = None if alone else _entry(talk, found)
    place = found.named[0].place if len(found.named) == 1 else None
    if not alone and found.outcome == "answer":
        if entry is None and found.hits[0].id not in GENERAL:
            return None  # a contact point by its name, a practice, or something to do
        if entry and not _wants_offices(talk, found, entry, place, matters(text)):
            return None  # its card, with the way to the contact points of the place
    topic = "" if alone else _topic(talk, found, place)
    rows = _entry_row(talk, entry)
    if place is None:
        await talk.say(which(talk, found.named, topic, rows))
        return "suggest"
    vague = not alone and found.outcome == "none" and len(matters(text)) > 1
    told = (talk.texts.gettext("There is no checked answer to this here yet."),) if vague else ()
    await talk.say(offices(talk, atlas, Wanted(atlas.registered(place), topic), 0, rows, told))
    return "none" if vague else "answer"


def _is_delicate(talk: Talk, found: Found) -> bool:
    """Whether help in danger is what comes first, though not surely; it is then offered as ever."""
    top = found.hits[0].id if found.hits and found.outcome != "none" else ""
    entry = talk.house.knowledge.entries.get(top)
    return entry is not None and entry.urgent


def _wants_offices(talk: Talk, found: Found, entry: Entry, place: Place | None, asked: Sequence[str]) -> bool:
    """Whether a place and a word or two ask rather for offices than for this answer.

    So it is where the answer is not sure or is about where to turn, or an office there has these words in its name;
    and where it is not clear which place is meant.
    """
    atlas, topic = talk.house.atlas, topic_of(talk, entry, place)
    if atlas is None or len(asked) > FEW:
        return False
    if found.hits[0].score < SURE or place is None:
        return True
    general = talk.house.knowledge.entries.get(FALLBACK)
    advice = entry.id in ABOUT_OFFICES or (general and entry.topics[:1] == general.topics[:1])
    names = {word for office in own_offices(atlas, place, {topic}) for word in words(office.contact.name)}
    return bool(topic) and has_own(atlas, place, {topic}) and (bool(advice) or not names.isdisjoint(asked))


def which(talk: Talk, named: Sequence[Named], topic: str, rows: Sequence[Row] = ()) -> Message:
    """Asks back: namesakes with the town that is near, the places of a postcode, or the several that were named."""
    places = list(dict.fromkeys(place for one in named for place in one.places))
    listed = choice_of_places(talk, places, f"place:{{id}}:{topic}" if topic else "place:{id}")
    return replace(listed, rows=(*rows, *listed.rows))


def choice_of_places(talk: Talk, places: Sequence[Place], data: str) -> Message:
    """Asks which place is meant; `data` is what buttons carry, with `{id}` for the place."""
    _ = talk.texts.gettext
    first = places[:MOST]
    choices = [(label, data.format(id=place.id)) for label, place in zip(labelled(talk, first), first, strict=True)]
    lines = [_("Which place do you mean? Tap it, or reply with its number.")]
    if len(places) > MOST:
        lines.append(_("Not in the list? Write its postcode."))
    return Message("\n".join(lines), tuple(numbered(choices)))


def labelled(talk: Talk, places: Sequence[Place]) -> list[str]:
    """The municipalities' names; among namesakes with the district, a town near, or else the postcode."""
    atlas = talk.house.atlas
    names = [place.name for place in places]
    if atlas is None or len(set(names)) == len(names):
        return names
    labels = [_label(talk, atlas, place) if names.count(place.name) > 1 else place.name for place in places]
    return [
        label if labels.count(label) == 1 else f"{place.name} ({(atlas.gazetteer.postcodes(place.id) or [''])[0]})"
        for label, place in zip(labels, places, strict=True)
    ]


def _label(talk: Talk, atlas: Atlas, place: Place) -> str:
    official = atlas.register.get(place.id)
    if official and official.rural:
        return f"{place.name} (Landkreis {official.district})"  # as it stands on signs and letters
    town = atlas.gazetteer.town_near(place)
    if official or town is None:
        return place.name
    return talk.texts.gettext("{place} (near {town})").format(place=place.name, town=town.name)


def beside(talk: Talk, found: Found, card: Message) -> Message:
    """The card of an answer with a way to the contact points of the place that was named, else of the person's own."""
    entry = talk.house.knowledge.entries[found.hits[0].id]
    if talk.house.atlas is None or entry.kind != "answer":
        return card
    clear = [named.place for named in found.named if named.place]
    rows = [turn_row(place, topic_of(talk, entry, place), talk.texts) for place in clear[:2]]
    if not found.named:
        rows += own_row(talk, topic_of(talk, entry))
    return replace(card, rows=(*rows, *card.rows)) if rows else card


async def unknown_postcode(talk: Talk) -> bool:
    """Says that a postcode does not exist, if the text is one of which nothing is known; whether it was."""
    _ = talk.texts.gettext
    if talk.house.atlas is None or not POSTCODE.fullmatch(talk.arrival.text.strip()):
        return False
    line = _("Lotse does not know this postcode. Write the name of the place, for example “Augsburg”.")
    # Translators: button label
    await talk.say(Message(line, ((Button(_("Show topics"), HOME),),)))
    return True


async def chosen(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers place:<id> and place:<id>:<topic>."""
    await page(talk, f"{arguments[0]}-{''.join(arguments[1:])}", 0)


async def page(talk: Talk, of: str, number: int) -> None:
    """Answers more:offices-<id>-<topic or position>:<page>."""
    about, atlas = wanted(talk, of), talk.house.atlas
    if about is None or atlas is None:
        await out_of_date(talk)
        return
    await beside_or_in_place(talk, offices(talk, atlas, about, number))


async def shared(talk: Talk) -> None:
    """Answers a shared place, which is used for this answer and not kept."""
    _ = talk.texts.gettext
    atlas, where = talk.house.atlas, talk.arrival.where
    place = atlas.gazetteer.nearest(where) if atlas and where else None
    if atlas is None or place is None:
        lines = [
            _("This place is not in Germany, as far as Lotse can tell."),
            _("The place was not stored."),
            _("Write the name of a place or its postcode, for example “Augsburg”."),
        ]
        # Translators: button label
        await talk.say(Message("\n".join(lines), ((Button(_("Show topics"), HOME),),)))
        return
    await talk.say(offices(talk, atlas, Wanted(atlas.registered(place), where=where), 0))


async def contacts_of(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers /contacts, and /contacts with a place."""
    atlas = talk.house.atlas
    places = places_in(talk, arguments[0]) if atlas and arguments else []
    if atlas and len(places) == 1:
        await talk.say(offices(talk, atlas, Wanted(atlas.registered(places[0])), 0))
    elif places:
        await talk.say(choice_of_places(talk, places, "place:{id}"))
    else:
        await contacts(talk, arguments)


def _entry(talk: Talk, found: Found) -> Entry | None:
    """The answer that is meant, if one is."""
    top = found.hits[0] if found.hits and found.outcome != "none" else None
    return talk.house.knowledge.entries[top.id] if top and top.kind == "answer" else None


def _topic(talk: Talk, found: Found, place: Place | None) -> str:
    """What contact points are wanted for; advice in general where it is not clear."""
    entry = _entry(talk, found)
    if entry is None or found.hits[0].score < SURE:
        entry = talk.house.knowledge.entries.get(FALLBACK, entry)
    return topic_of(talk, entry, place)


def _entry_row(talk: Talk, entry: Entry | None) -> tuple[Row, ...]:
    text = in_language(entry.texts, talk.language) if entry else None
    return ((Button(text.title, f"entry:{entry.id}"),),) if entry and text else ()
