"""Groups and channels: noted, linked by who added them, gone with the right to post, moved with their ids."""

from __future__ import annotations

from dataclasses import replace

import pytest
from histories import playing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.domain.chats import Chat, ChatNews
from bot.domain.instants import DAY, SECOND
from bot.services import chats
from bot.services.people import know
from bot.store.outbox import Notice, queue

CORA, OTTO, ANNA = 1, 2, 3  # Cora by role, Otto as the operator has set it, Anna neither
SET = frozenset({OTTO})
TEAM, NEWS = -5, -1009
NOW = 1_800_000_000 * SECOND
COMES = ChatNews("group", "Team", posts=True)
GOES = replace(COMES, posts=False)


@pytest.fixture
async def house(database):
    """The database with a coordinator; `hear` is what Telegram says, `seconds` after the beginning."""

    def begin(tx):
        know(tx, CORA, "en", NOW)
        tx.execute(text("UPDATE people SET role = 'coordinator'"))

    await database.write(begin)
    return database


async def hear(house, news=COMES, person=CORA, chat=TEAM, seconds=0):
    at = NOW + seconds * SECOND
    await house.write(chats.hear, chat, news, person, SET, at, at)


async def stored(house):
    """The rows as they are: id, kind, title, linked, added_by."""
    rows = await house.read(lambda tx: tx.execute(text("SELECT * FROM chats ORDER BY id")))
    return [(row.id, row.kind, row.title, bool(row.linked), row.added_by) for row in rows]


async def asked(house):
    """Who is asked about which chat."""
    rows = await house.read(lambda tx: tx.execute(text("SELECT person, kind, parameters FROM outbox ORDER BY id")))
    return [(row.person, row.kind, row.parameters) for row in rows]


async def acts(house):
    rows = await house.read(lambda tx: tx.execute(text("SELECT role, person, action, subject FROM audit ORDER BY id")))
    return [tuple(row) for row in rows]


async def linked(house):
    return [chat.id for chat in await house.read(chats.linked)]


@pytest.mark.parametrize("person", [CORA, OTTO])
async def test_a_coordinator_who_brings_lotse_in_is_asked_once(house, person):
    await hear(house, person=person)
    await hear(house, person=person)
    await hear(house, person=person, seconds=9)
    assert await stored(house) == [(TEAM, "group", "Team", False, person)]
    assert await asked(house) == [(person, "group", '{"chat": -5}')]
    assert await linked(house) == []


async def test_of_what_others_bring_lotse_into_nothing_is_stored(house):
    await hear(house, person=ANNA)
    assert (await stored(house), await asked(house)) == ([], [])


async def test_others_change_nothing_but_the_title_of_what_is_noted(house):
    await hear(house)
    await hear(house, replace(COMES, title="Team Nord"), ANNA, seconds=1)
    assert await stored(house) == [(TEAM, "group", "Team Nord", False, CORA)]
    assert len(await asked(house)) == 1


async def test_linking_is_noted_once_and_may_be_pressed_twice(house):
    await hear(house)
    team = Chat(TEAM, "group", "Team", linked=True, added_by=CORA)
    assert await house.write(chats.link, TEAM, CORA, SET, NOW) == team
    assert await house.write(chats.link, TEAM, CORA, SET, NOW) == team
    assert await linked(house) == [TEAM]
    assert await acts(house) == [("coordinator", CORA, "chat linked", "chat -5")]


@pytest.mark.parametrize(("person", "chat", "why"), [(ANNA, TEAM, "role"), (OTTO, TEAM, "gone"), (CORA, -6, "gone")])
async def test_only_who_has_added_it_links_it(house, person, chat, why):
    await hear(house)
    assert await house.write(chats.link, chat, person, SET, NOW) == why
    assert (await linked(house), await acts(house)) == ([], [])


async def test_a_role_that_is_gone_links_and_unlinks_nothing(house):
    await hear(house)
    await house.write(lambda tx: tx.execute(text("UPDATE people SET role = NULL")))
    assert await house.write(chats.link, TEAM, CORA, SET, NOW) == "role"
    assert await house.write(chats.unlink, TEAM, CORA, SET, NOW) == "role"
    assert await house.write(chats.speak, TEAM, "uk", CORA, SET, NOW) == "role"
    assert await stored(house) == [(TEAM, "group", "Team", False, CORA)]


async def test_what_is_not_to_be_linked_is_forgotten(house):
    await hear(house)
    assert not await house.write(chats.refuse, TEAM, OTTO)
    assert await house.write(chats.refuse, TEAM, CORA)
    assert not await house.write(chats.refuse, TEAM, CORA)
    assert await stored(house) == []


async def test_refusing_does_not_unlink(house):
    await hear(house)
    await house.write(chats.link, TEAM, CORA, SET, NOW)
    assert not await house.write(chats.refuse, TEAM, CORA)
    assert await linked(house) == [TEAM]


async def test_any_coordinator_unlinks_and_may_take_it_back(house):
    await hear(house)
    await house.write(chats.link, TEAM, CORA, SET, NOW)
    ended = Chat(TEAM, "group", "Team", linked=False, added_by=OTTO)
    assert await house.write(chats.unlink, TEAM, OTTO, SET, NOW) == ended
    assert await house.write(chats.unlink, TEAM, OTTO, SET, NOW) == ended
    assert await house.write(chats.unlink, TEAM, CORA, SET, NOW) == "gone"
    assert await linked(house) == []
    assert (await house.write(chats.link, TEAM, OTTO, SET, NOW)).linked
    assert [act[1:3] for act in await acts(house)] == [
        (CORA, "chat linked"),
        (OTTO, "chat unlinked"),
        (OTTO, "chat linked"),
    ]


async def test_a_linked_chat_has_a_language(house):
    await hear(house)
    assert await house.write(chats.speak, TEAM, "uk", CORA, SET, NOW) == "gone"
    await house.write(chats.link, TEAM, CORA, SET, NOW)
    assert (await house.write(chats.speak, TEAM, "uk", OTTO, SET, NOW)).language == "uk"
    assert (await house.write(chats.speak, TEAM, None, OTTO, SET, NOW)).language is None
    assert await acts(house) == [
        ("coordinator", CORA, "chat linked", "chat -5"),
        ("coordinator", OTTO, "chat language set", "chat -5"),
        ("coordinator", OTTO, "chat language set", "chat -5"),
    ]


@pytest.mark.parametrize("link", [True, False])
async def test_a_chat_that_lotse_may_not_post_in_is_forgotten(house, link):
    await hear(house)
    if link:
        await house.write(chats.link, TEAM, CORA, SET, NOW)
    await hear(house, GOES, ANNA, seconds=5)
    await hear(house, GOES, ANNA, seconds=5)
    assert await stored(house) == []


async def test_what_comes_late_changes_nothing(house):
    await hear(house, seconds=10)
    await hear(house, GOES, seconds=5)
    await hear(house, replace(COMES, title="Old"), ANNA, seconds=9)
    assert await stored(house) == [(TEAM, "group", "Team", False, CORA)]


async def test_coming_again_asks_again(house):
    await hear(house)
    await hear(house, GOES, seconds=5)
    await hear(house, seconds=10)
    assert [person for person, _, _ in await asked(house)] == [CORA, CORA]


async def test_a_new_title_is_taken_up_where_the_chat_is_known(house):
    await hear(house)
    await hear(house, ChatNews("group", "Team Süd"), ANNA, seconds=1)
    await hear(house, ChatNews("group", "Other"), CORA, chat=-6)
    assert await stored(house) == [(TEAM, "group", "Team Süd", False, CORA)]


async def test_a_group_with_a_new_id_stays_linked_and_gets_what_waits(house):
    await hear(house)
    await house.write(chats.link, TEAM, CORA, SET, NOW)
    await house.write(chats.speak, TEAM, "uk", CORA, SET, NOW)
    await house.write(queue, [Notice(TEAM, "announcement", f"announcement:{n}", NOW) for n in (1, 2)])
    await house.write(lambda tx: tx.execute(text("UPDATE outbox SET state = 'sent' WHERE dedup = 'announcement:1'")))
    moves = ChatNews("group", "Team", before=TEAM, after=NEWS)
    await hear(house, COMES, CORA, chat=NEWS)  # Telegram says this, too
    await hear(house, moves, ANNA)
    await hear(house, moves, ANNA, chat=NEWS)
    assert await house.read(chats.linked) == [Chat(NEWS, "group", "Team", "uk", linked=True, added_by=CORA)]
    assert [row[:1] for row in await stored(house)] == [(NEWS,)]
    rows = await house.read(
        lambda tx: tx.execute(text("SELECT person, dedup FROM outbox WHERE person < 0 ORDER BY id"))
    )
    assert [tuple(row) for row in rows] == [(TEAM, "announcement:1"), (NEWS, "announcement:2")]


async def test_moving_what_is_not_known_stores_nothing(house):
    await hear(house, ChatNews("group", "Team", before=TEAM, after=NEWS))
    assert await stored(house) == []


async def test_nothing_goes_twice_to_a_group_with_a_new_id(house):
    await house.write(queue, [Notice(one, "announcement", "announcement:1", NOW) for one in (TEAM, NEWS)])
    await house.write(chats.move, TEAM, NEWS)
    rows = await house.read(lambda tx: tx.execute(text("SELECT person FROM outbox ORDER BY person")))
    assert [row.person for row in rows] == [NEWS, TEAM]


async def test_a_refused_delivery_forgets_the_chat_and_blocks_only_people(house):
    await hear(house)
    await house.write(chats.link, TEAM, CORA, SET, NOW)
    await house.write(chats.refused, TEAM)
    assert await stored(house) == []
    await house.write(chats.refused, CORA)
    blocked = await house.read(lambda tx: tx.execute(text("SELECT blocked FROM people")))
    assert [bool(row.blocked) for row in blocked] == [True]


async def test_linked_ones_stand_in_the_order_of_their_titles(house):
    for chat, title in ((-1, "beta"), (-2, "Alpha"), (-3, "Übersicht"), (-4, "alpha")):
        await hear(house, replace(COMES, title=title), chat=chat)
        await house.write(chats.link, chat, CORA, SET, NOW)
    assert await linked(house) == [-2, -4, -1, -3]
    assert await house.read(chats.chats, []) == {}
    assert sorted(await house.read(chats.chats, [-1, -4, -99, 1])) == [-4, -1]


async def test_who_is_erased_leaves_the_link_and_not_the_question(house):
    await hear(house)
    await house.write(chats.link, TEAM, CORA, SET, NOW)
    await hear(house, chat=-6)
    assert await house.read(chats.added_by, CORA) == ["Team", "Team"]
    await house.write(chats.forget, CORA)
    assert await stored(house) == [(TEAM, "group", "Team", True, None)]
    assert await house.read(chats.added_by, CORA) == []


async def test_what_nobody_links_is_forgotten_after_a_week(house):
    await hear(house)
    await hear(house, chat=-6)
    await house.write(chats.link, TEAM, CORA, SET, NOW)
    await house.write(chats.sweep, NOW + 7 * DAY - 1)
    assert len(await stored(house)) == 2
    await house.write(chats.sweep, NOW + 7 * DAY)
    assert await linked(house) == [TEAM]
    assert len(await stored(house)) == 1


WHO, WHERE = st.sampled_from([CORA, OTTO, ANNA]), st.sampled_from([TEAM, NEWS])
step = st.one_of(
    st.tuples(st.sampled_from(["comes", "goes", "is_refused", "link", "refuse", "unlink"]), WHO, WHERE),
    st.tuples(st.just("role"), st.sampled_from(["coordinator", None])),
)


class History:
    """What should be stored, by chat: whether it is linked, and who may link it or has ended the link."""

    def __init__(self, tx):
        self.tx, self.now, self.expected, self.team = tx, NOW, {}, {CORA, OTTO}
        know(tx, CORA, "en", NOW)
        self.role("coordinator")

    def role(self, role):
        self.tx.execute(text("UPDATE people SET role = :role"), {"role": role})
        self.team = {OTTO, CORA} if role else {OTTO}

    def comes(self, who, chat):
        chats.hear(self.tx, chat, COMES, who, SET, self.now, self.now)
        if who in self.team:
            self.expected.setdefault(chat, (False, who))

    def goes(self, who, chat):
        chats.hear(self.tx, chat, GOES, who, SET, self.now, self.now)
        self.expected.pop(chat, None)

    def is_refused(self, _who, chat):
        chats.refused(self.tx, chat)
        self.expected.pop(chat, None)

    def link(self, who, chat):
        done = chats.link(self.tx, chat, who, SET, self.now)
        if who in self.team and self.expected.get(chat) == (False, who):
            self.expected[chat] = (True, who)
        if who not in self.team:
            assert done == "role"
        else:
            assert (done != "gone") == self.expected.get(chat, (False, None))[0]

    def refuse(self, who, chat):
        theirs = self.expected.get(chat) == (False, who)
        assert chats.refuse(self.tx, chat, who) == theirs
        if theirs:
            del self.expected[chat]

    def unlink(self, who, chat):
        chats.unlink(self.tx, chat, who, SET, self.now)
        if who in self.team and self.expected.get(chat, (False, None))[0]:
            self.expected[chat] = (False, who)

    def compare(self):
        rows = self.tx.execute(text("SELECT id, linked, added_by FROM chats"))
        assert {row.id: (bool(row.linked), row.added_by) for row in rows} == self.expected
        linked_ones = {one.id for one in chats.linked(self.tx)}
        assert linked_ones == {chat for chat, (is_linked, _) in self.expected.items() if is_linked}


def play(tx, steps):
    history = History(tx)
    for name, *rest in steps:
        history.now += SECOND
        getattr(history, name)(*rest)
        history.compare()


@pytest.fixture
def played(database_url):
    """Plays a history on each database."""
    with playing(database_url, play) as plays:
        yield plays


@given(st.lists(step, min_size=4, max_size=40))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history_links_only_what_a_coordinator_has_brought_lotse_into(played, steps):
    played(steps)
