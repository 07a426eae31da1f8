"""How often what was asked and answered, by month; people are told apart, and nobody can be found in it.

`tallies` counts by entry. `askers` counts by topic and person during a month, so that a report can leave out what fewer
than so many people asked: a person is a keyed hash, and the key is a row of `secrets` for each month. Who counts holds
that row, and who closes a month deletes it first, so that nothing is counted between the sum and the deletion.
"""

from __future__ import annotations

import hmac
import secrets
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import text

from bot.store.tx import Tx

Outcome = Literal["answer", "suggest", "none", "urgent", "helpful", "not_helpful"]

KEY = "askers:"  # and the month: the name of a key among the secrets
DIGITS = 16  # of a hash in hexadecimal

_COUNT = text("""
    INSERT INTO tallies (month, language, outcome, subject, count)
    VALUES (:month, :language, :outcome, :subject, :count)
    ON CONFLICT (month, language, outcome, subject) DO UPDATE SET count = tallies.count + excluded.count
""")
_COUNT_ASKERS = text("""
    INSERT INTO askers (month, language, outcome, topic, asker, count)
    VALUES (:month, :language, :outcome, :topic, :asker, :count)
    ON CONFLICT (month, language, outcome, topic, asker) DO UPDATE SET count = askers.count + excluded.count
""")
_ASKED = text("""
    SELECT subject, CAST(SUM(count) AS BIGINT) FROM tallies
    WHERE subject <> '' AND outcome IN ('answer', 'urgent') GROUP BY subject
""")
_FIND_KEY = {
    "sqlite": text("SELECT value FROM secrets WHERE name = :name"),
    "postgresql": text("SELECT value FROM secrets WHERE name = :name FOR KEY SHARE"),
}
_MAKE_KEY = text("INSERT INTO secrets (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING")
_KEYS = text("SELECT name, value FROM secrets WHERE name LIKE :names ORDER BY name")
_FORGET_KEY = text("DELETE FROM secrets WHERE name = :name RETURNING name")
# A month that was closed before gets what came late; nobody knows whether those are other people.
_SUM_UP = text("""
    INSERT INTO asked (month, language, outcome, topic, people, count)
    SELECT month, language, outcome, topic, COUNT(*), CAST(SUM(count) AS BIGINT) FROM askers
    WHERE month = :month GROUP BY month, language, outcome, topic
    ON CONFLICT (month, language, outcome, topic) DO UPDATE SET
        people = CASE WHEN excluded.people > asked.people THEN excluded.people ELSE asked.people END,
        count = asked.count + excluded.count
""")
_FORGET_ASKERS = text("DELETE FROM askers WHERE month = :month")
_RENAME = text("UPDATE askers SET asker = :other WHERE month = :month AND asker = :asker")
_OF_ASKER = text("""
    SELECT language, outcome, topic, count FROM askers WHERE month = :month AND asker = :asker
    ORDER BY language, outcome, topic
""")


@dataclass(frozen=True, slots=True)
class Tally:
    """One thing to count.

    Args:
        language: Of the reply.
        outcome: What became of the question, or what somebody said of the answer.
        subject: The entry or contact that was the answer, or nothing.
        topic: What it was about, as far as that is known: the id of a topic, or nothing.
        person: Who asked, by Telegram's id; kept only as a keyed hash until the month is over. None is not counted
            among people.
    """

    language: str
    outcome: Outcome
    subject: str = ""
    topic: str = ""
    person: int | None = None


def month_of(now: int) -> str:
    """The UTC month of an instant (UTC microseconds), as 2026-12."""
    return datetime.fromtimestamp(now // 1_000_000, UTC).strftime("%Y-%m")


def count(tx: Tx, tallies: Collection[Tally], now: int) -> None:
    """Add to the counts of the UTC month of `now` (UTC microseconds); sorted, so that two cannot deadlock."""
    month = month_of(now)
    counts = sorted(Counter((one.language, one.outcome, one.subject) for one in tallies).items())
    tx.execute(
        _COUNT,
        [
            {"month": month, "language": language, "outcome": outcome, "subject": subject, "count": many}
            for (language, outcome, subject), many in counts
        ],
    )
    asking = [one for one in tallies if one.person is not None]
    if asking:
        _count_askers(tx, month, asking)


def asked(tx: Tx) -> dict[str, int]:
    """How often each entry or contact was the answer, since the beginning."""
    return {subject: int(many) for subject, many in tx.execute(_ASKED)}


def finished(tx: Tx, now: int) -> list[str]:
    """The months that are over at `now` (UTC microseconds) and still have their key; a read, and cheap."""
    return [month for month in _keys(tx) if month < month_of(now)]


def close(tx: Tx, month: str) -> None:
    """Turn a month's counts by person into numbers of people, and throw away its key and hashes."""
    if tx.execute(_FORGET_KEY, {"name": KEY + month}):  # else another process has
        tx.execute(_SUM_UP, {"month": month})
        tx.execute(_FORGET_ASKERS, {"month": month})


def forget(tx: Tx, person: int) -> None:
    """Let the hashes of a person lead to nobody; the counts stay."""
    for month, key in _keys(tx).items():
        asker = _hashed(key, person)
        tx.execute(_RENAME, {"month": month, "asker": asker, "other": secrets.token_hex(DIGITS // 2)})


def of_person(tx: Tx, person: int) -> list[dict[str, Any]]:
    """What is counted of a person in the months that are not closed: month, language, outcome, topic and count."""
    return [
        {"month": month, **row._mapping}  # noqa: SLF001 - a row's public columns
        for month, key in _keys(tx).items()
        for row in tx.execute(_OF_ASKER, {"month": month, "asker": _hashed(key, person)})
    ]


def _count_askers(tx: Tx, month: str, asking: Iterable[Tally]) -> None:
    key = _key(tx, month)
    hashes: dict[int | None, str] = {one: _hashed(key, one) for one in {t.person for t in asking} if one is not None}
    counts = Counter((one.language, one.outcome, one.topic, hashes[one.person]) for one in asking)
    tx.execute(
        _COUNT_ASKERS,
        [
            {"month": month, "language": language, "outcome": outcome, "topic": topic, "asker": asker, "count": many}
            for (language, outcome, topic, asker), many in sorted(counts.items())
        ],
    )


def _key(tx: Tx, month: str) -> bytes:
    """The key of a month, made where there is none; in PostgreSQL nobody deletes it before this transaction ends."""
    name = {"name": KEY + month}
    while not (rows := tx.execute(_FIND_KEY[tx.dialect], name)):
        tx.execute(_MAKE_KEY, {**name, "value": secrets.token_hex(32)})
    return bytes.fromhex(rows[0].value)


def _keys(tx: Tx) -> dict[str, bytes]:
    """The keys of the months that are not closed."""
    return {row.name.removeprefix(KEY): bytes.fromhex(row.value) for row in tx.execute(_KEYS, {"names": f"{KEY}%"})}


def _hashed(key: bytes, person: int) -> str:
    return hmac.digest(key, str(person).encode(), "sha256").hex()[:DIGITS]
