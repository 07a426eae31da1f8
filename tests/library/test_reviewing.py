"""What is due, and noting that it was checked."""

import tomllib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.knowledge import Contact, Entry, Knowledge, Text
from bot.library.check import check
from bot.library.read import read
from bot.library.review import UnknownId, due, mark_reviewed, with_key

TODAY = date(2026, 11, 25)


def entry(name, *, urgent=False, checked=None, until=None, contacts=()):
    text = Text("de", name.title(), "Text.")
    return Entry(name, "answer", {"de": text}, urgent=urgent, reviewed_on=checked, valid_until=until, contacts=contacts)


def knowledge(*entries, contacts=()):
    return Knowledge({e.id: e for e in entries}, {c.id: c for c in contacts})


def ids(found):
    return [one.id for one in found]


def test_danger_comes_first_then_the_most_asked_then_the_oldest():
    base = knowledge(
        entry("seldom", checked=date(2024, 1, 1)),
        entry("often"),
        entry("oldest", checked=date(2020, 1, 1)),
        entry("danger", urgent=True, contacts=("line",)),
        contacts=[Contact("line", "Telefon"), Contact("office", "Amt")],
    )
    assert ids(due(base, {"often": 9, "seldom": 2}, TODAY, 10)) == [
        "danger", "line", "often", "seldom", "office", "oldest",
    ]  # fmt: skip


def test_what_was_checked_lately_waits_danger_for_half_a_year_others_for_one():
    spring, last_year = date(2026, 4, 1), date(2025, 11, 24)
    base = knowledge(
        entry("danger", urgent=True, checked=spring),
        entry("fresh", checked=spring),
        entry("old", checked=last_year),
        entry("ended", checked=spring, until=date(2026, 11, 24)),
    )
    assert ids(due(base, {}, TODAY, 10)) == ["danger", "old", "ended"]


def test_the_list_is_as_long_as_the_time():
    base = knowledge(*(entry(f"e{n}") for n in range(9)), entry("d", urgent=True))
    assert ids(due(base, {}, TODAY, 0.75)) == ["d", "e0", "e1"]
    assert ids(due(base, {}, TODAY, 0.01)) == ["d"]
    assert due(knowledge(), {}, TODAY, 2) == []


def test_an_item_reads_as_a_sentence():
    base = knowledge(entry("danger", urgent=True, checked=date(2026, 1, 5)))
    (one,) = due(base, {"danger": 3}, TODAY, 2)
    assert str(one) == "answer danger: Danger (danger, checked on 2026-01-05, asked 3 times, 20 minutes)"


@pytest.fixture
def folder(tmp_path):
    """An answer with a translation, and a contact, written by hand."""
    place = tmp_path / "answers" / "dog"
    place.mkdir(parents=True)
    (place / "de.md").write_text('+++\ntitle = "Hund"\n+++\nText.\n', "utf-8")
    (place / "en.md").write_text(
        '+++\ntitle = "Dog"   # as spoken\nsource_hash = "000000000000"\n+++\nText.\n', "utf-8"
    )
    (place / "entry.toml").write_text('# mine\naudience = ["staff"]\n\n[[sources]]\ntitle = "Satzung"\n', "utf-8")
    (tmp_path / "contacts").mkdir()
    (tmp_path / "contacts" / "office.toml").write_text('name = "Amt"\nreviewed_on = 2020-01-01\n', "utf-8")
    return tmp_path


def test_the_date_goes_into_the_files_and_everything_else_stays(folder):
    changed = mark_reviewed(folder, read(folder)[0], ["dog", "office"], TODAY, minor=False)
    assert [path.name for path in changed] == ["entry.toml", "office.toml"]
    assert (folder / "answers/dog/entry.toml").read_text("utf-8") == (
        '# mine\naudience = ["staff"]\nreviewed_on = 2026-11-25\n\n[[sources]]\ntitle = "Satzung"\n'
    )
    assert (folder / "contacts/office.toml").read_text("utf-8") == 'name = "Amt"\nreviewed_on = 2026-11-25\n'


def test_after_a_minor_change_translations_are_current(folder):
    outdated = [problem for problem in check(folder, TODAY) if "has changed" in problem.message]
    assert len(outdated) == 1
    mark_reviewed(folder, read(folder)[0], ["dog"], TODAY, minor=True)
    assert [problem for problem in check(folder, TODAY) if "has changed" in problem.message] == []
    assert '# as spoken\nsource_hash = "' in (folder / "answers/dog/en.md").read_text("utf-8")


def test_an_entry_without_a_sheet_gets_one(folder):
    (folder / "answers/dog/entry.toml").unlink()
    mark_reviewed(folder, read(folder)[0], ["dog"], TODAY, minor=False)
    assert read(folder)[0].entries["dog"].reviewed_on == TODAY


def test_an_unknown_id_changes_nothing(folder):
    with pytest.raises(UnknownId, match="there is no entry or contact cat"):
        mark_reviewed(folder, read(folder)[0], ["dog", "cat"], TODAY, minor=True)
    assert read(folder)[0].entries["dog"].reviewed_on is None


@given(
    st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.integers() | st.booleans(), max_size=4),
    st.booleans(),
)
def test_a_key_is_set_and_nothing_else_changes(values, tables):
    toml = "".join(f"{key} = {str(value).lower()}\n" for key, value in values.items())
    toml += '\n[[sources]]\nreviewed = "no"\n' if tables else ""
    before, after = tomllib.loads(toml), tomllib.loads(with_key(toml, "reviewed", "2026-11-25"))
    assert after == {**before, "reviewed": TODAY}
