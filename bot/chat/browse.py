"""Browsing without typing: topics, practices, contact points; lists and cards edited in place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.chat.cards import entry_card, wipe_row
from bot.chat.contact_card import contact_card
from bot.chat.lists import HOME, page_of, way_back
from bot.chat.markup import bold, escape
from bot.chat.message import Button, Message
from bot.chat.offices import away, of_list, own_row
from bot.chat.talk import Talk
from bot.chat.wipe import send_danger
from bot.domain.knowledge import Contact, Entry, Knowledge, in_language
from bot.texts import texts

Choice = tuple[str, str]  # label, callback data
CARD = re.compile(r"wipe:|person:(?!general)|newsletter:off")  # what a card or a letter has and a list does not
LETTER = "newsletter:off"  # what a letter has, which came unasked and stays to be read


async def out_of_date(talk: Talk) -> None:
    """For old and forged buttons and links: says so, and shows the topics of now."""
    now = topic_list(talk, 0)
    await talk.say(Message(f"{out_of_date_sentence(talk)}\n{now.html}", now.rows))


def out_of_date_sentence(talk: Talk) -> str:
    """Says that a button or link is out of date; what holds now comes after it."""
    _ = talk.texts.gettext
    if talk.arrival.kind == "press":
        return _("This button is out of date. Here is how things stand now:")
    return _("This link leads nowhere any more. Here is how things stand now:")


async def topics(talk: Talk, _arguments: Sequence[str]) -> None:
    """Answers /topics."""
    await talk.show(topic_list(talk, 0))


async def contacts(talk: Talk, _arguments: Sequence[str]) -> None:
    """Answers /contacts."""
    await talk.show(contact_shelves(talk, 0))


async def topic(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers topic:<id>."""
    await show_topic(talk, arguments[0], 0)


async def entry(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers entry:<id> and entry:<id>:<code>, the latter in a language of the entry's own."""
    found = talk.house.knowledge.entries.get(arguments[0])
    code = arguments[1] if len(arguments) > 1 else ""
    if found is None or found.kind == "action" or (code and code not in found.texts):
        await out_of_date(talk)
        return
    from_card = _from_card(talk)
    reader = _reader(talk, found)
    talk.language = code or talk.language
    if found.urgent and not from_card and not talk.arrival.answers:
        await send_danger(talk, found)
        return
    up = _way_up(found)
    lonely = from_card and all(data != up for _, data in talk.arrival.buttons)  # not reached by browsing
    back = () if lonely else way_back(up, talk.texts)
    message = entry_card(talk.house.knowledge, found, talk.language, talk.house.now(), back)
    if found.urgent:
        message = replace(message, rows=(*message.rows[:-1], wipe_row(talk.language, talk.arrival.message_id)))
    message = _with_own_language(message, found, code, reader, talk)
    if found.kind == "practice" and talk.coordinates and talk.arrival.private:
        # Translators: button label
        announce = (Button(talk.texts.gettext("Announce it"), f"announce:new:practice-{found.id}"),)
        message = replace(message, rows=(*message.rows, announce))
    await (talk.say if LETTER in {data for _, data in talk.arrival.buttons} else talk.show)(message)


async def contact(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers contact:<id>."""
    found = talk.house.knowledge.contacts.get(arguments[0])
    if found is None:
        await out_of_date(talk)
        return
    about = of_list(talk)
    shelf = f"more:offices-{about.name}:0" if about else _shelf_of(talk.house.knowledge, found)
    back = () if _from_card(talk) else way_back(shelf, talk.texts)
    card = contact_card(found, talk.language, talk.house.now(), back, away(talk, found, about))
    await beside_or_in_place(talk, card)


def topic_named(knowledge: Knowledge, text: str) -> str | None:
    """The topic whose name in any language somebody typed, or None."""
    named = text.casefold()
    names = ((topic.id, name) for topic in knowledge.topics.values() for name in topic.names.values())
    return next((topic_id for topic_id, name in names if name.casefold() == named), None)


def topic_list(talk: Talk, page: int) -> Message:
    """The topics at the top; where a knowledge base has none, all its entries."""
    _ = talk.texts.gettext
    knowledge = talk.house.knowledge
    choices = _topic_choices(talk, "")
    if not choices:
        entries = [e for e in knowledge.entries.values() if e.kind != "action"]
        choices = [entry_choice(e, talk.language) for e in entries]
    if not choices:
        return Message(_("There is nothing to choose from here yet."))
    return page_of(_("Choose a topic, or write your question."), choices, "topics", page, talk.texts)


async def show_topic(talk: Talk, topic_id: str, page: int) -> None:
    """The topics and entries on a shelf."""
    found = talk.house.knowledge.topics.get(topic_id)
    if found is None:
        await out_of_date(talk)
        return
    entries = [e for e in talk.house.knowledge.entries.values() if topic_id in e.topics and e.kind != "action"]
    choices = _topic_choices(talk, topic_id) + [entry_choice(e, talk.language) for e in entries]
    heading = bold(found.named(talk.language))
    back = f"topic:{found.parent}" if found.parent in talk.house.knowledge.topics else HOME
    await talk.show(page_of(heading, choices, f"topic-{topic_id}", page, talk.texts, back))


def contact_shelves(talk: Talk, page: int) -> Message:
    """The topics that have contact points; where none is named, the contact points themselves."""
    _ = talk.texts.gettext
    knowledge = talk.house.knowledge
    if not knowledge.contacts:
        return Message(_("There are no contact points here yet."))
    named = {name for c in knowledge.contacts.values() for name in c.topics}
    choices = [
        (t.named(talk.language), f"more:shelf-{t.id}:0") for t in knowledge.topics.values() if t.id in named
    ] or [(c.name, f"contact:{c.id}") for c in knowledge.contacts.values()]
    listed = page_of(_("Where to turn: choose a topic."), choices, "contacts", page, talk.texts)
    return listed if page else replace(listed, rows=(*own_row(talk), *listed.rows))


def contact_shelf(talk: Talk, topic_id: str, page: int) -> Message:
    """The contact points of one topic."""
    knowledge = talk.house.knowledge
    found = [c for c in knowledge.contacts.values() if topic_id in c.topics]
    heading = bold(knowledge.topics[topic_id].named(talk.language))
    choices = [(c.name, f"contact:{c.id}") for c in found]
    return page_of(heading, choices, f"shelf-{topic_id}", page, talk.texts, "more:contacts:0")


def entry_contacts(talk: Talk, found: Entry, page: int) -> Message:
    """All contact points of one entry."""
    knowledge = talk.house.knowledge
    choices = [(c.name, f"contact:{c.id}") for key in found.contacts if (c := knowledge.contacts.get(key))]
    text = in_language(found.texts, talk.language)
    heading = talk.texts.gettext("Contact points: {title}").format(title=escape(text.title if text else found.id))
    return page_of(heading, choices, f"contacts-{found.id}", page, talk.texts)


def _topic_choices(talk: Talk, parent: str) -> list[Choice]:
    """The topics below `parent` that hold something."""
    knowledge = talk.house.knowledge
    return [
        (t.named(talk.language), f"topic:{t.id}")
        for t in knowledge.topics.values()
        if t.parent == parent and _holds_something(knowledge, t.id)
    ]


def _holds_something(knowledge: Knowledge, topic_id: str) -> bool:
    if any(topic_id in e.topics and e.kind != "action" for e in knowledge.entries.values()):
        return True
    return any(_holds_something(knowledge, t.id) for t in knowledge.topics.values() if t.parent == topic_id)


def entry_choice(found: Entry, language: str) -> Choice:
    """An entry as a choice in a list."""
    text = in_language(found.texts, language)
    return (text.title if text else found.id, f"entry:{found.id}")


def _way_up(found: Entry) -> str:
    if found.kind == "practice":
        return "more:practices:0"
    return f"topic:{found.topics[0]}" if found.topics else HOME


def _shelf_of(knowledge: Knowledge, found: Contact) -> str:
    named = [name for name in found.topics if name in knowledge.topics]
    return f"more:shelf-{named[0]}:0" if named else "more:contacts:0"


def _from_card(talk: Talk) -> bool:
    """Whether the press came from a card of an answer, which must stay readable."""
    return any(CARD.match(data) for _, data in talk.arrival.buttons)


async def beside_or_in_place(talk: Talk, message: Message) -> None:
    """Beside the card that was pressed, which stays; in the place of a list."""
    if _from_card(talk):
        await talk.say(message)
    else:
        await talk.show(message)


def _reader(talk: Talk, found: Entry) -> str:
    """The language of the card that was pressed, by its button to the German version; else that of the reply."""
    labels = {label for label, _ in talk.arrival.buttons}
    of_card = (code for code in found.texts if texts(code).gettext("Show in German") in labels)
    return next(of_card, talk.language)


def _with_own_language(message: Message, found: Entry, code: str, reader: str, talk: Talk) -> Message:
    """The German version with the way to the reader's own, which stands where "Show in German" stood."""
    own = reader if reader in found.texts else "en"
    if code != "de" or own == "de" or own not in found.texts:
        return message
    talk.language = reader
    # Translators: button label
    button = (Button(talk.texts.gettext("Show in my language"), f"entry:{found.id}:{own}"),)
    before = [row for row in message.rows if row[0].copy or row[0].data.startswith("contact:")]
    return replace(message, rows=(*before, button, *message.rows[len(before) :]))
