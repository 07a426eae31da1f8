"""What a search gives back: a calibrated outcome and its hits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.domain.knowledge import Kind

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
    first hit is help in danger that was recognised before anything was ranked; `place` is the municipality named.
    """

    outcome: Outcome
    hits: tuple[Hit, ...]
    language: str | None = None
    place: str | None = None
    urgent: bool = False
