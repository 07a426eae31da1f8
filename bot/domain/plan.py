"""What coordinators decide about sessions: a new one, its texts, and what can come of changing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.domain.programme import MINUTES, Session

LONGEST = 1440  # minutes; a session is within a day
MOST_SEATS = 100_000  # a larger number is a slip of the hand


@dataclass(frozen=True, slots=True)
class Wording:
    """Everything that is said of a session; `title` and `summary` in `language`, `wordings` has both in others.

    `topics` are ids of the knowledge, `municipalities` the types that it is for.
    """

    title: str
    language: str
    summary: str = ""
    speakers: str = ""
    topics: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    wordings: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def titles(self) -> dict[str, str]:
        """The title in each language there is one in."""
        return {self.language: self.title} | {code: title for code, (title, _) in self.wordings.items()}


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session to be added to a series (its id); `starts` in UTC microseconds, `capacity` None is unlimited."""

    series: int
    starts: int
    wording: Wording
    minutes: int = MINUTES
    capacity: int | None = None
    join_url: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """It is as wished: the session as it is now, and how many people hear of the change.

    Nobody does where nothing changed. Who comes up in the waiting list because of it is not counted here.
    """

    session: Session
    told: int = 0


@dataclass(frozen=True, slots=True)
class Impossible:
    """Nothing changed.

    There is no such session or series, the new start has passed, the session is over or cancelled, or another one of
    the series has this title.
    """

    why: Literal["unknown", "past", "over", "cancelled", "taken"]


Changing = Done | Impossible


def wording_of(session: Session) -> Wording:
    """What is said of a session now, to change a part of it."""
    return Wording(
        session.title,
        session.language,
        session.summary,
        session.speakers,
        session.topics,
        session.municipalities,
        session.wordings,
    )
