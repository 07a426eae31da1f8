"""The compiled file holds exactly the knowledge, is whole at every moment, and can be read by other programs."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import pytest
import sqlite_utils
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.knowledge import Address, Contact, Entry, Knowledge, Operator, Source, Text, Topic
from bot.library.compile import compile_library
from bot.library.load import UnusableLibrary, load
from bot.library.read import read
from bot.version import __version__


def entry(name, title="Titel"):
    return Entry(name, "answer", {"de": Text("de", title, "Text.")})


def knowledge(*names):
    return Knowledge({name: entry(name) for name in names})


class Failing(dict):
    """Entries that break off in the middle of being written, by whatever `how` does."""

    def __init__(self, entries, how):
        super().__init__(entries)
        self.how = how

    def values(self):
        yield from super().values()
        self.how()


def test_what_was_read_is_what_is_loaded(whole, tmp_path):
    known, _ = read(whole.path)
    compile_library(known, tmp_path / "library.sqlite", "abc")
    library = load(tmp_path / "library.sqlite")
    assert library.knowledge == known
    assert library.digest == "abc"
    for loaded, given_ in ((library.knowledge.entries, known.entries), (library.knowledge.topics, known.topics)):
        assert list(loaded) == list(given_)
    assert list(library.knowledge.entries["diploma"].texts) == ["de", "fa"]


def test_the_file_stands_alone_and_is_read_only(whole, tmp_path):
    place = tmp_path / "cache"
    place.mkdir()
    compile_library(read(whole.path)[0], place / "library.sqlite")
    load(place / "library.sqlite")
    assert [path.name for path in place.iterdir()] == ["library.sqlite"]
    assert stat.S_IMODE((place / "library.sqlite").stat().st_mode) == 0o444


def test_anyone_can_look_into_it_with_sqlite_utils(whole, tmp_path):
    compile_library(read(whole.path)[0], tmp_path / "library.sqlite", "abc")
    database = sqlite_utils.Database(sqlite3.connect(f"file:{tmp_path}/library.sqlite?mode=ro", uri=True))
    try:
        found = [(row["entry"], row["language"]) for row in database["texts"].search("beratung")]
        assert found == [("diploma", "de")]
        assert [row["id"] for row in database["contacts"].search("musterstadt")] == ["advice"]
        assert [row["id"] for row in database["contacts"].search("appointment")] == ["advice"]
        assert list(database.query("PRAGMA foreign_key_check")) == []
        assert list(database.query("PRAGMA integrity_check")) == [{"integrity_check": "ok"}]
        links = {
            (link.table, link.column, link.other_table) for table in database.tables for link in table.foreign_keys
        }
        assert links == {
            ("topics", "parent", "topics"),
            ("texts", "entry", "entries"),
            ("phrases", "text", "texts"),
            ("sources", "entry", "entries"),
            ("sources", "contact", "contacts"),
            ("entry_topics", "entry", "entries"),
            ("entry_topics", "topic", "topics"),
            ("entry_contacts", "entry", "entries"),
            ("entry_contacts", "contact", "contacts"),
            ("contact_topics", "contact", "contacts"),
            ("contact_topics", "topic", "topics"),
        }
        titles = [row["phrase"] for row in database["phrases"].rows_where("kind = 'title'")]
        assert titles == ["Abschluss anerkennen", "می‌خواهم", "Offenes Haus", "Guten Tag"]
        meta = {row["name"]: row["value"] for row in database["meta"].rows}
        assert (meta["format"], meta["digest"], meta["program"].split("+")[0]) == ("2", "abc", __version__)
    finally:
        database.close()


def test_a_reader_keeps_the_old_file_while_the_new_one_takes_its_place(tmp_path):
    target = tmp_path / "library.sqlite"
    compile_library(knowledge("old"), target)
    reader = sqlite3.connect(f"file:{target}?mode=ro&immutable=1", uri=True)
    rows = reader.execute("SELECT id FROM entries")
    compile_library(knowledge("new"), target)
    assert rows.fetchall() == [("old",)]
    assert reader.execute("SELECT entry FROM texts").fetchall() == [("old",)]
    reader.close()
    assert list(load(target).knowledge.entries) == ["new"]


def test_breaking_off_in_the_middle_leaves_the_old_file_and_no_rubbish(tmp_path):
    def fail():
        raise KeyboardInterrupt

    target = tmp_path / "library.sqlite"
    compile_library(knowledge("old"), target)
    with pytest.raises(KeyboardInterrupt):
        compile_library(Knowledge(Failing({"new": entry("new")}, fail)), target)
    assert [path.name for path in tmp_path.iterdir()] == ["library.sqlite"]
    assert list(load(target).knowledge.entries) == ["old"]


def _die_while_compiling(target):
    dying = Failing({"new": entry("new")}, lambda: os.kill(os.getpid(), signal.SIGKILL))
    compile_library(Knowledge(dying), target)


def test_being_killed_in_the_middle_leaves_the_old_file(tmp_path):
    target = tmp_path / "library.sqlite"
    compile_library(knowledge("old"), target)
    process = get_context("spawn").Process(target=_die_while_compiling, args=(target,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert list(load(target).knowledge.entries) == ["old"]


def test_what_is_no_library_is_said_to_be_none(tmp_path):
    target = tmp_path / "library.sqlite"
    with pytest.raises(UnusableLibrary, match="cannot be read"):
        load(target)
    target.write_bytes(b"")
    with pytest.raises(UnusableLibrary, match="no such table"):
        load(target)
    target.write_bytes(b"not a database, but long enough to be looked at" * 50)
    with pytest.raises(UnusableLibrary, match="not a database"):
        load(target)
    target.unlink()
    compile_library(knowledge("a"), target)
    target.chmod(0o644)
    target.write_bytes(target.read_bytes()[:9000])
    with pytest.raises(UnusableLibrary, match="malformed"):
        load(target)


def _with_meta(target, name, value):
    target.chmod(0o644)
    connection = sqlite3.connect(target)
    with connection:
        connection.execute("UPDATE meta SET value = ? WHERE name = ?", (value, name))
    connection.close()


def test_another_format_is_refused(tmp_path):
    target = tmp_path / "library.sqlite"
    compile_library(knowledge("a"), target)
    _with_meta(target, "format", "0")
    with pytest.raises(UnusableLibrary, match="another version"):
        load(target)


def test_another_programs_records_hold_and_its_index_is_built_anew(whole, tmp_path):
    known, _ = read(whole.path)
    target = tmp_path / "library.sqlite"
    compile_library(known, target)
    _with_meta(target, "program", "0.0.1+older")
    connection = sqlite3.connect(target)
    with connection:
        connection.execute("DELETE FROM search")
    connection.close()
    assert load(target).knowledge == known


def test_loading_needs_nothing_that_compiling_needs(tmp_path):
    compile_library(knowledge("a"), tmp_path / "library.sqlite")
    heavy = "{'sqlite_utils', 'opening_hours', 'tomllib', 'sqlalchemy', 'telegram', 'aiohttp'}"
    script = (
        "import sys, pathlib; from bot.library.load import load; import bot.library.current\n"
        f"load(pathlib.Path({str(tmp_path / 'library.sqlite')!r})); print(sorted({heavy} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAMES = st.text("abc-09", min_size=1, max_size=6)
DAYS = st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1))
LISTS = st.lists(WORDS, max_size=3).map(tuple)
SOURCES = st.lists(st.builds(Source, *[WORDS] * 5), max_size=2).map(tuple)
BY_LANGUAGE = st.dictionaries(st.sampled_from(["de", "en", "fa", "de-simple"]), WORDS, max_size=3)


def _some(names):
    return st.lists(st.sampled_from(names), unique=True, max_size=3).map(tuple) if names else st.just(())


@st.composite
def all_kinds_of_knowledge(draw):
    """Records as reading gives them: every id that is named exists."""
    topics = draw(st.lists(NAMES, unique=True, max_size=3))
    contacts = draw(st.lists(NAMES, unique=True, max_size=3))
    entries = draw(st.lists(NAMES, unique=True, max_size=3))

    def text(code):
        return st.builds(Text, st.just(code), WORDS, WORDS, LISTS, LISTS, WORDS, WORDS, WORDS, WORDS)

    def texts():
        codes = draw(st.lists(st.sampled_from(["de", "en", "uk"]), unique=True, min_size=1))
        return {code: draw(text(code)) for code in codes}

    kinds = st.sampled_from(["answer", "practice", "action"])
    coordinates = st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180))
    address = st.none() | st.builds(Address, WORDS, WORDS, WORDS)
    return Knowledge(
        entries={
            name: Entry(
                name, draw(kinds), texts(), draw(_some(topics)), draw(LISTS), draw(LISTS), draw(_some(contacts)),
                draw(SOURCES), draw(DAYS), draw(WORDS), draw(DAYS), draw(st.booleans()),
            )
            for name in entries
        },
        contacts={
            name: Contact(
                name, draw(WORDS), draw(WORDS), draw(_some(topics)), draw(LISTS), draw(LISTS), draw(WORDS),
                draw(WORDS), draw(WORDS), draw(address), draw(coordinates), draw(WORDS), draw(st.booleans()),
                draw(st.booleans()), draw(st.sampled_from(["verified", "partly"])), draw(SOURCES), draw(DAYS),
                draw(BY_LANGUAGE),
            )
            for name in contacts
        },
        topics={name: Topic(name, draw(BY_LANGUAGE), draw(st.sampled_from(["", *topics]))) for name in topics},
        glossary=draw(
            st.dictionaries(
                NAMES,
                st.dictionaries(st.sampled_from(["de", "ar"]), LISTS.filter(bool), min_size=1),
                max_size=2,
            )
        ),
        operator=draw(st.none() | st.builds(Operator, *[WORDS] * 5)),
    )  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(all_kinds_of_knowledge())
def test_all_kinds_of_records_survive(known):
    with tempfile.TemporaryDirectory() as place:
        compile_library(known, Path(place) / "library.sqlite")
        assert load(Path(place) / "library.sqlite").knowledge == known
