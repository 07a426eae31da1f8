"""The official register of municipalities, as an operator has loaded it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import text

from bot.domain.register import Municipality
from bot.services.audit import note
from bot.store.marks import mark, move_mark
from bot.store.tx import Tx, for_each_dialect

MARK = "register"
ALL = text("SELECT key, name, type, district, rural, lat, lon FROM municipalities ORDER BY key")
CLEAR = text("DELETE FROM municipalities")
FILL = for_each_dialect("""
    INSERT INTO municipalities (key, name, type, district, rural, lat, lon)
    SELECT value->>0, value->>1, value->>2, value->>3, value->>4 = 'rural',
        CAST(value->>5 AS DOUBLE PRECISION), CAST(value->>6 AS DOUBLE PRECISION)
    FROM {rows(batch)} AS batch WHERE TRUE
""")


class Counted(NamedTuple):
    """What came of loading a register: municipalities new, changed and as they were, and those it has no more."""

    new: int
    changed: int
    unchanged: int
    gone: int


def replace_register(tx: Tx, municipalities: Iterable[Municipality], now: int) -> Counted:
    """Puts a register in the place of the one before; a municipality that the new one does not have is gone.

    `now` in UTC microseconds; running bots see by it that there is another register.
    """
    before = {one.key: one for one in register(tx)}
    after = {one.key: one for one in municipalities}
    if before != after:
        rows = [
            [one.key, one.name, one.type, one.district, "rural" if one.rural else "", *(one.where or (None, None))]
            for one in after.values()
        ]
        tx.execute(CLEAR)
        tx.execute(FILL[tx.dialect], {"batch": json.dumps(rows, ensure_ascii=False)})
        move_mark(tx, MARK, max(now, loaded(tx) + 1))
        note(tx, "operator", None, "municipalities imported", f"{len(after)} municipalities", now)
    new = len(after.keys() - before.keys())
    same = sum(before.get(key) == one for key, one in after.items())
    return Counted(new, len(after) - new - same, same, len(before.keys() - after.keys()))


def register(tx: Tx) -> list[Municipality]:
    """The register, by official keys; empty where none was loaded."""
    return [
        Municipality(key, name, type_, district, bool(rural), None if lat is None else (round(lat, 6), round(lon, 6)))
        for key, name, type_, district, rural, lat, lon in tx.execute(ALL)
    ]


def loaded(tx: Tx) -> int:
    """When the register was loaded last, in UTC microseconds; 0 for never."""
    return mark(tx, MARK)


def loaded_since(tx: Tx, known: int) -> tuple[int, list[Municipality]] | None:
    """The register and when it was loaded, unless that is the moment known already."""
    at = loaded(tx)
    return None if at == known else (at, register(tx))
