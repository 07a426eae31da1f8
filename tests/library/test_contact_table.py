"""Offices out of a spreadsheet: what is written, what stays, and what keeps a table from being imported."""

import re
import shutil
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.documents.tables import read_table
from bot.domain.offices import BOUND, GENERAL, LAST
from bot.domain.tables import Problem, Row, Table
from bot.library.check import check
from bot.library.contact_table import COLUMNS, Plan, plan, write
from bot.library.problems import MissingKnowledge
from bot.library.read import read

DOCS = Path(__file__).parents[2] / "docs"
TODAY = date(2026, 11, 25)
FILE = """name = "Beratung Musterstadt"
kind = "counselling"
topics = ["work"]
area = ["Musterstadt"]
languages = ["de", "uk"]
phone = "+49 30 23125 111"
email = "beratung@musterstadt.example"
website = "https://beratung.musterstadt.example"
address = { street = "Beispielweg 7", postcode = "99998", city = "Musterstadt" }
location = [48.5, 11.25]
hours = "Mo-Fr 08:00-12:00"
by_appointment = true
status = "verified"

[notes]
de = "Kostenlos; \\"offen\\" für alle"
de-simple = "Kostet nichts"

[[sources]]
title = "Stadt Musterstadt"
url = "https://musterstadt.example"
date = "2026-09"
accessed = "2026-11-20"
licence = "CC0"
"""
CELLS = {
    "id": "advice",
    "name": "Beratung Musterstadt",
    "kind": "counselling",
    "topics": "work",
    "area": "Musterstadt",
    "languages": "de; uk",
    "phone": "+49 30 23125 111",
    "email": "beratung@musterstadt.example",
    "website": "https://beratung.musterstadt.example",
    "street": "Beispielweg 7",
    "postcode": "99998",
    "city": "Musterstadt",
    "lat": "48,5",
    "lon": "11.25",
    "hours": "Mo-Fr 08:00-12:00",
    "by_appointment": "ja",
    "confidential_address": "nein",
    "status": "verified",
    "note_de": 'Kostenlos; "offen" für alle',
    "note_de-simple": "Kostet nichts",
    "source": "Stadt Musterstadt",
    "source_url": "https://musterstadt.example",
    "source_date": "2026-09",
    "accessed": "2026-11-20",
    "licence": "CC0",
}
NEEDED = {"name": "Beratung"}


def table(*rows, columns=None):
    """A table of these rows; its columns are those of all rows, the first row has the number 2."""
    names = columns or list(dict.fromkeys(name for row in rows for name in row))
    filled = [Row(number, {n: cell for n, cell in row.items() if cell}) for number, row in enumerate(rows, 2)]
    return Table(names, filled, [], 1, [])


@pytest.fixture
def place(folder):
    """A sound folder with a topic and one contact."""
    folder.write("topics.toml", '[work]\nnames = {de = "Arbeit"}\n')
    folder.write("contacts/network.toml", 'name = "Netzwerk"\nphone = "+49 30 23125 000"\nstatus = "verified"\n')
    return folder.path


def brings(place, *rows, **more):
    """Imports a table that is right; what was counted, and the files written."""
    planned = plan(place, table(*rows, **more))
    assert isinstance(planned, Plan), planned
    write(place, planned.files)
    assert [problem for problem in check(place, TODAY) if problem.severity == "error"] == []
    return (planned.new, planned.changed, planned.unchanged), sorted(planned.files)


def complaints(place, *rows, **more):
    """The errors of a table as people see them."""
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    planned = plan(place, table(*rows, **more))
    assert isinstance(planned, list)
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == before
    return [str(problem) for problem in planned]


def test_every_column_of_a_new_contact(place):
    assert brings(place, CELLS) == ((1, 0, 0), ["contacts/advice.toml"])
    assert (place / "contacts/advice.toml").read_text("utf-8") == FILE


def test_importing_twice_changes_nothing(place):
    brings(place, CELLS, NEEDED)
    assert brings(place, CELLS, NEEDED) == ((0, 0, 2), [])


def test_a_changed_cell_writes_only_its_contact(place):
    other = {**CELLS, "id": "other", "name": "Andere Beratung"}
    brings(place, CELLS, other)
    assert brings(place, CELLS, {**other, "phone": "+49 30 23125 999"}) == ((0, 1, 1), ["contacts/other.toml"])
    assert 'phone = "+49 30 23125 999"\n' in (place / "contacts/other.toml").read_text("utf-8")


def test_what_the_table_has_no_column_for_stays_but_not_the_day_of_review(place):
    reviewed = FILE.replace("[notes]", "reviewed_on = 2026-11-01\n[notes]")
    more = '[[sources]]\ntitle = "Faltblatt"\ndate = 2021\n'
    (place / "contacts/advice.toml").write_text(f"{reviewed}\n{more}", "utf-8")
    row = {"id": "advice", "name": "Beratung", "note_de": "Neu", "street": "", "city": "Neustadt", "source": "Amt"}
    assert brings(place, row) == ((0, 1, 0), ["contacts/advice.toml"])
    contact = read(place)[0].contacts["advice"]
    assert (contact.name, contact.kind, contact.reviewed_on) == ("Beratung", "counselling", None)
    assert contact.notes == {"de": "Neu", "de-simple": "Kostet nichts"}
    assert (contact.address.street, contact.address.postcode, contact.address.city) == ("", "99998", "Neustadt")
    assert [(source.title, source.date) for source in contact.sources] == [("Amt", "2026-09"), ("Faltblatt", "2021")]


def test_an_empty_cell_takes_away(place):
    brings(place, CELLS)
    assert brings(place, {name: CELLS[name] if name in {"id", "name"} else "" for name in CELLS})[0] == (0, 1, 0)
    assert (place / "contacts/advice.toml").read_text("utf-8") == 'name = "Beratung Musterstadt"\n'


def test_a_contact_that_stays_as_it_is_keeps_its_file_to_the_letter(place):
    own = f"# Written by hand\n{FILE}".replace('["work"]', "[\n  'work',\n]")
    (place / "contacts/advice.toml").write_text(own, "utf-8")
    assert brings(place, CELLS) == ((0, 0, 1), [])
    assert (place / "contacts/advice.toml").read_text("utf-8") == own


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Größe & Maß GmbH", "groesse-mass-gmbh"),
        ("Ärztinnen ÖÄÜ", "aerztinnen-oeaeue"),
        ("Żóć – Café 7", "zoc-cafe-7"),
        ("x" * 60, "x" * 40),
    ],
)
def test_the_id_is_made_of_the_name(place, name, made):
    assert brings(place, {"name": name}) == ((1, 0, 0), [f"contacts/{made}.toml"])
    assert read(place)[0].contacts[made].name == name


def test_a_name_in_other_letters_needs_an_id(place):
    assert complaints(place, {"name": "Консультація"}) == [
        "row 2, column id: is needed here, for the name has no Latin letters"
    ]
    assert brings(place, {"id": "kyiv", "name": "Консультація"}) == ((1, 0, 0), ["contacts/kyiv.toml"])


@pytest.mark.parametrize(
    "name", ['"', "\\", "'''", "[x]", "a # b", "= 1+1", "{0}", "<b>&amp;</b>", "نص عربي", "😀", "e\u0301", "a\u200cb"]
)
def test_any_characters_in_names(place, name):
    brings(place, {"id": "advice", "name": name, "note_de": name, "street": name, "area": f"{name} Land"})
    contact = read(place)[0].contacts["advice"]
    assert (contact.name, contact.notes, contact.address.street) == (name, {"de": name}, name)


def test_every_error_at_once_by_row_and_column(place):
    assert complaints(
        place,
        {**NEEDED, "phone": "ask inside", "email": "nobody", "hours": "always", "status": "new", "topics": "work, wok"},
        {"id": "Ü", "name": "B", "website": "www.example.org", "languages": "deutsch", "lat": "48", "lon": "x"},
        {"id": "../../etc/passwd", "name": "C", "lat": "48.1", "note_en": "a\u200bb"},
        {"id": "network", "phone": "1"},
        {"id": "shelter", "name": "D", "confidential_address": "yes", "street": "Weg 1", "by_appointment": "maybe"},
        {"id": "far", "name": "E", "lat": "95", "lon": "11", "source": "", "source_url": "https://example.org"},
        {"name": "Beratung"},
    ) == [
        'row 2, column email: not an e-mail address: "nobody"',
        'row 2, column hours: not an OpenStreetMap opening_hours expression: "always"',
        'row 2, column phone: a phone number is made of digits, spaces, +, -, / and (): "ask inside"',
        'row 2, column status: "status" names the unknown "new"; known here: verified, partly',
        'row 2, column topics: "topics" names the unknown "wok"; did you mean "work"?',
        "row 3, column id: is not made of small letters a to z, digits and hyphens, 40 at most",
        'row 3, column languages: "deutsch" is not a language code such as "de" or "de-simple"',
        "row 3, column lon: is not a number of degrees such as 48.137",
        'row 3, column website: not a web address that begins with http:// or https://: "www.example.org"',
        "row 4, column id: is not made of small letters a to z, digits and hyphens, 40 at most",
        "row 4, column lon: is missing; a position has both",
        'row 4, column note_en: an invisible character in "notes", U+200B',
        'row 5, column name: "name" is missing',
        "row 6, column by_appointment: is neither yes nor no",
        'row 6, column street: a confidential address must not be in the file: remove "address"',
        "row 7, column lat: latitude must be from -90 to 90, longitude from -180 to 180",
        'row 7, column source: "title" is missing',
        'row 8, column id: "beratung" is the id of row 2 already; give each an id of its own',
    ]


def test_an_id_made_of_the_name_does_not_take_the_place_of_another_contact(place):
    assert complaints(place, {"name": "Network"}) == [
        'row 2, column id: "network" is the id of another contact; give this one an id of its own'
    ]


def test_columns_that_there_are_not(place):
    known = ", ".join(COLUMNS)
    assert complaints(place, {"id": "x", "fax": "1", "note_Deutsch": "", "lat": ""}) == [
        f"row 1, column fax: there is no such column; there are {known}, note_de, note_en, …",
        "row 1, column lon: the column is missing",
        "row 1, column name: the column is missing",
        f"row 1, column note_Deutsch: there is no such column; there are {known}, note_de, note_en, …",
        'row 2, column name: "name" is missing',
    ]


def test_columns_of_the_author_are_not_read(place):
    assert brings(place, {**NEEDED, "#remarks": "ask Ms Muster"}) == ((1, 0, 0), ["contacts/beratung.toml"])
    assert (place / "contacts/beratung.toml").read_text("utf-8") == 'name = "Beratung"\n'


def test_an_error_elsewhere_in_the_folder_is_told_with_its_file(place):
    (place / "contacts/broken.toml").write_text("name = \n", "utf-8")
    (found,) = complaints(place, NEEDED)
    assert found.startswith("row 1: contacts/broken.toml:1: not valid TOML")
    assert brings(place, {"id": "broken", "name": "Heil"}) == ((0, 1, 0), ["contacts/broken.toml"])


def test_a_change_that_breaks_help_in_danger_is_refused(place):
    (place / "answers/danger").mkdir(parents=True)
    (place / "answers/danger/entry.toml").write_text('contacts = ["network"]\nurgent = true\n', "utf-8")
    (place / "answers/danger/de.md").write_text('+++\ntitle = "In Gefahr"\n+++\nRufen Sie an.\n', "utf-8")
    assert complaints(place, {"id": "network", "name": "Netzwerk", "phone": "", "status": "partly"}) == [
        'row 1: answers/danger/entry.toml:1: help in danger needs a contact with a phone number, "network" has none',
        'row 1: answers/danger/entry.toml:1: help in danger needs a contact with status "verified", "network" has not',
    ]


def test_formulas_are_no_texts(place, tmp_path):
    (tmp_path / "contacts.csv").write_text('name,phone\nBeratung,"=HYPERLINK(1)"\n', "utf-8")
    assert plan(place, read_table(tmp_path / "contacts.csv", COLUMNS)) == [
        Problem(2, "phone", 'a phone number is made of digits, spaces, +, -, / and (): "=HYPERLINK(1)"'),
        Problem(2, "phone", "is a formula; put its value there"),
    ]


def test_too_much_for_one_file(place):
    notes = {f"note_{a}{b}": "x" * 60_000 for a in "abcde" for b in "abcd"}
    assert complaints(place, {**NEEDED, **notes}) == ["row 2, column name: larger than 1 MiB"]


def test_a_table_without_rows_changes_nothing(place):
    assert brings(place, columns=["name"]) == ((0, 0, 0), [])


def test_a_folder_that_is_missing(tmp_path):
    with pytest.raises(MissingKnowledge):
        plan(tmp_path / "nowhere", table(NEEDED))


def test_the_first_contact_of_a_folder(tmp_path):
    assert brings(tmp_path, NEEDED) == ((1, 0, 0), ["contacts/beratung.toml"])


def test_where_one_file_cannot_be_written_none_is(place):
    (place / "contacts/b.toml").mkdir()
    (place / "contacts/.c.toml.part").mkdir()
    with pytest.raises(OSError, match=r"c\.toml"):
        write(place, {"contacts/a.toml": "a", "contacts/c.toml": "c"})
    assert sorted(path.name for path in (place / "contacts").iterdir()) == [".c.toml.part", "b.toml", "network.toml"]


def test_the_example_of_the_guide_is_right(place):
    shutil.copy(DOCS.parent / "knowledge/topics.toml", place)
    planned = plan(place, read_table(DOCS / "contacts.csv", COLUMNS))
    assert isinstance(planned, Plan), planned
    assert (planned.new, planned.changed, planned.unchanged) == (3, 0, 0)
    write(place, planned.files)
    contacts = read(place)[0].contacts
    made = "beratungsstelle-fuer-zugewanderte-muster"
    assert set(contacts) == {"network", "musterland-immigration", "musterstadt-shelter", made}
    assert contacts["musterland-immigration"].area == ("Landkreis Musterland", "Musterdorf")
    assert contacts[made].location == (48.5, 11.25)
    assert contacts["musterstadt-shelter"].address is None


def test_the_guide_explains_every_column():
    guide = (DOCS / "places.md").read_text("utf-8").partition("## Adding offices")[2]
    first = re.findall(r"^\| (`[^|]*`) \|", guide.partition("These may be there as well")[0], re.MULTILINE)
    assert sorted(name for cell in first for name in re.findall("`([^`]+)`", cell)) == sorted(COLUMNS)
    assert all(f"`{kind}`" in guide for kind in BOUND | LAST | {GENERAL})


texts = st.text(max_size=12)
rows = st.dictionaries(
    st.sampled_from([*CELLS, "note_en", "#own", "other"]), st.sampled_from([*CELLS.values()]) | texts
)


@given(given_rows=st.lists(rows, max_size=4), usual=st.booleans())
@example(given_rows=[{"name": "a\x7f"}], usual=True)
@example(given_rows=[{"name": "a", "note_de": "a\nb\x7f"}], usual=True)
def test_any_table_is_a_plan_whose_files_are_right_or_errors(given_rows, usual):
    known = {**dict.fromkeys(CELLS), **dict.fromkeys(["note_en", "#own"])}
    if usual:
        given_rows = [{name: cell for name, cell in row.items() if name in known} for row in given_rows]
    given_table = table(*given_rows, columns=[*known] if usual else None)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "topics.toml").write_text('[work]\nnames = {de = "Arbeit"}\n', "utf-8")
        (place / "contacts").mkdir()
        (place / "contacts/network.toml").write_text('name = "Netzwerk"\n', "utf-8")
        planned = plan(place, given_table)
        if isinstance(planned, list):
            assert planned
            assert all(problem.row <= len(given_rows) + 1 and problem.message for problem in planned)
            return
        write(place, planned.files)
        assert len(planned.files) == len(given_rows)
        assert [problem for problem in check(place, TODAY) if problem.severity == "error"] == []
        again = plan(place, given_table)
        assert isinstance(again, Plan)
        assert (dict(again.files), again.unchanged) == ({}, len(given_rows))
