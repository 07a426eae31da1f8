"""Where a database is: the URL of the settings, understood once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from bot.store.errors import MalformedUrl

Dialect = Literal["sqlite", "postgresql"]

_HINT = "use sqlite:///file.db, sqlite:////absolute/file.db or postgresql://user@host/name"


@dataclass(frozen=True, slots=True)
class Address:
    """A parsed database URL. `path` is the file of an SQLite database; `name` is what messages may call it."""

    dialect: Dialect
    url: str
    name: str
    path: Path | None = None


def parse(url: str) -> Address:
    """Understand a database URL; a relative SQLite path counts from the working folder of this moment.

    Raises:
        MalformedUrl: For every other scheme, a missing file name, or a host or port that is none.
    """
    if url.startswith("sqlite:"):
        return _sqlite(url)
    if url.startswith("postgresql://"):
        return _postgresql(url)
    raise MalformedUrl(f"The database URL has an unknown beginning: {_HINT}.")


def _sqlite(url: str) -> Address:
    file = url.removeprefix("sqlite:///")
    if file == url or not file or file.endswith("/") or file.startswith(":memory:") or "\0" in file or "?" in file:
        raise MalformedUrl(f"The database URL names no file: {_HINT}.")
    path = Path(file).absolute()
    return Address("sqlite", url, str(path), path)


def _postgresql(url: str) -> Address:
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        raise MalformedUrl(f"The database URL has a malformed host or port: {_HINT}.") from None
    if "\0" in url or any(letter.isspace() for letter in url):
        raise MalformedUrl(f"The database URL contains spaces: {_HINT}.")
    return Address("postgresql", url, f"postgresql://{parts.hostname or ''}{port}{parts.path}")
