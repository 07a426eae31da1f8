"""The programme as files for a website or a mail: a page, and calendar files without links to join."""

from __future__ import annotations

from collections.abc import Sequence

from bot.documents.calendar import series_file, session_file
from bot.documents.programme_page import page
from bot.domain.programme import Series, Session

PAGE = "programme.html"


def programme_files(
    programme: Sequence[tuple[Series, Sequence[Session]]], language: str, origin: str, bot_name: str
) -> dict[str, bytes]:
    """The content of each file by its name, which is the same for the same series or session at every export.

    `language` is the reader's; `origin` tells this Lotse from others, as in the calendar files that people get in the
    chat. The page leads into the chat where the bot's username is known (else "").
    """
    found = {PAGE: page(programme, language, bot_name).encode()}
    for series, sessions in programme:
        entries = [(session, False) for session in sessions if session.state != "cancelled"]
        if entries:
            found[f"series-{series.id}.ics"] = series_file(series, entries, language, origin=origin)
        for session in sessions:
            found[f"session-{session.id}.ics"] = session_file(session, series, language, origin=origin, joins=False)
    return found
