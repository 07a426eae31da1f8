"""The preview equals what arrives, character for character, in every language."""

from datetime import timedelta

import pytest
from announce_dialogues import confirms, control, essence, settles, since, step, subscribed
from coordination import THURSDAY, coordinator, planned

from bot.chat.message import LONGEST, LONGEST_CAPTION, units
from bot.domain.languages import LANGUAGES

OWN = {
    "de": "Neue Reihe: Wohnen & Ankommen <3\nAb Montag, 10:00 Uhr",
    "en": "New series: housing & arriving\nFrom Monday, 10:00, by Zoom",
    "ar": "سلسلة جديدة: السكن (Wohnen)\nالهاتف 089 99998-123\nhttps://example.org/a?b=1&c=2",
    "uk": "Новий цикл: житло 😀",
}
FORMATTED = {
    "text": "/announce Neue Reihe am Montag um zehn:\nWohnen und Ankommen, bitte weitersagen",
    "entities": [
        {"type": "bot_command", "offset": 0, "length": 9},
        {"type": "bold", "offset": 10, "length": 10},
        {"type": "blockquote", "offset": 27, "length": 20},
        {"type": "text_link", "offset": 56, "length": 8, "url": "https://example.org/?a=1&b=2"},
    ],
}
pytestmark = pytest.mark.usefixtures("calm")


@pytest.fixture
async def readers(town):
    """Somebody for each language, by Telegram's code or by choice."""
    found = {}
    for code in LANGUAGES:
        found[code] = await subscribed(town, f"Reader{code.replace('-', '')}", code)
        await found[code].says(f"/start lang_{code}")
    return found


async def raw(person, **message):
    """A message with whatever Telegram's own fields."""
    number = 9000 + len(await person.sees())
    chat = {"id": person.id, "type": "private", "first_name": person.name}
    update = {"message_id": number, "date": int(person.town.now.timestamp()), "chat": chat, "from": person.user}
    await person.town.raw({"update_id": 10**9 + number, "message": update | message})


async def arrives_as_shown(town, cora, readers, shown):
    """Confirms it, and compares what each reader gets with what was shown for their language."""
    assert len(shown) == len(readers)
    before = {code: await reader.sees() for code, reader in readers.items()}
    await confirms(cora)
    await settles(town)
    for (code, reader), preview in zip(readers.items(), shown, strict=True):
        arrived = await since(reader, before[code])
        assert [essence(one) for one in arrived] == [essence(preview)], code


async def shown_after(cora, before):
    """The previews that are new, without the control message."""
    *shown, last = await since(cora, before)
    assert last == await control(cora)
    return shown


async def test_a_text_without_other_versions(town, readers):
    cora = await coordinator(town, code="de")
    await cora.says("/start")
    before = await cora.sees()
    await cora.says("/announce Neue Reihe ab Montag: Wohnen und Ankommen\n089 99998-123\nwww.example.org")
    shown = await shown_after(cora, before)
    assert [one["buttons"][-1][0]["data"] for one in shown] == ["newsletter:off"] * len(LANGUAGES)
    assert shown[0]["text"] == "Neue Reihe ab Montag: Wohnen und Ankommen\n\u200e089 99998-123\nwww.example.org"
    assert "\n" in shown[2]["text"]
    assert shown[2]["text"].endswith("There is no version in your language yet. This one is in German.")
    await arrives_as_shown(town, cora, readers, shown)


async def test_formatting_goes_through(town, readers):
    cora = await coordinator(town, code="de")
    await cora.says("/start")
    before = await cora.sees()
    await raw(cora, **FORMATTED)
    shown = await shown_after(cora, before)
    kinds = [(one["type"], one["offset"], one["length"]) for one in shown[0]["entities"]]
    assert kinds == [("bold", 0, 10), ("blockquote", 17, 20), ("text_link", 46, 8)]
    await arrives_as_shown(town, cora, readers, shown)


async def test_own_versions_and_a_picture(town, readers):
    cora = await coordinator(town, code="de")
    await cora.says(f"/announce {OWN['de']}")
    for code in ("en", "ar", "uk"):
        await step(cora, f"text-{code}")
        await cora.replies(OWN[code])
    await step(cora, "file")
    await cora.does(photo=True, reply_to=(await cora.last())["message_id"])
    for alt in ("Ein Haus <rot>", "A house", "Будинок"):
        await cora.replies(alt)
    before = await cora.sees()
    await cora.replies("بيت (Haus)")
    shown = await shown_after(cora, before)
    assert all(one["photo"] for one in shown)
    assert shown[0]["text"].split("\n")[:2] == OWN["de"].split("\n")
    assert "Ein Haus <rot>" in shown[0]["text"]
    assert shown[LANGUAGES.index("uk")]["text"].startswith(OWN["uk"])
    await arrives_as_shown(town, cora, readers, shown)


async def test_a_document(town, readers):
    cora = await coordinator(town, code="de")
    await cora.says(f"/announce {OWN['de']}")
    await step(cora, "file")
    before = await cora.sees()
    await cora.does(document={"file_name": "plan.pdf"}, reply_to=(await cora.last())["message_id"])
    shown = await shown_after(cora, before)
    assert [one["document"]["file_name"] for one in shown] == ["plan.pdf"] * len(LANGUAGES)
    await arrives_as_shown(town, cora, readers, shown)


@pytest.mark.usefixtures("readers")
async def test_of_a_document_without_a_text_no_text_is_promised(town):
    cora = await coordinator(town, code="de")
    await cora.says("/announce")
    await cora.does(document={"file_name": "plan.pdf"}, reply_to=(await cora.last())["message_id"])
    assert "Ohne eigene Fassung" not in (await control(cora))["text"]


@pytest.mark.parametrize("card", ["session-1", "series-1", "practice-online-series"])
@pytest.mark.parametrize("text", ["", "Neu: Kommen Sie am Montag dazu und bringen Sie Ihre Fragen mit"])
async def test_a_card_alone_and_below_a_text(town, readers, card, text):
    cora = await coordinator(town, code="de")
    await cora.says("/start")
    await planned(town, language="de")
    await planned(town, "Work", THURSDAY + timedelta(days=7), language="de")
    before = await cora.sees()
    await cora.forges(await any_message(cora), f"announce:new:{card}")
    if text:
        await step(cora, "text")
        before = await cora.sees()
        await cora.replies(text)
    shown = await shown_after(cora, before)
    first = {"session-1": "register:1", "series-1": "register_all:1", "practice-online-series": "entry:online-series"}
    assert [row[0]["data"] for row in shown[0]["buttons"]] == [first[card], "newsletter:off"]
    assert shown[0]["text"].startswith(text)
    await arrives_as_shown(town, cora, readers, shown)


async def any_message(person):
    return (await person.last())["message_id"]


async def test_a_card_that_has_nothing_to_show_any_more_is_left_out(town):
    cora = await coordinator(town)
    await cora.says("/start")
    anna = await subscribed(town, "Anna")
    await planned(town)
    await cora.forges(await any_message(cora), "announce:new:session-1")
    await step(cora, "text")
    await cora.replies("Come to our session about housing and bring your questions")
    await confirms(cora)
    town.now = THURSDAY
    before = await anna.sees()
    await settles(town)
    (arrived,) = await since(anna, before)
    assert arrived["text"] == "Come to our session about housing and bring your questions"
    assert [row[0]["data"] for row in arrived["buttons"]] == ["newsletter:off"]


async def test_a_mere_card_that_has_begun_is_not_sent(town):
    cora = await coordinator(town)
    await cora.says("/start")
    anna = await subscribed(town, "Anna")
    await planned(town)
    await cora.forges(await any_message(cora), "announce:new:session-1")
    await confirms(cora)
    town.now = THURSDAY
    before = await anna.sees()
    await settles(town)
    assert await since(anna, before) == []


async def test_with_a_card_of_a_session_that_has_begun_nothing_can_be_confirmed(town):
    cora = await coordinator(town)
    await cora.says("/start")
    await subscribed(town, "Anna")
    await planned(town)
    await cora.forges(await any_message(cora), "announce:new:session-1")
    town.passes(hours=23)
    draft = await control(cora)
    town.now = THURSDAY
    assert (await cora.forges(draft["message_id"], draft["buttons"][0][0]["data"]))[0] == (
        "This button is out of date. Here is how things stand now:"
    )


async def test_people_who_are_registered_can_leave_and_need_not_register(town):
    cora = await coordinator(town)
    await cora.says("/start")
    await planned(town)
    anna = town.person("Anna", "en")
    await anna.says("/start session_1")
    await anna.presses("register:1")
    await cora.forges(await any_message(cora), "announce:new:session-1")
    await step(cora, "from-session.1")
    assert [row[0]["data"] for row in (await cora.sees())[-2]["buttons"]] == ["leave:1"]
    assert "Goes to 1 registered person: 1 English" in (await control(cora))["text"]
    assert "Registered for the session: Housing" in (await control(cora))["text"]
    await step(cora, "from-series.1")
    await confirms(cora)
    await settles(town)
    assert [row[0]["data"] for row in (await anna.last())["buttons"]] == ["register:1", "leave_all:1"]


async def test_coordinators_have_no_button_to_leave(town):
    cora = await coordinator(town)
    await cora.says("/announce Our meeting is on Monday morning at ten")
    await step(cora, "from-coordinators")
    assert "Goes to 1 coordinator: 1 English" in (await control(cora))["text"]
    await confirms(cora)
    await settles(town)
    texts = [(m["text"], m.get("buttons")) for m in await cora.sees()]
    assert ("Our meeting is on Monday morning at ten", None) in [(text, buttons or None) for text, buttons in texts]


@pytest.mark.parametrize("more", [0, 1])
async def test_the_longest_text_that_fits_every_reader_arrives_and_one_more_does_not(town, readers, more):
    cora = await coordinator(town, code="en")
    await cora.says("/announce This is the new text of the network for all of you")
    added = max(
        units(one["text"]) for one in (await cora.sees()) if one["from"] == "bot" and one["text"].startswith("This")
    )
    room = LONGEST - (added - len("This is the new text of the network for all of you"))
    await step(cora, "text")
    before = await cora.sees()
    found = await cora.replies("This is a text " + "x" * (room - 15 + more))
    if more:
        assert found[0].startswith("For readers of ")
        assert found[0].endswith("the message has 4097 characters; at most 4096 are possible.")
        return
    await arrives_as_shown(town, cora, readers, await shown_after(cora, before))


async def test_with_a_picture_a_text_must_be_shorter_and_nothing_is_lost(town):
    cora = await coordinator(town)
    await subscribed(town, "Anna")
    await cora.says("/announce " + "This is the new text of the network. " * 28)
    await step(cora, "file")
    found = await cora.does(photo=True, reply_to=(await cora.last())["message_id"])
    assert found[0].startswith("For readers of ")
    assert found[0].endswith(f"at most {LONGEST_CAPTION} are possible.")
    assert found[-1] == "Lotse does not open it, and passes it on as it is."
    found = await cora.does(document=True, reply_to=(await cora.last())["message_id"])
    assert found[0].endswith(f"at most {LONGEST_CAPTION} are possible.")
    assert "This is the new text" in (await cora.presses("Send to 1"))[1]
