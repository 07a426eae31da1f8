"""The official register in the database: loaded, replaced, and seen by a running bot."""

import pytest

from bot.domain.register import Municipality
from bot.services.register import Counted, loaded, loaded_since, register, replace_register

NOW = 1_800_000_000_000_000
TOWN = Municipality("09998000", "Musterstadt", "Kreisfreie Stadt", "Musterstadt", rural=False, where=(48.123457, 11.1))
VILLAGE = Municipality("09999111", "Größe: \"'\\ 村", "Gemeinde", "Musterland", rural=True, where=None)
HAMLET = Municipality("09999112", "Musterdorf", "", "Musterland", rural=True, where=(54.9, 8.300001))


async def load(database, *municipalities, now=NOW):
    return await database.write(replace_register, municipalities, now)


async def test_nothing_was_loaded(database):
    assert await database.read(register) == []
    assert await database.read(loaded) == 0
    assert await database.read(loaded_since, 0) is None


async def test_loading_twice_changes_nothing(database):
    assert await load(database, VILLAGE, TOWN) == Counted(new=2, changed=0, unchanged=0, gone=0)
    assert await load(database, TOWN, VILLAGE, now=NOW + 1) == Counted(new=0, changed=0, unchanged=2, gone=0)
    assert await database.read(register) == [TOWN, VILLAGE]
    assert await database.read(loaded) == NOW


async def test_another_register_takes_the_place_of_the_one_before(database):
    await load(database, TOWN, VILLAGE)
    renamed = Municipality(TOWN.key, "Neumusterstadt", TOWN.type, TOWN.district, TOWN.rural, TOWN.where)
    assert await load(database, renamed, HAMLET, now=NOW + 1) == Counted(new=1, changed=1, unchanged=0, gone=1)
    assert await database.read(register) == [renamed, HAMLET]


async def test_whoever_knows_when_it_was_loaded_gets_it_only_when_it_is_another(database):
    await load(database, TOWN)
    assert await database.read(loaded_since, 0) == (NOW, [TOWN])
    assert await database.read(loaded_since, NOW) is None


@pytest.mark.parametrize("later", [0, -5_000_000])
async def test_a_clock_that_stands_or_was_put_back_hides_no_change(database, later):
    await load(database, TOWN)
    await load(database, VILLAGE, now=NOW + later)
    assert await database.read(loaded_since, NOW) == (NOW + 1, [VILLAGE])


async def test_positions_come_back_as_they_were(database):
    places = [(round(47 + n / 700_001, 6), round(5 + n / 300_001, 6)) for n in range(2_000)]
    many = [Municipality(f"0999{n:04}", "M", "", "D", rural=False, where=where) for n, where in enumerate(places)]
    await load(database, *many)
    assert await database.read(register) == many
