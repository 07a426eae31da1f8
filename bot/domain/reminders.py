"""Rules for reminders: how long before the start of a session one goes out, as people write it ("7d,1d,1h").

By days a reminder comes at the session's own time on the local clock; by hours, minutes and seconds so much time
before it, whatever the clocks do in between.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

from bot.domain.instants import DAY, HOUR, MINUTE, SECOND, local, moment

MOST = 10  # rules
LONGEST = 366 * DAY
UNITS = {"d": DAY, "h": HOUR, "m": MINUTE, "s": SECOND}
_SPAN = re.compile(r"([1-9][0-9]{0,8})([smhd])")


def span(text: str) -> int:
    """Microseconds of a number with its unit: "90m", "24h", "7d" (days of 24 hours).

    Raises ValueError with the end of a sentence.
    """
    match = _SPAN.fullmatch(text.strip())
    length = int(match[1]) * UNITS[match[2]] if match else 0
    if not 0 < length <= LONGEST:
        raise ValueError(f"takes whole numbers with d, h, m or s, one year at most, not: {text.strip()}")
    return length


def rules(text: str) -> tuple[str, ...]:
    """The rules of a text such as "7d, 1d, 1h", each once, the longest first; none for an empty one.

    Raises ValueError with the end of a sentence.
    """
    parts = {part.strip() for part in text.split(",") if part.strip()}
    ordered = sorted(parts, key=lambda rule: (span(rule), rule), reverse=True)
    if len(ordered) > MOST:
        raise ValueError(f"has more than {MOST} parts")
    return tuple(ordered)


def normalise(text: str) -> str:
    """The rules as they are kept, "7d,1d,1h"; raises ValueError as `rules` does."""
    return ",".join(rules(text))


def due(starts: int, zone: str, rule: str) -> int:
    """When a reminder by this rule is due, for a session that starts then in this zone; UTC microseconds.

    A local time that comes twice is the later one, one that the clocks skip one hour on.
    """
    if not rule.endswith("d"):
        return starts - span(rule)
    start = moment(starts, zone).replace(tzinfo=None)
    return local(start - timedelta(days=int(rule[:-1])), zone)


def nearest(starts: int, zone: str, kept: Iterable[str], after: int, until: int) -> tuple[str, int] | None:
    """Of the rules that were due after one instant and until another (UTC microseconds), the nearest to the start.

    With it the instant at which it was due; None where none was.
    """
    times = [(due(starts, zone, rule), rule) for rule in kept]
    latest = max(((at, rule) for at, rule in times if after < at <= until), default=None)
    return (latest[1], latest[0]) if latest else None
