"""/my: where somebody is registered, what of it is certain, and where they took part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.chat.lists import PAGE, page_of
from bot.chat.markup import escape
from bot.chat.message import Button, Message
from bot.chat.session_lists import ALL, choice
from bot.chat.session_parts import hours, short_standing, title_of
from bot.chat.talk import Talk
from bot.domain.instants import microseconds
from bot.domain.programme import Series, Session
from bot.domain.registrations import Registration
from bot.services.registrations import attended, mine, takes_all
from bot.services.sessions import all_series
from bot.store.tx import Tx
from bot.texts import Texts

MY = "more:my:0"
ATTENDED = "more:my-attended:0"


@dataclass(frozen=True, slots=True)
class Own:
    """What is to come for somebody, the earliest first, the series that they took whole, and what they attended."""

    coming: Sequence[tuple[Session, Registration]]
    whole: Sequence[Series]
    attended: Sequence[Session]


async def my(talk: Talk, _arguments: Sequence[str]) -> None:
    """Answers /my."""
    await show(talk, "", 0)


async def show(talk: Talk, of: str, page: int) -> None:
    """Answers more:my:<page> and more:my-attended:<page>."""
    own = await talk.house.database.read(_own, talk.arrival.person, microseconds(talk.house.now()))
    await talk.show(_attended(talk, own, page) if of == "attended" and own.attended else _coming(talk, own, page))


def _coming(talk: Talk, own: Own, page: int) -> Message:
    """Registrations and series, each with a button; the last row leads to what was attended."""
    t = talk.texts
    entries = [_registration(session, registration, t) for session, registration in own.coming]
    entries += [_series(one, t) for one in own.whole]
    if not entries:
        return _nothing(own, t)
    page = page if 0 <= page * PAGE < len(entries) else 0
    here = [f"{number} {told}" for number, (told, _) in enumerate(entries[page * PAGE : (page + 1) * PAGE], 1)]
    html = "\n\n".join([t.gettext("Your registrations"), *here])
    message = page_of(html, [choice for _, choice in entries], "my", page, t)
    return replace(message, rows=(*message.rows[:-1], (*message.rows[-1], *_attended_button(own, t))))


def _registration(session: Session, own: Registration, t: Texts) -> tuple[str, tuple[str, str]]:
    """A registration as text, and as a choice."""
    lines = [title_of(session, t.language), hours(session, t), short_standing(own, session, t)]
    return "\n".join(lines), choice(session, t)


def _series(series: Series, t: Texts) -> tuple[str, tuple[str, str]]:
    """A series that was taken whole as text, and as a choice that leads to leaving it."""
    title = series.worded(t.language)
    lines = [t.gettext("Whole series: {series}").format(series=escape(title))]
    lines.append(t.gettext("When a session is added, you get a message."))
    return "\n".join(lines), (t.gettext("Whole series: {series}").format(series=title), f"series:{series.id}")


def _nothing(own: Own, t: Texts) -> Message:
    """There is no registration: says so, and where to go."""
    # Translators: button label
    sessions = Button(t.gettext("Show sessions"), ALL)
    text = t.gettext("You are not registered for any session to come.")
    return Message(text, ((sessions,), tuple(_attended_button(own, t))))


def _attended_button(own: Own, t: Texts) -> list[Button]:
    # Translators: button label
    return [Button(t.gettext("Attended sessions"), ATTENDED)] if own.attended else []


def _attended(talk: Talk, own: Own, page: int) -> Message:
    """Where somebody took part, the latest first; each choice gives the certificate."""
    heading = talk.texts.gettext("You attended these sessions. Choose one to get its certificate.")
    latest_first = sorted(own.attended, key=lambda one: -one.starts)
    choices = [(choice(one, talk.texts)[0], f"certificate:{one.id}") for one in latest_first]
    return page_of(heading, choices, "my-attended", page, talk.texts, MY)


def _own(tx: Tx, person: int, now: int) -> Own:
    whole = [one for one in all_series(tx).values() if takes_all(tx, one.id, person)]
    return Own(mine(tx, person, now), whole, attended(tx, person))
