"""The command for people who register outside Telegram."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.domain.cells import quoted
from bot.domain.instants import microseconds, moment
from bot.terminal import BROKEN, fail, read_given_table, refuse, settings_now

if TYPE_CHECKING:
    from bot.domain.programme import Session
    from bot.domain.tables import Problem
    from bot.services.guest_import import Imported, Settled
    from bot.services.guest_rows import GuestFile
    from bot.settings import Settings

registrations = typer.Typer(help="People who register outside Telegram: import.", no_args_is_help=True)


@registrations.callback()
def _registrations() -> None:
    """Keeps `import` a command of its own; a group of one would be that one."""


@registrations.command("import")
def import_registrations(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The registrations as .csv or .xlsx.")],
) -> None:
    """Registers people for sessions as a file says; importing it twice changes nothing."""
    from bot.services.guest_rows import CANCELLED, COLUMNS, check

    settings = settings_now()
    table = read_given_table(file, (*COLUMNS, CANCELLED))
    outcome = _imported(settings, check(table))
    if isinstance(outcome, list):
        refuse(file, outcome)
    typer.echo(f"{outcome.new} new, {outcome.changed} changed, {outcome.unchanged} unchanged")
    for line in _to_tell(outcome, settings.timezone):
        typer.echo(line)


def _imported(settings: Settings, file: GuestFile) -> Imported | list[Problem]:
    """Imports the file; where the file itself has errors, a database is neither made nor migrated for it."""
    from bot.services.guest_import import import_guests
    from bot.store.database import run
    from bot.store.errors import DatabaseUnavailable, NewerSchema
    from bot.store.migrations import migrate
    from bot.store.schema import schema_state

    url = settings.database_url.get_secret_value()
    try:
        if not file.problems:
            migrate(url)
        elif schema_state(url) != "current":
            return list(file.problems)
        return run(url, import_guests, file, microseconds(datetime.now(UTC)), settings.terms)
    except (DatabaseUnavailable, NewerSchema) as error:
        fail(error, BROKEN)


def _to_tell(outcome: Imported, zone: str) -> Iterator[str]:
    """Whom to e-mail of what: Lotse cannot write to people outside Telegram."""
    for row in outcome.rows:
        if row.act != "kept":
            yield f"e-mail {row.entered.name} <{row.entered.email}>: {_standing(row)}{_of(row.session, zone)}"
    for name, email, session in outcome.raised:
        yield f"e-mail {name} <{email}>: has a seat now{_of(session, zone)}"


def _standing(row: Settled) -> str:
    if row.act == "left":
        return "is not registered any more"
    waits = row.registration is not None and row.registration.state == "waitlisted"
    return f"place {row.registration.place} on the waiting list" if waits and row.registration else "has a seat"


def _of(session: Session, zone: str) -> str:
    return f", session {session.id} {quoted(session.title)}, {moment(session.starts, zone):%Y-%m-%d %H:%M}"
