"""What a person has chosen beside the language."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from bot.services.people import know
from bot.store.tx import Tx

CHOSEN = text("""
    SELECT people.reminders, details.person IS NOT NULL AS asked FROM people
    LEFT JOIN details ON details.person = people.id WHERE people.id = :person
""")
CHOOSE = text("UPDATE people SET reminders = :rules WHERE id = :person")


@dataclass(frozen=True, slots=True)
class Chosen:
    """`reminders` are the rules somebody chose, "" for none, None for the operator's.

    `asked` says whether they were asked for name and authority.
    """

    reminders: str | None = None
    asked: bool = False


def chosen(tx: Tx, person: int) -> Chosen:
    """What somebody chose; nothing for who is not known."""
    rows = tx.execute(CHOSEN, {"person": person})
    return Chosen(rows[0].reminders, bool(rows[0].asked)) if rows else Chosen()


def choose_reminders(tx: Tx, person: int, rules: str | None, code: str | None, now: int) -> None:
    """Remembers rules as `domain.reminders.normalise` writes them, "" for no reminders, None for the operator's.

    Who chooses becomes known, with Telegram's `code`; `now` in UTC microseconds. Nobody does for keeping the default.
    """
    if rules is not None:
        know(tx, person, code, now)
    tx.execute(CHOOSE, {"person": person, "rules": rules})
