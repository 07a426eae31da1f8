"""What is stored of a person: told in full, erased without a trace, and not kept for ever of who is silent."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.announcements import Audience, Content, Wording
from bot.domain.details import Details
from bot.domain.instants import DAY, microseconds
from bot.domain.terms import Terms
from bot.services import audit, inquiries
from bot.services.announcements import create
from bot.services.details import keep as keep_details
from bot.services.drafts import start
from bot.services.needs import Needs
from bot.services.needs import keep as keep_needs
from bot.services.newsletter import subscribe
from bot.services.people import choose_language, know
from bot.services.privacy import about, erase, erase_if_unneeded, forget_silent
from bot.services.registrations import leave, register, register_all
from bot.services.settings import choose_reminders
from bot.store.database import Database
from bot.store.inbox import Arrived, Finished, Tally, beat, finish_all, take_in
from bot.store.outbox import Notice, queue
from bot.store.people import seen
from bot.store.tallies import count, of_person

ANNA, BORIS, CLARA = 4_711_001, 4_711_002, 4_711_003
NOON = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)
NOW = microseconds(NOON)
TERMS = Terms()
TABLES = {
    "sqlite": text("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"),
    "postgresql": text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"),
}


def plan(tx, title="Wohnen", starts=NOW + 8 * DAY):
    """A session of the series "Herbst" with one seat; its id."""
    tx.execute(text("INSERT INTO series (title, created) VALUES ('Herbst', 0) ON CONFLICT (title) DO NOTHING"))
    return tx.execute(
        text("""
            INSERT INTO sessions (series, title, language, starts, zone, minutes, capacity, created, changed, moved)
            VALUES (1, :title, 'de', :starts, 'Europe/Berlin', 150, 1, 0, 0, 0) RETURNING id
        """),
        {"title": title, "starts": starts},
    )[0].id


def rows(tx, statement):
    return [tuple(row) for row in tx.execute(text(statement))]


def change(tx, statement):
    tx.execute(text(statement))


def tables_with(tx, value):
    """The tables in which this value stands in some row."""
    names = sorted(row[0] for row in tx.execute(TABLES[tx.dialect]))
    return [name for name in names if any(value in row for row in rows(tx, f'SELECT * FROM "{name}"'))]


def everyone(tx):
    return sorted(row[0] for row in tx.execute(text("SELECT id FROM people")))


def number_of_drafts(tx):
    return tx.execute(text("SELECT COUNT(*) FROM drafts"))[0][0]


def counts(tx):
    return [tuple(row) for row in tx.execute(text("SELECT outcome, subject, count FROM tallies"))]


def make_coordinator(tx, person):
    tx.execute(text("UPDATE people SET role = 'coordinator' WHERE id = :id"), {"id": person})


def bytes_of(path: Path, traces) -> dict[str, list[bytes]]:
    """Which traces stand in which file of the database."""
    files = path.parent.glob(f"{path.name}*")
    return {one.name: found for one in files if (found := [trace for trace in traces if trace in one.read_bytes()])}


async def test_what_is_stored_is_told_in_full(database):
    await database.write(choose_language, ANNA, "uk", NOW)
    await database.write(seen, {ANNA: "ru"}, NOW + 2 * 86_400_000_000)
    await database.write(make_coordinator, ANNA)
    await database.write(start, ANNA, "delete", {"of": "everything"}, NOW)
    assert await database.read(about, ANNA) == {
        "telegram_id": ANNA,
        "language": "uk",
        "telegram_language": "ru",
        "role": "coordinator",
        "role_since": None,
        "blocked": False,
        "reminders": None,
        "place": None,
        "mark": None,
        "since": "2026-11-25",
        "last_seen": "2026-11-27",
        "details": None,
        "registrations": [],
        "series_taken_whole": [],
        "needs": [],
        "inquiries": [],
        "newsletter": None,
        "messages": [],
        "acts": [],
        "drafts": [{"kind": "delete", "answers": {"of": "everything"}, "expires": "2026-11-25"}],
    }


async def test_of_an_unknown_person_nothing_is_told_but_the_number_they_asked_with(database):
    await database.write(choose_language, BORIS, "uk", NOW)
    assert await database.read(about, ANNA) == {"telegram_id": ANNA, "messages": [], "acts": [], "drafts": []}


async def test_erasing_takes_everything_of_one_person_and_nothing_of_others_and_no_counts(database):
    tally = Tally("uk", "answer", "recognition")
    await database.write(beat, "one", NOW + 1)
    await database.write(take_in, 1, "one", [Arrived(1, ANNA, ANNA, "uk", "{}")], NOW)
    await database.write(finish_all, 1, [Finished(1, tally)], NOW)
    for person in (ANNA, BORIS):
        await database.write(choose_language, person, "uk", NOW)
        await database.write(start, person, "delete", {}, NOW)
    await database.write(erase, ANNA, NOW, TERMS)
    await database.write(erase, ANNA, NOW, TERMS)
    assert await database.read(everyone) == [BORIS]
    assert await database.read(number_of_drafts) == 1
    assert await database.read(counts) == [("answer", "recognition", 1)]


@pytest.mark.parametrize(("days", "left"), [(182, [ANNA, BORIS, CLARA]), (184, [BORIS, CLARA])])
async def test_who_is_silent_for_six_months_is_forgotten_unless_they_have_a_role(database, days, left):
    await database.write(choose_language, ANNA, "uk", NOW)
    await database.write(start, ANNA, "delete", {}, NOW)
    await database.write(choose_language, BORIS, "uk", NOW)
    await database.write(make_coordinator, BORIS)
    later = microseconds(NOON + timedelta(days=days))
    await database.write(choose_language, CLARA, "uk", later)
    assert await database.write(forget_silent, later, TERMS) == 3 - len(left)
    assert await database.read(everyone) == left
    assert await database.read(number_of_drafts) == (1 if ANNA in left else 0)


async def test_a_silent_coordinator_whom_the_operator_has_set_stays(database):
    await database.write(choose_language, ANNA, "uk", NOW)
    await database.write(choose_language, BORIS, "uk", NOW)
    later = microseconds(NOON + timedelta(days=184))
    assert await database.write(forget_silent, later, TERMS, {BORIS}) == 1
    assert await database.read(everyone) == [BORIS]


async def test_a_message_within_six_months_keeps_a_person(database):
    await database.write(choose_language, ANNA, "uk", NOW)
    await database.write(seen, {ANNA: "uk"}, microseconds(NOON + timedelta(days=100)))
    assert await database.write(forget_silent, microseconds(NOON + timedelta(days=200)), TERMS) == 0


async def live_fully(database, person):
    """Registers for all sessions, says everything, has messages sent and waiting, and acts as a coordinator."""
    session = await database.write(plan)
    await database.write(plan, "Arbeit")
    await database.write(register_all, 1, person, "uk", NOW, TERMS)
    await database.write(choose_language, person, "uk", NOW)
    await database.write(choose_reminders, person, "3d", "uk", NOW)
    await database.write(keep_details, person, Details("Anna", "Amt", "Muster"), NOW)
    await database.write(keep_needs, session, person, Needs(subtitles=True), NOW)
    await database.write(start, person, "details", {"text": "Anna"}, NOW)
    notices = [Notice(person, kind, kind, NOW, session) for kind in ("reminder", "link", "moved")]
    await database.write(queue, notices)
    await database.write(change, "UPDATE outbox SET state = 'sent' WHERE kind = 'reminder'")
    await database.write(audit.note, "coordinator", person, "session moved", "session 1", NOW)
    await database.write(subscribe, person, "uk", NOW)
    asked = f"INSERT INTO inquiries (person, language, text, asked) VALUES ({person}, 'uk', 'Wer hilft?', {NOW})"
    await database.write(change, asked)
    await database.write(create, Content({"de": Wording("Hallo")}), Audience(), person, None, NOW)
    for role in ("invited_by", "used_by"):
        link = (
            f"INSERT INTO invitations (hash, role, {role}, created, expires) VALUES ('{role}', 'staff', {person}, 0, 9)"
        )
        await database.write(change, link)
    group = f"INSERT INTO chats (id, kind, title, added_by, reported) VALUES (-5, 'group', 'Team', {person}, 0)"
    await database.write(change, group)
    return session


async def test_what_somebody_announced_is_told_with_what_the_picture_shows(database):
    await database.write(know, ANNA, "de", NOW)
    content = Content({"de": Wording("Hallo", "Ein Haus"), "en": Wording("Hello")}, photo="file")
    await database.write(create, content, Audience(), ANNA, None, NOW)
    assert (await database.read(about, ANNA))["announcements"] == [
        {"texts": {"de": "Hallo", "en": "Hello"}, "pictures": {"de": "Ein Haus"}, "sent": "2026-11-25"}
    ]


async def test_an_erased_person_stands_in_no_table(database):
    await live_fully(database, ANNA)
    held = {
        "announcements",
        "audit",
        "chats",
        "details",
        "drafts",
        "inquiries",
        "invitations",
        "needs",
        "outbox",
        "people",
        "registrations",
        "subscriptions",
        "takes_all",
    }
    assert set(await database.read(tables_with, ANNA)) == held
    await database.write(erase, ANNA, NOW, TERMS)
    assert await database.read(tables_with, ANNA) == []


async def test_what_an_erased_person_did_and_was_sent_is_still_counted(database):
    await live_fully(database, ANNA)
    await database.write(erase, ANNA, NOW, TERMS)
    assert await database.read(rows, "SELECT role, person, action FROM audit") == [
        ("coordinator", None, "session moved")
    ]
    assert ("reminder", "sent", 1) in await database.read(rows, "SELECT kind, state, count FROM totals")
    assert await database.read(rows, "SELECT ended FROM sessions ORDER BY id") == [(1,), (1,)]


async def test_the_seat_of_an_erased_person_goes_to_who_waits(database):
    session = await live_fully(database, ANNA)
    await database.write(register, session, BORIS, "de", NOW, TERMS)
    await database.write(erase, ANNA, NOW, TERMS)
    assert await database.read(rows, "SELECT person, state FROM registrations") == [(BORIS, "offered")]
    assert await database.read(rows, "SELECT person, kind FROM outbox") == [(BORIS, "offer")]


async def test_erasing_somebody_unknown_changes_nothing(database):
    await live_fully(database, BORIS)
    before = await database.read(tables_with, BORIS)
    await database.write(erase, ANNA, NOW, TERMS)
    assert await database.read(tables_with, BORIS) == before


async def test_a_registration_or_a_whole_series_keeps_a_silent_person(database):
    session = await database.write(plan)
    later = microseconds(NOON + timedelta(days=400))
    await database.write(register, session, ANNA, "de", NOW, TERMS)
    await database.write(register_all, 1, BORIS, "de", NOW, TERMS)
    await database.write(leave, session, ANNA, NOW, TERMS)  # that they left is remembered until the series is over
    await database.write(know, CLARA, "de", NOW)
    await database.write(change, "DELETE FROM registrations WHERE person = 4711002")
    assert await database.write(forget_silent, later, TERMS) == 1
    assert await database.read(everyone) == [ANNA, BORIS]


async def test_details_and_messages_of_a_silent_person_go_with_them(database):
    await live_fully(database, ANNA)
    for table in ("registrations", "takes_all", "inquiries", "subscriptions"):
        await database.write(change, f"DELETE FROM {table}")
    assert await database.write(forget_silent, microseconds(NOON + timedelta(days=400)), TERMS) == 1
    assert await database.read(tables_with, ANNA) == []


@pytest.mark.parametrize(
    ("service", "arguments", "kept"),
    [
        (know, ("de", NOW), False),
        (choose_language, ("de", NOW), True),
        (choose_reminders, ("", "de", NOW), True),
        (choose_reminders, (None, "de", NOW), False),
        (start, ("details", {}, NOW), True),
    ],
)
async def test_who_chose_nothing_need_not_be_known(database, service, arguments, kept):
    await database.write(know, ANNA, "de", NOW)
    await database.write(service, ANNA, *arguments)
    await database.write(erase_if_unneeded, ANNA, NOW, TERMS)
    assert await database.read(everyone) == ([ANNA] if kept else [])


async def test_nothing_of_an_erased_person_is_left_in_the_files(sqlite):
    # SQLite writes an id of this size as four big-endian bytes, and as digits in what was sent.
    word = "Sentinel-Musterfrau"
    traces = [ANNA.to_bytes(4, "big"), str(ANNA).encode(), word.encode()]
    await sqlite.write(beat, "one", NOW + 1)
    for person in range(BORIS, BORIS + 300):
        await sqlite.write(choose_language, person, "uk", NOW)
    await sqlite.write(choose_language, ANNA, "uk", NOW)
    await sqlite.write(start, ANNA, "delete", {"name": word}, NOW)
    body = f'{{"from": {{"id": {ANNA}, "first_name": "{word}"}}}}'
    await sqlite.write(take_in, 1, "one", [Arrived(1, ANNA, ANNA, "uk", body)], NOW)
    assert bytes_of(sqlite.path, traces)
    await sqlite.write(erase, ANNA, NOW, TERMS)
    await sqlite.write(finish_all, 1, [Finished(1)], NOW)
    await sqlite.erase_traces()
    await sqlite.close()
    assert bytes_of(sqlite.path, traces) == {}


async def test_counts_of_questions_are_told_save_of_danger_and_lead_to_nobody_after_erasing(database):
    tallies = [Tally("uk", "none", "", "living", ANNA), Tally("uk", "urgent", person=ANNA)]
    await database.write(count, tallies, NOW)
    assert (await database.read(about, ANNA))["questions"] == [
        {"month": "2026-11", "language": "uk", "outcome": "none", "topic": "living", "count": 1}
    ]
    await database.write(erase, ANNA, NOW, TERMS)
    assert "questions" not in await database.read(about, ANNA)
    assert await database.read(of_person, ANNA) == []
    kept = "SELECT outcome, count FROM askers ORDER BY outcome"
    assert await database.read(rows, kept) == [("none", 1), ("urgent", 1)]


async def test_who_sends_a_question_elsewhere_while_they_are_erased_is_gone_all_the_same(postgres, postgres_ready_url):
    elsewhere = Database(postgres_ready_url)
    await elsewhere.open()
    for person in range(1, 21):
        draft = await postgres.write(start, person, inquiries.KIND, {"about": "", "text": "Wer hilft?"}, NOW)
        await asyncio.gather(
            postgres.write(erase, person, NOW, TERMS),
            elsewhere.write(inquiries.send, draft, person, "uk", "uk", {CLARA}, NOW),
        )
    await elsewhere.close()
    assert await postgres.read(everyone) == []
    assert await postgres.read(rows, "SELECT person FROM inquiries") == []
