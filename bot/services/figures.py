"""What funders count: sessions, hours, registrations, and how many people from how many municipalities.

Registrations that are stored and participations that were frozen are read together. Somebody is counted once, also
when an earlier series of theirs was frozen and a later one is not, because both have the same mark.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import text

from bot.domain.instants import MINUTE, local
from bot.domain.languages import LANGUAGES
from bot.domain.registrations import SEATED
from bot.domain.terms import Terms
from bot.services.participations import Municipalities, Said
from bot.services.programme_rows import TYPES
from bot.store.tx import Tx

NOT_STATED = "not stated"

_SESSIONS = text("""
    SELECT id, minutes FROM sessions
    WHERE state <> 'cancelled' AND starts + CAST(minutes AS BIGINT) * :minute <= :now
    AND starts >= :since AND starts < :until
""")
# Who has no mark yet has nothing frozen, and is told apart by the number.
_STORED = text("""
    SELECT registrations.session, registrations.state,
        COALESCE(people.mark, guests.mark, 'person ' || people.id, 'guest ' || guests.id) AS who
    FROM registrations
    LEFT JOIN people ON people.id = registrations.person
    LEFT JOIN guests ON guests.id = registrations.guest
    WHERE registrations.state <> 'cancelled'
""")
_SAID = text("""
    SELECT COALESCE(mark, 'person ' || id) AS who, language, code, municipality, municipality_type
    FROM people LEFT JOIN details ON details.person = people.id
    UNION ALL SELECT COALESCE(mark, 'guest ' || id), NULL, NULL, municipality, NULL FROM guests
""")
_FROZEN = text("SELECT session, state, mark AS who, language, municipality, municipality_type FROM participations")


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a period; the names are those of the report.

    `registrations` are seats that somebody had, `attended` those of them where somebody was there, `waitlisted` the
    registrations that never got a seat. `people` had at least one seat, `people_attended` were there at least once;
    `municipalities`, the people by type of municipality and by language are of `people`.
    """

    sessions: int
    hours: float
    registrations: int
    attended: int
    waitlisted: int
    people: int
    people_attended: int
    municipalities: int
    municipality_not_stated: int
    by_municipality_type: Mapping[str, int]
    by_language: Mapping[str, int]


def figures(tx: Tx, since: date | None, until: date | None, now: int, terms: Terms) -> Figures:
    """The figures of the sessions that were held: over at `now` (UTC microseconds), and not cancelled.

    Args:
        tx: The transaction.
        since: The first day on which a session may have started, None for the beginning.
        until: The last day, None for no limit. Days are local, in the zone of `terms`.
        now: UTC microseconds.
        terms: The operator's.
    """
    bounds = {"since": -(2**62) if since is None else _midnight(since, terms.zone), "now": now, "minute": MINUTE}
    bounds["until"] = 2**62 if until is None else _midnight(until + timedelta(days=1), terms.zone)
    held = {row.id: row.minutes for row in tx.execute(_SESSIONS, bounds)}
    everybody = [row for query in (_STORED, _FROZEN) for row in tx.execute(query) if row.session in held]
    seated = [row for row in everybody if row.state in SEATED]
    attended = [row for row in seated if row.state == "attended"]
    said = _said(tx)
    people = [said[who] for who in {row.who for row in seated}]
    places = {one.municipality for one in people if one.municipality}
    return Figures(
        sessions=len(held),
        hours=round(sum(held.values()) / 60, 2),
        registrations=len(seated),
        attended=len(attended),
        waitlisted=len(everybody) - len(seated),
        people=len(people),
        people_attended=len({row.who for row in attended}),
        municipalities=len(places),
        municipality_not_stated=sum(not one.municipality for one in people),
        by_municipality_type=_counted([one.municipality_type for one in people], TYPES),
        by_language=_counted([one.language for one in people], ()),
    )


def _said(tx: Tx) -> dict[str, Said]:
    """What everybody has said: as it is stored, and where that says nothing as it was frozen."""
    municipalities = Municipalities.of(tx)
    said = {who: municipalities.said(*rest) for who, *rest in tx.execute(_SAID)}
    for row in tx.execute(_FROZEN):
        frozen = Said(row.language, row.municipality, row.municipality_type)
        said[row.who] = said.get(row.who, frozen).completed(frozen)
    return said


def _counted(said: Iterable[str], always: Sequence[str]) -> dict[str, int]:
    """How many said what: first what is `always` shown, then languages as Lotse lists them; last who said nothing."""
    counts = Counter(said)
    order = [*always, *LANGUAGES]
    named = {*always, *counts} - {""}
    listed = sorted(named, key=lambda one: (order.index(one) if one in order else len(order), one))
    return {one: counts[one] for one in listed} | {NOT_STATED: counts[""]}


def _midnight(day: date, zone: str) -> int:
    return local(datetime.combine(day, time()), zone)
