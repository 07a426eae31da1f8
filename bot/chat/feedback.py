"""What people take from a session: their reply to the thanks after it, kept without a name, read by coordinators."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.markup import bold, escape
from bot.chat.message import Button, Message
from bot.chat.programme_views import gone
from bot.chat.rights import refused
from bot.chat.sessions import number_of
from bot.chat.talk import Talk
from bot.services import feedback as service
from bot.services.sessions import session as read_session
from bot.texts import language_name

PAGE = 3  # texts at once; each may fill a screen


async def asked_about(talk: Talk) -> int | None:
    """The session that the message replied to asked about, if it did."""
    if not talk.arrival.replied or not talk.arrival.private:
        return None
    return await talk.house.database.read(service.asked_about, talk.arrival.person, talk.arrival.replied)


async def keep(talk: Talk, session: int) -> None:
    """Keeps the reply, and says how."""
    _, text = talk.texts.gettext, talk.arrival.text
    await talk.house.database.write(service.keep, session, talk.language, text)
    lines = [_("Thank you. The coordination team reads what you wrote, without your name.")]
    if len(text) > service.LONGEST:
        lines.append(_("The first {n} characters were kept.").format(n=service.LONGEST))
    await talk.say(Message("\n".join(lines)))


async def feedback(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers feedback:<session>, for coordinators."""
    await turn(talk, arguments[0], 0)


async def turn(talk: Talk, of: str, page: int) -> None:
    """Answers more:feedback-<session>:<page>."""
    if await refused(talk):
        return
    id_ = number_of(of)
    session = None if id_ is None else await talk.house.database.read(read_session, id_)
    if session is None:
        await gone(talk)
        return
    found = await talk.house.database.read(service.feedback, session.id, page * PAGE, PAGE + 1)
    _ = talk.texts.gettext
    lines = [
        bold(session.worded(talk.language)[0]),
        _("Feedback, the newest first") if found else _("No feedback yet."),
    ]
    for one in found[:PAGE]:
        lines += [
            "",
            _("Language: {language}").format(language=language_name(one.language, talk.texts)),
            escape(one.text),
        ]
    last: list[Button] = []
    if len(found) > PAGE:
        # Translators: button label
        last.append(Button(_("Show more"), f"more:feedback-{session.id}:{page + 1}"))
    back = f"more:feedback-{session.id}:{page - 1}" if page else f"plan:{session.id}"
    # Translators: button label
    last.append(Button(_("Go back"), back))
    await talk.show(Message("\n".join(lines), (tuple(last),)))
