"""The keys of a TOML table, asked for one by one: what has the wrong type or is left over is reported."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from bot.library.document import Document
from bot.library.problems import quoted

ID = re.compile(r"[a-z0-9-]{1,40}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})?")
FULL_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
SHORTENED_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def nearest(word: str, known: Iterable[str]) -> str:
    """A clause that names the nearest known word, or all of them where none is near."""
    words = list(known)
    near = get_close_matches(word, words, n=1)
    return f'did you mean "{near[0]}"?' if near else f"known here: {', '.join(words)}" if words else "none is known"


def kind_of(value: object) -> str:
    """What an author would call a TOML value."""
    names: tuple[tuple[type, str], ...] = (
        (str, "a text"), (bool, "true or false"), (int, "a number"), (float, "a number"),
        (list, "a list"), (dict, "a table"), (datetime, "a date with a time"), (date, "a date"),
    )  # fmt: skip
    return next((name for kind, name in names if isinstance(value, kind)), "a time")


class Table:
    """One table of a document; `within` are the words that lead to it, for the line of a problem.

    A method returns the value of its key, or an empty value where the key is missing or wrong.
    """

    def __init__(self, values: dict[str, Any], document: Document, *within: str) -> None:
        self._values = values
        self._document = document
        self._within = within
        self._asked: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def error(self, message: str, *words: str) -> None:
        """Notes an error at the words, looked for inside this table."""
        self._document.error(message, *self._within, *words)

    def _get(self, key: str, wanted: type | tuple[type, ...], name: str) -> Any:
        self._asked.append(key)
        value = self._values.get(key)
        if value is None:
            return None
        if isinstance(value, wanted) and not (isinstance(value, bool) and wanted is not bool):
            return value
        self.error(f'"{key}" must be {name}, not {kind_of(value)}', key)
        return None

    def text(self, key: str, *, required: bool = False) -> str:
        """A text, without spaces around it."""
        value = self._get(key, str, "a text")
        if required and (value is None or not value.strip()):
            if key not in self._values:
                self.error(f'"{key}" is missing')
            elif value is not None:
                self.error(f'"{key}" is empty', key)
        return (value or "").strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, none of them empty."""
        found: list[str] = []
        for value in self._get(key, list, "a list of texts") or ():
            if not isinstance(value, str):
                self.error(f'"{key}" must hold texts only, not {kind_of(value)}', key)
            elif not value.strip():
                self.error(f'"{key}" holds an empty text', key)
            else:
                found.append(value.strip())
        return tuple(found)

    def flag(self, key: str) -> bool:
        """True or false; false where it is missing."""
        return bool(self._get(key, bool, "true or false"))

    def choices(self, key: str, allowed: Iterable[str] | None) -> tuple[str, ...]:
        """A list of texts out of those allowed (None: all are); others are reported and left out."""
        if allowed is None:
            return self.texts(key)
        known = list(allowed)
        return tuple(value for value in self.texts(key) if self._is_known(key, value, known))

    def choice(self, key: str, allowed: Iterable[str]) -> str:
        """One text out of those allowed, or empty."""
        value = self.text(key)
        return value if value and self._is_known(key, value, list(allowed)) else ""

    def _is_known(self, key: str, value: str, known: list[str]) -> bool:
        if value not in known:
            self.error(f'"{key}" names the unknown {quoted(value)}; {nearest(value, known)}', key, value)
        return value in known

    def languages(self, key: str) -> tuple[str, ...]:
        """A list of language codes."""
        found = self.texts(key)
        for code in found:
            if not LANGUAGE.fullmatch(code):
                self.error(f'{quoted(code)} is not a language code such as "de" or "de-simple"', key, code)
        return found

    def day(self, key: str) -> date | None:
        """A date, native or as a text."""
        text = self._date(key, FULL_DATE, "a date such as 2026-08-19")
        return date.fromisoformat(text) if text else None

    def period(self, key: str) -> str:
        """A date that may be shortened to its month or year, as ISO text."""
        return self._date(key, SHORTENED_DATE, "a date such as 2026-08-19, 2026-08 or 2026")

    def _date(self, key: str, form: re.Pattern[str], name: str) -> str:
        value = self._get(key, (str, int, date), name)
        if value is None or value == "":
            return ""
        text = value.strip() if isinstance(value, str) else str(value)
        parts = form.fullmatch(text)
        if parts:
            # The form leaves out a month or day; the first one stands in for the check that the date exists.
            with suppress(ValueError):
                date(*(int(part or 1) for part in parts.groups()))
                return text
        self.error(f'"{key}" must be {name}, not {quoted(text)}', key)
        return ""

    def pair(self, key: str) -> tuple[float, float] | None:
        """Two numbers."""
        value = self._get(key, list, "a list of two numbers")
        if value is None:
            return None
        if len(value) == 2 and all(isinstance(n, int | float) and not isinstance(n, bool) for n in value):  # noqa: PLR2004
            with suppress(OverflowError):
                return float(value[0]), float(value[1])
        self.error(f'"{key}" must be two numbers, latitude first: [48.1, 11.5]', key)
        return None

    def table(self, key: str) -> Table | None:
        """A table inside this one."""
        value = self._get(key, dict, "a table")
        return None if value is None else Table(value, self._document, *self._within, key)

    def tables(self, key: str) -> list[Table]:
        """A list of tables; the line of each is found by its first text, or by that of the one before."""
        found: list[Table] = []
        first = ""
        for value in self._get(key, list, "a list of tables") or ():
            if isinstance(value, dict):
                first = next((text for text in value.values() if isinstance(text, str) and text), first)
                found.append(Table(value, self._document, *self._within, key, first))
            else:
                self.error(f'"{key}" must hold tables such as {{title = "…"}}, not {kind_of(value)}', key)
        return found

    def finish(self) -> None:
        """Reports the keys that nobody has asked for."""
        for key in self._values:
            if key not in self._asked:
                self.error(f"unknown key {quoted(key)}; {nearest(key, self._asked)}", key)
