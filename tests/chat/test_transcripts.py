"""Whole dialogues, asserted to the letter: tests/transcripts/*.txt.

A file holds what people do ("Anna (de): text", "Anna presses: label", "Anna edits: text", …) and below it what is new
for them; "Anna sees:" shows the whole chat, "Anna gets:" what was sent to her unasked since, and "Anna forges: data"
presses what no button has; "Anna joins: Cora" opens the newest invitation in Cora's chat. "It is: 2026-11-25 20:30"
sets the clock in Germany, "Programme: autumn.csv" fills the programme, "Moved: 1 to 2026-12-08 14:00" and
"Cancelled: 1" change a session by its number; "Published: answers/library-card" adds an entry to the knowledge.
With LOTSE_TRANSCRIPTS=write the files are written anew, to be read before they are committed.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import editors
import programmes
import pytest

FILES = sorted((Path(__file__).parent.parent / "transcripts").glob("*.txt"))
DEED = re.compile(r"^(\w+)(?: \(([\w-]*)\))?(?: (presses|replies|edits|shares|sends|sees|gets|forges|joins))?: ?(.*)$")
INVITATION = re.compile("invite_[0-9a-f]{32}")


def deeds(text: str) -> list[tuple[str, list[str]]]:
    """What people do, each with the lines that they see; comments and blank lines between belong to nothing."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("    ") and found:
            found[-1][1].append(line[4:])
        elif line.startswith("> "):
            found.append((line[2:], []))
    return found


async def join(person, of):
    seen = "\n".join(await person.town.person(of).shows())
    return await person.says(f"/start {INVITATION.findall(seen)[-1]}")


async def forge(person, data):
    return await person.forges((await person.last())["message_id"], data)


VERBS = {
    None: lambda person, what: person.says(what),
    "presses": lambda person, what: person.presses(what),
    "edits": lambda person, what: person.says(what, edited=True),
    "shares": lambda person, what: person.does(location=[float(part) for part in what.split(",")]),
    "sends": lambda person, what: person.does(**{what: True}),
    "replies": lambda person, what: person.replies(what),
    "sees": lambda person, _: person.shows(),
    "gets": lambda person, _: person.gets(),
    "forges": forge,
    "joins": join,
}


async def plan(town, what):
    await programmes.plan(town, what)


async def move(town, what):
    session, starts = what.split(" to ")
    await programmes.move(town, int(session), starts)


async def cancel(town, what):
    await programmes.cancel(town, int(what))


async def publish(town, what):
    await editors.publish(town, *what.split())


async def coordinate(town, name):
    town.running.house.coordinators |= {town.person(name).id}


CHANGES = {
    "Programme": plan,
    "Moved": move,
    "Cancelled": cancel,
    "Published": publish,
    "Coordinator": coordinate,
}


async def do(town, deed):
    if deed.startswith("It is: "):
        town.now = datetime.fromisoformat(deed[7:]).replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
        return []
    change, _, of = deed.partition(": ")
    if change in CHANGES:
        await CHANGES[change](town, of)
        return []
    match = DEED.match(deed)
    assert match, f"not understood: {deed}"
    name, code, verb, what = match.groups()
    seen = await VERBS[verb](town.person(name, code if code is not None else "de"), what)
    return [INVITATION.sub("invite_TOKEN", line) for line in seen]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_the_dialogue_goes_as_written(town, path):
    text = path.read_text("utf-8")
    happened = [(deed, await do(town, deed)) for deed, _ in deeds(text)]
    if os.environ.get("LOTSE_TRANSCRIPTS") == "write":
        head = "".join(f"{line}\n" for line in text.splitlines() if line.startswith("#"))
        parts = ["\n".join([f"> {deed}", *(f"    {line}" for line in seen)]) for deed, seen in happened]
        path.write_text(head + "\n" + "\n\n".join(parts) + "\n", "utf-8")
        return
    assert happened == deeds(text)


def test_there_are_dialogues():
    assert len(FILES) >= 8
