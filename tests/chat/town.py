"""Conversations with the whole bot: a real sandbox over HTTP, a real database, a clock that stands still."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from hurry import hurried

from bot.app import Running, building
from bot.chat import ticks
from bot.sandbox.server import Sandbox, serve
from bot.settings import Settings

SMALL = Path(__file__).parent.parent / "folders" / "small"
TOKEN = "77:invented-token-for-tests"
WEDNESDAY = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)  # 11:00 in Germany, an ordinary working day


@dataclass(repr=False)
class Town:
    """The bot with its sandbox; `now` may be moved."""

    root: str
    http: aiohttp.ClientSession
    running: Running
    now: datetime = WEDNESDAY
    offset: int | None = None
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, name: str, code: str | None = "de") -> Person:
        """Someone with this first name and Telegram language."""
        if name not in self.people:
            self.people[name] = Person(self, 1000 + len(self.people), name, code)
        return self.people[name]

    async def happens(self, what: dict[str, Any]) -> dict[str, Any]:
        """One thing that a person does, answered to its end."""
        async with self.http.post(f"{self.root}/sandbox/updates", json=what) as response:
            assert response.status == 200, await response.text()
            done: dict[str, Any] = await response.json()
        await self.answer()
        return done

    async def answer(self) -> None:
        """Fetches what waits at the Bot API and handles it to its end, as polling does."""
        updates = await self.running.house.api.updates(self.offset)
        self.offset = max((u["update_id"] for u in updates), default=(self.offset or 1) - 1) + 1
        await self.running.intake.take(updates)
        await self.running.dispatch.settle()

    async def delivers(self) -> None:
        """Does once, at the town's time, what the bot does every few seconds, and sends everything that is due.

        Offers lapse, reminders are queued, sessions end, and then the whole outbox goes out: what each chat got is in
        its transcript afterwards. The pace is kept by a clock of its own that runs ahead at once, so that nobody waits;
        what Telegram refused for now is due again later by the town's clock (`passes`).
        """
        news = (ticks.learn, ticks.digest, ticks.proclaim, ticks.announce, ticks.tell_of_gaps)
        for tick in (ticks.lapse, ticks.remind, ticks.attend, *news):
            await tick(self.running.house)
        await self.running.sender.deliver()
        await self.running.sender.settled()

    async def transcript(self, chat: int) -> list[dict[str, Any]]:
        """What the chat shows."""
        async with self.http.get(f"{self.root}/sandbox/chats/{chat}") as response:
            found: list[dict[str, Any]] = await response.json()
            return found

    async def toasts(self, chat: int) -> list[str]:
        """The answers to presses in the chat that said something."""
        async with self.http.get(f"{self.root}/sandbox/chats/{chat}/toasts") as response:
            return [toast["text"] for toast in await response.json() if toast["text"]]

    async def raw(self, update: dict[str, Any]) -> None:
        """Any update as it is, answered to its end."""
        await self.happens({"raw": update})

    async def said(self) -> list[str]:
        """The bot's words in all chats."""
        async with self.http.get(f"{self.root}/sandbox/news") as response:
            chats = (await response.json())["chats"]
        return [m["text"] for chat in chats for m in await self.transcript(chat) if m["from"] == "bot"]

    def passes(self, **time: float) -> None:
        """Moves the clock on, by `hours=1` and the like."""
        self.now += timedelta(**time)

    def select(self, statement: str) -> list[tuple[Any, ...]]:
        """Rows of the database file."""
        with closing(sqlite3.connect(f"file:{self.running.house.database.path}?mode=ro", uri=True)) as connection:
            return connection.execute(statement).fetchall()

    def inbox(self) -> dict[str, int]:
        """How many updates are in which state."""
        return dict(self.select("SELECT state, count(*) FROM inbox GROUP BY state"))

    async def fault(self, **fault: Any) -> None:
        """Orders trouble at the Bot API."""
        async with self.http.post(f"{self.root}/sandbox/faults", json=fault) as response:
            assert response.status == 200, await response.text()


@dataclass
class Person:
    """Someone with a private chat."""

    town: Town
    id: int
    name: str
    code: str | None
    known: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def user(self) -> dict[str, Any]:
        """As the sandbox wants it."""
        code = {"language_code": self.code} if self.code else {}
        return {"id": self.id, "first_name": self.name, **code}

    async def does(self, **what: Any) -> list[str]:
        """Does something; what is new or changed in the chat afterwards, as lines."""
        before = await self.sees()
        await self.town.happens({"user": self.user, **what})
        after = await self.sees()
        return self._told([m for m in after if m not in before])

    def _told(self, messages: list[dict[str, Any]]) -> list[str]:
        """Lotse's messages as lines; they are known from now on."""
        new = [m for m in messages if m["from"] == "bot"]
        self.known |= {m["message_id"]: m for m in new}
        return lines(new)

    async def says(self, text: str, **more: Any) -> list[str]:
        """Writes a message."""
        return await self.does(text=text, **more)

    async def presses(self, label: str) -> list[str]:
        """Presses the newest button with this label, or with this callback data."""
        for message in reversed(await self.sees()):
            for button in (b for row in message.get("buttons") or [] for b in row):
                if label in {button["text"], button.get("data")}:
                    return await self.forges(message["message_id"], button["data"])
        raise AssertionError(f"no button {label!r}")

    async def replies(self, text: str) -> list[str]:
        """Writes a reply to the newest message."""
        return await self.says(text, reply_to=(await self.last())["message_id"])

    async def gets(self) -> list[str]:
        """Lets everything that is due go out; what is new in the chat then, as lines."""
        await self.town.delivers()
        return self._told([m for m in await self.sees() if self.known.get(m["message_id"]) != m])

    async def shows(self) -> list[str]:
        """The whole chat as lines."""
        return lines(await self.sees())

    async def forges(self, message_id: int, data: str) -> list[str]:
        """Presses a button that may not exist."""
        return await self.does(press={"message_id": message_id, "data": data})

    async def sees(self) -> list[dict[str, Any]]:
        """The chat as it stands."""
        return await self.town.transcript(self.id)

    async def last(self) -> dict[str, Any]:
        """The newest message."""
        return (await self.sees())[-1]


def lines(messages: list[dict[str, Any]]) -> list[str]:
    """Messages as lines: text, files, then one line a row of buttons."""
    found: list[str] = []
    for message in messages:
        if found:
            found.append("--")
        found += (message.get("text") or "").split("\n") if message.get("text") else []
        if message.get("venue"):
            found.append(f"(venue {message['venue']['title']}, {message['venue']['address']})")
        if message.get("document"):
            found.append(f"(file {message['document'].get('file_name')})")
        for row in message.get("buttons") or []:
            found.append(" ".join(f"[{_label(button)}]" for button in row))
    return found


def _label(button: dict[str, Any]) -> str:
    if button.get("copy"):
        return f"{button['text']} = {button['copy']}"
    return f"{button['text']} | {button.get('data') or button.get('url')}"


@asynccontextmanager
async def town_of(folder: Path, url: str, **settings: Any) -> AsyncIterator[Town]:
    """A bot over this knowledge and database."""
    async with AsyncExitStack() as stack:
        holder: list[Town] = []

        def now() -> datetime:
            return holder[0].now if holder else WEDNESDAY

        clock: Callable[[], float] = lambda: now().timestamp()  # noqa: E731
        root = await stack.enter_async_context(serve(Sandbox(TOKEN, clock=clock), 0))
        given = {"token": TOKEN, "api_url": root, "database_url": url, "knowledge": folder, **settings}
        running = await stack.enter_async_context(building(Settings(**given), now))
        running.sender.pace = hurried(running.sender.pace.rate)
        await running.house.api.open()
        http = await stack.enter_async_context(aiohttp.ClientSession())
        holder.append(Town(root, http, running))
        yield holder[0]
