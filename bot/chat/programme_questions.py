"""The short steps of planning: what Lotse asks for, to be answered by a reply."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.chat.markup import bold, escape
from bot.chat.message import Button, Message
from bot.chat.session_parts import GERMANY
from bot.chat.talk import Talk
from bot.domain.instants import microseconds, moment
from bot.texts import N_, OWN_NAMES

TITLE, SPEAKERS, SUMMARY, MATERIALS, WORD = 120, 300, 1500, 1000, 40  # characters at most

# What a step asks for; the first line names the matter, and is followed by the session's title where there is one.
MATTERS: dict[str, str] = {
    "move": N_("Change time"),
    "places": N_("Change places"),
    "link": N_("Change join link"),
    "title": N_("Change title"),
    "summary": N_("Change summary"),
    "speakers": N_("Change speakers"),
    "topics": N_("Choose topics"),
    "words": N_("Other languages"),
    "materials": N_("Change materials"),
    "word": N_("Change code word"),
}


def question(talk: Talk, step: str, title: str, above: str = "", *, new: bool = False) -> Message:
    """What a step asks, to be answered by a reply; `above` says what was wrong with the last one.

    `title` is that of the session, as far as it has one; `new` says that it is being created.
    """
    base, _, code = step.partition("-")
    matter = bold(talk.texts.gettext("New session" if new else MATTERS[base]))
    first = f"{matter}\n{escape(title)}" if title else matter
    asked = QUESTIONS[base](talk) if base != "words" else _words_question(talk, code)
    return Message("\n".join([*([above] if above else []), first, *asked]), asks=True)


def languages_menu(talk: Talk, title: str, verb: str, without: str = "") -> Message:
    """A picker of languages, all at once; `verb` is the data before the code."""
    rows = tuple((Button(name, f"{verb}-{code}"),) for code, name in OWN_NAMES.items() if code != without)
    return Message("\n".join([bold(title), talk.texts.gettext("Which language?")]), rows)


def none_word(talk: Talk) -> str:
    """What to reply to leave something empty."""
    # Translators: a word to type, for a text, a link or a name that there is not
    return talk.texts.gettext("none")


def _time_question(talk: Talk) -> list[str]:
    _ = talk.texts.gettext
    zone = talk.house.terms.zone
    clocks = _("Times are those in Germany.") if zone == GERMANY else _("Time zone: {zone}").format(zone=zone)
    return [
        example(talk, N_("Reply with date and time, for example: {example}")),
        _("The length can follow: 120 minutes"),
        clocks,
    ]


def _places_question(talk: Talk) -> list[str]:
    _ = talk.texts.gettext
    # Translators: a word to type, for places without a limit
    word = _("unlimited")
    return [
        _("Reply with the number of places, for example: 50"),
        _("Without a limit, reply: {word}").format(word=word),
    ]


def _link_question(talk: Talk) -> list[str]:
    _ = talk.texts.gettext
    return [
        _("Reply with the address, for example: https://example.org/room"),
        _("Only people with a place see it."),
        *_to_empty(talk),
    ]


def _title_question(talk: Talk) -> list[str]:
    return [_limit(talk, N_("Reply with the title of the session, at most {n} characters."), TITLE)]


def _series_question(talk: Talk) -> list[str]:
    return [_limit(talk, N_("Reply with the title of the series, at most {n} characters."), TITLE)]


def _summary_question(talk: Talk) -> list[str]:
    return [_limit(talk, N_("Reply with the summary, at most {n} characters."), SUMMARY), *_to_empty(talk)]


def _speakers_question(talk: Talk) -> list[str]:
    return [_limit(talk, N_("Reply with the speakers, at most {n} characters."), SPEAKERS), *_to_empty(talk)]


def _materials_question(talk: Talk) -> list[str]:
    return [
        _limit(talk, N_("Reply with links or a text, at most {n} characters."), MATERIALS),
        talk.texts.gettext("People who attended get it after the session."),
        *_to_empty(talk),
    ]


def _word_question(talk: Talk) -> list[str]:
    _ = talk.texts.gettext
    return [
        _limit(talk, N_("Reply with the code word, at most {n} characters."), WORD),
        _("Whoever writes it to Lotse while the session runs is noted as attending."),
        *_to_empty(talk),
    ]


def _topics_question(talk: Talk) -> list[str]:
    _ = talk.texts.gettext
    names = tuple(one.named(talk.language) for one in talk.house.knowledge.topics.values())
    return [
        _("Reply with topics, separated by commas. These exist:"),
        escape(", ".join(names)),
        *_to_empty(talk),
    ]


def _words_question(talk: Talk, code: str) -> list[str]:
    _ = talk.texts.gettext
    return [
        _("Language: {language}").format(language=OWN_NAMES.get(code, code)),
        _("Reply with the title in the first line and the summary below it."),
    ]


def _to_empty(talk: Talk) -> list[str]:
    return [talk.texts.gettext("To leave it empty, reply: {word}").format(word=none_word(talk))]


def _limit(talk: Talk, sentence: str, limit: int) -> str:
    return talk.texts.gettext(sentence).format(n=limit)


def example(talk: Talk, sentence: str) -> str:
    """A sentence with a date as it can be typed, a week ahead."""
    day = moment(microseconds(talk.house.now()), talk.house.terms.zone) + timedelta(days=7)
    return talk.texts.gettext(sentence).format(example=f"{day.day}.{day.month}.{day.year} 10:00")


QUESTIONS: dict[str, Callable[[Talk], list[str]]] = {
    "move": _time_question,
    "places": _places_question,
    "link": _link_question,
    "title": _title_question,
    "series": _series_question,
    "summary": _summary_question,
    "speakers": _speakers_question,
    "materials": _materials_question,
    "word": _word_question,
    "topics": _topics_question,
}
