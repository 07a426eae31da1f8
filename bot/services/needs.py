"""What people need to take part in a session: about health, so only with consent, and for two weeks after it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from sqlalchemy import text

from bot.domain.programme import Session
from bot.services.sessions import session as one_session
from bot.store.tx import Tx

LONGEST = 300  # characters of what is written freely

# Only who is registered can say what they need: nothing is kept of the health of anybody else.
KEEP = text("""
    INSERT INTO needs (session, person, sign_language, subtitles, other, consented)
    SELECT session, person, :sign_language, :subtitles, :other, :now FROM registrations
    WHERE session = :session AND person = :person AND state IN ('confirmed', 'waitlisted', 'offered')
    ON CONFLICT (session, person) DO UPDATE SET sign_language = excluded.sign_language,
        subtitles = excluded.subtitles, other = excluded.other
    RETURNING session
""")
OWN = text("SELECT sign_language, subtitles, other FROM needs WHERE session = :session AND person = :person")
# Not of people who left: they need nothing there any more.
OF_SESSION = text("""
    SELECT needs.person, needs.sign_language, needs.subtitles, needs.other FROM needs
    JOIN registrations ON registrations.session = needs.session AND registrations.person = needs.person
    WHERE needs.session = :session AND registrations.state <> 'cancelled' ORDER BY needs.person
""")
REGISTERED = text("""
    SELECT id FROM registrations
    WHERE session = :session AND person = :person AND state IN ('confirmed', 'waitlisted', 'offered')
""")
OTHERS = text("""
    SELECT COUNT(*), COUNT(needs.session) FROM sessions
    JOIN registrations ON registrations.session = sessions.id AND registrations.person = :person
    LEFT JOIN needs ON needs.session = sessions.id AND needs.person = :person
    WHERE sessions.series = :series AND sessions.id <> :session AND sessions.starts > :now
        AND sessions.state <> 'cancelled' AND registrations.state IN ('confirmed', 'waitlisted', 'offered')
""")
# The person's other sessions of the series that have not begun and that they are registered for.
TAKE_OVER = text("""
    INSERT INTO needs (session, person, sign_language, subtitles, other, consented)
    SELECT registrations.session, said.person, said.sign_language, said.subtitles, said.other, said.consented
    FROM needs AS said
    JOIN sessions AS here ON here.id = said.session
    JOIN sessions ON sessions.series = here.series AND sessions.id <> here.id
    JOIN registrations ON registrations.session = sessions.id AND registrations.person = said.person
    WHERE said.session = :session AND said.person = :person AND sessions.starts > :now
        AND sessions.state <> 'cancelled' AND registrations.state IN ('confirmed', 'waitlisted', 'offered')
    ON CONFLICT (session, person) DO UPDATE SET sign_language = excluded.sign_language,
        subtitles = excluded.subtitles, other = excluded.other, consented = excluded.consented
    RETURNING session
""")
FORGET = text("DELETE FROM needs WHERE session = :session AND person = :person RETURNING session")
FORGET_ALL = text("DELETE FROM needs WHERE person = :person RETURNING session")


@dataclass(frozen=True, slots=True)
class Needs:
    """What somebody needs; `other` in their own words."""

    sign_language: bool = False
    subtitles: bool = False
    other: str = ""

    def __bool__(self) -> bool:
        """Whether there is anything to prepare."""
        return self.sign_language or self.subtitles or bool(self.other)


def in_own_words(typed: str) -> str:
    """What somebody wrote, as it is stored: in one line of 300 characters at most, without control characters."""
    shown = "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in typed)
    return " ".join(shown.split())[:LONGEST].strip()


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody's needs in a session that they are registered for, None where they said nothing.

    `others` counts their other registrations in the series that are still to come, `said` those of them for which
    needs are stored.
    """

    session: Session
    needs: Needs | None
    others: int
    said: int


def standing(tx: Tx, session: int, person: int, now: int) -> Standing | None:
    """How things stand before the session is over; None without a registration. `now` in UTC microseconds."""
    found = one_session(tx, session)
    if found is None or found.state == "cancelled" or found.ends <= now:
        return None
    if not tx.execute(REGISTERED, {"session": session, "person": person}):
        return None
    row = {"session": session, "person": person, "series": found.series, "now": now}
    others, said = tx.execute(OTHERS, row)[0]
    rows = tx.execute(OWN, {"session": session, "person": person})
    needs = Needs(bool(rows[0][0]), bool(rows[0][1]), rows[0][2]) if rows else None
    return Standing(found, needs, others, said)


def keep(tx: Tx, session: int, person: int, said: Needs, now: int) -> bool:
    """Stores what somebody needs, who consented to it now (UTC microseconds); false without a registration.

    Nothing needed is nothing stored.
    """
    if not said:
        forget(tx, session, person)
        return True
    row = {"sign_language": said.sign_language, "subtitles": said.subtitles, "other": said.other, "now": now}
    return bool(tx.execute(KEEP, {"session": session, "person": person, **row}))


def take_over(tx: Tx, session: int, person: int, now: int) -> int:
    """Says the same for the person's other registrations in the series that are still to come; for how many."""
    return len(tx.execute(TAKE_OVER, {"session": session, "person": person, "now": now}))


def of_session(tx: Tx, session: int) -> dict[int, Needs]:
    """What has to be prepared for a session, by person; for coordinators, on the server only."""
    rows = tx.execute(OF_SESSION, {"session": session})
    return {row.person: Needs(bool(row.sign_language), bool(row.subtitles), row.other) for row in rows}


def forget(tx: Tx, session: int, person: int) -> bool:
    """Deletes what somebody said for a session; whether there was something."""
    return bool(tx.execute(FORGET, {"session": session, "person": person}))


def forget_all(tx: Tx, person: int) -> int:
    """Deletes what somebody said for any session; for how many."""
    return len(tx.execute(FORGET_ALL, {"person": person}))
