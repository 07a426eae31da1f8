"""The commands for those who write and check the knowledge: ask, check, due, reviewed."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.terminal import BROKEN, USAGE, Folder, fail, fail_for, settings_now

if TYPE_CHECKING:
    from bot.domain.knowledge import Knowledge
    from bot.settings import Settings


def ask(
    question: Annotated[str | None, typer.Argument(help="The question; without it JSON lines are read.")] = None,
    language: Annotated[str | None, typer.Option(help="The language to reply in.")] = None,
    knowledge: Folder = None,
    json: Annotated[bool, typer.Option("--json", help="The result as a JSON line.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Also the other hits and their scores.")] = False,
) -> None:
    """Answers in the terminal; without QUESTION it reads JSON lines from stdin."""
    from bot.ask import answer_lines, answer_one
    from bot.library.problems import BrokenKnowledge, MissingKnowledge

    settings = settings_now()
    folder = knowledge or settings.knowledge
    default = settings.default_language
    try:
        if question is None:
            answer_lines(sys.stdin.buffer, folder, language, default)
        else:
            answer_one(question, folder, language, default, as_json=json, explain=explain)
    except MissingKnowledge as error:
        fail(error, USAGE)
    except BrokenKnowledge as error:
        fail_for(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python complains when it flushes at exit
        raise typer.Exit(BROKEN) from None


def check(knowledge: Folder = None) -> None:
    """Shows every error and warning in the knowledge files; exit code 1 if there is an error."""
    from datetime import UTC, datetime

    from bot.library.check import check as check_folder
    from bot.library.problems import MissingKnowledge
    from bot.library.shipped import shipped

    settings = settings_now()
    folder = knowledge or settings.knowledge or shipped("knowledge")
    try:
        problems = check_folder(folder, datetime.now(UTC).date())
    except MissingKnowledge as error:
        fail(error, USAGE)
    for problem in problems:
        typer.echo(str(problem))
    errors = sum(problem.severity == "error" for problem in problems)
    typer.echo(f"{errors} errors, {len(problems) - errors} warnings")
    if errors:
        raise typer.Exit(BROKEN)


def due(
    hours: Annotated[float, typer.Option(min=0.1, max=1000, help="How long you have.")] = 2,
    links: Annotated[bool, typer.Option("--links", help="Also asks every address whether it still answers.")] = False,
    knowledge: Folder = None,
) -> None:
    """Shows what to check against the world next: danger first, then the most asked, then the oldest."""
    from datetime import UTC, datetime

    from bot.library.links import dead_links
    from bot.library.review import due as due_now

    settings = settings_now()
    records = _knowledge(knowledge, settings)[1]
    for one in due_now(records, _asked(settings), datetime.now(UTC).date(), hours):
        typer.echo(str(one))
    if links:
        for dead in asyncio.run(dead_links(records)):
            typer.echo(f"dead link in {dead}")


def reviewed(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Entries and contacts that were checked today.")],
    minor: Annotated[
        bool, typer.Option("--minor", help="Translations count as up to date with the German text.")
    ] = False,
    knowledge: Folder = None,
) -> None:
    """Notes in the files that entries or contacts were checked against the world today."""
    from datetime import UTC, datetime

    from bot.library.review import CannotReview, UnknownId, mark_reviewed

    folder, records = _knowledge(knowledge, settings_now())
    try:
        changed = mark_reviewed(folder, records, ids, datetime.now(UTC).date(), minor=minor)
    except UnknownId as error:
        fail(error, USAGE)
    except CannotReview as error:
        fail(error, BROKEN)
    for path in changed:
        typer.echo(str(path.relative_to(folder)))


def _knowledge(given: Path | None, settings: Settings) -> tuple[Path, Knowledge]:
    """The folder and what can be read of it; errors are the business of `lotse check`."""
    from bot.library.problems import MissingKnowledge
    from bot.library.read import read
    from bot.library.shipped import shipped

    folder = given or settings.knowledge or shipped("knowledge")
    try:
        return folder, read(folder)[0]
    except MissingKnowledge as error:
        fail(error, USAGE)


def _asked(settings: Settings) -> dict[str, int]:
    """How often each entry was asked for; nothing where there is no database of this version."""
    from bot.store.database import run
    from bot.store.errors import DatabaseUnavailable, NewerSchema
    from bot.store.schema import schema_state
    from bot.store.tallies import asked

    url = settings.database_url.get_secret_value()
    try:
        return run(url, asked) if schema_state(url) == "current" else {}
    except (DatabaseUnavailable, NewerSchema):
        return {}
