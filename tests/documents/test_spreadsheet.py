"""A workbook that is read by another program: a real table, texts that stay texts, dates that are dates."""

import io
import re
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.documents.listing import Listing, aligned, width
from bot.documents.spreadsheet import workbook

MADE = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)
STARTS = datetime(2026, 12, 3, 10, 0)  # noqa: DTZ001 - as the clocks show it
FORMULAS = ["=1+1", "+49 89 1234", "-1", "@SUM(A1)", '=HYPERLINK("http://example.org")', "=cmd|' /C calc'!A0", "{=1}",
            "\t=1"]  # fmt: skip


def listing(*rows, columns=("Name", "Starts", "Places")):
    return Listing("Who & when", "Participants", columns, rows, "Nobody.")


def opened(made):
    return load_workbook(io.BytesIO(made)).active


@pytest.mark.parametrize("written", [*FORMULAS, "https://example.org", "mailto:a@example.org", "0123", "1e5", "true"])
def test_what_people_write_stays_text(written):
    sheet = opened(workbook(listing((written, STARTS, 3)), MADE))
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["A2"].hyperlink) == (written, "s", None)


@pytest.mark.parametrize("written", FORMULAS)
def test_what_would_become_a_formula_when_edited_is_marked_as_text(written):
    sheet = opened(workbook(listing((written, STARTS, 3)), MADE))
    assert sheet["A2"].quotePrefix is not written.startswith("{")


def test_no_formula_and_no_link_is_in_the_file():
    made = workbook(listing(*((written, STARTS, 3) for written in [*FORMULAS, "https://example.org"])), MADE)
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        everything = b"".join(parts.read(name) for name in parts.namelist())
    assert re.findall(rb"<f[ >]|<hyperlink|externalLink|<oleObject", everything) == []


def test_dates_and_numbers_are_dates_and_numbers():
    sheet = opened(workbook(listing(("Anna", STARTS, 3), ("Boris", None, 2.5)), MADE))
    assert [[cell.value for cell in row] for row in sheet["A2:C3"]] == [["Anna", STARTS, 3], ["Boris", None, 2.5]]
    assert (sheet["B2"].is_date, sheet["B2"].number_format) == (True, "yyyy-mm-dd hh:mm")


def test_it_is_one_named_table_with_its_headings_in_sight():
    book = load_workbook(io.BytesIO(workbook(listing(("Anna", STARTS, 3), ("Boris", STARTS, 4)), MADE)))
    assert book.sheetnames == ["Participants"]
    sheet = book.active
    assert {table.name: table.ref for table in sheet.tables.values()} == {"Participants": "A1:C3"}
    assert [column.name for column in sheet.tables["Participants"].tableColumns] == ["Name", "Starts", "Places"]
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.page_setup.orientation) == ("A2", "$1:$1", "landscape")
    assert sheet.merged_cells.ranges == set()


def test_its_properties_name_title_and_language():
    properties = load_workbook(io.BytesIO(workbook(listing(("Anna", STARTS, 3)), MADE))).properties
    assert (properties.title, properties.language, properties.creator) == ("Who & when", "en", "Lotse")
    assert properties.created == MADE.replace(tzinfo=None)


def test_columns_are_as_wide_as_what_stands_in_them_up_to_a_limit():
    sheet = opened(workbook(listing(("A" * 20, STARTS, 3), ("long " * 60, STARTS, 3)), MADE))
    assert [round(sheet.column_dimensions[letter].width) for letter in "ABC"] == [49, 18, 10]
    assert sheet["A3"].alignment.wrap_text is True


def test_a_table_without_rows_says_so():
    sheet = opened(workbook(listing(), MADE))
    assert (sheet["A2"].value, sheet.tables["Participants"].ref) == ("Nobody.", "A1:C2")


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40))
def test_any_name_comes_back(written):
    assert opened(workbook(listing((written, STARTS, 3)), MADE))["A2"].value == written


def test_in_the_terminal_columns_stand_below_each_other():
    shown = aligned(listing(("Anna", STARTS, 3), ("Łukasz 한", None, 250)))
    assert shown.splitlines() == [
        "Name       Starts            Places",
        "Anna       2026-12-03 10:00       3",
        "Łukasz 한                       250",
    ]


def test_in_the_terminal_no_cell_breaks_its_line_or_steers_the_terminal():
    shown = aligned(listing(("a\nb\x1b[31m", STARTS, 3)))
    assert shown.splitlines()[1:] == ["a b[31m  2026-12-03 10:00       3"]


def test_a_table_without_rows_in_the_terminal():
    assert aligned(listing()) == "Nobody."


@pytest.mark.parametrize(("written", "places"), [("Anna", 4), ("한국", 4), ("e\u0301", 1), ("\u200fأنا", 3), ("", 0)])
def test_how_wide_a_text_is(written, places):
    assert width(written) == places
