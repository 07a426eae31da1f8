"""`lotse run` is killed again and again while messages go out: none is lost, and nobody gets a third one.

LOTSE_TESTS_KILLS says how often and LOTSE_TESTS_MESSAGES how many there are; `make faults` kills 200 times.
"""

from __future__ import annotations

import sys
from collections import Counter

import pytest
from killing import EVERYTHING, KILLS, MESSAGES, PEOPLE, Mail, mailing

from bot.chat.flights import PLACES
from bot.domain.announcements import Audience, Content, Wording
from bot.domain.instants import HOUR
from bot.services.announcements import create, progress
from bot.store.database import Database

CONTENT = Content({"de": Wording("<b>Neue Termine</b>\nIm Januar geht es weiter.")})
BLOCKED, TROUBLED = 20, 100  # one in so many has blocked the bot, for one in so many the Bot API fails at first
FLOOD = 40  # requests that are told to wait, at most

KNOW = "INSERT INTO people (id, blocked, created, seen) VALUES (?, FALSE, 0, ?)"
SUBSCRIBE = "INSERT INTO subscriptions (person, rhythm, since, digested) VALUES (?, 'at-once', 0, ?)"
SERIES = "INSERT INTO series (title, created) VALUES ('Reihe', ?)"
SESSION = (
    "INSERT INTO sessions (series, title, language, starts, zone, minutes, created, changed, moved)"
    " VALUES (1, 'Ankommen', 'de', ?, 'Europe/Berlin', 60, 0, 0, 0)"
)
REGISTER = (
    "INSERT INTO registrations (session, person, state, line, confirmed_at, created)"
    " VALUES (1, ?, 'confirmed', 1, ?, 0)"
)
REMIND = (
    "INSERT INTO outbox (person, dedup, kind, session, parameters, due)"
    """ VALUES (?, 'reminder:1:3h:1', 'reminder', 1, '{"rule": "3h", "version": 1}', ?)"""
)


def check(mail: Mail, kills: int) -> str:
    """Asserts what holds for all messages; says what happened."""
    copies, unconfirmed = mail.copies(), mail.those("unconfirmed")
    unreached = {person for person, many in copies.items() if not many}
    twice = {person for person, many in copies.items() if many == 2}
    assert unreached <= unconfirmed | mail.those("blocked")
    assert set(copies.values()) <= {0, 1, 2}
    assert twice <= mail.doubtful
    assert max(mail.in_flight) <= PLACES
    return (
        f"{kills} kills (seed {mail.seed}), {sum(mail.in_flight)} were in flight, {len(unconfirmed)} stay unconfirmed; "
        f"so often a message arrived: {dict(sorted(Counter(copies.values()).items()))}"
    )


@pytest.mark.timeout(120 + 30 * KILLS)
async def test_reminders(sqlite_ready_url, capsys):
    kills = max(5, KILLS // 20)
    async with mailing(sqlite_ready_url) as mail:
        each = [(person, mail.now) for person in PEOPLE]
        mail.execute((SERIES, [(0,)]), (SESSION, [(mail.now + 2 * HOUR,)]))
        mail.execute((KNOW, each), (REGISTER, each), (REMIND, each))
        for number in range(kills):
            await mail.start()
            await mail.some_arrive(kills - number)
            await mail.kill()
        await mail.start()
        await mail.arrives(EVERYTHING)
        assert await mail.stop() == 0
        said = check(mail, kills)
    with capsys.disabled():
        sys.stdout.write(f"\nreminders: {said}\n")


@pytest.mark.timeout(120 + 30 * KILLS)
async def test_an_announcement(sqlite_ready_url, capsys):
    """Some have blocked the bot, and the Bot API fails and asks to wait; it is killed while queueing, too."""
    while_queueing = 0
    async with mailing(sqlite_ready_url) as mail:
        blocked = set(mail.chance.sample(PEOPLE, MESSAGES // BLOCKED))
        for person in blocked:
            mail.sandbox.state.current.chats[person].blocked = True
        for person in mail.chance.sample(PEOPLE, MESSAGES // TROUBLED):
            mail.sandbox.state.faults.order({"method": "sendMessage", "status": 500, "chat": person})
        each = [(person, mail.now) for person in PEOPLE]
        mail.execute((KNOW, each), (SUBSCRIBE, each))
        announcement = await once(sqlite_ready_url, create, CONTENT, Audience(), None, mail.now, mail.now)
        for number in range(KILLS):
            await mail.start()
            queued = mail.fetch("SELECT COUNT(*) FROM outbox")[0][0]
            if queued < MESSAGES:
                while_queueing += await mail.queued(queued + 1)
            elif mail.chance.random() < 0.1:
                flood = {"method": "sendMessage", "status": 429, "retry_after": 1}
                mail.sandbox.state.faults.order(flood | {"times": mail.chance.randint(1, FLOOD)})
            if queued == MESSAGES:
                await mail.some_arrive(KILLS - number)
            await mail.kill()
        await mail.start()
        await mail.arrives(EVERYTHING)
        assert await mail.stop() == 0
        said = check(mail, KILLS)
        counts = await once(sqlite_ready_url, progress, announcement, "de")
    assert counts.people == MESSAGES
    assert [counts.total(part) for part in ("waiting", "failed", "dropped")] == [0, 0, 0]
    assert mail.those("blocked") <= blocked <= mail.those("blocked") | mail.those("unconfirmed")
    assert (
        counts.total("sent")
        == len(mail.those("sent"))
        == MESSAGES - counts.total("blocked") - counts.total("unconfirmed")
    )
    with capsys.disabled():
        sys.stdout.write(f"\nannouncement: {said}; {while_queueing} kills while queueing, {len(blocked)} had blocked\n")


async def once(url, service, *arguments):
    """A single act on the database, from another process than the bot's."""
    database = Database(url)
    await database.open()
    try:
        return await database.write(service, *arguments)
    finally:
        await database.close()
