"""What all commands share: settings, one clear line for what went wrong, exit codes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from bot.domain.tables import Problem, Table
    from bot.library.problems import BrokenKnowledge
    from bot.settings import Settings

T = TypeVar("T")
USAGE, BROKEN = 2, 1  # exit codes: what was asked for is not right; the world is not
Folder = Annotated[Path | None, typer.Option("--knowledge", help="The knowledge folder; else LOTSE_KNOWLEDGE.")]


def fail(message: object, code: int) -> NoReturn:
    """One clear line on stderr, and the exit code."""
    tell(message)
    raise typer.Exit(code)


def tell(message: object) -> None:
    """One line on stderr."""
    line = " ".join(str(message).split())
    if line:
        print(f"lotse: {line}", file=sys.stderr)  # noqa: T201 - the command line speaks by printing


def settings_now(**fixed: Any) -> Settings:
    """The settings, checked before anything is logged; then logging as they say. `fixed` ones are not looked for."""
    from bot.logs import set_up
    from bot.settings import SettingsError, read_settings

    try:
        settings = read_settings(**fixed)
    except SettingsError as error:
        fail(error, USAGE)
    set_up(settings.log, settings.log_format, settings.token.get_secret_value() if settings.token else "")
    return settings


def bot_name(settings: Settings, seconds: float) -> str:
    """The bot's user name, for which Telegram is asked; empty without a token, or where Telegram does not say it."""
    if settings.token is None:
        return ""
    import asyncio

    from telegram.error import TelegramError

    from bot.chat.api import Api

    api = Api(settings.token.get_secret_value(), settings.api_url)

    async def ask() -> str:
        try:
            async with asyncio.timeout(seconds):
                await api.open()
        except (TelegramError, TimeoutError):
            return ""
        finally:
            await api.close()
        return api.name

    return asyncio.run(ask())


def bot_number(settings: Settings) -> int | None:
    """The bot's number, which its token begins with; None without a token."""
    return int(settings.token.get_secret_value().partition(":")[0]) if settings.token else None


def require_current(url: str, without: str, act: str) -> None:
    """Ends a command that leaves a database as it is, where there is none or one of an older version.

    Args:
        url: The database.
        without: What there is where there is none, as in "nothing to report".
        act: What changes nothing, as in "a report".

    Raises:
        DatabaseUnavailable, NewerSchema: As from `schema_state`.
    """
    from bot.store.schema import schema_state

    state = schema_state(url)
    if state == "missing":
        fail(f"there is no database yet, and so {without}; lotse migrate makes one", BROKEN)
    if state == "older":
        fail(f"the database is of an older version, and {act} changes nothing; run lotse migrate first", BROKEN)


def fail_for(error: BrokenKnowledge) -> NoReturn:
    """Ends with the first error of the knowledge, and how many more there are."""
    more = len(error.problems) - 1
    fail(f"{error.problems[0]}{f' (and {more} more; see lotse check)' if more else ''}", BROKEN)


def read_file(file: Path, read: Callable[[Path], T]) -> T:
    """What `read` makes of a spreadsheet; ends with one clear line where it cannot be read."""
    from bot.documents.sheets import Unreadable

    try:
        return read(file)
    except Unreadable as error:
        fail(f"{file}: {error}", BROKEN)
    except OSError as error:
        fail(f"{file}: cannot be read ({error.strerror or error})", USAGE)


def read_given_table(file: Path, wanted: Collection[str]) -> Table:
    """The table in a spreadsheet; says which rows are left out, and ends where it cannot be read."""
    from bot.documents.tables import read_table

    table = read_file(file, lambda path: read_table(path, wanted))
    for number in table.headings:
        tell(f"{file}: row {number} is left out: only one cell is filled")
    return table


def refuse(file: Path, problems: Sequence[Problem]) -> NoReturn:
    """Ends an import that changed nothing with every error in the file, and how many they are."""
    for problem in problems:
        typer.echo(f"{file}: {problem}", err=True)
    fail(f"nothing was imported: {len(problems)} {'error' if len(problems) == 1 else 'errors'}", BROKEN)
