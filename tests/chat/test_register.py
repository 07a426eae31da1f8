"""A running bot takes up the official register of municipalities, and keeps it when the knowledge is reloaded."""

from __future__ import annotations

import shutil

import pytest
from town import SMALL, town_of

from bot import app
from bot.chat import ticks
from bot.domain.register import Municipality
from bot.services.register import replace_register

GERSTHOFEN = Municipality("09999111", "Gersthofen", "Stadt", "Musterland", rural=True, where=(48.42, 10.87))
NOWHERE = Municipality("09999112", "Musterdorf am Beispielbach", "Markt", "Musterland", rural=True, where=(48.5, 11.5))


@pytest.fixture
async def place(tmp_path, sqlite_ready_url):
    """The bot over a folder that may be changed."""
    async with town_of(shutil.copytree(SMALL, tmp_path / "small"), sqlite_ready_url) as built:
        yield built


async def load(town, *municipalities):
    """Somebody loads a register, as `lotse places import` does."""
    now = int(town.now.timestamp() * 1_000_000)
    await town.running.house.database.write(replace_register, municipalities, now)


def district(town):
    """The district of Gersthofen, as the bot knows it."""
    atlas = town.running.house.atlas
    (number,) = atlas.gazetteer.named(["gersthofen"])["gersthofen"]
    return atlas.place(number).district


async def test_a_register_is_taken_up_and_replaced(town):
    assert district(town) == ""
    await load(town, GERSTHOFEN, NOWHERE)
    await ticks.survey(town.running.house)
    assert district(town) == "Musterland"
    assert len(town.running.house.atlas.register) == 1
    await load(town, NOWHERE)
    await ticks.survey(town.running.house)
    assert district(town) == ""


async def test_it_is_there_at_the_start(sqlite_ready_url, town):
    await load(town, GERSTHOFEN)
    async with town_of(SMALL, sqlite_ready_url) as another:
        assert district(another) == "Musterland"


async def test_nothing_is_done_where_no_other_was_loaded(town):
    await load(town, GERSTHOFEN)
    await ticks.survey(town.running.house)
    before = town.running.house.atlas
    await ticks.survey(town.running.house)
    assert town.running.house.atlas is before


async def test_reloaded_knowledge_keeps_it(place):
    await load(place, GERSTHOFEN)
    await ticks.survey(place.running.house)
    before = place.running.house.atlas
    (place.running.folder / "contacts/new.toml").write_text('name = "Neues Amt"\narea = ["Gersthofen"]\n', "utf-8")
    await app._reload(place.running)
    assert "new" in place.running.house.atlas.knowledge.contacts
    assert district(place) == "Musterland"
    await ticks.survey(place.running.house)
    assert place.running.house.atlas is not before
    assert district(place) == "Musterland"


async def test_knowledge_reloaded_meanwhile_is_not_undone(town, monkeypatch):
    await load(town, GERSTHOFEN)
    house = town.running.house
    with_register = type(house.atlas).with_register

    def slowly(atlas, municipalities):
        house.take(house.library)
        return with_register(atlas, municipalities)

    monkeypatch.setattr(type(house.atlas), "with_register", slowly)
    await ticks.survey(house)
    assert district(town) == ""
    monkeypatch.undo()
    await ticks.survey(house)
    assert district(town) == "Musterland"


def test_it_is_looked_for_often_enough(town):
    (seconds,) = [every for every, work in app._ticks(town.running) if getattr(work, "func", None) is ticks.survey]
    assert seconds < 5
