"""Roles by their names in the reader's language."""

from __future__ import annotations

from bot.services.roles import ROLES, Role
from bot.texts import N_, Texts

NAMES: dict[Role, str] = {
    # Translators: the name of a role, inside a sentence
    "staff": N_("staff"),
    # Translators: the name of a role, inside a sentence
    "coordinator": N_("coordination team"),
}


def role_name(role: str, t: Texts) -> str:
    """The name of a role inside a sentence."""
    return next((t.gettext(name) for known, name in NAMES.items() if known == role), role)


def role_named(typed: str, t: Texts) -> Role | None:
    """The role that somebody typed, by its name in commands or in their language."""
    word = typed.strip().casefold()
    return next((role for role in ROLES if word in {role, t.gettext(NAMES[role]).casefold()}), None)
