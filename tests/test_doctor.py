"""What `lotse doctor` finds, and that it changes nothing."""

import pytest

from bot.doctor import examine
from bot.sandbox.server import Sandbox, serve
from bot.settings import Settings

TOKEN = "77:invented-token-for-tests"


@pytest.fixture
def examined(tmp_path, knowledge, monkeypatch):
    """The findings with these settings, as lines, over a small knowledge folder."""
    monkeypatch.chdir(tmp_path)

    async def examine_with(**settings):
        return [str(finding) for finding in await examine(Settings(**{"knowledge": knowledge.folder} | settings))]

    return examine_with


async def test_where_all_is_well(examined, sqlite_ready_url):
    async with serve(Sandbox(TOKEN), 0) as root:
        found = await examined(token=TOKEN, api_url=root, database_url=sqlite_ready_url)
    assert {line.partition(":")[0] for line in found} == {"ok"}
    assert any(line.startswith("ok: Telegram knows this bot as @") for line in found)
    assert "ok: the database is there (sqlite)" in found
    assert TOKEN not in "".join(found)


async def test_a_start_that_has_not_been_made_yet_is_worth_a_note(examined, knowledge, tmp_path):
    (knowledge.folder / "operator.toml").unlink()
    found = await examined()
    assert [line for line in found if line.startswith("note: ")] == [
        "note: operator.toml is missing: the privacy notice cannot name who is responsible",
        "note: there is no database yet; `lotse run` and `lotse migrate` make it",
        "note: LOTSE_TOKEN is missing: `lotse run` needs it, `lotse demo` does not",
    ]
    assert not (tmp_path / "lotse.db").exists()


@pytest.mark.parametrize(
    ("url", "finding"),
    [
        ("postgresql://127.0.0.1:1/x", "wrong: The database postgresql://127.0.0.1:1/x cannot be reached: "),
        ("postgresql://127.0.0.1/x?nonsense=1", "wrong: The database URL is not one that PostgreSQL understands."),
    ],
)
async def test_a_database_that_cannot_be_used_is_wrong(examined, url, finding):
    assert any(line.startswith(finding) for line in await examined(database_url=url))


async def test_a_refused_token_and_an_api_that_is_away_are_wrong(examined):
    async with serve(Sandbox("1:another-token"), 0) as root:
        assert "wrong: LOTSE_TOKEN: Telegram refuses this token" in await examined(token=TOKEN, api_url=root)
    assert "wrong: Telegram is not reached (NetworkError)" in await examined(token=TOKEN, api_url="http://127.0.0.1:1")


async def test_broken_and_missing_knowledge_are_wrong(examined, knowledge, tmp_path):
    await examined()
    knowledge.break_it()
    found = await examined()
    assert found[0].startswith("wrong: answers/broken/de.md:2: ")
    assert found[1].startswith("ok: ")
    missing = tmp_path / "missing"
    assert (await examined(knowledge=missing))[0] == f"wrong: no knowledge folder at {missing}"


def test_the_exit_code_says_whether_something_is_wrong(lotse, knowledge):
    assert lotse.runs("doctor").code == 0
    knowledge.break_it()
    done = lotse.runs("doctor", LOTSE_KNOWLEDGE=knowledge.folder)
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith("wrong: answers/broken/de.md:2: ")
