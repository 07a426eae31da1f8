"""Finds what is delivered together with the program."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def shipped(name: str) -> Path:
    """The delivered folder of that name ("knowledge", "locales"): in the installed package, else in the repository.

    A wheel carries the folders inside the package; an editable install leaves them at the repository's root. The
    folder is not promised to exist.
    """
    inside = PACKAGE / "_shipped" / name
    return inside if inside.exists() else PACKAGE.parent / name
