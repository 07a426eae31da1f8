"""Updates answered per CPU second: Lotse against echo bots, each in a process of its own, one after the other.

Lotse answers real questions out of the shipped knowledge with its inbox on disk; the echo bots send back what came.
`ratio to echo, same transport` has python-telegram-bot's Application on our transport, `own transport` on its own.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.bench.stub import Stub, serving
from bot.library.current import current
from bot.library.shipped import shipped

WARM_UP, COUNTED = 300, 3000
PEOPLE = 500
TICKS = os.sysconf("SC_CLK_TCK")


def measure() -> dict[str, float]:
    """The figures, by name; see above."""
    return asyncio.run(_measure())


async def _measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        lotse, memory = await _answered_per_second([sys.executable, "-m", "bot", "run"], Path(folder))
        same, _ = await _answered_per_second([sys.executable, "-m", "bot.bench.echo", "{root}", "ours"], Path(folder))
        own, _ = await _answered_per_second([sys.executable, "-m", "bot.bench.echo", "{root}", "own"], Path(folder))
    return {
        "answered per CPU second": lotse,
        "echo, same transport, per CPU second": same,
        "echo, its own transport, per CPU second": own,
        "ratio to echo, same transport": lotse / same,
        "ratio to echo, own transport": lotse / own,
        "memory of Lotse, MB": memory,
    }


async def _answered_per_second(command: Sequence[str], folder: Path) -> tuple[float, float]:
    stub = Stub()
    async with serving(stub) as root:
        process = await asyncio.create_subprocess_exec(
            *(part.format(root=root) for part in command),
            env={
                **os.environ,
                "LOTSE_API_URL": root,
                "LOTSE_TOKEN": "1:bench-bench-bench-bench-bench-bench",
                "LOTSE_DATABASE_URL": f"sqlite:///{folder}/bench.db",
                "LOTSE_LOG": "error",
            },
        )
        try:
            stub.release(questions(1, WARM_UP))
            await stub.replied.wait()
            before = _cpu_seconds(process.pid)
            stub.release(questions(1 + WARM_UP, COUNTED))
            await stub.replied.wait()
            spent = _cpu_seconds(process.pid) - before
            memory = peak_memory(process.pid)
        finally:
            process.terminate()
            await process.wait()
    return COUNTED / spent, memory


def questions(first: int, number: int) -> list[dict[str, Any]]:
    """Questions out of the shipped knowledge, from many people."""
    library, _ = current(shipped("knowledge"))
    entries = [entry for entry in library.knowledge.entries.values() if entry.kind == "answer" and not entry.urgent]
    questions = [question for entry in entries for question in entry.texts["de"].questions]
    return [_update(k, questions[k % len(questions)]) for k in range(first, first + number)]


def _update(number: int, text: str) -> dict[str, Any]:
    person = 1000 + number % PEOPLE
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": 1_700_000_000 + number,
            "chat": {"id": person, "type": "private", "first_name": "A"},
            "from": {"id": person, "is_bot": False, "first_name": "A", "language_code": "de"},
            "text": text,
        },
    }


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def peak_memory(pid: int) -> float:
    """The most memory that a running process has had, in MB."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024
