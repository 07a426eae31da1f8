"""What is stored of a person: shown to them in full, and gone when they ask or are silent for long."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from bot.domain.announcements import Content
from bot.domain.instants import moment
from bot.domain.terms import Terms
from bot.services import announcement_records, audit, chats, inquiries, roles
from bot.services.people import hold
from bot.services.registrations import release
from bot.services.retention import freeze
from bot.store import outbox, tallies
from bot.store.tx import Tx

SILENCE = timedelta(days=183)  # six months without a sign erase a person without registration, role or newsletter

PERSON = text(
    "SELECT language, code, role, role_since, blocked, reminders, place, mark, created, seen FROM people WHERE id = :id"
)
DETAILS = text("""
    SELECT name, organisation AS authority, municipality, municipality_type FROM details
    WHERE person = :id AND name || organisation || municipality || municipality_type <> ''
""")
REGISTRATIONS = text("""
    SELECT sessions.title, sessions.starts, sessions.zone, registrations.state, registrations.created
    FROM registrations JOIN sessions ON sessions.id = registrations.session
    WHERE registrations.person = :id ORDER BY sessions.starts, sessions.id
""")
TAKES_ALL = text("""
    SELECT series.title, takes_all.since FROM takes_all JOIN series ON series.id = takes_all.series
    WHERE takes_all.person = :id ORDER BY series.id
""")
NEEDS = text("""
    SELECT sessions.title, needs.sign_language, needs.subtitles, needs.other, needs.consented
    FROM needs JOIN sessions ON sessions.id = needs.session
    WHERE needs.person = :id ORDER BY sessions.starts, sessions.id
""")
NEWSLETTER = text("SELECT topics, rhythm, since FROM subscriptions WHERE person = :id")
MESSAGES = text("""
    SELECT outbox.kind, sessions.title, outbox.state, outbox.due
    FROM outbox LEFT JOIN sessions ON sessions.id = outbox.session
    WHERE outbox.person = :id ORDER BY outbox.id
""")
ACTS = text("SELECT action, subject, at FROM audit WHERE person = :id OR subject = :subject ORDER BY id")
INVITATIONS = text("SELECT role, expires FROM invitations WHERE invited_by = :id AND used_by IS NULL ORDER BY id")
DRAFTS = text("SELECT kind, answers, expires FROM drafts WHERE person = :id ORDER BY id")
ERASE_NEWSLETTER = text("DELETE FROM subscriptions WHERE person = :id")
ERASE_DRAFTS = text("DELETE FROM drafts WHERE person = :id")
ERASE = text("DELETE FROM people WHERE id = :id")
SILENT = text("""
    SELECT id FROM people WHERE seen < :before AND role IS NULL
    AND NOT EXISTS (SELECT 1 FROM registrations WHERE registrations.person = people.id)
    AND NOT EXISTS (SELECT 1 FROM takes_all WHERE takes_all.person = people.id)
    AND NOT EXISTS (SELECT 1 FROM inquiries WHERE inquiries.person = people.id AND inquiries.state = 'open')
    AND NOT EXISTS (SELECT 1 FROM subscriptions WHERE subscriptions.person = people.id)
    ORDER BY id
""")


def about(tx: Tx, person: int) -> dict[str, Any]:
    """Everything stored about a person, for themselves.

    Days in ISO form (UTC), starts of sessions in their own time zone. Of somebody who is not known there is
    little but the id.
    """
    stored: dict[str, Any] = {"telegram_id": person}
    for row in tx.execute(PERSON, {"id": person}):
        stored |= {"language": row.language, "telegram_language": row.code, "role": row.role}
        stored["role_since"] = None if row.role_since is None else _day(row.role_since)
        stored |= {"blocked": bool(row.blocked), "reminders": row.reminders, "mark": row.mark}
        stored |= {"place": row.place}
        stored |= {"since": _day(row.created), "last_seen": _day(row.seen)}
        details = tx.execute(DETAILS, {"id": person})
        stored["details"] = dict(details[0]._mapping) if details else None  # noqa: SLF001 - its public name
        stored |= _of_sessions(tx, person)
        stored["inquiries"] = _inquiries(tx, person)
        stored["newsletter"] = _newsletter(tx, person)
    if announced := announcement_records.written_by(tx, person):
        stored["announcements"] = [{**_written(made.content), "sent": _day(made.due)} for made in announced]
    if added := chats.added_by(tx, person):
        stored["groups"] = added
    if invited := tx.execute(INVITATIONS, {"id": person}):
        stored["invitations"] = [{"role": row.role, "until": _day(row.expires)} for row in invited]
    stored["messages"] = [
        {"kind": row.kind, "session": row.title, "state": row.state, "due": _day(row.due)}
        for row in tx.execute(MESSAGES, {"id": person})
    ]
    stored["acts"] = [
        {"action": row.action, "subject": row.subject, "day": _day(row.at)}
        for row in tx.execute(ACTS, {"id": person, "subject": audit.about(person)})
    ]
    # A question about danger is not shown: somebody else may hold the phone.
    if asked := [one for one in tallies.of_person(tx, person) if one["outcome"] != "urgent"]:
        stored["questions"] = asked
    stored["drafts"] = [
        {"kind": row.kind, "answers": json.loads(row.answers), "expires": _day(row.expires)}
        for row in tx.execute(DRAFTS, {"id": person})
    ]
    return stored


def _written(content: Content) -> dict[str, Any]:
    """The words of an announcement by language: its texts, and what its picture shows if there is one."""
    pictures = {code: one.alt for code, one in content.texts.items() if one.alt}
    texts = {code: one.html for code, one in content.texts.items()}
    return {"texts": texts, "pictures": pictures} if pictures else {"texts": texts}


def _newsletter(tx: Tx, person: int) -> dict[str, Any] | None:
    """Their newsletter; None where it is off."""
    rows = tx.execute(NEWSLETTER, {"id": person})
    kept = [{"topics": row.topics.split(), "rhythm": row.rhythm, "since": _day(row.since)} for row in rows]
    return kept[0] if kept else None


def _of_sessions(tx: Tx, person: int) -> dict[str, Any]:
    registrations = [
        {
            "session": row.title,
            "starts": moment(row.starts, row.zone).isoformat(timespec="minutes"),
            "state": row.state,
            "since": _day(row.created),
        }
        for row in tx.execute(REGISTRATIONS, {"id": person})
    ]
    series = [{"series": row.title, "since": _day(row.since)} for row in tx.execute(TAKES_ALL, {"id": person})]
    needs = [
        {
            "session": row.title,
            "sign_language": bool(row.sign_language),
            "subtitles": bool(row.subtitles),
            "other": row.other,
            "consented": _day(row.consented),
        }
        for row in tx.execute(NEEDS, {"id": person})
    ]
    return {"registrations": registrations, "series_taken_whole": series, "needs": needs}


def _inquiries(tx: Tx, person: int) -> list[dict[str, Any]]:
    """What they have sent to the coordination team, with the answers."""
    return [
        {
            "about": one.about,
            "language": one.language,
            "text": one.text,
            "state": one.state,
            "sent": _day(one.asked),
            "answer": one.answer,
            "ended": None if one.ended is None else _day(one.ended),
        }
        for one in inquiries.of_person(tx, person)
    ]


def erase(tx: Tx, person: int, now: int, terms: Terms) -> None:
    """Deletes everything of a person; counts without a person stay, and their seats go to who waits for them.

    `now` in UTC microseconds.
    """
    announcement_records.forget(tx, person)
    hold(tx, person)
    freeze(tx, person, now)
    release(tx, person, now, terms)
    inquiries.forget(tx, person)
    outbox.forget(tx, person)
    tallies.forget(tx, person)
    audit.forget(tx, person)
    chats.forget(tx, person)
    roles.forget(tx, person)
    tx.execute(ERASE_NEWSLETTER, {"id": person})
    tx.execute(ERASE_DRAFTS, {"id": person})
    tx.execute(ERASE, {"id": person})


def erase_if_unneeded(tx: Tx, person: int, now: int, terms: Terms) -> None:
    """Deletes a person of whom nothing is stored but that they exist."""
    stored = about(tx, person)
    if not any(_means_something(stored, key) for key in stored):
        erase(tx, person, now, terms)


def _means_something(stored: Mapping[str, Any], key: str) -> bool:
    """Whether this says more of a person than that they exist; rules for reminders do even where there are none."""
    if key in {"telegram_id", "telegram_language", "since", "last_seen", "blocked", "mark", "questions"}:
        return False
    return stored[key] is not None if key == "reminders" else bool(stored[key])


def forget_silent(tx: Tx, now: int, terms: Terms, coordinators: Collection[int] = ()) -> int:
    """Deletes people without registration, role or newsletter who were silent for six months; how many.

    Registrations are deleted some time after their series, so they keep nobody for good. `now` in UTC microseconds;
    `coordinators` are those that the operator has set, which is a role, too.
    """
    before = now - int(SILENCE.total_seconds()) * 1_000_000
    silent = [row.id for row in tx.execute(SILENT, {"before": before}) if row.id not in coordinators]
    for person in silent:
        erase(tx, person, now, terms)
    return len(silent)


def _day(instant: int) -> str:
    return moment(instant).date().isoformat()
