"""Free text: a question becomes an answer with its source, two or three suggestions, or an honest "not found"."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from bot.chat import counting, places, sessions, without_place
from bot.chat.actions import act
from bot.chat.browse import show_topic, topic_named
from bot.chat.cards import contact_button, entry_card
from bot.chat.contact_card import contact_card
from bot.chat.errors import danger_line
from bot.chat.lists import numbered
from bot.chat.message import Button, Message, Row
from bot.chat.offices import own_row
from bot.chat.talk import Talk
from bot.chat.wipe import send_danger
from bot.domain.knowledge import Entry, in_language
from bot.domain.languages import reply_language
from bot.domain.search import Found, Hit
from bot.search.find import find
from bot.store.inbox import Tally

SUGGESTIONS = 3
MOST_CARDS = 5000  # kept; more than a day needs
LONG = 500  # characters; longer texts are searched in a thread, so that others do not wait


async def question(talk: Talk) -> Tally | None:
    """Answers a text; gives what to count: topic and language, never the text."""
    text = talk.arrival.text
    if not any(unicodedata.category(character)[0] in "LN" for character in text):
        await talk.say(too_little(talk))
        return None
    if text.isdecimal() and len(text) == 1:
        await talk.say(number_alone(talk))
        return None
    found = await _search(talk, text)
    if found.outcome != "answer" and (topic := topic_named(talk.house.knowledge, text)):
        await show_topic(talk, topic, 0)
        return None
    if _may_name_a_session(talk, found) and (session := await sessions.named(talk, text)):
        await sessions.session(talk, [str(session.id)])
        return None
    talk.language = reply_language(talk.chosen, talk.arrival.code, talk.house.default_language, found.language)
    found, beside = (found, text) if found.urgent else without_place.beside(talk, text, found)
    there = None if found.urgent else await places.answer(talk, found, beside)
    if there is not None:
        return counting.asked(talk, found, there)
    subject = found.hits[0].id if found.outcome == "answer" else ""
    if subject:
        await _answer(talk, found)
    elif found.outcome == "suggest":
        await talk.say(suggestion(talk, found.hits), answers=_delicate(talk, found.hits))
    elif not await places.unknown_postcode(talk):
        await talk.say(not_found(talk))
    return counting.asked(talk, found, found.outcome, subject)


def _may_name_a_session(talk: Talk, found: Found) -> bool:
    """Whether to look for a session of this title: nothing else was found, or the text replies to a list of them."""
    listed = any(data.startswith("session:") for _, data in talk.arrival.buttons)
    return not found.urgent and (listed or found.outcome != "answer")


def choice(talk: Talk) -> str | None:
    """The data of the choice that a reply to a list names by its number, in any script's digits, or by its title."""
    text = talk.arrival.text
    named = str(int(text)) if text.isdecimal() and len(text) == 1 else text.casefold()
    for label, data in talk.arrival.buttons:
        number, _, title = label.partition(" ")
        if number.isdecimal() and named in {number, title.casefold()}:
            return data
    return None


async def urgent(talk: Talk) -> bool:
    """Whether the text that came along is about danger."""
    return bool(talk.arrival.text) and (await _search(talk, talk.arrival.text)).urgent


async def _search(talk: Talk, text: str) -> Found:
    if len(text) > LONG:
        return await asyncio.to_thread(find, talk.house.library.index, text, talk.chosen, talk.house.library.places)
    return talk.house.recent.find(text, talk.chosen)


async def _answer(talk: Talk, found: Found) -> None:
    knowledge, now, hit = talk.house.knowledge, talk.house.now(), found.hits[0]
    if hit.kind == "contact":
        await talk.say(contact_card(knowledge.contacts[hit.id], talk.language, now))
    elif hit.kind == "action":
        await act(talk, hit.id)
    elif knowledge.entries[hit.id].urgent:
        await send_danger(talk, knowledge.entries[hit.id])
    else:
        await talk.say(places.beside(talk, found, _card(talk, knowledge.entries[hit.id], now)))


def _card(talk: Talk, entry: Entry, now: datetime) -> Message:
    """The card of an answer, rendered once a day for each language."""
    cards, key = talk.house.cards, (entry.id, talk.language, now.date())
    if key not in cards:
        if len(cards) >= MOST_CARDS:
            cards.clear()
        cards[key] = entry_card(talk.house.knowledge, entry, talk.language, now)
    return cards[key]


def _delicate(talk: Talk, hits: Sequence[Hit]) -> int:
    """The question's id where a suggestion names help in danger: one press then deletes both, as with an answer."""
    entries = talk.house.knowledge.entries
    urgent = any(hit.id in entries and entries[hit.id].urgent for hit in hits[:SUGGESTIONS])
    return talk.arrival.message_id if urgent else 0


def suggestion(talk: Talk, hits: Sequence[Hit]) -> Message:
    """Two or three titles to choose from, and a person to ask."""
    _ = talk.texts.gettext
    choices = [_title(talk, hit) for hit in hits if hit.kind != "session"][:SUGGESTIONS]
    if len(choices) == 1:
        text = _("Is it this? Tap it, or reply with its number.")
    else:
        text = _("Is it one of these? Tap it, or reply with its number.")
    return Message(text, (*numbered(choices), person_row(talk, "general")))


def _title(talk: Talk, hit: Hit) -> tuple[str, str]:
    knowledge = talk.house.knowledge
    if hit.kind == "contact":
        return knowledge.contacts[hit.id].name, f"contact:{hit.id}"
    text = in_language(knowledge.entries[hit.id].texts, talk.language)
    return (text.title if text else hit.id), f"entry:{hit.id}"


def not_found(talk: Talk) -> Message:
    """There is no answer: says so, that nothing was passed on, and whom to ask."""
    _ = talk.texts.gettext
    lines = [
        _("There is no checked answer to this here yet."),
        _("An advice centre can help. Write your town, for example “Augsburg”.")
        if talk.house.atlas
        else _("An advice centre can help."),
        _("Your question was not sent to anyone."),
        danger_line(talk),
    ]
    # Translators: button label
    topics = (Button(_("Show topics"), "more:topics:0"),)
    return Message("\n".join(lines), (*own_row(talk), person_row(talk, "general"), topics))


def too_little(talk: Talk) -> Message:
    """For emoji, signs and nothing at all."""
    _ = talk.texts.gettext
    lines = [_("Write a few words, for example: Where can I find a German course?"), danger_line(talk)]
    return Message("\n".join(lines))


def number_alone(talk: Talk) -> Message:
    """For a number that is no reply: nothing is remembered of what was shown before, so it must say which list."""
    _ = talk.texts.gettext
    return Message(_("To choose by number, reply to the list: press long on it, choose “Reply”, and send the number."))


def person_row(talk: Talk, about: str) -> Row:
    """The button that names a person to ask about a topic or entry."""
    # Translators: button label
    return (Button(talk.texts.gettext("Ask a person"), f"person:{about}"),)


async def media(talk: Talk) -> None:
    """For pictures, files and voice, which are never downloaded: says so, and where a letter can be taken."""
    _ = talk.texts.gettext
    lines = [
        _("Lotse does not open pictures, files or voice messages. Type the most important sentence."),
        danger_line(talk),
    ]
    rows: list[Row] = []
    letter = talk.house.knowledge.entries.get("official-letter")
    if letter is not None:
        text = in_language(letter.texts, talk.language)
        rows.append((Button(text.title if text else letter.id, f"entry:{letter.id}"),))
        offices = [c for key in letter.contacts if (c := talk.house.knowledge.contacts.get(key))]
        rows += [(contact_button(office),) for office in offices[:1]]
    await talk.say(Message("\n".join(lines), (*rows, person_row(talk, "general"))))
