"""A folder's library is always the newest good one; two processes, broken files and full disks change nothing."""

import os
import shutil
import sqlite3
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

import pytest

from bot.library.current import BrokenKnowledge, MissingKnowledge, current, digest
from bot.library.load import load
from bot.library.read import read
from bot.library.shipped import PACKAGE, shipped


@pytest.fixture
def folder(folder):
    """With a gazetteer of its own, so that no test waits for the compiling of the shipped one."""
    folder.add_places()
    return folder


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


def kept(cache):
    """What there is of libraries; test_current_places.py looks at the gazetteers beside them."""
    return sorted(path.name for path in cache.iterdir() if "places" not in path.name)


def pointer(folder):
    return sha256(os.fsencode(folder.path.resolve())).hexdigest() + ".current"


def titles(library):
    return sorted(text.title for entry in library.knowledge.entries.values() for text in entry.texts.values())


def test_a_folder_is_compiled_once_and_found_again(whole, cache):
    library, problems = current(whole.path, cache)
    compiled = cache / f"{digest(whole.path)}.sqlite"
    assert (library.knowledge, problems) == (read(whole.path)[0], [])
    assert library.digest == digest(whole.path)
    assert kept(cache) == sorted([compiled.name, pointer(whole)])
    before = compiled.stat()
    again, problems = current(whole.path, cache)
    assert (again.knowledge, problems) == (library.knowledge, [])
    assert (compiled.stat().st_ino, compiled.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_the_digest_sees_names_contents_and_empty_folders(folder):
    folder.page("answers/a/de.md", "A")
    seen = {digest(folder.path)}
    folder.page("answers/a/de.md", "B")
    seen.add(digest(folder.path))
    (folder.path / "answers/a/de.md").rename(folder.path / "answers/a/en.md")
    seen.add(digest(folder.path))
    (folder.path / "answers/b").mkdir()
    seen.add(digest(folder.path))
    folder.write("answers/b/de.md", b"x" * 1_048_577)
    seen.add(digest(folder.path))
    folder.write("answers/b/de.md", b"x" * 1_048_578)
    seen.add(digest(folder.path))
    assert len(seen) == 6
    last = digest(folder.path)
    folder.write("answers/.hidden", "x")
    folder.write("places/places.csv", "x")
    assert digest(folder.path) == last
    assert len(last) == 64


def test_a_change_replaces_the_library_and_the_old_file_goes(folder, cache):
    folder.page("answers/a/de.md", "Alt")
    current(folder.path, cache)
    folder.page("answers/a/de.md", "Neu")
    library, problems = current(folder.path, cache)
    assert (titles(library), problems) == (["Neu"], [])
    assert kept(cache) == sorted([f"{digest(folder.path)}.sqlite", pointer(folder)])


def test_a_half_written_folder_leaves_the_old_library_and_says_so(folder, cache):
    folder.page("answers/a/de.md", "Alt")
    current(folder.path, cache)
    whole = folder.page("answers/a/de.md", "Neu").read_bytes()
    for length in range(len('+++\ntitle = "Neu"\n+++\n')):
        folder.write("answers/a/de.md", whole[:length])
        library, problems = current(folder.path, cache)
        assert titles(library) == ["Alt"]
        assert [problem.path for problem in problems] == ["answers/a/de.md"]
    folder.write("answers/a/de.md", whole)
    assert titles(current(folder.path, cache)[0]) == ["Neu"]


def test_a_broken_rule_keeps_the_old_library_too(folder, cache):
    folder.page("answers/a/de.md", "Alt")
    current(folder.path, cache)
    folder.page("answers/a/de.md", "Neu", "Ein \u202ewort.")
    library, problems = current(folder.path, cache)
    assert titles(library) == ["Alt"]
    assert [str(problem) for problem in problems] == ["answers/a/de.md:4: an invisible character, U+202E"]


def test_an_emptied_folder_keeps_the_old_library(folder, cache):
    folder.page("answers/a/de.md", "Alt")
    current(folder.path, cache)
    shutil.rmtree(folder.path / "answers")
    library, problems = current(folder.path, cache)
    assert (titles(library), len(problems)) == (["Alt"], 1)


def test_without_a_library_from_before_the_errors_are_raised(folder, cache):
    folder.write("answers/a/de.md", "Halb")
    with pytest.raises(BrokenKnowledge, match=r"answers/a/de.md:1: the first line must be") as caught:
        current(folder.path, cache)
    assert [problem.path for problem in caught.value.problems] == ["answers/a/de.md"]
    assert not cache.exists()


def test_a_missing_folder_is_named(tmp_path, cache):
    with pytest.raises(MissingKnowledge) as caught:
        current(tmp_path / "nowhere", cache)
    assert caught.value.folder == tmp_path / "nowhere"
    with pytest.raises(MissingKnowledge):
        digest(tmp_path / "nowhere")


def test_a_damaged_library_is_made_anew(folder, cache):
    folder.page("answers/a/de.md", "A")
    current(folder.path, cache)
    compiled = cache / f"{digest(folder.path)}.sqlite"
    compiled.chmod(0o644)
    compiled.write_bytes(b"rubbish" * 1_000)
    assert titles(current(folder.path, cache)[0]) == ["A"]
    assert titles(load(compiled)) == ["A"]


def test_a_library_under_the_wrong_name_is_not_believed(folder, cache):
    folder.page("answers/a/de.md", "A")
    current(folder.path, cache)
    other = cache / f"{digest(folder.path)}.sqlite"
    folder.page("answers/a/de.md", "B")
    shutil.copy(other, cache / f"{digest(folder.path)}.sqlite")
    assert titles(current(folder.path, cache)[0]) == ["B"]


@pytest.mark.parametrize("content", [b"\xff", b"../../etc/passwd", b"0" * 64, b""])
def test_a_damaged_pointer_is_no_library(folder, cache, content):
    folder.page("answers/a/de.md", "A")
    current(folder.path, cache)
    (cache / pointer(folder)).write_bytes(content)
    folder.write("answers/a/de.md", "Halb")
    with pytest.raises(BrokenKnowledge):
        current(folder.path, cache)


def test_a_library_that_another_folder_needs_stays(folder, cache, tmp_path):
    folder.page("answers/a/de.md", "A")
    current(folder.path, cache)
    twin = tmp_path / "twin"
    shutil.copytree(folder.path, twin)
    current(twin, cache)
    shared = digest(twin)
    folder.page("answers/a/de.md", "B")
    current(folder.path, cache)
    assert (cache / f"{shared}.sqlite").exists()
    (twin / "answers/a/de.md").write_text("Halb")
    library, problems = current(twin, cache)
    assert (titles(library), len(problems)) == (["A"], 1)


def test_what_dead_processes_left_goes_and_what_is_not_ours_stays(folder, cache):
    cache.mkdir()
    for name in ("lost.part", f"{'0' * 64}.sqlite", "notes.sqlite"):
        (cache / name).write_text("")
        os.utime(cache / name, (0, 0))
    (cache / "busy.part").write_text("")
    folder.page("answers/a/de.md", "A")
    current(folder.path, cache)
    assert kept(cache) == sorted(["busy.part", "notes.sqlite", f"{digest(folder.path)}.sqlite", pointer(folder)])


def test_a_cache_that_cannot_be_written_costs_only_time(whole, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    library, problems = current(whole.path, blocked / "cache")
    assert (library.knowledge, library.digest, problems) == (read(whole.path)[0], digest(whole.path), [])
    assert blocked.read_text() == ""


def test_the_cache_is_the_persons_own(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    folder.page("answers/a/de.md", "A")
    current(folder.path)
    assert (tmp_path / "home/lotse" / f"{digest(folder.path)}.sqlite").exists()


def _compile_in_another_process(folder, cache, ready, results):
    ready.wait(60)
    library, problems = current(folder, cache)
    results.put((titles(library), problems))


def test_two_processes_at_once_are_fine(whole, cache):
    context = get_context("spawn")
    ready, results = context.Barrier(2), context.Queue()
    processes = [
        context.Process(target=_compile_in_another_process, args=(whole.path, cache, ready, results)) for _ in range(2)
    ]
    for process in processes:
        process.start()
    both = [results.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(60)
    results.close()
    assert [process.exitcode for process in processes] == [0, 0]
    assert both == [(["Abschluss anerkennen", "Guten Tag", "Offenes Haus", "می‌خواهم"], [])] * 2
    assert kept(cache) == sorted([f"{digest(whole.path)}.sqlite", pointer(whole)])


def test_a_reader_of_the_old_library_is_not_disturbed(folder, cache):
    folder.page("answers/a/de.md", "Alt")
    current(folder.path, cache)
    path = cache / f"{digest(folder.path)}.sqlite"
    reader = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    folder.page("answers/a/de.md", "Neu")
    current(folder.path, cache)
    assert not path.exists()
    assert reader.execute("SELECT title FROM texts").fetchall() == [("Alt",)]
    reader.close()


@pytest.fixture
def delivered(tmp_path, monkeypatch):
    """A package that has been delivered with folders of its own."""
    package = tmp_path / "package"
    (package / "_shipped/library").mkdir(parents=True)
    monkeypatch.setattr("bot.library.shipped.PACKAGE", package)
    return package / "_shipped"


def test_a_delivered_library_is_used_and_is_the_last_good_one(folder, cache, delivered):
    folder.page("answers/a/de.md", "A")
    current(folder.path, delivered / "library")
    library, problems = current(folder.path, cache)
    assert (titles(library), problems) == (["A"], [])
    assert kept(cache) == [pointer(folder)]
    folder.write("answers/a/de.md", "Halb")
    library, problems = current(folder.path, cache)
    assert (titles(library), len(problems)) == (["A"], 1)


def test_what_is_delivered_inside_the_package_comes_first(delivered):
    assert shipped("library") == delivered / "library"
    assert shipped("locales") == delivered.parent.parent / "locales"


def test_delivered_folders_are_found_beside_the_package():
    root = Path(__file__).parents[2]
    assert root / "bot" == PACKAGE
    assert shipped("knowledge") == root / "knowledge"
