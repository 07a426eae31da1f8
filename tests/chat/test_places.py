"""Places in the chat beside the transcripts: odd ones, forged buttons, the register, reports, what is remembered."""

from __future__ import annotations

import json
import logging
import sqlite3
from datetime import timedelta

import pytest
from coordination import coordinator

from bot.chat.offices import Wanted
from bot.domain.places import Place
from bot.domain.register import Municipality
from bot.services.settings import keep_place

pytestmark = pytest.mark.usefixtures("calm")

AUGSBURG, FREISING = 2954172, 2925034
ABROAD = "This place is not in Germany, as far as Lotse can tell."
NOT_STORED = "The place was not stored."
OLD = "This button is out of date. Here is how things stand now:"


async def fresh(town, name="Anna"):
    return town.person(name, "en")


# Shared places.


@pytest.mark.parametrize(
    "where",
    [[0.0, 0.0], [90.0, 180.0], [-90.0, -180.0], [54.6, 7.3], [48.21, 16.37], [37.57, 126.98]],
    ids=["the gulf of guinea", "a pole", "the other pole", "the north sea", "vienna", "seoul"],
)
async def test_abroad_and_at_sea_it_is_said_that_nothing_was_stored(town, where):
    anna = await fresh(town)
    assert (await anna.does(location=where))[:2] == [ABROAD, NOT_STORED]
    assert town.select("SELECT count(*) FROM people") == [(0,)]


@pytest.mark.parametrize("latitude", [91.0, -1e9, 1e308])
async def test_a_position_that_is_not_on_earth_is_no_place(town, latitude):
    person = {"id": 77, "is_bot": False, "first_name": "X", "language_code": "en"}
    chat = {"id": 77, "type": "private"}
    spot = {"latitude": latitude, "longitude": 11.0}
    await town.raw({"message": {"message_id": 1, "date": 1, "from": person, "chat": chat, "location": spot}})
    assert [shown["text"].split("\n")[0] for shown in await town.transcript(77)] == [ABROAD]


async def test_of_a_live_location_the_first_message_is_answered_and_no_move(town):
    person = {"id": 78, "is_bot": False, "first_name": "X", "language_code": "en"}
    sent = {"message_id": 1, "date": 1, "from": person, "chat": {"id": 78, "type": "private"}}
    for number, kind in enumerate(["message", "edited_message", "edited_message"]):
        spot = {"latitude": 48.37 + number / 100, "longitude": 10.9, "live_period": 900, "heading": 90}
        await town.raw({kind: {**sent, "location": spot}})
    assert [shown["text"].split("\n")[0] for shown in await town.transcript(78)] == ["Where to turn in Augsburg 📍"]


async def test_a_shared_place_leaves_no_trace(town, sqlite_ready_url, caplog):
    anna = await fresh(town)
    with caplog.at_level(logging.DEBUG, "bot"):
        await anna.does(location=[48.26123, 11.43456])
    assert "48.26" not in caplog.text
    with sqlite3.connect(sqlite_ready_url.removeprefix("sqlite:///")) as base:
        assert "48.26" not in "\n".join(base.iterdump())


async def test_distances_are_counted_from_the_place_that_was_shared_and_pages_keep_it(town):
    anna = await fresh(town)
    listed = await anna.does(location=[48.40, 11.75])  # the middle of Freising, where the office has no position
    assert "1. Beratungsstelle Domberg, Freising" in listed
    listed = await anna.does(location=[48.3689, 10.8888])
    assert "2. Beratungsstelle Brücke, Augsburg (700 m)" in listed
    card = await anna.presses("contact:bridge-augsburg")
    assert "700 m away" in card
    assert card[-1].startswith(f"[Go back | more:offices-{AUGSBURG}-@48.369,10.889:0]")
    assert NOT_STORED in await anna.presses("Go back")


# Names and postcodes.


async def test_a_place_can_be_chosen_by_its_number_or_its_name(town):
    anna = await fresh(town)
    for typed in ("2", "٢", "Freising"):
        await anna.says("Augsburg, Freising")
        assert (await anna.replies(typed))[0] == "Where to turn in Freising 📍"


async def test_the_topic_is_kept_when_a_place_is_chosen(town):
    anna = await fresh(town)
    asked = await anna.says("register address in Taufkirchen")
    assert asked[1:3] == ["[Register your address | entry:register-address]", asked[2]]
    assert asked[2].endswith(":arrival]")
    listed = await anna.replies("1")
    assert any(line.startswith("[Everything in Taufkirchen | place:") for line in listed)
    assert "1. Suche Muster" in listed


async def test_a_postcode_of_several_municipalities_is_asked_back(town):
    atlas = town.running.house.atlas
    some = ("86453", "86551", "94116", "97618", "83229")
    code = next(code for code in some if len(atlas.gazetteer.postcode(code)) > 1)
    anna = await fresh(town)
    asked = await anna.says(code)
    assert asked[0] == "Which place do you mean? Tap it, or reply with its number."
    assert (await anna.replies("1"))[0].startswith("Where to turn in ")


@pytest.mark.parametrize("typed", ["00000", "99999", " 00001 "])
async def test_a_postcode_that_does_not_exist_is_said_to_be_unknown(town, typed):
    anna = await fresh(town)
    unknown = "Lotse does not know this postcode. Write the name of the place, for example “Augsburg”."
    assert (await anna.says(typed))[0] == unknown


async def test_an_office_that_is_named_opens_though_its_name_has_a_place(town):
    anna = await fresh(town)
    for text in ("Schutzhaus Augsburg", "Schutzhaus Muster Augsburg", "Domberg Freising"):
        assert not (await anna.says(text))[0].startswith("Where to turn"), text


async def test_danger_is_answered_as_ever_however_the_place_is_written(town):
    anna = await fresh(town)
    for text in ("my husband hits me in Augsburg", "86150 my husband hits me", "Augsburg: my husband hits me"):
        first, *rest = await anna.says(text)
        assert first == "Reply to your question. Details are below, with source and date."
        assert not any("place:" in line or "mistake:" in line for line in rest)


FORGED = [
    "place:0", "place:x", f"place:{AUGSBURG}:nothing", "place:99999999999", f"place:{AUGSBURG}:arrival:more",
    f"place:{AUGSBURG}:@48.000,11.000x", "more:offices-:0", f"more:offices-{AUGSBURG}:0", "more:offices-x-y:0",
    "map:nothing", "map:shelter-augsburg", "map:hill-freising", "mistake:nothing", "home:0", "home:x",
    "home:99999999999", "home:٣",
]  # fmt: skip


@pytest.mark.parametrize("data", FORGED)
async def test_forged_buttons_are_out_of_date(town, data):
    anna = await fresh(town)
    await anna.says("/start")
    assert (await anna.forges((await anna.last())["message_id"], data))[0] == OLD


async def test_a_page_that_is_not_there_shows_the_first(town):
    anna = await fresh(town)
    first = await anna.says("Freising")
    await anna.says("/start")
    assert await anna.forges((await anna.last())["message_id"], f"more:offices-{FREISING}-:99") == first


async def test_without_places_everything_else_works(town):
    town.running.house.atlas = None
    anna = await fresh(town)
    assert (await anna.says("/settings"))[2] == "Reminders: 7 days, 1 day and 1 hour before"
    assert (await anna.says("xyzzy plugh"))[1] == "An advice centre can help."
    assert (await anna.does(location=[48.3, 10.9]))[:2] == [ABROAD, NOT_STORED]


# The official register; these municipalities and districts are invented, on the ground of real ones.


def registered(town, *municipalities):
    town.running.house.atlas = town.running.house.atlas.with_register(municipalities)


def municipality(name, district, where, *, rural=True, type_="Gemeinde", key="09999001"):
    return Municipality(key, name, type_, district, rural, where)


FREISING_AT, AUGSBURG_AT = (48.40, 11.75), (48.37, 10.90)


async def test_the_register_says_who_decides_on_residence(town):
    registered(
        town,
        municipality("Freising", "Musterkreis", FREISING_AT),
        municipality("Gersthofen", "Musterstadt", (48.42, 10.87), rural=False, key="09999002"),
    )
    anna = await fresh(town)
    assert "Residence permits: Landratsamt Musterkreis" in await anna.says("Freising")
    assert "Residence permits: Stadt Musterstadt" in await anna.says("Gersthofen")


async def test_a_large_district_town_may_have_an_office_of_its_own(town):
    registered(town, municipality("Freising", "Musterkreis", FREISING_AT, type_="Große Kreisstadt"))
    listed = await (await fresh(town)).says("Freising")
    at = listed.index("Residence permits: Landratsamt Musterkreis")
    assert listed[at + 1] == "Ask whether the town has an immigration office of its own."


async def test_the_rule_is_not_told_where_the_office_itself_is_known_or_the_topic_is_another(town):
    registered(town, municipality("Augsburg", "Musterstadt", AUGSBURG_AT, rural=False))
    anna = await fresh(town)
    for listed in (await anna.says("Augsburg"), await anna.presses("more:topics:0")):
        assert not any(line.startswith("Residence permits: ") for line in listed)
    registered(town, municipality("Freising", "Musterkreis", FREISING_AT))
    await anna.says("/start")
    listed = await anna.forges((await anna.last())["message_id"], f"place:{FREISING}:work")
    assert listed[0] == "Where to turn in Freising 📍"
    assert not any(line.startswith("Residence permits: ") for line in listed)


async def test_namesakes_are_told_apart_by_district_where_the_register_knows_it(town):
    anna = await fresh(town)
    atlas = town.running.house.atlas
    ids = atlas.gazetteer.named(["taufkirchen"])["taufkirchen"]
    places = list(atlas.gazetteer.places(ids).values())
    registered(
        town,
        *(municipality(p.name, f"Kreis {n}", p.where, key=f"0999900{n}") for n, p in enumerate(places)),
    )
    asked = await anna.says("Taufkirchen")
    labels = sorted(line.split(" | ")[0].partition(" ")[2] for line in asked[1:])
    assert labels == [f"Taufkirchen (Landkreis Kreis {n})" for n in range(len(places))]


# Reports of mistakes.


async def started(town, name):
    """A coordinator who has begun a chat, without which nothing reaches them."""
    person = await coordinator(town, name)
    await person.says("/start")
    return person


async def report(anna, about="bridge-augsburg"):
    await anna.says("Augsburg")
    await anna.presses(f"contact:{about}")
    return await anna.presses(f"mistake:{about}")


async def test_a_report_reaches_every_coordinator_once_and_names_nobody(town):
    anna = await fresh(town, "Zarathustra")
    carla, doris = await started(town, "Carla"), await started(town, "Doris")
    await report(anna)
    assert (await anna.presses("Send"))[0] == "Thank you. The coordination team gets it, without your name."
    for reader in (carla, doris):
        got = await reader.gets()
        assert got[0] in {"Somebody reports a mistake", "Jemand meldet einen Fehler"}
        assert "Beratungsstelle Brücke, Augsburg" in got
        assert "Zarathustra" not in "\n".join(got)
        assert await reader.gets() == []
    assert town.select("SELECT person, kind, state, parameters FROM outbox ORDER BY person") == [
        (reader.id, "mistake", "sent", "{}") for reader in (carla, doris)
    ]
    assert str(anna.id) not in json.dumps(town.select("SELECT dedup FROM outbox"))


async def test_pressing_send_twice_sends_once(town):
    anna, carla = await fresh(town), await started(town, "Carla")
    await report(anna)
    message = (await anna.last())["message_id"]
    draft = town.select("SELECT id FROM drafts")[0][0]
    await anna.forges(message, f"confirm:{draft}")
    await anna.forges(message, f"confirm:{draft}")
    assert len([line for line in await carla.gets() if line == "Beratungsstelle Brücke, Augsburg"]) == 1


async def test_one_report_a_day_about_the_same_and_another_about_others(town):
    anna = await fresh(town)
    await started(town, "Carla")
    already = "You have reported this today already. The coordination team has it."
    await report(anna)
    await anna.presses("Send")
    assert await report(anna) == [already]
    assert (await report(anna, "foreigners-augsburg"))[0] != already
    town.passes(hours=25)
    assert (await report(anna))[0] == "Report a mistake: Beratungsstelle Brücke, Augsburg"


async def test_two_previews_of_the_same_send_one_report(town):
    anna, carla = await fresh(town), await started(town, "Carla")
    await report(anna)
    await report(anna)
    drafts = [row[0] for row in town.select("SELECT id FROM drafts ORDER BY id")]
    for draft in drafts:
        await anna.forges((await anna.last())["message_id"], f"confirm:{draft}")
    assert len(await carla.gets()) == len(["headline", "name", "no words", "file", "no reply", "button"])


async def test_what_is_not_sent_is_forgotten_with_the_person(town):
    anna = await fresh(town)
    await started(town, "Carla")
    await report(anna)
    await anna.replies("the number is wrong")
    assert await anna.presses("Do not send") == ["Nothing was sent."]
    assert town.select("SELECT count(*) FROM drafts") == [(0,)]
    assert town.select(f"SELECT count(*) FROM people WHERE id = {anna.id}") == [(0,)]


async def test_a_later_reply_replaces_the_words_and_long_ones_are_cut(town, caplog):
    anna, carla = await fresh(town), await started(town, "Carla")
    await report(anna)
    with caplog.at_level(logging.DEBUG, "bot"):
        await anna.replies("the first words")
        assert "The first 500 characters were kept." in await anna.replies("wrong street " * 50)
        await anna.presses("Send")
        got = "\n".join(await carla.gets())
    assert "the first words" not in got
    assert got.count("wrong street") == 500 // len("wrong street ")
    assert "wrong street" not in caplog.text


async def test_danger_in_a_reply_is_answered_and_not_taken_as_words(town):
    anna = await fresh(town)
    await started(town, "Carla")
    await report(anna)
    assert (await anna.replies("my husband hits me"))[0].startswith("Reply to your question.")
    assert all("husband" not in row[0] for row in town.select("SELECT answers FROM drafts"))


async def test_who_is_no_coordinator_any_more_gets_no_report(town):
    anna, carla = await fresh(town), await started(town, "Carla")
    await report(anna)
    await anna.presses("Send")
    town.running.house.coordinators = frozenset()
    assert await carla.gets() == []
    assert town.select("SELECT state FROM outbox") == [("dropped",)]


async def test_an_entry_can_be_reported_too(town):
    anna, carla = await fresh(town), await started(town, "Carla")
    await anna.says("/start")
    asked = await anna.forges((await anna.last())["message_id"], "mistake:register-address")
    assert asked[0] == "Report a mistake: Register your address"
    await anna.presses("Send")
    assert (await carla.gets())[-1] == "[Zeigen | entry:register-address]"


# The place that is remembered on request.


async def data_of(town, person):
    document = (await person.last())["document"]
    async with town.http.get(f"{town.root}{document['url']}") as response:
        return json.loads(await response.read())


async def test_a_remembered_place_is_in_the_data_and_goes_with_them(town):
    anna = await fresh(town)
    await town.running.house.database.write(keep_place, anna.id, AUGSBURG, "en", 1)
    await anna.says("/mydata")
    assert (await data_of(town, anna))["place"] == {"number": AUGSBURG, "name": "Augsburg"}
    await anna.says("/delete")
    assert "That is: place." in await anna.shows()
    await anna.presses("Delete my data")
    assert town.select("SELECT count(*) FROM people") == [(0,)]


async def test_a_place_is_remembered_by_a_postcode_and_nothing_of_the_text_is_kept(town):
    anna = await fresh(town)
    await anna.says("/settings")
    await anna.presses("home:show")
    await anna.presses("home:ask")
    assert (await anna.replies("86150, third floor"))[0] == "Place: Augsburg"
    assert town.select("SELECT place FROM people") == [(AUGSBURG,)]
    assert town.select("SELECT count(*) FROM drafts") == [(0,)]


async def test_a_place_in_the_text_goes_before_the_remembered_one(town):
    anna = await fresh(town)
    await town.running.house.database.write(keep_place, anna.id, AUGSBURG, "en", 1)
    assert f"[Where to turn in Augsburg | place:{AUGSBURG}]" in await anna.says("/contacts")
    assert (await anna.says("/contacts Freising"))[0] == "Where to turn in Freising 📍"
    answer = await anna.says("how many days after moving in Freising")
    assert not any("Augsburg" in line for line in answer)


async def test_a_remembered_place_that_the_gazetteer_does_not_have_any_more_is_as_none(town):
    anna = await fresh(town)
    await town.running.house.database.write(keep_place, anna.id, 4, "en", 1)
    assert "Place: not stored" in await anna.says("/settings")
    assert not any("place:" in line for line in await anna.says("/contacts"))


async def test_danger_never_shows_the_remembered_place(town):
    anna = await fresh(town)
    await town.running.house.database.write(keep_place, anna.id, AUGSBURG, "en", 1)
    assert not any("Augsburg" in line for line in await anna.says("my husband hits me"))


async def test_in_a_group_the_remembered_place_is_not_told(town):
    anna = await fresh(town)
    await town.running.house.database.write(keep_place, anna.id, AUGSBURG, "en", 1)
    group = {"id": -600, "type": "group", "title": "G"}
    sender = {**anna.user, "is_bot": False}
    name = town.running.house.api.name
    asked = {"message_id": 1, "date": 1, "from": sender, "chat": group, "text": f"/contacts@{name}"}
    await town.raw({"message": asked})
    (shown,) = await town.transcript(-600)
    assert shown["text"] == "Where to turn: choose a topic."
    assert "Augsburg" not in json.dumps(shown, ensure_ascii=False)


async def test_in_a_group_nothing_is_remembered(town):
    anna = await fresh(town)
    await town.running.house.database.write(keep_place, anna.id, AUGSBURG, "en", 1)
    group = {"id": -500, "type": "group", "title": "G"}
    press = {"id": "1", "from": {**anna.user, "is_bot": False}, "data": "home:forget", "chat_instance": "1"}
    await town.raw({"callback_query": {**press, "message": {"message_id": 1, "date": 1, "chat": group}}})
    assert town.select("SELECT place FROM people") == [(AUGSBURG,)]


def test_the_name_of_a_list_fits_a_button():
    long = "a" * 40
    place = Place(9_999_999_999, "Ort", "BY", (48.0, 11.0), 1)
    assert len(f"more:offices-{Wanted(place, where=(48.12345, 11.98765)).name}:99") <= 64
    assert Wanted(place, where=(48.12345, 11.98765)).name == "9999999999-@48.123,11.988"
    assert len(f"place:{place.id}:{long}") <= 64


async def test_who_is_silent_is_forgotten_with_the_place(town):
    anna = await fresh(town)
    await town.running.house.database.write(keep_place, anna.id, AUGSBURG, "en", 1)
    town.now += timedelta(days=184)
    await town.running.house.database.write(_forget_silent, town)
    assert town.select("SELECT count(*) FROM people") == [(0,)]


def _forget_silent(tx, town):
    from bot.domain.instants import microseconds  # noqa: PLC0415 - for this test only
    from bot.services.privacy import forget_silent  # noqa: PLC0415

    forget_silent(tx, microseconds(town.now), town.running.house.terms)
