"""The `lotse` command, one function a subcommand. Everything slow is imported only by the command that needs it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot import authoring, gathering, hearing, inviting, planning, registering, reporting
from bot.terminal import BROKEN, USAGE, fail, fail_for, settings_now, tell
from bot.version import __version__

if TYPE_CHECKING:
    from collections.abc import Coroutine

app = typer.Typer(
    help="Lotse: a multilingual Telegram assistant for municipal integration work.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Port = Annotated[int, typer.Option(min=1, max=65535, help="The port on this machine.")]


def main() -> None:
    """Runs the command line; the exit code is the process's."""
    try:
        code = app(standalone_mode=False)
    except typer.TyperException as error:  # what was typed is not right; typer itself would draw a box around it
        code = error.exit_code
        tell(error.format_message())
    sys.exit(code)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lotse {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Shows the version and ends.")
    ] = False,
) -> None:
    pass


def _end_at_once() -> None:
    """SIGTERM ends the process with 0 until the bot takes it over: before it serves there is nothing to lose."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Runs the bot and turns what keeps it from starting into one line and the right exit code."""
    from telegram.error import InvalidToken

    from bot.library.problems import BrokenKnowledge, MissingKnowledge
    from bot.store.errors import DatabaseUnavailable, MalformedUrl, NewerSchema

    try:
        asyncio.run(work)
    except InvalidToken:
        fail("LOTSE_TOKEN: Telegram refuses this token", USAGE)
    except MissingKnowledge as error:
        fail(error, USAGE)
    except MalformedUrl as error:
        fail(f"LOTSE_DATABASE_URL: {error}", USAGE)
    except BrokenKnowledge as error:
        fail_for(error)
    except (DatabaseUnavailable, NewerSchema) as error:
        fail(error, BROKEN)
    except OSError as error:
        fail(f"cannot listen or read: {error.strerror or error}", BROKEN)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


@app.command()
def run() -> None:
    """Runs the bot, set up by the environment; long polling, or a webhook when LOTSE_WEBHOOK_URL is set."""
    _end_at_once()
    settings = settings_now()
    if settings.token is None:
        fail("LOTSE_TOKEN is missing: the bot's token, as @BotFather gave it", USAGE)
    from bot.app import run as run_bot

    _run(run_bot(settings))


@app.command()
def demo(
    port: Port = 8080,
    fresh: Annotated[bool, typer.Option("--fresh", help="Empties the demo's database first.")] = False,
) -> None:
    """Runs the whole bot without Telegram, with a chat page at http://127.0.0.1:PORT/."""
    _end_at_once()
    from bot.demo import demo_settings, run_demo

    settings = settings_now(**demo_settings(port))
    _run(run_demo(settings, port, fresh=fresh))


@app.command()
def sandbox(port: Port = 8081) -> None:
    """Runs only the local Bot API and its chat page, for `lotse run` with LOTSE_API_URL."""
    _end_at_once()
    settings_now()
    from bot.demo import run_sandbox

    _run(run_sandbox(port))


for command in (authoring.ask, authoring.check, authoring.due, authoring.reviewed):
    app.command()(command)
app.add_typer(planning.programme, name="programme")
app.add_typer(registering.registrations, name="registrations")
app.add_typer(reporting.report, name="report")
app.add_typer(gathering.places, name="places")
app.add_typer(gathering.contacts, name="contacts")
app.add_typer(hearing.inbox, name="inbox")
app.command()(inviting.invite)
app.command()(inviting.audit)


@app.command()
def migrate() -> None:
    """Creates the database, or brings it up to this version."""
    from bot.store.database import Database

    settings = settings_now()
    _run(Database(settings.database_url.get_secret_value()).migrate())


@app.command()
def doctor() -> None:
    """Checks settings, database, knowledge and Telegram; exit code 1 if something is not right."""
    from bot.doctor import examine

    settings = settings_now()
    findings = asyncio.run(examine(settings))
    for finding in findings:
        typer.echo(str(finding))
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(BROKEN)


@app.command()
def bench(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="What to measure; else all.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Figures as one JSON object.")] = False,
) -> None:
    """Measures this machine's speed with Lotse: ratios in one run, no verdict."""
    from bot.bench.run import BENCHES, measure

    unknown = [name for name in names or () if name not in BENCHES]
    if unknown:
        fail(f"there is no measurement {unknown[0]}; there are {', '.join(BENCHES)}", USAGE)
    measure(names or list(BENCHES), as_json=json)
