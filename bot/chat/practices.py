"""Good practices: all of them, by topic, or by the type of municipality."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.chat.browse import entry_choice, out_of_date
from bot.chat.lists import HOME, page_of
from bot.chat.message import Message
from bot.chat.talk import Talk
from bot.domain.knowledge import MUNICIPALITIES, Entry
from bot.texts import N_

MENU = "more:practices:0"
TYPES = {
    "landkreis": N_("Rural districts"),
    "kreisfreie-stadt": N_("Independent cities"),
    "kreisangehoerig": N_("Municipalities within a district"),
}
Choice = tuple[str, str]  # label, callback data


async def practices(talk: Talk, _arguments: Sequence[str]) -> None:
    """Answers /practices."""
    await show(talk, "", 0)


async def show(talk: Talk, of: str, page: int) -> None:
    """Shows one of the lists: the menu, all, the topics, the types, or what one topic or type has."""
    kind, _, name = of.partition(".")
    lists: dict[str, Callable[[], Message]] = {
        "": lambda: _menu(talk),
        "all": lambda: _entries(talk, of, _practices(talk), page),
        "topics": lambda: _list(talk, of, _topics(talk), page),
        "types": lambda: _list(talk, of, _types(talk), page),
        "topic": lambda: _entries(talk, of, [e for e in _practices(talk) if name in e.topics], page),
        "type": lambda: _entries(talk, of, [e for e in _practices(talk) if name in e.municipalities], page),
    }
    if kind not in lists:
        await out_of_date(talk)
        return
    await talk.show(lists[kind]())


def _practices(talk: Talk) -> list[Entry]:
    return [entry for entry in talk.house.knowledge.entries.values() if entry.kind == "practice"]


def _menu(talk: Talk) -> Message:
    """Three ways in; where there is nothing to filter by, just the list."""
    _ = talk.texts.gettext
    found = _practices(talk)
    if not found:
        return Message(_("There are no good practices here yet."))
    choices = [(_("All good practices"), "more:practices-all:0")]
    if _topics(talk):
        choices.append((_("By topic"), "more:practices-topics:0"))
    if _types(talk):
        choices.append((_("By type of municipality"), "more:practices-types:0"))
    if len(choices) == 1:
        return _entries(talk, "all", found, 0)
    return page_of(_("Good practices of municipalities"), choices, "practices", 0, talk.texts, HOME)


def _topics(talk: Talk) -> list[Choice]:
    named = {name for entry in _practices(talk) for name in entry.topics}
    topics = [topic for topic in talk.house.knowledge.topics.values() if topic.id in named]
    return [(t.named(talk.language), f"more:practices-topic.{t.id}:0") for t in topics]


def _types(talk: Talk) -> list[Choice]:
    named = {name for entry in _practices(talk) for name in entry.municipalities}
    return [(talk.texts.gettext(TYPES[t]), f"more:practices-type.{t}:0") for t in MUNICIPALITIES if t in named]


def _entries(talk: Talk, of: str, entries: Sequence[Entry], page: int) -> Message:
    if not entries:
        return _menu(talk)
    return _list(talk, of, [entry_choice(entry, talk.language) for entry in entries], page)


def _list(talk: Talk, of: str, choices: Sequence[Choice], page: int) -> Message:
    heading = talk.texts.gettext("Good practices of municipalities")
    return page_of(heading, choices, f"practices-{of}", page, talk.texts, MENU)
