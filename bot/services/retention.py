"""What is deleted when, and what stays of it: figures in which nobody can be found.

Needs go two weeks after the session, registrations and everything that hangs on them 90 days after the last session
of their series. Before, they become participations under a random mark, from which every figure comes out as it was.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import text

from bot.domain.instants import DAY, MINUTE
from bot.services import audit, invitations
from bot.services.attendance import CORRECTION
from bot.services.participations import Municipalities, Said
from bot.services.registered import Who
from bot.services.registrations import lock
from bot.store import outbox
from bot.store.tx import AnyRow, Tx, for_each_dialect, rows_of

NEEDS_KEPT = 14 * DAY  # after the end of the session
KEPT = 90 * DAY  # registrations, after the last session of the series

# When a session is over, or no longer takes place.
_END = "CASE WHEN state = 'cancelled' THEN changed ELSE starts + CAST(minutes AS BIGINT) * :minute END"
_FORGET_NEEDS = text(f"DELETE FROM needs WHERE session IN (SELECT id FROM sessions WHERE {_END} <= :before)")  # noqa: S608 - of constants
_MISSED = text("""
    UPDATE registrations SET state = 'no_show', claimed = FALSE, changes = changes + 1
    WHERE state = 'confirmed' AND session IN (
        SELECT id FROM sessions WHERE starts + CAST(minutes AS BIGINT) * :minute < :before AND state <> 'cancelled'
    )
""")
_OVER = text(f"""
    SELECT series FROM sessions GROUP BY series
    HAVING COUNT(*) > COUNT(frozen) AND MAX({_END}) <= :before ORDER BY series
""")  # noqa: S608 - of constants
_LOCK_SERIES = text("SELECT id FROM series WHERE id = :series FOR NO KEY UPDATE")  # nobody adds a session meanwhile
_UNFROZEN = text("SELECT id FROM sessions WHERE series = :series AND frozen IS NULL ORDER BY id")
_TAKE_OUT = for_each_dialect("""
    DELETE FROM registrations WHERE session IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows(ids)})
    RETURNING session, person, guest, state
""")
# Of a person who goes: what is over, and where they were; the rest is a seat that becomes free.
_TAKE_OUT_OWN = text("""
    DELETE FROM registrations WHERE person = :person AND (state IN ('attended', 'no_show') OR session IN (
        SELECT id FROM sessions WHERE starts + CAST(minutes AS BIGINT) * :minute <= :now
    ))
    RETURNING session, person, guest, state
""")
_FROZEN = for_each_dialect("""
    UPDATE sessions SET frozen = :now WHERE id IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows(ids)})
""")
_END_TAKES_ALL = text("DELETE FROM takes_all WHERE series = :series")
_UNNEEDED_DETAILS = text("""
    SELECT person FROM details
    WHERE NOT EXISTS (SELECT 1 FROM registrations WHERE registrations.person = details.person)
    AND NOT EXISTS (SELECT 1 FROM takes_all WHERE takes_all.person = details.person)
    AND NOT EXISTS (SELECT 1 FROM people WHERE people.id = details.person AND people.role IS NOT NULL) ORDER BY person
""")
_FORGET_DETAILS = text("DELETE FROM details WHERE person = :id")
_UNNEEDED_GUESTS = text("""
    SELECT id FROM guests WHERE NOT EXISTS (SELECT 1 FROM registrations WHERE registrations.guest = guests.id)
    ORDER BY id
""")
_FORGET_GUEST = text("DELETE FROM guests WHERE id = :id")
_ABOUT = {
    "person": text("""
        SELECT mark, language, code, municipality, municipality_type
        FROM people LEFT JOIN details ON details.person = people.id WHERE people.id = :id
    """),
    "guest": text("""
        SELECT mark, NULL AS language, NULL AS code, municipality, NULL AS municipality_type
        FROM guests WHERE id = :id
    """),
}
_MARK = {
    "person": text("UPDATE people SET mark = :mark WHERE id = :id"),
    "guest": text("UPDATE guests SET mark = :mark WHERE id = :id"),
}
_KNOWN = text("SELECT language, municipality, municipality_type FROM participations WHERE mark = :mark LIMIT 1")
_ADD = text("""
    INSERT INTO participations (mark, session, state) VALUES (:mark, :session, :state)
    ON CONFLICT (mark, session) DO NOTHING
""")
_SAY = text("""
    UPDATE participations SET language = :language, municipality = :municipality, municipality_type = :type
    WHERE mark = :mark
""")


def sweep(tx: Tx, now: int) -> None:
    """Deletes what has had its time; `now` in UTC microseconds. Daily; nothing happens when nothing is due."""
    tx.execute(_FORGET_NEEDS, {"before": now - NEEDS_KEPT, "minute": MINUTE})
    tx.execute(_MISSED, {"before": now - CORRECTION, "minute": MINUTE})
    municipalities = Municipalities.keeping(tx)
    for row in tx.execute(_OVER, {"before": now - KEPT, "minute": MINUTE}):
        _freeze_series(tx, row.series, now, municipalities)
    for row in tx.execute(_UNNEEDED_DETAILS):
        _keep(tx, Who("person", row.person), {}, municipalities)
        tx.execute(_FORGET_DETAILS, {"id": row.person})
    for row in tx.execute(_UNNEEDED_GUESTS):
        _keep(tx, Who("guest", row.id), {}, municipalities)
        tx.execute(_FORGET_GUEST, {"id": row.id})
    audit.sweep(tx, now)
    invitations.sweep(tx, now)


def freeze(tx: Tx, person: int, now: int) -> None:
    """Turns the registrations of a person who is being erased into figures; called before their seats are freed.

    Seats in sessions that are not over are left alone: they become free, and are counted as ended. `now` in UTC
    microseconds.
    """
    taken = tx.execute(_TAKE_OUT_OWN, {"person": person, "now": now, "minute": MINUTE})
    states = {row.session: row.state for row in taken if row.state != "cancelled"}
    _keep(tx, Who("person", person), states, Municipalities.keeping(tx))


def _freeze_series(tx: Tx, series: int, now: int, municipalities: Municipalities) -> None:
    """Turns the registrations of a whole series into figures, and deletes what hangs on them."""
    if tx.dialect == "postgresql":
        tx.execute(_LOCK_SERIES, {"series": series})
    ids = [row.id for row in tx.execute(_UNFROZEN, {"series": series})]
    for id_ in ids:
        lock(tx, id_)
        outbox.forget_session(tx, id_)
    listed = rows_of(ids)
    # What the statement itself has deleted is kept, and so nothing twice, whoever erases a person meanwhile.
    for who, states in _by_who(tx.execute(_TAKE_OUT[tx.dialect], {"ids": listed})).items():
        _keep(tx, who, states, municipalities)
    tx.execute(_FROZEN[tx.dialect], {"ids": listed, "now": now})
    tx.execute(_END_TAKES_ALL, {"series": series})


def _by_who(rows: Iterable[AnyRow]) -> dict[Who, dict[int, str]]:
    """The states by session, of everybody whose registration had not ended; sorted, as everybody locks."""
    found: dict[Who, dict[int, str]] = defaultdict(dict)
    for row in rows:
        if row.state != "cancelled":
            who = Who("guest", row.guest) if row.person is None else Who("person", row.person)
            found[who][row.session] = row.state
    return dict(sorted(found.items()))


def _keep(tx: Tx, who: Who, states: Mapping[int, str], municipalities: Municipalities) -> None:
    """Adds participations, by session with their state, and lets all under the mark say the same of the person."""
    rows = tx.execute(_ABOUT[who.kind], {"id": who.id})
    if not rows or (rows[0].mark is None and not states):
        return  # nobody, or nothing to count
    mark = rows[0].mark
    if mark is None:
        mark = secrets.token_hex(16)
        tx.execute(_MARK[who.kind], {"id": who.id, "mark": mark})
    said = municipalities.said(*rows[0][1:])
    for row in tx.execute(_KNOWN, {"mark": mark}):
        said = said.completed(Said(*row))
    tx.execute(_ADD, [{"mark": mark, "session": session, "state": state} for session, state in states.items()])
    row_of = {"language": said.language, "municipality": said.municipality, "type": said.municipality_type}
    tx.execute(_SAY, {"mark": mark, **row_of})
