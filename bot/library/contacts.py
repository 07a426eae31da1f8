"""Contact points: offices, advice centres, networks and help lines, one file each."""

from __future__ import annotations

from typing import Literal, cast

from bot.domain.knowledge import Address, Contact
from bot.library.document import Document
from bot.library.entries import check_id, read_sources
from bot.library.problems import quoted
from bot.library.table import LANGUAGE, Table

STATES = ("verified", "partly")


def read_contact(document: Document, topics: tuple[str, ...] | None) -> Contact | None:
    """The contact of one file; None when the file has no TOML or no name. `topics` are the ids it may name."""
    contact_id = document.path.removeprefix("contacts/").removesuffix(".toml")
    check_id(document, contact_id)
    values = document.toml()
    if values is None:
        return None
    table = Table(values, document)
    contact = Contact(
        id=contact_id,
        name=table.text("name", required=True),
        kind=table.text("kind"),
        topics=table.choices("topics", topics),
        area=table.texts("area"),
        languages=table.languages("languages"),
        phone=table.text("phone"),
        email=table.text("email"),
        website=table.text("website"),
        address=_address(table),
        location=table.pair("location"),
        hours=table.text("hours"),
        by_appointment=table.flag("by_appointment"),
        confidential_address=table.flag("confidential_address"),
        status=cast("Literal['verified', 'partly']", table.choice("status", STATES) or "partly"),
        sources=read_sources(table),
        reviewed_on=table.day("reviewed_on"),
        notes=read_by_language(table, "notes"),
    )
    table.finish()
    return contact if contact.name else None


def read_by_language(table: Table, key: str) -> dict[str, str]:
    """A table of texts by language, such as `names = {de = "Arbeit", en = "Work"}`."""
    inner = table.table(key)
    if inner is None:
        return {}
    for code in inner:
        if not LANGUAGE.fullmatch(code):
            inner.error(f'{quoted(code)} is not a language code such as "de" or "de-simple"', code)
    return {code: inner.text(code, required=True) for code in inner}


def _address(table: Table) -> Address | None:
    inner = table.table("address")
    if inner is None:
        return None
    address = Address(street=inner.text("street"), postcode=inner.text("postcode"), city=inner.text("city"))
    inner.finish()
    return address
