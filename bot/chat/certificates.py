"""Certificates of attendance as PDF, for one session or a series, with the name that the person gives for it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.chat.asking import ask
from bot.chat.message import Button, Message
from bot.chat.programme_questions import none_word
from bot.chat.sessions import gone, number_of, stands
from bot.chat.talk import Talk
from bot.documents.certificate import certificate as document
from bot.domain.cells import one_line
from bot.domain.instants import microseconds, moment
from bot.services.certificates import Attended, Kind, attended_of, keep_name
from bot.services.drafts import Draft
from bot.services.sessions import session as read_session

KIND = "certificate"  # of the draft that asks for the name; its step is the kind of the certificate
SEVERAL = 2  # sessions attended of a series, from which on one certificate for all is worth naming


async def certificate(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers certificate:<session>."""
    await _give(talk, "session", number_of(arguments[0]))


async def certificate_all(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers certificate_all:<series>."""
    await _give(talk, "series", number_of(arguments[0]))


async def answer(talk: Talk, draft: Draft) -> None:
    """Takes the name, keeps it, and sends what was asked for; without a name there is a line to write it on."""
    name = one_line(talk.arrival.text)
    if name.casefold() == none_word(talk).casefold():
        name = ""
    else:
        now = microseconds(talk.house.now())
        await talk.house.database.write(keep_name, talk.arrival.person, name, now)
    await _give(talk, "session" if draft.step == "session" else "series", draft.answers["id"], name)


async def _give(talk: Talk, kind: Kind, id_: int | None, name: str | None = None) -> None:
    """Sends the certificate to who attended; asks for the name where none is known and none was given now."""
    read, now = talk.house.database.read, microseconds(talk.house.now())
    found = None if id_ is None else await read(attended_of, kind, id_, talk.arrival.person, now)
    if found is not None and id_ is not None:
        if name is None and not found.name:
            await _ask(talk, kind, id_)
        else:
            await _send(talk, found, found.name if name is None else name)
    elif kind == "session" and id_ is not None and await read(read_session, id_) is not None:
        await stands(talk, talk.texts.gettext("Who attended gets a certificate after the session."), id_)
    else:
        await gone(talk)


async def _ask(talk: Talk, kind: Kind, id_: int) -> None:
    _ = talk.texts.gettext
    lines = [
        _("Which name should stand on the certificate?"),
        _("Reply to this message. The name is stored for list and certificate."),
        _("To write it by hand instead, reply: {word}").format(word=none_word(talk)),
    ]
    await ask(talk, KIND, kind, {"id": id_}, Message("\n".join(lines)))


async def _send(talk: Talk, found: Attended, name: str) -> None:
    """Sends the PDF, for one session or for all that were attended; after one it offers the one for all."""
    house, language, one = talk.house, talk.language, found.one
    sessions, of = ((one,), 1) if one else (found.sessions, found.of)
    day = moment(microseconds(house.now()), house.terms.zone).date()
    operator = house.knowledge.operator
    content = await asyncio.to_thread(document, name, sessions, of, found.series, operator, language, day)
    title = one.worded(language)[0] if one else found.series.worded(language)
    file = f"certificate-session-{one.id}.pdf" if one else f"certificate-series-{found.series.id}.pdf"
    await house.api.document(talk.arrival.chat, content, file, title)
    if one and len(found.sessions) >= SEVERAL:
        _ = talk.texts.gettext
        sentence = _("There is a certificate for the whole series, too: {n} of {count} sessions")
        # Translators: button label
        row = (Button(_("Certificate of the series"), f"certificate_all:{found.series.id}"),)
        await talk.say(Message(sentence.format(n=len(found.sessions), count=found.of), (row,)))
