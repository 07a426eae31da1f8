"""Who may do what: the roles that are stored, and the coordinators that the operator has set (LOTSE_COORDINATORS)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import text

from bot.services.audit import about, note
from bot.services.drafts import take
from bot.services.people import know
from bot.store.address import Dialect
from bot.store.outbox import Notice, queue
from bot.store.tx import Tx

Role = Literal["staff", "coordinator"]
ROLES: tuple[Role, ...] = ("staff", "coordinator")  # who has a later one may do more
KIND = "revoke"  # of the drafts
NOTICE = "revoked"  # kind of the notice to whom the role is taken from

_ROLE = text("SELECT role FROM people WHERE id = :person")
_COORDINATORS = text("SELECT id FROM people WHERE role = 'coordinator'")
_GIVE = text("UPDATE people SET role = :role, role_since = :now WHERE id = :person")
_TAKE = text("UPDATE people SET role = NULL, role_since = NULL WHERE id = :person")
_END_INVITATIONS = text("DELETE FROM invitations WHERE invited_by = :person")
_FORGET_USED = text("DELETE FROM invitations WHERE used_by = :person")
_END_DRAFTS = text("DELETE FROM drafts WHERE kind = :kind")
_HOLDERS = text("""
    SELECT people.id, people.role, people.role_since, COALESCE(details.name, '') AS name
    FROM people LEFT JOIN details ON details.person = people.id WHERE people.role IS NOT NULL
""")
_NAME = text("SELECT name FROM details WHERE person = :person")
# All coordinators in the order of their ids, so that two who take each other's role wait for one another.
_LOCKED = """
    SELECT id, role, role_since, language, code FROM people WHERE role = 'coordinator' OR id = :person ORDER BY id
"""
_LOCK: Mapping[Dialect, str] = {"sqlite": "", "postgresql": "FOR NO KEY UPDATE"}
_HELD = {dialect: text(f"{_LOCKED} {lock}") for dialect, lock in _LOCK.items()}


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with a role: since when (UTC microseconds, None where nobody noted it), and the name they gave.

    `fixed` says that the operator has set it, and only the operator can end it.
    """

    person: int
    role: Role
    since: int | None
    name: str
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Revoked:
    """A role has ended: whose, which, and the person's languages, as chosen and as Telegram says."""

    person: int
    role: Role
    chosen: str | None
    code: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """No role has ended.

    The draft is gone, who wanted it is no coordinator any more, the operator has set the role, it is not as it was
    shown any more, or it is the last coordinator's.
    """

    why: Literal["gone", "rights", "operator", "changed", "last"]


def coordinates(tx: Tx, person: int, coordinators: Collection[int]) -> bool:
    """Whether somebody is a coordinator in this transaction: by the role of now, or set by the operator."""
    return person in coordinators or role(tx, person) == "coordinator"


def readers(tx: Tx, coordinators: Collection[int]) -> set[int]:
    """All coordinators, who read what comes to them: those with the role, and those that the operator has set."""
    return {row.id for row in tx.execute(_COORDINATORS)} | set(coordinators)


def is_last(tx: Tx, person: int, coordinators: Collection[int]) -> bool:
    """Whether there would be no coordinator any more without this person's role."""
    return person not in coordinators and readers(tx, coordinators) == {person}


def role(tx: Tx, person: int) -> Role | None:
    """The role that is stored of somebody; the operator's coordinators need none."""
    rows = tx.execute(_ROLE, {"person": person})
    return rows[0].role if rows else None


def give(tx: Tx, person: int, code: str | None, given: Role, now: int) -> None:
    """Gives somebody a role in the place of the one they have; `code` is Telegram's, `now` in UTC microseconds."""
    know(tx, person, code, now)
    tx.execute(_GIVE, {"person": person, "role": given, "now": now})


def roster(tx: Tx, person: int, coordinators: Collection[int]) -> list[Holder] | None:
    """Everybody with a role, coordinators first, who has it longest first; None for `person` who may not read it."""
    if not coordinates(tx, person, coordinators):
        return None
    stored = {row.id: Holder(row.id, row.role, row.role_since, row.name) for row in tx.execute(_HOLDERS)}
    fixed = [_fixed(tx, one, stored.get(one)) for one in sorted(coordinators)]
    others = [one for one in stored.values() if one.person not in coordinators]
    return [*fixed, *sorted(others, key=lambda one: (one.role != "coordinator", one.since or 0, one.person))]


def _fixed(tx: Tx, person: int, stored: Holder | None) -> Holder:
    names = [row.name for row in tx.execute(_NAME, {"person": person})]
    return Holder(person, "coordinator", stored.since if stored else None, names[0] if names else "", fixed=True)


def revoke(tx: Tx, draft: int, person: int, coordinators: Collection[int], now: int) -> Revoked | Kept:
    """Ends a role as a draft says, once; whose it was hears of it, and what they had invited to ends with it.

    Args:
        tx: The transaction; it locks the coordinators.
        draft: Its answers are `person`, `role` and `since`, as they were shown before it was confirmed.
        person: Who does it; whether they are a coordinator is looked up here.
        coordinators: Those that the operator has set.
        now: UTC microseconds.
    """
    taken = take(tx, draft, person, now)
    if taken is None or taken[0] != KIND:
        return Kept("gone")
    whom = taken[1]["person"]
    held = {row.id: row for row in tx.execute(_HELD[tx.dialect], {"person": whom})}
    in_charge = {one for one, row in held.items() if row.role == "coordinator"} | set(coordinators)
    found = held.get(whom)
    if person not in in_charge:
        return Kept("rights")
    if whom in coordinators:
        return Kept("operator")
    if found is None or found.role is None or [found.role, found.role_since] != [taken[1]["role"], taken[1]["since"]]:
        return Kept("changed")
    if in_charge == {whom}:
        return Kept("last")
    tx.execute(_TAKE, {"person": whom})
    tx.execute(_END_INVITATIONS, {"person": whom})
    note(tx, "coordinator", person, f"{found.role} revoked", about(whom), now)
    if whom != person:
        queue(tx, [Notice(whom, NOTICE, f"{NOTICE}:{now}", now, parameters={"role": found.role})])
    return Revoked(whom, found.role, found.language, found.code)


def forget(tx: Tx, person: int) -> None:
    """Leaves nothing of a person who is being erased: their invitations, and drafts that may name them."""
    tx.execute(_END_INVITATIONS, {"person": person})
    tx.execute(_FORGET_USED, {"person": person})
    tx.execute(_END_DRAFTS, {"kind": KIND})
