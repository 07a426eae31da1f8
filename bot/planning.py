"""The commands for those who plan sessions: programme import and export."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.domain.cells import quoted
from bot.domain.instants import moment
from bot.terminal import (
    BROKEN,
    bot_name,
    bot_number,
    fail,
    read_given_table,
    refuse,
    require_current,
    settings_now,
    tell,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bot.domain.programme import Series, Session
    from bot.domain.tables import Problem
    from bot.domain.terms import Terms
    from bot.services.programme_file import Programme
    from bot.services.programme_import import Imported
    from bot.settings import Settings
    from bot.store.schema import State
    from bot.store.tx import Tx

programme = typer.Typer(help="The programme as files: import, export.", no_args_is_help=True)

LONGEST_WAIT = 10.0  # seconds for Telegram to say the bot's name
UNSHOWN = ("join_url", "summary", "texts in other languages", "series in other languages")  # long, or not to be seen
MESSAGES = {  # by the kind of the notice
    "added": "that a session was added",
    "moved": "of another time",
    "link": "of the join link",
    "offer": "that a seat is offered to them",
    "given": "that they have a seat now",
}


@programme.command("import")
def import_programme(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The programme as .csv or .xlsx.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only shows what would change and who would hear of it.")
    ] = False,
) -> None:
    """Adds and changes sessions as a file says; importing it twice changes nothing."""
    from bot.services.programme_file import COLUMNS, SESSION, check

    settings = settings_now()
    table = read_given_table(file, (*COLUMNS, SESSION))
    outcome = _imported(settings, check(table, settings.terms, _topics(settings)), dry_run)
    if isinstance(outcome, list):
        refuse(file, outcome)
    if dry_run:
        for line in _preview(outcome, settings.timezone):
            typer.echo(line)
    for session, number in outcome.guests.items():
        many = "1 person" if number == 1 else f"{number} people"
        tell(f"session {session}: {many} registered outside Telegram must be told by e-mail")
    typer.echo(f"{outcome.new} new, {outcome.changed} changed, {outcome.unchanged} unchanged")


@programme.command("export")
def export_programme(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the files go; made where it is missing.")],
) -> None:
    """Writes the sessions to come as an accessible page and calendar files, without the links to join."""
    from bot.documents.programme_files import programme_files

    settings = settings_now()
    coming = _coming(settings)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = programme_files(coming, settings.default_language, *_bot(settings))
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        fail(f"{folder}: cannot be written ({error.strerror or error})", BROKEN)
    for name in files:
        typer.echo(str(folder / name))


def _coming(settings: Settings) -> list[tuple[Series, list[Session]]]:
    """Every series that has sessions which are not over, with those."""
    from bot.services.sessions import all_series, sessions_of
    from bot.store.database import run
    from bot.store.errors import DatabaseUnavailable, NewerSchema

    url, now = settings.database_url.get_secret_value(), _now()

    def read(tx: Tx) -> list[tuple[Series, list[Session]]]:
        found = [(series, sessions_of(tx, series.id)) for series in all_series(tx).values()]
        ahead = [(series, [one for one in sessions if one.ends > now]) for series, sessions in found]
        return [(series, sessions) for series, sessions in ahead if sessions]

    try:
        require_current(url, "nothing to export", "an export")
        return run(url, read)
    except (DatabaseUnavailable, NewerSchema) as error:
        fail(error, BROKEN)


def _bot(settings: Settings) -> tuple[str, str]:
    """The bot's number, which its token begins with, and its username, for which Telegram is asked ("": not known)."""
    if settings.token is None:
        tell("LOTSE_TOKEN is not set: the page has no links into the chat")
        return "lotse", ""
    name = bot_name(settings, LONGEST_WAIT)
    if not name:
        tell("Telegram does not say the bot's name: the page has no links into the chat")
    return str(bot_number(settings)), name


def _topics(settings: Settings) -> Collection[str] | None:
    """The ids of the knowledge's topics; None where they cannot be read, which is the business of `lotse check`."""
    import tomllib

    from bot.library.shipped import shipped

    folder = settings.knowledge or shipped("knowledge")
    try:
        return tomllib.loads((folder / "topics.toml").read_text("utf-8")).keys()
    except (OSError, ValueError):
        return None


def _imported(settings: Settings, file: Programme, dry_run: bool) -> Imported | list[Problem]:
    """Imports the file, or finds out what would come of it; a file with errors changes no database at all."""
    from bot.services.programme_import import Overtaken, import_programme
    from bot.store.database import run
    from bot.store.errors import DatabaseUnavailable, NewerSchema
    from bot.store.migrations import migrate
    from bot.store.schema import schema_state

    url, now, terms = settings.database_url.get_secret_value(), _now(), settings.terms
    try:
        if not dry_run and not file.problems:
            migrate(url)
            with suppress(Overtaken):
                return run(url, import_programme, file, now, terms)
            return run(url, import_programme, file, now, terms)  # it sees now what was added meanwhile
        state = schema_state(url)
        if state != "older":
            return _rehearsed(url, state, file, now, terms)
    except Overtaken:
        fail("others change the programme at the same time; nothing was imported, try again", BROKEN)
    except (DatabaseUnavailable, NewerSchema) as error:
        fail(error, BROKEN)
    if not file.problems:
        fail("the database is of an older version, and a dry run changes nothing; run lotse migrate first", BROKEN)
    return list(file.problems)


def _rehearsed(url: str, state: State, file: Programme, now: int, terms: Terms) -> Imported | list[Problem]:
    """What would come of an import; an empty database stands in where there is none yet."""
    from tempfile import TemporaryDirectory

    from bot.services.programme_import import Rehearsed, rehearse_import
    from bot.store.database import run
    from bot.store.migrations import migrate

    with TemporaryDirectory(prefix="lotse-") as folder:
        if state == "missing":
            url = f"sqlite:///{folder}/empty.db"
            migrate(url)
        try:
            run(url, rehearse_import, file, now, terms)
        except Rehearsed as rehearsed:
            return rehearsed.outcome


def _now() -> int:
    from datetime import UTC, datetime

    from bot.domain.instants import microseconds

    return microseconds(datetime.now(UTC))


def _preview(outcome: Imported, zone: str) -> Iterator[str]:
    """What an import would do, a line for each session that changes, and for each message that goes out."""
    for step in outcome.steps:
        title = quoted(step.planned.wording.title)
        if step.before is None:
            yield f"row {step.planned.row}: new: {title}, {_shown('starts', step.planned.starts, zone)}"
        for name, (old, new) in step.changes.items():
            change = f"{name} {_shown(name, old, zone)} -> {_shown(name, new, zone)}"
            yield f"row {step.planned.row}: changed: {title}: {name if name in UNSHOWN else change}"
    for kind, number in outcome.told.items():
        yield f"{number} {'person hears' if number == 1 else 'people hear'} {MESSAGES.get(kind, kind)}"


def _shown(name: str, value: Any, zone: str) -> str:
    """A value of a column as people write it there."""
    if name == "starts":
        return f"{moment(value, zone):%Y-%m-%d %H:%M}"
    if name == "capacity" and value is None:
        return "no limit"
    return (
        ", ".join(value) or "none"
        if isinstance(value, tuple)
        else quoted(value)
        if isinstance(value, str)
        else str(value)
    )
