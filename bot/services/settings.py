"""What a person has chosen beside the language."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from bot.services.people import know
from bot.store.tx import Tx

CHOSEN = text("""
    SELECT people.reminders, people.place, details.person IS NOT NULL AS asked FROM people
    LEFT JOIN details ON details.person = people.id WHERE people.id = :person
""")
CHOOSE = text("UPDATE people SET reminders = :rules WHERE id = :person")
KEEP_PLACE = text("UPDATE people SET place = :place WHERE id = :person")


@dataclass(frozen=True, slots=True)
class Chosen:
    """`reminders` are the rules somebody chose, "" for none, None for the operator's.

    `asked` says whether they were asked for name and authority, `place` is the municipality that they asked to be
    remembered, by its number in the gazetteer.
    """

    reminders: str | None = None
    asked: bool = False
    place: int | None = None


def chosen(tx: Tx, person: int) -> Chosen:
    """What somebody chose; nothing for who is not known."""
    rows = tx.execute(CHOSEN, {"person": person})
    return Chosen(rows[0].reminders, bool(rows[0].asked), rows[0].place) if rows else Chosen()


def choose_reminders(tx: Tx, person: int, rules: str | None, code: str | None, now: int) -> None:
    """Remembers rules as `domain.reminders.normalise` writes them, "" for no reminders, None for the operator's.

    Who chooses becomes known, with Telegram's `code`; `now` in UTC microseconds. Nobody does for keeping the default.
    """
    if rules is not None:
        know(tx, person, code, now)
    tx.execute(CHOOSE, {"person": person, "rules": rules})


def place_of(tx: Tx, person: int) -> int | None:
    """The municipality that somebody asked to be remembered, by its number in the gazetteer."""
    return chosen(tx, person).place


def keep_place(tx: Tx, person: int, place: int, code: str | None, now: int) -> None:
    """Remembers a municipality by its number in the gazetteer, because the person asked for it.

    Who asks becomes known, with Telegram's `code`; `now` in UTC microseconds.
    """
    know(tx, person, code, now)
    tx.execute(KEEP_PLACE, {"person": person, "place": place})


def forget_place(tx: Tx, person: int) -> None:
    """Forgets the municipality."""
    tx.execute(KEEP_PLACE, {"person": person, "place": None})
