"""The sample series of the demo: a programme file with days counted from its beginning, and invented guests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path

from sqlalchemy import text

from bot.documents.tables import read_table
from bot.domain.instants import moment
from bot.domain.tables import Table
from bot.domain.terms import Terms
from bot.services.programme_file import COLUMNS, check
from bot.services.programme_import import Imported, import_programme
from bot.services.registrations import register_guest
from bot.services.sessions import all_series, sessions_of
from bot.store.tx import Tx

FILE = Path(__file__).with_name("demo_programme.csv")
THURSDAY = 3
GUESTS = (26, 48, 31, 12, 25, 0, 8, 3, 74)  # of the sessions as they follow each other; two seats are left in one
FIRST_NAMES = ("Anna", "Boris", "Clara", "Dilek", "Emil", "Fatma", "Georg", "Hanna", "Ilyas", "Jana")
LAST_NAMES = ("Muster", "Beispiel", "Exempel", "Vorlage", "Probe", "Modell", "Entwurf", "Skizze")
PLACES = ("Musterstadt", "Beispielhausen", "Oberprobe", "Musterkreis")

ADD_GUEST = text(
    "INSERT INTO guests (email, name, organisation, municipality) "
    "VALUES (:email, :name, :organisation, :municipality) RETURNING id"
)


def add_sample(tx: Tx, now: int, terms: Terms) -> None:
    """Adds the series, beginning on the first Thursday that is a week away, unless there is a series already."""
    if all_series(tx):
        return
    day = moment(now, terms.zone).date() + timedelta(days=7)
    first = day + timedelta(days=(THURSDAY - day.weekday()) % 7)
    imported = import_programme(tx, check(_dated(first), terms, None), now, terms)
    assert isinstance(imported, Imported), imported
    guests = [_guest(tx, number, name) for number, name in enumerate(product(LAST_NAMES, FIRST_NAMES))]
    (series,) = all_series(tx)
    for session, many in zip(sessions_of(tx, series), GUESTS, strict=True):
        for guest in guests[:many]:
            register_guest(tx, session.id, guest, now, terms)


def _dated(first: date) -> Table:
    """The programme with real dates in place of days such as "+7 10:00"."""
    table = read_table(FILE, COLUMNS)
    rows = []
    for row in table.rows:
        days, clock = row.cells["starts"].split()
        rows.append(replace(row, cells={**row.cells, "starts": f"{first + timedelta(days=int(days))} {clock}"}))
    return replace(table, rows=rows)


def _guest(tx: Tx, number: int, name: tuple[str, str]) -> int:
    """The id of an invented guest."""
    last, first = name
    place = PLACES[number % len(PLACES)]
    row = {"email": f"{first}.{last}@example.org".lower(), "name": f"{first} {last}"}
    row |= {"organisation": f"Integrationsstelle {place}", "municipality": place}
    return int(tx.execute(ADD_GUEST, row)[0].id)
