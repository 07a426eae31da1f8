"""Who is in the audience of an announcement: told by one condition, for whoever asks and whenever."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import TextClause, text

from bot.domain.announcements import Announcement, Audience, Reach
from bot.domain.languages import reply_language
from bot.domain.urgency import TO_MANY
from bot.services.chats import chats
from bot.services.sessions import sessions_of
from bot.store.address import Dialect
from bot.store.outbox import Notice, queue
from bot.store.people import known
from bot.store.tx import Tx, for_each_dialect, rows_of

LOOKS = 40  # ranges that confirming looks through for somebody; an audience that begins later counts as one

_LOOKED = text("""
    SELECT MAX(id) AS last, COUNT(*) AS many
    FROM (SELECT id FROM people WHERE id > :after ORDER BY id LIMIT :most) AS looked
""")
_LANGUAGES = text("SELECT DISTINCT language, code FROM people WHERE id > :after AND id <= :until")
_FITS = """
    CASE :source
        WHEN 'newsletter' THEN subscriptions.person IS NOT NULL
        WHEN 'coordinators' THEN people.role = 'coordinator'
            OR people.id IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows(coordinators)})
        ELSE EXISTS (
            SELECT 1 FROM registrations WHERE registrations.person = people.id
            AND registrations.state IN ('confirmed', 'offered', 'waitlisted', 'attended')
            AND registrations.session IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows(sessions)})
        )
    END
    AND (:role = '' OR people.role = :role OR (:role = 'coordinator'
        AND people.id IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows(coordinators)})))
    AND (:topic = '' OR subscriptions.topics = '' OR EXISTS (
        SELECT 1 FROM {rows(topics)} WHERE ' ' || subscriptions.topics || ' ' LIKE '% ' || (value->>0) || ' %'
    ))
    AND (:language = '' OR COALESCE(people.language, '') || ' ' || COALESCE(people.code, '')
        IN (SELECT value->>0 FROM {rows(readers)}))
    AND (:type = '' OR details.municipality_type = :type)
    AND (:rhythm = '' OR COALESCE(subscriptions.rhythm, :rhythm) = :rhythm)
    AND NOT EXISTS (
        SELECT 1 FROM registrations WHERE registrations.person = people.id
        AND registrations.session IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows(without)})
    )
"""
_PEOPLE = """
    FROM people LEFT JOIN subscriptions ON subscriptions.person = people.id
    LEFT JOIN details ON details.person = people.id
"""


def _among(sql: str) -> dict[Dialect, TextClause]:
    """A statement for both dialects in which `{people}` are all people and `{fits}` who is in the audience."""
    return for_each_dialect(sql.replace("{people}", _PEOPLE).replace("{fits}", _FITS))


_RANGE = "people.id > :after AND people.id <= :until"
_QUEUE = _among(f"""
    INSERT INTO outbox (person, dedup, kind, announcement, priority, due)
    SELECT people.id, :dedup, 'announcement', :id, :priority, :due {{people}}
    WHERE {_RANGE} AND {{fits}} ORDER BY people.id
    ON CONFLICT (person, dedup) DO NOTHING
""")
_ANYBODY = _among(f"SELECT people.id {{people}} WHERE {_RANGE} AND {{fits}} LIMIT 1")
_COUNT = _among("""
    SELECT people.language, people.code, people.blocked, COUNT(*) AS many {people}
    WHERE {fits} GROUP BY people.language, people.code, people.blocked
""")
_THESE = _among("""
    SELECT people.id {people}
    WHERE people.id IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows(people)}) AND {fits}
""")


def reach(tx: Tx, audience: Audience, coordinators: Collection[int], default_language: str) -> Reach:
    """How many people an announcement would reach now; those who have blocked the bot are among them.

    `coordinators` are those that the operator has set. Groups and channels are not counted.
    """
    wanted = _parameters(tx, audience, coordinators) | {"language": ""}
    languages: Counter[str] = Counter()
    blocked = 0
    for row in tx.execute(_COUNT[tx.dialect], wanted):
        language = reply_language(row.language, row.code, default_language)
        if audience.language in {"", language}:
            languages[language] += row.many
            blocked += row.many if row.blocked else 0
    languages[default_language] += len(_unknown(tx, audience, coordinators, default_language))
    return Reach({code: many for code, many in sorted(languages.items()) if many}, blocked)


def look(tx: Tx, after: int, most: int) -> tuple[int, bool]:
    """The next people by their ids, after one of them: up to whom so many reach, and whether there are more."""
    row = tx.execute(_LOOKED, {"after": after, "most": most})[0]
    return (after, False) if row.last is None else (row.last, row.many == most)


def anybody(tx: Tx, audience: Audience, coordinators: Collection[int], most: int) -> bool:
    """Whether an announcement would reach somebody, or a linked group or channel; looks at a bounded number of people.

    Who has neither chosen a language nor is known to have one counts as reading the wanted one.
    """
    if _linked(tx, audience.chats) or _unknown(tx, audience, coordinators, audience.language):
        return True
    wanted = _parameters(tx, audience, coordinators)
    after, more = 0, True
    for _ in range(LOOKS):
        until, more = look(tx, after, most)
        found = _readers(tx, audience, after, until, audience.language)
        if tx.execute(_ANYBODY[tx.dialect], {**wanted, "after": after, "until": until, "readers": found}):
            return True
        if not more:
            return False
        after = until
    return more


def queue_people(
    tx: Tx, one: Announcement, after: int, until: int, coordinators: Collection[int], default_language: str
) -> None:
    """Queues an announcement for those in its audience among the people of a range, the first exclusive."""
    row = {"id": one.id, "dedup": dedup(one.id), "priority": TO_MANY, "due": one.due, "after": after, "until": until}
    found = _readers(tx, one.audience, after, until, default_language)
    tx.execute(_QUEUE[tx.dialect], {**_parameters(tx, one.audience, coordinators), **row, "readers": found})


def queue_others(tx: Tx, one: Announcement, coordinators: Collection[int], default_language: str) -> None:
    """Queues an announcement for the groups and channels, and for coordinators of whom nothing is stored."""
    others = [*_linked(tx, one.audience.chats), *_unknown(tx, one.audience, coordinators, default_language)]
    queue(
        tx,
        [
            Notice(other, "announcement", dedup(one.id), one.due, priority=TO_MANY, announcement=one.id)
            for other in others
        ],
    )


def still(tx: Tx, audience: Audience, people: Iterable[int], coordinators: Collection[int]) -> set[int]:
    """Who of these people, groups and channels is in the audience by now, whatever language they read."""
    asked = set(people)
    ids = rows_of(one for one in sorted(asked) if one > 0)
    rows = tx.execute(_THESE[tx.dialect], {**_parameters(tx, audience, coordinators), "language": "", "people": ids})
    # Of groups it counts that they are linked: the audience may name one by the id that it had.
    others = {*_linked(tx, asked), *_unknown(tx, audience, coordinators, audience.language)}
    return {row.id for row in rows} | (asked & others)


def dedup(id_: int) -> str:
    """The name of an announcement in the outbox."""
    return f"announcement:{id_}"


def _parameters(tx: Tx, audience: Audience, coordinators: Collection[int]) -> dict[str, Any]:
    return {
        "source": audience.source,
        "role": audience.role,
        "topic": audience.topic,
        "topics": rows_of((audience.topic, *audience.also)),
        "language": audience.language,
        "type": audience.type,
        "rhythm": audience.rhythm,
        "coordinators": rows_of(sorted(coordinators)),
        "sessions": _sessions(tx, audience.source),
        "without": _sessions(tx, audience.without),
        "readers": "[]",
    }


def _sessions(tx: Tx, source: str) -> str:
    """The sessions that session:<id> or series:<id> means; none for another source."""
    kind, _, number = source.partition(":")
    if not number.isdecimal():
        return "[]"
    ids = [int(number)] if kind == "session" else [one.id for one in sessions_of(tx, int(number))]
    return rows_of(ids)


def _readers(tx: Tx, audience: Audience, after: int, until: int, default_language: str) -> str:
    """Which of the languages chosen and sent by Telegram in a range of people make readers of the wanted language."""
    if not audience.language:
        return "[]"
    rows = tx.execute(_LANGUAGES, {"after": after, "until": until})
    pairs = [(row.language, row.code) for row in rows]
    wanted = [pair for pair in pairs if reply_language(*pair, default_language) == audience.language]
    return rows_of(f"{language or ''} {code or ''}" for language, code in wanted)


def _linked(tx: Tx, ids: Iterable[int]) -> list[int]:
    return sorted(one.id for one in chats(tx, [one for one in ids if one < 0]).values() if one.linked)


def _unknown(tx: Tx, audience: Audience, coordinators: Collection[int], default_language: str) -> list[int]:
    """Coordinators of the audience that the operator has set and of whom nothing is stored."""
    narrowed = audience.topic or audience.type or audience.role == "staff"
    if audience.source != "coordinators" or narrowed or audience.language not in {"", default_language}:
        return []
    return sorted(set(coordinators) - known(tx, coordinators).keys())
