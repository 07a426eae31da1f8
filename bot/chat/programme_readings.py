"""What a reply to a step of planning means, or what is wrong with it. Everything typed is plain text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.chat.browse import topic_named
from bot.chat.programme_questions import MATERIALS, SPEAKERS, SUMMARY, TITLE, WORD, example, none_word
from bot.chat.talk import Talk
from bot.domain.cells import is_web_address, lines, listed, one_line, whole_number
from bot.domain.instants import microseconds
from bot.domain.plan import LONGEST, MOST_SEATS
from bot.domain.written_times import written_time
from bot.search.fold import words
from bot.texts import N_

Reading = dict[str, Any] | str  # what a reply means, or the sentence that says why it means nothing

UNREAD = {
    "date": N_("No date was recognised. Write it like this: {example}"),
    "hour": N_("The time of day is missing. Write it like this: {example}"),
    "day": N_("There is no such day or time. Write it like this: {example}"),
    "past": N_("This start has passed. Choose a later one."),
    "far": N_("This is more than three years ahead. Please check the year."),
}


def read(talk: Talk, step: str, wished: Mapping[str, Any]) -> Reading:
    """What the reply means for a step, as fields of what is wished, or what is wrong with it."""
    base, _, code = step.partition("-")
    reading = READERS[base](talk, talk.arrival.text)
    if base == "words" and isinstance(reading, dict):
        return {"code": code, **reading}
    if base == "move" and isinstance(reading, dict) and "starts" not in {*wished, *reading} and "title" in wished:
        return example(talk, N_("The date is missing. Write it like this: {example}"))  # a new session has none yet
    return reading


def _time(talk: Talk, text: str) -> Reading:
    found = written_time(text, talk.house.terms.zone, microseconds(talk.house.now()))
    if isinstance(found, str):
        return example(talk, UNREAD[found])
    if found.minutes is not None and not 1 <= found.minutes <= LONGEST:
        return talk.texts.gettext("A session lasts from 1 to {n} minutes.").format(n=LONGEST)
    written = {"starts": found.starts, "minutes": found.minutes}
    return {name: value for name, value in written.items() if value is not None}


def _places(talk: Talk, text: str) -> Reading:
    _ = talk.texts.gettext
    if _same(text, _("unlimited")):
        return {"capacity": None}
    number = whole_number(text)
    if number is None or not 1 <= number <= MOST_SEATS:
        return _("Reply with a whole number from 1 to {n}.").format(n=MOST_SEATS)
    return {"capacity": number}


def _link(talk: Talk, text: str) -> Reading:
    if _same(text, none_word(talk)):
        return {"join_url": ""}
    if not is_web_address(text):
        return talk.texts.gettext("This is no web address. It begins with https://")
    return {"join_url": text}


def _topics(talk: Talk, text: str) -> Reading:
    if _same(text, none_word(talk)):
        return {"topics": []}
    named = {word: topic_named(talk.house.knowledge, word) for word in listed(text)}
    unknown = [word for word, topic in named.items() if topic is None]
    if unknown or not named:
        return talk.texts.gettext("Not every topic was recognised. Write them as they stand in the list.")
    return {"topics": list(dict.fromkeys(named.values()))}


def _words(talk: Talk, text: str) -> Reading:
    title, _, summary = lines(text).partition("\n")
    if not title or len(title) > TITLE or len(summary) > SUMMARY:
        sentence = talk.texts.gettext("Write a title of at most {title} characters and a summary of at most {summary}.")
        return sentence.format(title=TITLE, summary=SUMMARY)
    return {"title": one_line(title), "summary": summary.strip()}


def _text(name: str, limit: int, *, single: bool = False, needed: bool = False) -> Callable[[Talk, str], Reading]:
    """A reader of plain text: of one line, or one that may not be empty, where it says so."""

    def reader(talk: Talk, text: str) -> Reading:
        plain = one_line(text) if single else lines(text)
        if not needed and _same(plain, none_word(talk)):
            return {name: ""}
        if not plain:
            return talk.texts.gettext("There is no text in this. Please write it again.")
        if len(plain) > limit:
            sentence = talk.texts.gettext("This is too long: {length} characters, and at most {n} are possible.")
            return sentence.format(length=len(plain), n=limit)
        return {name: plain}

    return reader


def _code_word(talk: Talk, text: str) -> Reading:
    reading = _text("code_word", WORD, single=True)(talk, text)
    if isinstance(reading, dict) and reading["code_word"] and not words(reading["code_word"]):
        return talk.texts.gettext("A code word has letters or digits.")
    return reading


def _same(text: str, word: str) -> bool:
    return text.strip().casefold() == word.casefold()


READERS: dict[str, Callable[[Talk, str], Reading]] = {
    "move": _time,
    "places": _places,
    "link": _link,
    "title": _text("title", TITLE, single=True, needed=True),
    "series": _text("series", TITLE, single=True, needed=True),
    "summary": _text("summary", SUMMARY),
    "speakers": _text("speakers", SPEAKERS, single=True),
    "materials": _text("materials", MATERIALS),
    "word": _code_word,
    "topics": _topics,
    "words": _words,
}
