"""The command for what was answered in the inbox: drafts of general answers."""

from __future__ import annotations

import logging
import os
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Annotated

import typer

from bot.domain.instants import microseconds
from bot.terminal import BROKEN, USAGE, fail, require_current, settings_now

if TYPE_CHECKING:
    from bot.domain.inquiries import Inquiry
    from bot.domain.knowledge import Knowledge
    from bot.settings import Settings

log = logging.getLogger(__name__)

inbox = typer.Typer(help="What people have sent to the coordination team.", no_args_is_help=True)


@inbox.callback()
def _group() -> None:
    """Keeps "export" a word of its own, though it is the only one."""


@inbox.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write; not the knowledge in use.")],
) -> None:
    """Writes each answered question as a draft of a general answer; every call is noted in the database."""
    from bot.documents.draft_answers import draft_files

    settings = settings_now()
    _refuse_knowledge_in_use(folder, settings)
    found = _answered(settings)
    log.info("answered questions were exported: %d", len(found))
    knowledge, known = _knowledge(settings) if any(one.about for one in found) else None, _topics(folder)
    new = 0
    try:
        for one in found:
            files = draft_files(one, *_of(knowledge, one.about), known)
            new += _write(folder / "answers" / f"inquiry-{one.id}", files)
    except OSError as error:
        fail(f"{error.filename or folder}: cannot be written ({error.strerror or error})", BROKEN)
    typer.echo(f"{new} new, {len(found) - new} already there")


def _refuse_knowledge_in_use(folder: Path, settings: Settings) -> None:
    """A draft in the knowledge that Lotse answers from would be shown to everybody within seconds."""
    from bot.library.shipped import shipped

    used, there = (settings.knowledge or shipped("knowledge")).resolve(), folder.resolve()
    if there == used or used in there.parents:
        fail(f"{folder}: Lotse answers from this folder; drafts need a folder of their own", USAGE)
    if folder.exists() and not folder.is_dir():
        fail(f"{folder}: is not a folder", USAGE)


def _answered(settings: Settings) -> list[Inquiry]:
    from bot.services.inquiries import export as exported
    from bot.store.database import run
    from bot.store.errors import DatabaseUnavailable, NewerSchema

    url = settings.database_url.get_secret_value()
    try:
        require_current(url, "nothing to export", "an export")
        return run(url, exported, microseconds(datetime.now(UTC)))
    except (DatabaseUnavailable, NewerSchema) as error:
        fail(error, BROKEN)


def _knowledge(settings: Settings) -> Knowledge | None:
    """The knowledge in use, which knows the topics of its entries; what is wrong in it is `lotse check`'s business."""
    from bot.library.problems import MissingKnowledge
    from bot.library.read import read
    from bot.library.shipped import shipped

    try:
        return read(settings.knowledge or shipped("knowledge"))[0]
    except MissingKnowledge:
        return None


def _of(knowledge: Knowledge | None, about: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Topics and audience of what was asked about."""
    if knowledge is None:
        return (), ()
    if about in knowledge.topics:
        return (about,), ()
    entry = knowledge.entries.get(about)
    return (entry.topics, entry.audience) if entry else ((), ())


def _topics(folder: Path) -> frozenset[str]:
    """The topics that the folder with the drafts knows itself; none where it has no list of them."""
    try:
        return frozenset(tomllib.loads((folder / "topics.toml").read_text("utf-8")))
    except (OSError, ValueError):
        return frozenset()


def _write(place: Path, files: dict[str, str]) -> bool:
    """Writes a folder that is not there, whole, for its owner only; whether it is new."""
    if os.path.lexists(place):
        return False  # somebody may have edited it, or thrown parts of it away
    for folder in (place.parent.parent, place.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = Path(mkdtemp(dir=place.parent, prefix="."))  # what begins with a point is no knowledge
    try:
        for name, text in files.items():
            descriptor = os.open(part / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
        part.rename(place)
    except OSError:
        rmtree(part, ignore_errors=True)  # nobody would look for people's words there
        raise
    return True
