"""What people do by the controls, what the bot gets from it, and what the transcript shows."""

import asyncio
import base64
import io

import aiohttp
import pytest

GROUP = {"id": -5, "type": "supergroup", "title": "Team"}
CHANNEL = {"id": -6, "type": "channel", "title": "News"}
NOON = 1_800_000_000
AT = "2027-01-15T08:00:00.000Z"


async def newest(line):
    return (await line.done("getUpdates"))[-1]


async def test_a_command_arrives_as_telegram_sends_it(line):
    told = await line.happens(text="/start lang_uk")
    assert await newest(line) == {
        "update_id": told["update_id"],
        "message": {
            "message_id": told["message_id"],
            "from": {"id": 1, "is_bot": False, "first_name": "Anna", "language_code": "de"},
            "chat": {"id": 1, "first_name": "Anna", "type": "private"},
            "date": NOON,
            "text": "/start lang_uk",
            "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
        },
    }


async def test_the_transcript_in_its_form(line):
    await line.happens(text="Guten Tag")
    rows = [
        [{"text": "Ja", "callback_data": "yes:1"}],
        [{"text": "Seite", "url": "https://example.org/"}, {"text": "Nummer", "copy_text": {"text": "089"}}],
    ]
    await line.done(
        "sendMessage", chat_id=1, text="<b>Wie?</b>", parse_mode="HTML", reply_markup={"inline_keyboard": rows}
    )
    assert await line.transcript() == [
        {
            "message_id": 1,
            "from": "user",
            "text": "Guten Tag",
            "entities": [],
            "buttons": [],
            "document": None,
            "at": AT,
            "edited": False,
        },
        {
            "message_id": 2,
            "from": "bot",
            "text": "Wie?",
            "entities": [{"type": "bold", "offset": 0, "length": 4}],
            "buttons": [
                [{"text": "Ja", "data": "yes:1", "url": None}],
                [
                    {"text": "Seite", "data": None, "url": "https://example.org/"},
                    {"text": "Nummer", "data": None, "url": None, "copy": "089"},
                ],
            ],
            "document": None,
            "at": AT,
            "edited": False,
        },
    ]


async def test_a_press_its_answer_and_the_toast(line):
    await line.happens(text="Guten Tag")
    await line.done(
        "sendMessage",
        chat_id=1,
        text="Wie?",
        reply_markup={"inline_keyboard": [[{"text": "Ja", "callback_data": "yes"}]]},
    )
    told = await line.happens(press={"message_id": 2, "data": "yes"})
    query = (await newest(line))["callback_query"]
    assert (query["id"], query["data"], query["message"]["text"]) == (told["callback_query_id"], "yes", "Wie?")
    assert query["message"]["reply_markup"] == {"inline_keyboard": [[{"text": "Ja", "callback_data": "yes"}]]}

    line.clock.passes(15)
    assert await line.done("answerCallbackQuery", callback_query_id=query["id"], text="Danke", show_alert=True) is True
    assert await line.get("/sandbox/chats/1/toasts") == [
        {"callback_query_id": query["id"], "text": "Danke", "alert": True, "url": None, "at": NOON + 15.0},
    ]


async def test_a_press_on_a_message_that_is_gone(line):
    await line.happens(press={"message_id": 77, "data": "old:1"})
    assert (await newest(line))["callback_query"]["message"] == {
        "chat": {"id": 1, "first_name": "Anna", "type": "private"},
        "message_id": 77,
        "date": 0,
    }


@pytest.mark.parametrize(
    ("what", "kind", "expected"),
    [
        ({"location": [48.1, 11.5]}, "location", {"latitude": 48.1, "longitude": 11.5}),
        ({"contact": {"phone_number": "089"}}, "contact", {"first_name": "Anna", "phone_number": "089"}),
        ({"contact": True}, "contact", {"phone_number": "+49 89 0000", "first_name": "Anna", "user_id": 1}),
        (
            {"document": {"file_name": "Brief.pdf", "content": base64.b64encode(b"abc").decode()}},
            "document",
            {
                "file_name": "Brief.pdf",
                "mime_type": "application/pdf",
                "file_id": "file-1",
                "file_unique_id": "ufile-1",
                "file_size": 3,
            },
        ),
        (
            {"photo": True},
            "photo",
            [{"file_id": "file-1", "file_unique_id": "ufile-1", "file_size": 0, "width": 90, "height": 90}],
        ),
        (
            {"voice": True},
            "voice",
            {"file_id": "file-1", "file_unique_id": "ufile-1", "file_size": 0, "duration": 3, "mime_type": "audio/ogg"},
        ),
    ],
)
async def test_things_that_are_not_text(line, what, kind, expected):
    await line.happens(**what)
    assert (await newest(line))["message"][kind] == expected
    assert kind in (await line.transcript())[0]


async def test_a_document_with_a_caption(line):
    await line.happens(document=True, text="Was ist das? /help")
    message = (await newest(line))["message"]
    assert message["caption"] == "Was ist das? /help"
    assert message["caption_entities"] == [{"type": "bot_command", "offset": 13, "length": 5}]
    assert (await line.transcript())[0]["document"] == {
        "file_name": "letter.pdf",
        "mime_type": "application/pdf",
        "file_size": 0,
        "url": "/sandbox/files/file-1",
    }


async def test_a_sticker(line):
    await line.happens(sticker=True)
    assert (await newest(line))["message"]["sticker"]["type"] == "regular"
    assert (await line.transcript())[0]["sticker"] is True


async def test_a_reply_carries_the_message(line):
    await line.happens(text="Guten Tag")
    await line.done(
        "sendMessage", chat_id=1, text="Wie?", reply_parameters={"message_id": 1}, reply_markup={"force_reply": True}
    )
    await line.happens(text="So", reply_to=2)
    replied = (await newest(line))["message"]["reply_to_message"]
    assert replied["text"] == "Wie?"
    assert "reply_to_message" not in replied
    first, second, third = await line.transcript()
    assert (second["reply_to"], third["reply_to"]) == (first["message_id"], second["message_id"])
    assert second["force_reply"] == {"placeholder": ""}


async def test_an_edited_message(line):
    await line.happens(text="Gutn Tag")
    await line.happens(text="Noch etwas")
    line.clock.passes(60)
    await line.happens(text="Guten Tag", edited=True, message_id=1)
    edited = (await newest(line))["edited_message"]
    assert (edited["message_id"], edited["text"], edited["edit_date"]) == (1, "Guten Tag", NOON + 60)
    assert [(one["text"], one["edited"]) for one in await line.transcript()] == [
        ("Guten Tag", True),
        ("Noch etwas", False),
    ]


async def test_groups_and_channels(line):
    await line.happens(text="/help@sandbox_7001_bot", chat=GROUP)
    group = (await newest(line))["message"]
    assert group["chat"] == GROUP
    assert group["entities"] == [{"type": "bot_command", "offset": 0, "length": 22}]

    await line.happens(text="Neues", chat=CHANNEL)
    post = (await newest(line))["channel_post"]
    assert (post["sender_chat"], "from" in post) == (CHANNEL, False)
    await line.happens(text="Neueres", chat=CHANNEL, edited=True)
    assert (await newest(line))["edited_channel_post"]["text"] == "Neueres"


async def test_coming_into_a_group_and_going(line):
    await line.done("getMe")
    told = await line.happens(chat=GROUP, member="left")
    assert told == {"update_id": told["update_id"], "message_id": None}
    await line.happens(chat=GROUP, text="Hört er das?")
    await line.happens(chat=GROUP, member="restricted", may_post=False)
    gone, back = await line.done("getUpdates")
    bot = {"id": 7001, "is_bot": True, "first_name": "Lotse", "username": "sandbox_7001_bot"}
    restricted = {"user": bot, "status": "restricted", "is_member": True, "can_send_messages": False, "until_date": 0}
    assert gone["my_chat_member"]["old_chat_member"] == {"user": bot, "status": "member"}
    assert back == {
        "update_id": told["update_id"] + 1,
        "my_chat_member": {
            "chat": GROUP,
            "from": {**line.anna, "is_bot": False},
            "date": NOON,
            "old_chat_member": {"user": bot, "status": "left"},
            "new_chat_member": restricted,
        },
    }
    assert [message["text"] for message in await line.transcript(-5)] == ["Hört er das?"]


async def test_the_rights_of_an_administrator_of_a_channel(line):
    await line.happens(chat=CHANNEL, member="administrator", may_post=False)
    change = (await newest(line))["my_chat_member"]
    rights = [change[one]["can_post_messages"] for one in ("old_chat_member", "new_chat_member")]
    assert rights == [True, False]


async def test_a_new_title(line):
    told = await line.happens(chat=GROUP, new_title="Team Nord")
    message = (await newest(line))["message"]
    assert (message["message_id"], message["new_chat_title"]) == (told["message_id"], "Team Nord")
    assert message["chat"] == {**GROUP, "title": "Team Nord"}
    await line.happens(chat=CHANNEL, new_title="Neues")
    assert (await newest(line))["channel_post"]["new_chat_title"] == "Neues"
    assert [message["new_chat_title"] for message in await line.transcript(-5)] == ["Team Nord"]


async def test_a_group_becomes_a_supergroup(line):
    group = {"id": -8, "type": "group", "title": "Klein"}
    told = await line.happens(chat=group, upgrade=-1009)
    comes, leaving, coming = await line.done("getUpdates")
    assert comes["my_chat_member"]["chat"] == {"id": -1009, "title": "Klein", "type": "supergroup"}
    assert comes["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert (leaving["message"]["chat"]["id"], leaving["message"]["migrate_to_chat_id"]) == (-8, -1009)
    assert (coming["message"]["chat"]["id"], coming["message"]["migrate_from_chat_id"]) == (-1009, -8)
    assert told == {"update_id": coming["update_id"], "message_id": coming["message"]["message_id"]}
    refused = await line.call("sendMessage", chat_id=-8, text="x")
    assert refused["parameters"] == {"migrate_to_chat_id": -1009}
    assert (await line.call("sendMessage", chat_id=-1009, text="x"))["ok"]


async def test_blocking_and_coming_back(line):
    await line.happens(text="Guten Tag")
    await line.happens(block=True)
    change = (await newest(line))["my_chat_member"]
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("member", "kicked")
    assert (await line.call("sendMessage", chat_id=1, text="x"))["error_code"] == 403

    await line.happens(text="/start")
    back, start = (await line.done("getUpdates"))[-2:]
    assert back["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert start["message"]["text"] == "/start"
    assert (await line.call("sendMessage", chat_id=1, text="x"))["ok"]


async def test_an_inline_query_and_its_answer(line):
    told = await line.happens(inline_query="kurs")
    path = f"/sandbox/inline/{told['inline_query_id']}"
    assert await line.get(path) is None
    query = (await newest(line))["inline_query"]
    assert (query["query"], query["offset"]) == ("kurs", "")
    result = {
        "type": "article",
        "id": "a",
        "title": "Kurs",
        "input_message_content": {"message_text": "<b>Kurs</b>", "parse_mode": "HTML"},
    }
    waiting = asyncio.create_task(line.get(path + "?wait=30"))
    await line.done("answerInlineQuery", inline_query_id=query["id"], results=[result])
    assert (await line.call("sendMessage", chat_id=1, text="x"))["description"] == "Bad Request: chat not found"
    shown = {"text": "Kurs", "entities": [{"type": "bold", "offset": 0, "length": 4}]}
    assert (await waiting)["results"] == [result | {"input_message_content": shown}]


async def test_a_deep_link(line):
    await line.happens(start="session_3")
    assert (await newest(line))["message"]["text"] == "/start session_3"


async def test_several_at_once(line):
    person = {"id": 1, "first_name": "Anna"}
    told = await line.post("/sandbox/updates", json=[{"user": person, "text": str(number)} for number in range(3)])
    assert [one["message_id"] for one in told] == [1, 2, 3]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (3, "an update is a JSON object"),
        ({"text": "x"}, "user must be an object with an id"),
        ({"user": {"id": "1"}, "text": "x"}, "user.id must be a whole number from 1 to 2^52"),
        (
            {"user": {"id": 1}},
            "say what happens: text, start, location, press, contact, document, photo, voice, sticker or block",
        ),
        ({"user": {"id": 1}, "text": ""}, "text must have 1 to 4096 characters"),
        ({"user": {"id": 1}, "text": "🙂" * 2049}, "text must have 1 to 4096 characters"),
        ({"user": {"id": 1}, "text": "x" * 1025, "photo": True}, "text must have 1 to 1024 characters"),
        ({"user": {"id": 1}, "text": 3}, "what a person writes must be text"),
        ({"user": {"id": 1}, "text": "a\0"}, "strings must be encoded in UTF-8"),
        ({"user": {"id": 1}, "text": "\ud800"}, "strings must be encoded in UTF-8"),
        ({"user": {"id": 1}, "start": "a b"}, "a deep link carries 1 to 64 of A-Z, a-z, 0-9, _ and -"),
        ({"user": {"id": 1}, "location": [1]}, "location must be [latitude, longitude]"),
        ({"user": {"id": 1}, "location": [91, 1]}, "location must be on the globe"),
        ({"user": {"id": 1}, "contact": 3}, "contact must be true or an object with a phone_number"),
        ({"user": {"id": 1}, "document": 3}, "document must be true or an object, its content in Base64"),
        (
            {"user": {"id": 1}, "document": {"content": "?"}},
            "document must be true or an object, its content in Base64",
        ),
        ({"user": {"id": 1}, "press": {}}, "press must be an object with message_id and data"),
        ({"user": {"id": 1}, "press": {"message_id": 1, "data": "x" * 65}}, "press.data must be text of 1 to 64 bytes"),
        ({"user": {"id": 1}, "text": "x", "reply_to": 9}, "there is no message to reply to"),
        ({"user": {"id": 1}, "text": "x", "edited": True}, "there is no message of this person to edit"),
        (
            {"user": {"id": 1}, "text": "x", "chat": {"id": 5, "type": "group"}},
            "the id of a group or channel is negative",
        ),
        (
            {"user": {"id": 1}, "text": "x", "chat": {"id": -5, "type": "club"}},
            "chat must be an object with a number as id and a type: private, group, supergroup or channel",
        ),
        ({"user": {"id": 1}, "member": "member"}, "member is for groups and channels"),
        (
            {"user": {"id": 1}, "member": "member", "chat": CHANNEL},
            "in a channel member must be one of administrator, left, kicked",
        ),
        (
            {"user": {"id": 1}, "member": ["left"], "chat": CHANNEL},
            "in a channel member must be one of administrator, left, kicked",
        ),
        ({"user": {"id": 1}, "member": "left", "may_post": 1, "chat": GROUP}, "may_post must be true or false"),
        (
            {"user": {"id": 1}, "new_title": "", "chat": GROUP},
            "new_title must be a text of 1 to 128 characters, for a group or channel",
        ),
        (
            {"user": {"id": 1}, "new_title": "x"},
            "new_title must be a text of 1 to 128 characters, for a group or channel",
        ),
        (
            {"user": {"id": 1}, "upgrade": 3, "chat": {"id": -8, "type": "group"}},
            "upgrade must be the negative id of a chat that is not there yet",
        ),
        ({"user": {"id": 1}, "upgrade": -9, "chat": GROUP}, "only a group becomes a supergroup"),
        ({"raw": 3}, "raw must be an object, its update_id a number"),
        ({"user": {"id": 1}, "text": "x", "bot": 9}, "there is no such bot"),
    ],
)
async def test_what_cannot_happen_is_refused_in_one_sentence(line, given, sentence):
    assert await line.post("/sandbox/updates", json=given) == {"error": sentence}


async def test_bodies_too_large_or_broken(line):
    url = f"{line.root}/sandbox/updates"
    async with line.session.post(url, data="{") as answer:
        assert (answer.status, await answer.json()) == (400, {"error": "the body is not JSON"})
    async with line.session.post(url, data=io.BytesIO(b"x" * (1024 * 1024 + 1))) as answer:
        assert (answer.status, await answer.json()) == (413, {"error": "the body is larger than 1 MiB"})

    async def pieces():
        for _ in range(17):
            yield b"x" * 65536

    async with line.session.post(url, data=pieces()) as answer:
        assert (answer.status, await answer.json()) == (413, {"error": "the body is larger than 1 MiB"})


async def test_pages_from_elsewhere_cannot_use_the_controls(line):
    headers = {"Sec-Fetch-Site": "cross-site"}
    async with line.session.post(f"{line.root}/sandbox/updates", json={}, headers=headers) as answer:
        assert answer.status == 403


async def test_waiting_for_a_change_of_a_chat(line):
    await line.happens(text="Guten Tag")
    async with line.session.get(f"{line.root}/sandbox/chats/1") as answer:
        revision = int(answer.headers["X-Revision"])
    waiting = asyncio.create_task(line.get(f"/sandbox/chats/1?after={revision}&wait=30"))
    await line.happens({"id": 2}, text="somebody else")
    await line.done("sendMessage", chat_id=1, text="Willkommen")
    assert [one["text"] for one in await waiting] == ["Guten Tag", "Willkommen"]


async def test_waiting_ends_without_a_change(line):
    assert await line.get("/sandbox/chats/1?after=5&wait=1") == []


async def test_news_of_all_chats(line):
    await line.happens(text="Guten Tag")
    news = await line.get("/sandbox/news")
    waiting = asyncio.create_task(line.get(f"/sandbox/news?after={news['revision']}&wait=30"))
    await line.happens({"id": 2}, text="Guten Tag")
    later = await waiting
    assert (later["chats"]["1"], later["chats"]["2"] > news["revision"]) == (news["chats"]["1"], True)


@pytest.mark.parametrize(
    "path", ["/sandbox/chats/anna", "/sandbox/news?after=x", "/sandbox/bots/current/commands?chat=x"]
)
async def test_numbers_must_be_numbers(line, path):
    assert "number" in (await line.get(path))["error"]


async def test_what_is_not_there(line):
    assert await line.get("/sandbox/chats/9/toasts") == []
    assert await line.get("/sandbox/files/file-9") == {"error": "there is no such file"}
    assert await line.get("/sandbox/inline/9") == {"error": "there is no such query"}
    assert await line.get("/sandbox/bots/9") == {"error": "there is no such bot"}


async def test_files_from_the_bot_can_be_downloaded_by_people_and_bots(line):
    await line.happens(text="Guten Tag")
    sent = (await line.upload("sendDocument", "document", b"BEGIN", chat_id=1, caption="Termin"))["result"]["document"]
    assert (sent["file_name"], sent["mime_type"], sent["file_size"]) == ("Übersicht.ics", "text/calendar", 5)
    shown = (await line.transcript())[-1]
    assert shown["text"] == "Termin"
    path = (await line.done("getFile", file_id=sent["file_id"]))["file_path"]
    for url in (shown["document"]["url"], f"/file/bot{line.token}/{path}"):
        async with line.session.get(line.root + url) as answer:
            assert await answer.read() == b"BEGIN"
            assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%C3%9Cbersicht.ics"
            assert answer.content_type == "application/octet-stream"


async def test_files_of_bots_need_their_token(line):
    for url, code in ((f"/file/bot{line.token}/files/file-9/x", 404), ("/file/botx/files/file-1/x", 401)):
        assert (await line.get(url))["error_code"] == code


async def test_a_document_attached_by_name_and_sent_again_by_its_id(line):
    await line.happens(text="Guten Tag")
    form = aiohttp.FormData({"chat_id": "1", "document": "attach://part"})
    form.add_field("part", "text", filename="a.txt", content_type="text/plain")
    first = await line.post(f"/bot{line.token}/sendDocument", data=form)
    again = await line.done("sendDocument", chat_id=1, document=first["result"]["document"]["file_id"])
    assert again["document"] == first["result"]["document"]
