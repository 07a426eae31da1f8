"""Which offices a place has, and in which order."""

from __future__ import annotations

from bot.domain.knowledge import Contact
from bot.domain.offices import offices
from bot.domain.places import Place

TOWN = Place(1, "Musterstadt", "BY", (48.0, 11.0), 30_000)
AT = {"centre": (48.001, 11.0), "far": (48.2, 11.0), "beyond": (49.0, 11.0), "office": (48.002, 11.0)}
CONTACTS = [
    Contact("country", "Für alle", "information", ("advice",), ("DE",)),
    Contact("state", "Für das Land", "network", ("advice",), ("BY",)),
    Contact("elsewhere", "Für ein anderes Land", "network", ("advice",), ("BW",)),
    Contact("far", "Beratung nebenan", "counselling", ("advice",), ("Nachbarstadt",), ("ar",)),
    Contact("beyond", "Beratung weit weg", "counselling", ("advice",), ("Fernstadt",)),
    Contact("centre", "Beratung hier", "counselling", ("advice",), ("Musterstadt",)),
    Contact("polyglot", "Beratung auf Arabisch", "counselling", ("advice",), ("Musterstadt",), ("ar",)),
    Contact("office", "Ausländerbehörde", "immigration-office", ("residence",), ("Landkreis Muster",)),
    Contact("strange", "Ausländerbehörde der Nachbarn", "immigration-office", ("residence",), ("Nachbarstadt",)),
]


def found(names=("Musterstadt", "Landkreis Muster"), where=TOWN.where, topics=(), language="de"):
    positions = AT | {"strange": AT["far"]}
    listed = offices(CONTACTS, TOWN, where, names, lambda contact: positions.get(contact.id), topics, language)
    return [(office.contact.id, office.reach) for office in listed]


def test_the_responsible_one_comes_first_then_here_near_state_and_country() -> None:
    assert found() == [
        ("office", "responsible"),
        ("centre", "here"),
        ("polyglot", "here"),
        ("far", "near"),
        ("state", "state"),
        ("country", "country"),
    ]


def test_an_authority_nearby_that_is_not_responsible_is_not_given() -> None:
    assert "strange" not in dict(found())


def test_who_speaks_the_readers_language_comes_first_among_equals() -> None:
    assert [id_ for id_, reach in found(language="ar") if reach == "here"] == ["polyglot", "centre"]


def test_a_topic_leaves_out_what_has_nothing_to_do_with_it() -> None:
    assert found(topics={"residence"}) == [("office", "responsible")]


def test_without_the_district_the_office_of_the_district_is_unknown() -> None:
    assert "office" not in dict(found(names=("Musterstadt",)))


def test_distances_are_counted_from_where_the_person_is() -> None:
    listed = offices(CONTACTS, TOWN, (48.2, 11.0), ("Musterstadt",), lambda contact: AT.get(contact.id))
    far = next(office for office in listed if office.contact.id == "far")
    assert far.distance == 0


def listed(contacts, **more):
    found = offices(contacts, TOWN, TOWN.where, ("Musterstadt",), lambda contact: AT.get(contact.id), **more)
    return [(office.contact.id, office.reach) for office in found]


def test_an_office_for_more_towns_than_a_district_has_is_one_of_the_region() -> None:
    area = ("Musterstadt", *(f"Ort {n}" for n in range(60)))
    wide = Contact("wide", "Zentrale Behörde", "immigration-office", ("residence",), area)
    district = Contact("district", "Landratsamt", "immigration-office", ("residence",), area[:60])
    assert listed([wide, district]) == [("district", "responsible"), ("wide", "region")]


def test_what_is_there_for_its_own_area_only_is_not_given_to_neighbours() -> None:
    for kind in ("integration-office", "participation", "court"):
        assert listed([Contact("far", "Nebenan", kind, ("advice",), ("Nachbarstadt",))]) == []


def test_those_whose_first_topic_it_is_come_first_then_advice_centres_then_who_speaks_the_language() -> None:
    contacts = [
        Contact("second", "Auch dazu", "counselling", ("work", "advice"), ("Musterstadt",), ("ar",)),
        Contact("special", "Für manche", "interpreting", ("advice",), ("Musterstadt",), ("ar",)),
        Contact("silent", "Beratung", "counselling", ("advice",), ("Musterstadt",)),
        Contact("speaking", "Beratung auf Arabisch", "counselling", ("advice",), ("Musterstadt",), ("ar",)),
    ]
    order = [id_ for id_, _ in listed(contacts, topics={"advice"}, language="ar")]
    assert order == ["speaking", "silent", "special", "second"]
