"""What figures know of somebody: a mark that leads to nobody, a language, and a municipality that cannot be read."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Self

from sqlalchemy import text

from bot.domain.languages import LANGUAGES
from bot.search.fold import words
from bot.store.tx import Tx

KEY = "municipalities"  # the name of the key in the database
_FIND = text("SELECT value FROM secrets WHERE name = :name")
_KEEP = text("INSERT INTO secrets (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING")


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of themselves, as it is counted; "" where nothing is known. `municipality` is a hash."""

    language: str = ""
    municipality: str = ""
    municipality_type: str = ""

    def completed(self, other: Said) -> Said:
        """This, with what the other knows where this says nothing."""
        return Said(
            self.language or other.language,
            self.municipality or other.municipality,
            self.municipality_type or other.municipality_type,
        )


@dataclass(frozen=True, slots=True)
class Municipalities:
    """Tells municipalities apart by keyed hashes of their folded names, so that no list of names can undo them."""

    key: bytes

    @classmethod
    def of(cls, tx: Tx) -> Self:
        """With the key of this database; where there is none yet, nothing was hashed, and any key will do."""
        rows = tx.execute(_FIND, {"name": KEY})
        return cls(bytes.fromhex(rows[0].value) if rows else secrets.token_bytes(32))

    @classmethod
    def keeping(cls, tx: Tx) -> Self:
        """As `of`, for who stores hashes: makes the key where there is none yet."""
        if not tx.execute(_FIND, {"name": KEY}):
            tx.execute(_KEEP, {"name": KEY, "value": secrets.token_hex(32)})
        return cls.of(tx)

    def said(self, chosen: str | None, code: str | None, municipality: str | None, kind: str | None) -> Said:
        """What is counted of the language somebody chose, Telegram's code, a municipality and its type."""
        return Said(language_of(chosen, code), self.hashed(municipality), kind or "")

    def hashed(self, name: str | None) -> str:
        """The hash of a name, whatever its spelling; "" for none."""
        folded = " ".join(words(name or ""))
        return hmac.new(self.key, folded.encode(), hashlib.sha256).hexdigest() if folded else ""


def language_of(chosen: str | None, code: str | None) -> str:
    """The language that somebody is counted under: what they chose, else Telegram's; "" for neither.

    Other than for a reply, a language that Lotse does not speak counts as itself, not as English.
    """
    exact = (chosen or code or "").lower().replace("_", "-")
    return exact if exact in LANGUAGES else exact.partition("-")[0]
