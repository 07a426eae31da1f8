"""What to check against the world next, and noting that it was checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bot.domain.knowledge import Contact, Entry, Kind, Knowledge, in_language, newest_date
from bot.library.advice import SOURCE_LANGUAGE, source_hash
from bot.library.rules import place_of

# How long a check lasts: numbers for danger six months, everything else a year.
DANGER_LASTS, OTHERS_LAST = timedelta(days=182), timedelta(days=365)
# What a check takes, in minutes: calling each number, or reading each source again.
DANGER_MINUTES, ENTRY_MINUTES, CONTACT_MINUTES = 20, 10, 5
NEVER = date.min
FRONT = re.compile(r"(\s*\+\+\+[ \t]*\r?\n)(.*?)(^\+\+\+[ \t]*\r?\n.*)", re.DOTALL | re.MULTILINE)


class CannotReview(Exception):  # noqa: N818 - as people are told
    """A file that cannot be changed; the message says which."""


class UnknownId(Exception):  # noqa: N818 - as above
    """There is no entry or contact of this id."""


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to check: how long it takes, how often it was asked for, and when it was checked last (or never)."""

    id: str
    kind: Kind
    title: str
    danger: bool
    asked: int
    checked: date
    minutes: int

    def __str__(self) -> str:
        when = "never checked" if self.checked == NEVER else f"checked on {self.checked}"
        danger = "danger, " if self.danger else ""
        return f"{self.kind} {self.id}: {self.title} ({danger}{when}, asked {self.asked} times, {self.minutes} minutes)"


def due(knowledge: Knowledge, asked: Mapping[str, int], today: date, hours: float) -> list[Due]:
    """What to check in so many hours: danger first, then the most asked, then what was checked longest ago.

    What was checked lately (danger: six months, else a year) and has not expired is left out. `asked` counts
    questions by entry. At least one thing is given when anything is due.
    """
    waiting = sorted(
        _all_due(knowledge, asked, today), key=lambda one: (not one.danger, -one.asked, one.checked, one.id)
    )
    chosen: list[Due] = []
    minutes = hours * 60
    for one in waiting:
        if chosen and minutes < one.minutes:
            break
        chosen.append(one)
        minutes -= one.minutes
    return chosen


def _all_due(knowledge: Knowledge, asked: Mapping[str, int], today: date) -> Iterator[Due]:
    in_danger = {name for entry in knowledge.entries.values() if entry.urgent for name in entry.contacts}
    for entry in knowledge.entries.values():
        expired = entry.valid_until is not None and entry.valid_until < today
        if entry.kind != "action" and (expired or _old(entry, today, danger=entry.urgent)):
            text = in_language(entry.texts, SOURCE_LANGUAGE)
            title = text.title if text else entry.id
            minutes = DANGER_MINUTES if entry.urgent else ENTRY_MINUTES
            checked = entry.reviewed_on or NEVER
            yield Due(entry.id, entry.kind, title, entry.urgent, asked.get(entry.id, 0), checked, minutes)
    for contact in knowledge.contacts.values():
        danger = contact.id in in_danger
        if _old(contact, today, danger=danger):
            checked = contact.reviewed_on or NEVER
            yield Due(contact.id, "contact", contact.name, danger, asked.get(contact.id, 0), checked, CONTACT_MINUTES)


def _old(one: Entry | Contact, today: date, *, danger: bool) -> bool:
    lasts = DANGER_LASTS if danger else OTHERS_LAST
    return one.reviewed_on is None or one.reviewed_on + lasts < today


def overview(knowledge: Knowledge) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Each answer and practice as a row: id, kind, languages, sources, newest source date, status."""
    for entry in knowledge.entries.values():
        if entry.kind != "action":
            status = f"checked {entry.reviewed_on}" if entry.reviewed_on else "from sources"
            until = f", until {entry.valid_until}" if entry.valid_until else ""
            sources = "; ".join(source.title for source in entry.sources)
            newest = newest_date(entry.sources) or "undated"
            yield entry.id, entry.kind, " ".join(entry.texts), sources, newest, status + until


def mark_reviewed(folder: Path, knowledge: Knowledge, ids: Sequence[str], today: date, *, minor: bool) -> list[Path]:
    """Sets the review date of entries and contacts to `today` in their files, keeping how they are written.

    With `minor`, the translations of the entries are taken to follow the German text as it is now. Gives the files
    that were changed. Raises UnknownId before anything is changed, and CannotReview where a file is not writable.
    """
    unknown = [name for name in ids if name not in knowledge.entries and name not in knowledge.contacts]
    if unknown:
        raise UnknownId(f"there is no entry or contact {', '.join(unknown)}")
    changed: list[Path] = []
    for name in ids:
        if name in knowledge.contacts:
            changed.append(_set(folder / "contacts" / f"{name}.toml", "reviewed_on", f"{today}"))
        if name in knowledge.entries:
            changed += _entry_reviewed(folder, knowledge.entries[name], today, minor=minor)
    return changed


def _entry_reviewed(folder: Path, entry: Entry, today: date, *, minor: bool) -> Iterable[Path]:
    place = folder / place_of(entry)
    yield _set(place / "entry.toml", "reviewed_on", f"{today}")
    source = entry.texts.get(SOURCE_LANGUAGE)
    if minor and source:
        for language in entry.texts:
            if language != SOURCE_LANGUAGE:
                yield _set_in_front(place / f"{language}.md", "source_hash", f'"{source_hash(source)}"')


def _set(path: Path, key: str, literal: str) -> Path:
    """Sets a key of a TOML file to a literal."""
    return _rewrite(path, lambda toml: with_key(toml, key, literal), missing="")


def _set_in_front(path: Path, key: str, literal: str) -> Path:
    """Sets a key in the front matter of a page."""

    def in_front(page: str) -> str:
        parts = FRONT.fullmatch(page)
        assert parts is not None, "the page was read before, so it has front matter"
        return parts[1] + with_key(parts[2], key, literal) + parts[3]

    return _rewrite(path, in_front)


def with_key(toml: str, key: str, literal: str) -> str:
    """TOML with one key of the document set to a literal that fits on its line; everything else stays as written."""
    head, table, rest = _head_and_tables(toml)
    line = f"{key} = {literal}\n"
    there = re.compile(rf"^{re.escape(key)}[ \t]*=.*\n?", re.MULTILINE)
    if there.search(head):
        return there.sub(lambda _: line, head, count=1) + table + rest
    filled = head.rstrip("\n")
    gap = "\n" if table else ""
    return (f"{filled}\n" if filled else "") + line + gap + table + rest


def _head_and_tables(toml: str) -> tuple[str, str, str]:
    """The keys of the document itself, and the tables after them."""
    found = re.search(r"^\[", toml, re.MULTILINE)
    return (toml[: found.start()], "[", toml[found.end() :]) if found else (toml, "", "")


def _rewrite(path: Path, change: Callable[[str], str], missing: str | None = None) -> Path:
    try:
        text = path.read_text("utf-8") if missing is None or path.exists() else missing
        path.write_text(change(text), "utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CannotReview(f"{path} cannot be changed ({type(error).__name__})") from None
    return path
