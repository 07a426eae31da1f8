"""How well and how fast municipalities are recognised, with the shipped gazetteer.

The names are those of Bavaria's municipalities in the gazetteer itself: as they are, misspelt by one error, by their
postcodes, and those of larger towns in other scripts. What the shares of false places count, docs/search.md tells.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from statistics import quantiles

from bot.domain.places import HOME, Place, kilometres
from bot.library.current import current
from bot.library.load import Library
from bot.library.places import NEAREST, Gazetteer
from bot.library.shipped import shipped
from bot.search.find import Vocabulary
from bot.search.places import recognise

SEED = 2026
LARGER = 10_000  # inhabitants of a larger town
SAME = 1.0  # km between two places that are one
SCRIPTS = {"cyrillic": ("\u0400", "\u04ff"), "arabic": ("\u0600", "\u06ff")}
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
MESSAGE = 4096  # characters of the longest message
POSITIONS = 200  # that the nearest place is looked for from


def measure(library: Library | None = None) -> dict[str, float]:
    """Asks a library, the shipped one unless given, for the places of its gazetteer.

    Returns:
        How many `municipalities` there are at home; the shares of them found by `name`, with one typing error in a
        sentence and alone (`typo`, `typo_alone`), by each of their postcodes (`postcode`), and of the larger towns'
        names in other scripts (`cyrillic`, `arabic`); the share of the answers' questions that name a place and
        should not (`false`); how often the nearest place is not that of a look at all of them (`nearest_wrong`);
        milliseconds for a text (`p50`, `p99`, `longest` for a message of the greatest length) and for the nearest
        place (`nearest_p99`); and what the gazetteer takes in memory and on disk in MB (`memory`, `disk`).
        Empty without a gazetteer.
    """
    if library is None:
        library, _ = current(shipped("knowledge"))
    if library.places is None:
        return {}
    gazetteer, seek = library.places, _Seek(library, library.places)
    chance = random.Random(SEED)  # noqa: S311 - not a secret
    home = gazetteer.of_state(HOME)
    figures = {
        "municipalities": float(len(home)),
        "name": seek.share((f"Beratung in {place.name}", place) for place in home),
        "typo": seek.share((f"Beratung in {_misspelt(place.name, chance)}", place) for place in home),
        "typo_alone": seek.share((_misspelt(place.name, chance), place) for place in home),
        "postcode": seek.share((code, place) for place in home for code in gazetteer.postcodes(place.id)),
    }
    larger = [place for place in home if place.population >= LARGER]
    for script, (first, last) in SCRIPTS.items():
        figures[script] = seek.share(
            (name, place) for place in larger for name in gazetteer.written(place.id) if first <= name[0] <= last
        )
    figures["false"] = _false(library, seek)
    figures |= _times(seek) | _nearest(gazetteer, chance)
    if gazetteer.path.exists():  # it is not kept where no cache can be written
        figures |= {"memory": _memory(gazetteer.path), "disk": gazetteer.path.stat().st_size / 1e6}
    return figures


class _Seek:
    """Recognises, and keeps how long each time took, in milliseconds."""

    def __init__(self, library: Library, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._words = Vocabulary(library.index)
        self.times: list[float] = []

    def __call__(self, text: str) -> Sequence[Place]:
        begun = time.perf_counter()
        named = recognise(text, self._gazetteer, self._words)
        self.times.append((time.perf_counter() - begun) * 1000)
        return [place for one in named for place in one.places]

    def share(self, asked: Iterable[tuple[str, Place]]) -> float:
        """How many of the texts name their place, alone or among those that are asked back; 1 where none is asked."""
        found = [any(kilometres(one.where, place.where) < SAME for one in self(text)) for text, place in asked]
        return sum(found) / len(found) if found else 1.0


def _misspelt(name: str, chance: random.Random) -> str:
    """A name with one letter left out, put in, changed or swapped with the next, not the first or last."""
    at = chance.randrange(1, max(2, len(name) - 1))
    letter = chance.choice(ALPHABET)
    swapped = name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :]
    return chance.choice(
        [name[:at] + name[at + 1 :], name[:at] + letter + name[at:], name[:at] + letter + name[at + 1 :], swapped]
    )


def _questions(library: Library) -> Iterator[str]:
    """What answers and actions are asked by; practices are named after their towns."""
    for entry in library.knowledge.entries.values():
        if entry.kind != "practice":
            for text in entry.texts.values():
                yield from (text.title, *text.questions, *text.keywords)


def _false(library: Library, seek: _Seek) -> float:
    asked = [*_questions(library)]
    return sum(bool(seek(text)) for text in asked) / max(1, len(asked))


def _times(seek: _Seek) -> dict[str, float]:
    cuts = quantiles(seek.times, n=100, method="inclusive")
    message = ("Ich wohne in der Nähe von Augsburg und suche Hilfe bei der Wohnungssuche. " * 60)[:MESSAGE]
    return {"p50": cuts[49], "p99": cuts[98], "longest": _least(lambda: seek(message))}


def _nearest(gazetteer: Gazetteer, chance: random.Random) -> dict[str, float]:
    """Against a look at all places, from anywhere in Bavaria."""
    everything = [*gazetteer.around((51.0, 10.5), 1000.0)]
    wrong, times = 0, []
    for _ in range(POSITIONS):
        where = (chance.uniform(47.3, 50.5), chance.uniform(9.0, 13.8))
        begun = time.perf_counter()
        found = gazetteer.nearest(where)
        times.append((time.perf_counter() - begun) * 1000)
        distance, _, place = min((kilometres(where, place.where), place.id, place) for place in everything)
        wrong += found != (place if distance <= NEAREST else None)
    return {"nearest_wrong": wrong / POSITIONS, "nearest_p99": quantiles(times, n=100, method="inclusive")[98]}


def _memory(path: Path) -> float:
    """By how much a process of its own grows when it looks up every municipality at home, in MB (Linux)."""
    command = [sys.executable, "-m", "bot.bench.places", str(path)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603 - our own


def _grown(path: Path) -> float:
    before = _resident()
    gazetteer = Gazetteer(path)
    for place in gazetteer.of_state(HOME):
        recognise(f"Beratung in {place.name}x", gazetteer)
    return _resident() - before


def _resident() -> float:
    """The memory of this process in MB, as Linux tells it."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def _least(work: Callable[[], object], times: int = 5) -> float:
    """The shortest of several tries in milliseconds, to see the work and not what else the machine does."""
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        spent.append((time.perf_counter() - begun) * 1000)
    return min(spent)


if __name__ == "__main__":
    print(_grown(Path(sys.argv[1])))
