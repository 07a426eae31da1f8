"""Reminders: derived from sessions, registrations and rules when they are due, and never stored ahead."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from sqlalchemy import text

from bot.domain.instants import DAY, MINUTE
from bot.domain.reminders import nearest, rules, span
from bot.domain.terms import Terms
from bot.store.marks import mark, move_mark
from bot.store.tx import AnyRow, Tx, for_each_dialect, rows_of

MARK = "reminders"  # up to when everything was queued
LINK_BEFORE = DAY  # coordinators hear of a missing join link so long before the start
MARK_AGE = MINUTE  # so old the mark may grow while nothing is due; it costs a write
SLACK = DAY  # a rule by days may be off its elapsed time by as much as the clocks of a zone were ever changed

_OWN_RULES = text("SELECT DISTINCT reminders FROM people WHERE reminders IS NOT NULL")
_NEAR = for_each_dialect("""
    SELECT DISTINCT sessions.id, sessions.starts, sessions.zone, sessions.version, sessions.moved
    FROM {rows(windows)} AS wanted JOIN sessions
        ON sessions.starts > CAST(wanted.value->>0 AS BIGINT) AND sessions.starts <= CAST(wanted.value->>1 AS BIGINT)
    WHERE sessions.starts > :now AND sessions.state <> 'cancelled'
""")
# CROSS JOIN keeps SQLite from reading all registrations to look each up in the batch.
_QUEUE = for_each_dialect("""
    INSERT INTO outbox (person, dedup, kind, session, parameters, due, expires)
    SELECT registrations.person, wanted.value->>2, 'reminder', registrations.session, wanted.value->>3,
        CAST(wanted.value->>4 AS BIGINT), CAST(wanted.value->>5 AS BIGINT)
    FROM {rows(batch)} AS wanted CROSS JOIN registrations CROSS JOIN people
    WHERE registrations.session = CAST(wanted.value->>0 AS BIGINT) AND registrations.state = 'confirmed'
    AND registrations.confirmed_at <= CAST(wanted.value->>4 AS BIGINT)
    AND people.id = registrations.person AND COALESCE(people.reminders, :default) = wanted.value->>1
    ON CONFLICT (person, dedup) DO NOTHING
    RETURNING id
""")
_NO_LINK = for_each_dialect("""
    INSERT INTO outbox (person, dedup, kind, session, parameters, due, expires)
    SELECT told.person, wanted.dedup, 'no_link', wanted.id, '{}', :now, wanted.starts
    FROM (
        SELECT id, starts, 'no_link:' || id || ':' || version AS dedup FROM sessions
        WHERE starts > :now AND starts <= :now + :before AND join_url = '' AND state <> 'cancelled'
    ) AS wanted
    CROSS JOIN (
        SELECT id AS person FROM people WHERE role = 'coordinator'
        UNION SELECT CAST(value->>0 AS BIGINT) FROM {rows(coordinators)} AS given
    ) AS told
    WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.person = told.person AND outbox.dedup = wanted.dedup)
    ON CONFLICT (person, dedup) DO NOTHING
    RETURNING id
""")


def is_due(tx: Tx, now: int, terms: Terms) -> bool:
    """Whether `queue_due` is to be called: a rule's time has come, or it is a minute ago. A read, and cheap."""
    since = mark(tx, MARK)
    return since + MARK_AGE <= now or bool(_batch(tx, since, now, terms))


def queue_due(tx: Tx, now: int, terms: Terms) -> int:
    """Queues the reminders that have become due since the last time, and says how many.

    Of several that were missed for a session the nearest to its start is queued; none whose time had passed when the
    seat was confirmed or the start was set, and none after the start. Who chose rules of their own gets those.

    Args:
        tx: The transaction.
        now: UTC microseconds.
        terms: For the rules of those who have not chosen any.
    """
    batch = _batch(tx, mark(tx, MARK), now, terms)
    move_mark(tx, MARK, now)
    if not batch:
        return 0
    return len(tx.execute(_QUEUE[tx.dialect], {"batch": json.dumps(batch), "default": terms.reminders}))


def _batch(tx: Tx, since: int, now: int, terms: Terms) -> list[list[object]]:
    """What is due, by session and rules: session, rules, name, parameters, due and start."""
    kept = {terms.reminders, *(row.reminders for row in tx.execute(_OWN_RULES))}
    chosen = {text: rules(text) for text in kept}
    near = _near(tx, {rule for some in chosen.values() for rule in some}, since, now)
    return [one for row in near for text, some in chosen.items() for one in _reminder(row, text, some, since, now)]


def _near(tx: Tx, every: Iterable[str], since: int, now: int) -> Sequence[AnyRow]:
    """The sessions for which one of these rules may have become due in between: a few, by the index of the starts."""
    windows = [_window(rule, since, now) for rule in sorted(every)]
    return tx.execute(_NEAR[tx.dialect], {"windows": json.dumps(windows), "now": now})


def _window(rule: str, since: int, now: int) -> tuple[int, int]:
    """The starts, from the first exclusive to the last, of sessions that this rule may concern."""
    slack = SLACK if rule.endswith("d") else 0
    return since + span(rule) - slack, now + span(rule) + slack


def _reminder(session: AnyRow, kept: str, chosen: Sequence[str], since: int, now: int) -> list[list[object]]:
    """The row of the batch for a session and those with these rules; empty where nothing is due."""
    found = nearest(session.starts, session.zone, chosen, since, now)
    if found is None or found[1] < session.moved:
        return []
    rule, due = found
    name = f"reminder:{session.id}:{rule}:{session.version}"
    parameters = json.dumps({"rule": rule, "version": session.version})
    return [[session.id, kept, name, parameters, due, session.starts]]


def warn_of_missing_links(tx: Tx, coordinators: Iterable[int], now: int) -> int:
    """Queues a notice to every coordinator for each session without a join link that starts within 24 hours.

    Each hears of it once, and once more when the session was moved. `coordinators` are those that the operator has
    set; who has the role is found here. `now` in UTC microseconds. Returns how many were queued.
    """
    given = rows_of(sorted(coordinators))
    return len(tx.execute(_NO_LINK[tx.dialect], {"now": now, "before": LINK_BEFORE, "coordinators": given}))
