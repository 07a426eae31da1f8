"""The sample series of the demo: there at the first start, and once."""

from bot.demo_series import FILE, add_sample
from bot.documents.tables import read_table
from bot.domain.instants import DAY, moment
from bot.domain.terms import Terms
from bot.library.shipped import shipped
from bot.services.programme_file import COLUMNS
from bot.services.sessions import all_series, seats, sessions_of, upcoming

NOW = 1_795_000_000_000_000  # a Wednesday in November 2026
TERMS = Terms()


def topics():
    return {topic for row in read_table(FILE, COLUMNS).rows for topic in row.cells["topics"].split(", ")}


async def test_nine_sessions_in_ten_weeks_from_a_week_ahead(database):
    await database.write(add_sample, NOW, TERMS)
    (series,) = (await database.read(all_series)).values()
    sessions = await database.read(sessions_of, series.id)
    first, *_, last = (moment(session.starts, session.zone) for session in sessions)
    assert f"{first:%a %H:%M} {last:%a %H:%M}" == "Thu 10:00 Thu 09:00"
    assert (sessions[0].starts - NOW) // DAY in range(7, 14)
    assert (last.date() - first.date()).days == 63
    assert [session.capacity for session in sessions] == [50] * 8 + [150]
    assert all(session.wordings["en"][0] and session.wordings["uk"][0] for session in sessions)
    taken = await database.read(seats, [session.id for session in sessions])
    assert [taken[session.id].free for session in sessions] == [24, 2, 19, 38, 25, 50, 42, 47, 76]


async def test_a_second_start_adds_nothing(database):
    await database.write(add_sample, NOW, TERMS)
    before = await database.read(upcoming, NOW)
    await database.write(add_sample, NOW + 30 * DAY, TERMS)
    assert await database.read(upcoming, NOW) == before
    assert len(before) == 9


def test_the_topics_are_those_of_the_shipped_knowledge():
    shelves = (shipped("knowledge") / "topics.toml").read_text("utf-8")
    assert all(f"\n[{topic}]\n" in shelves for topic in topics())
