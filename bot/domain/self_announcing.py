"""Sessions that announce themselves, where the coordination team wishes it for their series."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from bot.domain.announcements import Reason
from bot.domain.instants import DAY, MINUTE
from bot.domain.programme import Seats, Session

Wish = Literal["new", "soon", "changed"]
WISHES: tuple[Wish, ...] = get_args(Wish)
SOON = 3 * DAY  # places that are left are announced so long before the start
TOO_LATE = DAY  # but not nearer to it than this
CALM = 3 * DAY  # nor to people who have heard of the session so shortly before
MISTAKES = 10 * MINUTE  # another time is told so long after it was set: it may be set right at once


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something to announce, and why; its name makes sure that it is announced once.

    `session` is None where it is the whole series. It is for everybody with the newsletter where `wide`, else for those
    of them who want everything at once.
    """

    name: str
    reason: Reason
    session: Session | None
    wide: bool


def names(series: int, sessions: Sequence[Session]) -> list[str]:
    """The names of all that may have been announced of a series and these sessions of it."""
    versions = [(one.id, version) for one in sessions for version in range(1, one.version + 1)]
    changes = [f"{kind}:{id_}:{version}" for id_, version in versions for kind in ("soon", "changed")]
    return [f"new:{series}", *changes, *(_cancelling(one) for one in sessions)]


def occasions(
    series: int,
    wishes: Collection[Wish],
    ahead: Sequence[Session],
    seats: Mapping[int, Seats],
    made: Mapping[str, int],
    now: int,
) -> list[Occasion]:
    """What of a series is to be announced at `now` (UTC microseconds).

    Args:
        series: Its id.
        wishes: What the coordination team wants to be announced.
        ahead: Its sessions that have not begun, cancelled ones too.
        seats: How many seats are taken, by session.
        made: What was announced, by name, with the instants (UTC microseconds).
        now: The present.
    """
    new = f"new:{series}"
    if "new" in wishes and new not in made and any(one.state == "open" for one in ahead):
        return [Occasion(new, "new", None, wide=True)]  # nobody needs to hear more at the same time
    found: list[Occasion] = []
    for one in ahead:
        told = {name: at for name, at in made.items() if name != new or one.created <= at}
        told = {name: at for name, at in told.items() if name in {new, *names(series, [one])}}
        change = _change(one, told, now, wide=new in told) if "changed" in wishes else None
        if change:
            found.append(change)
        elif "soon" in wishes and _soon(one, seats[one.id], told, now):
            found.append(Occasion(f"soon:{one.id}:{one.version}", "soon", one, wide=False))
    return found


def _change(session: Session, told: Mapping[str, int], now: int, *, wide: bool) -> Occasion | None:
    """That a session of which people were told has another time or is cancelled; a closed one they cannot go to."""
    if not told:
        return None
    if session.state == "cancelled":
        name = _cancelling(session)
        return None if name in told else Occasion(name, "cancelled", session, wide)
    fresh = now - session.moved < MISTAKES
    if session.state == "closed" or fresh or session.moved <= max(told.values()):
        return None
    return Occasion(f"changed:{session.id}:{session.version}", "moved", session, wide)


def _soon(session: Session, seats: Seats, told: Mapping[str, int], now: int) -> bool:
    """Whether it is the time to say that there are places left."""
    near = TOO_LATE <= session.starts - now <= SOON
    calm = all(now - at > CALM for at in told.values())
    return near and calm and session.state == "open" and seats.free != 0


def _cancelling(session: Session) -> str:
    return f"changed:{session.id}:cancelled"
