"""Groups and channels: noted when a coordinator adds Lotse, linked when they say so, gone when Lotse may not post."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal

from sqlalchemy import text

from bot.domain.chats import Chat, ChatNews
from bot.domain.instants import DAY
from bot.domain.urgency import AWAITED
from bot.services.audit import note
from bot.services.people import set_blocked
from bot.services.roles import coordinates
from bot.store.outbox import Notice, queue
from bot.store.tx import AnyRow, Tx, for_each_dialect, rows_of

KIND = "group"  # of the notice that asks a coordinator whether to link a chat
UNDECIDED = 7 * DAY  # so long a chat is known that is not linked

Refusal = Literal["role", "gone"]

_ADD = text("""
    INSERT INTO chats (id, kind, title, added_by, reported) VALUES (:id, :kind, :title, :person, :at)
    ON CONFLICT (id) DO NOTHING RETURNING id
""")
_KEEP = text("UPDATE chats SET kind = :kind, title = :title, reported = :at WHERE id = :id AND reported <= :at")
_RENAME = text("UPDATE chats SET title = :title WHERE id = :id")
_GONE = text("DELETE FROM chats WHERE id = :id AND reported <= :at")
_DROP = text("DELETE FROM chats WHERE id = :id")
_MOVE = text("""
    INSERT INTO chats (id, kind, title, language, linked, added_by, reported)
    SELECT :after, kind, title, language, linked, added_by, reported FROM chats WHERE id = :before
    ON CONFLICT (id) DO UPDATE SET language = excluded.language, linked = excluded.linked, added_by = excluded.added_by
""")
_FORWARD = text("""
    UPDATE outbox SET person = :after
    WHERE person = :before AND state IN ('waiting', 'claimed', 'sending') AND NOT EXISTS (
        SELECT 1 FROM outbox AS there WHERE there.person = :after AND there.dedup = outbox.dedup
    )
""")
_LINK = text("UPDATE chats SET linked = TRUE WHERE id = :id AND linked IS FALSE AND added_by = :person RETURNING id")
_UNLINK = text("UPDATE chats SET linked = FALSE, added_by = :person WHERE id = :id AND linked IS TRUE RETURNING id")
_REFUSE = text("DELETE FROM chats WHERE id = :id AND linked IS FALSE AND added_by = :person RETURNING id")
_SPEAK = text("UPDATE chats SET language = :language WHERE id = :id AND linked IS TRUE RETURNING id")
_COLUMNS = "id, kind, title, language, linked, added_by"
_LINKED = text(f"SELECT {_COLUMNS} FROM chats WHERE linked IS TRUE")  # noqa: S608 - names of columns
_NAMED = for_each_dialect(
    f"SELECT {_COLUMNS} FROM chats WHERE id IN (SELECT CAST(value->>0 AS BIGINT) FROM {{rows(ids)}})"  # noqa: S608 - as above
)
_ADDED = text("SELECT title FROM chats WHERE added_by = :person ORDER BY id")
_FORGET_UNDECIDED = text("DELETE FROM chats WHERE added_by = :person AND linked IS FALSE")
_FORGET = text("UPDATE chats SET added_by = NULL WHERE added_by = :person")
_SWEEP = text("DELETE FROM chats WHERE linked IS FALSE AND reported <= :before")


def hear(tx: Tx, chat: int, news: ChatNews, person: int, coordinators: Collection[int], at: int, now: int) -> None:
    """Takes up what Telegram says of a group or channel.

    Where a coordinator has brought Lotse in, the chat is noted, and they are asked whether to link it; what anybody
    else brings Lotse into is not stored. Where Lotse may not post any more, the chat is forgotten, linked or not.

    Args:
        tx: The transaction.
        chat: Telegram's id of it.
        news: What is said.
        person: Who did it there.
        coordinators: Those that the operator has set.
        at: When it happened by Telegram's clock; what comes late and was overtaken changes nothing.
        now: UTC microseconds, as `at`.
    """
    if news.after:
        move(tx, news.before, news.after)
    elif news.posts is None:
        tx.execute(_RENAME, {"id": chat, "title": news.title})
    elif not news.posts:
        tx.execute(_GONE, {"id": chat, "at": at})
    else:
        row = {"id": chat, "kind": news.kind, "title": news.title, "person": person, "at": at}
        if coordinates(tx, person, coordinators) and tx.execute(_ADD, row):
            queue(tx, [Notice(person, KIND, f"{KIND}:{chat}:{at}", now, parameters={"chat": chat}, priority=AWAITED)])
        else:
            tx.execute(_KEEP, row)


def move(tx: Tx, before: int, after: int) -> None:
    """Gives a group its new id; what waits to be sent there goes to the new one."""
    tx.execute(_MOVE, {"before": before, "after": after})
    tx.execute(_DROP, {"id": before})
    tx.execute(_FORWARD, {"before": before, "after": after})


def refused(tx: Tx, chat: int) -> None:
    """Notes that the Bot API refuses to write to somebody; a group or channel is forgotten then."""
    if chat < 0:
        tx.execute(_DROP, {"id": chat})
    else:
        set_blocked(tx, chat, blocked=True)


def link(tx: Tx, chat: int, person: int, coordinators: Collection[int], now: int) -> Chat | Refusal:
    """Links a chat, by the coordinator who has added Lotse there; the chat, also where it is linked already."""
    if not coordinates(tx, person, coordinators):
        return "role"
    if tx.execute(_LINK, {"id": chat, "person": person}):
        note(tx, "coordinator", person, "chat linked", f"chat {chat}", now)
    found = chats(tx, [chat]).get(chat)
    return found if found and found.linked else "gone"


def refuse(tx: Tx, chat: int, person: int) -> bool:
    """Forgets a chat that is not to be linked; false where this person has not added it, or it is linked."""
    return bool(tx.execute(_REFUSE, {"id": chat, "person": person}))


def unlink(tx: Tx, chat: int, person: int, coordinators: Collection[int], now: int) -> Chat | Refusal:
    """Ends a link; nothing goes there any more, what waits included.

    Who ended it may take that back until the next daily sweep.
    """
    if not coordinates(tx, person, coordinators):
        return "role"
    if tx.execute(_UNLINK, {"id": chat, "person": person}):
        note(tx, "coordinator", person, "chat unlinked", f"chat {chat}", now)
    found = chats(tx, [chat]).get(chat)
    return found if found and not found.linked and found.added_by == person else "gone"


def speak(
    tx: Tx, chat: int, language: str | None, person: int, coordinators: Collection[int], now: int
) -> Chat | Refusal:
    """Sets the language of what is posted in a linked chat; None for the default."""
    if not coordinates(tx, person, coordinators):
        return "role"
    if not tx.execute(_SPEAK, {"id": chat, "language": language}):
        return "gone"
    note(tx, "coordinator", person, "chat language set", f"chat {chat}", now)
    return chats(tx, [chat])[chat]


def linked(tx: Tx) -> list[Chat]:
    """All linked groups and channels by their titles."""
    found = [_chat(row) for row in tx.execute(_LINKED)]
    return sorted(found, key=lambda chat: (chat.title.casefold(), -chat.id))


def chats(tx: Tx, ids: Iterable[int]) -> dict[int, Chat]:
    """Those of the groups and channels that are known, linked or not."""
    wanted = rows_of(sorted(set(ids)))
    if wanted == "[]":
        return {}
    return {row.id: _chat(row) for row in tx.execute(_NAMED[tx.dialect], {"ids": wanted})}


def added_by(tx: Tx, person: int) -> list[str]:
    """The titles of the chats that somebody has added, for themselves."""
    return [row.title for row in tx.execute(_ADDED, {"person": person})]


def forget(tx: Tx, person: int) -> None:
    """Takes a person who is being erased out of what they have linked; what they have not linked goes."""
    tx.execute(_FORGET_UNDECIDED, {"person": person})
    tx.execute(_FORGET, {"person": person})


def sweep(tx: Tx, now: int) -> None:
    """Forgets chats that nobody has linked in a week; `now` in UTC microseconds."""
    tx.execute(_SWEEP, {"before": now - UNDECIDED})


def _chat(row: AnyRow) -> Chat:
    return Chat(row.id, row.kind, row.title, row.language, bool(row.linked), row.added_by)
