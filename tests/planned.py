"""A session and a series as records, for the tests of what is made out of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.instants import local, microseconds
from bot.domain.programme import Series, Session

JOIN = "https://meet.example.org/room,7;b?key=geheim-4711"
SERIES = Series(1, "Ankommen in Musterstadt", {"ar": "الوصول إلى المدينة", "uk": "Прибуття до міста"})
SESSION = Session(
    id=7,
    series=1,
    title="Recht auf Arbeit",
    summary="Wer darf arbeiten?\nWelche Ämter helfen?",
    speakers="Dr. Jana Beispiel, Omar Muster",
    topics=("work",),
    language="de",
    wordings={"ar": ("الحق في العمل", "من يحق له العمل؟"), "uk": ("Право на працю", "Хто може працювати?")},
    starts=local(datetime.fromisoformat("2026-12-03T10:00"), "Europe/Berlin"),
    zone="Europe/Berlin",
    minutes=150,
    capacity=50,
    join_url=JOIN,
    municipalities=("landkreis",),
    materials="https://example.org/unterlagen",
    code_word="Regenbogen",
    state="open",
    version=1,
    sequence=2,
    created=microseconds(datetime.fromisoformat("2026-09-01T08:00:00+00:00")),
    changed=microseconds(datetime.fromisoformat("2026-11-20T12:30:45+00:00")),
    moved=microseconds(datetime.fromisoformat("2026-09-01T08:00:00+00:00")),
)


def session(starts: str = "", **changes: Any) -> Session:
    """The session with other values; `starts` is local time."""
    zone = changes.get("zone", SESSION.zone)
    if starts:
        changes["starts"] = local(datetime.fromisoformat(starts), zone)
    return replace(SESSION, **changes)
