"""`lotse invite` and `lotse audit` as an operator meets them: what they print, where, and what they never print."""

import asyncio
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from program import ANNA, reached

from bot.sandbox.server import Sandbox, serve
from bot.services.audit import note
from bot.services.invitations import keep_name
from bot.store.database import run
from bot.store.migrations import migrate

DUMP = Path(__file__).parent / "store/dumps/0.1.sql"
TOKEN = "77:invented-token-for-tests"
NOWHERE = "http://127.0.0.1:9"
COMMAND = r"/start invite_([0-9a-f]{32})\n"
LINK = r"https://t\.me/sandbox_77_bot\?start=(invite_[0-9a-f]{32})\n"
UNTIL = r"lotse: works once, until 20\d\d-\d\d-\d\d \d\d:\d\d \(Europe/Berlin\)"
UNKNOWN = "lotse: the bot's name is not known yet: send this line to the bot, as a message"


def rows(lotse, statement):
    with closing(sqlite3.connect(lotse.folder / "lotse.db")) as database:
        return database.execute(statement).fetchall()


@pytest.fixture
def url(lotse):
    """The database of the command, with all tables."""
    url = f"sqlite:///{lotse.folder / 'lotse.db'}"
    migrate(url)
    return url


@pytest.mark.parametrize("role", ["staff", "coordinator"])
def test_without_database_and_name_it_makes_the_one_and_says_what_to_send(lotse, role):
    done = lotse.runs("invite", "--role", role)
    assert done.code == 0
    assert re.fullmatch(COMMAND, done.out)
    first, second = done.err.splitlines()
    assert first == UNKNOWN
    assert re.fullmatch(UNTIL, second)
    assert rows(lotse, "SELECT role, invited_by FROM invitations") == [(role, None)]
    assert done.out.strip()[-32:] not in (lotse.folder / "lotse.db").read_bytes().decode("latin-1")


@pytest.mark.parametrize("arguments", [["--role", "mayor"], ["--role", ""], ["--role", "Staff"]])
def test_another_role_is_refused_in_one_line(lotse, arguments):
    done = lotse.runs("invite", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.complaint == f"lotse: --role: there is no role {arguments[1]}; there are coordinator, staff"
    assert list(lotse.folder.iterdir()) == []


def test_without_a_role_it_says_which_option_is_missing(lotse):
    done = lotse.runs("invite")
    assert (done.code, done.out, done.complaint) == (2, "", "lotse: Missing option '--role'.")


def test_the_name_that_the_bot_had_makes_a_link_but_another_bots_does_not(lotse, url):
    run(url, keep_name, 77, "sandbox_77_bot")
    done = lotse.runs("invite", "--role", "staff")
    assert re.fullmatch(LINK, done.out)
    assert re.fullmatch(UNTIL, done.complaint)
    of_it = {"LOTSE_TOKEN": TOKEN, "LOTSE_API_URL": NOWHERE}
    assert re.fullmatch(LINK, lotse.runs("invite", "--role", "staff", **of_it).out)
    done = lotse.runs("invite", "--role", "staff", **(of_it | {"LOTSE_TOKEN": "78:another-invented-token"}))
    assert re.fullmatch(COMMAND, done.out)
    assert done.err.startswith(UNKNOWN)
    assert "another-invented" not in done.err


async def test_with_a_token_telegram_is_asked_for_the_name(lotse):
    async with serve(Sandbox(TOKEN), 0) as root:
        given = {"LOTSE_TOKEN": TOKEN, "LOTSE_API_URL": root}
        done = await asyncio.to_thread(lotse.runs, "invite", "--role", "staff", **given)
        assert re.fullmatch(LINK, done.out)
        assert re.fullmatch(UNTIL, done.complaint)
        refused = await asyncio.to_thread(
            lotse.runs, "invite", "--role", "staff", **(given | {"LOTSE_TOKEN": "77:a-refused-token-of-tests"})
        )
        assert (refused.code, refused.err.splitlines()[0]) == (0, UNKNOWN)
        assert "refused-token" not in refused.out + refused.err


async def test_the_first_coordinator_comes_by_a_link_made_while_the_bot_runs(lotse, knowledge):
    async with serve(Sandbox(TOKEN), 0) as root, reached(root) as bot:
        given = {"LOTSE_TOKEN": TOKEN, "LOTSE_API_URL": root, "LOTSE_KNOWLEDGE": knowledge.folder}
        process = lotse.starts("run", **given)
        await asyncio.to_thread(process.says, "ready")
        done = await asyncio.to_thread(lotse.runs, "invite", "--role", "coordinator")  # without the token
        payload = re.fullmatch(LINK, done.out)[1]
        told = await bot.asks(f"/start {payload}")
        assert told["text"].startswith("Einladung angenommen")
        assert (await bot.asks("/programme"))["text"] == "Es sind keine Veranstaltungen geplant."
        assert rows(lotse, "SELECT id, role FROM people WHERE role IS NOT NULL") == [(ANNA["id"], "coordinator")]
        await asyncio.to_thread(process.stops)
        assert not any(payload in line for line in process.lines)
    done = lotse.runs("audit", "--json")
    assert [(act["role"], act["person"], act["action"], act["subject"]) for act in json.loads(done.out)] == [
        ("operator", None, "coordinator invited", "invitation 1"),
        ("coordinator", ANNA["id"], "invitation used", "invitation 1"),
    ]


def test_the_audit_as_a_table_as_json_and_since_a_day(lotse, url):
    first, second = 1_795_600_800_000_000, 1_795_600_800_000_000 + 86_400_000_000  # 25 and 26 November 2026, 10:00
    run(url, note, "operator", None, "participants", "session 3", first)
    run(url, note, "coordinator", 4711, "session move", "session 12", second)
    assert lotse.runs("audit").out.splitlines() == [
        "Time (UTC)            Role         Person  Action        Subject",
        "2026-11-25T10:00:00Z  operator             participants  session 3",
        "2026-11-26T10:00:00Z  coordinator    4711  session move  session 12",
    ]
    assert json.loads(lotse.runs("audit", "--json").out) == [
        {"at": "2026-11-25T10:00:00Z", "role": "operator", "person": None, "action": "participants",
         "subject": "session 3"},
        {"at": "2026-11-26T10:00:00Z", "role": "coordinator", "person": 4711, "action": "session move",
         "subject": "session 12"},
    ]  # fmt: skip
    assert [act["person"] for act in json.loads(lotse.runs("audit", "--json", "--since", "2026-11-26").out)] == [4711]
    assert lotse.runs("audit", "--since", "2026-11-27").out == "Nothing was done.\n"
    assert lotse.runs("audit", "--json", "--since", "2026-11-27").out == "[]\n"


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "1999-12-31"])
def test_what_is_no_day_is_refused(lotse, day):
    done = lotse.runs("audit", "--since", day)
    assert (done.code, done.out) == (2, "")
    assert "--since" in done.complaint


def test_the_audit_makes_and_migrates_no_database(lotse):
    done = lotse.runs("audit")
    assert (done.code, done.out) == (1, "")
    assert done.complaint == "lotse: there is no database yet, and so nothing was done; lotse migrate makes one"
    assert list(lotse.folder.iterdir()) == []
    with closing(sqlite3.connect(lotse.folder / "lotse.db")) as database:
        database.executescript(DUMP.read_text("utf-8"))
    before = (lotse.folder / "lotse.db").read_bytes()
    assert lotse.runs("audit").complaint.startswith("lotse: the database is of an older version")
    assert (lotse.folder / "lotse.db").read_bytes() == before
    assert lotse.runs("invite", "--role", "staff").code == 0  # which migrates
    assert len(json.loads(lotse.runs("audit", "--json").out)) == 1
