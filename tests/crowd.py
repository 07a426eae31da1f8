"""Processes that do at once what a test tells them, on one database; what they can do is in services/racer.py."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).parent / "services/racer.py"
PROCESSES = 8
Orders = Sequence[Sequence[Any]]


class Crowd:
    """Processes that do at once what they are told."""

    def __init__(self, processes: Sequence[subprocess.Popen[str]]) -> None:
        self._processes = processes

    def at_once(self, orders: Orders) -> Counter[str]:
        """Every process gets its share of the orders; counts what came of them."""
        self.start(orders)
        return self.outcomes()

    def start(self, orders: Orders) -> None:
        """Every process begins with its share of the orders."""
        for number, process in enumerate(self._processes):
            process.stdin.write(json.dumps(orders[number :: len(self._processes)]) + "\n")
            process.stdin.flush()

    def outcomes(self) -> Counter[str]:
        """Waits for all; counts what came of the orders."""
        return Counter(name for process in self._processes for name in json.loads(process.stdout.readline()))


@contextmanager
def racing(url: str) -> Iterator[Crowd]:
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    with ExitStack() as running:
        processes = [
            running.enter_context(
                subprocess.Popen(
                    [sys.executable, str(SCRIPT), url],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    env={**os.environ, "PYTHONPATH": path},
                )
            )
            for _ in range(PROCESSES)
        ]
        crowd = Crowd(processes)
        crowd.at_once([])  # all of them are there
        yield crowd
        for process in processes:
            process.stdin.close()
        assert [process.wait(60) for process in processes] == [0] * PROCESSES
