"""The list of deleted ids: keyed hashes outside the database, for its owner only."""

from datetime import date
from pathlib import Path

from bot.store.database import Database
from bot.store.erased import fingerprint, remember
from bot.store.file import engine

PERSON = 4_711_001


def modes_in(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


async def test_a_person_has_one_hash_for_as_long_as_the_database_lives(database: Database) -> None:
    first = await database.write(fingerprint, PERSON)
    assert first == await database.write(fingerprint, PERSON)
    assert first != await database.write(fingerprint, PERSON + 1)
    assert len(bytes.fromhex(first)) == 32


async def test_another_database_gives_another_hash(sqlite: Database, tmp_path: Path) -> None:
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    await other.migrate()
    await other.open()
    assert await other.write(fingerprint, PERSON) != await sqlite.write(fingerprint, PERSON)
    await other.close()


def test_hashes_are_appended_with_their_day_and_readable_by_the_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "lotse.db.erased"
    remember(path, "aa", date(2026, 11, 25).isoformat())
    remember(path, "bb", date(2026, 11, 26).isoformat())
    assert path.read_text("ascii") == "2026-11-25 aa\n2026-11-26 bb\n"
    assert path.stat().st_mode & 0o777 == 0o600


async def test_the_database_and_all_files_beside_it_are_readable_by_the_owner_only(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'lotse.db'}")
    await database.migrate()
    await database.open()
    await database.write(fingerprint, PERSON)
    assert modes_in(tmp_path) == dict.fromkeys(("lotse.db", "lotse.db-wal", "lotse.db-shm", "lotse.db.lock"), 0o600)
    await database.close()


def test_the_mode_of_a_database_that_is_there_stays_as_its_owner_set_it(tmp_path: Path) -> None:
    path = tmp_path / "lotse.db"
    path.touch()
    path.chmod(0o640)
    with engine(path, size=1).connect():
        assert path.stat().st_mode & 0o777 == 0o640
