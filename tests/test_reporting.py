"""The reports and the import of registrations as a coordinator meets them: what they print, write, and leave alone."""

import csv
import json
import re
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from openpyxl import Workbook, load_workbook

REPORTS = ("registrations", "deliveries", "questions", "figures", "participants")
DUMP = Path(__file__).parent / "store/dumps/0.1.sql"
GUESTS = [
    ["session", "name", "organisation", "municipality", "email"],
    ["1", "Anna Muster", "Landratsamt Musterkreis", "Musterkreis", "Anna@Example.org"],
    ["Recht", "-1 Boris", "", "", "boris@example.org"],
    ["2", "Anna Muster", "", "", "anna@example.org"],
]


def programme(lotse, *rows):
    header = "series,title,starts,minutes,capacity,join_url,language,topics,speakers,summary,for"
    (lotse.folder / "programme.csv").write_text("\n".join([header, *rows, ""]), "utf-8")
    return lotse.runs("programme", "import", "programme.csv")


@pytest.fixture
def planned(lotse):
    """A series of two sessions, the first with one seat."""
    programme(lotse, "Ankommen,Recht,2099-12-03 10:00,150,1,,de,,,,", "Ankommen,Arbeit,2099-12-10 10:00,,,,de,,,,")
    return lotse


def write(lotse, rows, name="guests.csv", separator=";"):
    """Writes a file of registrations; its name."""
    path = lotse.folder / name
    if name.endswith(".xlsx"):
        book = Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=separator).writerows(rows)
    return name


def acts(lotse):
    with closing(sqlite3.connect(lotse.folder / "lotse.db")) as database:
        return database.execute("SELECT action, subject FROM audit WHERE action LIKE '%partic%' ORDER BY id").fetchall()


@pytest.mark.parametrize("name", REPORTS)
def test_without_a_database_a_report_says_so_and_makes_none(lotse, name):
    done = lotse.runs("report", name, "--json")
    assert (done.code, done.out) == (1, "")
    assert done.complaint == "lotse: there is no database yet, and so nothing to report; lotse migrate makes one"
    assert list(lotse.folder.iterdir()) == []


def test_an_older_database_stays_as_it_is_and_a_newer_one_is_an_error(lotse):
    path = lotse.folder / "lotse.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(DUMP.read_text("utf-8"))
    before = path.read_bytes()
    done = lotse.runs("report", "registrations")
    assert (done.code, done.out) == (1, "")
    assert done.complaint.endswith("the database is of an older version, and a report changes nothing; "
                                   "run lotse migrate first")  # fmt: skip
    assert path.read_bytes() == before
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    done = lotse.runs("report", "participants")
    assert (done.code, done.out) == (1, "")
    assert "was written by a newer version of Lotse" in done.complaint


def test_an_unknown_report_and_a_wrong_day(lotse):
    done = lotse.runs("report", "nonsense")
    assert (done.code, done.out) == (2, "")
    assert done.complaint == (
        "lotse: there is no report nonsense; there are registrations, deliveries, questions, figures, participants"
    )
    for arguments in (["--from", "tomorrow"], ["--to", "1999-12-31"], ["--from", "2026-02-01", "--to", "2026-01-01"]):
        done = lotse.runs("report", "figures", *arguments)
        assert (done.code, done.out) == (2, "")
        assert arguments[0] in done.complaint


def test_the_reports_of_a_small_programme(planned):
    planned.runs("registrations", "import", write(planned, GUESTS))
    assert json.loads(planned.runs("report", "registrations", "--json").out) == [
        {"session": 1, "series_id": 1, "series": "Ankommen", "title": "Recht", "starts": "2099-12-03T09:00:00Z",
         "capacity": 1, "confirmed": 1, "waitlisted": 1, "offered": 0, "cancelled": 0},
        {"session": 2, "series_id": 1, "series": "Ankommen", "title": "Arbeit", "starts": "2099-12-10T09:00:00Z",
         "capacity": None, "confirmed": 1, "waitlisted": 0, "offered": 0, "cancelled": 0},
    ]  # fmt: skip
    assert planned.runs("report", "registrations", LOTSE_TIMEZONE="UTC").out.splitlines() == [
        "Session  Series    Title   Starts (UTC)      Places    With a seat  Waiting  Offered  Cancelled",
        "      1  Ankommen  Recht   2099-12-03 09:00  1                   1        1        0          0",
        "      2  Ankommen  Arbeit  2099-12-10 09:00  no limit            1        0        0          0",
    ]
    counts = '{"waiting": 0, "sent": 0, "failed": 0, "blocked": 0, "unconfirmed": 0}'
    kinds = ", ".join(f'"{kind}": {counts}' for kind in ("reminder", "announcement", "notice"))
    assert planned.runs("report", "deliveries", "--json").out == f"{{{kinds}}}\n"
    figures = json.loads(planned.runs("report", "figures", "--json", "--from", "2026-01-01", "--to", "2099-12-31").out)
    assert list(figures) == [
        "from", "to", "sessions", "hours", "registrations", "attended", "waitlisted", "people", "people_attended",
        "municipalities", "municipality_not_stated", "by_municipality_type", "by_language",
    ]  # fmt: skip
    assert (figures["from"], figures["to"], figures["sessions"]) == ("2026-01-01", "2099-12-31", 0)  # not over yet


def asked(lotse, *cells):
    """Puts cells of a closed month there: month, language, outcome, topic, people and how often."""
    with closing(sqlite3.connect(lotse.folder / "lotse.db")) as database, database:
        database.executemany("INSERT INTO asked VALUES (?, ?, ?, ?, ?, ?)", cells)


def test_questions_gaps_first_and_nothing_that_fewer_than_five_people_asked(planned):
    done = planned.runs("report", "questions")
    assert done.out == "There is nothing yet that 5 people or more asked in a month.\n"
    asked(
        planned,
        ("2026-10", "uk", "answer", "work", 30, 40),
        ("2026-10", "uk", "none", "living", 5, 12),
        ("2026-11", "uk", "none", "living", 4, 9),
        ("2026-11", "de-simple", "none", "", 5, 5),
        ("2026-11", "fa", "urgent", "", 5, 6),
        ("2026-11", "ar", "not_helpful", "residence", 6, 6),
    )
    assert json.loads(planned.runs("report", "questions", "--json").out) == [
        {"language": "uk", "outcome": "none", "topic": "living", "count": 12},
        {"language": "de-simple", "outcome": "none", "topic": "", "count": 5},
        {"language": "ar", "outcome": "not_helpful", "topic": "residence", "count": 6},
        {"language": "fa", "outcome": "urgent", "topic": "", "count": 6},
        {"language": "uk", "outcome": "answer", "topic": "work", "count": 40},
    ]
    assert planned.runs("report", "questions").out.splitlines() == [
        "Outcome              Language                   Topic      Number",
        "nothing found        Ukrainian                  living         12",
        "nothing found        German (Einfache Sprache)  not known       5",
        "answer did not help  Arabic                     residence       6",
        "help in danger       Persian                    not known       6",
        "answered             Ukrainian                  work           40",
    ]


def test_participants_leave_the_server_noted_and_logged_without_their_names(planned):
    planned.runs("registrations", "import", write(planned, GUESTS))
    done = planned.runs("report", "participants", "--session", 1, "--json")
    anna, boris = json.loads(done.out)
    assert anna == {
        "session": 1, "title": "Recht", "starts": "2099-12-03T09:00:00Z", "name": "Anna Muster",
        "organisation": "Landratsamt Musterkreis", "municipality": "Musterkreis", "email": "anna@example.org",
        "state": "confirmed", "place": None, "needs": {"sign_language": False, "subtitles": False, "other": ""},
        "to_tell": [],
    }  # fmt: skip
    assert (boris["name"], boris["municipality"], boris["place"]) == ("-1 Boris", None, 1)
    assert done.err == "INFO participants were reported: 2, of session 1\n"
    shown = planned.runs("report", "participants").out
    assert re.search(
        r"-1 Boris +not stated +not stated +by the network +boris@example\.org +waitlisted +1$", shown, re.MULTILINE
    )
    assert acts(planned) == [("participants", "session 1"), ("participants", "sessions to come")]
    for unknown in (99, 0, -1, 2**70):
        done = planned.runs("report", "participants", "--session", unknown)
        assert (done.code, done.out, done.complaint) == (2, "", f"lotse: there is no session {unknown}")


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_as_a_workbook(planned, name):
    planned.runs("registrations", "import", write(planned, GUESTS))
    done = planned.runs("report", name, "--xlsx", "report.xlsx")
    assert (done.code, done.out) == (0, "report.xlsx\n")
    path = planned.folder / "report.xlsx"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    sheet = load_workbook(path).active
    assert (list(sheet.tables), sheet.freeze_panes) == ([name.capitalize()], "A2")
    if name == "participants":
        rows = [[cell.value for cell in row[1:9]] for row in sheet.iter_rows(min_row=2)]
        anna = ["10:00", "Anna Muster", "Landratsamt Musterkreis", "Musterkreis", "by the network", "anna@example.org"]
        assert [[row[0], f"{row[1]:%H:%M}", *row[2:]] for row in rows] == [
            ["Recht", *anna, "confirmed"],
            ["Recht", "10:00", "-1 Boris", "not stated", "not stated", "by the network", "boris@example.org",
             "waitlisted"],
            ["Arbeit", *anna, "confirmed"],
        ]  # fmt: skip


def test_a_workbook_that_cannot_be_written(planned):
    done = planned.runs("report", "registrations", "--xlsx", "missing/report.xlsx")
    assert (done.code, done.out) == (1, "")
    assert done.complaint == "lotse: missing/report.xlsx: cannot be written (No such file or directory)"


@pytest.mark.parametrize("name", ["guests.csv", "guests.xlsx"])
def test_an_import_says_whom_to_e_mail_and_changes_nothing_the_second_time(planned, name):
    file = write(planned, GUESTS, name)
    done = planned.runs("registrations", "import", file)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "3 new, 0 changed, 0 unchanged",
        'e-mail Anna Muster <anna@example.org>: has a seat, session 1 "Recht", 2099-12-03 10:00',
        'e-mail -1 Boris <boris@example.org>: place 1 on the waiting list, session 1 "Recht", 2099-12-03 10:00',
        'e-mail Anna Muster <anna@example.org>: has a seat, session 2 "Arbeit", 2099-12-10 10:00',
    ]
    assert planned.runs("registrations", "import", file).out == "0 new, 0 changed, 3 unchanged\n"
    gone = write(planned, [[*GUESTS[0], "cancelled"], [*GUESTS[1], "ja"]])
    assert planned.runs("registrations", "import", gone).out.splitlines() == [
        "0 new, 1 changed, 0 unchanged",
        'e-mail Anna Muster <anna@example.org>: is not registered any more, session 1 "Recht", 2099-12-03 10:00',
        'e-mail -1 Boris <boris@example.org>: has a seat now, session 1 "Recht", 2099-12-03 10:00',
    ]


def test_every_error_is_listed_and_nothing_is_imported(planned):
    file = write(planned, [*GUESTS, ["7", "=SUM(A1)", "", "", "nobody"], ["7", "Emil", "", "", "emil@example.org"]])
    done = planned.runs("registrations", "import", file)
    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines() == [
        'guests.csv: row 5, column email: "nobody" is not an e-mail address such as anna@example.org',
        "guests.csv: row 5, column name: is a formula; put its value there",
        "guests.csv: row 6, column session: there is no session 7",
        "lotse: nothing was imported: 3 errors",
    ]
    assert [one["confirmed"] for one in json.loads(planned.runs("report", "registrations", "--json").out)] == [0, 0]


def test_files_that_are_none(lotse):
    done = lotse.runs("registrations", "import", "missing.csv")
    assert (done.code, done.complaint) == (2, "lotse: missing.csv: cannot be read (No such file or directory)")
    (lotse.folder / "empty.csv").touch()
    done = lotse.runs("registrations", "import", "empty.csv")
    assert (done.code, done.complaint) == (1, "lotse: empty.csv: there is no table in it")
    done = lotse.runs("registrations", "import", write(lotse, [["session", "name"], ["1", "Anna"]]))
    assert done.err.startswith("guests.csv: row 1: the columns are missing: organisation, municipality, email\n")
    assert not (lotse.folder / "lotse.db").exists()


def test_an_import_makes_the_database_it_is_given(lotse):
    done = lotse.runs("registrations", "import", write(lotse, GUESTS))
    assert (done.code, done.out) == (1, "")
    assert "guests.csv: row 2, column session: there is no session 1\n" in done.err
    assert json.loads(lotse.runs("report", "registrations", "--json").out) == []


@pytest.mark.postgres
def test_on_postgresql(lotse, postgres_ready_url):
    lotse.settings["LOTSE_DATABASE_URL"] = postgres_ready_url
    programme(lotse, "Ankommen,Recht,2099-12-03 10:00,150,1,,de,,,,", "Ankommen,Arbeit,2099-12-10 10:00,,,,de,,,,")
    done = lotse.runs("registrations", "import", write(lotse, GUESTS))
    assert done.out.splitlines()[0] == "3 new, 0 changed, 0 unchanged", done.err
    with psycopg.connect(postgres_ready_url) as connection:
        connection.execute("INSERT INTO asked VALUES ('2026-11', 'uk', 'none', 'living', 5, 12)")
    for name in REPORTS:
        done = lotse.runs("report", name, "--json")
        assert done.code == 0, done.err
        assert json.loads(done.out)
