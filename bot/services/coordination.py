"""What coordinators see of a session and do with it: counts without names, and changes that were previewed first."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import text

from bot.domain.plan import Changing, Done, Impossible, NewSession, Wording, wording_of
from bot.domain.programme import Seats, Session
from bot.domain.terms import Terms
from bot.services import programme
from bot.services.attendance import CORRECTION, LONGEST, claims_of, settle_claims
from bot.services.audit import note
from bot.services.drafts import Draft, take
from bot.services.registrations import lock
from bot.services.roles import coordinates
from bot.services.sessions import seats, sessions
from bot.services.sessions import session as read_session
from bot.store.tx import Tx

KIND = "programme"  # of the drafts

Act = Literal[
    "new", "move", "places", "link", "close", "open", "cancel", "title", "summary", "speakers", "words", "materials",
    "word", "accept", "refuse",
]  # fmt: skip
ACTIVE = "('confirmed', 'offered', 'waitlisted')"

_PLANNED = text("SELECT id FROM sessions WHERE starts > :since AND state <> 'cancelled'")
_STANDING = text(f"""
    SELECT sessions.ended, sessions.finished,
        COUNT(CASE WHEN r.person IS NOT NULL AND r.state IN {ACTIVE} THEN 1 END) AS people,
        COUNT(CASE WHEN r.person IS NOT NULL AND r.state = 'confirmed' THEN 1 END) AS seated,
        COUNT(CASE WHEN r.guest IS NOT NULL AND r.state IN {ACTIVE} THEN 1 END) AS guests,
        COUNT(CASE WHEN r.state = 'attended' THEN 1 END) AS attended,
        COUNT(CASE WHEN r.state = 'attended' AND r.person IS NOT NULL THEN 1 END) AS thanked,
        COUNT(CASE WHEN r.state = 'confirmed' AND r.claimed IS TRUE THEN 1 END) AS claims,
        COUNT(CASE WHEN needs.sign_language IS TRUE THEN 1 END) AS sign_language,
        COUNT(CASE WHEN needs.subtitles IS TRUE THEN 1 END) AS subtitles,
        COUNT(CASE WHEN needs.other <> '' THEN 1 END) AS other,
        (SELECT COUNT(*) FROM feedback WHERE feedback.session = sessions.id) AS feedback,
        (SELECT COUNT(DISTINCT person) FROM outbox
         WHERE outbox.session = sessions.id AND outbox.state IN ('blocked', 'failed', 'unconfirmed')) AS unreached
    FROM sessions
    LEFT JOIN registrations AS r ON r.session = sessions.id
    LEFT JOIN needs ON needs.session = r.session AND needs.person = r.person
        AND r.state IN ('confirmed', 'offered', 'attended')
    WHERE sessions.id = :session
    GROUP BY sessions.id, sessions.ended, sessions.finished
""")  # noqa: S608 - the parts are constants
_TAKERS = text("SELECT COUNT(*) FROM takes_all WHERE series = :series")
_TITLED = text("SELECT id FROM series WHERE title = :title")


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with a session, in numbers.

    `people` and `guests` are those registered within and outside Telegram, whatever their state; `seated` the people
    with a seat; `attended` includes guests, `thanked` does not. `claims` counts who says to have been there;
    `unreached` whom some message about the session did not surely reach; needs are of those with a seat or an offer.
    """

    session: Session
    seats: Seats
    ended: int
    finished: bool
    people: int
    seated: int
    guests: int
    attended: int
    thanked: int
    claims: int
    sign_language: int
    subtitles: int
    other: int
    feedback: int
    unreached: int


@dataclass(frozen=True, slots=True)
class Outdated:
    """Nothing was done: somebody changed the session after the preview."""

    session: Session


def planned(tx: Tx, now: int) -> list[Session]:
    """The sessions a coordinator works on: first those not over, the next first; then those of the last two weeks.

    `now` in UTC microseconds. Cancelled ones are left out.
    """
    rows = tx.execute(_PLANNED, {"since": now - CORRECTION - LONGEST})
    found = list(sessions(tx, [row.id for row in rows]).values())
    ahead = [session for session in found if session.ends > now]
    over = [session for session in reversed(found) if now - CORRECTION <= session.ends <= now]
    return ahead + over


def standing(tx: Tx, session: int) -> Standing | None:
    """How it stands with a session, or None where there is none."""
    found = read_session(tx, session)
    if found is None:
        return None
    counts = dict(tx.execute(_STANDING, {"session": session})[0]._mapping)  # noqa: SLF001 - a row's public columns
    counts["finished"] = counts["finished"] is not None
    return Standing(session=found, seats=seats(tx, [session])[session], **counts)


def takers(tx: Tx, series: int) -> int:
    """How many people took all sessions of a series."""
    return int(tx.execute(_TAKERS, {"series": series})[0][0])


def series_titled(tx: Tx, title: str) -> int | None:
    """The series of this title, if there is one."""
    rows = tx.execute(_TITLED, {"title": title})
    return rows[0].id if rows else None


def mark(session: Session) -> str:
    """Tells one state of a session from another; more than `changed` does, which two changes may have in common."""
    return hashlib.blake2b(repr(session).encode(), digest_size=8).hexdigest()


def carry_out(
    tx: Tx, draft: Draft, person: int, coordinators: Collection[int], now: int, terms: Terms
) -> Changing | Outdated | Literal["rights"] | None:
    """Does what a draft says, once, in one transaction with the row that notes it.

    Args:
        tx: The transaction.
        draft: Its answers are `act`, `to` (what is wished) and, unless a session is new, `session` and `seen`, the
            mark of what the preview showed; `claims`, if there, how many said to have been there.
        person: The coordinator; their rights are looked up here, for they may have ended since the preview.
        coordinators: Those that the operator has set.
        now: UTC microseconds.
        terms: The operator's settings.

    Returns:
        What came of it. Nothing is done when it is Outdated: somebody changed the session after the preview; "rights":
        the person is no coordinator any more; None: the draft was taken before.
    """
    if take(tx, draft.id, person, now) is None:
        return None
    if not coordinates(tx, person, coordinators):
        return "rights"
    act, wished = draft.answers["act"], draft.answers["to"]
    if act == "new":
        done = _add(tx, wished, now, terms)
    else:
        found = _locked(tx, draft.answers["session"], with_series=act in _WORDING)
        if found is None:
            return Impossible("unknown")
        claims = draft.answers.get("claims")
        if mark(found) != draft.answers["seen"] or claims not in {None, claims_of(tx, found.id)}:
            return Outdated(found)
        done = _ACTS[act](tx, found, wished, now, terms)
    if isinstance(done, Done):
        note(tx, "coordinator", person, f"session {act}", f"session {done.session.id}", now)
    return done


def _locked(tx: Tx, session: int, *, with_series: bool) -> Session | None:
    """The session, locked; its series before it where a title may change, in the order that everybody keeps."""
    known = read_session(tx, session) if with_series else None
    if known is not None:
        tx.execute(programme.LOCK_SERIES[tx.dialect], {"id": known.series})
    return lock(tx, session)


def _add(tx: Tx, wished: Mapping[str, Any], now: int, terms: Terms) -> Changing:
    if wished["starts"] <= now:
        return Impossible("past")  # before a series is made for it
    series = programme.add_series(tx, wished["series"], {}, now)
    wording = Wording(
        wished["title"], wished["language"], wished["summary"], wished["speakers"], tuple(wished["topics"])
    )
    new = NewSession(series, wished["starts"], wording, wished["minutes"], wished["capacity"], wished["join_url"])
    added = programme.add(tx, new, now, terms)
    if isinstance(added, Impossible):
        return added
    found = read_session(tx, added)
    assert found is not None
    return Done(found, takers(tx, series))


def _move(tx: Tx, session: Session, wished: Mapping[str, Any], now: int, terms: Terms) -> Changing:
    starts, minutes = wished.get("starts", session.starts), wished.get("minutes", session.minutes)
    return programme.move(tx, session.id, starts, minutes, now, terms)


def _reword(tx: Tx, session: Session, wished: Mapping[str, Any], now: int, _terms: Terms) -> Changing:
    return programme.set_texts(tx, session.id, replace(wording_of(session), **wished), now)


def _word_in(tx: Tx, session: Session, wished: Mapping[str, Any], now: int, _terms: Terms) -> Changing:
    wordings = {**session.wordings, wished["code"]: (wished["title"], wished["summary"])}
    return programme.set_texts(tx, session.id, replace(wording_of(session), wordings=wordings), now)


def _settle(accept: bool) -> Callable[..., Changing]:  # noqa: FBT001 - the decision itself
    def settle(tx: Tx, session: Session, _wished: Mapping[str, Any], now: int, _terms: Terms) -> Changing:
        return Done(session, settle_claims(tx, session.id, accept, now))

    return settle


_WORDING = frozenset({"title", "summary", "speakers", "words"})
_ACTS: dict[str, Callable[[Tx, Session, Mapping[str, Any], int, Terms], Changing]] = {
    "move": _move,
    "places": lambda tx, one, to, now, terms: programme.resize(tx, one.id, to["capacity"], now, terms),
    "link": lambda tx, one, to, now, _: programme.set_join_url(tx, one.id, to["join_url"], now),
    "close": lambda tx, one, _to, now, _: programme.set_state(tx, one.id, "closed", now),
    "open": lambda tx, one, _to, now, _: programme.set_state(tx, one.id, "open", now),
    "cancel": lambda tx, one, _to, now, terms: programme.cancel(tx, one.id, now, terms),
    "title": _reword,
    "summary": _reword,
    "speakers": _reword,
    "words": _word_in,
    "materials": lambda tx, one, to, now, _: programme.set_materials(tx, one.id, to["materials"], now),
    "word": lambda tx, one, to, now, _: programme.set_code_word(tx, one.id, to["code_word"], now),
    "accept": _settle(accept=True),
    "refuse": _settle(accept=False),
}
