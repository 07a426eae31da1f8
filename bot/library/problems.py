"""What is wrong with a knowledge folder, and the two ways in which it can be of no use at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Severity = Literal["error", "warning"]


LONGEST_QUOTE = 80


def quoted(word: str) -> str:
    """A word out of an author's file, fit for one line of a message: cut, and control characters spelt out."""
    short = word if len(word) <= LONGEST_QUOTE else f"{word[:LONGEST_QUOTE]}…"
    return f'"{short}"' if short.isprintable() else f'"{ascii(short)[1:-1]}"'


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding; `path` is relative to the knowledge folder, `line` counts from 1.

    Errors keep a folder from being used, warnings never do.
    """

    path: str
    line: int
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        mark = "warning: " if self.severity == "warning" else ""
        return f"{self.path}:{self.line}: {mark}{self.message}"


class MissingKnowledge(Exception):  # noqa: N818 - named after what is missing, as people are told
    """There is no such knowledge folder, or it cannot be listed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"no knowledge folder at {folder}")
        self.folder = folder


class BrokenKnowledge(Exception):  # noqa: N818 - as above
    """The folder has errors, and there is no good library of it from before."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
