"""What people write into one cell of a table: dates, numbers, addresses, lists; None where it is not that."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from difflib import get_close_matches
from urllib.parse import urlsplit

LONGEST_QUOTE = 60
LONGEST_ADDRESS = 1000
YEARS = range(2000, 2101)  # others are slips of the hand, and have instants that no clock knows

_CLOCK = r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?"
_MOMENTS = (
    re.compile(rf"(?P<year>[0-9]{{4}})-(?P<month>[0-9]{{1,2}})-(?P<day>[0-9]{{1,2}})(?:T|,? +){_CLOCK}"),
    re.compile(rf"(?P<day>[0-9]{{1,2}})\.(?P<month>[0-9]{{1,2}})\.(?P<year>[0-9]{{4}})(?:,? +){_CLOCK}(?: +Uhr)?"),
)
_PARTS = ("year", "month", "day", "hour", "minute", "second")
_WHOLE = re.compile(r"-?[0-9]{1,12}(?:\.0+)?")
_HOST = re.compile(r"[^\s/?#@\\<>\"]+")


def one_line(text: str) -> str:
    """A text without control characters, breaks and doubled spaces, its letters composed."""
    return " ".join(lines(text).split())


def lines(text: str) -> str:
    """A text without control characters other than line breaks, its letters composed."""
    broken = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    plain = "".join(sign for sign in broken if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cs"})
    return "\n".join(line.strip() for line in unicodedata.normalize("NFC", plain).split("\n")).strip()


def moment_on_clocks(text: str) -> datetime | None:
    """The local date and time in "2026-12-03 10:00", "2026-12-03T10:00:00" or "3.12.2026 10:00"; naive."""
    for form in _MOMENTS:
        if match := form.fullmatch(text.strip()):
            year, month, day, hour, minute, second = (int(match[part] or 0) for part in _PARTS)
            try:
                found = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone is the caller's
            except ValueError:
                return None
            return found if year in YEARS else None
    return None


def whole_number(text: str) -> int | None:
    """A whole number, of which a spreadsheet may have made "50.0"."""
    return int(text.strip().partition(".")[0]) if _WHOLE.fullmatch(text.strip()) else None


def is_web_address(text: str) -> bool:
    """Whether a text is an http or https address with a host, and of a sane length."""
    if len(text) > LONGEST_ADDRESS or any(sign.isspace() or not sign.isprintable() for sign in text):
        return False
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises where it is not a number from 0 to 65535
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and bool(_HOST.fullmatch(parts.hostname or ""))


def listed(text: str) -> tuple[str, ...]:
    """The words of a list, separated by commas, semicolons or line breaks; each once."""
    return tuple(dict.fromkeys(word for part in re.split(r"[,;،؛\n]", text) if (word := one_line(part))))


def quoted(text: str) -> str:
    """A text out of somebody's file, fit for one line of a message: cut, and control characters spelt out."""
    short = text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"
    return f'"{short}"' if short.isprintable() else f'"{ascii(short)[1:-1]}"'


def nearest(word: str, known: Iterable[str]) -> str:
    """A clause that names the known words nearest to this one, or all of them where none is near."""
    words = list(known)
    near = get_close_matches(word, words, n=3)
    if near:
        return f"did you mean {' or '.join(quoted(one) for one in near)}?"
    return f"known here: {', '.join(words)}" if words else "none is known"
