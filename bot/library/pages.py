"""One language of an entry: a Markdown file with TOML front matter between two lines of `+++`."""

from __future__ import annotations

from bot.domain.knowledge import Text
from bot.library.document import Document
from bot.library.table import Table

FENCE = "+++"


def read_page(document: Document, language: str, *, body_required: bool) -> Text | None:
    """The text of a page; None when it is not usable, and the reasons are noted in the document."""
    if document.text is None:
        return None
    fences = [number for number, line in enumerate(document.lines) if line.rstrip() == FENCE]
    if document.lines[0].rstrip() != FENCE:
        document.error('the first line must be "+++", with `title = "…"` after it', line=1)
        return None
    if len(fences) == 1:
        document.error('the "+++" that ends the front matter is missing', line=1)
        return None
    # The fence stays as an empty line, so that TOML counts the lines as the author does.
    values = document.toml("\n".join(["", *document.lines[1 : fences[1]]]))
    body = "\n".join(document.lines[fences[1] + 1 :]).strip()
    if body_required and not body:
        document.error("the body is empty", line=fences[1] + 1)
    return None if values is None else _text(Table(values, document), language, body, body_required=body_required)


def body_line(document: Document, offset: int) -> int:
    """The line of a character of the body; the body is what stands after the second fence, without empty lines."""
    fence = [number for number, line in enumerate(document.lines) if line.rstrip() == FENCE][1]
    rest = "\n".join(document.lines[fence + 1 :])
    start = len(rest) - len(rest.lstrip())
    return fence + 2 + rest[: start + offset].count("\n")


def _text(table: Table, language: str, body: str, *, body_required: bool) -> Text | None:
    text = Text(
        language=language,
        title=table.text("title", required=True),
        body=body,
        questions=table.texts("questions"),
        keywords=table.texts("keywords"),
        say=table.text("say"),
        say_meaning=table.text("say_meaning"),
        source_hash=table.text("source_hash"),
        reviewed_by=table.text("reviewed_by"),
    )
    table.finish()
    return text if text.title and (text.body or not body_required) else None
