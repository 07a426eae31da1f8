"""Saying that one is there: by a button or a code word while a session runs, and as a request afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.browse import out_of_date
from bot.chat.markup import escape
from bot.chat.message import Button, Message
from bot.chat.sessions import number_of
from bot.chat.talk import House, Talk
from bot.domain.instants import microseconds
from bot.domain.programme import ATTENDANCE_BEFORE, Session
from bot.search.fold import words
from bot.services import attendance as service
from bot.services.sessions import session as read_session

LONGEST_WORD = 80  # characters; code words are shorter


async def refresh(house: House) -> None:
    """Learns the code words of the sessions that run now, so that no question waits for the database."""
    running = await house.database.read(service.running, microseconds(house.now()))
    learnt: dict[str, list[int]] = {}
    for session, word in running:
        learnt.setdefault(_folded(word), []).append(session)
    learnt.pop("", None)  # of signs only, which would be any text of signs
    house.code_words = learnt


async def attend(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers attend:<session>."""
    session = await _session(talk, arguments[0])
    if session is None:
        await out_of_date(talk)
        return
    await talk.say(await _attended(talk, session))


def is_word(talk: Talk) -> bool:
    """Whether the text is the code word of a session that runs."""
    known = talk.house.code_words
    return bool(known) and talk.arrival.private and _folded(talk.arrival.text) in known


async def by_word(talk: Talk) -> bool:
    """Notes attendance by a code word; false for who has no seat there, and then it is a question like any other."""
    for id_ in talk.house.code_words.get(_folded(talk.arrival.text), ()):
        now = microseconds(talk.house.now())
        came = await talk.house.database.write(service.attend, id_, talk.arrival.person, now)
        session = await talk.house.database.read(read_session, id_)
        if session is not None and came in {"attended", "already"}:
            await talk.say(_message(talk, session, came))
            return True
    return False


async def claim(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers claim:<session>: somebody who forgot to say so was there."""
    session = await _session(talk, arguments[0])
    if session is None:
        await out_of_date(talk)
        return
    now = microseconds(talk.house.now())
    if session.running(now):
        await talk.say(await _attended(talk, session))
        return
    came = await talk.house.database.write(service.claim, session.id, talk.arrival.person, now)
    _ = talk.texts.gettext
    title = escape(session.worded(talk.language)[0])
    if came == "claimed":
        lines = [
            _("Your attendance is noted as a request: {title}").format(title=title),
            _("The coordination team confirms it. Then a message comes."),
        ]
        await talk.say(Message("\n".join(lines)))
    elif came == "attended":
        await talk.say(_message(talk, session, "already"))
    elif came == "too late":
        await talk.say(Message(_("Attendance can no longer be changed: {title}").format(title=title)))
    else:
        await talk.say(_message(talk, session, "unregistered"))


async def _attended(talk: Talk, session: Session) -> Message:
    now = microseconds(talk.house.now())
    came = await talk.house.database.write(service.attend, session.id, talk.arrival.person, now)
    return _message(talk, session, came)


def _message(talk: Talk, session: Session, came: service.Attending) -> Message:
    _ = talk.texts.gettext
    title = escape(session.worded(talk.language)[0])
    if came in {"attended", "already"}:
        lines = [
            _("Your attendance is noted: {title}").format(title=title),
            _("After the session you get the materials. A certificate is in /my"),
        ]
        return Message("\n".join(lines))
    if came == "unregistered":
        return Message(_("You have no place in this session: {title}").format(title=title))
    now = microseconds(talk.house.now())
    if now < session.starts:
        sentence = _("Attendance can be noted from {n} minutes before the start: {title}")
        return Message(sentence.format(n=ATTENDANCE_BEFORE // 60_000_000, title=title))
    if not service.correctable(session, now):
        return Message(_("Attendance can no longer be changed: {title}").format(title=title))
    # Translators: button label
    row = (Button(_("I was there"), f"claim:{session.id}"),)
    return Message(_("This session is over: {title}").format(title=title), (row,))


def _folded(word: str) -> str:
    """A word or a few as they are compared: without case, accents and signs; nothing for what is too long for one."""
    return " ".join(words(word)) if len(word) <= LONGEST_WORD else ""


async def _session(talk: Talk, argument: str) -> Session | None:
    number = number_of(argument)
    return None if number is None else await talk.house.database.read(read_session, number)
