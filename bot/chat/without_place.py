"""What a question says beside the place that it names, so that "Beratung in Augsburg" is searched as "Beratung"."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from bot.chat.talk import Talk
from bot.domain.knowledge import Contact
from bot.domain.places import Place
from bot.domain.search import Found, Outcome
from bot.search.everyday import FUNCTION
from bot.search.find import ANSWER, SUGGEST, Vocabulary
from bot.search.fold import words
from bot.search.place_words import BEFORE
from bot.search.places import Lookup, recognise

POSTCODE = re.compile(r"\d{5}")
MOST_WORDS = 12  # of a question; in longer ones the name of a place hardly weighs
LONGEST_NAME = 3  # words
HALF = 0.5
FEW = 2  # words beside the place: who writes no more looks for an office rather than for an answer


def beside(talk: Talk, text: str, found: Found) -> tuple[Found, str]:
    """What a text asks beside the places that were found in it, and those words.

    Places that stand alone are marked so. Where a contact point is named by its own name ("Frauenhaus Augsburg"), that
    is found.
    """
    lookup = talk.house.library.places
    if lookup is None or not found.named or len(text.split()) > MOST_WORDS:
        return found, text
    rest = _without(text, lookup, {place.id for one in found.named for place in one.places}, talk)
    asked = matters(rest)
    if not asked:
        return replace(found, outcome="none", hits=(), named=tuple(replace(one, alone=True) for one in found.named)), ""
    for hit in found.hits:
        if hit.kind == "contact" and _names(asked, talk.house.knowledge.contacts[hit.id].name, text):
            return replace(found, outcome="answer", hits=(hit,)), rest
    about = talk.house.recent.find(rest, talk.chosen)
    if len(asked) <= FEW:
        about = _without_practices(about)
    top = about.hits[0] if about.outcome == "answer" else None
    if top and top.kind == "contact" and not _is_there(talk, talk.house.knowledge.contacts[top.id], found):
        about = replace(about, outcome="none")  # "Beratung" is a word of many names
    return replace(about, language=found.language or about.language, named=found.named), rest


def _without_practices(found: Found) -> Found:
    """A word or two and a place do not ask for a practice elsewhere."""
    hits = tuple(hit for hit in found.hits if hit.kind != "practice")
    if found.urgent or hits == found.hits:
        return found
    best = hits[0].score if hits else 0.0
    outcome: Outcome = "answer" if best >= ANSWER else "suggest" if best >= SUGGEST else "none"
    return replace(found, hits=hits, outcome=outcome)


def matters(text: str) -> list[str]:
    """The words of a text, folded, without those that only join others."""
    return [word for word in words(text) if word not in FUNCTION and word not in BEFORE]


def _names(asked: Collection[str], name: str, text: str) -> bool:
    """Whether these words are most of a name, the place left out that was typed with them."""
    typed = set(words(text)) - set(asked)
    own = {word for word in matters(name) if word not in typed}
    return bool(own) and set(asked) <= own and len(asked) > HALF * len(own)


def _is_there(talk: Talk, contact: Contact, found: Found) -> bool:
    """Whether one of the places that were found is in a contact point's area of responsibility."""
    areas = talk.house.atlas.areas if talk.house.atlas else {}
    there = {place for area in contact.area for place in areas.get(area, ())}
    return any(place.id in there for named in found.named for place in named.places)


def _without(text: str, lookup: Lookup, places: Collection[int], talk: Talk) -> str:
    """The text without the words that name these places."""
    written = text.split()
    known = Vocabulary(talk.house.library.index)

    def names(start: int, end: int) -> bool:
        part = " ".join(written[start:end]).strip(" ,.;:!?()،؟")
        found = recognise(part, lookup, known)
        return any(one.alone or POSTCODE.fullmatch(part) for one in found) and any(
            place.id in places for one in found for place in one.places
        )

    for length in range(1, LONGEST_NAME + 1):
        gone = [range(at, at + length) for at in range(len(written) - length + 1) if names(at, at + length)]
        if gone:
            taken = {number for span in gone for number in span}
            taken |= {at - 1 for at in taken if at and "".join(words(written[at - 1])) in BEFORE}  # "in Augsburg"
            return " ".join(word for number, word in enumerate(written) if number not in taken)
    return text


def places_in(talk: Talk, text: str) -> list[Place]:
    """The places that a text names, the likeliest first; nothing is remembered of it."""
    lookup = talk.house.library.places
    named = recognise(text, lookup, Vocabulary(talk.house.library.index)) if lookup else []
    return list(dict.fromkeys(place for one in named for place in one.places))
