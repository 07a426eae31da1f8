"""What the present says about messages that are to go out: nothing proactive is sent as it once was queued."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.announcements import Announcement
from bot.domain.chats import Chat
from bot.domain.inquiries import Inbox, Inquiry
from bot.domain.programme import Series, Session
from bot.domain.registrations import Registration
from bot.services.announcement_cards import Card, cards, subjects
from bot.services.announcement_facts import about as about_announcements
from bot.services.announcement_progress import SUMMARY, Progress, progress
from bot.services.asked import Asked
from bot.services.chats import KIND as ABOUT_A_CHAT
from bot.services.chats import chats
from bot.services.digests import KIND as DIGEST
from bot.services.digests import Digest
from bot.services.digests import gather as gather_digests
from bot.services.gaps import for_months
from bot.services.inquiries import KIND as NEWS
from bot.services.inquiries import REPLY, for_news, for_replies
from bot.services.sessions import sessions
from bot.store.outbox import Claimed
from bot.store.people import Person, known
from bot.store.tx import Tx, for_each_dialect

Pair = tuple[int, int]  # of a session or series and a person

# CROSS JOIN keeps SQLite from reading all registrations to look each up in the batch.
REGISTRATIONS = for_each_dialect("""
    SELECT own.session, own.person, own.state, own.offered_until, own.lapses, own.changes,
        CASE WHEN own.state = 'waitlisted' THEN (
            SELECT 1 + COUNT(*) FROM registrations AS ahead
            WHERE ahead.session = own.session AND ahead.state = 'waitlisted' AND ahead.line < own.line
        ) ELSE 0 END AS place
    FROM {rows(pairs)} AS wanted CROSS JOIN registrations AS own
    WHERE own.session = CAST(wanted.value->>0 AS BIGINT) AND own.person = CAST(wanted.value->>1 AS BIGINT)
""")
TAKERS = for_each_dialect("""
    SELECT taken.series, taken.person FROM {rows(pairs)} AS wanted CROSS JOIN takes_all AS taken
    WHERE taken.series = CAST(wanted.value->>0 AS BIGINT) AND taken.person = CAST(wanted.value->>1 AS BIGINT)
""")


@dataclass(frozen=True, slots=True)
class Facts:
    """How things stand for one message, at `now` (UTC microseconds).

    `chosen` is the language the person chose, `code` what Telegram last said, `role` what they may do; all None for
    somebody who is not known. `coordinates` says whether they are a coordinator, by this role or as the operator has
    set. `registration` is theirs for the session, with its place on the waiting list.
    `inquiry` is the question that a reply answers, `inbox` what waits for the coordination team, for news of it.
    `takes_all` says whether they took all of the session's series; it is asked for new sessions only. `chat` is the
    group or channel that the message goes to, or is about; of one that it goes to, `chosen` is the language there.
    `digest` is what is new for somebody who has the newsletter on, `gaps` what was asked in vain in a month, for
    coordinators.

    `announcement` is what the message is, corrects or sums up; `entitled` says whether the reader is still in its
    audience. `sent` is the message that a correction is to change, 0 for none; `underway` says that it may still come.
    `card` is the session or series that the announcement shows. For a summary `about` is what its card is about, and
    `progress` what became of it; in that the language of those of whom none is known is "".
    """

    now: int
    chosen: str | None = None
    code: str | None = None
    role: str | None = None
    blocked: bool = False
    coordinates: bool = False
    session: Session | None = None
    registration: Registration | None = None
    takes_all: bool = False
    inquiry: Inquiry | None = None
    inbox: Inbox | None = None
    chat: Chat | None = None
    digest: Digest | None = None
    gaps: tuple[Asked, ...] = ()
    announcement: Announcement | None = None
    entitled: bool = False
    sent: int = 0
    underway: bool = False
    card: Card | None = None
    about: Session | Series | None = None
    progress: Progress | None = None


def gather(
    tx: Tx, claimed: Sequence[Claimed], now: int, coordinators: Collection[int] = frozenset()
) -> dict[int, Facts]:
    """The facts for each message of a batch, by its id; a handful of statements however many there are.

    `coordinators` are those that the operator has set, `now` in UTC microseconds.
    """
    people = known(tx, {one.person for one in claimed})
    about = sessions(tx, {one.session for one in claimed if one.session is not None})
    named = [(one, about[one.session]) for one in claimed if one.session is not None and one.session in about]
    registrations = _registrations(tx, {(session.id, one.person) for one, session in named})
    takers = _takers(tx, {(session.series, one.person) for one, session in named if one.kind == "added"})
    facts = {one.id: _of_person(people.get(one.person), now, fixed=one.person in coordinators) for one in claimed}
    inquiries, inbox = for_replies(tx, claimed), for_news(tx, claimed)
    for one in claimed:
        if one.kind in {NEWS, REPLY}:
            facts[one.id] = replace(facts[one.id], inquiry=inquiries.get(one.id), inbox=inbox)
    for id_, digest in gather_digests(tx, [one for one in claimed if one.kind == DIGEST], now).items():
        facts[id_] = replace(facts[id_], digest=digest)
    for id_, found in for_months(tx, claimed).items():
        facts[id_] = replace(facts[id_], gaps=found)
    for id_, standing in about_announcements(tx, claimed, coordinators).items():
        facts[id_] = replace(facts[id_], **standing._asdict())
    for one, session in named:
        facts[one.id] = replace(
            facts[one.id],
            session=session,
            registration=registrations.get((session.id, one.person)),
            takes_all=(session.series, one.person) in takers,
        )
    facts |= _of_chats(tx, claimed, facts)
    return facts | _shown(tx, claimed, facts, now)


def _of_person(person: Person | None, now: int, *, fixed: bool) -> Facts:
    """The facts of a reader; `fixed` says that the operator has set them as a coordinator."""
    if person is None:
        return Facts(now, coordinates=fixed)
    coordinates = fixed or person.role == "coordinator"
    return Facts(now, person.language, person.code, person.role, person.blocked, coordinates)


def _of_chats(tx: Tx, claimed: Sequence[Claimed], facts: Mapping[int, Facts]) -> dict[int, Facts]:
    """The facts of what goes to a group or channel, or asks a coordinator about one."""
    to = {one.id: one.person for one in claimed if one.person < 0}
    about = {one.id: int(one.parameters["chat"]) for one in claimed if one.kind == ABOUT_A_CHAT}
    found = chats(tx, [*to.values(), *about.values()])
    there = {id_: found[chat] for id_, chat in (to | about).items() if chat in found}
    return {
        id_: replace(facts[id_], chat=chat, chosen=chat.language if id_ in to else facts[id_].chosen)
        for id_, chat in there.items()
    }


def _shown(tx: Tx, claimed: Sequence[Claimed], facts: Mapping[int, Facts], now: int) -> dict[int, Facts]:
    """The facts of messages that show a card, or what became of an announcement."""
    own = {id_: one.announcement for id_, one in facts.items() if one.announcement}
    shown = cards(tx, {one.content.card for one in own.values()}, now)
    sums = {one.id: progress(tx, own[one.id].id, "") for one in claimed if one.kind == SUMMARY and one.id in own}
    about = subjects(tx, {own[id_].content.card for id_ in sums})
    return {
        id_: replace(facts[id_], card=shown.get(card), about=about.get(card), progress=sums.get(id_))
        for id_, one in own.items()
        if (card := one.content.card) in shown or id_ in sums
    }


def _registrations(tx: Tx, pairs: Collection[Pair]) -> dict[Pair, Registration]:
    if not pairs:
        return {}
    rows = tx.execute(REGISTRATIONS[tx.dialect], {"pairs": json.dumps(sorted(pairs))})
    return {
        (row.session, row.person): Registration(
            row.session, row.state, row.place, row.offered_until, row.lapses, row.changes
        )
        for row in rows
    }


def _takers(tx: Tx, pairs: Collection[Pair]) -> set[Pair]:
    if not pairs:
        return set()
    rows = tx.execute(TAKERS[tx.dialect], {"pairs": json.dumps(sorted(pairs))})
    return {(row.series, row.person) for row in rows}
