"""The commands for roles: inviting the first coordinators, and reading what was done with a role's rights."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.domain.cells import YEARS
from bot.domain.instants import microseconds, moment
from bot.terminal import BROKEN, USAGE, bot_name, bot_number, fail, require_current, settings_now, tell

if TYPE_CHECKING:
    from bot.services.audit import Act
    from bot.services.roles import Role
    from bot.settings import Settings

LONGEST_WAIT = 5.0  # seconds for Telegram to say the bot's name


def invite(role: Annotated[str, typer.Option("--role", help="coordinator or staff.")]) -> None:
    """Prints a link that gives whoever opens it first a role; it works once, for a week."""
    from bot.services.invitations import new_token, payload
    from bot.services.roles import ROLES

    given: Role | None = next((one for one in ROLES if one == role), None)
    if given is None:
        fail(f"--role: there is no role {role}; there are {', '.join(sorted(ROLES))}", USAGE)
    settings = settings_now()
    token = new_token()
    until, name = _invited(settings, token, given)
    name = name or bot_name(settings, LONGEST_WAIT)
    if name:
        from bot.chat.links import start_link

        typer.echo(start_link(name, payload(token)))
    else:
        typer.echo(f"/start {payload(token)}")
        tell("the bot's name is not known yet: send this line to the bot, as a message")
    tell(f"works once, until {moment(until, settings.timezone):%Y-%m-%d %H:%M} ({settings.timezone})")


def _invited(settings: Settings, token: str, role: Role) -> tuple[int, str]:
    """Makes the invitation: until when it works, and the bot's user name as it was kept ("": not yet)."""
    from bot.services.invitations import invite as make
    from bot.services.invitations import kept_name
    from bot.store.database import run
    from bot.store.errors import DatabaseUnavailable, NewerSchema
    from bot.store.migrations import migrate

    url = settings.database_url.get_secret_value()
    try:
        migrate(url)
        until = run(url, make, token, role, None, (), _now())
        return until or 0, run(url, kept_name, bot_number(settings))
    except (DatabaseUnavailable, NewerSchema) as error:
        fail(error, BROKEN)


def audit(
    since: Annotated[
        datetime | None,
        typer.Option("--since", metavar="DATE", formats=["%Y-%m-%d"], help="The first day, in UTC."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Prints it for scripts.")] = False,
) -> None:
    """Shows what was done with a role's rights: when, with which role, by whom, and to what."""
    from json import dumps

    from bot.documents.listing import aligned
    from bot.documents.report_tables import audit_table, audit_values

    if since is not None and since.year not in YEARS:
        fail(f"--since: is not a day from {YEARS[0]} to {YEARS[-1]}: {since.date()}", USAGE)
    acts = _acts(settings_now(), microseconds(since.replace(tzinfo=UTC)) if since else 0)
    typer.echo(dumps(audit_values(acts), ensure_ascii=False) if json else aligned(audit_table(acts)))


def _acts(settings: Settings, since: int) -> list[Act]:
    """What was done since then; a database that is missing or not of this version stays as it is."""
    from bot.services.audit import acts
    from bot.store.database import run
    from bot.store.errors import DatabaseUnavailable, NewerSchema

    url = settings.database_url.get_secret_value()
    try:
        require_current(url, "nothing was done", "reading")
        return run(url, acts, since)
    except (DatabaseUnavailable, NewerSchema) as error:
        fail(error, BROKEN)


def _now() -> int:
    return microseconds(datetime.now(UTC))
