"""People with the newsletter and announcements to them: plain rows, and a sender that does what a test says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from seating import NOW, utc
from sqlalchemy import text

from bot.domain.announcements import Audience, Content, Wording, as_json
from bot.services import announcements as service
from bot.services.drafts import start
from bot.store.outbox import Claimed, Outcome, State, begin, claim, elect, settle
from bot.store.tx import Tx

CHIEF = 4_700_001  # a coordinator
HALLO = Content({"de": Wording("Hallo")})
TOMORROW = utc("2026-11-26", "07:00")
GROUP, CHANNEL = -1_001, -1_002

_PERSON = text("""
    INSERT INTO people (id, language, code, role, blocked, created, seen)
    VALUES (:id, :language, :code, :role, :blocked, 0, 0)
    ON CONFLICT (id) DO UPDATE SET role = excluded.role
""")
_SUBSCRIPTION = text("""
    INSERT INTO subscriptions (person, topics, rhythm, since, digested) VALUES (:id, :topics, :rhythm, 0, 0)
""")
_TYPE = text("INSERT INTO details (person, municipality_type, asked) VALUES (:id, :type, 0)")
_CHAT = text("""
    INSERT INTO chats (id, kind, title, language, linked, reported)
    VALUES (:id, 'group', 'Gruppe', :language, :linked, 0)
""")


@dataclass(frozen=True)
class Reader:
    """Somebody; `topics` None is without the newsletter, `type` is that of the municipality."""

    id: int
    language: str | None = None
    code: str | None = None
    role: str | None = None
    blocked: bool = False
    topics: str | None = ""
    rhythm: str = "weekly"
    type: str = ""


def know(tx: Tx, *readers: Reader) -> None:
    """Stores people; of who is stored already the role changes."""
    for one in readers:
        row = asdict(one)
        tx.execute(_PERSON, row)
        if one.topics is not None:
            tx.execute(_SUBSCRIPTION, row)
        if one.type:
            tx.execute(_TYPE, row)


def town(tx: Tx, people: Collection[int]) -> None:
    """A coordinator without the newsletter, and people who have it on and read German."""
    know(tx, Reader(CHIEF, role="coordinator", topics=None), *(Reader(one, "de") for one in people))


def group(tx: Tx, id_: int = GROUP, language: str | None = None, *, linked: bool = True) -> None:
    """A group that somebody with the role has linked, or only added."""
    tx.execute(_CHAT, {"id": id_, "language": language, "linked": linked})


def draft(
    tx: Tx, content: Content = HALLO, audience: Audience | None = None, due: int | None = None, author: int = CHIEF
) -> int:
    """The draft of an announcement."""
    answers = {"content": as_json(content), "audience": asdict(audience or Audience()), "due": due}
    return start(tx, author, "announce", answers, NOW)


def draft_of_correction(tx: Tx, id_: int, version: int = 1, content: Content | None = None) -> int:
    """The draft of a correction of this version."""
    wished = content or Content({"de": Wording(f"Neu nach {version}")})
    return start(tx, CHIEF, "correct", {"announcement": id_, "version": version, "content": as_json(wished)}, NOW)


def announce(tx: Tx, audience: Audience | None = None, due: int = NOW, author: int | None = CHIEF) -> int:
    """An announcement that nobody is queued for yet."""
    made = service.create(tx, HALLO, audience or Audience(), author, due, NOW)
    assert made is not None
    return made


def announced(tx: Tx, audience: Audience | None = None, due: int = NOW, author: int | None = CHIEF) -> int:
    """An announcement that everybody is queued for."""
    made = announce(tx, audience, due, author)
    go_on(tx)
    return made


def go_on(tx: Tx, now: int = NOW, most: int = 1_000, coordinators: Collection[int] = ()) -> int:
    """Does what is to be done about announcements; in how many pieces."""
    pieces = 0
    while service.advance(tx, now, coordinators, "de", most):
        pieces += 1
        assert pieces < 1_000, "it goes on for ever"
    return pieces


def fence(tx: Tx, now: int = NOW) -> int:
    """The number of a sender that is elected now, whoever was one before."""
    tx.execute(text("UPDATE leases SET until = 0"))
    lease = elect(tx, "one", now)
    assert lease is not None
    return lease.fence


def claimed(tx: Tx, many: int = 1_000, now: int = NOW) -> tuple[int, list[Claimed]]:
    """A new sender's number, and what it has claimed."""
    number = fence(tx, now)
    return number, claim(tx, number, now, many) or []


def send(
    tx: Tx, fate: State | Callable[[Claimed], State] = "sent", many: int = 1_000, now: int = NOW
) -> list[tuple[int, str]]:
    """Claims, sends and settles what is due; whom it went to, and as which kind. The id of a message is 7000 more."""
    number, found = claimed(tx, many, now)
    begin(tx, number, [one.id for one in found], 0)
    fates = [fate if isinstance(fate, str) else fate(one) for one in found]
    ended = [
        Outcome(one.id, state, attempts=1, message=7_000 + one.id if state == "sent" else None)
        for one, state in zip(found, fates, strict=True)
    ]
    settle(tx, number, ended)
    return [(one.person, one.kind) for one in found]


def states(tx: Tx, id_: int, kind: str = "announcement") -> dict[int, str]:
    """How it stands with everybody's message."""
    rows = tx.execute(
        text("SELECT person, state FROM outbox WHERE announcement = :id AND kind = :kind ORDER BY id"),
        {"id": id_, "kind": kind},
    )
    return {row.person: row.state for row in rows}


def tally(tx: Tx, id_: int) -> Counter[str]:
    """How many there are of each state."""
    return Counter(states(tx, id_).values())


def queued(tx: Tx, kind: str) -> list[tuple[int, str, int]]:
    """Of this kind: to whom, under which name, due when."""
    rows = tx.execute(text("SELECT person, dedup, due FROM outbox WHERE kind = :kind ORDER BY id"), {"kind": kind})
    return [tuple(row) for row in rows]


def acts(tx: Tx) -> Sequence[tuple[Any, ...]]:
    """What the audit has noted."""
    return [tuple(row) for row in tx.execute(text("SELECT role, person, action, subject FROM audit ORDER BY id"))]
