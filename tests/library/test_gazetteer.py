"""The compiled gazetteer against a plain look through its files."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.places import kilometres
from bot.library.gazetteer import TABLES, compile_gazetteer
from bot.library.places import Gazetteer
from bot.library.shipped import shipped
from bot.library.towns import municipalities

TOWNS = """id,name,state,lat,lon,population,names
1,Musterstadt,BY,48.0,11.0,30000,Musterville|Мустерштадт
2,Neustadt,BY,49.0,11.5,9000,
3,Neustadt,BW,48.5,9.0,7000,
4,Wald an der Muster,BY,48.05,11.1,700,Wald
5,Musterburg,BY,48.2,11.3,20000,Linz|Мустербург
6,Hinterstadt,BY,48.21,11.31,9000,Хинтерштадт
7,Vorderstadt,BY,48.3,11.9,400,
"""
POSTCODES = """postcode,lat,lon
80001,48.01,11.0
80002,47.99,11.02
90001,49.0,11.5
70001,48.5,9.0
80003,48.05,11.1
80009,47.5,11.0
81001,48.2,11.3
"""
MUNICIPALITIES = """municipality,postcodes
Musterstadt,80001 80002
Neustadt,90001 70001
Wald,80003
Dorf bei Musterstadt,80009
Musterburg a.d.Muster,81001
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A knowledge folder with a small gazetteer."""
    places = tmp_path / "knowledge" / "places"
    places.mkdir(parents=True)
    files = {
        "towns.csv": TOWNS,
        "postcodes.csv": POSTCODES,
        "municipality_postcodes.csv": MUNICIPALITIES,
        "elsewhere.csv": "name\nLinz\nPort Muster\n",
        "ordinary_words.txt": "Wald\n",
    }
    for name, text in files.items():
        (places / name).write_text(text, "utf-8")
    return places.parent


@pytest.fixture
def gazetteer(folder: Path, tmp_path: Path) -> Gazetteer:
    """Compiled."""
    compile_gazetteer(folder / "places", tmp_path / "g.sqlite")
    return Gazetteer(tmp_path / "g.sqlite")


def test_namesakes_keep_their_own_postcodes(gazetteer: Gazetteer) -> None:
    found = {code: gazetteer.postcode(code) for code in ("90001", "70001", "80001", "80002", "12345")}
    assert found == {"90001": [2], "70001": [3], "80001": [1], "80002": [1], "12345": []}
    assert gazetteer.named(["neustadt"]) == {"neustadt": [2, 3]}
    assert gazetteer.postcodes(1) == ["80001", "80002"]


def test_a_town_that_the_lists_write_differently_is_one_and_has_its_name_in_full(gazetteer: Gazetteer) -> None:
    place = gazetteer.places([5])[5]
    assert (place.name, place.population) == ("Musterburg an der Muster", 20_000)
    written = ["musterburg", "musterburg a d muster", "musterburg an der muster", "мустербург"]
    assert gazetteer.named(written) == {name: [5] for name in written}


def test_what_is_a_city_abroad_is_no_other_name_of_a_town(gazetteer: Gazetteer) -> None:
    assert gazetteer.named(["linz"]) == {}
    assert gazetteer.elsewhere(["linz", "port muster", "musterburg"]) == {"linz", "port muster"}
    assert gazetteer.heads(["port", "musterburg", "muster"]) == {"port": 2, "musterburg": 4}


def test_a_large_part_stands_for_its_municipality_and_a_small_one_for_nothing(gazetteer: Gazetteer) -> None:
    assert gazetteer.named(["hinterstadt", "хинтерштадт", "vorderstadt"]) == {"hinterstadt": [5], "хинтерштадт": [5]}


def test_names_in_other_scripts_and_without_their_additions(gazetteer: Gazetteer) -> None:
    assert gazetteer.named(["мустерштадт", "musterville", "wald", "wald a d muster", "dorf"]) == {
        "мустерштадт": [1],
        "musterville": [1],
        "wald": [4],
        "wald a d muster": [4],
        "dorf": [1_000_080_009],
    }


def test_a_municipality_without_a_town_lies_at_its_postcode(gazetteer: Gazetteer) -> None:
    (place,) = gazetteer.places([1_000_080_009]).values()
    assert (place.name, place.state, place.where, place.population) == ("Dorf bei Musterstadt", "BY", (47.5, 11.0), 0)


PLACES = st.lists(
    st.tuples(st.floats(47.0, 55.5), st.floats(5.5, 15.5), st.integers(0, 50_000)), min_size=1, max_size=60
)


@settings(max_examples=60, deadline=None)
@given(PLACES, st.tuples(st.floats(46.0, 56.0), st.floats(5.0, 16.0)), st.sampled_from([0.5, 5.0, 40.0, 300.0]))
def test_places_around_are_those_of_a_look_at_all_of_them(
    tmp_path_factory: pytest.TempPathFactory,
    towns: list[tuple[float, float, int]],
    where: tuple[float, float],
    within: float,
) -> None:
    target = tmp_path_factory.mktemp("around") / "g.sqlite"
    with closing(sqlite3.connect(target)) as base:
        base.executescript(TABLES)
        rows = [(n, f"Ort {n}", "BY", lat, lon, people) for n, (lat, lon, people) in enumerate(towns)]
        base.executemany("INSERT INTO places VALUES (?, ?, ?, ?, ?, ?)", rows)
        base.commit()
    gazetteer = Gazetteer(target)
    far = sorted((kilometres(where, (lat, lon)), number) for number, (lat, lon, _) in enumerate(towns))
    assert [place.id for place in gazetteer.around(where, within)] == [n for distance, n in far if distance <= within]
    large = [n for distance, n in far if distance <= within and towns[n][2] >= 5000]
    assert [place.id for place in gazetteer.around(where, within, 5000)] == large
    nearest = gazetteer.nearest(where)
    assert (nearest.id if nearest else None) == (far[0][1] if far[0][0] <= 25 else None)


def test_abroad_and_at_sea_nothing_is_near(gazetteer: Gazetteer) -> None:
    assert gazetteer.nearest((48.0, 11.01)).name == "Musterstadt"
    assert [gazetteer.nearest(where) for where in ((48.2, 16.4), (55.0, 5.0), (90.0, 180.0), (-90.0, -180.0))] == [
        None
    ] * 4


def test_namesakes_are_told_apart_by_the_town_near_them(gazetteer: Gazetteer) -> None:
    wald = gazetteer.places([4])[4]
    assert gazetteer.town_near(wald).name == "Musterstadt"
    assert gazetteer.town_near(gazetteer.places([3])[3]) is None


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("towns.csv", "nothing\nof\nthis\n"),
        ("towns.csv", TOWNS.replace("48.0,", "north,")),
        ("postcodes.csv", ""),
        ("postcodes.csv", "postcode,lat,lon\n80001,48\n"),
        ("elsewhere.csv", "names\nLinz\n"),
    ],
)
def test_files_of_another_form_are_refused(folder: Path, tmp_path: Path, file: str, content: str) -> None:
    (folder / "places" / file).write_text(content, "utf-8")
    with pytest.raises(ValueError, match=r"must have the columns|could not convert"):
        compile_gazetteer(folder / "places", tmp_path / "g.sqlite")


def test_the_shipped_gazetteer_has_every_municipality_at_home_with_postcodes_and_most_with_inhabitants() -> None:
    found, _ = municipalities(shipped("knowledge") / "places")
    home = [town for town in found if town.state == "BY"]
    assert 2050 <= len(home) <= 2065
    assert all(town.postcodes for town in home)
    assert sum(town.population > 0 for town in home) > 0.9 * len(home)
    assert [town.name for town in home if "." in town.name] == []
