"""The inbox: an update is stored before it is acknowledged, handled in the order of its chat, then forgotten.

Processes share it. Each has a name, its owner, that is new at every start, and says again and again until when it
is alive (`beat`). Waiting rows of a chat stay with one living owner. `handed` marks a row that its owner has been
given, by `take_in` or `mine`; each does so only when every earlier row of the chat is in the same hands, so that one
process handles a chat, in order. What a dead process held is handed out again: handling may happen twice.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from bot.store.people import DAY, seen
from bot.store.tallies import Tally, count
from bot.store.tx import Tx, for_each_dialect, refuse_nul, rows_of

__all__ = [
    "Arrived", "Finished", "Taken", "Tally", "Waiting",
    "adopt", "beat", "fail", "finish", "finish_all", "leave", "mine", "sweep", "take_in",
]  # fmt: skip

KEPT = 7 * DAY  # ids of handled updates, to recognise repetitions

# Two processes must not decide about one chat at once; SQLite has one writer anyway.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7361, CAST(:bot % 2147483647 AS INTEGER))")

# A living process other than this one that holds an unfinished row of the chat.
_HOLDER = """
    SELECT held.owner FROM inbox held JOIN processes ON processes.owner = held.owner
    WHERE held.bot = :bot AND held.chat = {chat} AND held.state = 'waiting'
    AND held.owner <> :owner AND processes.alive_until > :now
    ORDER BY held.update_id LIMIT 1
"""
_TAKE_IN = for_each_dialect(
    """
    INSERT INTO inbox (bot, update_id, chat, body, state, owner, handed, received)
    SELECT :bot, update_id, chat, body, 'waiting', COALESCE(holder, :owner),
        holder IS NULL AND NOT EXISTS (
            SELECT 1 FROM inbox earlier
            WHERE earlier.bot = :bot AND earlier.chat = arrived.chat AND earlier.state = 'waiting'
            AND earlier.update_id < arrived.update_id
            AND (earlier.owner IS NULL OR earlier.owner <> :owner OR earlier.handed IS NOT TRUE)
        ),
        :now
    FROM (
        SELECT update_id, chat, body, ({holder}) AS holder
        FROM (
            SELECT CAST(value->>0 AS BIGINT) AS update_id, CAST(value->>1 AS BIGINT) AS chat, value->>2 AS body
            FROM {rows(batch)}
        ) AS batch
    ) AS arrived
    WHERE TRUE
    ON CONFLICT (bot, update_id) DO NOTHING
    RETURNING update_id, handed
""".replace("{holder}", _HOLDER.replace("{chat}", "batch.chat"))
)
# The plus keeps SQLite from walking through every stored number in its order instead of the few waiting rows.
_MINE = text("""
    UPDATE inbox SET handed = TRUE
    WHERE bot = :bot AND update_id IN (
        SELECT ready.update_id FROM inbox ready
        WHERE ready.bot = :bot AND ready.owner = :owner AND ready.state = 'waiting' AND ready.handed IS NOT TRUE
        AND NOT EXISTS (
            SELECT 1 FROM inbox earlier
            WHERE earlier.bot = :bot AND earlier.chat = ready.chat AND earlier.state = 'waiting'
            AND earlier.update_id < ready.update_id AND (earlier.owner IS NULL OR earlier.owner <> :owner)
        )
        ORDER BY +ready.update_id LIMIT :limit
    )
    RETURNING update_id, chat, body, attempts
""")
_ADOPT = text(
    """
    UPDATE inbox SET handed = FALSE, owner = COALESCE(({holder}), :owner)
    WHERE bot = :bot AND state = 'waiting' AND NOT EXISTS (
        SELECT 1 FROM processes WHERE processes.owner = inbox.owner AND processes.alive_until > :now
    )
    RETURNING owner
""".replace("{holder}", _HOLDER.replace("{chat}", "inbox.chat"))
)
_BEAT = text("""
    INSERT INTO processes (owner, alive_until) VALUES (:owner, :alive_until)
    ON CONFLICT (owner) DO UPDATE SET alive_until = excluded.alive_until
""")
_LEAVE = text("DELETE FROM processes WHERE owner = :owner")
_FINISH = for_each_dialect("""
    UPDATE inbox SET state = 'done', body = NULL, chat = NULL, owner = NULL
    WHERE bot = :bot AND state = 'waiting' AND update_id IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows(ids)})
    RETURNING update_id
""")
_COUNT_ATTEMPT = text("""
    UPDATE inbox SET attempts = attempts + 1 WHERE bot = :bot AND update_id = :update_id AND state = 'waiting'
    RETURNING attempts
""")
_SET_ASIDE = text("""
    UPDATE inbox SET state = 'failed', body = NULL, chat = NULL, owner = NULL
    WHERE bot = :bot AND update_id = :update_id
""")
_SWEEP = text("DELETE FROM inbox WHERE state <> 'waiting' AND received < :before")
_SWEEP_PROCESSES = text("DELETE FROM processes WHERE alive_until < :before")


@dataclass(frozen=True, slots=True)
class Arrived:
    """An update as it came: `body` is its JSON text, `person` who caused it, `code` that person's language_code."""

    update_id: int
    chat: int | None
    person: int | None
    code: str | None
    body: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A new update to handle now, with what is known of its person: language, Telegram's code, role, place."""

    update_id: int
    language: str | None
    code: str | None
    role: str | None
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update to handle that came by another way than `take_in`; `attempts` have failed so far."""

    update_id: int
    chat: int | None
    body: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Finished:
    """An update that was handled, and what to count for it."""

    update_id: int
    tally: Tally | None = None


def take_in(tx: Tx, bot: int, owner: str, updates: Sequence[Arrived], now: int) -> list[Taken]:
    """Store a batch of updates and note who wrote; acknowledge them after this.

    An update that was stored before has no effect, however old its number: late and out of order is new, twice is
    not. Call `beat` before the first batch.

    Args:
        tx: The transaction.
        bot: Telegram's id of the bot.
        owner: The name of this process.
        updates: What came, in its order; each `body` is JSON text as `json.dumps` writes it.
        now: UTC microseconds.

    Returns:
        Those new updates that this process handles now, by their numbers. A row whose chat has unfinished rows with
        another living process is given to that one, which finds it by `mine`; behind one that is still to be handed
        out, a row waits for `mine` too.

    Raises:
        ValueError: For a body with NUL or lone surrogates.
    """
    refuse_nul(one.body for one in updates)
    _decide_alone(tx, bot)
    batch = json.dumps([[one.update_id, one.chat, one.body] for one in updates], ensure_ascii=False)
    parameters = {"bot": bot, "owner": owner, "batch": batch, "now": now}
    new = {row[0]: row[1] for row in tx.execute(_TAKE_IN[tx.dialect], parameters)}
    codes: dict[int, str | None] = {}
    for one in updates:
        if one.person is not None and one.update_id in new:
            codes[one.person] = _plain(one.code) or codes.get(one.person)
    people = seen(tx, codes, now) if codes else {}
    taken = []
    for update_id, person_id in sorted({one.update_id: one.person for one in updates}.items()):
        if new.get(update_id):
            person = None if person_id is None else people.get(person_id)
            if person is None:
                taken.append(Taken(update_id, None, None, None))
            else:
                taken.append(Taken(update_id, person.language, person.code, person.role, person.place))
    return taken


def mine(tx: Tx, bot: int, owner: str, limit: int) -> list[Waiting]:
    """Hand out rows of this process that were adopted, given by others, or had to wait; a write, oldest first.

    Each row comes once, so the caller need not remember which it has.
    """
    _decide_alone(tx, bot)
    rows = tx.execute(_MINE, {"bot": bot, "owner": owner, "limit": limit})
    return sorted((Waiting(*row) for row in rows), key=lambda one: one.update_id)


def adopt(tx: Tx, bot: int, owner: str, now: int) -> int:
    """Take over the waiting rows whose owner is unknown or no longer alive; `mine` then hands them out.

    A row whose chat another living process holds goes there.

    Returns:
        How many became this process's.
    """
    _decide_alone(tx, bot)
    rows = tx.execute(_ADOPT, {"bot": bot, "owner": owner, "now": now})
    return sum(row[0] == owner for row in rows)


def beat(tx: Tx, owner: str, alive_until: int) -> None:
    """Say that a process is alive until then (UTC microseconds); the clocks of the machines must agree."""
    tx.execute(_BEAT, {"owner": owner, "alive_until": alive_until})


def leave(tx: Tx, owner: str) -> None:
    """Say that a process has ended; what it leaves waiting is free at once."""
    tx.execute(_LEAVE, {"owner": owner})


def finish(tx: Tx, bot: int, update_id: int, tally: Tally | None, now: int) -> None:
    """Mark an update as handled, as `finish_all` does."""
    finish_all(tx, bot, [Finished(update_id, tally)], now)


def finish_all(tx: Tx, bot: int, updates: Sequence[Finished], now: int) -> None:
    """Mark updates as handled: erase body, chat and owner, and count what became of them.

    An update that was handled twice is counted once. `now` is UTC microseconds.
    """
    ids = rows_of(one.update_id for one in updates)
    ended = {row[0] for row in tx.execute(_FINISH[tx.dialect], {"bot": bot, "ids": ids})}
    count(tx, {one.update_id: one.tally for one in updates if one.tally and one.update_id in ended}.values(), now)


def fail(tx: Tx, bot: int, update_id: int, attempts: int = 3) -> bool:
    """Count a failed attempt; after so many `attempts` the update is set aside and its body erased.

    Returns:
        Whether that was the last one. If not, the caller, who still has the update, tries it again.
    """
    counted = tx.execute(_COUNT_ATTEMPT, {"bot": bot, "update_id": update_id})
    if counted and counted[0][0] < attempts:
        return False
    if counted:
        tx.execute(_SET_ASIDE, {"bot": bot, "update_id": update_id})
    return True


def sweep(tx: Tx, now: int) -> None:
    """Delete what was handled or set aside and came more than 7 days before `now`, and processes long gone."""
    tx.execute(_SWEEP, {"before": now - KEPT})
    tx.execute(_SWEEP_PROCESSES, {"before": now - KEPT})


def _decide_alone(tx: Tx, bot: int) -> None:
    if tx.dialect == "postgresql":
        tx.execute(_ONE_AT_A_TIME, {"bot": bot})


def _plain(code: str | None) -> str | None:
    """A language code as such; anything else must not make a whole batch unstorable."""
    return code if code and code.isascii() and code.isprintable() else None
