"""Writing to the coordination team, and being answered: nothing unseen, nothing twice, nothing for the wrong eyes."""

from __future__ import annotations

import json

import pytest
from coordination import coordinator, put

from bot.chat.message import length
from bot.domain.instants import microseconds
from bot.services.inquiries import sweep

pytestmark = pytest.mark.usefixtures("calm")

GONE = "This button is out of date. Here is how things stand now:"
NOTHING = "Nothing has been sent yet."


@pytest.fixture
async def cora(town):
    return await started(town, "Cora")


async def started(town, name):
    """A coordinator who can be written to."""
    person = await coordinator(town, name)
    await person.says("/start lang_en")
    return person


@pytest.fixture
def anna(town):
    return town.person("Anna", "en")


async def offered(person, about="general"):
    """Lets somebody ask for a person; what they are shown."""
    return await person.forges(0, f"person:{about}")


async def writes(person, text="Who can help?", about="general"):
    """The preview of what somebody writes to the team."""
    await offered(person, about)
    return await person.replies(text)


async def sends(person, text="Who can help?", about="general"):
    await writes(person, text, about)
    return await person.presses("Send")


async def blocks(town, person, status):
    chat = {"id": person.id, "type": "private"}
    body = {"chat": chat, "from": person.user, "new_chat_member": {"status": status}}
    await town.raw({"my_chat_member": body})


def stored(town, columns="person, about, language, text, state"):
    return town.select(f"SELECT {columns} FROM inquiries ORDER BY id")


def waiting(town):
    return town.select("SELECT person, kind FROM outbox WHERE state = 'waiting' ORDER BY kind, person")


async def test_without_coordinators_only_the_office_is_named(town, anna):
    assert await offered(anna) == [
        "An advice centre in your town can help. Ask for “Migrationsberatung”.",
        "The network gives no legal advice.",
        "Nothing was sent to anyone.",
    ]
    assert town.select("SELECT * FROM drafts") == []
    assert town.select("SELECT * FROM people") == []


@pytest.mark.usefixtures("cora")
async def test_where_somebody_reads_it_a_second_message_offers_to_write(town, anna):
    seen = await offered(anna, "register-address")
    assert seen[seen.index("--") + 1 :] == [
        "You can also write to the coordination team of the network.",
        "1 person will read it. Answer by Monday, 30 November 2026.",
        "Your name is not sent. Leave out names, addresses and file numbers.",
        "Reply to this message. Optional: if you would rather not, do nothing.",
        NOTHING,
    ]
    town.passes(days=28)  # Christmas is in between
    await started(town, "Cem")
    assert "2 people will read it. Answer by Tuesday, 29 December 2026." in await offered(anna)


@pytest.mark.usefixtures("cora")
async def test_the_preview_shows_office_text_readers_and_day_and_sends_nothing(town, anna):
    assert await writes(anna, "My <landlord> & I\nWhat now?", "register-address") == [
        "The office in charge: Bürgerbüro Musterstadt",
        "The network gives no legal advice.",
        "You can send this text to the coordination team: “My <landlord> & I",
        "What now?”",
        "1 person will read it. Answer by Monday, 30 November 2026.",
        "The text may become a general answer for everyone, without your name.",
        "To change it, reply to this message.",
        NOTHING,
        "[Send | confirm:2] [Do not send | cancel:2]",
    ]
    assert (stored(town), waiting(town)) == ([], [])


async def test_what_is_sent_is_kept_with_topic_and_language_and_the_team_hears_without_a_word_of_it(town, anna, cora):
    assert await sends(anna, "Wer hilft mir?", "register-address") == [
        "Your text was sent to the coordination team.",
        "1 person will read it. Answer by Monday, 30 November 2026.",
        "The answer comes into this chat. Until then you can withdraw your text.",
        "Stored: your text and your Telegram id, until 90 days after the answer.",
        "[Withdraw my text | withdraw:1]",
    ]
    assert stored(town) == [(anna.id, "register-address", "en", "Wer hilft mir?", "open")]
    assert await cora.gets() == [
        "There is a question to the coordination team.",
        "1 question waits for an answer.",
        "Answer by Monday, 30 November 2026.",
        "[Show questions | more:inbox:0]",
    ]


@pytest.mark.usefixtures("cora")
async def test_pressed_twice_it_is_sent_once(town, anna):
    await writes(anna)
    preview = (await anna.last())["message_id"]
    await anna.forges(preview, "confirm:2")
    for data in ("confirm:2", "cancel:2"):  # what is shown stays as it is
        assert await anna.forges(preview, data) == []
        assert (await anna.forges(0, data))[0] == "Your text was sent to the coordination team."
    assert len(stored(town)) == 1


@pytest.mark.usefixtures("cora")
async def test_another_reply_or_an_edited_one_replaces_the_text_and_the_old_button_sends_nothing(town, anna):
    await offered(anna)
    asked = (await anna.last())["message_id"]
    await anna.replies("first")
    assert "You can send this text to the coordination team: “second”" in await anna.replies("second")
    assert "You can send this text to the coordination team: “third”" in await anna.says("third", reply_to=asked)
    assert (await anna.forges(0, "confirm:2"))[0] == GONE
    await anna.presses("Send")
    assert stored(town, "text") == [("third",)]
    assert town.select("SELECT step FROM drafts") == [("done",)]


@pytest.mark.usefixtures("cora")
async def test_what_is_not_sent_is_forgotten_with_its_person(town, anna):
    await writes(anna)
    assert await anna.presses("Do not send") == ["Nothing was sent."]
    assert (stored(town), waiting(town)) == ([], [])
    assert town.select("SELECT * FROM drafts") == town.select(f"SELECT * FROM people WHERE id = {anna.id}") == []


@pytest.mark.usefixtures("cora")
async def test_an_old_preview_of_somebody_who_is_not_known_any_more_says_nothing_of_deletion(town, anna):
    await writes(anna, "first")
    old = (await anna.last())["message_id"]
    await anna.replies("second")
    await anna.presses("Do not send")
    assert (await anna.forges(old, "confirm:2"))[0] == GONE
    assert stored(town) == []
    assert not town.running.house.erased.exists()


@pytest.mark.usefixtures("cora")
async def test_an_hour_later_the_text_is_a_question_again_and_the_button_old(town, anna):
    await writes(anna)
    town.passes(hours=1)
    assert (await anna.replies("zzyzx"))[0] == "There is no checked answer to this here yet."
    assert (await anna.presses("Send"))[0] == GONE
    assert stored(town) == []


@pytest.mark.usefixtures("cora")
async def test_danger_is_answered_and_not_sent(town, anna):
    await offered(anna)
    seen = await anna.replies("mein mann schlägt mich")
    assert seen[0] == "Antwort auf Ihre Frage. Die Angaben stehen unten, mit Quelle und Datum."  # as it was asked
    assert not any("confirm:" in line for line in seen)
    assert town.select("SELECT step FROM drafts") == [("text",)]


@pytest.mark.usefixtures("cora")
async def test_a_text_that_is_too_long_is_cut_and_says_so_and_emoji_are_asked_again(town, anna):
    await offered(anna)
    assert await anna.replies("🙂 !") == ["Write your question in a few words, as a reply to this message."]
    seen = await anna.replies("x" * 1001)
    assert f"You can send this text to the coordination team: “{'x' * 1000}”" in seen
    assert "The first 1000 characters were kept." in seen
    await anna.presses("Send")
    assert stored(town, "text") == [("x" * 1000,)]


@pytest.mark.usefixtures("cora")
async def test_with_five_open_texts_one_sentence_says_so_and_the_sixth_is_not_lost(town, anna):
    full = "5 of your texts wait for an answer already. You can write again after the next answer."
    for number in range(4):
        await sends(anna, f"question {number}")
    await writes(anna, "fifth")
    fifth = await anna.last()
    await sends(anna, "sixth")
    send = fifth["message_id"], fifth["buttons"][0][0]["data"]
    assert await anna.forges(*send) == [full]
    assert (await offered(anna))[-1] == full
    assert len(stored(town)) == 5
    await anna.presses("withdraw:5")
    await anna.forges(*send)
    assert stored(town, "text")[-1] == ("fifth",)


@pytest.mark.usefixtures("cora")
async def test_in_a_group_the_office_is_named_and_nothing_asked(town, anna):
    group = {"id": -5, "type": "group", "title": "Team"}
    await town.happens({"user": anna.user, "chat": group, "text": f"/topics@{town.running.house.api.name}"})
    for data in ("person:general", "withdraw:1", "inquiry:1", "more:inbox:0"):
        await town.happens({"user": anna.user, "chat": group, "press": {"message_id": 2, "data": data}})
    said = [message["text"].split("\n") for message in await town.transcript(-5) if message["from"] == "bot"][1:]
    assert [text[-1] for text in said] == [
        "Nothing was sent to anyone.", *["This works only in your own chat with Lotse."] * 3,
    ]  # fmt: skip
    assert town.select("SELECT * FROM drafts") == []


async def test_withdrawn_is_deleted_once_and_by_its_person_only(town, anna, cora):
    await sends(anna)
    assert await cora.forges(0, "withdraw:1") == [
        "There is nothing to withdraw: your text was answered, closed or withdrawn before."
    ]
    assert await anna.presses("Withdraw my text") == ["Your text was withdrawn and deleted."]
    assert await anna.forges(0, "withdraw:1") == [
        "There is nothing to withdraw: your text was answered, closed or withdrawn before."
    ]
    assert stored(town) == town.select(f"SELECT * FROM people WHERE id = {anna.id}") == []
    assert await cora.gets() == []  # the news does not hold any more


async def test_the_inbox_is_for_the_coordination_team(anna, cora):
    await sends(anna)
    for data in ("inquiry:1", "inquiry:1:answer", "inquiry:1:close", "more:inbox:0"):
        assert await anna.forges(0, data) == ["Only the coordination team can do this."]
    assert await anna.says("/inbox") == ["Only the coordination team can do this."]
    assert await cora.says("/inbox") == [
        "Questions to the coordination team",
        "1 question waits for an answer.",
        "[1 English: 25 Nov | inquiry:1]",
    ]


async def test_the_inbox_shows_five_at_a_time_the_oldest_first_and_which_are_late(town, cora):
    for number in range(6):
        town.passes(minutes=1)
        await sends(town.person(f"P{number}", "en"), f"question {number}", "recognition")
    town.passes(days=6)
    seen = await cora.says("/inbox")
    assert seen[:3] == ["Questions to the coordination team", "6 questions wait for an answer.", "6 answers are late."]
    assert [line.partition(" | ")[2] for line in seen[3:]] == [*(f"inquiry:{n}]" for n in range(1, 6)), "more:inbox:1]"]
    assert (await cora.presses("more:inbox:1"))[3:] == [
        "[1 English: 25 Nov, Recognise a… | inquiry:6]",
        "[Go back | more:inbox:0] [All topics | more:topics:0]",
    ]


@pytest.mark.parametrize("data", ["inquiry:9", "inquiry:x", "inquiry:1:nonsense", "inquiry:-1", "inquiry:" + "9" * 30])
async def test_old_and_forged_buttons_show_the_inbox_of_now(anna, cora, data):
    await sends(anna)
    assert (await cora.forges(0, data))[:3] == [GONE, "", "Questions to the coordination team"]


async def test_the_preview_of_an_answer_is_what_arrives_to_the_letter(town, cora):
    ahmad = town.person("Ahmad", "ar")
    await offered(ahmad, "recognition")
    await ahmad.replies("كم يستغرق؟")
    await ahmad.presses("confirm:2")
    await cora.forges(0, "inquiry:1:answer")
    entities = [
        {"type": "bold", "offset": 0, "length": 4},
        {"type": "text_link", "offset": 5, "length": 4, "url": "https://example.org/a"},
    ]
    replied = {"message_id": (await cora.last())["message_id"]}
    message = {"message_id": 900, "date": 0, "chat": {"id": cora.id, "type": "private"}, "from": cora.user,
               "text": "Vier Wege: 089 1234-0\nUnd <dann> & weiter.", "entities": entities,
               "reply_to_message": replied}  # fmt: skip
    await town.raw({"message": message})
    preview = (await cora.sees())[-2]
    await cora.presses("Send")
    await town.delivers()
    arrived = await ahmad.last()
    keys = ("text", "entities", "buttons")
    assert [preview[key] for key in keys] == [arrived[key] for key in keys]
    assert [entity["type"] for entity in arrived["entities"]] == ["bold", "text_link"]


async def test_a_chosen_language_is_the_language_of_the_answer(anna, cora):
    await sends(anna)
    await anna.forges(0, "lang:de")
    await cora.forges(0, "inquiry:1:answer")
    await cora.replies("Here.")
    await cora.presses("Send")
    assert "Das Netzwerk gibt keine Rechtsberatung." in await anna.gets()


async def test_two_coordinators_at_once_send_one_answer(town, anna, cora):
    cem = await started(town, "Cem")
    await sends(anna)
    for one, text in ((cora, "First."), (cem, "Second.")):
        await one.forges(0, "inquiry:1:answer")
        await one.replies(text)
    assert await cora.presses("Send") == [
        "The answer is on its way.",
        "[Show the question | inquiry:1]",
        "[Show questions | more:inbox:0]",
    ]
    assert (await cora.presses("inquiry:1"))[-2] == "The message is on its way."
    assert (await cem.presses("Send"))[:2] == ["Somebody else was first; your text was not sent.", ""]
    assert await anna.gets() == [
        "Your question of 25 November 2026: here is the answer of the coordination team.",
        "",
        "First.",
        "",
        "The network gives no legal advice.",
        "[Ask a person | person:general]",
    ]
    assert (await cem.forges(0, "inquiry:1:answer"))[-3:] == [
        "Answered on 25 November 2026",
        "The message was delivered.",
        "[Go back | more:inbox:0]",
    ]
    assert (await cora.forges(0, "cancel:4"))[0] == "The answer is on its way."


async def test_who_lost_the_role_in_between_sends_nothing(town, anna, cora):
    await sends(anna)
    await cora.forges(0, "inquiry:1:answer")
    await cora.replies("First.")
    town.running.house.coordinators = frozenset()
    assert await cora.presses("Send") == ["Only the coordination team can do this."]
    assert stored(town, "state") == [("open",)]
    await cora.says("late", reply_to=(await cora.sees())[-3]["message_id"])
    assert stored(town, "state") == [("open",)]


async def test_somebody_who_has_stopped_lotse_is_not_answered(town, anna, cora):
    await sends(anna)
    await cora.forges(0, "inquiry:1:answer")
    await cora.replies("First.")
    await blocks(town, anna, "kicked")
    assert (await cora.presses("Send"))[0] == (
        "This person has stopped Lotse: an answer would not arrive. Nothing was sent."
    )
    seen = await cora.forges(0, "inquiry:1")
    assert "This person has stopped Lotse: an answer would not arrive." in seen
    assert [line.rpartition(":")[2] for line in seen if line.startswith("[")] == ["close]", "0]"]
    assert stored(town, "state") == [("open",)]


async def test_a_person_who_erased_themselves_is_not_answered(town, anna, cora):
    await sends(anna)
    await cora.forges(0, "inquiry:1:answer")
    await cora.replies("First.")
    seen = await anna.says("/delete")
    assert seen[1] == "That is: 1 question to the coordination team."
    await anna.presses("Delete my data")
    assert stored(town) == []
    assert (await cora.presses("Send"))[0] == (
        "The question is gone: it was withdrawn, or the person has deleted their data. Nothing was sent."
    )
    assert (waiting(town), await anna.gets()) == ([(cora.id, "inquiry")], [])


async def test_an_answer_may_name_a_help_line(anna, cora):
    await sends(anna)
    await cora.forges(0, "inquiry:1:answer")
    seen = await cora.replies("mein mann schlägt mich: 116 016")
    assert seen[0] == "Reply to your question. Details are below, with source and date."
    assert "mein mann schlägt mich: 116 016" in seen
    await cora.presses("Send")
    assert "mein mann schlägt mich: 116 016" in await anna.gets()


async def test_an_answer_that_does_not_fit_is_asked_for_again(town, anna, cora):
    await sends(anna)
    await cora.forges(0, "inquiry:1:answer")
    seen = await cora.replies("x" * 4096)
    assert len(seen) == 1
    assert seen[0].endswith("characters too long. Reply to this message with a shorter one.")
    excess = int(seen[0].split()[3])
    assert (await cora.replies("x" * (4096 - excess)))[-1].startswith("[Send")
    await cora.presses("Send")
    await town.delivers()
    assert length((await anna.last())["text"]) == 4096


async def test_an_answer_that_is_not_sent_leaves_the_question_open(town, anna, cora):
    await sends(anna)
    await cora.forges(0, "inquiry:1:answer")
    await cora.replies("First.")
    assert await cora.presses("Do not send") == [
        "Nothing was sent. The question stays open.",
        "[Show the question | inquiry:1]",
    ]
    assert stored(town, "state") == [("open",)]


async def test_closing_tells_the_person_plainly(town, anna, cora):
    await sends(anna, about="register-address")
    seen = await cora.forges(0, "inquiry:1:close")
    told = [
        "Your question of 25 November 2026: the coordination team has closed it without an answer.",
        "The office in charge can help, or an advice centre.",
        "[Ask a person | person:register-address]",
    ]
    assert seen[:3] == told
    assert stored(town, "state") == [("open",)]
    await cora.presses("Send")
    assert await anna.gets() == told
    assert town.select("SELECT action, subject FROM audit") == [("inquiry closed", "inquiry 1")]


async def test_what_nobody_answered_in_half_a_year_is_told_when_it_is_deleted(town, anna, cora):
    await sends(anna)
    town.passes(days=181)
    await town.running.house.database.write(sweep, microseconds(town.now))
    assert stored(town) == []
    assert (await anna.gets())[0] == (
        "Your question of 25 November 2026: the coordination team has closed it without an answer."
    )
    assert await cora.gets() == []


async def test_my_data_has_the_question_and_the_answer(town, anna, cora):
    await sends(anna)
    await cora.forges(0, "inquiry:1:answer")
    await cora.replies("Here.")
    await cora.presses("Send")
    await anna.says("/mydata")
    async with town.http.get(f"{town.root}{(await anna.last())['document']['url']}") as response:
        data = json.loads(await response.read())
    assert [(one["text"], one["answer"]) for one in data["inquiries"]] == [("Who can help?", "Here.")]


async def test_what_was_asked_about_may_be_gone(town, anna, cora):
    await sends(anna, about="recognition")
    await put(town, "UPDATE inquiries SET about = 'long-gone'")
    assert "Asked from: long-gone" not in await cora.forges(0, "inquiry:1")
    await cora.forges(0, "inquiry:1:answer")
    await cora.replies("Here.")
    await cora.presses("Send")
    assert (await anna.gets())[-1] == "[Ask a person | person:general]"
