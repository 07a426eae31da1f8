"""An answered question as a draft of a general answer, in the format of the knowledge files."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from html.parser import HTMLParser

from bot.domain.inquiries import Inquiry
from bot.library.rules import INVISIBLE, LONGEST_TITLE

ADVICE = [
    "A draft, made from a question to the coordination team and its answer. Nobody has checked it.",
    "Take out everything personal, name the sources in entry.toml, and let somebody else read it.",
]
MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*"}  # what Markdown and Lotse's answers have, too
SPECIAL = re.compile(r"([\\`*_\[\]<>&]|^[ \t]*[#+~=-])", re.MULTILINE)


def draft_files(
    inquiry: Inquiry, topics: Sequence[str], audience: Sequence[str], known: Collection[str]
) -> dict[str, str]:
    """The files of one draft by their names within the folder of the entry.

    `topics` and `audience` are what is known of it; only topics that the folder itself knows may be named in it, the
    others become a remark.
    """
    return {
        f"{inquiry.language}.md": _page(inquiry),
        "entry.toml": _sheet(topics, audience, known),
    }


def _sheet(topics: Sequence[str], audience: Sequence[str], known: Collection[str]) -> str:
    lines = [f"# {line}" for line in ADVICE]
    if topics:
        mark = "" if set(topics) <= set(known) else "# "
        lines.append(f"{mark}topics = {_toml(list(topics))}")
    if audience:
        lines.append(f"audience = {_toml(list(audience))}")
    lines.append('# sources = [{title = "", url = "", date = ""}]')
    return "\n".join([*lines, ""])


def _page(inquiry: Inquiry) -> str:
    question = " ".join(INVISIBLE.sub(" ", inquiry.text).split())
    lines = [
        "+++",
        *(f"# {line}" for line in ADVICE),
        "# The question and the answer are as they were written, whatever language that is.",
        f"title = {_toml(_title(question))}",
        f"questions = {_toml([question])}",
        "+++",
        markdown(inquiry.answer),
        "",
    ]
    return "\n".join(lines)


def _title(question: str) -> str:
    """The beginning of the question, as far as it fits a button."""
    if len(question) <= LONGEST_TITLE:
        return question
    cut = question[: LONGEST_TITLE - 1]
    return f"{cut.rsplit(' ', 1)[0].rstrip(' ,;:')}…"


def _toml(value: str | list[str]) -> str:
    """A string or list of strings in TOML, whose escapes are those of JSON; nothing invisible is left in them."""
    return json.dumps(value, ensure_ascii=False)


def markdown(html: str) -> str:
    """Telegram's HTML as Markdown: bold, italics and links stay, other formatting goes, the text is kept."""
    reader = _Reader()
    reader.feed(INVISIBLE.sub("", html))
    reader.close()
    return "".join(reader.parts).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.address = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.address = dict(attrs).get("href") or ""
            self.parts.append("[")
        self.parts.append(MARKS.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"](<{self.address}>)" if tag == "a" else MARKS.get(tag, ""))

    def handle_data(self, data: str) -> None:
        self.parts.append(SPECIAL.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", data))
