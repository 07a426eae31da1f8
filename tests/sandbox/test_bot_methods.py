"""Methods of the Bot API that work: what they answer and what people then see."""

import json

import pytest

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
async def known(line):
    """Anna has written."""
    await line.happens(text="Guten Tag")
    return line


async def test_who_the_bot_is(line):
    assert await line.done("getMe") == {
        "id": 7001,
        "is_bot": True,
        "first_name": "Lotse",
        "username": "sandbox_7001_bot",
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    assert [bot["username"] for bot in await line.get("/sandbox/bots")] == ["sandbox_7001_bot"]


async def test_parameters_by_query_form_and_json_and_names_in_any_case(known):
    url = f"{known.root}/bot{known.token}"
    async with known.session.get(f"{url}/SENDMESSAGE", params={"chat_id": 1, "text": "by query"}) as answer:
        assert (await answer.json())["ok"]
    markup = json.dumps({"inline_keyboard": [[{"text": "Ja", "callback_data": "yes"}]]})
    async with known.session.post(
        f"{url}/sendmessage", data={"chat_id": 1, "text": "by form", "reply_markup": markup}
    ) as answer:
        assert (await answer.json())["ok"]
    await known.done("sendMessage", chat_id="1", text="by JSON", unheard_of=True)
    assert [one["text"] for one in await known.transcript()] == ["Guten Tag", "by query", "by form", "by JSON"]


async def test_a_message_as_the_bot_gets_it_back(known):
    sent = await known.done(
        "sendMessage",
        chat_id=1,
        text="Wie?",
        entities=[{"type": "italic", "offset": 0, "length": 4}],
        disable_notification=True,
        link_preview_options={"is_disabled": True},
        reply_markup={"force_reply": True, "input_field_placeholder": "Name"},
    )
    assert sent == {
        "message_id": 2,
        "from": {"id": 7001, "is_bot": True, "first_name": "Lotse", "username": "sandbox_7001_bot"},
        "chat": {"id": 1, "first_name": "Anna", "type": "private"},
        "date": 1_800_000_000,
        "text": "Wie?",
        "entities": [{"type": "italic", "offset": 0, "length": 4}],
        "link_preview_options": {"is_disabled": True},
    }
    shown = (await known.transcript())[-1]
    assert (shown["silent"], shown["force_reply"]) == (True, {"placeholder": "Name"})
    assert shown["link_preview_options"] == {"is_disabled": True}


async def test_a_reply_to_something_gone_can_be_allowed(known):
    reply = {"message_id": 99, "allow_sending_without_reply": True}
    assert "reply_to_message" not in await known.done("sendMessage", chat_id=1, text="x", reply_parameters=reply)


async def test_editing_text_and_buttons(known):
    buttons = {"inline_keyboard": [[{"text": "Weiter", "callback_data": "more:2"}]]}
    await known.done("sendMessage", chat_id=1, text="Seite 1", reply_parameters={"message_id": 1}, reply_markup=buttons)
    known.clock.passes(5)
    edited = await known.done(
        "editMessageText", chat_id=1, message_id=2, text="<b>Seite 2</b>", parse_mode="HTML", reply_markup=buttons
    )
    assert (edited["text"], edited["edit_date"], edited["reply_markup"]) == ("Seite 2", 1_800_000_005, buttons)
    assert edited["reply_to_message"]["message_id"] == 1

    await known.done("editMessageReplyMarkup", chat_id=1, message_id=2)
    assert (await known.transcript())[1]["buttons"] == []
    await known.done("editMessageReplyMarkup", chat_id=1, message_id=2, reply_markup=buttons)
    assert (await known.transcript())[1]["buttons"][0][0]["data"] == "more:2"
    assert (await known.transcript())[1]["edited"] is True


async def test_editing_the_text_below_a_file(known):
    buttons = {"inline_keyboard": [[{"text": "Weiter", "callback_data": "more:2"}]]}
    sent = await known.upload("sendPhoto", "photo", PNG, chat_id=1, caption="Alt")
    place = {"chat_id": 1, "message_id": sent["result"]["message_id"]}
    html = {"caption": "<b>Neu</b>", "parse_mode": "HTML"}
    edited = await known.done("editMessageCaption", **place, **html, reply_markup=buttons)
    assert (edited["caption"], edited["caption_entities"][0]["type"]) == ("Neu", "bold")
    assert (edited["photo"], edited["reply_markup"]) == (sent["result"]["photo"], buttons)
    bare = await known.done("editMessageCaption", **place)
    assert not bare.keys() & {"caption", "caption_entities", "reply_markup"}
    assert "message is not modified" in (await known.call("editMessageCaption", **place))["description"]


async def test_a_file_goes_out_again_by_its_id(known):
    await known.happens(photo=True)
    photo = known.sandbox.state.current.chats[1].messages[2].content["photo"][0]
    sent = await known.done("sendPhoto", chat_id=1, photo=photo["file_id"], caption="Dasselbe")
    assert (sent["photo"][0]["file_id"], sent["caption"]) == (photo["file_id"], "Dasselbe")


async def test_deleting_for_48_hours_the_persons_messages_too(known):
    await known.done("sendMessage", chat_id=1, text="x")
    known.clock.passes(48 * 3600)
    assert await known.done("deleteMessage", chat_id=1, message_id=1) is True
    assert [one["message_id"] for one in await known.transcript()] == [2]


async def test_deleting_several_skips_what_is_gone_or_too_old(known):
    known.clock.passes(48 * 3600)
    await known.done("sendMessage", chat_id=1, text="x")
    known.clock.passes(1)
    assert await known.done("deleteMessages", chat_id=1, message_ids=[1, 2, 99]) is True
    assert [one["message_id"] for one in await known.transcript()] == [1]


async def test_places_contacts_pictures_and_actions(known):
    await known.done("sendLocation", chat_id=1, latitude=48.1, longitude="11.5")
    await known.done("sendVenue", chat_id=1, latitude=48.1, longitude=11.5, title="Amt", address="Musterweg 1")
    await known.done("sendContact", chat_id=1, phone_number="089", first_name="Amt", last_name="Eins")
    await known.upload("sendPhoto", "photo", PNG, chat_id=1, caption="Bild /help")
    assert await known.done("sendChatAction", chat_id=1, action="typing") is True
    _, location, venue, contact, photo = await known.transcript()
    assert location["location"] == venue["location"] == [48.1, 11.5]
    assert (venue["venue"]["title"], venue["venue"]["address"]) == ("Amt", "Musterweg 1")
    assert contact["contact"] == {"phone_number": "089", "first_name": "Amt", "last_name": "Eins"}
    assert photo["photo"] == {"file_size": 8, "width": 0, "height": 0, "url": "/sandbox/files/file-1"}
    assert (photo["text"], photo["entities"]) == ("Bild /help", [{"type": "bot_command", "offset": 5, "length": 5}])


async def test_keyboards_below_the_input(known):
    keyboard = [["Ja", {"text": "Ort", "request_location": True}]]
    sent = await known.done("sendMessage", chat_id=1, text="Wo?", reply_markup={"keyboard": keyboard})
    assert "reply_markup" not in sent
    await known.done("sendMessage", chat_id=1, text="Gut", reply_markup={"remove_keyboard": True})
    shown = [one.get("keyboard") for one in await known.transcript()]
    assert shown == [None, [[{"text": "Ja"}, {"text": "Ort", "request_location": True}]], []]


async def test_buttons_that_switch_to_a_query_are_taken(known):
    rows = [[{"text": "Suche", "switch_inline_query_current_chat": ""}]]
    assert (await known.call("sendMessage", chat_id=1, text="x", reply_markup={"inline_keyboard": rows}))["ok"]


async def test_commands_the_narrowest_scope_and_the_own_language_first(known):
    def named(name):
        return [{"command": name, "description": name.title()}]

    async def seen(chat, language):
        return [
            one["command"] for one in await known.get(f"/sandbox/bots/7001/commands?chat={chat}&language={language}")
        ]

    await known.done("setMyCommands", commands=named("all"))
    await known.done("setMyCommands", commands=named("alle"), language_code="de")
    await known.done("setMyCommands", commands=named("groups"), scope={"type": "all_group_chats"})
    await known.done("setMyCommands", commands=named("/anna"), scope={"type": "chat", "chat_id": 1})
    assert [await seen(1, "de"), await seen(2, "de-AT"), await seen(2, "uk"), await seen(-5, "de")] == [
        ["anna"],
        ["alle"],
        ["all"],
        ["groups"],
    ]
    assert await known.done("getMyCommands", scope={"type": "chat", "chat_id": 1}) == [
        {"command": "anna", "description": "/Anna"}
    ]
    await known.done("setMyCommands", commands=named("one"), scope={"type": "chat_member", "chat_id": 1, "user_id": 1})

    await known.done("deleteMyCommands", scope={"type": "chat", "chat_id": 1})
    assert await seen(1, "de") == ["alle"]
    await known.done("setMyCommands", commands=[])
    await known.done("deleteMyCommands", language_code="de")
    await known.done("deleteMyCommands", scope={"type": "default"})
    assert await seen(1, "de") == []


@pytest.mark.parametrize("field", ["name", "description", "short_description"])
async def test_names_and_descriptions_by_language(line, field):
    method = "My" + field.title().replace("_", "")
    await line.done(f"set{method}", **{field: "For all"})
    await line.done(f"set{method}", **{field: "Für alle"}, language_code="de")
    assert await line.done(f"get{method}", language_code="de") == {field: "Für alle"}
    assert await line.done(f"get{method}", language_code="uk") == {field: "For all"}
    assert (await line.get("/sandbox/bots/current?language=de"))[field] == "Für alle"

    await line.done(f"set{method}", **{field: ""})
    assert await line.done(f"get{method}") == {field: "Lotse" if field == "name" else ""}


async def test_a_chat(known):
    assert await known.done("getChat", chat_id=1) == {
        "id": 1,
        "first_name": "Anna",
        "type": "private",
        "accent_color_id": 0,
        "max_reaction_count": 11,
    }


async def test_message_ids_grow_over_all_chats(known):
    told = await known.happens({"id": 2, "last_name": "B", "username": "two"}, text="x")
    assert told["message_id"] == 2
