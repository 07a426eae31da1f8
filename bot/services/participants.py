"""Who takes part: names, addresses and needs, for those who prepare a session; each reading is noted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import text

from bot.domain.instants import MINUTE
from bot.domain.registrations import SEATED, State
from bot.services.audit import note
from bot.services.guests import NEWS, News, news_of
from bot.services.needs import Needs
from bot.store.tx import AnyRow, Tx

# Those whose registration has ended are left out, but for guests who must hear that the session is cancelled.
_ROWS = f"""
    SELECT sessions.id AS session, sessions.title, sessions.starts, {NEWS}, guests.email,
        COALESCE(guests.name, details.name, '') AS name,
        COALESCE(guests.organisation, details.organisation, '') AS organisation,
        COALESCE(guests.municipality, details.municipality, '') AS municipality,
        needs.sign_language, needs.subtitles, needs.other
    FROM sessions JOIN registrations ON registrations.session = sessions.id
    LEFT JOIN guests ON guests.id = registrations.guest
    LEFT JOIN details ON details.person = registrations.person
    LEFT JOIN needs ON needs.person = registrations.person AND needs.session = sessions.id
    WHERE (registrations.state <> 'cancelled' OR sessions.state = 'cancelled' AND registrations.unwanted IS FALSE
        AND registrations.guest IS NOT NULL)
    AND {{which}}
    ORDER BY sessions.starts, sessions.id, registrations.line, registrations.id
"""  # noqa: S608 - of constants
_OF_SESSION = text(_ROWS.format(which="sessions.id = :session"))
_TO_COME = text(_ROWS.format(which="sessions.starts + CAST(sessions.minutes AS BIGINT) * :minute > :now"))
_SESSION = text("SELECT frozen FROM sessions WHERE id = :session")


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody registered for a session, or a guest who must hear that it is cancelled.

    What was not said is "". `starts` in UTC microseconds; `email` only of guests, "" for who is reached in Telegram;
    `place` on the waiting list counts from one, None for who does not wait.
    """

    session: int
    title: str
    starts: int
    name: str
    organisation: str
    municipality: str
    email: str
    state: State
    place: int | None
    needs: Needs
    to_tell: Sequence[News]


def participants(tx: Tx, session: int | None, now: int) -> list[Participant] | Literal["unknown", "deleted"]:
    """Those registered for a session, or for every session that is not over; notes in the audit that it was read.

    Seats come first, by name, then the waiting list in its order.

    Args:
        tx: The transaction; it writes.
        session: The session, or None.
        now: UTC microseconds.

    Returns:
        The participants; "unknown" for a session that does not exist, "deleted" when it is so long over that its
        people were deleted.
    """
    if session is not None:
        found = tx.execute(_SESSION, {"session": session})
        if not found or found[0].frozen is not None:
            return "deleted" if found else "unknown"
        rows = tx.execute(_OF_SESSION, {"session": session})
    else:
        rows = tx.execute(_TO_COME, {"now": now, "minute": MINUTE})
    note(tx, "operator", None, "participants", "sessions to come" if session is None else f"session {session}", now)
    places: Counter[int] = Counter()
    return sorted((_participant(row, places) for row in rows), key=_order)


def _participant(row: AnyRow, places: Counter[int]) -> Participant:
    waits = row.state == "waitlisted"
    places[row.session] += waits
    return Participant(
        session=row.session,
        title=row.title,
        starts=row.starts,
        name=row.name,
        organisation=row.organisation,
        municipality=row.municipality,
        email=row.email or "",
        state=row.state,
        place=places[row.session] if waits else None,
        needs=Needs(bool(row.sign_language), bool(row.subtitles), row.other or ""),
        to_tell=news_of(row) if row.email else (),
    )


def _order(one: Participant) -> tuple[int, int, bool, int, bool, str]:
    return one.starts, one.session, one.state not in SEATED, one.place or 0, not one.name, one.name.casefold()
