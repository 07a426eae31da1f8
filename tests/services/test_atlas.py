"""The official register laid over the places that are known, and what it adds to looking for offices."""

import sqlite3
from contextlib import closing

import pytest

from bot.domain.knowledge import Contact, Knowledge
from bot.domain.register import Municipality
from bot.library.gazetteer import TABLES, forms
from bot.library.places import Gazetteer
from bot.services.offices import atlas

PLACES = [
    (1, "Musterstadt", "BY", 48.0, 11.0, 30_000),
    (2, "Neudorf", "BY", 48.2, 11.0, 900),
    (3, "Neudorf", "BY", 49.5, 12.0, 5_000),
    (4, "Neudorf", "BW", 48.5, 9.0, 7_000),
    (5, "Baar", "BY", 48.6, 10.9, 1_000),
    (6, "Musterbach", "BY", 48.7, 11.2, 400),
]
OFFICE = Contact(id="office", name="Landratsamt", kind="immigration-office", area=("Landkreis Musterstadt",))
TOWN_HALL = Contact(id="town-hall", name="Rathaus", kind="immigration-office", area=("Musterstadt",))


@pytest.fixture
def known(tmp_path):
    """An atlas of invented places and two offices, without a register."""
    path = tmp_path / "places.sqlite"
    with closing(sqlite3.connect(path)) as base:
        base.executescript(TABLES)
        base.executemany("INSERT INTO places VALUES (?, ?, ?, ?, ?, ?)", PLACES)
        names = {(form, id_, 0) for id_, name, *_ in PLACES for form in forms(name)}
        base.executemany("INSERT INTO names VALUES (?, ?, ?)", sorted(names))
        base.commit()
    contacts = {one.id: one for one in (OFFICE, TOWN_HALL)}
    return atlas(Knowledge(entries={}, contacts=contacts, topics={}, glossary={}), Gazetteer(path))


def municipality(name, where, number=111, *, district="Musterstadt", rural=True, state="09"):
    return Municipality(f"{state}999{number}", name, "Gemeinde", district, rural, where)


def matched(known, *municipalities):
    """The keys' last digits by the places that they were found to be."""
    return {id_: int(one.key[5:]) for id_, one in known.with_register(municipalities).register.items()}


def test_of_namesakes_the_nearest_is_meant(known):
    near, far = municipality("Neudorf", (48.21, 11.01), 111), municipality("Neudorf", (49.52, 12.0), 112)
    assert matched(known, far, near) == {2: 111, 3: 112}


def test_one_that_lies_elsewhere_is_none(known):
    assert matched(known, municipality("Musterstadt", (50.0, 11.0))) == {}


def test_without_a_position_the_only_one_of_its_state_is_meant(known):
    there, ambiguous = municipality("Neudorf", None, 111, state="08"), municipality("Neudorf", None, 112)
    assert matched(known, there, ambiguous, municipality("Baar (Musterwald)", None, 113)) == {4: 111}


def test_a_word_of_the_name_is_enough_where_nothing_else_is_near(known):
    spa, addition = municipality("Bad Musterbach", (48.71, 11.2), 111), municipality("Baar (Wald)", (48.6, 10.9), 112)
    assert matched(known, spa, addition, municipality("Bad Neudorf", (48.3, 11.0), 113)) == {6: 111, 5: 112}


def test_a_full_name_goes_before_a_word_of_one(known):
    rival, itself = municipality("Neu Baar", (48.6, 10.9), 111), municipality("Baar", (48.65, 10.9), 112)
    assert matched(known, rival, itself) == {5: 112}


def test_a_place_has_its_key_type_and_district(known):
    assert known.place(1).district == ""
    place = known.with_register([municipality("Musterstadt", (48.0, 11.0))]).place(1)
    assert (place.key, place.type, place.district) == ("09999111", "Gemeinde", "Musterstadt")
    assert known.place(99) is None


@pytest.mark.parametrize(("rural", "expected"), [(True, ["Landratsamt"]), (False, [])])
def test_the_office_of_a_rural_district_is_found_from_its_municipalities_only(known, rural, expected):
    village = known.place(5)
    assert known.near(village) == []
    register = known.with_register([municipality("Baar", (48.6, 10.9), rural=rural)])
    assert [office.contact.name for office in register.near(village) if office.contact is OFFICE] == expected


def test_the_office_of_a_town_is_not_that_of_the_rural_district_of_the_same_name(known):
    town = municipality("Musterstadt", (48.0, 11.0), number=100, rural=False)
    village = municipality("Baar", (48.6, 10.9))
    register = known.with_register([town, village])
    found = {id_: [office.contact.name for office in register.near(known.place(id_))] for id_ in (1, 5)}
    assert found == {1: ["Rathaus"], 5: ["Landratsamt"]}
