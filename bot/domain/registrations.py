"""Registrations: their states, and what can come of registering and leaving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

State = Literal["confirmed", "waitlisted", "offered", "cancelled", "attended", "no_show"]
ACTIVE: Sequence[State] = ("confirmed", "waitlisted", "offered")
SEATED: Sequence[State] = ("confirmed", "attended", "no_show")  # had a seat


@dataclass(frozen=True, slots=True)
class Registration:
    """Somebody's registration for a session.

    `place` is the number on the waiting list, counted from one, 0 for who does not wait. `offered_until` in UTC
    microseconds. `changes` counts the changes of its state.
    """

    session: int
    state: State
    place: int
    offered_until: int | None
    lapses: int
    changes: int


@dataclass(frozen=True, slots=True)
class Confirmed:
    """There is a seat."""


@dataclass(frozen=True, slots=True)
class Waitlisted:
    """There was none; `place` on the waiting list counts from one."""

    place: int


@dataclass(frozen=True, slots=True)
class AlreadyRegistered:
    """Nothing changed: this is how it stands."""

    registration: Registration


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody can register, or change anything: the session is over or running, closed, cancelled, or not there."""

    why: Literal["started", "closed", "cancelled", "unknown"]


@dataclass(frozen=True, slots=True)
class Left:
    """The registration ended; `was` is what it had been."""

    was: State


@dataclass(frozen=True, slots=True)
class NotRegistered:
    """There was nothing to leave, accept or decline; how it stands, if anything is known."""

    registration: Registration | None


Registering = Confirmed | Waitlisted | AlreadyRegistered | Refused
Leaving = Left | NotRegistered | Refused
Accepting = Confirmed | AlreadyRegistered | NotRegistered | Refused
