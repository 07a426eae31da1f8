"""What was last made of a folder, remembered in the cache by a pointer: a small file that names it by its digest."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

DIGEST = re.compile(r"[0-9a-f]{64}")


def pointer(folder: Path, cache: Path, suffix: str) -> Path:
    """The file in the cache that names what was last made of a folder."""
    return cache / f"{hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()}{suffix}"


def remembered(pointer: Path) -> str:
    """The digest that a pointer holds; empty where there is none, or what it holds is none."""
    try:
        name = pointer.read_text("ascii")
    except (OSError, UnicodeDecodeError):
        return ""
    return name if DIGEST.fullmatch(name) else ""


def remember(pointer: Path, name: str) -> None:
    """Notes a digest, in one step, for two processes may do so at once.

    Raises:
        OSError: the cache cannot be written.
    """
    if remembered(pointer) == name:
        return
    pointer.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=pointer.parent, suffix=".part", delete=False) as part:
        part.write(name)
    Path(part.name).replace(pointer)
