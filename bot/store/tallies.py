"""How often what was asked and answered, by month; no person is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import text

from bot.store.tx import Tx

Outcome = Literal["answer", "suggest", "none", "urgent", "helpful", "not_helpful"]

_COUNT = text("""
    INSERT INTO tallies (month, language, outcome, subject, count)
    VALUES (:month, :language, :outcome, :subject, :count)
    ON CONFLICT (month, language, outcome, subject) DO UPDATE SET count = tallies.count + excluded.count
""")

_ASKED = text("""
    SELECT subject, CAST(SUM(count) AS BIGINT) FROM tallies
    WHERE subject <> '' AND outcome IN ('answer', 'urgent') GROUP BY subject
""")


@dataclass(frozen=True, slots=True)
class Tally:
    """One thing to count: the language of the reply, what became of it, and the entry it was about, or nothing."""

    language: str
    outcome: Outcome
    subject: str = ""


def count(tx: Tx, tallies: Iterable[Tally], now: int) -> None:
    """Add to the counts of the UTC month of `now` (UTC microseconds); sorted, so that two cannot deadlock."""
    month = datetime.fromtimestamp(now // 1_000_000, UTC).strftime("%Y-%m")
    counts = sorted(Counter((one.language, one.outcome, one.subject) for one in tallies).items())
    tx.execute(
        _COUNT,
        [
            {"month": month, "language": language, "outcome": outcome, "subject": subject, "count": many}
            for (language, outcome, subject), many in counts
        ],
    )


def asked(tx: Tx) -> dict[str, int]:
    """How often each entry or contact was the answer, since the beginning."""
    return {subject: int(many) for subject, many in tx.execute(_ASKED)}
