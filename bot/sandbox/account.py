"""One bot: who it is, its chats, its files, and what waits for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.chats import Chat, Message
from bot.sandbox.files import Files
from bot.sandbox.news import News
from bot.sandbox.rules import QUERY_SECONDS
from bot.sandbox.updates import Updates
from bot.sandbox.webhook import Webhook
from bot.sandbox.wire import Json, RefusedError, bad

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass(slots=True)
class Query:
    """A press or an inline query that waits for its answer."""

    chat: Chat
    at: float
    answer: Json | None = None


class Account:
    """A bot's account; without a token it waits for the first bot that calls."""

    def __init__(self, token: str | None, clock: Callable[[], float], news: News) -> None:
        self.token = token
        self.clock = clock
        self.news = news
        # Milliseconds: a sandbox that starts again after a burst never gives an id a second time.
        self.updates = Updates(int(clock() * 1000))
        self.webhook = Webhook(self.updates, clock)
        self.files = Files()
        self.chats: dict[int, Chat] = {}
        self.profile: dict[tuple[str, str], str] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.profile_revision = 0
        self._queries: dict[str, Query] = {}
        self._message_id = 0

    @property
    def id(self) -> int:
        """The bot's id, the number before the colon of its token; 0 while no bot has called."""
        return int(self.token.split(":")[0]) if self.token else 0

    @property
    def username(self) -> str:
        """The bot's user name, for links such as t.me/<username>?start=..."""
        return f"sandbox_{self.id}_bot"

    def user(self) -> Json:
        """The bot as a User."""
        name = self.profile.get(("name", ""), "Lotse")
        return {"id": self.id, "is_bot": True, "first_name": name, "username": self.username}

    def chat(self, chat_id: int | str) -> Chat:
        """The chat, or a refusal: bots cannot begin a chat, and nobody can in a chat that never was."""
        try:
            return self.chats[int(chat_id)]
        except (KeyError, ValueError):
            raise bad("chat not found") from None

    def open_chat(self, chat_id: int, kind: str, names: Json) -> Chat:
        """The chat with these names, begun if there was none."""
        chat = self.chats.get(chat_id)
        if chat is None:
            chat = self.chats[chat_id] = Chat(chat_id, kind, names)
        chat.names = names
        return chat

    def writable(self, chat_id: int | str) -> Chat:
        """The chat, if the bot may write there."""
        chat = self.chat(chat_id)
        if chat.moved_to is not None:
            words = "Bad Request: group chat was upgraded to a supergroup chat"
            raise RefusedError(400, words, {"migrate_to_chat_id": chat.moved_to})
        if chat.blocked:
            raise RefusedError(403, "Forbidden: bot was blocked by the user")
        if not chat.inside:
            words = "was kicked from" if chat.member == "kicked" else "is not a member of"
            raise RefusedError(403, f"Forbidden: bot {words} the {chat.kind} chat")
        if chat.kind == "channel" and not chat.may_post:
            raise bad("need administrator rights in the channel chat")
        if chat.member == "restricted" and not chat.may_post:
            raise bad("not enough rights to send text messages to the chat")
        return chat

    def post(self, chat: Chat, content: Json, sender: Json | None, *, silent: bool = False) -> Message:
        """Puts a message into the chat; one without a sender is a channel's own."""
        self._message_id += 1
        from_bot = sender is not None and bool(sender["is_bot"])
        message = Message(self._message_id, sender, from_bot, self.clock(), content, silent=silent)
        chat.messages[message.message_id] = message
        self.changed(chat)
        return message

    def changed(self, chat: Chat) -> None:
        """Wakes those who watch the chat."""
        chat.revision = self.news.publish()

    def profile_changed(self) -> None:
        """Wakes those who show the bot's names and commands."""
        self.profile_revision = self.news.publish()

    def ask(self, chat: Chat) -> str:
        """Begins a query of this chat and returns its id."""
        query_id = str(self.id * 1_000_000 + len(self._queries) + 1)
        self._queries[query_id] = Query(chat, self.clock())
        return query_id

    def query(self, query_id: str) -> Query | None:
        """The query of that id."""
        return self._queries.get(query_id)

    def answer(self, query_id: str, answer: Json) -> Chat:
        """Answers a query once, within its time; a second answer, a late one and a forged id are refused."""
        query = self._queries.get(query_id)
        if query is None or query.answer is not None or self.clock() - query.at > QUERY_SECONDS:
            raise bad(TOO_OLD)
        query.answer = answer
        return query.chat

    async def close(self) -> None:
        """Ends delivery and waiting polls."""
        self.updates.release()
        await self.webhook.stop()
