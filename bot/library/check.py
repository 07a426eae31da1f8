"""Checks a knowledge folder: its form, the rules for what it says, and advice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.library.advice import apply_advice, source_hash
from bot.library.files import collect
from bot.library.problems import Problem
from bot.library.read import examine
from bot.library.rules import apply_rules

__all__ = ["check", "source_hash"]


def check(folder: Path, today: date) -> list[Problem]:
    """Every error and every warning, sorted by file and line; `today` decides what has expired.

    Raises:
        MissingKnowledge: there is no such folder.
    """
    reading = examine(collect(folder))
    apply_rules(reading)
    apply_advice(reading, today)
    return sorted(reading.problems)
