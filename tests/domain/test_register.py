"""Lists of municipalities: both forms that are understood, and every error in them at once."""

import re
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.register import LONGEST, Municipality, Register, read_register
from bot.domain.tables import Problem

HEADER = ["ags", "name", "district", "district_type", "type", "lat", "lon"]
MARKT = ["09999111", "Mustermarkt", "Musterland", "Landkreis", "Markt", "48.5", "11.25"]
TOWN = ["09998000", "Musterstadt, Landeshauptstadt", "Musterstadt, Landeshauptstadt", "Kreisfreie Stadt", "", "", ""]

STATE = ["10", "", "09", "", "", "", "", "Bayern"]
REGION = ["20", "", "09", "9", "", "", "", "Obermuster"]
TOWN_DISTRICT = ["40", "41", "09", "9", "98", "", "", "Musterstadt, Landeshauptstadt"]
TOWN_ALONE = ["50", "50", "09", "9", "98", "0000", "", "Musterstadt, Landeshauptstadt"]
RURAL_DISTRICT = ["40", "44", "09", "9", "99", "", "", "Musterland"]
ASSOCIATION = ["50", "54", "09", "9", "99", "5101", "", "Mustermarkt (VGem)"]


def municipality(mark, association, number, name, lon="11,25", lat="48,5", district="99"):
    """A row of the statistical office's list."""
    people = [" 12.34", " 1 234", "  600", "  634", "  100", "98765", lon, lat, "T99", "Musterwald", "03", "gering"]
    return ["60", mark, "09", "9", district, association, number, name, *people]


def numbered(*rows):
    return [*enumerate(rows, 1)]


def read(*rows):
    return read_register(numbered(*rows))


def wrong(*rows):
    """The errors as people see them; nothing is imported then."""
    found = read(*rows)
    assert found.municipalities == []
    return [str(problem) for problem in found.problems]


def test_a_table_with_named_columns():
    assert read(HEADER, MARKT, TOWN) == Register(
        [
            Municipality("09999111", "Mustermarkt", "Markt", "Musterland", rural=True, where=(48.5, 11.25)),
            Municipality("09998000", "Musterstadt", "", "Musterstadt", rural=False, where=None),
        ],
        [],
    )


def test_columns_stand_in_any_order_under_a_title_and_beside_others_and_rows_may_be_empty():
    columns = ["Note", "DISTRICT", "District_type", "name ", "AGS"]
    row = ["?", "Musterland", "Kreis", "Mustermarkt", "1999111.0"]
    assert read(["Gemeinden"], columns, ["", " "], row).municipalities == [
        Municipality("01999111", "Mustermarkt", "", "Musterland", rural=True, where=None)
    ]


def test_the_list_of_the_statistical_office():
    found = read(
        ["Gemeinden in Deutschland nach Fläche, Bevölkerung und Postleitzahl", ""],
        ["Satzart", "Textkennzeichen", "Amtlicher Regionalschlüssel (ARS)", "", "", "", "", "Gemeindename"],
        STATE,
        REGION,
        TOWN_DISTRICT,
        TOWN_ALONE,
        municipality("61", "0000", "000", "Musterstadt, Landeshauptstadt", district="98"),
        RURAL_DISTRICT,
        municipality("67", "0112", "112", "Großmuster, GKSt"),
        ASSOCIATION,
        municipality("60", "5101", "111", "Mustermarkt, M"),
        municipality("64", "5101", "120", "Musterdorf a.d.Donau", lon="", lat=""),
        ["50", "50", "09", "9", "99", "9451", "", "Musterwald"],
        municipality("66", "9451", "451", "Musterwald", lon="8,1", lat="1,2"),
        ["Quelle: Statistisches Bundesamt"],
    )
    assert found.problems == []
    assert found.municipalities == [
        Municipality("09998000", "Musterstadt", "Kreisfreie Stadt", "Musterstadt", rural=False, where=(48.5, 11.25)),
        Municipality("09999112", "Großmuster", "Große Kreisstadt", "Musterland", rural=True, where=(48.5, 11.25)),
        Municipality("09999111", "Mustermarkt", "Markt", "Musterland", rural=True, where=(48.5, 11.25)),
        Municipality("09999120", "Musterdorf a.d.Donau", "Gemeinde", "Musterland", rural=True, where=None),
    ]


def test_keys_that_a_spreadsheet_took_for_numbers():
    district = ["40", "44", "9", "9", "1", "", "", "Musterland"]
    row = ["60", "64", "9", "9", "1", "11", "11", "Musterdorf"]
    assert [one.key for one in read(district, row).municipalities] == ["09901011"]


def test_a_town_that_is_a_district_itself_needs_no_row_of_its_district():
    (town,) = read(municipality("61", "0000", "000", "Musterstadt", district="98")).municipalities
    assert (town.district, town.rural) == ("Musterstadt", False)


@pytest.mark.parametrize(
    ("key", "kind", "district", "state", "office"),
    [
        ("09999111", "Landkreis", "Musterland", "BY", "Landratsamt Musterland"),
        ("08999111", "Landkreis", "Musterland", "BW", "Landratsamt Musterland"),
        ("05999111", "Kreis", "Musterland", "NW", "Kreisverwaltung Musterland"),
        ("13999111", "Landkreis", "Landkreis Musterland", "MV", "Kreisverwaltung Musterland"),
        ("10999111", "Regionalverband", "Musterland", "SL", "Kreisverwaltung Musterland"),
        ("16998000", "Kreisfreie Stadt", "Musterstadt, Stadt", "TH", "Stadt Musterstadt"),
        ("01998000", "Stadtkreis", "Musterstadt", "SH", "Stadt Musterstadt"),
    ],
)
def test_the_state_and_the_office_that_a_district_has(key, kind, district, state, office):
    (one,) = read(HEADER, [key, "Musterdorf", district, kind]).municipalities
    assert (one.state, one.office) == (state, office)


def test_every_error_of_a_table_at_once():
    assert wrong(
        HEADER,
        MARKT,
        ["0999111", "Zu kurz", "Musterland", "Landkreis"],
        ["17999111", "Kein Land", "Musterland", "Landkreis"],
        ["٠٩٩٩٩١١٢", "Andere Ziffern", "Musterland", "Landkreis"],
        MARKT,
        ["09999113", " ", "", "Bezirk", "", "48.5", ""],
        ["09999114", "M" * (LONGEST + 1), "Musterland", "Landkreis", "", "11.25", "48.5"],
        ["", "Ohne alles"],
    ) == [
        "row 3, column ags: is not an official municipality key of eight digits",
        "row 4, column ags: is not an official municipality key of eight digits",
        "row 5, column ags: is not an official municipality key of eight digits",
        "row 6, column ags: stands in row 2 already",
        "row 7, column district: is missing",
        'row 7, column district_type: is neither "Landkreis" nor "Kreisfreie Stadt"',
        "row 7, column lon: is missing; a position has both",
        "row 7, column name: is missing",
        'row 8, column lat: is not between 47 and 56 degrees: "11.25"',
        'row 8, column lon: is not between 5 and 16 degrees: "48.5"',
        "row 8, column name: is longer than 100 characters",
        "row 9, column ags: is not an official municipality key of eight digits",
        "row 9, column district: is missing",
        'row 9, column district_type: is neither "Landkreis" nor "Kreisfreie Stadt"',
    ]


def test_every_error_of_the_official_list_at_once():
    assert wrong(
        RURAL_DISTRICT,
        municipality("64", "0111", "111", ""),
        municipality("64", "0111", "", "Ohne Nummer"),
        municipality("64", "0112", "112", "Anderswo", district="97"),
        municipality("64", "0113", "113", "Vertauscht", lon="48,5", lat="11,25"),
        municipality("64", "0114", "114", "Zweimal"),
        municipality("64", "0114", "114", "Zweimal"),
        ["60", "64", "09"],
    ) == [
        "row 2, column H: is missing",
        "row 3, column C to G: is not an official municipality key of eight digits",
        "row 4, column E (the row of its district above): is missing",
        'row 5, column O: is not between 5 and 16 degrees: "48,5"',
        'row 5, column P: is not between 47 and 56 degrees: "11,25"',
        "row 7, column C to G: stands in row 6 already",
        "row 8, column C to G: is not an official municipality key of eight digits",
        "row 8, column E (the row of its district above): is missing",
        "row 8, column H: is missing",
    ]


def test_columns_that_are_missing_or_stand_twice():
    assert wrong(["ags", "lat", "name", "lat"], MARKT) == [
        "row 1, column district: the column is missing",
        "row 1, column district_type: the column is missing",
        "row 1, column lat: the column stands twice",
    ]


@pytest.mark.parametrize("rows", [(), (["a", "b"], ["1", "2"]), (HEADER,), (STATE, REGION, RURAL_DISTRICT)])
def test_a_list_without_municipalities_is_an_error(rows):
    assert wrong(*rows) == ["row 1: there is no municipality in the list; docs/places.md shows its two forms"]


def test_control_characters_and_doubled_spaces_are_left_out():
    (one,) = read(HEADER, ["09999111\t", "Muster\x00 \n markt", "Muster\x7fland", "Landkreis"]).municipalities
    assert (one.name, one.district) == ("Muster markt", "Musterland")


words = st.sampled_from([*HEADER, *MARKT, *TOWN, "60", "40", "61", "64", "09", "9", "99", "111", "", "48,5", "11"])
cells = st.lists(words | st.text(max_size=8), max_size=18)


@given(st.lists(cells, max_size=6), st.booleans())
def test_any_rows_give_either_municipalities_that_can_be_stored_or_errors(rows, named):
    found = read(*([HEADER] if named else []), *rows)
    assert bool(found.municipalities) != bool(found.problems)
    assert all(isinstance(problem, Problem) and problem.row <= len(rows) + 1 for problem in found.problems)
    assert len({one.key for one in found.municipalities}) == len(found.municipalities)
    for one in found.municipalities:
        assert re.fullmatch("[01][0-9]{7}", one.key)
        assert all([one.state, one.name, one.district])
        assert not any(category(sign) == "Cc" for sign in f"{one.name}{one.district}{one.type}")
        assert one.where is None or (47 <= one.where[0] <= 56 and 5 <= one.where[1] <= 16)
