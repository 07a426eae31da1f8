"""/newsletter: on or off, by which topics, how often; buttons say what shall be, so pressing twice does no harm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.chat.browse import out_of_date_sentence
from bot.chat.cards import shortened
from bot.chat.lists import HOME, PAGE, page_of
from bot.chat.markup import escape
from bot.chat.message import Button, Message, Row
from bot.chat.talk import Talk
from bot.domain.instants import microseconds
from bot.domain.knowledge import Topic
from bot.domain.newsletter import RHYTHMS, Rhythm, Subscription, choosable, covered
from bot.domain.terms import Terms
from bot.services.newsletter import (
    choose_every_topic,
    choose_rhythm,
    choose_topic,
    subscribe,
    subscription,
    unsubscribe,
)
from bot.services.privacy import erase_if_unneeded
from bot.store.tx import Tx
from bot.texts import N_, Texts

MENU = "newsletter:show"
LIST = "newsletter"  # of topics
LONGEST = 40 - len("1 ")  # characters of a choice of a topic
RHYTHM: dict[Rhythm, str] = {
    # Translators: button label, and part of a list: how often something comes
    "at-once": N_("Every day with something new"),
    # Translators: button label
    "weekly": N_("Every Monday"),
    # Translators: button label
    "monthly": N_("Once a month"),
}

TOPIC = {
    # Translators: button label
    "first": N_("Only {topic}"),
    # Translators: button label
    "add": N_("With {topic}"),
    # Translators: button label
    "drop": N_("Without {topic}"),
}


async def newsletter(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers /newsletter, also with "on" or "off" behind it."""
    wish = arguments[0].strip().casefold() if arguments else ""
    await (press(talk, [wish]) if wish in {"on", "off"} else _show(talk))


async def press(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers newsletter:on, off, show, topics, rhythm, every, a rhythm, add:<topic> and drop:<topic>."""
    wish, *topic = arguments
    if wish == "on" and not topic:
        await _on(talk)
    elif wish == "off" and not topic:
        await _off(talk)
    else:
        await _change(talk, wish, *topic)


async def turn(talk: Talk, _of: str, page: int) -> None:
    """Answers more:newsletter:<page>, the topics to choose from."""
    found = await talk.house.database.read(subscription, talk.arrival.person)
    await (_old(talk) if found is None else talk.show(topics_menu(talk, found, page)))


async def _on(talk: Talk) -> None:
    now, arrival = microseconds(talk.house.now()), talk.arrival
    found = await talk.house.database.write(subscribe, arrival.person, arrival.code, now)
    await talk.say(menu(talk, found))


async def _off(talk: Talk) -> None:
    """Turns it off, from whatever message it was pressed and however often."""
    now, person = microseconds(talk.house.now()), talk.arrival.person
    await talk.house.database.write(_end, person, now, talk.house.terms)
    _ = talk.texts.gettext
    lines = [_("The newsletter is off."), _("Nothing is stored for it any more.")]
    await talk.say(Message("\n".join(lines), (_on_row(talk.texts),)))


async def _change(talk: Talk, wish: str, topic: str = "") -> None:
    """A choice of topics or rhythm; who has turned it off is told so, and gets nothing by an old button."""
    house, person = talk.house, talk.arrival.person
    known = topic in house.knowledge.topics
    if wish in {"add", "drop"} and known:
        found = await house.database.write(choose_topic, person, topic, wanted=wish == "add")
    elif wish == "every" and not topic:
        found = await house.database.write(choose_every_topic, person)
    elif wish in RHYTHMS and not topic:
        found = await house.database.write(choose_rhythm, person, wish)
    else:
        found = await house.database.read(subscription, person)
    if found is None or (topic and not known):
        await _old(talk)
    elif wish in {"topics", "add", "drop", "every"}:
        await talk.show(topics_menu(talk, found, _page_with(talk, found, topic)))
    else:
        await talk.show(rhythm_menu(talk, found) if wish == "rhythm" else menu(talk, found))


async def _show(talk: Talk) -> None:
    found = await talk.house.database.read(subscription, talk.arrival.person)
    await talk.show(menu(talk, found))


async def _old(talk: Talk) -> None:
    """For a button that is old or forged: says so, and how things stand."""
    found = await talk.house.database.read(subscription, talk.arrival.person)
    now = menu(talk, found)
    await talk.say(replace(now, html=f"{out_of_date_sentence(talk)}\n{now.html}"))


def menu(talk: Talk, found: Subscription | None) -> Message:
    """Whether it is on, what it brings, and what is stored."""
    _, t = talk.texts.gettext, talk.texts
    brings = _("It brings new sessions, good practices and answers, and announcements of the coordination team.")
    if found is None:
        lines = [
            _("The newsletter is off."),
            brings,
            _("Who gets it chooses topics, and how often: every day with something new, every week or every month."),
            _("Stored for it: Telegram id, language, topics and how often. Stop it any time, also in each message."),
        ]
        return Message("\n".join(lines), (_on_row(t),))
    lines = [
        _("The newsletter is on."),
        brings,
        topics_line(talk, found),
        _("How often: {rhythm}, at 9:00").format(rhythm=_(RHYTHM[found.rhythm])),
        _("Announcements come at once."),
        _("Stored for it: Telegram id, language, topics and how often. Stop it any time, also in each message."),
    ]
    # Translators: button label
    topics = [(Button(_("Choose topics"), "newsletter:topics"),)] if talk.house.knowledge.topics else []
    # Translators: button label
    rhythm = (Button(_("Choose how often"), "newsletter:rhythm"),)
    return Message("\n".join(lines), (*topics, rhythm, off_row(t)))


def topics_line(talk: Talk, found: Subscription) -> str:
    """Which topics it is of; of one and those above it only the highest, which brings them all."""
    _, t, names = talk.texts.gettext, talk.texts, _offered(talk, found)
    chosen = tuple(escape(names[topic]) for topic in found.topics if topic in names)
    return _("Topics: {topics}").format(topics=t.items(chosen)) if chosen else _("Topics: all")


def topics_menu(talk: Talk, found: Subscription, page: int = 0) -> Message:
    """The topics of which it can be, a page of them, and which ones it is of."""
    lines = [topics_line(talk, found), talk.texts.gettext("The newsletter brings what is new of these topics.")]
    return _listed(lines, _topic_choices(talk, found), page, talk.texts)


def rhythm_menu(talk: Talk, found: Subscription) -> Message:
    """How often it comes."""
    _ = talk.texts.gettext
    lines = [
        _("How often: {rhythm}, at 9:00").format(rhythm=_(RHYTHM[found.rhythm])),
        _("It comes only when there is something new."),
    ]
    choices = [(_(label), f"newsletter:{rhythm}") for rhythm, label in RHYTHM.items()]
    return _listed(lines, choices, 0, talk.texts)


def off_row(t: Texts) -> Row:
    """To leave the newsletter: the last row of everything that it brings."""
    # Translators: button label
    return (Button(t.gettext("Stop the newsletter"), "newsletter:off"),)


def _on_row(t: Texts) -> Row:
    # Translators: button label
    return (Button(t.gettext("Get the newsletter"), "newsletter:on"),)


def _listed(lines: Sequence[str], choices: Sequence[tuple[str, str]], page: int, t: Texts) -> Message:
    """A page of choices that leads back to the menu."""
    message = page_of("\n".join(lines), choices, LIST, page, t, MENU)
    turning = tuple(one for one in message.rows[-1] if one.data != HOME)
    return replace(message, rows=(*message.rows[:-1], turning))


def topic_names(topics: Mapping[str, Topic], language: str) -> dict[str, str]:
    """All topics by id, in the order in which they are offered, with their names for a reader."""
    return {one.id: one.named(language) for one in choosable(topics)}


def _topic_choices(talk: Talk, found: Subscription) -> list[tuple[str, str]]:
    """A button for each topic offered, that says what it would bring about."""
    _, names = talk.texts.gettext, _offered(talk, found)
    chosen = set(found.topics) & set(names)
    # Translators: button label
    choices = [(_("Every topic"), "newsletter:every")] if chosen else []
    for topic, name in names.items():
        does = "drop" if topic in chosen else "add" if chosen else "first"
        wish = "drop" if topic in chosen else "add"
        choices.append((shortened(_(TOPIC[does]).format(topic=name), LONGEST), f"newsletter:{wish}:{topic}"))
    return choices


def _offered(talk: Talk, found: Subscription) -> dict[str, str]:
    """The topics that make a difference, with their names: not those that a chosen one above brings already."""
    topics = talk.house.knowledge.topics
    brought = covered(topics, found.topics)
    return {topic: name for topic, name in topic_names(topics, talk.language).items() if topic not in brought}


def _page_with(talk: Talk, found: Subscription, topic: str) -> int:
    """The page on which a topic is offered, so that a press leaves people where they are; else the first."""
    data = [data for _label, data in _topic_choices(talk, found)]
    named = [place for place, one in enumerate(data) if topic and one.endswith(f":{topic}")]
    return named[0] // PAGE if named else 0


def _end(tx: Tx, person: int, now: int, terms: Terms) -> None:
    """Turns it off, and forgets whom only the newsletter made known."""
    unsubscribe(tx, person)
    erase_if_unneeded(tx, person, now, terms)
