"""What a search gives back: a calibrated outcome and its hits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.domain.knowledge import Kind
from bot.domain.places import Named

Outcome = Literal["answer", "suggest", "none"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry or contact that may be what was asked for; `score` is the probability that it is right, 0 to 1."""

    id: str
    kind: Kind
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """The result for one question: hits best first, at most ten, whatever the outcome.

    `language` is the question's own language where it was recognised surely, else None; `urgent` is true when the
    first hit is help in danger that was recognised before anything was ranked; `named` are the municipalities named.
    """

    outcome: Outcome
    hits: tuple[Hit, ...]
    language: str | None = None
    urgent: bool = False
    named: tuple[Named, ...] = ()

    @property
    def place(self) -> str | None:
        """The name of the first municipality that is clear; None where none is named, or it is not clear which."""
        return next((one.places[0].name for one in self.named if one.place), None)
