"""Questions to the coordination team: sent, read, answered once, and gone some time after."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import text

from bot.domain.inquiries import MOST_OPEN, Inbox, Inquiry
from bot.domain.instants import DAY, HOUR
from bot.domain.urgency import AWAITED
from bot.services import audit
from bot.services.drafts import look
from bot.services.inquiry_drafts import DONE, PREVIEW, drop, finish
from bot.services.people import hold, know
from bot.services.roles import coordinates, readers
from bot.store.outbox import Claimed, Notice, queue
from bot.store.people import Person, known
from bot.store.tx import AnyRow, Tx, for_each_dialect, rows_of

KIND = "inquiry"  # of the drafts of those who ask, and of notices that something new is in the inbox
ANSWER = "answer"  # of the drafts of those who answer
REPLY = "reply"  # of the notices to those who asked
ENDED_KEPT = 90 * DAY  # after the answer
OPEN_KEPT = 180 * DAY  # after asking, if nobody ever answers
PAUSE = HOUR  # between two notices to the same coordinator

Sent = int | Literal["gone", "full", "nobody"]
Ended = Literal["answered", "closed", "gone", "role", "ended", "deleted", "blocked"]

_COLUMNS = "id, person, about, language, text, state, asked, answer, ended"
_COUNT = text("SELECT COUNT(*) FROM inquiries WHERE person = :person AND state = 'open'")
_ADD = text(
    "INSERT INTO inquiries (person, about, language, text, asked) "
    "VALUES (:person, :about, :language, :text, :now) RETURNING id"
)
_ONE = text(f"SELECT {_COLUMNS} FROM inquiries WHERE id = :id")  # noqa: S608 - of a constant
_OPEN = text(f"SELECT {_COLUMNS} FROM inquiries WHERE state = 'open' ORDER BY asked, id")  # noqa: S608 - as above
_ANSWERED = text(f"SELECT {_COLUMNS} FROM inquiries WHERE state = 'answered' ORDER BY id")  # noqa: S608 - as above
_OWN = text(f"SELECT {_COLUMNS} FROM inquiries WHERE person = :person ORDER BY id")  # noqa: S608 - as above
_NAMED = for_each_dialect(f"""
    SELECT {_COLUMNS} FROM inquiries WHERE id IN (SELECT CAST(value->>0 AS BIGINT) FROM {{rows(ids)}})
""")  # noqa: S608 - as above
_INBOX = text("SELECT COUNT(*) AS many, MIN(asked) AS oldest FROM inquiries WHERE state = 'open'")
_DELIVERY = text("SELECT state FROM outbox WHERE person = :person AND dedup = :dedup")
_WITHDRAW = text("DELETE FROM inquiries WHERE id = :id AND person = :person AND state = 'open' RETURNING id")
_END = text("""
    UPDATE inquiries SET state = :state, answer = :answer, ended = :now WHERE id = :id AND state = 'open'
    RETURNING person
""")
_FORGET = text("DELETE FROM inquiries WHERE person = :person RETURNING id")
_ANSWERS = text("SELECT id, answers FROM drafts WHERE kind = :kind AND step = :step")
_EMPTY_ANSWER = text("UPDATE drafts SET answers = :answers WHERE id = :id")
_FORGET_ENDED = text("DELETE FROM inquiries WHERE ended <= :before")
_FORGET_OPEN = text("""
    DELETE FROM inquiries WHERE state = 'open' AND asked <= :before RETURNING id, person, about, asked
""")
_FORGET_DONE = text("DELETE FROM drafts WHERE person = :person AND kind = :kind AND step = :step")
# Whom news of the inbox is on its way to, and when that was last due.
_TOLD = for_each_dialect("""
    SELECT person, MAX(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END) AS waits, MAX(due) AS last FROM outbox
    WHERE kind = :kind AND person IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows(people)})
    GROUP BY person
""")


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with a question: who asked it, and what became of the message about its end.

    `delivery` is a state of the outbox, empty where nothing was queued.
    """

    inquiry: Inquiry
    asker: Person
    delivery: str


def open_ones(tx: Tx, person: int) -> int:
    """How many questions of a person wait for an answer."""
    return int(tx.execute(_COUNT, {"person": person})[0][0])


def send(
    tx: Tx, draft: int, person: int, code: str | None, language: str, coordinators: Collection[int], now: int
) -> Sent:
    """Stores what a draft says as an open question, and tells the coordinators that there is one; its id.

    Args:
        tx: The transaction.
        draft: Of kind "inquiry", previewed. It stays where nothing is sent.
        person: Who asks.
        code: Their language by Telegram.
        language: That of the interface they see.
        coordinators: Those that the operator has set.
        now: UTC microseconds.

    Returns:
        The id, also for a draft that was sent before; "gone" for one that is old or another's; "full" where the person
        has as many open questions as they may; "nobody" where there is no coordinator any more.
    """
    hold(tx, person)  # so that one of two questions is the last that fits
    found = look(tx, draft, person, now)
    if found is None or found.kind != KIND or found.step not in {PREVIEW, DONE}:
        return "gone"  # and whoever has been erased does not become known again
    know(tx, person, code, now)
    if found.step == DONE:
        return int(found.answers["sent"])
    told = readers(tx, coordinators)
    if not told:
        return "nobody"
    if open_ones(tx, person) >= MOST_OPEN:
        return "full"
    row = {"about": found.answers["about"], "text": found.answers["text"], "language": language}
    id_ = int(tx.execute(_ADD, {"person": person, "now": now, **row})[0].id)
    finish(tx, found, person, {"sent": id_}, now)
    _tell(tx, id_, told, now)
    return id_


def _tell(tx: Tx, id_: int, told: Collection[int], now: int) -> None:
    """Queues the news, to nobody who has some waiting, and to nobody more than once an hour."""
    people = rows_of(sorted(told))
    before = {row.person: row for row in tx.execute(_TOLD[tx.dialect], {"kind": KIND, "people": people})}
    news = [
        Notice(one, KIND, f"{KIND}:{id_}", max(now, before[one].last + PAUSE) if one in before else now)
        for one in sorted(told)
        if one not in before or not before[one].waits
    ]
    queue(tx, news)


def withdraw(tx: Tx, id_: int, person: int) -> bool:
    """Deletes an open question of a person's; false where it is not theirs, not open, or not there."""
    gone = bool(tx.execute(_WITHDRAW, {"id": id_, "person": person}))
    if gone:
        tx.execute(_FORGET_DONE, {"person": person, "kind": KIND, "step": DONE})
    return gone


def standing(tx: Tx, id_: int) -> Standing | None:
    """How it stands with a question, or None where there is none (any more)."""
    rows = tx.execute(_ONE, {"id": id_})
    if not rows:
        return None
    found = _inquiry(rows[0])
    told = tx.execute(_DELIVERY, {"person": found.person, "dedup": f"{REPLY}:{id_}"})
    return Standing(found, known(tx, [found.person])[found.person], told[0].state if told else "")


def waiting(tx: Tx) -> list[Inquiry]:
    """The open questions, the oldest first."""
    return [_inquiry(row) for row in tx.execute(_OPEN)]


def inbox(tx: Tx) -> Inbox | None:
    """What waits for an answer, or None where nothing does."""
    row = tx.execute(_INBOX)[0]
    return Inbox(int(row.many), row.oldest) if row.many else None


def end(tx: Tx, draft: int, person: int, coordinators: Collection[int], now: int) -> Ended:
    """Answers or closes a question as a coordinator's draft says, once, and queues what its person hears.

    Args:
        tx: The transaction.
        draft: Of kind "answer", previewed; its answers are `inquiry`, and `html`, empty to close without an answer.
        person: The coordinator, whose role is looked at here.
        coordinators: Those that the operator has set.
        now: UTC microseconds.

    Returns:
        "answered" or "closed", also for a draft that did so before; "gone" for one that is old or another's; "role"
        where the person is no coordinator (any more); "ended" where somebody else was first; "deleted" where the
        question was withdrawn or its person deleted; "blocked" where an answer would not arrive, since the person has
        stopped Lotse.
    """
    if not coordinates(tx, person, coordinators):
        return "role"
    found = look(tx, draft, person, now)
    if found is None or found.kind != ANSWER or found.step not in {PREVIEW, DONE}:
        return "gone"
    if found.step == DONE:
        done: Ended = found.answers["ended"]
        return done
    id_, html = int(found.answers["inquiry"]), str(found.answers["html"])
    asked = standing(tx, id_)
    if asked is not None and asked.asker.blocked and html and asked.inquiry.state == "open":
        return "blocked"
    state: Literal["answered", "closed"] = "answered" if html else "closed"
    rows = tx.execute(_END, {"id": id_, "state": state, "answer": html, "now": now})
    if not rows:
        drop(tx, found, person, now)
        return "deleted" if standing(tx, id_) is None else "ended"
    finish(tx, found, person, {"inquiry": id_, "ended": state}, now)
    queue(tx, [Notice(rows[0].person, REPLY, f"{REPLY}:{id_}", now, parameters={"inquiry": id_}, priority=AWAITED)])
    audit.note(tx, "coordinator", person, f"inquiry {state}", f"inquiry {id_}", now)
    return state


def for_replies(tx: Tx, claimed: Sequence[Claimed]) -> dict[int, Inquiry]:
    """The questions that a batch of messages replies to, by the message's id; those that are gone are left out."""
    named = {one.id: int(one.parameters["inquiry"]) for one in claimed if one.kind == REPLY}
    if not named:
        return {}
    ids = rows_of(sorted(set(named.values())))
    found = {row.id: _inquiry(row) for row in tx.execute(_NAMED[tx.dialect], {"ids": ids})}
    return {one: found[id_] for one, id_ in named.items() if id_ in found}


def for_news(tx: Tx, claimed: Sequence[Claimed]) -> Inbox | None:
    """What waits in the inbox, if a batch of messages tells of it."""
    return inbox(tx) if any(one.kind == KIND for one in claimed) else None


def of_person(tx: Tx, person: int) -> list[Inquiry]:
    """All questions of a person that are kept."""
    return [_inquiry(row) for row in tx.execute(_OWN, {"person": person})]


def export(tx: Tx, now: int) -> list[Inquiry]:
    """The questions that were answered, for drafts of general answers; noted, since texts leave the database by it."""
    found = [_inquiry(row) for row in tx.execute(_ANSWERED)]
    audit.note(tx, "operator", None, "inquiries exported", f"{len(found)} answered", now)
    return found


def forget(tx: Tx, person: int) -> None:
    """Deletes the questions of a person who is being erased; before the outbox forgets what was queued to them.

    What is being answered may repeat their words, so of an answer that is not sent only the number stays.
    """
    gone = {row.id for row in tx.execute(_FORGET, {"person": person})}
    for row in tx.execute(_ANSWERS, {"kind": ANSWER, "step": PREVIEW}) if gone else ():
        answers = json.loads(row.answers)
        if answers["inquiry"] in gone:
            tx.execute(_EMPTY_ANSWER, {"id": row.id, "answers": json.dumps({**answers, "html": ""})})


def sweep(tx: Tx, now: int) -> None:
    """Deletes what has had its time; whose question nobody ever answered hears that. `now` in UTC microseconds."""
    tx.execute(_FORGET_ENDED, {"before": now - ENDED_KEPT})
    for row in sorted(tx.execute(_FORGET_OPEN, {"before": now - OPEN_KEPT})):
        closed = {"inquiry": row.id, "about": row.about, "asked": row.asked}  # the row is gone when it is told
        queue(tx, [Notice(row.person, REPLY, f"{REPLY}:{row.id}", now, parameters=closed, priority=AWAITED)])


def _inquiry(row: AnyRow) -> Inquiry:
    return Inquiry(*row)
