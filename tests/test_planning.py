"""The commands for the programme as a coordinator meets them: what they print, change, and leave alone."""

import asyncio
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import Workbook

from bot.sandbox.server import Sandbox, serve

TOKEN = "77:invented-token-for-tests"
HEADER = "series,title,starts,minutes,capacity,join_url,language,topics,speakers,summary,for"
LAW = "Ankommen,Recht,2099-12-03 10:00,150,1,,de,,,,"
WORK = "Ankommen,Arbeit,2099-12-10 10:00,,50,,de,work,,,landkreis"
EXAMPLE = Path(__file__).parent.parent / "docs/programme.csv"


@pytest.fixture
def write(lotse):
    """Writes a programme file of these rows; its name."""

    def writing(*rows, header=HEADER, name="programme.csv"):
        (lotse.folder / name).write_text("\n".join([header, *rows, ""]), "utf-8")
        return name

    return writing


def register(lotse, person, state):
    """Somebody is registered for the first session, in this state."""
    with closing(sqlite3.connect(lotse.folder / "lotse.db")) as database:
        database.execute("INSERT INTO people (id, blocked, created, seen) VALUES (?, 0, 0, 0)", [person])
        database.execute(
            "INSERT INTO registrations (session, person, state, line, created) VALUES (1, ?, ?, ?, 0)",
            [person, state, person],
        )
        database.commit()


def test_importing_twice(lotse, write):
    file = write(LAW, WORK)
    first, second = (lotse.runs("programme", "import", file) for _ in range(2))
    assert (first.code, first.out, first.err) == (0, "2 new, 0 changed, 0 unchanged\n", "")
    assert (second.code, second.out, second.err) == (0, "0 new, 0 changed, 2 unchanged\n", "")


def test_a_dry_run_says_what_would_change_and_who_would_hear_and_changes_nothing(lotse, write):
    lotse.runs("programme", "import", write(LAW, WORK))
    register(lotse, 1, "confirmed")
    register(lotse, 2, "waitlisted")
    changed = write(
        "Ankommen,Recht,2099-12-04 10:00,150,2,https://meet.example.org/a,de,,Dr. Muster,,",
        WORK,
        "Ankommen,Neues,2099-12-17 10:00,,,,de,,,,",
    )
    before = (lotse.folder / "lotse.db").read_bytes()
    done = lotse.runs("programme", "import", changed, "--dry-run")
    assert (lotse.folder / "lotse.db").read_bytes() == before
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        'row 2: changed: "Recht": starts 2099-12-03 10:00 -> 2099-12-04 10:00',
        'row 2: changed: "Recht": capacity 1 -> 2',
        'row 2: changed: "Recht": join_url',
        'row 2: changed: "Recht": speakers "" -> "Dr. Muster"',
        'row 4: new: "Neues", 2099-12-17 10:00',
        "1 person hears of the join link",
        "2 people hear of another time",
        "1 person hears that a seat is offered to them",
        "1 new, 1 changed, 1 unchanged",
    ]
    assert lotse.runs("programme", "import", changed).out == "1 new, 1 changed, 1 unchanged\n"


def test_whom_lotse_cannot_tell_is_said(lotse, write):
    lotse.runs("programme", "import", write(LAW))
    with closing(sqlite3.connect(lotse.folder / "lotse.db")) as database:
        database.execute("INSERT INTO guests (email, name) VALUES ('clara@example.org', 'Clara Muster')")
        database.execute(
            "INSERT INTO registrations (session, guest, state, line, created) VALUES (1, 1, 'confirmed', 1, 0)"
        )
        database.commit()
    done = lotse.runs("programme", "import", write(LAW.replace("10:00", "11:00")))
    assert (done.code, done.out) == (0, "0 new, 1 changed, 0 unchanged\n")
    assert done.complaint == "lotse: session 1: 1 person registered outside Telegram must be told by e-mail"


def test_a_dry_run_makes_no_database(lotse, write):
    done = lotse.runs("programme", "import", "--dry-run", write(LAW))
    assert done.out.splitlines()[-1] == "1 new, 0 changed, 0 unchanged"
    assert [path.name for path in lotse.folder.iterdir()] == ["programme.csv"]


def test_every_error_is_listed_and_nothing_is_imported(lotse, write):
    file = write(LAW.replace("2099", "2020"), "Ankommen,,soon,0,-1,x,de,works,,,kreisfreie_stadt", LAW)
    done = lotse.runs("programme", "import", file)
    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines() == [
        "programme.csv: row 2, column starts: a new session cannot be in the past",
        'programme.csv: row 3, column capacity: "-1" is not a whole number from 1 to 100000',
        'programme.csv: row 3, column for: "kreisfreie_stadt" is not known; did you mean "kreisfreie-stadt"?',
        'programme.csv: row 3, column join_url: "x" is not a web address such as https://meet.example.org/room',
        'programme.csv: row 3, column minutes: "0" is not a whole number from 1 to 1440',
        'programme.csv: row 3, column starts: "soon" is not a date with a time such as 2026-12-03 10:00',
        "programme.csv: row 3, column title: is missing",
        'programme.csv: row 3, column topics: "works" is not known; did you mean "work"?',
        'programme.csv: row 4, column title: "Recht" stands in row 2 already',
        "lotse: nothing was imported: 9 errors",
    ]
    assert not (lotse.folder / "lotse.db").exists()


def test_where_the_knowledge_cannot_be_read_topics_are_not_checked(lotse, write):
    file = write(WORK.replace("work", "cooking"))
    assert lotse.runs("programme", "import", file, LOTSE_KNOWLEDGE=lotse.folder).code == 0


@pytest.mark.parametrize(
    ("file", "code", "complaint"),
    [
        ("none.csv", 2, "lotse: none.csv: cannot be read (No such file or directory)"),
        (".", 2, "lotse: .: cannot be read (Is a directory)"),
        ("empty.csv", 1, "lotse: empty.csv: there is no table in it"),
        ("large.csv", 1, "lotse: large.csv: the file is larger than 5 MB"),
    ],
)
def test_files_that_are_no_programme(lotse, file, code, complaint):
    (lotse.folder / "empty.csv").touch()
    (lotse.folder / "large.csv").write_bytes(b"series,title\n" * 800_000)
    done = lotse.runs("programme", "import", file)
    assert (done.code, done.complaint, done.out) == (code, complaint, "")


def test_a_workbook_with_a_heading(lotse):
    book = Workbook()
    for row in ["Unsere Reihe"], HEADER.split(","), LAW.split(","), ["Januar"], WORK.split(","):
        book.active.append(row)
    book.save(lotse.folder / "programme.xlsx")
    done = lotse.runs("programme", "import", "programme.xlsx")
    assert (done.code, done.out) == (0, "2 new, 0 changed, 0 unchanged\n")
    assert done.err.splitlines() == [
        "lotse: programme.xlsx: row 1 is left out: only one cell is filled",
        "lotse: programme.xlsx: row 4 is left out: only one cell is filled",
    ]


def test_a_database_that_cannot_be_used(lotse, write):
    file = write(LAW)
    for arguments in ([], ["--dry-run"]):
        done = lotse.runs("programme", "import", file, *arguments, LOTSE_DATABASE_URL="postgresql://127.0.0.1:1/x")
        assert (done.code, done.out) == (1, "")
        assert re.match(r"lotse: The database .*127\.0\.0\.1", done.complaint)


def test_a_dry_run_leaves_an_older_database_as_it_is(lotse, write):
    dump = (Path(__file__).parent / "store/dumps/0.1.sql").read_text("utf-8")
    with closing(sqlite3.connect(lotse.folder / "lotse.db")) as database:
        database.executescript(dump)
    done = lotse.runs("programme", "import", "--dry-run", write(LAW))
    assert (done.code, done.out) == (1, "")
    assert done.complaint.endswith("a dry run changes nothing; run lotse migrate first")
    assert lotse.runs("programme", "import", "programme.csv").out == "1 new, 0 changed, 0 unchanged\n"


def test_the_example_of_the_documentation(lotse):
    done = lotse.runs("programme", "import", EXAMPLE, "--dry-run", LOTSE_KNOWLEDGE="")
    assert done.out.splitlines()[-1] == "4 new, 0 changed, 0 unchanged", done.err


def test_what_is_called_wrongly(lotse):
    for arguments in (["import"], ["export"], ["nonsense"], ["import", "a", "b"]):
        done = lotse.runs("programme", *arguments)
        assert (done.code, done.out) == (2, "")
        assert done.complaint.startswith("lotse: ")


def test_an_export_has_a_page_and_calendar_files_and_no_join_link(lotse, write):
    linked = LAW.replace(",1,,de", ",1,https://meet.example.org/secret,de")
    lotse.runs("programme", "import", write(linked, WORK, LAW.replace("Ankommen", "Bleiben")))
    done = lotse.runs("programme", "export", "out/site")
    names = ["programme.html", "series-1.ics", "session-1.ics", "session-2.ics", "series-2.ics", "session-3.ics"]
    assert (done.code, done.out.splitlines()) == (0, [f"out/site/{name}" for name in names])
    assert done.complaint == "lotse: LOTSE_TOKEN is not set: the page has no links into the chat"
    written = {path.name: path.read_bytes() for path in (lotse.folder / "out/site").iterdir()}
    assert sorted(written) == sorted(names)
    assert not any(b"secret" in content for content in written.values())
    assert all(title in written["programme.html"].decode() for title in ("Recht", "Arbeit", "Ankommen", "Bleiben"))
    assert written["series-1.ics"].count(b"BEGIN:VEVENT") == 2
    assert b"SUMMARY;LANGUAGE=de:Arbeit\r\n" in written["session-2.ics"]


async def test_with_a_token_the_page_leads_into_the_chat_and_calendars_know_the_bot(lotse, write):
    lotse.runs("programme", "import", write(LAW))
    async with serve(Sandbox(TOKEN), 0) as root:
        done = await asyncio.to_thread(lotse.runs, "programme", "export", "out", LOTSE_TOKEN=TOKEN, LOTSE_API_URL=root)
    assert (done.code, done.err) == (0, "")
    page = (lotse.folder / "out/programme.html").read_text("utf-8")
    assert re.search(r'href="https://t\.me/\w+\?start=session_1"', page)
    assert b"\r\nUID:session-1@77\r\n" in (lotse.folder / "out/session-1.ics").read_bytes()


def test_where_telegram_is_not_reached_the_page_has_no_links_into_the_chat(lotse, write):
    lotse.runs("programme", "import", write(LAW))
    nowhere = {"LOTSE_TOKEN": TOKEN, "LOTSE_API_URL": "http://127.0.0.1:1"}
    done = lotse.runs("programme", "export", "out", **nowhere)
    assert (done.code, TOKEN in done.err) == (0, False)
    assert done.complaint == "lotse: Telegram does not say the bot's name: the page has no links into the chat"
    assert "t.me" not in (lotse.folder / "out/programme.html").read_text("utf-8")


def test_a_second_export_writes_the_same_files_and_leaves_others_alone(lotse, write):
    lotse.runs("programme", "import", write(LAW, WORK))
    folder = lotse.folder / "out"
    folder.mkdir()
    (folder / "index.html").write_text("ours", "utf-8")
    (folder / "session-99.ics").write_text("an old one", "utf-8")
    exports = []
    for _ in range(2):
        assert lotse.runs("programme", "export", "out").code == 0
        exports.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert exports[0] == exports[1]
    assert (exports[0]["index.html"], exports[0]["session-99.ics"]) == (b"ours", b"an old one")


def test_a_cancelled_session_is_exported_as_cancelled(lotse, write):
    lotse.runs("programme", "import", write(LAW))
    with closing(sqlite3.connect(lotse.folder / "lotse.db")) as database:
        database.execute("UPDATE sessions SET state = 'cancelled'")
        database.commit()
    lotse.runs("programme", "export", "out")
    assert b"STATUS:CANCELLED" in (lotse.folder / "out/session-1.ics").read_bytes()
    assert not (lotse.folder / "out/series-1.ics").exists()


def test_an_export_makes_no_database(lotse):
    done = lotse.runs("programme", "export", "out")
    assert done.code == 1
    assert done.complaint == "lotse: there is no database yet, and so nothing to export; lotse migrate makes one"
    assert list(lotse.folder.iterdir()) == []


def test_a_folder_that_cannot_be_written(lotse, write):
    lotse.runs("programme", "import", write(LAW))
    done = lotse.runs("programme", "export", "programme.csv")
    assert (done.code, done.out) == (1, "")
    assert done.complaint.startswith("lotse: programme.csv: cannot be written (")
