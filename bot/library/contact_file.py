"""The file of one contact: what a row of a table changes in it, and how it is written."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from bot.domain.cells import listed

TEXTS = ("name", "kind", "phone", "email", "website", "hours", "status")
LISTS = ("topics", "area", "languages")
FLAGS = ("by_appointment", "confidential_address")
ADDRESS = ("street", "postcode", "city")
POSITION = ("lat", "lon")
SOURCE = {"source": "title", "source_url": "url", "source_date": "date", "accessed": "accessed", "licence": "licence"}
NOTE = "note_"  # and a language code
YES, NO = frozenset({"yes", "ja", "true", "wahr", "1", "x"}), frozenset({"no", "nein", "false", "falsch", "0"})
NUMBER = re.compile(r"-?[0-9]{1,3}(?:[.,][0-9]{1,12})?")
BARE = re.compile(r"[A-Za-z0-9_-]+")
# The order of the files that are written by hand; notes and sources follow as tables of their own.
ORDER = (
    "name", "kind", "topics", "area", "languages", "phone", "email", "website", "address", "location", "hours",
    "by_appointment", "confidential_address", "status",
)  # fmt: skip

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file, and the columns of a table that it comes from."""

    text: str
    columns: tuple[str, ...] = ()


def parsed(content: bytes) -> Values:
    """The keys and values of a file; none where it is not TOML, which others report."""
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return {}


def merged(old: Mapping[str, Any], cells: Mapping[str, str], columns: Collection[str]) -> Values:
    """What a contact is after a row: columns that the table has replace, an empty cell takes away, the rest stays.

    The columns of a source are those of the first one. A day of review does not outlast a change: what is new was not
    checked then.
    """
    values = deepcopy(dict(old))
    for name in columns:
        cell = cells.get(name, "")
        if name in TEXTS:
            _put(values, name, cell)
        elif name in LISTS:
            _put(values, name, [*listed(cell)])
        elif name in FLAGS and bool(values.get(name)) != (cell.casefold() in YES):
            _put(values, name, cell.casefold() in YES)
        elif name in ADDRESS:
            _put_within(values, "address", name, cell)
        elif name.startswith(NOTE):
            _put_within(values, "notes", name.removeprefix(NOTE), cell)
    if set(POSITION) <= set(columns):
        degrees = [cells.get(name, "") for name in POSITION]
        given = all(NUMBER.fullmatch(text) for text in degrees)
        _put(values, "location", [float(text.replace(",", ".")) for text in degrees] if given else None)
    if named := {key: cells.get(name, "") for name, key in SOURCE.items() if name in columns}:
        sources = values.get("sources")
        first, *others = sources if isinstance(sources, list) and sources else [{}]
        kept = {key: text for key, text in first.items() if key not in named} if isinstance(first, dict) else {}
        source = {key: text for key, text in {**kept, **named}.items() if text}
        _put(values, "sources", [*([source] if source else []), *others])
    if values != old:
        values.pop("reviewed_on", None)
    return values


def _put(values: Values, key: str, value: object) -> None:
    if value:
        values[key] = value
    else:
        values.pop(key, None)


def _put_within(values: Values, table: str, key: str, value: str) -> None:
    inner = values.get(table)
    inner = dict(inner) if isinstance(inner, dict) else {}
    _put(inner, key, value)
    _put(values, table, inner)


def as_lines(values: Mapping[str, Any]) -> list[Line]:
    """The file of a contact, in the form of those that are written by hand; keys that no contact has are left out."""
    columns = {"address": ADDRESS, "location": POSITION}
    lines = [
        Line(_pair(key, values[key]), columns.get(key, (key,))) for key in (*ORDER, "reviewed_on") if key in values
    ]
    if isinstance(notes := values.get("notes"), dict):
        lines += [Line(""), Line("[notes]")]
        lines += [Line(_pair(code, note), (f"{NOTE}{code}",)) for code, note in notes.items()]
    of_key = {key: name for name, key in SOURCE.items()}
    for source in _tables(values.get("sources")):
        lines += [Line(""), Line("[[sources]]", ("source",))]
        lines += [Line(_pair(key, value), (of_key.get(key, "source"),)) for key, value in source.items()]
    return lines


def as_text(lines: Iterable[Line]) -> str:
    """The content of a file."""
    return "".join(f"{line.text}\n" for line in lines)


def _tables(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _pair(key: str, value: object) -> str:
    return f"{key if BARE.fullmatch(key) else _toml(key)} = {_toml(value)}"


def _toml(value: object) -> str:
    """A value as TOML writes it, on one line."""
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(_pair(key, inner) for key, inner in value.items())} }}"
    if isinstance(value, date | time):  # a moment is a date as well
        return value.isoformat()
    if isinstance(value, float):
        return repr(value)
    # What JSON escapes, TOML reads in the same way; it asks for one character more.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
