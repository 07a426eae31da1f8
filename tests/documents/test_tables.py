"""Tables out of spreadsheets: every encoding, separator and kind of cell that people send, and what is no table."""

import csv
import io
import unicodedata
import zipfile
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bot.documents.sheets import LARGEST, LIST, MOST_ROWS
from bot.documents.tables import Unreadable, read_rows, read_table
from bot.domain.tables import Problem, Row, Table

DAY = datetime.fromisoformat("2026-12-03")
TEN = datetime.fromisoformat("2026-12-03 10:00")
WANTED = ("series", "title", "starts", "capacity")
ROWS = [["series", "title", "starts"], ["Ankommen", "Übersicht für alle", "2026-12-03 10:00"]]
CELLS = {"series": "Ankommen", "title": "Übersicht für alle", "starts": "2026-12-03 10:00"}


@pytest.fixture
def read(tmp_path):
    """Reads what was written into a file of this name."""

    def reading(content, name="programme.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        return read_table(path, WANTED)

    return reading


@pytest.fixture
def book(read):
    """Reads a workbook that has these rows in its first sheet; `change` may do more with it."""

    def reading(rows, change=lambda _: None):
        made = Workbook()
        for row in rows:
            made.active.append(row)
        change(made)
        target = io.BytesIO()
        made.save(target)
        return read(target.getvalue(), "programme.xlsx")

    return reading


def text(separator=",", rows=ROWS):
    return "".join(separator.join(row) + "\r\n" for row in rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_text_in_any_encoding_and_with_any_separator(read, encoding, separator):
    table = read(text(separator).encode(encoding))
    assert table == Table(["series", "title", "starts"], [Row(2, CELLS)], [], 1, [])


def test_what_is_inside_decides_and_not_the_ending(read):
    assert read(text(";").encode(), "programme.xlsx").rows == [Row(2, CELLS)]


def test_the_separator_is_found_where_titles_hold_others(read):
    content = 'series;title;starts\nA, B, C;"one; two";x,y,z,\n'
    assert read(content.encode()).rows == [Row(2, {"series": "A, B, C", "title": "one; two", "starts": "x,y,z,"})]


def test_excels_own_hint_is_followed_and_not_counted(read):
    assert read(b"sep=|\r\nseries|title\r\nA;B|C,D\r\n").rows == [Row(2, {"series": "A;B", "title": "C,D"})]


def test_rows_are_counted_as_a_spreadsheet_shows_them(read):
    content = 'series,title\n"one\nsecond line",A\n\n,\nB,C\n'
    assert read(content.encode()).rows == [
        Row(2, {"series": "one\nsecond line", "title": "A"}),
        Row(5, {"series": "B", "title": "C"}),
    ]


def test_names_of_columns_may_be_written_in_any_way(read):
    assert read("\ufeff Series , TITLE\nA,B\n".encode()).columns == ["series", "title"]


def test_headings_are_left_out_and_named(read):
    table = read(b"Our programme,,\n\nseries,title,starts\nDecember,,\nA,B,C\n")
    assert (table.header, table.headings) == (3, [1, 4])
    assert table.rows == [Row(5, {"series": "A", "title": "B", "starts": "C"})]


def test_control_characters_go_and_letters_are_composed(read):
    assert read("series,title\nA\0\x07B,Mu\u0308nchen\x9f\n".encode()).rows == [
        Row(2, {"series": "AB", "title": "München"})
    ]


def test_a_cell_beside_the_table_and_a_column_that_stands_twice_are_errors(read):
    table = read(b"series,title,Title\nA,B,C,and more\n")
    assert table.problems == [
        Problem(1, "Title", "the column stands twice"),
        Problem(2, "D", '"and more" stands in a column that has no name'),
    ]


def test_a_formula_in_a_text_is_an_error(read):
    assert read(b'series,title,starts\nA,"=HYPERLINK(""x"")",=NOW()\n').problems == [
        Problem(2, "title", "is a formula; put its value there"),
        Problem(2, "starts", "is a formula; put its value there"),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "there is no table in it"),
        (b" \r\n,,\r\n", "there is no table in it"),
        (b"\xd0\xcf\x11\xe0 and so on", "this is an old or protected Excel file; save it as .xlsx without a password"),
        (b"PK\x03\x04 and so on", "the workbook is damaged (BadZipFile); save it again as .xlsx"),
        (b"series,title\nM\x81\x8d", "it is neither a workbook nor text in a known encoding"),
        (b"\xff\xfes", "it is neither a workbook nor text in a known encoding"),
        (b'series,title\nA,B\n"C,D\nE,F\n', "row 3 cannot be read; is a quotation mark not closed?"),
        (b"a,b\n" * (MOST_ROWS + 1), "the table has more than 5000 rows"),
        (b"a," * 200 + b"a", "the table has more than 200 columns"),
        (b"a,b\n" + b"x" * 200_000, "row 2 cannot be read"),
        (b"x" * 200_000, "row 1 cannot be read"),
    ],
)
def test_what_is_no_table(read, content, message):
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize("size", [LARGEST + 1, 10_000_000])
def test_a_file_that_is_too_large_is_refused(read, size):
    with pytest.raises(Unreadable, match="the file is larger than 5 MB"):
        read(b"series,title\n" + b"A,B\n" * (size // 4))


def test_a_workbook_with_every_kind_of_cell(book):
    def change(made):
        made.active["C4"].number_format = "dd/mm/yyyy"

    table = book(
        [
            ["Series", "title", "starts", "capacity"],
            ["A", "B", TEN, 50],
            [7.0, True, time(10, 30), 0.5],
            ["A", "D", DAY],
        ],
        change,
    )
    assert table.problems == []
    assert [row.cells for row in table.rows] == [
        {"series": "A", "title": "B", "starts": "2026-12-03 10:00:00", "capacity": "50"},
        {"series": "7", "title": "True", "starts": "10:30:00", "capacity": "0.5"},
        {"series": "A", "title": "D", "starts": "2026-12-03"},
    ]


def test_midnight_is_a_time_where_the_cell_shows_one(book):
    def change(made):
        made.active["C2"].number_format = "dd/mm/yyyy hh:mm"

    table = book([["series", "title", "starts"], ["A", "B", DAY]], change)
    assert table.rows[0].cells["starts"] == "2026-12-03 00:00:00"


def test_fractions_of_a_day_become_whole_seconds(book):
    table = book([["series", "title", "starts"], ["A", "B", TEN - timedelta(microseconds=400)]])
    assert table.rows[0].cells["starts"] == "2026-12-03 10:00:00"


def test_formulas_and_errors_in_a_workbook_are_named_with_their_place(book):
    table = book([["series", "title", "starts"], ["A", "B", "=NOW()"], ["A", "#REF!", "x"], [None, None, "=1"]])
    assert table.problems == [
        Problem(2, "starts", "is a formula; put its value there (copy, paste special, values)"),
        Problem(3, "title", "holds Excel's error #REF!"),
        Problem(4, "starts", "is a formula; put its value there (copy, paste special, values)"),
    ]


def test_empty_and_merged_rows_of_a_workbook_are_left_out(book):
    table = book(
        [["Programme"], [], ["series", "title"], ["December"], [None, " "], ["A", "B"]],
        lambda made: made.active.merge_cells("A4:B4"),
    )
    assert (table.header, table.headings, table.rows) == (3, [1, 4], [Row(6, {"series": "A", "title": "B"})])


def test_the_last_row_that_a_sheet_can_have_is_found_with_its_number(book):
    def change(made):
        made.active["A1048576"], made.active["B1048576"] = "A", "B"

    assert book([["series", "title"]], change).rows == [Row(1_048_576, {"series": "A", "title": "B"})]


def test_the_sheet_with_the_columns_is_read_and_no_hidden_one(book):
    def change(made):
        for name, state in (("old", "hidden"), ("new", "visible")):
            sheet = made.create_sheet(name)
            sheet.append(["series", "title", "starts"])
            sheet.append(["A", name, "C"])
            sheet.sheet_state = state

    assert book([["Notes", "of", "2025"]], change).rows[0].cells["title"] == "new"


def test_a_workbook_that_unpacks_to_very_much_is_refused(read):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b"0" * 31_000_000)
    with pytest.raises(Unreadable, match="the workbook unpacks to more than 30 MB"):
        read(packed.getvalue())


def outcome(path):
    """The names of the columns, or in one line why there are none."""
    try:
        return read_table(path, WANTED).columns
    except Unreadable as refused:
        return str(refused).isprintable()


@given(content=st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_a_table_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "file"
    path.write_bytes(content)
    assert outcome(path)


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    """A workbook in a file: its bytes."""
    path = tmp_path_factory.mktemp("book") / "programme.xlsx"
    made = Workbook()
    for row in ROWS:
        made.active.append(row)
    made.save(path)
    return path.read_bytes()


@given(place=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255), cut=st.integers(0, 3000))
@settings(max_examples=100, deadline=None)
def test_a_damaged_workbook_is_a_table_or_refused(tmp_path_factory, workbook, place, byte, cut):
    damaged = bytearray(workbook[: len(workbook) - cut])
    damaged[int(place * len(damaged))] = byte
    path = tmp_path_factory.mktemp("any") / "file"
    path.write_bytes(damaged)
    assert outcome(path)


cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp"]), min_size=1).map("x".__add__)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=5), st.sampled_from(",;\t|"))
@settings(max_examples=50, deadline=None)
def test_any_texts_come_back(tmp_path_factory, rows, separator):
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=separator).writerows([WANTED[:3], *rows])
    path = tmp_path_factory.mktemp("any") / "file"
    path.write_bytes(target.getvalue().encode())
    found = [[row.cells[name] for name in WANTED[:3]] for row in read_table(path, WANTED).rows]
    assert found == [[unicodedata.normalize("NFC", cell) for cell in row] for row in rows]


@pytest.fixture
def listed(tmp_path):
    """The rows of a long list out of a file with this content."""

    def reading(content, name="list.csv", wanted=()):
        path = tmp_path / name
        path.write_bytes(content)
        return read_rows(path, wanted)

    return reading


def test_a_list_has_its_rows_as_they_are_with_their_numbers(listed):
    assert listed(b"Title\r\n\r\nkey;name\r\n01;A, town\r\n02;=1\r\n") == [
        (1, ["Title"]),
        (3, ["key", "name"]),
        (4, ["01", "A, town"]),
        (5, ["02", "=1"]),
    ]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_what_separates_the_cells_of_a_list_is_found_under_titles_and_beside_other_marks(listed, separator):
    row = ["60", '"Stadt, Landeshauptstadt"', '"48,5"', "a/b", '"x|y|z|u"', '"1;2;3"']
    title = '"Municipalities, by area; by people"'
    rows = listed("\n".join([title, separator * 5, *[separator.join(row)] * 60]).encode())
    assert rows[-1] == (62, ["60", "Stadt, Landeshauptstadt", "48,5", "a/b", "x|y|z|u", "1;2;3"])


def test_the_names_that_are_wanted_outweigh_other_marks(listed):
    content = b"ags,name\n" + b"1,a|b|c|d|e|f\n" * 9
    assert listed(content, wanted=("ags", "name"))[1] == (2, ["1", "a|b|c|d|e|f"])


def test_a_list_is_the_sheet_with_most_rows_and_may_have_more_than_a_table(listed):
    made = Workbook()
    made.active.append(["Cover"])
    sheet = made.create_sheet("List")
    for number in range(MOST_ROWS + 1):
        sheet.append(["09", number, 48.5, "=A1"])
    made.create_sheet("Explanations").append(["a", "b"])
    target = io.BytesIO()
    made.save(target)
    rows = listed(target.getvalue(), "list.xlsx")
    assert len(rows) == MOST_ROWS + 1
    assert rows[-1] == (MOST_ROWS + 1, ["09", str(MOST_ROWS), "48.5"])


def test_a_list_beyond_all_measure_is_none(listed):
    for content, trouble in [
        (b"a,b\n" * (LIST.rows + 1), "more than 40000 rows"),
        (b"x" * (LIST.size + 1), "larger than 20 MB"),
        (b" \n\n", "no table in it"),
    ]:
        with pytest.raises(Unreadable, match=trouble):
            listed(content)
