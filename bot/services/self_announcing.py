"""Sessions that announce themselves to the newsletter: what the coordination team wishes, and doing it by day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import text

from bot.domain.announcements import Audience, Content
from bot.domain.daytime import by_day
from bot.domain.knowledge import Topic
from bot.domain.programme import Session
from bot.domain.self_announcing import WISHES, Occasion, Wish, names, occasions
from bot.services.announcements import create
from bot.services.audit import note
from bot.services.roles import coordinates
from bot.services.sessions import seats, sessions
from bot.store.tx import Tx, for_each_dialect, rows_of

_WISHING = text("SELECT id, announces FROM series WHERE announces <> '' ORDER BY id")
_WISHES = text("SELECT announces FROM series WHERE id = :series")
# Two switches at once must not lose one another.
_LOCK = {
    "sqlite": text("SELECT announces FROM series WHERE id = :series"),  # there is one writer
    "postgresql": text("SELECT announces FROM series WHERE id = :series FOR NO KEY UPDATE"),
}
_SET = text("UPDATE series SET announces = :announces WHERE id = :series")
_AHEAD = text("SELECT id FROM sessions WHERE series = :series AND starts > :now")
_MADE = for_each_dialect("""
    SELECT name, created FROM announcements WHERE name IN (SELECT value->>0 FROM {rows(names)})
""")


def wishes(tx: Tx, series: int) -> tuple[Wish, ...]:
    """What is to be announced of a series; nothing of one that does not exist."""
    rows = tx.execute(_WISHES, {"series": series})
    return _wishes(rows[0].announces) if rows else ()


def was_announced(tx: Tx, series: int) -> bool:
    """Whether a series was announced as new."""
    return bool(_made(tx, [f"new:{series}"]))


def switch(tx: Tx, series: int, wish: Wish, person: int, coordinators: Collection[int], now: int, *, on: bool) -> bool:
    """Switches on or off what is to be announced of a series; false where the person may not, or there is no series.

    `coordinators` are those that the operator has set, `now` in UTC microseconds.
    """
    rows = tx.execute(_LOCK[tx.dialect], {"series": series})
    if not rows or not coordinates(tx, person, coordinators):
        return False
    before = _wishes(rows[0].announces)
    after = tuple(one for one in WISHES if (on if one == wish else one in before))
    if after != before:
        tx.execute(_SET, {"series": series, "announces": " ".join(after)})
        note(tx, "coordinator", person, f"announces {wish} {'on' if on else 'off'}", f"series {series}", now)
    return True


def is_due(tx: Tx, now: int, zone: str) -> bool:
    """Whether something is to be announced now; a read, and cheap. By night nothing is.

    `now` in UTC microseconds, `zone` is that of the clock (IANA).
    """
    return bool(_due(tx, now, zone))


def announce_due(tx: Tx, now: int, zone: str, topics: Mapping[str, Topic]) -> int:
    """Announces what is due, each thing once however often this is called; how many.

    `now` in UTC microseconds, `zone` is that of the clock (IANA), `topics` are those of the knowledge.
    """
    made = [
        create(tx, content_of(series, one), reached, None, now, now, one.name)
        for series, one, named in _due(tx, now, zone)
        for reached in [audience(named, topics, wide=one.wide, session=one.session)]
    ]
    return sum(one is not None for one in made)


def content_of(series: int, occasion: Occasion) -> Content:
    """What such an announcement shows: a card, and why."""
    kind = "cancelled" if occasion.reason == "cancelled" else "session"
    card = f"{kind}:{occasion.session.id}" if occasion.session else f"series:{series}"
    return Content({}, card=card, reason=occasion.reason)


def audience(
    named: Collection[str], topics: Mapping[str, Topic], *, wide: bool, session: Session | None = None
) -> Audience:
    """Who hears of something about these topics: of those with the newsletter all, or those who want all at once.

    Of those who chose topics only people hear who chose one of these or one above them. Who is registered for the
    session hears of it in another way, and who has left it need not be asked again.
    """
    whose = Audience(rhythm="" if wide else "at-once", without=f"session:{session.id}" if session else "")
    return whose.of_topics(named, topics)


def _due(tx: Tx, now: int, zone: str) -> list[tuple[int, Occasion, frozenset[str]]]:
    """What is to be announced: the series, the occasion, and the topics that it is about."""
    if not by_day(now, zone):
        return []
    return [
        (row.id, one, frozenset(topic for session in ahead for topic in session.topics))
        for row in tx.execute(_WISHING)
        for one, ahead in _of_series(tx, row.id, _wishes(row.announces), now)
    ]


def _of_series(tx: Tx, series: int, wished: tuple[Wish, ...], now: int) -> list[tuple[Occasion, list[Session]]]:
    """The occasions of a series, each with the sessions that it is about."""
    ahead = list(sessions(tx, [row.id for row in tx.execute(_AHEAD, {"series": series, "now": now})]).values())
    if not ahead:
        return []
    taken, made = seats(tx, [one.id for one in ahead]), _made(tx, names(series, ahead))
    found = occasions(series, wished, ahead, taken, made, now)
    return [(one, [one.session] if one.session else ahead) for one in found]


def _made(tx: Tx, named: Iterable[str]) -> dict[str, int]:
    """Those of the announcements that were made, by name, with the instants."""
    rows = tx.execute(_MADE[tx.dialect], {"names": rows_of(named)})
    return {row.name: row.created for row in rows}


def _wishes(kept: str) -> tuple[Wish, ...]:
    return tuple(one for one in WISHES if one in kept.split())
