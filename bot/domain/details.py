"""What people may say of themselves for list and certificate, and how it is read from what they type."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 80  # characters of each detail
PARTS = 3  # name, authority, municipality
COMMA = re.compile("[,;\u060c\u061b]")  # Latin and Arabic commas and semicolons
NOTHING = frozenset({"", "-", "\u2013", "\u2014", ".", "/"})  # what people write where they want to say nothing


@dataclass(frozen=True, slots=True)
class Details:
    """Name for list and certificate, authority, municipality and its type; each may be empty."""

    name: str = ""
    organisation: str = ""
    municipality: str = ""
    municipality_type: str = ""

    def __bool__(self) -> bool:
        """Whether anything was said."""
        return any((self.name, self.organisation, self.municipality, self.municipality_type))


def parse(typed: str) -> Details:
    """Name, authority and municipality as typed in three lines, or in one with commas between.

    The first is the name, and of three or more the last the municipality; what is between belongs to the authority.
    Each is cut to 80 characters.
    """
    lines = [_tidy(line) for line in typed.strip().split("\n")]
    parts = lines if len(lines) > 1 else [_tidy(part) for part in COMMA.split(typed)]
    if len(parts) > PARTS:
        parts = [part for part in parts if part]
    name, *rest = parts or [""]
    municipality = rest.pop() if len(rest) >= PARTS - 1 else ""
    organisation = ", ".join(part for part in rest if part)
    return Details(name[:LONGEST].strip(), organisation[:LONGEST].strip(), municipality[:LONGEST].strip())


def parse_municipality(typed: str) -> str:
    """A municipality that was typed alone, in one line and cut to 80 characters; empty for a dash."""
    return _tidy(typed)[:LONGEST].strip()


def _tidy(part: str) -> str:
    """With single spaces and without control characters; nothing for a dash."""
    shown = "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in part)
    words = " ".join(shown.split())
    return "" if words in NOTHING else words
