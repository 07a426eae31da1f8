"""What people say of themselves for list and certificate: freely, and never needed."""

from __future__ import annotations

from sqlalchemy import text

from bot.domain.details import Details
from bot.store.tx import Tx

# A person of whom nothing else is stored has no row in `people`, and then nothing to be asked about.
DETAILS = text("SELECT name, organisation, municipality, municipality_type FROM details WHERE person = :person")
KEEP = text("""
    INSERT INTO details (person, name, organisation, municipality, municipality_type, asked)
    SELECT id, :name, :organisation, :municipality, '', :now FROM people WHERE id = :person
    ON CONFLICT (person) DO UPDATE SET name = excluded.name, organisation = excluded.organisation,
        municipality = excluded.municipality
    RETURNING person
""")
KEEP_MUNICIPALITY = text("UPDATE details SET municipality = :municipality WHERE person = :person RETURNING person")
KEEP_TYPE = text("UPDATE details SET municipality_type = :type WHERE person = :person RETURNING person")
FORGET = text(
    "UPDATE details SET name = '', organisation = '', municipality = '', municipality_type = '' WHERE person = :person"
)
NOTE = text("""
    INSERT INTO details (person, asked) SELECT id, :now FROM people WHERE id = :person
    ON CONFLICT (person) DO NOTHING RETURNING person
""")


def details(tx: Tx, person: int) -> Details | None:
    """What somebody said; None for who was never asked."""
    rows = tx.execute(DETAILS, {"person": person})
    return Details(*rows[0]) if rows else None


def note_asked(tx: Tx, person: int, now: int) -> bool:
    """Whether to ask now: true once for each person that is stored. `now` in UTC microseconds."""
    return bool(tx.execute(NOTE, {"person": person, "now": now}))


def keep(tx: Tx, person: int, said: Details, now: int) -> Details | None:
    """Stores name, authority and municipality in place of what was there; its type stays, see `keep_type`.

    What is stored then; None for a person of whom nothing else is. `now` in UTC microseconds.
    """
    row = {"name": said.name, "organisation": said.organisation, "municipality": said.municipality}
    return details(tx, person) if tx.execute(KEEP, {"person": person, "now": now, **row}) else None


def keep_municipality(tx: Tx, person: int, municipality: str) -> Details | None:
    """Stores a municipality alone; None for who was never asked for details."""
    row = {"person": person, "municipality": municipality}
    return details(tx, person) if tx.execute(KEEP_MUNICIPALITY, row) else None


def keep_type(tx: Tx, person: int, kind: str) -> Details | None:
    """Stores the type of the municipality, as programme files name it; None for who was never asked for details."""
    return details(tx, person) if tx.execute(KEEP_TYPE, {"person": person, "type": kind}) else None


def forget(tx: Tx, person: int) -> None:
    """Deletes what somebody said; that they were asked stays, so that they are not asked again."""
    tx.execute(FORGET, {"person": person})
