"""Groups and channels: a coordinator who brings Lotse in is asked, links, and what is announced goes there too."""

from __future__ import annotations

import json

import pytest
from coordination import REFUSED, coordinator, planned, put
from town import lines

from bot.services.privacy import about

TEAM = {"id": -5, "type": "group", "title": "Team Nord"}
NEWS = {"id": -1007, "type": "channel", "title": "News"}
OWN_CHAT = ["This works only in your own chat with Lotse."]
STALE = "This button is out of date. Here is how things stand now:"
HOW_TO = [
    "To link a group, add Lotse to it. A message with a button then comes here.",
    "To link a channel, make Lotse an administrator of it who may post messages.",
]
NONE = ["No group or channel is linked yet.", *HOW_TO]
ADDED = [
    "Lotse was added to this group: Team Nord",
    "Linked, it can be chosen for an announcement. Nothing else is posted there.",
    "Everybody who is there reads along.",
    "[Link this group | group:-5:link]",
    "[Do not link | group:-5:refuse]",
]
LINKED = [
    "Team Nord",
    "This group is linked.",
    "You choose it in the preview of an announcement. Nothing else is posted there.",
    "Announcements there are in this language: Deutsch",
    "[Change the language | group:-5:languages]",
    "[Unlink this group | group:-5:unlink]",
    "[All groups and channels | more:groups:0]",
]

pytestmark = pytest.mark.usefixtures("calm")


@pytest.fixture
async def cora(town):
    """A coordinator who has begun a chat with Lotse."""
    person = await coordinator(town)
    await person.says("/start lang_en")
    return person


async def adds(person, chat=TEAM, member=None, **more):
    """Somebody brings Lotse into a chat, or gives it another status there."""
    if member is None:
        await person.town.happens({"user": person.user, "chat": chat, "member": "left"})
        person.town.passes(seconds=1)
        member = "administrator" if chat["type"] == "channel" else "member"
    await person.town.happens({"user": person.user, "chat": chat, "member": member, **more})


async def links(person, chat=TEAM):
    """A coordinator brings Lotse into a chat and links it."""
    await adds(person, chat)
    await person.gets()
    return await person.presses("Link this channel" if chat["type"] == "channel" else "Link this group")


def chats(town):
    """The rows: id, title, language, linked."""
    return town.select("SELECT id, title, language, linked FROM chats ORDER BY id DESC")


async def posted(town, chat):
    """What the bot has posted there, as lines."""
    return lines([message for message in await town.transcript(chat) if message["from"] == "bot"])


async def test_a_coordinator_is_asked_and_links(town, cora):
    await adds(cora)
    assert await cora.gets() == ADDED
    assert chats(town) == [(-5, "Team Nord", None, 0)]
    assert await cora.presses("Link this group") == LINKED
    assert chats(town) == [(-5, "Team Nord", None, 1)]
    assert await posted(town, -5) == []


async def test_a_channel_is_linked_where_lotse_may_post(town, cora):
    await adds(cora, NEWS, may_post=False)
    assert (await cora.gets(), chats(town)) == ([], [])
    await adds(cora, NEWS)
    assert await cora.gets() == [
        "Lotse was added to this channel: News",
        "Linked, it can be chosen for an announcement. Nothing else is posted there.",
        "Everybody who is there reads along.",
        "[Link this channel | group:-1007:link]",
        "[Do not link | group:-1007:refuse]",
    ]
    assert (await cora.presses("Link this channel"))[:2] == ["News", "This channel is linked."]
    await adds(cora, NEWS, "administrator", may_post=False)
    assert chats(town) == []


async def test_others_add_lotse_and_nothing_is_stored_or_said(town):
    anna = town.person("Anna")
    await adds(anna)
    await adds(anna, NEWS)
    assert (await anna.gets(), chats(town), await town.said()) == ([], [], [])
    assert town.select("SELECT count(*) FROM people") == [(0,)]


async def test_what_is_not_to_be_linked_is_forgotten(town, cora):
    await adds(cora)
    await cora.gets()
    assert await cora.presses("Do not link") == [
        "It is not linked, and Lotse keeps nothing about it.",
        "Lotse stays there until somebody takes it out.",
    ]
    assert chats(town) == []
    assert await cora.forges(1, "group:-5:link") == [STALE, "", *NONE]


async def test_being_asked_and_answered_twice_does_no_harm(town, cora):
    await adds(cora)
    await adds(cora)
    await cora.gets()
    await cora.presses("Link this group")
    assert await cora.forges(1, "group:-5:link") == LINKED
    assert await cora.forges(1, "group:-5:refuse") == [
        STALE, "", "Groups and channels", *HOW_TO, "[1 Team Nord | group:-5:show]",
    ]  # fmt: skip
    assert chats(town) == [(-5, "Team Nord", None, 1)]


async def test_the_question_is_not_put_any_more_once_it_is_idle(town, cora):
    await adds(cora)
    await adds(cora, TEAM, "left")
    assert await cora.gets() == []
    await adds(cora)
    await put(town, "UPDATE people SET role = NULL")
    town.running.house.coordinators = frozenset()
    assert await cora.gets() == []


async def test_a_role_lost_in_between_links_nothing(town, cora):
    await adds(cora)
    await cora.gets()
    town.running.house.coordinators = frozenset()
    for what in ("link", "refuse", "show", "unlink", "languages", "lang-uk"):
        assert await cora.forges(2, f"group:-5:{what}") == REFUSED
    assert await cora.forges(2, "more:groups:0") == REFUSED
    assert chats(town) == [(-5, "Team Nord", None, 0)]


async def test_nobody_links_what_somebody_else_has_added(town, cora):
    await adds(cora)
    otto = await coordinator(town, "Otto")
    for chat in ("-5", "-6", "5", "0", "-0", "-05", "+5", "x", "", "-99999999999999999", "-5 "):
        for what in ("link", "refuse", "show", "unlink", "languages", "lang-uk", "lang-xx", "", "none"):
            assert await otto.forges(1, f"group:{chat}:{what}") == [STALE, "", *NONE]
    assert chats(town) == [(-5, "Team Nord", None, 0)]
    anna = town.person("Anna", "en")
    assert await anna.forges(1, "group:-5:link") == REFUSED


@pytest.mark.parametrize("data", ["group", "group:-5", "group:-5:link:1"])
async def test_buttons_of_another_shape_are_out_of_date(cora, data):
    assert (await cora.forges(1, data))[0] == STALE


async def test_in_groups_the_buttons_are_refused(town, cora):
    await links(cora)
    for data in ("group:-5:unlink", "more:groups:0"):
        await town.happens({"user": cora.user, "chat": TEAM, "press": {"message_id": 1, "data": data}})
    assert await posted(town, -5) == [*OWN_CHAT, "--", *OWN_CHAT]
    assert chats(town) == [(-5, "Team Nord", None, 1)]


async def test_the_language_there_can_be_changed(town, cora):
    await links(cora)
    offered = await cora.presses("Change the language")
    assert offered[:3] == [
        "Team Nord",
        "Which language should announcements there be in?",
        "[Deutsch | group:-5:lang-de]",
    ]
    assert len(offered) == 15
    assert offered[-1] == "[Go back | group:-5:show]"
    assert (await cora.presses("Українська"))[3] == "Announcements there are in this language: Українська"
    assert chats(town) == [(-5, "Team Nord", "uk", 1)]
    assert (await cora.forges(2, "group:-5:lang-xx"))[0] == STALE


async def test_unlinking_can_be_taken_back(town, cora):
    await links(cora)
    assert await cora.presses("Unlink this group") == [
        "Team Nord",
        "This group is not linked any more.",
        "Nothing is posted there, announcements that were still to go there neither.",
        "[Link this group | group:-5:link]",
        "[All groups and channels | more:groups:0]",
    ]
    assert chats(town) == [(-5, "Team Nord", None, 0)]
    assert await cora.presses("Link this group") == LINKED
    assert town.select("SELECT action, subject FROM audit ORDER BY id") == [
        ("chat linked", "chat -5"),
        ("chat unlinked", "chat -5"),
        ("chat linked", "chat -5"),
    ]


async def test_what_is_linked_is_listed_by_pages(cora):
    for number in range(1, 7):
        await links(cora, {"id": -number, "type": "group", "title": f"Team {number}"})
    assert await cora.presses("All groups and channels") == [
        "Groups and channels",
        *HOW_TO,
        *(f"[{number} Team {number} | group:-{number}:show]" for number in range(1, 6)),
        "[Show more | more:groups:1]",
    ]
    assert (await cora.presses("Show more"))[-2:] == [
        "[1 Team 6 | group:-6:show]",
        "[Go back | more:groups:0] [All topics | more:topics:0]",
    ]
    assert (await cora.replies("1"))[:2] == ["Team 6", "This group is linked."]


@pytest.mark.parametrize("status", ["left", "kicked"])
async def test_who_takes_lotse_out_unlinks(town, cora, status):
    await links(cora)
    await adds(town.person("Anna"), TEAM, status)
    assert chats(town) == []
    assert (await cora.forges(2, "group:-5:show"))[0] == STALE


async def test_a_restricted_member_posts_only_if_allowed(town, cora):
    large = {"id": -1008, "type": "supergroup", "title": "Large"}
    await links(cora, large)
    await adds(town.person("Anna"), large, "restricted", may_post=True)
    assert chats(town) == [(-1008, "Large", None, 1)]
    await adds(town.person("Anna"), large, "restricted", may_post=False)
    assert chats(town) == []


async def test_a_new_title_is_taken_up(town, cora):
    await links(cora)
    await town.happens({"user": town.person("Anna").user, "chat": TEAM, "new_title": "Team <b>Süd</b>"})
    assert chats(town) == [(-5, "Team <b>Süd</b>", None, 1)]
    assert (await cora.forges(2, "group:-5:show"))[0] == "Team <b>Süd</b>"


async def test_a_group_that_becomes_a_supergroup_stays_linked(town, cora):
    await links(cora)
    await town.happens({"user": cora.user, "chat": TEAM, "upgrade": -1009})
    assert chats(town) == [(-1009, "Team Nord", None, 1)]
    assert await cora.gets() == []


async def test_titles_of_any_kind_are_shown_as_text(town, cora):
    title = "<i>Team</i>\u202e &\x00\nNord " + "x" * 200
    change = {"status": "member", "user": {"id": 77, "is_bot": True}}
    body = {
        "chat": {"id": -9, "type": "group", "title": title},
        "from": cora.user,
        "date": 1,
        "new_chat_member": change,
    }
    await town.raw({"my_chat_member": body})
    shown = f"<i>Team</i> & Nord {'x' * 109}"
    assert (await cora.gets())[0] == f"Lotse was added to this group: {shown}"
    assert chats(town) == [(-9, shown, None, 0)]


BODY = {
    "chat": {"id": -9, "type": "group", "title": "T"},
    "from": {"id": 1000},
    "date": 1,
    "new_chat_member": {"status": "member"},
}


@pytest.mark.parametrize(
    "update",
    [
        {"my_chat_member": None},
        {"my_chat_member": []},
        {"my_chat_member": {**BODY, "chat": {"id": 9, "type": "group"}}},
        {"my_chat_member": {**BODY, "chat": {"id": -(2**60), "type": "group"}}},
        {"my_chat_member": {**BODY, "chat": {"id": -9, "type": "planet"}}},
        {"my_chat_member": {**BODY, "chat": {"id": -9}}},
        {"my_chat_member": {**BODY, "from": {"id": "1000"}}},
        {"my_chat_member": {**BODY, "from": None}},
        {"my_chat_member": {**BODY, "date": "yesterday"}},
        {"my_chat_member": {**BODY, "new_chat_member": {}}},
        {"my_chat_member": {**BODY, "new_chat_member": None}},
        {"my_chat_member": {**BODY, "new_chat_member": {"status": "restricted", "can_send_messages": True}}},
        {"my_chat_member": {**BODY, "new_chat_member": {"status": "something new"}}},
        {"my_chat_member": {key: value for key, value in BODY.items() if key != "new_chat_member"}},
        {"message": {**BODY, "message_id": 1, "migrate_to_chat_id": 12}},
        {"message": {**BODY, "message_id": 1, "migrate_to_chat_id": -9}},
        {"message": {**BODY, "message_id": 1, "migrate_from_chat_id": "-8"}},
        {"message": {**BODY, "message_id": 1, "new_chat_title": None}},
    ],
)
async def test_forged_news_are_left_alone(town, cora, update):
    await town.raw(update)
    assert (chats(town), await cora.gets()) == ([], [])


async def test_mydata_names_what_somebody_has_added_and_delete_takes_them_out_of_it(town, cora):
    await links(cora)
    await adds(cora, NEWS)
    stored = await town.running.house.database.read(about, cora.id)
    assert stored["groups"] == ["News", "Team Nord"]
    await cora.says("/delete")
    await cora.presses("Delete my data")
    assert chats(town) == [(-5, "Team Nord", None, 1)]
    assert town.select("SELECT added_by FROM chats") == [(None,)]


async def subscribes(town, name, code="en"):
    """Somebody who has the newsletter on."""
    person = town.person(name, code)
    await person.says("/start")
    await person.says("/newsletter")
    await person.presses("newsletter:on")
    return person


async def announces(cora, text, *titles):
    """A coordinator writes an announcement and chooses groups and channels for it; the preview then."""
    await cora.says(f"/announce {text}")
    await cora.presses("Groups and channels")
    for title in titles:
        await cora.presses(f"Add {title}")
    return await cora.presses("Go back")


async def summary(cora):
    """Everything goes out, and then the author is told what became of it."""
    await cora.gets()
    return await cora.gets()


async def test_an_announcement_goes_to_people_and_to_what_was_chosen(town, cora):
    await links(cora)
    await links(cora, NEWS)
    anna = await subscribes(town, "Anna")
    await cora.says("/announce <b>Hello</b>")
    assert (await cora.presses("Groups and channels"))[:3] == [
        "Groups and channels",
        "Not chosen: News (Deutsch)",
        "Not chosen: Team Nord (Deutsch)",
    ]
    shown = await cora.presses("Add Team Nord")
    letter, choice = shown[: shown.index("--")], shown[shown.index("--") + 1 :]
    assert choice[:3] == ["Groups and channels", "Not chosen: News (Deutsch)", "Chosen: Team Nord (Deutsch)"]
    preview = await cora.presses("Go back")
    assert "And to 1 group or channel: Team Nord" in preview
    assert "[Send to 2 | confirm:1]" in preview
    await cora.presses("Send to 2")
    await anna.gets()
    assert await posted(town, -5) == letter
    assert await posted(town, -1007) == []
    assert (await anna.last())["text"].startswith("<b>Hello</b>")


async def test_only_a_group_is_enough_and_the_summary_tells_it_apart(town, cora):
    await links(cora)
    preview = await announces(cora, "Hello", "Team Nord")
    assert preview == [
        "Preview above. Nothing has been sent yet.",
        "Goes only to 1 group or channel: Team Nord",
        "Time: now",
        *preview[3:],
    ]
    await cora.presses("Send to 1")
    told = await summary(cora)
    assert await posted(town, -5) == ["Hello", "Es gibt noch keine Fassung in Ihrer Sprache. Diese ist auf Englisch."]
    for line in ("Announcement finished: 0 people", "And to 1 group or channel", "Delivered: 1"):
        assert line in told


async def test_a_card_leads_from_the_group_into_the_own_chat(town, cora):
    session = await planned(town)
    await links(cora)
    await cora.says("/start")
    await cora.forges(1, f"announce:new:session-{session}")
    await cora.presses("Groups and channels")
    await cora.presses("Add Team Nord")
    await cora.presses("Go back")
    await cora.presses("Send to 1")
    await cora.gets()
    shown = await posted(town, -5)
    assert shown[0] == "Housing 📅"
    name = town.running.house.api.name
    assert shown[-1] == f"[In Lotse öffnen | https://t.me/{name}?start=session_{session}]"
    assert sum(line.startswith("[") for line in shown) == 1


async def test_it_is_in_the_language_there_and_runs_as_that_does(town, cora):
    await links(cora)
    await cora.presses("Change the language")
    await cora.presses("العربية")
    shown = await cora.says("/announce Hello")
    await cora.presses("Groups and channels")
    shown = await cora.presses("Add Team Nord")
    await cora.presses("Go back")
    await cora.presses("Send to 1")
    await cora.gets()
    assert await posted(town, -5) == shown[: shown.index("--")]
    assert (await posted(town, -5))[0] == "\u200eHello"


@pytest.mark.parametrize("how", ["unlinked", "taken out", "restored"])
async def test_what_is_not_linked_when_it_is_due_gets_nothing(town, cora, how):
    await links(cora)
    await announces(cora, "Hello", "Team Nord")
    await cora.presses("Send to 1")
    if how == "unlinked":
        await cora.forges(2, "group:-5:unlink")
    else:
        await adds(town.person("Anna"), TEAM, "left")
    if how == "restored":
        await adds(town.person("Anna"), TEAM)
    await cora.gets()
    assert await posted(town, -5) == []
    assert town.select("SELECT state FROM outbox WHERE person = -5") == [("dropped",)]


@pytest.mark.parametrize(
    ("status", "description"),
    [
        (403, "Forbidden: bot was kicked from the group chat"),
        (403, "Forbidden: bot is not a member of the channel chat"),
        (400, "Bad Request: chat not found"),
        (400, "Bad Request: need administrator rights in the channel chat"),
        (400, "Bad Request: not enough rights to send text messages to the chat"),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN"),
    ],
)
async def test_a_refused_post_unlinks_and_is_counted_as_blocked(town, cora, status, description):
    await links(cora)
    await announces(cora, "Hello", "Team Nord")
    await cora.presses("Send to 1")
    await town.fault(method="sendMessage", chat=-5, status=status, description=description)
    told = await summary(cora)
    assert "Blocked: 1 (Lotse blocked or chat deleted)" in told
    assert chats(town) == []
    assert town.select("SELECT blocked FROM people") == [(0,)]


@pytest.mark.parametrize("told", [True, False])
async def test_a_group_that_has_got_another_id_meanwhile_gets_it_there(town, cora, told):
    await links(cora)
    await announces(cora, "Hello", "Team Nord")
    await cora.presses("Send to 1")
    if told:
        await town.happens({"user": cora.user, "chat": TEAM, "upgrade": -1009})
    else:
        await town.happens({"user": cora.user, "chat": {"id": -1009, "type": "supergroup"}, "member": "member"})
        await town.fault(method="sendMessage", status=400, migrate_to_chat_id=-1009, chat=-5)
    summed = await summary(cora)
    assert (await posted(town, -1009))[0] == "Hello"
    assert await posted(town, -5) == []
    assert "Delivered: 1" in summed
    assert [row[0] for row in chats(town)] == [-1009]
    assert town.select("SELECT linked FROM chats") == [(1,)]


async def test_a_correction_changes_the_post_while_the_chat_is_linked(town, cora):
    await links(cora)
    await links(cora, NEWS)
    await announces(cora, "Hello", "Team Nord", "News")
    await cora.presses("Send to 2")
    await cora.gets()
    await cora.forges(2, "group:-1007:unlink")
    await cora.presses("Correct the text")
    await cora.replies("Goodbye")
    await cora.presses("Correct the text")
    await cora.gets()
    assert [(await posted(town, chat))[0] for chat in (-5, -1007)] == ["Goodbye", "Hello"]


async def test_choosing_is_authorised_and_bounded(town, cora):
    await links(cora)
    await adds(cora, NEWS)
    await cora.says("/announce Hello")
    otto = await coordinator(town, "Otto")
    for step in ("chat--5-on", "chats", "chat--1007-on"):
        assert (await otto.forges(1, f"announce:1:{step}"))[0].startswith("This button is out of date.")
    for step in ("chat--1007-on", "chat--6-on", "chat-5-on", "chat--5", "chat--5-maybe", "chat-", "chat", "chat---on"):
        assert (await cora.forges(1, f"announce:1:{step}"))[0].startswith("This button is out of date.")
    for step in ("chats-9", "chats-x", "chats--1", "chats-"):
        assert "Not chosen: Team Nord (Deutsch)" in await cora.forges(4, f"announce:1:{step}")
    assert 'chats": []' in town.select("SELECT answers FROM drafts")[0][0]
    town.running.house.coordinators = frozenset()
    assert await cora.forges(1, "announce:1:chat--5-on") == REFUSED


async def test_pressing_twice_sets_the_same(town, cora):
    await links(cora)
    await cora.says("/announce Hello")
    await cora.presses("Groups and channels")
    await cora.presses("Add Team Nord")
    for state, many in (("on", 1), ("on", 1), ("off", 0), ("off", 0)):
        await cora.forges(1, f"announce:1:chat--5-{state}")
        (answers,) = town.select("SELECT answers FROM drafts")[0]
        assert json.loads(answers)["audience"]["chats"] == [-5] * many


async def test_many_are_chosen_by_pages(cora):
    for number in range(1, 7):
        await links(cora, {"id": -number, "type": "group", "title": f"Team {number}"})
    await cora.says("/announce Hello")
    first = await cora.presses("Groups and channels")
    assert first[-3:] == [
        "[Show more | announce:1:chats-1]",
        "[Change language, unlink | more:groups:0]",
        "[Go back | announce:1:back]",
    ]
    assert len([line for line in first if line.startswith("[Add ")]) == 5
    assert (await cora.presses("Show more"))[-3:] == [
        "[Add Team 6 | announce:1:chat--6-on]",
        "[Change language, unlink | more:groups:0]",
        "[Go back | announce:1:chats-0]",
    ]


async def test_nobody_linked_anything(cora):
    await cora.says("/announce Hello")
    assert await cora.presses("Groups and channels") == [*NONE, "[Go back | announce:1:back]"]
