"""What people can get wrong: one clear line on stderr, the right exit code, never a traceback."""

import asyncio
import re
import socket
import sqlite3
from contextlib import closing

import psycopg
import pytest

from bot.domain.languages import LANGUAGES
from bot.sandbox.server import Sandbox, serve
from bot.store.schema import schema_state
from bot.version import __version__

TOKEN = "77:invented-token-for-tests"
ALL = ", ".join(LANGUAGES)
NOWHERE = "postgresql://127.0.0.1:1/x"


def complaint_of(done, code):
    """The one line, after looking at everything else."""
    assert done.code == code, done
    assert done.out == ""
    assert TOKEN not in done.err
    assert "Traceback" not in done.err
    return done.complaint


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["nonsense"], "lotse: No such command 'nonsense'."),
        (["--nonsense"], "lotse: No such option: --nonsense"),
        (["run", "--nonsense"], "lotse: No such option: --nonsense"),
        (["ask", "--language"], "lotse: Option '--language' requires an argument."),
        (["ask", "one", "two"], "lotse: Got unexpected extra argument(s) (two)"),
        (["demo", "--port", "x"], "lotse: Invalid value for '--port': "),
        (["demo", "--port", "65536"], "lotse: Invalid value for '--port': "),
        (["bench", "nonsense"], "lotse: there is no measurement nonsense; there are "),
    ],
)
def test_usage_errors(lotse, arguments, complaint):
    assert complaint_of(lotse.runs(*arguments), 2).startswith(complaint)


def test_without_a_command_the_help_is_shown(lotse):
    done = lotse.runs()
    assert (done.code, done.err) == (2, "")
    assert re.search(r"\bdemo\b.*\bmigrate\b", done.out, re.DOTALL)


def test_help_and_version(lotse):
    assert lotse.runs("--version").out == f"lotse {__version__}\n"
    assert lotse.runs("run", "--help").code == 0


@pytest.mark.parametrize(
    ("command", "settings", "complaint"),
    [
        ("run", {}, "LOTSE_TOKEN is missing: the bot's token, as @BotFather gave it"),
        ("run", {"LOTSE_TOKEN": f"{TOKEN} "}, "LOTSE_TOKEN is not a bot token (digits, a colon, letters and digits)"),
        ("run", {"LOTSE_TOKEN_FILE": "missing"}, "LOTSE_TOKEN_FILE: the file missing cannot be read"),
        ("run", {"LOTSE_WEBHOOK_URL": "https://x.test"}, "LOTSE_WEBHOOK_SECRET is missing: a webhook needs a secret"),
        ("ask", {"LOTSE_API_URL": "nonsense"}, "LOTSE_API_URL is not an http or https address"),
        ("check", {"LOTSE_TIMEZONE": "Musterstadt"}, "LOTSE_TIMEZONE is not a time zone: Musterstadt"),
        ("doctor", {"LOTSE_LISTEN": "127.0.0.1:70000"}, "LOTSE_LISTEN is not HOST:PORT: 127.0.0.1:70000"),
        ("sandbox", {"LOTSE_LOG_FORMAT": "xml"}, "LOTSE_LOG_FORMAT is not right: Input should be 'text' or 'json'"),
        (
            "demo",
            {"LOTSE_WEBHOOK_URL": "x", "LOTSE_DEFAULT_LANGUAGE": "xx"},
            f"LOTSE_DEFAULT_LANGUAGE is not one of {ALL}: xx",
        ),
        (
            "migrate",
            {"LOTSE_DATABASE_URL": "x"},
            "LOTSE_DATABASE_URL is neither sqlite:///FILE nor postgresql://USER@HOST/NAME",
        ),
        (
            "migrate",
            {"LOTSE_DATABASE_URL": "postgresql://localhost/x?nonsense=1"},
            "LOTSE_DATABASE_URL: The database URL is not one that PostgreSQL understands.",
        ),
    ],
)
def test_settings_that_cannot_be_used(lotse, command, settings, complaint):
    assert complaint_of(lotse.runs(command, **settings), 2) == f"lotse: {complaint}"


@pytest.mark.parametrize("command", ["run", "ask", "check"])
def test_a_missing_knowledge_folder(lotse, command):
    done = lotse.runs(command, LOTSE_TOKEN=TOKEN, LOTSE_KNOWLEDGE="missing")
    assert complaint_of(done, 2).startswith("lotse: no knowledge folder at missing")


async def test_a_token_that_telegram_refuses(lotse):
    async with serve(Sandbox("1:another-token"), 0) as root:
        done = await asyncio.to_thread(lotse.runs, "run", LOTSE_TOKEN=TOKEN, LOTSE_API_URL=root, LOTSE_LOG="error")
    assert complaint_of(done, 2) == "lotse: LOTSE_TOKEN: Telegram refuses this token"


@pytest.mark.parametrize("command", ["run", "ask"])
def test_knowledge_with_errors_and_no_good_one_from_before(lotse, knowledge, command):
    knowledge.break_it()
    knowledge.write("answers/broken/en.md", "no front matter")
    done = lotse.runs(command, LOTSE_TOKEN=TOKEN, LOTSE_KNOWLEDGE=knowledge.folder)
    complaint = complaint_of(done, 1)
    assert re.fullmatch(r"lotse: answers/broken/de\.md:2: .+ \(and 1 more; see lotse check\)", complaint)


def test_check_shows_every_error_with_its_line_and_fails(lotse, knowledge):
    assert lotse.runs("check", "--knowledge", knowledge.folder).code == 0
    knowledge.break_it()
    knowledge.write("contacts/broken.toml", 'name = "Amt"\nhours = "never"\n')
    done = lotse.runs("check", LOTSE_KNOWLEDGE=knowledge.folder)
    assert (done.code, done.err) == (1, "")
    *problems, total = done.out.splitlines()
    errors = [line for line in problems if not re.match(r"\S+:\d+: warning: ", line)]
    assert all(re.match(r"[\w./-]+:\d+: \S", line) for line in problems)
    assert [line.partition(": ")[0] for line in errors] == ["answers/broken/de.md:2", "contacts/broken.toml:2"]
    assert total == f"2 errors, {len(problems) - 2} warnings"


def not_a_database(path):
    path.write_text("This is no database, but a text that is long enough to be looked at. " * 20)


def newer(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
        connection.commit()


@pytest.mark.parametrize(
    ("command", "url", "make", "complaint"),
    [
        ("migrate", NOWHERE, None, rf"The database {NOWHERE} cannot be reached: .*Connection refused"),
        ("run", NOWHERE, None, rf"The database {NOWHERE} cannot be reached: .*Connection refused"),
        ("migrate", "sqlite:///missing/lotse.db", None, r"The database \S+/missing/lotse\.db cannot be used: "),
        ("migrate", "sqlite:///lotse.db", "mkdir", r"The database \S+/lotse\.db is a folder\."),
        ("migrate", "sqlite:///lotse.db", not_a_database, r"The file \S+/lotse\.db is not a database\."),
        ("run", "sqlite:///lotse.db", newer, r"The database \S+/lotse\.db was written by a newer version of Lotse"),
    ],
    ids=["unreachable", "unreachable at the start", "unwritable", "folder", "not a database", "newer"],
)
def test_databases_that_cannot_be_used(lotse, command, url, make, complaint):
    path = lotse.folder / "lotse.db"
    if make == "mkdir":
        path.mkdir()
    elif make:
        make(path)
    done = lotse.runs(command, LOTSE_TOKEN=TOKEN, LOTSE_DATABASE_URL=url)
    assert re.match(f"lotse: {complaint}", complaint_of(done, 1))


@pytest.mark.parametrize("command", ["demo", "sandbox", "run"])
def test_a_port_that_is_taken(lotse, command):
    database = lotse.folder / "lotse-demo.db"
    database.write_text("of another demo that runs at this port")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        options = [] if command == "run" else ["--port", port]
        options += ["--fresh"] if command == "demo" else []
        done = lotse.runs(command, *options, LOTSE_TOKEN=TOKEN, LOTSE_LISTEN=f"127.0.0.1:{port}", LOTSE_LOG="error",
                          LOTSE_API_URL="http://127.0.0.1:1")  # fmt: skip
    assert re.search(rf"'127\.0\.0\.1', {port}\): address already in use", complaint_of(done, 1))
    assert database.exists()


def test_migrating_twice_and_two_at_once(lotse, empty_url):
    both = [lotse.starts("migrate", LOTSE_DATABASE_URL=empty_url) for _ in range(2)]
    assert [one.process.wait(60) for one in both] == [0, 0]
    assert schema_state(empty_url) == "current"
    done = lotse.runs("migrate", LOTSE_DATABASE_URL=empty_url)
    assert (done.code, done.out, done.err) == (0, "", "")


@pytest.mark.postgres
def test_a_newer_schema_on_postgresql(lotse, postgres_ready_url):
    with psycopg.connect(postgres_ready_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    done = lotse.runs("migrate", LOTSE_DATABASE_URL=postgres_ready_url)
    assert "was written by a newer version of Lotse" in complaint_of(done, 1)
