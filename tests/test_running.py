"""Lotse as real processes: the demo, polling, the webhook, trouble, and stopping."""

import asyncio
import re
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import psycopg
import pytest
from program import ANNA, free_port, reached

from bot.sandbox.server import Sandbox, serve

TOKEN = "77:invented-token-for-tests"
SECRET = "invented-webhook-secret"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
MISSPELT = "Wo finde ich Hilfe bei der Anerkenung meines Abschlusses?"


@pytest.fixture
async def telegram():
    """A Bot API that knows this one bot."""
    async with serve(Sandbox(TOKEN), 0) as root, reached(root) as bot:
        yield bot


@pytest.fixture
def start(lotse, telegram, knowledge):
    """Starts `lotse run` for this Bot API and returns when it says so."""

    async def run(saying="ready", **settings):
        given = {"LOTSE_TOKEN": TOKEN, "LOTSE_API_URL": telegram.root, "LOTSE_KNOWLEDGE": knowledge.folder} | settings
        process = lotse.starts("run", **given)
        await asyncio.to_thread(process.says, saying)
        return process

    return run


async def says(process, pattern, times=1):
    return await asyncio.to_thread(process.says, pattern, times=times)


async def stops(process, by=signal.SIGTERM):
    return await asyncio.to_thread(process.stops, by)


async def get(http, url, **more):
    async with http.get(url, **more) as answer:
        return answer.status, await answer.text()


def warnings(process):
    return [line for line in process.lines if line.startswith("WARNING")]


async def healthy(process, bot):
    """Waits until the demo is ready; the shipped knowledge may have to be compiled first."""
    await asyncio.to_thread(process.says, "^INFO ready$", 100)
    assert await get(bot.http, f"{bot.root}/healthz") == (200, "ready\n")


def shown(message):
    """What a message says and where its buttons lead."""
    return message["text"], [button.get("data") for row in message["buttons"] for button in row]


async def test_the_demo_answers_and_stops(lotse):
    port = free_port()
    del lotse.settings["LOTSE_KNOWLEDGE"]
    for leftover in ("lotse-demo.db", "lotse-demo.db-wal"):
        (lotse.folder / leftover).write_text("not a database")
    elsewhere = {
        "LOTSE_DATABASE_URL": "nonsense",
        "LOTSE_TOKEN_FILE": "missing",
        "LOTSE_WEBHOOK_URL": "https://x.example",
    }
    process = lotse.starts("demo", "--port", port, "--fresh", **elsewhere)
    await says(process, rf"Lotse is at http://127\.0\.0\.1:{port}/ \(stop with Ctrl-C\)")
    async with reached(f"http://127.0.0.1:{port}") as bot:
        await healthy(process, bot)
        text, buttons = shown(await bot.asks(MISSPELT))
        assert (await get(bot.http, f"{bot.root}/"))[0] == 200
    assert re.search(r"(?m)^Quelle: .", text)
    assert re.search(r"(?m)^(Geprüft am|Stand der Quelle:) .*\b20\d\d\b", text)
    assert any(data and data.startswith("contact:") for data in buttons)
    assert (lotse.folder / "lotse-demo.db").read_bytes().startswith(b"SQLite format 3\0")
    assert await stops(process) == 0
    assert not re.search("Traceback|Anerkenung|Musterfrau", "\n".join(process.lines))


async def test_the_demo_ends_at_ctrl_c_and_keeps_its_database(lotse):
    port = free_port()
    process = lotse.starts("demo", "--port", port)
    async with reached(f"http://127.0.0.1:{port}") as bot:
        await says(process, "Lotse is at")
        await healthy(process, bot)
        await bot.asks("/language")
        programme = await bot.asks("/programme", {"id": 1002, "first_name": "Kemal", "language_code": "de"})
    assert await stops(process, signal.SIGINT) in {0, 130}
    assert "Traceback" not in "\n".join(process.lines)
    assert programme["text"].startswith("Programm\n\n1. Auftakt")
    with closing(sqlite3.connect(lotse.folder / "lotse-demo.db")) as connection:
        assert connection.execute("SELECT COUNT(*) FROM inbox WHERE state = 'done'").fetchone() == (2,)


async def test_the_sandbox_and_a_polling_bot_are_two_processes(lotse):
    port = free_port()
    sandbox = lotse.starts("sandbox", "--port", port)
    await says(sandbox, rf"\(LOTSE_API_URL=http://127\.0\.0\.1:{port}\)")
    process = lotse.starts("run", LOTSE_TOKEN=TOKEN, LOTSE_API_URL=f"http://127.0.0.1:{port}", LOTSE_LOG="debug")
    await says(process, "ready")
    async with reached(f"http://127.0.0.1:{port}") as bot:
        text, buttons = shown(await bot.asks(MISSPELT))
    assert text.startswith("Abschluss anerkennen\n")
    assert "contact:recognition-advice" in buttons
    assert await stops(process) == 0
    assert await stops(sandbox) == 0
    for one in (process, sandbox):
        assert not re.search("Traceback|Anerkenung|Musterfrau|invented-token", "\n".join(one.lines))
    assert not (lotse.folder / "lotse-demo.db").exists()


async def test_a_webhook_with_its_listener(start, telegram):
    port = free_port()
    root = f"http://127.0.0.1:{port}"
    listening = {
        "LOTSE_WEBHOOK_URL": f"{root}/some/path",
        "LOTSE_WEBHOOK_SECRET": SECRET,
        "LOTSE_LISTEN": f"127.0.0.1:{port}",
    }
    process = await start(**listening)
    assert (await telegram.asks(MISSPELT))["text"].startswith("Abschluss anerkennen\n")
    assert await get(telegram.http, f"{root}/healthz") == (200, "alive\n")
    assert await get(telegram.http, f"{root}/readyz") == (200, "ready\n")
    metrics = (await get(telegram.http, f"{root}/metrics"))[1]
    assert re.search(r'(?m)^lotse_\w+\{.*outcome="answer".*\} 1\.0$', metrics)
    assert not re.search("Anerkenung|Musterfrau|4711001", metrics)
    for given, status in (("{}", 400), ("no JSON", 400), (None, 403)):
        headers = {HEADER: SECRET} if given else {}
        async with telegram.http.post(f"{root}/some/path", data=given, headers=headers) as answer:
            assert answer.status == status
    assert (await get(telegram.http, f"{root}/some/path"))[0] == 405
    assert (await get(telegram.http, f"{root}/"))[0] == 404
    assert await stops(process) == 0
    info = await telegram.call("GET", f"/bot{TOKEN}/getWebhookInfo")
    assert info["result"]["url"] == listening["LOTSE_WEBHOOK_URL"]
    assert not re.search("Traceback|Anerkenung|Musterfrau|invented", "\n".join(process.lines))


def wait_until_handled(url):
    """Returns when the one update is marked as done; each look is a round trip."""
    with psycopg.connect(url, autocommit=True) as connection:
        while not connection.execute("SELECT 1 FROM inbox WHERE state = 'done'").fetchone():
            pass


@pytest.mark.postgres
async def test_a_database_that_goes_away_while_it_runs(start, telegram, postgres_url):
    port = free_port()
    root = f"http://127.0.0.1:{port}"
    process = await start(
        LOTSE_DATABASE_URL=postgres_url,
        LOTSE_WEBHOOK_URL=f"{root}/hook",
        LOTSE_WEBHOOK_SECRET=SECRET,
        LOTSE_LISTEN=f"127.0.0.1:{port}",
    )
    await telegram.asks(MISSPELT)
    await asyncio.to_thread(wait_until_handled, postgres_url)
    name = urlsplit(postgres_url).path[1:]
    with psycopg.connect(postgres_url.replace(f"/{name}?", "/postgres?"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    async with telegram.http.post(f"{root}/hook", json={"update_id": 7}, headers={HEADER: SECRET}) as answer:
        assert answer.status == 503
    assert await get(telegram.http, f"{root}/readyz") == (503, "not ready\n")
    assert await get(telegram.http, f"{root}/healthz") == (200, "alive\n")
    await says(process, "^WARNING The database")
    assert await stops(process) == 0
    assert "Traceback" not in "\n".join(process.lines)


async def test_telegram_that_is_not_reached_is_one_warning_and_no_reason_to_end(start):
    port = free_port()
    process = await start("^WARNING Telegram", LOTSE_API_URL="http://127.0.0.1:1", LOTSE_LISTEN=f"127.0.0.1:{port}")
    async with aiohttp.ClientSession() as http:
        assert await get(http, f"http://127.0.0.1:{port}/readyz") == (200, "ready\n")
    assert process.process.poll() is None
    assert await stops(process) == 0
    assert [line for line in process.lines if "Telegram" in line] == [
        "WARNING Telegram is not reached (no connection (ClientConnectorError)); trying again with growing pauses"
    ]
    assert "Traceback" not in "\n".join(process.lines)


async def test_telegram_that_comes_late_is_waited_for(start, telegram):
    await telegram.fault(method="getMe", status=502, times=2)
    process = await start()
    assert (await telegram.asks(MISSPELT))["text"].startswith("Abschluss anerkennen\n")
    assert await stops(process) == 0
    assert len([line for line in warnings(process) if "Telegram" in line]) == 1


async def test_a_second_poller_is_one_warning_and_tried_again(start, telegram):
    await telegram.fault(method="getUpdates", status=409, times=2)
    process = await start("^WARNING another process polls for the same bot")
    assert (await telegram.asks(MISSPELT))["text"].startswith("Abschluss anerkennen\n")
    await says(process, "^WARNING updates come again")
    assert await stops(process) == 0
    assert len([line for line in process.lines if "another process polls" in line]) == 1


async def test_knowledge_that_changes_is_taken_up_and_a_broken_change_is_not(start, telegram, knowledge):
    process = await start(LOTSE_LOG_FORMAT="json")
    path = knowledge.folder / "answers/recognition/de.md"
    good = path.read_text("utf-8")
    knowledge.write(
        "answers/recognition/de.md", good.replace("Die Beratung ist kostenlos.", "Die Beratung kostet nichts.")
    )
    await says(process, "the knowledge was reloaded")
    assert "kostet nichts" in (await telegram.asks(MISSPELT))["text"]
    knowledge.break_it()
    await says(process, '"message": "the changed knowledge has errors; the version from before stays in place"')
    assert any('"message": "answers/broken/de.md:2: ' in line for line in process.lines)
    assert "kostet nichts" in (await telegram.asks(MISSPELT))["text"]
    knowledge.write("answers/broken/de.md", '+++\ntitle = "Repariert"\n+++\nEs geht wieder.\n')
    await says(process, "the knowledge was reloaded", times=2)
    knowledge.folder.rename(knowledge.folder.with_name("moved"))
    await says(process, f'"message": "no knowledge folder at {knowledge.folder}')
    assert "kostet nichts" in (await telegram.asks(MISSPELT))["text"]
    assert await stops(process) == 0
    assert "Traceback" not in "\n".join(process.lines)


async def test_a_good_library_of_before_answers_after_a_start_with_errors(start, telegram, knowledge):
    first = await start()
    assert await stops(first) == 0
    knowledge.break_it()
    second = await start()
    assert (await telegram.asks(MISSPELT))["text"].startswith("Abschluss anerkennen\n")
    assert await stops(second) == 0
    assert any(line.startswith("WARNING answers/broken/de.md:2: ") for line in second.lines)
    assert "WARNING the knowledge has errors; answering from the last good version" in second.lines


async def test_after_delete_nothing_of_the_person_is_left_in_the_files(start, telegram, lotse):
    process = await start()
    await telegram.presses(await telegram.asks("/language"), "lang:en")
    messages = await telegram.presses(await telegram.asks("/delete"), "confirm:")
    assert messages[-1]["text"].startswith("Your data is deleted.\n")
    assert await stops(process) == 0
    kept = {path.name: path.read_bytes() for path in lotse.folder.glob("lotse.db*")}
    traces = (ANNA["id"].to_bytes(4, "big"), str(ANNA["id"]).encode(), ANNA["first_name"].encode())
    assert {name for name, content in kept.items() if any(trace in content for trace in traces)} == set()
    assert re.fullmatch(rb"20\d\d-\d\d-\d\d [0-9a-f]{64}\n", kept["lotse.db.erased"])


async def test_a_stop_before_it_serves_is_clean(lotse, knowledge):
    process = lotse.starts(
        "run", LOTSE_TOKEN=TOKEN, LOTSE_KNOWLEDGE=knowledge.folder, LOTSE_API_URL="http://127.0.0.1:1"
    )
    status = Path(f"/proc/{process.process.pid}/status")

    def handles_sigterm():
        caught = re.search(r"^SigCgt:\s+(\w+)$", status.read_text("ascii"), re.MULTILINE)[1]
        return int(caught, 16) >> (signal.SIGTERM - 1) & 1

    async with asyncio.timeout(60):
        while not handles_sigterm():
            await asyncio.to_thread(handles_sigterm)
    assert await stops(process) == 0
    assert process.lines == []
