"""What goes out unasked, through a real Bot API with all its faults."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest
from post import RATE, posting
from sqlalchemy import text

from bot.chat.flights import Flights
from bot.chat.outcomes import impersonal
from bot.chat.pace import Pace
from bot.chat.transport import CONNECTIONS
from bot.domain.instants import microseconds
from bot.store.outbox import claim, elect
from bot.store.people import known

ANNA, BORYS, CELAL = 2001, 2002, 2003
REMINDER = "In 1 hour: Ankommen 🔔"
SENT = ("sent", 1, 0, None)
NOT_SENT = {"waiting": 0, "sent": 0, "failed": 0, "blocked": 0, "unconfirmed": 0}


@pytest.fixture
async def post(database):
    async with posting(database) as opened:
        yield opened


@pytest.fixture
async def due(post):
    """A reminder to Anna and one to Borys, both due."""
    await post.has_people(ANNA, BORYS)
    assert await post.reminders_are_due() == 2
    return post


async def test_a_reminder_arrives_once(due):
    await due.goes_out()
    await due.goes_out()
    assert (due.got(ANNA), due.got(BORYS)) == ([REMINDER], [REMINDER])
    assert await due.states() == {ANNA: SENT, BORYS: SENT}
    assert await due.report() == NOT_SENT | {"sent": 2}


async def test_the_number_of_the_message_is_kept(due):
    await due.goes_out()
    sent = [m.message_id for m in due.sandbox.state.current.chats[ANNA].messages.values()]
    kept = await due.database.read(lambda tx: tx.execute(text("SELECT message FROM outbox WHERE person = 2001")))
    assert [row.message for row in kept] == sent


async def test_a_request_to_wait_pauses_and_costs_no_attempt(due):
    await due.fault(status=429, retry_after=30, chat=ANNA)
    async with due.sender() as sender:
        await sender.deliver()
        assert sender.pace.time() >= 30
    assert await due.states() == {ANNA: SENT, BORYS: SENT}
    assert (due.got(ANNA), due.got(BORYS)) == ([REMINDER], [REMINDER])


async def test_a_pause_is_kept_by_the_next_sender(due):
    await due.fault(status=429, retry_after=30)
    async with due.sender() as first:
        deliver = asyncio.create_task(first.deliver())
        while not first.pace.paused:  # noqa: ASYNC110 - the clock is the sender's own
            await asyncio.sleep(0)
        deliver.cancel()
        await asyncio.wait([deliver])
        await first.settled()
    async with due.sender() as second:
        await second.deliver()
        assert second.pace.time() > 25


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 503}, {"status": 502}, {"status": 409}])
async def test_what_the_bot_api_fails_at_is_tried_again_later_and_never_in_doubt(due, fault):
    await due.fault(**fault, chat=ANNA, times=3)
    tries = []
    for _ in range(4):
        await due.goes_out()
        tries.append((await due.states())[ANNA][:3])
        due.now += timedelta(minutes=1)
    assert tries == [("waiting", 1, 0), ("waiting", 2, 0), ("waiting", 3, 0), ("sent", 4, 0)]
    assert (due.got(ANNA), due.got(BORYS)) == ([REMINDER], [REMINDER])


async def test_who_waits_for_another_try_is_counted_as_waiting(due):
    await due.fault(status=500, chat=ANNA)
    await due.goes_out()
    assert await due.report() == NOT_SENT | {"waiting": 1, "sent": 1}
    await due.goes_out()
    assert (await due.states())[ANNA] == ("waiting", 1, 0, None)


async def test_a_bot_api_that_is_not_reached_is_waited_for(due):
    async with due.sender(root="http://127.0.0.1:1") as away:
        await away.deliver()
    assert {state[:3] for state in (await due.states()).values()} == {("waiting", 1, 0)}
    due.now += timedelta(minutes=1)
    await due.goes_out()
    assert (due.got(ANNA), due.got(BORYS)) == ([REMINDER], [REMINDER])


@pytest.mark.parametrize(
    ("fault", "copies"),
    [({"drop": "before"}, 1), ({"drop": "after"}, 2), ({"body": "<html>"}, 1), ({"body": "<html>", "status": 502}, 1)],
)
async def test_what_may_have_arrived_is_sent_once_more(due, fault, copies):
    await due.fault(**fault, chat=ANNA)
    await due.goes_out()
    assert (await due.states())[ANNA] == ("waiting", 1, 1, None)
    due.now += timedelta(minutes=1)
    await due.goes_out()
    assert due.got(ANNA) == [REMINDER] * copies
    assert await due.states() == {ANNA: ("sent", 2, 1, None), BORYS: SENT}
    assert (await due.report())["sent"] == 2


@pytest.mark.parametrize(("drop", "copies"), [("before", 0), ("after", 2)])
async def test_what_ends_unknown_twice_stays_unconfirmed(due, drop, copies):
    await due.fault(drop=drop, chat=ANNA, times=None)
    for _ in range(4):
        await due.goes_out()
        due.now += timedelta(minutes=5)
    assert due.got(ANNA) == [REMINDER] * copies
    assert await due.states() == {ANNA: ("unconfirmed", 2, 2, None), BORYS: SENT}
    assert await due.report() == NOT_SENT | {"sent": 1, "unconfirmed": 1}


async def test_who_blocked_the_bot_gets_nothing_more_until_they_come_back(post):
    await post.has_people(ANNA)
    post.sandbox.state.current.chats[ANNA].blocked = True
    assert await post.reminders_are_due() == 1
    await post.goes_out()
    assert await post.states() == {ANNA: ("blocked", 1, 0, None)}
    assert (await post.database.read(known, [ANNA]))[ANNA].blocked is True
    assert await post.report() == NOT_SENT | {"blocked": 1}


async def test_who_is_known_to_have_blocked_the_bot_is_not_asked_for(due):
    await due.database.write(lambda tx: tx.execute(text("UPDATE people SET blocked = TRUE WHERE id = 2001")))
    await due.fault(status=500, chat=ANNA)
    await due.goes_out()
    assert await due.states() == {ANNA: ("blocked", 0, 0, None), BORYS: SENT}


async def test_who_never_began_a_chat_is_not_reached(post):
    await post.has_people(ANNA, begun=False)
    await post.reminders_are_due()
    await post.goes_out()
    assert await post.states() == {ANNA: ("blocked", 1, 0, None)}
    assert await post.report() == NOT_SENT | {"blocked": 1}


async def test_what_is_refused_otherwise_has_failed_and_says_why(due):
    await due.fault(status=400, description='Bad Request: can\'t parse entities: unsupported tag "Anna"', chat=ANNA)
    await due.goes_out()
    await due.goes_out()
    assert await due.states() == {ANNA: ("failed", 1, 0, "Can't parse entities: unsupported tag …"), BORYS: SENT}
    assert await due.report() == NOT_SENT | {"sent": 1, "failed": 1}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Bad Request: message is too long", "Bad Request: message is too long"),
        ("button URL 'https://example.org/anna' is invalid: x", "button URL … is invalid: x"),
        ('tag "a\nb" and "c" here', "tag … here"),
        ("x" * 999, "x" * 200),
    ],
)
def test_errors_hold_nothing_of_the_message(said, kept):
    assert impersonal(said) == kept


async def test_a_chat_that_has_another_number_gets_it_there(due):
    due.sandbox.state.current.open_chat(-77, "group", {"title": "Team"})
    await due.fault(status=400, migrate_to_chat_id=-77, chat=ANNA)
    await due.goes_out()
    assert (due.got(ANNA), due.got(-77)) == ([], [REMINDER])
    assert (await due.states())[-77] == SENT


async def test_a_refused_token_lets_everything_wait(due, caplog):
    await due.fault(status=401, times=2)
    async with due.sender() as sender:
        await sender.deliver()
        assert sender.pace.time() >= 60
    assert await due.states() == {ANNA: SENT, BORYS: SENT}
    assert [record.getMessage() for record in caplog.records] == ["Telegram refuses the token; messages wait"]


async def test_a_message_that_cannot_be_written_does_not_keep_the_others(due, caplog):
    await due.database.write(
        lambda tx: tx.execute(text("UPDATE outbox SET kind = 'moved', parameters = '[]' WHERE person = 2001"))
    )
    await due.goes_out()
    assert await due.states() == {ANNA: ("failed", 0, 0, "AttributeError"), BORYS: SENT}
    assert [record.getMessage() for record in caplog.records] == ["a message could not be written: moved"]


async def test_what_does_not_hold_any_more_is_dropped(due):
    await due.database.write(lambda tx: tx.execute(text("UPDATE registrations SET state = 'cancelled'")))
    await due.goes_out()
    assert (due.got(ANNA), due.got(BORYS)) == ([], [])
    assert {state for state, *_ in (await due.states()).values()} == {"dropped"}
    assert await due.report() == NOT_SENT


@pytest.mark.parametrize(("hour", "silent"), [(7, True), (8, False), (19, False), (20, True), (23, True), (3, True)])
async def test_at_night_messages_arrive_without_a_sound(sqlite, hour, silent):
    async with posting(sqlite) as post:
        post.now = post.now.replace(hour=hour - 1 if hour else 23)  # an hour less than in Germany, in winter
        post.now -= timedelta(hours=1)
        await post.has_people(ANNA)
        await post.reminders_are_due()
        await post.goes_out()
        (message,) = post.sandbox.state.current.chats[ANNA].messages.values()
        assert message.silent is silent


async def test_a_message_runs_in_its_readers_direction(sqlite):
    async with posting(sqlite) as post:
        await post.has_people(ANNA)
        await post.database.write(lambda tx: tx.execute(text("UPDATE people SET language = 'ar'")))
        await post.reminders_are_due()
        await post.goes_out()
        (message,) = post.sandbox.state.current.chats[ANNA].messages.values()
        lines = message.content["text"].split("\n")
        assert all(line[0] == "\u200e" or any("\u0600" <= letter <= "\u06ff" for letter in line) for line in lines)
        assert "\u200e" in message.content["text"] or "\u2068" in message.content["text"]


class Recorded(Pace):
    """A pace on a clock that jumps, which remembers when it gave a turn, and to whom a message went."""

    def __init__(self, rate):
        self.clock = 0.0
        self.turns, self.written = [], []

        async def sleep(seconds):
            self.clock += seconds
            await asyncio.sleep(0)

        super().__init__(rate, lambda: self.clock, sleep)

    async def turn(self):
        given = await super().turn()
        if given:
            self.turns.append(self.clock)
        return given

    def wrote_to(self, person):
        self.written.append((person, self.clock))
        super().wrote_to(person)


@pytest.mark.parametrize("rate", [25, 7.5, 0.5])
async def test_no_second_holds_more_than_the_rate(sqlite, rate):
    people = range(3000, 3060)
    async with posting(sqlite) as post:
        await post.has_people(*people)
        await post.reminders_are_due()
        pace = Recorded(rate)
        async with post.sender(pace) as sender:
            await sender.deliver()
        assert len(pace.turns) == len(people)
        assert all(sum(start <= turn < start + 1 for turn in pace.turns) <= max(rate, 1) for start in pace.turns)
        gaps = [later - earlier for earlier, later in pairwise(pace.turns)]
        assert sum(gaps) / len(gaps) <= 1.2 / int(max(rate, 1)) / min(rate, 1)


async def test_a_person_gets_one_a_second(sqlite):
    async with posting(sqlite) as post:
        for title in ("Ankommen", "Wohnen", "Arbeiten"):
            await post.has_people(ANNA, title=title)
        await post.reminders_are_due()
        pace = Recorded(25)
        async with post.sender(pace) as sender:
            await sender.deliver()
        times = [time for _, time in pace.written]
        assert len(times) == 3
        assert all(later - earlier >= 1 for earlier, later in pairwise(times))


async def test_a_stop_gives_back_what_was_not_sent(due):
    await due.fault(delay_ms=300)
    async with due.sender() as sender:
        sender.start()
        await sender.wake()
        while not sender._flying:  # noqa: ASYNC110 - the first request has begun
            await asyncio.sleep(0)
    states = await due.states()
    assert {state for state, *_ in states.values()} <= {"sent", "waiting"}
    assert [len(due.got(person)) for person in states] == [state[0] == "sent" for state in states.values()]
    assert await due.database.write(elect, "next", 0) is not None
    due.sandbox.state.faults.clear()


async def test_while_the_database_is_away_nothing_is_lost_or_sent_twice(due, caplog):
    async with due.sender() as sender:
        sender.start()
        await sender.wake()
        while not sender._flying:  # noqa: ASYNC110 - the first request has begun
            await asyncio.sleep(0)
        await due.database.close()
        while not caplog.records:  # noqa: ASYNC110 - a log has no event
            await asyncio.sleep(0)
        await due.database.open()
        while {state for state, *_ in (await due.states()).values()} != {"sent"}:
            await sender.wake()
    assert (due.got(ANNA), due.got(BORYS)) == ([REMINDER], [REMINDER])
    assert "is not open" in caplog.records[0].getMessage()


async def test_what_was_claimed_in_a_write_that_seemed_to_fail_is_given_back(due):
    async with due.sender() as sender:
        await sender.deliver()
        await due.has_people(CELAL, title="Wohnen")
        await due.reminders_are_due()
        await due.database.write(claim, sender._fence, microseconds(due.now), 10)
        await sender._step_down()
        await sender.deliver()
    assert due.got(CELAL) == ["In 1 hour: Wohnen 🔔"]


async def test_outcomes_that_cannot_be_written_stop_nobody(sqlite, caplog):
    """Whatever goes wrong there: what was sent is in doubt, is sent once more, and then shown as unconfirmed."""
    async with posting(sqlite) as post:
        await post.has_people(ANNA)
        await post.reminders_are_due()
        refusing = (
            "CREATE TRIGGER refusing BEFORE UPDATE ON outbox WHEN NEW.state = 'sent' "
            "BEGIN SELECT RAISE(ABORT, 'invented'); END"
        )
        await sqlite.write(lambda tx: tx.execute(text(refusing)))
        for _ in range(3):  # each time after the right to send has run out
            await post.goes_out()
            await sqlite.write(lambda tx: tx.execute(text("UPDATE leases SET until = 0")))
        assert len(post.got(ANNA)) == 2
        assert [state[:3] for state in (await post.states()).values()] == [("unconfirmed", 2, 2)]
    assert [record.getMessage() for record in caplog.records].count("outcomes could not be written") == 2


async def test_a_sender_waits_while_another_is_at_work(due):
    async with due.sender() as first, due.sender() as second:
        await first.deliver()
        await due.has_people(CELAL, title="Wohnen")
        assert await due.reminders_are_due() == 1
        await second.deliver()
        assert due.got(CELAL) == []
        await first.deliver()
    assert due.got(CELAL) == ["In 1 hour: Wohnen 🔔"]


async def test_the_first_sender_dies_and_the_second_takes_over(postgres):
    people = range(3000, 3020)
    async with posting(postgres) as post:
        await post.has_people(*people)
        await post.reminders_are_due()
        await post.fault(delay_ms=20)
        async with post.sender() as first:
            work = asyncio.create_task(first.deliver())
            while sum(len(post.got(person)) for person in people) < 5:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0)
            work.cancel()
            await asyncio.wait([work])
            for request in first._flying.requests:  # dead: nothing that it still knew is written
                request.cancel()
            first._outcomes.clear()
            first._fence = None
            flying = len(first._flying)
            async with post.sender() as second:
                await second.deliver()
                assert sum(len(post.got(person)) for person in people) < len(people)
                await postgres.write(lambda tx: tx.execute(text("UPDATE leases SET until = 0")))
                await second.deliver()
                await second.settled()
            first._flying = Flights(RATE)
        counts = [len(post.got(person)) for person in people]
        assert set(counts) <= {1, 2}
        assert counts.count(2) <= flying
        assert {state for state, *_ in (await post.states()).values()} == {"sent"}


async def test_however_slow_the_bot_api_is_half_of_the_connections_are_left_to_answers(due):
    async with due.sender() as sender:
        sender._flying._latency = 60
        assert sender._flying.places == CONNECTIONS / 2


GROUPS = (-71, -72)


@pytest.fixture
async def grouped(sqlite):
    """What is due to two groups, twice each, and to Anna."""
    async with posting(sqlite) as opened:
        for title in ("Ankommen", "Wohnen"):
            await opened.has_people(ANNA, *GROUPS, title=title)
        await opened.reminders_are_due()
        yield opened


async def test_a_group_gets_one_in_three_seconds(grouped):
    pace = Recorded(25)
    async with grouped.sender(pace) as sender:
        await sender.deliver()
    for group in GROUPS:
        first, second = [time for chat, time in pace.written if chat == group]
        assert second - first >= 3
    first, second = [time for chat, time in pace.written if chat == ANNA]
    assert 1 <= second - first < 2


async def test_a_group_rests_too_when_another_has_sent_before(grouped):
    async with grouped.sender(Recorded(25)) as sender:
        await sender.deliver()
    await grouped.has_people(ANNA, *GROUPS, title="Arbeiten")
    await grouped.reminders_are_due()
    pace = Recorded(25)
    async with grouped.sender(pace) as sender:
        await sender.deliver()
        await sender.settled()
        assert {chat for chat, _ in pace.written} == {ANNA}
        pace.clock += 3
        grouped.now += timedelta(seconds=3)
        await sender.deliver()
        assert {chat for chat, _ in pace.written} == {ANNA, *GROUPS}


async def test_what_a_group_asks_for_holds_nobody_else_up(grouped):
    await grouped.fault(status=429, retry_after=30, chat=GROUPS[0])
    pace = Recorded(25)
    async with grouped.sender(pace) as sender:
        await sender.deliver()
        await sender.settled()
        assert pace.clock < 10
        assert [len(grouped.got(chat)) for chat in (ANNA, *GROUPS)] == [2, 1, 2]
        grouped.now += timedelta(seconds=30)
        await sender.deliver()
        await sender.settled()
    assert sorted(grouped.got(GROUPS[0])) == sorted(grouped.got(ANNA))


async def test_who_stood_still_for_too_long_sends_nothing_any_more(due):
    """Another process may have become the sender meanwhile, and send the same."""

    class Still(Recorded):
        async def turn(self):
            given = await super().turn()
            if len(self.turns) == 1:
                self.clock += 10
            return given

    pace = Still(25)
    async with due.sender(pace) as sender:
        await sender.deliver()
    assert len(pace.turns) == 3
    assert (due.got(ANNA), due.got(BORYS)) == ([REMINDER], [REMINDER])


async def test_in_a_pause_nothing_is_claimed_again_and_again(sqlite):
    people = range(3000, 3060)
    async with posting(sqlite) as post:
        await post.has_people(*people)
        await post.reminders_are_due()
        await post.fault(status=429, retry_after=30, chat=3005)
        pace = Recorded(25)
        async with post.sender(pace) as sender:
            claims, claim_rows = [], sender._claim

            async def counted(*given):
                claims.append(pace.clock)
                return await claim_rows(*given)

            sender._claim = counted
            await sender.deliver()
        assert sum(len(post.got(person)) for person in people) == len(people)
        assert len(claims) < 15
