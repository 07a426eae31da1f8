"""The cards that an announcement shows: a session, a series or a practice, without what changes by the hour."""

from __future__ import annotations

from bot.chat.cards import version
from bot.chat.markup import body_lines, bold, escape
from bot.chat.message import Button, Row
from bot.chat.series import register_all_row
from bot.chat.session_parts import hours, register_row, title_of, when, whom
from bot.domain.instants import moment
from bot.domain.knowledge import Entry, Knowledge
from bot.domain.programme import Session
from bot.services.announcement_cards import Card
from bot.texts import Texts, no_version

LISTED = 5  # sessions of a series, one a line


def practice_of(knowledge: Knowledge, name: str) -> Entry | None:
    """The practice that practice:<entry> names, if there is one."""
    kind, _, id_ = name.partition(":")
    entry = knowledge.entries.get(id_) if kind == "practice" else None
    return entry if entry and entry.kind == "practice" else None


def card_lines(knowledge: Knowledge, name: str, card: Card | None, t: Texts, *, alone: bool) -> list[str]:
    """The lines of a card; none where there is nothing to show (any more). `alone` says that no text is above it."""
    practice = practice_of(knowledge, name)
    if practice:
        return _practice_lines(practice, t)
    if card is None:
        return []
    mark = " 📅" if alone else ""  # emoji stand at the end of line 1 only
    if card.session and card.session.state == "cancelled":
        return _cancelled_lines(card.session, t)
    return _session_lines(card, card.session, t, mark) if card.session else _series_lines(card, t, mark)


def card_rows(knowledge: Knowledge, name: str, card: Card | None, t: Texts) -> list[Row]:
    """What can be done with what a card shows."""
    practice = practice_of(knowledge, name)
    if practice:
        # Translators: button label
        return [(Button(t.gettext("Show the good practice"), f"entry:{practice.id}"),)]
    if card is None:
        return []
    if card.session and card.session.state == "cancelled":
        # Translators: button label
        return [(Button(t.gettext("Show sessions"), "more:sessions:0"),)]
    if card.session:
        return [register_row(card.session.id, t)] if card.session.state == "open" else []
    return [register_all_row(card.series.id, t)]


def open_payload(knowledge: Knowledge, name: str, card: Card | None) -> str:
    """What a link into the reader's own chat carries, for groups, where nobody can register; empty for nothing."""
    practice = practice_of(knowledge, name)
    if practice:
        return f"entry_{practice.id}"
    if card is None:
        return ""
    return f"session_{card.session.id}" if card.session else f"series_{card.series.id}"


def _session_lines(card: Card, session: Session, t: Texts, mark: str) -> list[str]:
    _ = t.gettext
    title, summary, code = session.worded(t.language)
    series = escape(card.series.worded(t.language))
    if card.of > 1:
        line = _("Series: {series}, session {number} of {count}")
        where = line.format(series=series, number=card.number, count=card.of)
    else:
        where = _("Series: {series}").format(series=series)
    lines = [f"{bold(title)}{mark}", *when(session, t), where, *whom(session, t), *no_version(code, t)]
    return [*lines, *(escape(line) for line in summary.split("\n") if line.strip())]


def _cancelled_lines(session: Session, t: Texts) -> list[str]:
    """What would have been, and when."""
    return [bold(session.worded(t.language)[0]), t.day_and_time(moment(session.starts, session.zone))]


def _series_lines(card: Card, t: Texts, mark: str) -> list[str]:
    first, more = card.ahead[0], len(card.ahead) - LISTED
    lines = [f"{bold(card.series.worded(t.language))}{mark}"]
    for session in card.ahead[:LISTED]:
        line = t.gettext("{hours}: {title}")
        lines.append(line.format(hours=hours(session, t), title=title_of(session, t.language)))
    if more > 0:
        lines.append(t.ngettext("and {n} more session", "and {n} more sessions", more))
    alike = all((one.language, one.municipalities) == (first.language, first.municipalities) for one in card.ahead)
    codes = {one.worded(t.language)[2] for one in card.ahead[:LISTED]}
    return [*lines, *(whom(first, t) if alike else []), *(no_version(codes.pop(), t) if len(codes) == 1 else [])]


def _practice_lines(practice: Entry, t: Texts) -> list[str]:
    """Title and first line; the whole of it is one press away."""
    text = version(practice, t.language)
    body = body_lines(text.body, t.language)[:1]
    return [bold(text.title), *body, *no_version(text.language, t)]
