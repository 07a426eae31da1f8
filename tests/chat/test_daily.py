"""What is forgotten once a day."""

from __future__ import annotations

from bot import app
from bot.store.tx import Tx


def broken(_tx: Tx, _now: int) -> None:
    raise RuntimeError("a mistake in one step")


async def test_a_step_that_fails_keeps_no_other_from_forgetting(town, monkeypatch, caplog):
    anna = town.person("Anna")
    await anna.forges(1, "lang:uk")  # so that she is known
    assert town.select("SELECT id, language FROM people") == [(anna.id, "uk")]
    monkeypatch.setattr(app, "sweep_drafts", broken)
    town.passes(days=200)
    await app._daily(town.running)
    assert town.select("SELECT id FROM people") == []
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "what is not needed any more could not all be forgotten"
    ]
