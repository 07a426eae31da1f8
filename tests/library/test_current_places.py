"""A folder's gazetteer: its own, else the shipped one; compiled once, whoever asks, and whatever the cache is like."""

import logging
import os
from multiprocessing import get_context
from pathlib import Path

import pytest

from bot.library.current import current
from bot.library.current_places import open_gazetteer


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def delivered(tmp_path, monkeypatch, folder):
    """A package that was delivered with a gazetteer in which Musterstadt is called Lieferstadt."""
    package = tmp_path / "package"
    folder.add_places()
    shipped = package / "_shipped/knowledge/places"
    shipped.parent.mkdir(parents=True)
    (folder.path / "places").rename(shipped)
    for name in ("towns.csv", "municipality_postcodes.csv"):
        text = (shipped / name).read_text("utf-8")
        (shipped / name).write_text(text.replace("Musterstadt", "Lieferstadt"), "utf-8")
    monkeypatch.setattr("bot.library.shipped.PACKAGE", package)
    return package / "_shipped"


def kept(cache):
    return sorted(path for path in cache.iterdir() if path.name.startswith("places-"))


def town(gazetteer):
    return gazetteer.places([1])[1].name


@pytest.mark.usefixtures("delivered")
def test_a_folder_with_places_uses_its_own_and_one_without_those_delivered(folder, cache):
    assert town(open_gazetteer(folder.path, cache)) == "Lieferstadt"
    folder.add_places()
    assert town(open_gazetteer(folder.path, cache)) == "Musterstadt"
    (folder.path / "places/towns.csv").unlink()
    assert town(open_gazetteer(folder.path, cache)) == "Lieferstadt"


def test_the_library_comes_with_it(folder, cache):
    folder.add_places()
    folder.page("answers/a/de.md", "A")
    for _ in range(2):
        library, _ = current(folder.path, cache)
        assert town(library.places) == "Musterstadt"


@pytest.mark.usefixtures("delivered")
def test_broken_ones_are_told_and_those_delivered_used(folder, cache, caplog):
    folder.add_places()
    folder.write("places/towns.csv", "nothing\nof\nthis\n")
    assert town(open_gazetteer(folder.path, cache)) == "Lieferstadt"
    (warning,) = caplog.records
    assert (warning.levelno, str(folder.path / "places") in warning.getMessage()) == (logging.WARNING, True)
    assert "must have the columns id, name" in warning.getMessage()


def test_without_any_lotse_knows_no_places(folder, cache, delivered):
    (delivered / "knowledge/places/elsewhere.csv").unlink()
    assert open_gazetteer(folder.path, cache) is None
    assert not cache.exists()


def test_it_is_compiled_once_and_anew_when_a_file_has_changed_and_the_old_one_goes(folder, cache):
    folder.add_places()
    open_gazetteer(folder.path, cache)
    (first,) = kept(cache)
    before = first.stat()
    open_gazetteer(folder.path, cache)
    assert (kept(cache), first.stat().st_mtime_ns) == ([first], before.st_mtime_ns)
    folder.write("places/ordinary_words.txt", "Wald\nMuster\n")
    assert open_gazetteer(folder.path, cache).ordinary == {"wald", "muster"}
    assert len(kept(cache)) == 1
    assert not first.exists()


def test_one_that_another_folder_has_as_well_stays(folder, cache, tmp_path):
    folder.add_places()
    open_gazetteer(folder.path, cache)
    twin = tmp_path / "twin"
    (twin / "places").mkdir(parents=True)
    for path in (folder.path / "places").iterdir():
        (twin / "places" / path.name).write_bytes(path.read_bytes())
    open_gazetteer(twin, cache)
    shared = kept(cache)
    folder.write("places/ordinary_words.txt", "Muster\n")
    open_gazetteer(folder.path, cache)
    assert len(kept(cache)) == 2
    assert set(shared) < set(kept(cache))


def test_a_damaged_file_is_made_anew(folder, cache):
    folder.add_places()
    open_gazetteer(folder.path, cache)
    (compiled,) = kept(cache)
    compiled.write_bytes(b"rubbish" * 1000)
    assert town(open_gazetteer(folder.path, cache)) == "Musterstadt"


def test_one_that_was_delivered_compiled_is_used(folder, cache, delivered):
    (delivered / "library").mkdir()
    open_gazetteer(folder.path, delivered / "library")
    assert town(open_gazetteer(folder.path, cache)) == "Lieferstadt"
    assert not cache.exists()


def test_a_cache_that_cannot_be_written_costs_only_time(folder, tmp_path):
    folder.add_places()
    blocked = tmp_path / "file"
    blocked.write_text("")
    gazetteer = open_gazetteer(folder.path, blocked / "cache")
    assert gazetteer.named(["musterstadt"]) == {"musterstadt": [1]}
    assert gazetteer.postcode("90001") == [2]


def test_folders_named_from_the_working_folder_are_fine(folder, cache):
    folder.add_places()
    for _ in range(2):
        assert town(open_gazetteer(Path(os.path.relpath(folder.path)), Path(os.path.relpath(cache)))) == "Musterstadt"


def _open_in_another_process(folder, cache, ready, results):
    ready.wait(60)
    results.put(town(open_gazetteer(folder, cache)))


def test_two_processes_at_once_are_fine(folder, cache):
    folder.add_places()
    context = get_context("spawn")
    ready, results = context.Barrier(2), context.Queue()
    processes = [
        context.Process(target=_open_in_another_process, args=(folder.path, cache, ready, results)) for _ in range(2)
    ]
    for process in processes:
        process.start()
    both = [results.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(60)
    results.close()
    assert both == ["Musterstadt"] * 2
    assert len(kept(cache)) == 1
    assert [path for path in cache.iterdir() if path.suffix == ".part"] == []
