"""`lotse doctor`: what is not right with this installation, in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from telegram.error import InvalidToken, TelegramError

from bot.chat.api import Api
from bot.chat.transport import kind_of
from bot.library.current import current
from bot.library.problems import BrokenKnowledge, MissingKnowledge
from bot.library.shipped import shipped
from bot.settings import Settings
from bot.store.database import Database
from bot.store.errors import DatabaseUnavailable, MalformedUrl, NewerSchema
from bot.store.schema import schema_state
from bot.texts import interface_languages


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: in order, worth knowing, or wrong."""

    state: Literal["ok", "note", "wrong"]
    text: str

    def __str__(self) -> str:
        return f"{self.state}: {self.text}"


async def examine(settings: Settings) -> list[Finding]:
    """Looks at everything that a start needs; changes nothing."""
    return [
        *_knowledge(settings),
        *await _database(settings),
        *await _telegram(settings),
        Finding("ok", f"interface in {', '.join(interface_languages())}"),
    ]


def _knowledge(settings: Settings) -> list[Finding]:
    folder = settings.knowledge or shipped("knowledge")
    try:
        library, problems = current(folder)
    except MissingKnowledge as error:
        return [Finding("wrong", str(error))]
    except BrokenKnowledge as error:
        return [Finding("wrong", str(problem)) for problem in error.problems]
    found = [Finding("wrong", str(problem)) for problem in problems]
    found.append(Finding("ok", f"{len(library.knowledge.entries)} entries in {folder}"))
    if library.knowledge.operator is None:
        found.append(Finding("note", "operator.toml is missing: the privacy notice cannot name who is responsible"))
    return found


async def _database(settings: Settings) -> list[Finding]:
    url = settings.database_url.get_secret_value()
    try:
        state = schema_state(url)
        if state == "missing":
            return [Finding("note", "there is no database yet; `lotse run` and `lotse migrate` make it")]
        if state == "older":
            return [Finding("note", "the database is older; `lotse run` and `lotse migrate` bring it up to date")]
        database = Database(url)
        await database.open()
        await database.close()
    except (DatabaseUnavailable, MalformedUrl, NewerSchema) as error:
        return [Finding("wrong", str(error))]
    return [Finding("ok", f"the database is there ({database.dialect})")]


async def _telegram(settings: Settings) -> list[Finding]:
    if settings.token is None:
        return [Finding("note", "LOTSE_TOKEN is missing: `lotse run` needs it, `lotse demo` does not")]
    api = Api(settings.token.get_secret_value(), settings.api_url)
    try:
        await api.open()
    except InvalidToken:
        return [Finding("wrong", "LOTSE_TOKEN: Telegram refuses this token")]
    except TelegramError as error:
        return [Finding("wrong", f"Telegram is not reached ({kind_of(error)})")]
    finally:
        await api.close()
    return [Finding("ok", f"Telegram knows this bot as @{api.name}")]
