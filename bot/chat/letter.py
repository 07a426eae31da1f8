"""What a message that nobody asked for is written from."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.markup import escape, link
from bot.chat.session_parts import title_of
from bot.chat.talk import House
from bot.domain.instants import MINUTE, moment
from bot.domain.programme import Session
from bot.services.notices import Facts
from bot.store.outbox import Claimed
from bot.texts import Texts


@dataclass(frozen=True, slots=True)
class Letter:
    """One message about a session: what was queued, how things stand, and the reader's texts."""

    house: House
    claimed: Claimed
    facts: Facts
    session: Session
    t: Texts

    @property
    def title(self) -> str:
        """The session's title for this reader, escaped."""
        return title_of(self.session, self.t.language)

    @property
    def ahead(self) -> bool:
        """Whether the session takes place and has not begun."""
        return self.session.state != "cancelled" and self.facts.now < self.session.starts

    @property
    def place(self) -> int:
        """The reader's number on the waiting list; 0 for who does not wait."""
        return self.facts.registration.place if self.facts.registration else 0

    @property
    def offered_until(self) -> int:
        """Until when a seat is kept for the reader, in UTC microseconds; 0 where none is."""
        return (self.facts.registration and self.facts.registration.offered_until) or 0

    def stands(self, *states: str) -> bool:
        """Whether the reader's registration is in one of these states, and did not change since this was queued."""
        own, changes = self.facts.registration, self.claimed.parameters.get("changes")
        return own is not None and own.state in states and changes in {None, own.changes}

    def hours(self, starts: int | None = None, minutes: int | None = None) -> str:
        """Day, start and end; of the session, or of another start (UTC microseconds) and length."""
        start = self.session.starts if starts is None else starts
        end = start + (minutes or self.session.minutes) * MINUTE
        return self.t.day_and_hours(moment(start, self.session.zone), moment(end, self.session.zone))

    def start(self, starts: int) -> str:
        """Day and time of a start, in UTC microseconds."""
        return self.t.day_and_time(moment(starts, self.session.zone))

    def materials(self) -> list[str]:
        """Where the materials are, in a line; no line where there are none."""
        kept = self.session.materials
        if not kept:
            return []
        shown = link(kept, kept) if kept.startswith(("https://", "http://")) else escape(kept)
        return [self.t.gettext("Materials: {materials}").format(materials=shown)]
