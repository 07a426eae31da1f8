"""Which measurements there are, and running them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from importlib import import_module

# Each name is a module here with `measure() -> dict[str, float]`; its docstring says what the figures mean.
BENCHES = ("broadcast", "places", "questions", "search", "sessions", "store", "updates")


def measure(names: Sequence[str], *, as_json: bool) -> None:
    """Runs measurements one after the other and prints their figures."""
    figures: dict[str, dict[str, float]] = {}
    for name in names:
        work: Callable[[], dict[str, float]] = import_module(f"bot.bench.{name}").measure
        figures[name] = work()
        if not as_json:
            for figure, value in figures[name].items():
                print(f"{name:9} {figure:52} {value:10.3f}", flush=True)
    if as_json:
        print(json.dumps(figures, indent=2))
