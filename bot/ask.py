"""`lotse ask`: answers in the terminal, as plain text or as JSON lines."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bot.domain.knowledge import Entry, Knowledge, in_language, newest_date
from bot.domain.languages import known, reply_language
from bot.domain.search import Found, Hit
from bot.library.current import current
from bot.library.load import Library
from bot.library.shipped import shipped
from bot.search.find import find
from bot.texts import Texts, no_version, texts


def answer_lines(lines: Iterable[bytes], folder: Path | None, language: str | None, default: str) -> None:
    """Answers each JSON line with one, in order; a line that is no question gets an `error`.

    Raises MissingKnowledge and BrokenKnowledge.
    """
    library = _library(folder)
    for line in lines:
        if line.strip():
            _print(_answer_line(library, line, language, default))


def answer_one(
    question: str, folder: Path | None, language: str | None, default: str, *, as_json: bool, explain: bool
) -> None:
    """Answers one question as text, or as a JSON line. Raises MissingKnowledge and BrokenKnowledge."""
    library = _library(folder)
    started = time.perf_counter()
    found = find(library.index, question, language, library.places)
    spent = time.perf_counter() - started
    reply = reply_language(known(language), None, default, found.language)
    if as_json:
        _print(_line(_as_json(None, found, reply, spent)))
        return
    lines = reply_lines(library.knowledge, found, reply, datetime.now(UTC).date())
    if explain:
        lines += ["", *(f"{hit.score:.2f}  {hit.kind}  {hit.id}" for hit in found.hits)]
    _print("\n".join(lines))


def reply_lines(knowledge: Knowledge, found: Found, language: str, today: date) -> list[str]:
    """The reply as plain text: answer with source, date and contact points, suggestions, or "not found"; the place."""
    t = texts(language)
    lines = _found_lines(knowledge, found, t, today)
    return [*lines, t.gettext("Place: {place}").format(place=found.place)] if found.place else lines


def _found_lines(knowledge: Knowledge, found: Found, t: Texts, today: date) -> list[str]:
    if found.outcome == "none":
        return [t.gettext("There is no checked answer to this here yet."), t.gettext("An advice centre can help.")]
    if found.outcome == "suggest":
        heading = t.gettext("Is it one of these? Tap it, or reply with its number.")
        return [heading, *(f"{n}. {_title(knowledge, hit, t.language)}" for n, hit in enumerate(found.hits[:3], 1))]
    hit = found.hits[0]
    if hit.kind == "contact":
        return _contact_lines(knowledge, hit.id, t)
    return _entry_lines(knowledge, knowledge.entries[hit.id], t, today)


def _library(folder: Path | None) -> Library:
    library, problems = current(folder or shipped("knowledge"))
    for problem in problems:
        print(f"lotse: {problem}", file=sys.stderr)  # noqa: T201 - the last good version answers, and says so
    return library


def _answer_line(library: Library, line: bytes, language: str | None, default: str) -> str:
    given, name = _read(line)
    fields = given if isinstance(given, dict) else {}
    question, chosen = fields.get("q"), fields.get("lang")
    if not isinstance(question, str) or not isinstance(chosen, str | None):
        return _line({"id": name, "error": 'a line must be an object like {"q": "…", "lang": "de"}'})
    chosen = known(chosen or language)
    started = time.perf_counter()
    found = find(library.index, question, chosen, library.places)
    spent = time.perf_counter() - started
    return _line(_as_json(name, found, reply_language(chosen, None, default, found.language), spent))


def _read(line: bytes) -> tuple[Any, Any]:
    """What a line holds and its `id`; nothing where it is no JSON, or holds an `id` that JSON has no word for."""
    with suppress(ValueError, RecursionError):  # not UTF-8, a number of 5,000 digits, a thousand brackets, …
        given = json.loads(line)
        name = given.get("id") if isinstance(given, dict) else None
        _line({"id": name})
        return given, name
    return None, None


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _print(text: str) -> None:
    """Writes UTF-8 whatever the terminal claims; a lone surrogate as it is escaped in JSON."""
    sys.stdout.buffer.write(f"{text}\n".encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def _as_json(name: Any, found: Found, language: str, seconds: float) -> dict[str, Any]:
    hits = [{"id": hit.id, "kind": hit.kind, "score": round(hit.score, 4)} for hit in found.hits]
    return {
        "id": name,
        "outcome": found.outcome,
        "language": language,
        "place": found.place,
        "hits": hits,
        "ms": round(seconds * 1000, 3),
    }


def _title(knowledge: Knowledge, hit: Hit, language: str) -> str:
    if hit.kind == "contact":
        return knowledge.contacts[hit.id].name
    text = in_language(knowledge.entries[hit.id].texts, language)
    return text.title if text else hit.id


def _entry_lines(knowledge: Knowledge, entry: Entry, t: Texts, today: date) -> list[str]:
    text = in_language(entry.texts, t.language)
    assert text is not None, "an entry has at least one text"
    lines = [text.title, *text.body.strip().splitlines()]
    lines += no_version(text.language, t)
    if text.say:
        lines.append(t.gettext("At the counter: {sentence}").format(sentence=f"„{text.say}“"))
    if entry.valid_until and entry.valid_until < today:
        expired = t.gettext("This has expired on {day}. Ask whether it still holds.")
        lines.append(expired.format(day=t.day(entry.valid_until)))
    for source in entry.sources:
        named = f"{source.title} ({source.url})" if source.url else source.title
        lines.append(t.gettext("Source: {sources}").format(sources=named))
    if entry.reviewed_on:
        lines.append(t.gettext("Checked on {day}").format(day=t.day(entry.reviewed_on)))
    elif newest := newest_date(entry.sources):
        lines.append(t.gettext("Source as of {month}").format(month=t.month(newest)))
    for key in entry.contacts:
        lines += _contact_lines(knowledge, key, t)[:1]
    return lines


def _contact_lines(knowledge: Knowledge, key: str, t: Texts) -> list[str]:
    contact = knowledge.contacts[key]
    reach = ", ".join(value for value in (contact.phone, contact.email, contact.website) if value)
    lines = [f"{contact.name}: {reach}" if reach else contact.name]
    note = in_language(contact.notes, t.language)
    return [*lines, note] if note else lines
