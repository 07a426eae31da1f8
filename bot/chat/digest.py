"""The digest: what is new, as titles to open; made anew at each sending and turning, from what holds then."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.browse import entry_choice, out_of_date
from bot.chat.lists import PAGE, page_of
from bot.chat.markup import escape
from bot.chat.message import Message
from bot.chat.newsletter import off_row
from bot.chat.session_lists import choice as session_choice
from bot.chat.session_parts import hours, title_of
from bot.chat.talk import House, Talk
from bot.domain.instants import microseconds, moment
from bot.domain.knowledge import Entry
from bot.domain.newsletter import of_interest
from bot.domain.programme import Session
from bot.services.digests import Digest, look
from bot.services.notices import Facts
from bot.store.outbox import Claimed
from bot.texts import N_, Texts

LIST = "digest"  # more:digest-<since>.<until>:<page>
LONGEST_INSTANT = 16  # digits of UTC microseconds, for the next three centuries
KINDS = {"practice": N_("{number} Good practice: {title}"), "answer": N_("{number} Answer: {title}")}


def notice(house: House, _claimed: Claimed, facts: Facts, t: Texts) -> Message | None:
    """Somebody's digest; None when nothing of it holds any more, or the newsletter was turned off."""
    return letter(house, facts.digest, t, 0) if facts.digest else None


async def turn(talk: Talk, of: str, page: int) -> None:
    """Answers more:digest-<since>.<until>:<page> as things stand now."""
    instants = of.split(".")
    if len(instants) != 2 or not all(_is_instant(one) for one in instants):  # noqa: PLR2004 - since and until
        await out_of_date(talk)
        return
    since, until = map(int, instants)
    now = microseconds(talk.house.now())
    found = await talk.house.database.read(look, talk.arrival.person, since, until, now)
    message = letter(talk.house, found, talk.texts, page) if found else None
    await (out_of_date(talk) if message is None else talk.show(message))


def letter(house: House, digest: Digest, t: Texts, page: int) -> Message | None:
    """One page of a digest; None where there is nothing in it. The first line tells nobody what it is about."""
    now, zone = microseconds(house.now()), house.terms.zone
    news = of_interest(digest.news, digest.subscription.topics, house.knowledge, now, zone)
    if not news:
        return None
    found: list[Entry | Session] = [*news.sessions, *(house.knowledge.entries[name] for name in news.entries)]
    page = page if 0 <= page * PAGE < len(found) else 0
    since = t.day(moment(digest.since, zone).date())
    lines = [t.gettext("Newsletter: new since {day}").format(day=since)]
    for number, one in enumerate(found[page * PAGE : (page + 1) * PAGE], 1):
        lines += _session(one, number, t) if isinstance(one, Session) else _entry(one, number, t)
    choices = [session_choice(one, t) if isinstance(one, Session) else entry_choice(one, t.language) for one in found]
    message = page_of("\n".join(lines), choices, f"{LIST}-{digest.since}.{digest.until}", page, t)
    turning = tuple(one for one in message.rows[-1] if one.data.startswith(f"more:{LIST}-"))
    return replace(message, rows=(*message.rows[:-1], turning, off_row(t)))


def _session(session: Session, number: int, t: Texts) -> list[str]:
    line = t.gettext("{number} Session: {title}").format(number=number, title=title_of(session, t.language))
    return [line, hours(session, t)]


def _entry(entry: Entry, number: int, t: Texts) -> list[str]:
    title, _data = entry_choice(entry, t.language)
    return [t.gettext(KINDS[entry.kind]).format(number=number, title=escape(title))]


def _is_instant(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_INSTANT
