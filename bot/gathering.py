"""The commands that bring in offices and places: contacts import, places import."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.terminal import BROKEN, USAGE, Folder, fail, read_file, read_given_table, refuse, settings_now, tell

if TYPE_CHECKING:
    from bot.domain.register import Municipality
    from bot.services.register import Counted

contacts = typer.Typer(help="Contact points as a table: import.", no_args_is_help=True)
places = typer.Typer(help="The official register of municipalities: import.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FILE", help="The table as .csv or .xlsx.")]


@contacts.callback()
@places.callback()
def _group() -> None:
    """Keeps `import` a command of its own; a group of one would be that one."""


@contacts.command("import")
def import_contacts(file: File, knowledge: Folder = None) -> None:
    """Writes a file into the knowledge folder for each office of a table; importing it twice changes nothing."""
    from bot.library.contact_table import COLUMNS, plan, write
    from bot.library.problems import MissingKnowledge
    from bot.library.shipped import shipped

    folder = knowledge or settings_now().knowledge or shipped("knowledge")
    table = read_given_table(file, COLUMNS)
    try:
        planned = plan(folder, table)
    except MissingKnowledge as error:
        fail(error, USAGE)
    if isinstance(planned, list):
        refuse(file, planned)
    try:
        write(folder, planned.files)
    except OSError as error:
        fail(f"{error.filename or folder}: cannot be written ({error.strerror or error})", BROKEN)
    for path in sorted(planned.files):
        typer.echo(path)
    typer.echo(f"{planned.new} new, {planned.changed} changed, {planned.unchanged} unchanged")


@places.command("import")
def import_places(file: File) -> None:
    """Loads the list of municipalities that the statistical office publishes, in the place of the one before."""
    from bot.documents.tables import read_rows
    from bot.domain.register import NAMES, read_register

    url = settings_now().database_url.get_secret_value()
    register = read_register(read_file(file, lambda path: read_rows(path, NAMES)))
    if register.problems:
        refuse(file, register.problems)
    counted = _replaced(url, register.municipalities)
    if counted.gone:
        many = "1 municipality is" if counted.gone == 1 else f"{counted.gone} municipalities are"
        tell(f"{many} not in this list, and no longer in the register")
    typer.echo(f"{counted.new} new, {counted.changed} changed, {counted.unchanged} unchanged")


def _replaced(url: str, municipalities: Sequence[Municipality]) -> Counted:
    from datetime import UTC, datetime

    from bot.domain.instants import microseconds
    from bot.services.register import replace_register
    from bot.store.database import run
    from bot.store.errors import DatabaseUnavailable, MalformedUrl, NewerSchema
    from bot.store.migrations import migrate

    try:
        migrate(url)
        return run(url, replace_register, municipalities, microseconds(datetime.now(UTC)))
    except MalformedUrl as error:
        fail(f"LOTSE_DATABASE_URL: {error}", USAGE)
    except (DatabaseUnavailable, NewerSchema) as error:
        fail(error, BROKEN)
