"""Series and their sessions: what is planned, when, for whom, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.domain.instants import HOUR, MINUTE

SessionState = Literal["open", "closed", "cancelled"]
MINUTES = 150  # of a session whose length is not given, by the network's practice (about two and a half hours)
ATTENDANCE_BEFORE = 15 * MINUTE  # attendance can be said from so long before the start
ATTENDANCE_AFTER = 30 * MINUTE  # until so long after the end
GIVEN_AT_ONCE = 24 * HOUR  # nearer to the start a freed seat is given, not offered


@dataclass(frozen=True, slots=True)
class Series:
    """A series of sessions; `titles` by language, beside `title`, which is in the language of its sessions."""

    id: int
    title: str
    titles: Mapping[str, str]

    def worded(self, language: str) -> str:
        """The title for a reader of this language, else the series' own; "Einfache Sprache" reads German."""
        codes = (language, "de") if language == "de-simple" else (language,)
        return next((self.titles[code] for code in codes if code in self.titles), self.title)


@dataclass(frozen=True, slots=True)
class Session:
    """One session of a series.

    `starts` is in UTC microseconds and meant in the IANA `zone`; `minutes` its length; `capacity` None is unlimited.
    `title` and `summary` are in `language`, the session's own; `wordings` holds title and summary in others.
    `municipalities` are the types it is for (it informs, it does not refuse). `version` grows when it is moved,
    `sequence` whenever calendars must know. `created`, `changed`, `moved` in UTC microseconds.
    """

    id: int
    series: int
    title: str
    summary: str
    speakers: str
    topics: tuple[str, ...]
    language: str
    wordings: Mapping[str, tuple[str, str]]
    starts: int
    zone: str
    minutes: int
    capacity: int | None
    join_url: str
    municipalities: tuple[str, ...]
    materials: str
    code_word: str
    state: SessionState
    version: int
    sequence: int
    created: int
    changed: int
    moved: int

    @property
    def ends(self) -> int:
        """When it ends, in UTC microseconds."""
        return self.starts + self.minutes * MINUTE

    def worded(self, language: str) -> tuple[str, str, str]:
        """Title, summary and the language they are in, for a reader of this language.

        Where there is no text in it: "Einfache Sprache" reads German; else the session's own language.
        """
        for code in (language, "de") if language == "de-simple" else (language,):
            if code == self.language:
                return self.title, self.summary, code
            if code in self.wordings:
                return *self.wordings[code], code
        return self.title, self.summary, self.language

    def running(self, now: int) -> bool:
        """Whether attendance can be said at `now`: from a little before the start to a little after the end."""
        open_now = self.starts - ATTENDANCE_BEFORE <= now <= self.ends + ATTENDANCE_AFTER
        return open_now and self.state != "cancelled"


@dataclass(frozen=True, slots=True)
class Seats:
    """How many have a seat, are offered one, and wait; `place` counts from one."""

    capacity: int | None
    confirmed: int
    offered: int
    waiting: int

    @property
    def free(self) -> int | None:
        """Seats that somebody who registers now would get; None for no limit. Nobody jumps a queue."""
        if self.capacity is None:
            return None
        return 0 if self.waiting else max(0, self.capacity - self.confirmed - self.offered)
