"""Editors who add entries to the knowledge of a town, which takes them up as it does while it runs."""

from __future__ import annotations

import shutil
from pathlib import Path

from town import SMALL, Town

from bot.chat import ticks
from bot.library.current import current

NEWS = Path(__file__).parent.parent / "folders" / "news"


async def publish(town: Town, *entries: str) -> None:
    """Adds entries of tests/folders/news, such as "practices/volunteers", to what there is; they are noticed."""
    house = town.running.house
    folder = Path(house.database.path or "").parent / "knowledge"
    if not folder.exists():
        shutil.copytree(SMALL, folder)
    for entry in entries:
        shutil.copytree(NEWS / entry, folder / entry)
    await _reload(town, folder)


async def withdraw(town: Town, *entries: str) -> None:
    """Takes entries away again."""
    folder = Path(town.running.house.database.path or "").parent / "knowledge"
    for entry in entries:
        shutil.rmtree(folder / entry)
    await _reload(town, folder)


async def _reload(town: Town, folder: Path) -> None:
    await ticks.learn(town.running.house)
    library, problems = current(folder)
    assert not problems
    town.running.house.take(library)
    await ticks.learn(town.running.house)
