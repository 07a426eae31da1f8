"""Who sends: one process at a time, by a row that it renews; by the database's clock, since machines' clocks differ.

Each change of hands gets a higher number, the fence. Whatever a sender writes begins with `hold`, which fails for an
old number and, in PostgreSQL, makes a successor wait until it is written.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import TextClause, text

from bot.domain.instants import SECOND
from bot.store.address import Dialect
from bot.store.tx import Tx

NAME = "sender"
KEPT = 10 * SECOND  # without a sign of life for so long, another process takes over

_CLOCKS: dict[Dialect, str] = {
    "sqlite": "CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)",
    "postgresql": "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)",
}


def _by_the_clock(sql: str) -> dict[Dialect, TextClause]:
    """A statement in which `{clock}` is the database's clock in UTC microseconds."""
    return {dialect: text(sql.replace("{clock}", clock)) for dialect, clock in _CLOCKS.items()}


_TAKE = _by_the_clock("""
    INSERT INTO leases (name, owner, fence, until) VALUES (:name, :owner, 1, {clock} + :kept)
    ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, fence = leases.fence + 1, until = excluded.until
    WHERE leases.until <= {clock}
    RETURNING fence, last_send - {clock} AS busy
""")
_HOLD = _by_the_clock("""
    UPDATE leases SET until = {clock} + :kept,
        last_send = CASE WHEN last_send < {clock} + :busy THEN {clock} + :busy ELSE last_send END
    WHERE name = :name AND fence = :fence
    RETURNING fence
""")
# The number goes up, so that nothing that is still under way in the old one's name is written after it.
_GIVE_BACK = text("UPDATE leases SET until = 0, fence = fence + 1 WHERE name = :name AND fence = :fence")


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to send: its number, and for how many microseconds the rate is still used up (below 0: it is not)."""

    fence: int
    busy: int


def take(tx: Tx, owner: str) -> Lease | None:
    """The right to send, if nobody has it; `owner` is a name for who looks at the table."""
    rows = tx.execute(_TAKE[tx.dialect], {"name": NAME, "owner": owner, "kept": KEPT})
    return Lease(rows[0].fence, rows[0].busy) if rows else None


def hold(tx: Tx, fence: int, busy: int = 0) -> bool:
    """Renews the right and keeps others from taking it during this transaction; false when it is another's by now.

    `busy` is for how many microseconds from now the rate is used up by what is about to be sent.
    """
    return bool(tx.execute(_HOLD[tx.dialect], {"name": NAME, "fence": fence, "kept": KEPT, "busy": busy}))


def give_back(tx: Tx, fence: int) -> None:
    """Lets another process send at once."""
    tx.execute(_GIVE_BACK, {"name": NAME, "fence": fence})
