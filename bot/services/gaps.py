"""Once a month coordinators hear what people asked in vain in the month before."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from bot.domain.daytime import MORNING, by_day
from bot.domain.instants import local, microseconds, moment
from bot.domain.urgency import TO_MANY
from bot.domain.working_days import first_working_day
from bot.services.asked import Asked, gaps
from bot.services.holidays import is_holiday
from bot.services.roles import readers
from bot.store.marks import mark, move_mark
from bot.store.outbox import Claimed, Notice, queue
from bot.store.tallies import month_of
from bot.store.tx import Tx

KIND = "gaps"  # of notices; also the mark of the month that was told of last
MOST = 10  # gaps in the message
FIRST_HOUR = 9  # o'clock, on the first working day


def due_month(now: int, zone: str) -> str | None:
    """The month (2026-11) that may be told of at `now` (UTC microseconds), by the clocks of `zone`.

    It is the month before, from nine o'clock on the first working day, on later days of the month from eight; never
    after eight in the evening, when messages come in silence, and only once the month is over in UTC too.
    """
    here = moment(now, zone)
    first = first_working_day(here.date(), is_holiday)
    begins = FIRST_HOUR if here.date() == first else MORNING
    before = (here.date().replace(day=1) - timedelta(days=1)).isoformat()[:7]
    ready = here.date() >= first and here.hour >= begins and by_day(now, zone)
    return before if ready and before < month_of(now) else None


def is_due(tx: Tx, now: int, zone: str) -> bool:
    """Whether `queue_due` is to be called. A read, and cheap."""
    month = due_month(now, zone)
    return month is not None and _mark_of(month) > mark(tx, KIND)


def queue_due(tx: Tx, coordinators: Collection[int], now: int, zone: str) -> None:
    """Queues the gaps of the month before for every coordinator, once; nothing where there is nothing to show.

    `coordinators` are those that the operator has set; who has the role is found here. `now` in UTC microseconds.
    """
    month = due_month(now, zone)
    if month is None or _mark_of(month) <= mark(tx, KIND):
        return
    move_mark(tx, KIND, _mark_of(month))
    if gaps(tx, month, month):
        told, expires = sorted(readers(tx, coordinators)), _end_of_month(now, zone)
        parameters = {"month": month}
        queue(tx, [Notice(one, KIND, f"{KIND}:{month}", now, None, parameters, TO_MANY, expires) for one in told])


def for_months(tx: Tx, claimed: Iterable[Claimed]) -> dict[int, tuple[Asked, ...]]:
    """The gaps for those of the messages that tell of them, by the message's id; one statement for each month."""
    months = {one.id: str(one.parameters["month"]) for one in claimed if one.kind == KIND}
    found = {month: tuple(gaps(tx, month, month, MOST)) for month in sorted(set(months.values()))}
    return {id_: found[month] for id_, month in months.items()}


def _mark_of(month: str) -> int:
    """The instant up to which a month's marks go: its beginning in UTC, as a number that grows with the months."""
    return microseconds(datetime.fromisoformat(f"{month}-01T00:00:00+00:00"))


def _end_of_month(now: int, zone: str) -> int:
    """When the month of `now` ends on the clocks of the zone, in UTC microseconds."""
    day = moment(now, zone).date().replace(day=28) + timedelta(days=4)
    return local(datetime.combine(day.replace(day=1), datetime.min.time()), zone)
