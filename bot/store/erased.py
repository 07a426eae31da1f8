"""The ids that asked to be deleted, as keyed hashes beside the database, until the oldest backup has expired.

A backup that is restored still holds those people; with this list they are deleted again. The key lies in the
database (and so in its backups), the hashes outside of it: neither alone tells who it was.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from sqlalchemy import text

from bot.store.tx import Tx

KEY = "erased"
FIND = text("SELECT value FROM secrets WHERE name = :name")
KEEP = text("INSERT INTO secrets (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING")


def fingerprint(tx: Tx, person: int) -> str:
    """The keyed hash of an id; makes the key when there is none yet."""
    if not tx.execute(FIND, {"name": KEY}):
        tx.execute(KEEP, {"name": KEY, "value": secrets.token_hex(32)})
    key = bytes.fromhex(tx.execute(FIND, {"name": KEY})[0][0])
    return hmac.new(key, str(person).encode(), hashlib.sha256).hexdigest()


def remember(path: Path, mark: str, day: str) -> None:
    """Adds a hash with its day to the list, durably and readable by the owner only."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, f"{day} {mark}\n".encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    _make_durable(path.parent)


def _make_durable(folder: Path) -> None:
    """Keeps the name of a new file, too: its own synchronisation is about its content."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
