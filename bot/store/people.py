"""Who writes to Lotse: an id, languages and a role, and nothing else; who only asks is not stored at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.store.tx import Tx, for_each_dialect, rows_of

DAY = 86_400_000_000  # microseconds

_KNOWN = for_each_dialect("""
    SELECT id, language, code, role, blocked, seen, place FROM people
    WHERE id IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows(ids)})
""")
_SEEN = for_each_dialect("""
    UPDATE people SET code = COALESCE(wrote.code, people.code), seen = :day, blocked = FALSE
    FROM (SELECT CAST(value->>0 AS BIGINT) AS id, value->>1 AS code FROM {rows(people)}) AS wrote
    WHERE people.id = wrote.id
""")


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who wrote to Lotse.

    `language` is what the person chose, `code` what Telegram last said, `role` is staff or coordinator; `seen` is the
    day of the last message, in UTC microseconds. `place` is the municipality they asked Lotse to remember, by its
    number in the gazetteer.
    """

    id: int
    language: str | None
    code: str | None
    role: str | None
    blocked: bool
    seen: int
    place: int | None = None


def known(tx: Tx, ids: Iterable[int]) -> dict[int, Person]:
    """Those of the persons who are known, by id."""
    rows = tx.execute(_KNOWN[tx.dialect], {"ids": rows_of(ids)})
    return {row[0]: Person(row[0], row[1], row[2], row[3], bool(row[4]), row[5], row[6]) for row in rows}


def seen(tx: Tx, codes: Mapping[int, str | None], now: int) -> dict[int, Person]:
    """Note that persons wrote, with the language code that came along, and return those who are known.

    Nobody becomes known by writing. Who writes has not blocked the bot. The day is kept, not the time, and rows that
    are up to date are not written again.
    """
    day = now - now % DAY
    people = known(tx, codes)
    news = sorted((one, codes[one]) for one, person in people.items() if not _up_to_date(person, codes[one], day))
    if news:
        tx.execute(_SEEN[tx.dialect], {"people": json.dumps(news), "day": day})
        people |= known(tx, [one for one, _ in news])
    return people


def _up_to_date(person: Person, code: str | None, day: int) -> bool:
    return person.seen == day and not person.blocked and code in {None, person.code}
