"""Changing the programme: series and sessions are added, moved, resized, reworded, closed and cancelled.

Every change of a session takes its lock first, and queues in the same transaction whatever people must hear. `now` is
in UTC microseconds. The caller has checked the values: minutes and seats are at least 1, languages are ours.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from sqlalchemy import TextClause, text

from bot.domain.plan import Changing, Done, Impossible, NewSession, Wording, wording_of
from bot.domain.programme import Session
from bot.domain.terms import Terms
from bot.services.programme_notices import tell_added, tell_cancelled, tell_link, tell_materials, tell_moved
from bot.services.registrations import fill, lock
from bot.services.sessions import session as read_session
from bot.store.address import Dialect
from bot.store.tx import Tx

ADD_SERIES = text(
    "INSERT INTO series (title, titles, created) VALUES (:title, :titles, :now) "
    "ON CONFLICT (title) DO UPDATE SET title = excluded.title RETURNING id"
)
SET_SERIES = text("UPDATE series SET title = :title, titles = :titles WHERE id = :id")
# Whoever adds a session or gives one another title holds the row of the series: no two get the same title.
LOCK_SERIES: dict[Dialect, TextClause] = {
    "sqlite": text("SELECT id FROM series WHERE id = :id"),  # there is one writer
    "postgresql": text("SELECT id FROM series WHERE id = :id FOR NO KEY UPDATE"),
}
TITLED = text("SELECT id FROM sessions WHERE series = :series AND title = :title")
ADD = text("""
    INSERT INTO sessions (series, title, summary, speakers, topics, language, wordings, starts, zone, minutes, capacity,
        join_url, municipalities, created, changed, moved)
    VALUES (:series, :title, :summary, :speakers, :topics, :language, :wordings, :starts, :zone, :minutes, :capacity,
        :join_url, :municipalities, :now, :now, :now)
    RETURNING id
""")
SAVE = text("""
    UPDATE sessions SET title = :title, summary = :summary, speakers = :speakers, topics = :topics,
        language = :language, wordings = :wordings, municipalities = :municipalities, starts = :starts, zone = :zone,
        minutes = :minutes, capacity = :capacity, join_url = :join_url, materials = :materials,
        code_word = :code_word, state = :state, version = :version, sequence = :sequence, changed = :changed,
        moved = :moved
    WHERE id = :id
""")
THANKED = text("SELECT finished FROM sessions WHERE id = :id AND finished IS NOT NULL")
# What is offered is kept, but never beyond the start.
SHORTEN_OFFERS = text(
    "UPDATE registrations SET offered_until = :starts "
    "WHERE session = :session AND state = 'offered' AND offered_until > :starts"
)
# Attendance can be said from shortly before the start; nobody has attended what is then moved or cancelled.
NOT_ATTENDED = text(
    "UPDATE registrations SET state = 'confirmed', claimed = FALSE, changes = changes + 1 "
    "WHERE session = :session AND (state IN ('attended', 'no_show') OR claimed IS TRUE AND state = 'confirmed')"
)
CANCEL_ALL = text(
    "UPDATE registrations SET state = 'cancelled', offered_until = NULL, changes = changes + 1 "
    "WHERE session = :session AND state IN ('confirmed', 'offered', 'waitlisted')"
)


def add_series(tx: Tx, title: str, titles: Mapping[str, str], now: int) -> int:
    """The id of the series of this title, which is made where there is none, with its `titles` by language."""
    return int(tx.execute(ADD_SERIES, {"title": title, "titles": _json(titles), "now": now})[0].id)


def set_series(tx: Tx, series: int, title: str, titles: Mapping[str, str]) -> None:
    """Gives a series this title, which no other has, and these by language instead of those it had."""
    tx.execute(SET_SERIES, {"id": series, "title": title, "titles": _json(titles)})


def add(tx: Tx, new: NewSession, now: int, terms: Terms) -> int | Impossible:
    """Adds a session, in the operator's time zone; its id. Those who took all of the series hear of it once."""
    if not tx.execute(LOCK_SERIES[tx.dialect], {"id": new.series}):
        return Impossible("unknown")
    if new.starts <= now:
        return Impossible("past")
    if tx.execute(TITLED, {"series": new.series, "title": new.wording.title}):
        return Impossible("taken")
    row = {"series": new.series, "starts": new.starts, "zone": terms.zone, "minutes": new.minutes, "now": now}
    row |= {"capacity": new.capacity, "join_url": new.join_url}
    id_ = int(tx.execute(ADD, row | _worded(new.wording))[0].id)
    added = read_session(tx, id_)
    assert added is not None
    tell_added(tx, added, now)
    return id_


def move(tx: Tx, session: int, starts: int, minutes: int, now: int, terms: Terms) -> Changing:
    """Gives a session another start (UTC microseconds) and length; those registered hear of it.

    A session that is over keeps its start, but its length can still be set right, of which nobody hears.
    """
    before = _changeable(tx, session)
    if isinstance(before, Impossible) or (before.starts, before.minutes) == (starts, minutes):
        return before if isinstance(before, Impossible) else Done(before)
    after = replace(before, starts=starts, minutes=minutes, sequence=before.sequence + 1, changed=now)
    if starts == before.starts:
        _save(tx, after)
        return Done(after, tell_moved(tx, before, after, now) if max(before.ends, after.ends) > now else 0)
    if before.ends <= now:
        return Impossible("over")
    if starts <= now:
        return Impossible("past")
    after = replace(after, zone=terms.zone, version=before.version + 1, moved=now)
    _save(tx, after)
    tx.execute(SHORTEN_OFFERS, {"session": session, "starts": starts})
    tx.execute(NOT_ATTENDED, {"session": session})
    told = tell_moved(tx, before, after, now)
    fill(tx, session, now, terms)  # seats that became free while it ran had nobody to go to
    return Done(after, told)


def resize(tx: Tx, session: int, capacity: int | None, now: int, terms: Terms) -> Changing:
    """Gives a session another number of seats, None for no limit; new ones go to the waiting list.

    Fewer seats evict nobody, and nothing is given until there is room.
    """
    before = _changeable(tx, session)
    if isinstance(before, Impossible) or before.capacity == capacity:
        return before if isinstance(before, Impossible) else Done(before)
    after = replace(before, capacity=capacity, changed=now)
    _save(tx, after)
    if capacity is None or (before.capacity is not None and capacity > before.capacity):
        fill(tx, session, now, terms)
    return Done(after)


def set_join_url(tx: Tx, session: int, url: str, now: int) -> Changing:
    """Sets the link by which people join, or takes it away (""); those with a seat hear of a new one."""
    before = _changeable(tx, session)
    if isinstance(before, Impossible) or before.join_url == url:
        return before if isinstance(before, Impossible) else Done(before)
    after = replace(before, join_url=url, sequence=before.sequence + 1, changed=now)
    _save(tx, after)
    return Done(after, tell_link(tx, after, now) if url and after.ends > now else 0)


def set_state(tx: Tx, session: int, state: Literal["open", "closed"], now: int) -> Changing:
    """Closes a session for new registrations, or opens it again; a cancelled one stays cancelled."""
    before = _changeable(tx, session)
    if isinstance(before, Impossible) or before.state == state:
        return before if isinstance(before, Impossible) else Done(before)
    after = replace(before, state=state, changed=now)
    _save(tx, after)
    return Done(after)


def cancel(tx: Tx, session: int, now: int, terms: Terms) -> Changing:  # noqa: ARG001 - as the other changes are called
    """Cancels a session for good: its registrations end, and everybody hears of it, each their own way."""
    before = lock(tx, session)
    if before is None:
        return Impossible("unknown")
    if before.state == "cancelled":
        return Done(before)
    if before.ends <= now:
        return Impossible("over")
    after = replace(before, state="cancelled", sequence=before.sequence + 1, changed=now)
    _save(tx, after)
    tx.execute(NOT_ATTENDED, {"session": session})
    told = tell_cancelled(tx, after, now)
    tx.execute(CANCEL_ALL, {"session": session})
    return Done(after, told)


def set_texts(tx: Tx, session: int, wording: Wording, now: int) -> Changing:
    """Rewords a session; what is shown follows at once, and calendars follow another title."""
    known = read_session(tx, session)
    if known is None:
        return Impossible("unknown")
    tx.execute(LOCK_SERIES[tx.dialect], {"id": known.series})
    before = lock(tx, session)
    assert before is not None
    if wording_of(before) == wording:
        return Done(before)
    if any(row.id != session for row in tx.execute(TITLED, {"series": before.series, "title": wording.title})):
        return Impossible("taken")
    retitled = wording_of(before).titles != wording.titles
    after = replace(
        before,
        title=wording.title,
        language=wording.language,
        summary=wording.summary,
        speakers=wording.speakers,
        topics=wording.topics,
        municipalities=wording.municipalities,
        wordings=wording.wordings,
        sequence=before.sequence + retitled,
        changed=now,
    )
    _save(tx, after)
    return Done(after)


def set_materials(tx: Tx, session: int, materials: str, now: int) -> Changing:
    """Sets what people can read afterwards; those who attended get it when they have been thanked without it."""
    before = lock(tx, session)
    if before is None:
        return Impossible("unknown")
    if before.materials == materials:
        return Done(before)
    # The sequence makes the notice of each change one of its own.
    after = replace(before, materials=materials, sequence=before.sequence + 1, changed=now)
    _save(tx, after)
    late = materials and tx.execute(THANKED, {"id": session})
    return Done(after, tell_materials(tx, after, now) if late else 0)


def set_code_word(tx: Tx, session: int, word: str, now: int) -> Changing:
    """Sets the word by which people say that they attend, or takes it away ("")."""
    before = lock(tx, session)
    if before is None:
        return Impossible("unknown")
    after = replace(before, code_word=word, changed=now)
    _save(tx, after)
    return Done(after)


def _changeable(tx: Tx, session: int) -> Session | Impossible:
    """The session, locked, or why it cannot change."""
    locked = lock(tx, session)
    if locked is None:
        return Impossible("unknown")
    return Impossible("cancelled") if locked.state == "cancelled" else locked


def _save(tx: Tx, session: Session) -> None:
    """Writes all of a session that the programme decides; its caller holds the lock."""
    names = ("id", "starts", "zone", "minutes", "capacity", "join_url", "materials", "code_word", "state", "version",
             "sequence", "changed", "moved")  # fmt: skip
    tx.execute(SAVE, {name: getattr(session, name) for name in names} | _worded(wording_of(session)))


def _worded(wording: Wording) -> dict[str, str]:
    """The columns of a wording."""
    return {
        "title": wording.title,
        "language": wording.language,
        "summary": wording.summary,
        "speakers": wording.speakers,
        "topics": _json(wording.topics),
        "municipalities": _json(wording.municipalities),
        "wordings": _json(wording.wordings),
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
