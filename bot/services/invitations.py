"""Invitations to a role: a link that works once, for a week, and of which only a hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import text

from bot.domain.instants import DAY
from bot.services import roles
from bot.services.audit import note
from bot.services.roles import ROLES, Role, coordinates
from bot.store.tx import Tx

LIFE = 7 * DAY
_BYTES = 16  # 128 random bits, which nobody guesses; in hexadecimal, since links that end in "-" or "_" lose it

_INVITE = text("""
    INSERT INTO invitations (hash, role, invited_by, created, expires)
    VALUES (:hash, :role, :person, :now, :expires) RETURNING id
""")
_FIND = text("SELECT id, role, invited_by, used_by FROM invitations WHERE hash = :hash AND expires > :now")
_USE = text("""
    UPDATE invitations SET used_by = :person WHERE hash = :hash AND expires > :now AND used_by IS NULL RETURNING id
""")
_OPEN = text("SELECT COUNT(*) AS open FROM invitations WHERE expires > :now AND used_by IS NULL")
_WITHDRAW = text("DELETE FROM invitations WHERE used_by IS NULL RETURNING id, expires")
_SWEEP = text("DELETE FROM invitations WHERE expires <= :now")
_BOT = "bot"
_KEEP_BOT = text(
    "INSERT INTO secrets (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
_FIND_BOT = text("SELECT value FROM secrets WHERE name = :name")


@dataclass(frozen=True, slots=True)
class Joined:
    """What came of a link, and the role that the person has now.

    "already": they had it, or a higher one, and the link stays for somebody else; "void": the link is used, expired or
    forged, or who had made it may not invite any more.
    """

    how: Literal["joined", "already", "void"]
    role: Role | None


def new_token() -> str:
    """A token that nobody guesses; it is not kept, and never logged."""
    return secrets.token_hex(_BYTES)


def payload(token: str) -> str:
    """What a link to the bot carries, and who has no link types after "/start "."""
    return f"invite_{token}"


def invite(tx: Tx, token: str, role: Role, person: int | None, coordinators: Collection[int], now: int) -> int | None:
    """Makes an invitation; until when it holds, in UTC microseconds. None where `person` is no coordinator.

    Args:
        tx: The transaction.
        token: A new one, made outside of the transaction, which may run twice.
        role: What whoever uses it becomes.
        person: The coordinator who invites; None for the operator, on the command line.
        coordinators: Those that the operator has set.
        now: UTC microseconds.
    """
    if person is not None and not coordinates(tx, person, coordinators):
        return None
    row = {"hash": _hash(token), "role": role, "person": person, "now": now, "expires": now + LIFE}
    made = tx.execute(_INVITE, row)[0].id
    note(tx, "operator" if person is None else "coordinator", person, f"{role} invited", f"invitation {made}", now)
    return now + LIFE


def join(tx: Tx, token: str, person: int, code: str | None, coordinators: Collection[int], now: int) -> Joined:
    """Uses an invitation up and gives its role; of two at once one gets it.

    Whoever got it hears the same again: a kill may have come between giving the role and saying so. `code` is
    Telegram's, `now` in UTC microseconds.
    """
    has = "coordinator" if person in coordinators else roles.role(tx, person)
    key = {"hash": _hash(token), "now": now}
    found = tx.execute(_FIND, key)
    if not found or not _may_invite(tx, found[0].invited_by, coordinators):
        return Joined("void", has)
    given: Role = found[0].role
    if found[0].used_by is not None:
        return Joined("joined" if found[0].used_by == person and has == given else "void", has)
    if has and ROLES.index(has) >= ROLES.index(given):
        return Joined("already", has)
    if not tx.execute(_USE, {**key, "person": person}):  # somebody else was faster
        return Joined("void", has)
    roles.give(tx, person, code, given, now)
    note(tx, given, person, "invitation used", f"invitation {found[0].id}", now)
    return Joined("joined", given)


def open_invitations(tx: Tx, now: int) -> int:
    """How many invitations nobody has used yet; `now` in UTC microseconds."""
    return int(tx.execute(_OPEN, {"now": now})[0].open)


def withdraw(tx: Tx, person: int, coordinators: Collection[int], now: int) -> int | None:
    """Ends every invitation that nobody has used yet; how many. None where `person` is no coordinator."""
    if not coordinates(tx, person, coordinators):
        return None
    ended = len([row for row in tx.execute(_WITHDRAW) if row.expires > now])
    if ended:
        note(tx, "coordinator", person, "invitations withdrawn", f"{ended}", now)
    return ended


def sweep(tx: Tx, now: int) -> None:
    """Deletes invitations whose time has passed; `now` in UTC microseconds."""
    tx.execute(_SWEEP, {"now": now})


def keep_name(tx: Tx, bot: int, name: str) -> None:
    """Keeps the user name of the bot with this id, for links that the command line makes."""
    tx.execute(_KEEP_BOT, {"name": _BOT, "value": f"{bot} {name}"})


def kept_name(tx: Tx, bot: int | None) -> str:
    """The user name of this bot, of any for None, as it was when it connected last; empty where it never has."""
    for row in tx.execute(_FIND_BOT, {"name": _BOT}):
        known, _, name = row.value.partition(" ")
        return name if bot in {None, int(known)} else ""
    return ""


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _may_invite(tx: Tx, inviter: int | None, coordinators: Collection[int]) -> bool:
    """Whether who has invited still may; the operator always may."""
    return inviter is None or coordinates(tx, inviter, coordinators)
