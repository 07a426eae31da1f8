"""The reports: figures of sessions, messages and periods, and, noted each time, who takes part."""

from __future__ import annotations

import asyncio
import logging
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec, TypeVar

import typer
from typer.core import TyperGroup

from bot.domain.cells import YEARS
from bot.domain.instants import microseconds
from bot.terminal import BROKEN, USAGE, fail, require_current, settings_now

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.documents.listing import Listing
    from bot.settings import Settings
    from bot.store.tx import Tx

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)


class _Reports(TyperGroup):
    """The group of reports, which says what there is when it is asked for another."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.commands:
            fail(f"there is no report {cmd_name}; there are {', '.join(self.commands)}", USAGE)
        return super().get_command(ctx, cmd_name)


report = typer.Typer(help="Figures, and who takes part.", no_args_is_help=True, cls=_Reports)

Json = Annotated[bool, typer.Option("--json", help="Prints it for scripts.")]
Xlsx = Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help="Writes an Excel workbook instead.")]


@report.command()
def registrations(json: Json = False, xlsx: Xlsx = None) -> None:
    """Every session: how many have a seat, wait, are offered one, and how many registrations have ended."""
    from bot.documents.report_tables import registrations_table, registrations_values
    from bot.services.reports import registrations as read

    settings = settings_now()
    found = _read(settings, read)
    _show(registrations_table(found, settings.timezone), registrations_values(found), json, xlsx)


@report.command()
def deliveries(json: Json = False, xlsx: Xlsx = None) -> None:
    """Reminders, announcements and notices: how many wait, were sent, failed, or are not surely there."""
    from bot.documents.report_tables import deliveries_table
    from bot.services.deliveries import deliveries as read

    found = _read(settings_now(), read, _now())
    _show(deliveries_table(found), found, json, xlsx)


@report.command()
def questions(json: Json = False, xlsx: Xlsx = None) -> None:
    """What was asked and what became of it, by language and topic; nothing that fewer than five people asked."""
    from bot.documents.report_tables import questions_table, questions_values
    from bot.services.asked import questions as read

    found = _read(settings_now(), read)
    _show(questions_table(found), questions_values(found), json, xlsx)


@report.command()
def figures(
    since: Annotated[
        datetime | None,
        typer.Option("--from", metavar="DATE", formats=["%Y-%m-%d"], help="The first day of the sessions counted."),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", metavar="DATE", formats=["%Y-%m-%d"], help="The last day.")
    ] = None,
    json: Json = False,
    xlsx: Xlsx = None,
) -> None:
    """What funders count of the sessions that were held: hours, people, municipalities, languages."""
    from bot.documents.report_tables import figures_table, figures_values
    from bot.services.figures import figures as read

    first, last = _day("--from", since), _day("--to", until)
    if first and last and first > last:
        fail(f"--from: {first} is after --to {last}", USAGE)
    settings = settings_now()
    found = _read(settings, read, first, last, _now(), settings.terms)
    _show(figures_table(found, first, last), figures_values(found, first, last), json, xlsx)


@report.command()
def participants(
    session: Annotated[
        int | None, typer.Option("--session", metavar="ID", help="Only this session; else all that are not over.")
    ] = None,
    json: Json = False,
    xlsx: Xlsx = None,
) -> None:
    """Names, addresses and needs of those registered; every call is noted in the database."""
    from bot.documents.report_tables import participants_table, participants_values
    from bot.services.participants import participants as read
    from bot.services.programme_rows import HIGHEST_ID

    settings = settings_now()
    if session is not None and not 0 < session < HIGHEST_ID:
        fail(f"there is no session {session}", USAGE)
    found = _noted(settings, read, session, _now())
    if found == "unknown":
        fail(f"there is no session {session}", USAGE)
    if found == "deleted":
        fail(f"the session {session} is long over; its participants were deleted, figures count them still", USAGE)
    log.info(
        "participants were reported: %d, of %s", len(found), f"session {session}" if session else "all sessions to come"
    )
    _show(participants_table(found, settings.timezone), participants_values(found), json, xlsx)


def _day(option: str, value: datetime | None) -> date | None:
    if value is not None and value.year not in YEARS:
        fail(f"{option}: is not a day from {YEARS[0]} to {YEARS[-1]}: {value.date()}", USAGE)
    return value.date() if value else None


def _now() -> int:
    return microseconds(datetime.now(UTC))


def _read(settings: Settings, service: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What a service reads; a database that is not there or not of this version stays as it is."""
    found: T = _asked(settings, "read", service, *args, **kwargs)
    return found


def _noted(settings: Settings, service: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The same for a service that notes in the database that it read."""
    found: T = _asked(settings, "write", service, *args, **kwargs)
    return found


def _asked(settings: Settings, way: str, service: Any, *args: Any, **kwargs: Any) -> Any:
    from bot.store.database import Database
    from bot.store.errors import DatabaseUnavailable, NewerSchema

    url = settings.database_url.get_secret_value()

    async def asked() -> Any:
        database = Database(url)
        await database.open()
        try:
            return await getattr(database, way)(service, *args, **kwargs)
        finally:
            await database.close()

    try:
        require_current(url, "nothing to report", "a report")
        return asyncio.run(asked())
    except (DatabaseUnavailable, NewerSchema) as error:
        fail(error, BROKEN)


def _show(listing: Listing, values: Any, as_json: bool, xlsx: Path | None) -> None:
    """Writes the workbook, or prints the table or its values."""
    from json import dumps

    from bot.documents.listing import aligned

    if xlsx:
        _write(listing, xlsx)
    if as_json:
        typer.echo(dumps(values, ensure_ascii=False))
    else:
        typer.echo(xlsx or aligned(listing))


def _write(listing: Listing, path: Path) -> None:
    """Writes the workbook; a new file can be read by its owner only."""
    from bot.documents.spreadsheet import workbook

    content = workbook(listing, datetime.now(UTC))
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError as error:
        fail(f"{path}: cannot be written ({error.strerror or error})", BROKEN)
