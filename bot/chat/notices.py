"""What Lotse says unasked: each message looks again whether it still holds, and is in the reader's language of now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.chat import announce_numbers, announcements, digest, gaps, groups, inquiries_letters, mistakes, roles
from bot.chat.letter import Letter
from bot.chat.message import Message
from bot.chat.session_notices import WRITERS as ABOUT_SESSIONS
from bot.chat.talk import House
from bot.domain.daytime import by_day
from bot.domain.instants import microseconds
from bot.domain.languages import reply_language
from bot.services import announcement_facts, digests, inquiries
from bot.services.announcement_progress import SUMMARY
from bot.services.gaps import KIND as GAPS
from bot.services.notices import Facts
from bot.services.roles import NOTICE as ROLE_ENDED
from bot.store.outbox import Claimed
from bot.texts import Texts, texts

# By kind: what is not about one session, from what was queued, how things stand, and the reader's texts.
WRITERS: dict[str, Callable[[House, Claimed, Facts, Texts], Message | None]] = {
    mistakes.KIND: mistakes.notice,
    announcement_facts.KIND: announcements.notice,
    announcement_facts.CORRECTION: announcements.notice,
    SUMMARY: announce_numbers.summary,
    digests.KIND: digest.notice,
    ROLE_ENDED: roles.notice,
    groups.KIND: groups.notice,
    GAPS: gaps.notice,
    inquiries.KIND: inquiries_letters.news,
    inquiries.REPLY: inquiries_letters.replied,
}


def render(house: House, claimed: Claimed, facts: Facts) -> Message | None:
    """What to send for this row of the outbox, before text direction is put in; None when it does not hold any more."""
    facts = replace(facts, now=microseconds(house.now()))  # a full queue may have kept it for some seconds
    message = _written(house, claimed, facts)
    return message and replace(message, silent=not by_day(facts.now, house.terms.zone))  # at night without a sound


def _written(house: House, claimed: Claimed, facts: Facts) -> Message | None:
    t, kind = texts(reader_language(house, facts)), claimed.kind
    if kind in WRITERS:
        return WRITERS[kind](house, claimed, facts, t)
    if kind in ABOUT_SESSIONS and facts.session:
        return ABOUT_SESSIONS[kind](Letter(house, claimed, facts, facts.session, t))
    return None


def reader_language(house: House, facts: Facts) -> str:
    """The language of a message that nobody asked for: chosen, else Telegram's, else the default."""
    return reply_language(facts.chosen, facts.code, house.default_language)
