"""What the present says about messages of announcements that are to go out."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from bot.domain.announcements import Announcement
from bot.services.announcement_audience import dedup, still
from bot.services.announcement_records import announcements
from bot.store.outbox import Claimed
from bot.store.tx import Tx, for_each_dialect

KIND, CORRECTION = "announcement", "correction"

_ORIGINALS = for_each_dialect("""
    SELECT own.person, own.announcement, own.message, own.state FROM {rows(names)} AS wanted CROSS JOIN outbox AS own
    WHERE own.person = CAST(wanted.value->>0 AS BIGINT) AND own.dedup = wanted.value->>1
""")


class About(NamedTuple):
    """How things stand for one message.

    `entitled` says whether its reader is still in the audience. Of a correction, `sent` is the id of the message that
    it corrects, 0 where there is none, and `underway` says that there may be one soon.
    """

    announcement: Announcement | None
    entitled: bool = True
    sent: int = 0
    underway: bool = False


def about(tx: Tx, claimed: Sequence[Claimed], coordinators: Collection[int]) -> dict[int, About]:
    """What there is to say of those messages of a batch that belong to announcements, by their ids."""
    belonging = {one.id: one.announcement for one in claimed if one.announcement is not None}
    if not belonging:
        return {}
    found = announcements(tx, belonging.values())
    entitled = _entitled(tx, claimed, found, coordinators)
    originals = _originals(tx, claimed)
    return {
        one.id: About(found.get(belonging[one.id]), one.kind != KIND or one.id in entitled, *originals.get(one.id, ()))
        for one in claimed
        if one.id in belonging
    }


def _entitled(
    tx: Tx, claimed: Sequence[Claimed], found: Mapping[int, Announcement], coordinators: Collection[int]
) -> set[int]:
    """Those announcements of a batch whose reader is still in the audience."""
    entitled: set[int] = set()
    for announcement in found.values():
        own = {one.person: one.id for one in claimed if one.kind == KIND and one.announcement == announcement.id}
        if own:
            entitled |= {own[person] for person in still(tx, announcement.audience, own, coordinators)}
    return entitled


def _originals(tx: Tx, claimed: Sequence[Claimed]) -> dict[int, tuple[int, bool]]:
    """What each correction of a batch corrects: the message's id or 0, and whether it may still come."""
    corrections = {(one.person, one.announcement): one.id for one in claimed if one.kind == CORRECTION}
    if not corrections:
        return {}
    names = json.dumps([[person, dedup(number)] for person, number in corrections if number is not None])
    return {
        corrections[row.person, row.announcement]: (
            row.message or 0,
            row.state in {"waiting", "claimed", "sending"},
        )
        for row in tx.execute(_ORIGINALS[tx.dialect], {"names": names})
    }
