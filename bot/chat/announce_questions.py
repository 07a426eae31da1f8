"""What the steps of an announcement ask for, to be answered by a reply, and what a reply to them means."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from bot.chat.announce_draft import Plan
from bot.chat.markup import bold, escape
from bot.chat.message import Message
from bot.chat.programme_questions import example, none_word
from bot.chat.programme_readings import UNREAD as UNREAD_START
from bot.chat.session_parts import GERMANY
from bot.chat.talk import Talk
from bot.chat.typed import as_html
from bot.domain.announcements import Content, Wording
from bot.domain.cells import one_line
from bot.domain.instants import microseconds
from bot.domain.languages import known
from bot.domain.written_times import written_time
from bot.search.fold import words
from bot.texts import N_, language_name

LONGEST_ALT = 150  # characters of what a picture shows
LARGEST = 10_000_000  # bytes of a picture or file
UNREAD = {
    **UNREAD_START,
    "skipped": N_("The clocks skip this hour that night. Choose another time."),
    "past": N_("This time has passed. Choose a later one."),
}


def question(talk: Talk, step: str, plan: Plan, above: str = "") -> Message:
    """What a step asks; `above` says what was wrong with the last reply."""
    name, _, code = step.partition("-")
    lines = {
        "text": lambda: _text_question(talk, code, plan),
        "alt": lambda: _alt_question(talk, code, plan),
        "file": lambda: _file_question(talk),
        "time": lambda: _time_question(talk),
    }[name]()
    matter = bold(talk.texts.gettext("Announcement"))
    return Message("\n".join([*([above, ""] if above else []), matter, *lines]), asks=True)


def _text_question(talk: Talk, code: str, plan: Plan) -> list[str]:
    _, content = talk.texts.gettext, plan.content
    if not code:
        return [
            _("Reply with the text. Bold, links and other formatting are kept."),
            _("It can also be a picture or a file with the text below it."),
        ]
    lines = [
        _("Language: {language}").format(language=language_name(code, talk.texts)),
        _("Reply with the text. Bold, links and other formatting are kept."),
    ]
    if code in content.texts and len(content.texts) > 1:
        lines.append(_("To remove this version, reply: {word}").format(word=none_word(talk)))
    return lines


def _alt_question(talk: Talk, code: str, plan: Plan) -> list[str]:
    _ = talk.texts.gettext
    lines = [
        _("What does the picture show? Reply in a sentence, at most {n} characters.").format(n=LONGEST_ALT),
        _("It stands below the text, for people who cannot see the picture."),
    ]
    several = len(plan.content.texts) > 1 or code != talk.language
    return [_("Language: {language}").format(language=language_name(code, talk.texts)), *lines] if several else lines


def _file_question(talk: Talk) -> list[str]:
    _ = talk.texts.gettext
    return [
        _("Reply with a picture or a file of at most 10 MB."),
        _("Lotse does not open it, and passes it on as it is."),
    ]


def _time_question(talk: Talk) -> list[str]:
    _, zone = talk.texts.gettext, talk.house.terms.zone
    clocks = _("Times are those in Germany.") if zone == GERMANY else _("Time zone: {zone}").format(zone=zone)
    return [example(talk, N_("Reply with date and time, for example: {example}")), clocks]


def read(talk: Talk, step: str, plan: Plan) -> Plan | str:
    """The plan that a reply makes of this one, or the sentence that says why it means nothing."""
    name, _, code = step.partition("-")
    if name == "time":
        return _time(talk, plan)
    if name == "alt":
        return _alt(talk, code, plan)
    has_file = bool(talk.arrival.photo or talk.arrival.document)
    if name == "file" and not has_file:
        return talk.texts.gettext("There is no picture and no file in this.")
    content = with_text(talk, plan.content, code) if name == "text" or talk.arrival.text else plan.content
    if isinstance(content, str):
        return content
    return replace(plan, content=_with_file(talk, content) if has_file else content)


def too_large(talk: Talk) -> bool:
    """Whether the file that came along is larger than what opens on cheap phones."""
    return talk.arrival.size > LARGEST


def too_large_sentence(talk: Talk) -> str:
    """That it is, and what is possible."""
    return talk.texts.gettext("This file is larger than 10 MB, and would not open on cheap phones. It was left out.")


def with_text(talk: Talk, content: Content, code: str = "") -> Content | str:
    """The content with what was typed as the version of a language; where none is said, of its own language."""
    html = as_html(talk.arrival.text, talk.arrival.spans)
    if code in content.texts and len(content.texts) > 1 and _same(html, none_word(talk)):
        return replace(content, texts={own: one for own, one in content.texts.items() if own != code})
    if not visible(talk.arrival.text):
        html = ""
    if not html and not (talk.arrival.photo or talk.arrival.document):
        return talk.texts.gettext("There is no text in this. Please write it again.")
    code = code or _sole(content) or spoken(talk)
    before = content.texts.get(code, Wording(""))
    return replace(content, texts={**content.texts, code: replace(before, html=html or before.html)})


def visible(text: str) -> bool:
    """Whether something is left of a text once Telegram has cleaned it."""
    return any(unicodedata.category(character)[0] not in "CZ" for character in text)


def spoken(talk: Talk) -> str:
    """The language of what was typed, where it is recognised surely; else that of who typed it."""
    text = talk.arrival.text
    letters = any(map(str.isalpha, text))
    found = talk.house.library.index.languages.recognise(words(text), text) if letters else None
    own = known(found) if found else None
    simple = talk.language == "de-simple" and own == "de"  # which is written German, too
    return talk.language if own is None or simple else own


def _sole(content: Content) -> str:
    return next(iter(content.texts)) if len(content.texts) == 1 else ""


def _with_file(talk: Talk, content: Content) -> Content:
    """With the file that came along in the place of any other; what another picture showed is not true of it."""
    texts = {code: replace(wording, alt="") for code, wording in content.texts.items()}
    return replace(content, texts=texts, photo=talk.arrival.photo, document=talk.arrival.document)


def _alt(talk: Talk, code: str, plan: Plan) -> Plan | str:
    alt = one_line(talk.arrival.text)
    if not alt:
        return talk.texts.gettext("There is no text in this. Please write it again.")
    if len(alt) > LONGEST_ALT:
        sentence = talk.texts.gettext("This is too long: {length} characters, and at most {n} are possible.")
        return sentence.format(length=len(alt), n=LONGEST_ALT)
    before = plan.content.texts.get(code, Wording(""))
    texts = {**plan.content.texts, code: replace(before, alt=alt)}
    return replace(plan, content=replace(plan.content, texts=texts))


def _time(talk: Talk, plan: Plan) -> Plan | str:
    now = microseconds(talk.house.now())
    found = written_time(talk.arrival.text, talk.house.terms.zone, now, strict=True)
    if isinstance(found, str):
        return example(talk, UNREAD[found])
    if found.starts is None or found.minutes is not None:
        return example(talk, UNREAD["date"])
    return replace(plan, due=found.starts)


def _same(text: str, word: str) -> bool:
    return escape(text.strip().casefold()) == escape(word.casefold())
