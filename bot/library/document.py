"""A text file of an author's that can say where something stands in it."""

from __future__ import annotations

import re
import tomllib
from functools import cached_property
from typing import Any

from bot.library.files import File
from bot.library.problems import Problem, Severity

# Each problem is looked for in the text, and nobody mends more than this at once.
MOST_PROBLEMS = 100


class Document:
    """The text of one file; what is found wrong is added to the shared list of problems.

    A byte order mark and Windows line ends are what common editors write; both are taken away silently.
    """

    def __init__(self, file: File, problems: list[Problem]) -> None:
        self.path = file.path
        self._file = file
        self._problems = problems
        self._listed = 0

    @cached_property
    def text(self) -> str | None:
        """The text; None when the file cannot be read as one, which is noted when it is first asked for."""
        if self._file.trouble:
            self._note(self._file.trouble, 1, "error")
            return None
        content = self._file.content
        try:
            return content.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            self._note("not UTF-8 text: save the file in the encoding UTF-8", line, "error")
            return None

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the file; the first has the number 1."""
        return (self.text or "").split("\n")

    def error(self, message: str, *words: str, line: int = 0) -> None:
        """Notes an error at a line, or where the words stand (see `line_of`)."""
        self._note(message, line or self.line_of(*words), "error")

    def warning(self, message: str, *words: str, line: int = 0) -> None:
        """Notes a warning at a line, or where the words stand (see `line_of`)."""
        self._note(message, line or self.line_of(*words), "warning")

    def misplaced(self, hint: str) -> None:
        """Notes that the file does not belong where it is, or that not even that can be seen."""
        self._note(self._file.trouble or f"does not belong here; {hint}", 1, "error")

    def _note(self, message: str, line: int, severity: Severity) -> None:
        self._listed += 1
        if self._listed < MOST_PROBLEMS:
            self._problems.append(Problem(self.path, line, message, severity))
        elif self._listed == MOST_PROBLEMS:
            self._problems.append(Problem(self.path, 1, "more problems than are listed here", severity))

    def line_of(self, *words: str) -> int:
        """The line of the last word, each looked for from the place of the one before, first as a key.

        `line_of("sources", "url")` is the first `url =` after `sources`. A word that is not found changes nothing.
        """
        line = 1
        if self._listed >= MOST_PROBLEMS:
            return line  # it will not be listed, so the search can be spared
        for word in words:
            line = self._line_from(line, word)
        return line

    def _line_from(self, start: int, word: str) -> int:
        if not word:
            return start
        key = re.compile(rf"""(?:^|[\s\[{{,.])["']?{re.escape(word)}["']?\s*(?:=|\]|\.\s*["'\w])""")
        numbered = list(enumerate(self.lines[start - 1 :], start))
        for line, text in numbered:
            if key.search(text):
                return line
        return next((line for line, text in numbered if word in text), start)

    def toml(self, part: str | None = None) -> dict[str, Any] | None:
        """The keys and values of the file, or of a part that keeps the file's line numbers; None if it is broken."""
        text = self.text if part is None else part
        if text is None:
            return None
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self._broken_toml(str(error), text)
        except (ValueError, RecursionError):
            # Numbers of thousands of digits and brackets nested by the thousand: no TOML error, but the author's.
            self.error("not valid TOML: a number or a nesting beyond all measure", line=1)
        return None

    def _broken_toml(self, message: str, text: str) -> None:
        place = re.search(r" \(at line (\d+), column (\d+)\)$", message)
        if place:
            self.error(f"not valid TOML: {message[: place.start()]} (column {place[2]})", line=int(place[1]))
        else:
            reason = message.removesuffix(" (at end of document)")
            self.error(f"not valid TOML: {reason} (at the end)", line=len(text.rstrip().split("\n")))
