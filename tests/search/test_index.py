"""The index on disk, and two builds of one base."""

import subprocess
import sys

import pytest

from bot.search.build import build
from bot.search.find import find
from bot.search.index import dump, restore

QUESTIONS = [
    ("Wo finde ich einen Deutschkurs?", "de"),
    ("mein vater schlegt mich", "de"),
    ("дозвіл на проживання", None),
    ("kompasrose telefon", "en"),
    ("zawji yodrobni", None),
    ("Rezept für Apfelkuchen", "de"),
    ("wonungsuchen", None),
]


def test_a_restored_index_finds_the_same(index):
    restored = restore(dump(index))
    assert [find(restored, *question) for question in QUESTIONS] == [find(index, *question) for question in QUESTIONS]


def test_dumping_what_was_restored_gives_the_same_bytes(index):
    assert dump(restore(dump(index))) == dump(index)


def test_two_builds_are_the_same(town, index):
    assert dump(build(town)) == dump(index)


def test_parts_are_plain_bytes(index):
    parts = dump(index)
    assert {type(part) for part in parts.values()} == {bytes}
    assert sorted(name for name in parts if name.startswith("shelf/")) == [
        f"shelf/{language}" for language in ("ar", "de", "en", "fa", "ru", "tr", "uk")
    ]


def test_simple_language_stands_on_the_shelf_of_its_language(index):
    assert find(index, "Lesecafe", "de-simple").hits[0].id == "reading-room"


@pytest.mark.parametrize("broken", [{}, {"index": b'{"format": 0}'}, {"index": b"[]"}, {"index": b"{"}])
def test_what_is_no_index_is_refused(broken):
    with pytest.raises(ValueError, match=r"index|Expecting"):
        restore(broken)


def test_a_missing_shelf_is_noticed(index):
    parts = dump(index)
    del parts["shelf/de"]
    with pytest.raises(ValueError, match="not complete"):
        restore(parts)


def test_finding_loads_nothing_heavy():
    code = (
        "import sys, bot.search.find, bot.search.index\n"
        "heavy = {'scipy', 'sqlalchemy', 'aiohttp', 'telegram', 'pydantic'} & set(sys.modules)\n"
        "print(sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
