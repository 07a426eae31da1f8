"""Importing a programme: what is new, what changed, who hears of it, and every reason why nothing was done."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.documents.tables import read_table
from bot.domain.instants import DAY, moment
from bot.domain.programme import Series
from bot.domain.tables import Row, Table
from bot.domain.terms import Terms
from bot.services import programme
from bot.services.people import know
from bot.services.programme_file import COLUMNS, check
from bot.services.programme_import import Imported, Overtaken, Rehearsed, import_programme, rehearse_import
from bot.services.registrations import register_guest
from bot.services.sessions import all_series, sessions_of
from bot.store.database import Database, run

TERMS = Terms()
NOW = 1_795_000_000_000_000  # in November 2026
ANNA, BORIS, CLARA = 4_711_001, 4_711_002, 4_711_003
EXAMPLE = Path(__file__).parents[2] / "docs/programme.csv"

LAW = {"series": "Ankommen", "title": "Recht", "starts": "2026-12-03 10:00", "capacity": "50", "summary": "Kurz"}
WORK = {"series": "Ankommen", "title": "Arbeit", "starts": "2026-12-10 10:00", "capacity": "50"}
HOME = {"series": "Ankommen", "title": "Wohnen", "starts": "2026-12-17 10:00"}


def file(*rows):
    """A checked file of these rows, the first one in row 2."""
    more = dict.fromkeys(name for row in rows for name in row if name not in COLUMNS)
    table = Table([*COLUMNS, *more], [Row(number, row) for number, row in enumerate(rows, 2)], [], 1, [])
    return check(table, TERMS, None)


def imports(tx, *rows, now=NOW):
    return import_programme(tx, file(*rows), now, TERMS)


def counted(imported):
    return imported.new, imported.changed, imported.unchanged


def programme_now(tx):
    """{series: its sessions}"""
    return {series.title: sessions_of(tx, series.id) for series in all_series(tx).values()}


def everything(tx):
    """Every row that an import may touch."""
    return [
        tx.execute(text(f"SELECT * FROM {table} ORDER BY id")) for table in ("series", "sessions", "outbox", "audit")
    ]


def ids(tx):
    return {session.title: session.id for found in programme_now(tx).values() for session in found}


def registers(tx, session, person, state="confirmed"):
    know(tx, person, "de", NOW)
    row = {"session": session, "person": person, "state": state, "now": NOW}
    tx.execute(
        text(
            "INSERT INTO registrations (session, person, state, line, created, confirmed_at) "
            "VALUES (:session, :person, :state, :person, :now, :now)"
        ),
        row,
    )


def takes_all(tx, person):
    (series,) = all_series(tx)
    know(tx, person, "de", NOW)
    row = {"series": series, "person": person, "now": NOW}
    tx.execute(text("INSERT INTO takes_all (series, person, since) VALUES (:series, :person, :now)"), row)


async def test_importing_twice_changes_nothing(database):
    assert counted(await database.write(imports, LAW, WORK, HOME)) == (3, 0, 0)
    before = await database.read(everything)
    assert counted(await database.write(imports, LAW, WORK, HOME, now=NOW + DAY)) == (0, 0, 3)
    assert await database.read(everything) == before
    (found,) = (await database.read(programme_now)).values()
    assert [(session.title, session.capacity) for session in found] == [("Recht", 50), ("Arbeit", 50), ("Wohnen", None)]


async def test_the_example_of_the_documentation_can_be_imported(database):
    example = check(read_table(EXAMPLE, COLUMNS), TERMS, None)
    assert counted(await database.write(import_programme, example, NOW, TERMS)) == (4, 0, 0)
    assert counted(await database.write(import_programme, example, NOW, TERMS)) == (0, 0, 4)
    (series,) = (await database.read(all_series)).values()
    assert series.titles == {"en": "Arriving and staying"}


async def test_a_missing_row_changes_nothing(database):
    await database.write(imports, LAW, WORK)
    before = await database.read(everything)
    assert counted(await database.write(imports, WORK)) == (0, 0, 1)
    assert await database.read(everything) == before


async def test_every_column_can_change(database):
    await database.write(imports, LAW)
    (old,) = (await database.read(programme_now))["Ankommen"]
    changed = LAW | {
        "starts": "4.12.2026 9:30",
        "minutes": "90",
        "capacity": "",
        "join_url": "https://meet.example.org/a",
        "language": "en",
        "topics": "work",
        "speakers": "Dr. Muster",
        "summary": "Länger",
        "for": "landkreis",
    }
    imported = await database.write(imports, changed, now=NOW + 1)
    assert counted(imported) == (0, 1, 0)
    assert list(imported.steps[0].changes) == [name for name in COLUMNS if name not in {"series", "title"}]
    (new,) = (await database.read(programme_now))["Ankommen"]
    assert (new.id, new.version, new.minutes, new.capacity, new.join_url) == (
        old.id,
        2,
        90,
        None,
        "https://meet.example.org/a",
    )
    assert f"{moment(new.starts, new.zone):%d.%m. %H:%M}" == "04.12. 09:30"
    assert (new.language, new.topics, new.speakers, new.summary) == ("en", ("work",), "Dr. Muster", "Länger")
    assert (new.municipalities, new.moved) == (("landkreis",), NOW + 1)


async def test_who_hears_of_what(database):
    law = LAW | {"capacity": "1"}
    await database.write(imports, law, WORK, HOME)
    numbers = await database.read(ids)
    for person, state in [(ANNA, "confirmed"), (BORIS, "waitlisted")]:
        await database.write(registers, numbers["Recht"], person, state)
    await database.write(registers, numbers["Arbeit"], ANNA)
    await database.write(takes_all, CLARA)
    moved = law | {"starts": "2026-12-04 10:00"}
    linked = WORK | {"join_url": "https://meet.example.org/a"}
    imported = await database.write(imports, moved, linked, HOME, LAW | {"title": "Neu"})
    assert counted(imported) == (1, 2, 1)
    assert imported.told == {"added": 1, "link": 1, "moved": 2}


async def test_people_outside_telegram_have_to_be_told_by_somebody(database):
    await database.write(imports, LAW, WORK)
    numbers = await database.read(ids)

    def guest(tx):
        tx.execute(text("INSERT INTO guests (email, name) VALUES ('clara@example.org', 'Clara Muster')"))
        (row,) = tx.execute(text("SELECT id FROM guests"))
        for session in numbers.values():
            register_guest(tx, session, row.id, NOW, TERMS)

    await database.write(guest)
    moved, larger = LAW | {"starts": "2026-12-04 10:00"}, WORK | {"capacity": "60"}
    imported = await database.write(imports, moved, larger, now=NOW + 1)
    assert (imported.told, imported.guests) == ({}, {numbers["Recht"]: 1})
    linked = larger | {"join_url": "https://meet.example.org/a"}
    assert (await database.write(imports, moved, linked, now=NOW + 2)).guests == {numbers["Arbeit"]: 1}


async def test_more_seats_in_the_file_go_to_the_waiting_list(database):
    await database.write(imports, LAW | {"capacity": "1"})
    session = (await database.read(ids))["Recht"]
    for person, state in [(ANNA, "confirmed"), (BORIS, "waitlisted"), (CLARA, "waitlisted")]:
        await database.write(registers, session, person, state)
    assert (await database.write(imports, LAW | {"capacity": "2"})).told == {"offer": 1}


async def test_a_rehearsal_says_the_same_and_leaves_nothing(database):
    await database.write(imports, LAW)
    session = (await database.read(ids))["Recht"]
    await database.write(registers, session, ANNA)
    before = await database.read(everything)
    moved = file(LAW | {"starts": "2026-12-04 10:00"}, WORK)
    with pytest.raises(Rehearsed) as rehearsed:
        await database.write(rehearse_import, moved, NOW, TERMS)
    assert await database.read(everything) == before
    imported = await database.write(import_programme, moved, NOW, TERMS)
    assert (rehearsed.value.outcome.steps, rehearsed.value.outcome.told) == (imported.steps, imported.told)
    assert imported.told == {"moved": 1}


async def test_a_session_is_known_by_its_number_and_can_be_renamed(database):
    await database.write(imports, LAW)
    session = (await database.read(ids))["Recht"]
    renamed = LAW | {"session": str(session), "title": "Recht und Rat"}
    assert counted(await database.write(imports, renamed)) == (0, 1, 0)
    assert await database.read(ids) == {"Recht und Rat": session}
    assert counted(await database.write(imports, renamed)) == (0, 0, 1)


async def test_a_series_is_renamed_by_the_numbers_of_its_sessions(database):
    await database.write(imports, LAW | {"series_uk": "Прибуття"}, WORK)
    (series,) = await database.read(all_series)
    numbers = await database.read(ids)
    renamed = [row | {"series": "Ankunft", "session": str(numbers[row["title"]])} for row in (LAW, WORK)]
    imported = await database.write(imports, *renamed)
    assert [dict(step.changes) for step in imported.steps] == [{"series": ("Ankommen", "Ankunft")}] * 2
    assert await database.read(all_series) == {series: Series(series, "Ankunft", {"uk": "Прибуття"})}
    assert counted(await database.write(imports, *renamed, HOME | {"series": "Ankunft"})) == (1, 0, 2)
    assert list(await database.read(programme_now)) == ["Ankunft"]


async def refusal(database, *rows, now=NOW):
    """Why these rows are refused; nothing has changed then."""
    before = await database.read(everything)
    problems = await database.write(imports, *rows, now=now)
    assert await database.read(everything) == before
    return [str(problem) for problem in problems]


async def test_a_new_title_at_an_old_time_is_asked_about(database):
    await database.write(imports, LAW, WORK)
    session = (await database.read(ids))["Recht"]
    renamed = LAW | {"title": "Recht und Rat"}
    question = (
        f'row 2, column title: was "Recht" renamed? Then write {session} into the column session, else keep its row'
    )
    assert await refusal(database, renamed) == [question]
    assert counted(await database.write(imports, renamed, LAW)) == (1, 0, 1)  # both are there: at the same time


async def test_a_new_title_at_the_time_of_a_cancelled_session_is_a_new_session(database):
    await database.write(imports, LAW)
    await database.write(programme.cancel, (await database.read(ids))["Recht"], NOW, TERMS)
    assert counted(await database.write(imports, LAW | {"title": "Recht und Rat"})) == (1, 0, 0)


async def test_what_is_over_may_stay_in_the_file_and_what_is_new_must_not_be_in_the_past(database):
    await database.write(imports, LAW)
    later = NOW + 30 * DAY
    assert counted(await database.write(imports, LAW, now=later)) == (0, 0, 1)
    assert counted(await database.write(imports, LAW | {"speakers": "Dr. Muster"}, now=later)) == (0, 1, 0)
    session = (await database.read(ids))["Recht"]
    moved = LAW | {"starts": "2027-03-01 10:00"}
    assert await refusal(database, moved, WORK, now=later) == [
        f"row 2, column starts: the session {session} is over and cannot be moved",
        "row 3, column starts: a new session cannot be in the past",
    ]


async def test_nothing_is_moved_into_the_past(database):
    await database.write(imports, LAW)
    assert await refusal(database, LAW | {"starts": "2026-11-01 10:00"}) == [
        "row 2, column starts: a session cannot be moved into the past"
    ]


async def test_a_cancelled_session_may_stay_in_the_file_as_it_was(database):
    await database.write(imports, LAW)
    session = (await database.read(ids))["Recht"]
    await database.write(programme.cancel, session, NOW, TERMS)
    assert counted(await database.write(imports, LAW)) == (0, 0, 1)
    assert counted(await database.write(imports, LAW | {"series_uk": "Прибуття"})) == (0, 1, 0)
    assert await refusal(database, LAW | {"capacity": "60"}) == [
        f"row 2, column title: the session {session} was cancelled and cannot change; take the row out"
    ]


async def test_each_way_to_name_the_wrong_session(database):
    await database.write(imports, LAW, WORK)
    numbers = await database.read(ids)
    law, work = numbers["Recht"], numbers["Arbeit"]
    assert await refusal(database, HOME | {"session": str(work + 1)}) == [
        f"row 2, column session: there is no session {work + 1}"
    ]
    assert await refusal(database, LAW | {"session": str(law), "series": "Bleiben"}, WORK) == [
        f"row 2, column series: the session {law} is in another series, and stays there"
    ]
    assert await refusal(database, LAW | {"session": str(law), "title": "Neu"}, LAW) == [
        f"row 3, column title: row 2 is about the same session {law}"
    ]
    assert await refusal(database, LAW | {"session": str(law), "title": "Arbeit"}) == [
        f"row 2, column title: the session {work} of the series has this title"
    ]


async def test_errors_of_the_file_and_of_the_programme_are_listed_together(database):
    past = LAW | {"starts": "2025-12-03 10:00"}
    assert await refusal(database, past, WORK | {"capacity": "0"}) == [
        "row 2, column starts: a new session cannot be in the past",
        'row 3, column capacity: "0" is not a whole number from 1 to 100000',
    ]


async def test_texts_in_other_languages_come_change_and_go_and_those_of_silent_columns_stay(database):
    words = {"title_uk": "Право", "summary_uk": "Коротко", "title_en": "Law", "series_uk": "Прибуття"}
    await database.write(imports, LAW | words)
    (session,) = (await database.read(programme_now))["Ankommen"]
    assert session.wordings == {"en": ("Law", ""), "uk": ("Право", "Коротко")}
    assert counted(await database.write(imports, LAW)) == (0, 0, 1)
    assert counted(await database.write(imports, LAW | {"title_uk": "", "title_ru": "Право"})) == (0, 1, 0)
    (session,) = (await database.read(programme_now))["Ankommen"]
    assert session.wordings == {"en": ("Law", ""), "ru": ("Право", "")}
    assert counted(await database.write(imports, LAW | {"series_uk": "", "series_en": "Arriving"})) == (0, 1, 0)
    (series,) = (await database.read(all_series)).values()
    assert series.titles == {"en": "Arriving"}


async def test_names_with_any_character(database):
    title = """<b>"Ä", O'Brien & Söhne</b>; 🎉 عربي \u200f%s :x ${} \\ '' --"""
    row = LAW | {"series": title, "title": title, "speakers": title, "title_ar": title}
    await database.write(imports, row)
    assert counted(await database.write(imports, row)) == (0, 0, 1)
    (session,) = (await database.read(programme_now))[title]
    assert (session.title, session.speakers, session.wordings) == (title, title, {"ar": (title, "")})


rows_of_anything = st.fixed_dictionaries(
    {"title": st.text(min_size=1), "starts": st.sampled_from(["2026-12-03 10:00", "3.1.2027 9:00"])},
    optional={name: st.text() for name in ("speakers", "summary", "title_uk")}
    | {"capacity": st.integers(1, 1000).map(str), "minutes": st.integers(1, 1440).map(str)},
)


@given(st.lists(rows_of_anything, max_size=4), st.integers(0, 10**12))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_can_be_imported_is_unchanged_when_it_is_imported_again(sqlite_ready_url, rows, number):
    again = [row | {"series": f"Reihe {number}"} for row in rows]
    first = run(sqlite_ready_url, imports, *again)
    if isinstance(first, Imported):
        assert counted(run(sqlite_ready_url, imports, *again)) == (0, 0, len(rows))
    else:
        assert all(problem.row for problem in first)


async def test_several_imports_at_once_add_each_session_once(database_url):
    databases = [Database(database_url) for _ in range(4)]
    for one in databases:
        await one.open()
    outcomes = await asyncio.gather(*(one.write(imports, LAW, WORK) for one in databases), return_exceptions=True)
    assert [counted(one) for one in outcomes if not isinstance(one, Overtaken)].count((2, 0, 0)) == 1
    assert sorted(await databases[0].read(ids)) == ["Arbeit", "Recht"]
    again = await asyncio.gather(*(one.write(imports, LAW, WORK) for one in databases))
    assert [counted(one) for one in again] == [(0, 0, 2)] * 4
    for one in databases:
        await one.close()


async def test_what_was_imported_is_noted_without_words(database):
    await database.write(imports, LAW)
    await database.write(imports, LAW | {"capacity": "60"}, WORK)
    numbers = await database.read(ids)

    def audit(tx):
        rows = tx.execute(text("SELECT at, role, person, action, subject FROM audit ORDER BY id"))
        return [tuple(row) for row in rows]

    assert await database.read(audit) == [
        (NOW, "operator", None, "session new", f"session {numbers['Recht']}"),
        (NOW, "operator", None, "session changed", f"session {numbers['Recht']}"),
        (NOW, "operator", None, "session new", f"session {numbers['Arbeit']}"),
    ]
