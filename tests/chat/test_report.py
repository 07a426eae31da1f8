"""/report and the message about gaps: numbers for coordinators, authorised afresh, and never a name."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from coordination import REFUSED, coordinator, planned, put, registered
from openpyxl import load_workbook
from programmes import file

from bot.domain.instants import microseconds
from bot.services.asked import LEAST
from bot.store.tallies import Tally, count

pytestmark = pytest.mark.usefixtures("calm")

RULE = "Only what at least five people asked in a month is shown. Questions are not kept."
BUTTONS = [
    "[Registrations as a table | report:registrations]",
    "[Deliveries as a table | report:deliveries]",
    "[Questions as a table | report:questions]",
    "[Figures as a table | report:figures]",
]
FIRST_OF_DECEMBER = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)  # a Tuesday, 9:00 in Germany


@pytest.fixture
async def cora(town):
    """A coordinator who reads English."""
    cora = await coordinator(town)
    await cora.says("/start lang_en")
    return cora


async def ask(town, people=LEAST, outcome="none", topic="work", language="uk", now=None):
    """So many people ask once."""
    tallies = [Tally(language, outcome, "", topic, 9000 + number) for number in range(people)]
    await town.running.house.database.write(count, tallies, microseconds(now or town.now))


async def sheet(town, person):
    """The table in the newest file in somebody's chat."""
    return load_workbook(io.BytesIO(await file(town, person))).active


async def test_where_nothing_has_happened_the_report_says_so(cora):
    assert await cora.says("/report") == [
        "Report, Wednesday, 25 November 2026, 11:00",
        "",
        "No sessions are planned.",
        "",
        "No message failed, and none is unconfirmed.",
        "",
        "What people did not find, October 2026 and November 2026",
        "Nothing so far.",
        RULE,
        *BUTTONS,
    ]


async def test_the_next_three_sessions_with_who_has_a_place_and_who_waits(town, cora):
    for number in range(1, 5):
        await planned(town, f"Part <{number}>", datetime(2026, 12, number, 9, tzinfo=UTC), capacity=2)
    await registered(town, 1, {"Anna": "confirmed", "Boris": "confirmed", "Chen": "waitlisted"})
    await put(town, "UPDATE sessions SET state = 'cancelled' WHERE id = 2")
    lines = await cora.says("/report")
    assert lines[1:13] == [
        "",
        "Part <1>",
        "Tuesday, 1 December 2026, 10:00 to 12:30 (time in Germany)",
        "Confirmed: 2 of 2",
        "Waiting list: 1",
        "",
        "Part <3>",
        "Thursday, 3 December 2026, 10:00 to 12:30 (time in Germany)",
        "Confirmed: 0 of 2",
        "",
        "Part <4>",
        "Friday, 4 December 2026, 10:00 to 12:30 (time in Germany)",
    ]


async def test_what_failed_or_is_unconfirmed_by_kind_those_of_deleted_people_too(town, cora):
    row = "INSERT INTO outbox (person, dedup, kind, due, state) VALUES"
    await put(
        town,
        f"{row} (1, 'a', 'reminder', 0, 'failed'), (2, 'a', 'reminder', 0, 'sent'), (3, 'a', 'moved', 0, 'blocked')",
        f"{row} (1, 'b', 'announcement', 0, 'unconfirmed'), (1, 'c', 'moved', 0, 'failed')",
        "INSERT INTO totals (kind, state, count) VALUES ('link', 'failed', 2), ('announcement', 'failed', 4)",
    )
    assert (await cora.says("/report"))[4:10] == [
        "Reminders that failed: 1",
        "Announcements that failed: 4",
        "Announcements unconfirmed: 1",
        "Other messages that failed: 3",
        "",
        "What people did not find, October 2026 and November 2026",
    ]


async def test_the_largest_gaps_of_this_month_and_the_one_before(town, cora):
    await ask(town, 5, now=datetime(2026, 10, 9, tzinfo=UTC))
    await ask(town, 6)
    await ask(town, 7, "not_helpful", "arrival", "de-simple")
    await ask(town, 9, topic="", language="ar")
    await ask(town, 8, topic="gone-since", language="pt")
    await ask(town, 4, topic="safety")
    await ask(town, 50, "answer")
    lines = await cora.says("/report")
    assert lines[lines.index(RULE) - 4 : lines.index(RULE)] == [
        "Work, Ukrainian. Not found: 11",
        "Topic not known, Arabic. Not found: 9",
        "gone-since, Portuguese. Not found: 8",
        "Arriving, Deutsch (einfach). Not helpful: 7",
    ]


async def test_in_the_language_and_with_the_dates_of_the_reader(town):
    cora = await coordinator(town, "Carla", "de")
    await ask(town)
    lines = await cora.says("/report")
    assert lines[0].endswith(", Mittwoch, 25. November 2026, 11:00 Uhr")
    assert any(line.startswith("Arbeit, Ukrainisch") for line in lines)


@pytest.mark.parametrize("table", ["registrations", "deliveries", "questions", "figures"])
async def test_a_table_comes_as_a_workbook_without_names(town, cora, table):
    await planned(town)
    await registered(town, 1, {"Anna": "confirmed"})
    await put(
        town,
        "INSERT INTO details (person, name, organisation, municipality, municipality_type, asked)"
        " SELECT id, 'Anna Muster', 'Amt', 'Musterkreis', 'landkreis', 0 FROM people"
        " WHERE id IN (SELECT person FROM registrations)",
    )
    await ask(town)
    label = f"{table.capitalize()} as a table"
    await cora.says("/report")
    assert await cora.presses(label) == [label, f"(file lotse-{table}-2026-11-25.xlsx)"]
    found = await sheet(town, cora)
    assert list(found.tables) == [table.capitalize()]
    cells = [str(cell.value) for row in found.iter_rows() for cell in row]
    assert not {"Anna", "Anna Muster", "Musterkreis", "Amt", str(town.person("Anna").id)} & set(cells)
    if table == "questions":
        rows = [[cell.value for cell in row] for row in found.iter_rows()]
        assert rows == [["Outcome", "Language", "Topic", "Number"], ["nothing found", "Ukrainian", "work", LEAST]]


@pytest.mark.parametrize("data", ["report:participants", "report:show", "report:", "report:x"])
async def test_there_is_no_other_table_and_above_all_no_names(cora, data):
    lines = await cora.forges(7777, data)
    assert lines[0] == "Report, Wednesday, 25 November 2026, 11:00"
    assert not any(message.get("document") for message in await cora.sees())


async def test_nobody_else_gets_it_by_command_or_by_press(town):
    await coordinator(town)
    anna = town.person("Anna", "en")
    assert await anna.says("/report") == REFUSED
    for data in ("report:show", "report:registrations", "report:questions"):
        assert await anna.forges(0, data) == REFUSED


async def test_who_was_taken_out_of_the_team_gets_nothing_at_the_next_press(town, cora):
    await cora.says("/report")
    town.running.house.coordinators = frozenset()
    assert await cora.presses("Registrations as a table") == REFUSED


async def test_in_a_group_there_is_no_such_command(town, cora):
    chat = {"id": -50, "type": "group", "title": "Netz"}
    user = {"id": cora.id, "is_bot": False, "first_name": "Cora", "language_code": "en"}
    name = town.running.house.api.name
    message = {"message_id": 1, "date": 1_800_000_000, "chat": chat, "from": user, "text": f"/report@{name}"}
    await town.raw({"message": message})
    assert (await town.said())[-1].startswith("There is no such command. These exist:")
    assert "/report" not in (await town.said())[-1]


async def test_on_the_first_working_day_every_coordinator_hears_of_the_gaps_in_their_language(town, cora):
    await ask(town)
    town.now = FIRST_OF_DECEMBER
    doris = await coordinator(town, "Doris", "de")
    await doris.says("/start lang_de")
    assert await cora.gets() == [
        "What people did not find, November 2026",
        "Work, Ukrainian. Not found: 5",
        RULE,
        "[Show the report | report:show]",
    ]
    assert "Arbeit, Ukrainisch" in (await doris.sees())[-1]["text"]
    town.passes(days=1)
    assert await cora.gets() == []


async def test_the_month_is_closed_when_it_is_over(town):
    await ask(town)
    await town.delivers()
    assert town.select("SELECT COUNT(*) FROM askers") == [(5,)]
    town.now = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
    await town.delivers()
    assert town.select("SELECT COUNT(*) FROM askers") == [(0,)]
    assert town.select("SELECT name FROM secrets WHERE name LIKE 'askers%'") == []
    assert town.select("SELECT * FROM asked") == [("2026-11", "uk", "none", "work", 5, 5)]


async def test_who_leaves_the_team_before_it_is_sent_gets_none(town, cora):
    await ask(town)
    town.now = FIRST_OF_DECEMBER
    await town.fault(method="sendMessage", status=500, times=1, chat=cora.id)
    assert await cora.gets() == []
    town.running.house.coordinators = frozenset()
    town.passes(hours=1)
    assert await cora.gets() == []
    assert town.select("SELECT kind, state FROM outbox") == [("gaps", "dropped")]


async def test_no_gaps_no_message(town, cora):
    await ask(town, LEAST - 1)
    town.now = FIRST_OF_DECEMBER
    assert await cora.gets() == []
    assert town.select("SELECT COUNT(*) FROM outbox") == [(0,)]
