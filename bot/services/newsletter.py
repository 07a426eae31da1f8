"""The newsletter of a person: on or off, by which topics, how often. A row says that it is on."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import text

from bot.domain.newsletter import USUAL, Rhythm, Subscription
from bot.services.people import know
from bot.store.tx import AnyRow, Tx, for_each_dialect, rows_of

ON = text("""
    INSERT INTO subscriptions (person, topics, rhythm, since, digested) VALUES (:person, '', :rhythm, :now, :now)
    ON CONFLICT (person) DO NOTHING
""")
OFF = text("DELETE FROM subscriptions WHERE person = :person")
SET_RHYTHM = text("UPDATE subscriptions SET rhythm = :rhythm WHERE person = :person RETURNING person")
SET_TOPICS = text("UPDATE subscriptions SET topics = :topics WHERE person = :person RETURNING person")
# Two presses at once must not lose one another's topic.
LOCK = {
    "sqlite": text("SELECT topics, rhythm, since FROM subscriptions WHERE person = :person"),  # there is one writer
    "postgresql": text("SELECT topics, rhythm, since FROM subscriptions WHERE person = :person FOR UPDATE"),
}
FIND = for_each_dialect("""
    SELECT person, topics, rhythm, since FROM subscriptions
    WHERE person IN (SELECT CAST(value->>0 AS BIGINT) FROM {rows(people)})
""")


def subscriptions(tx: Tx, people: Iterable[int]) -> dict[int, Subscription]:
    """The newsletters of those who have it on, by person."""
    rows = tx.execute(FIND[tx.dialect], {"people": rows_of(people)})
    return {row.person: _subscription(row) for row in rows}


def subscription(tx: Tx, person: int) -> Subscription | None:
    """Somebody's newsletter, or None where it is off."""
    return subscriptions(tx, [person]).get(person)


def subscribe(tx: Tx, person: int, code: str | None, now: int) -> Subscription:
    """Turns the newsletter on, as it is usual; one that is on stays as it was chosen.

    Who does becomes known, with Telegram's `code`; `now` in UTC microseconds.
    """
    know(tx, person, code, now)
    tx.execute(ON, {"person": person, "rhythm": USUAL, "now": now})
    found = subscription(tx, person)
    assert found is not None, "it was just turned on"
    return found


def unsubscribe(tx: Tx, person: int) -> None:
    """Turns the newsletter off; nothing of it is kept."""
    tx.execute(OFF, {"person": person})


def choose_rhythm(tx: Tx, person: int, rhythm: Rhythm) -> Subscription | None:
    """Sets how often; None where the newsletter is off, which it then stays."""
    tx.execute(SET_RHYTHM, {"person": person, "rhythm": rhythm})
    return subscription(tx, person)


def choose_topic(tx: Tx, person: int, topic: str, *, wanted: bool) -> Subscription | None:
    """Adds a topic to those chosen or takes it away, twice as once; None where the newsletter is off.

    Without the last one it is of all topics again.
    """
    found = tx.execute(LOCK[tx.dialect], {"person": person})
    if not found:
        return None
    kept = [one for one in _subscription(found[0]).topics if one != topic]
    return _set_topics(tx, person, [*kept, topic] if wanted else kept)


def choose_every_topic(tx: Tx, person: int) -> Subscription | None:
    """Of all topics from now on; None where the newsletter is off."""
    return _set_topics(tx, person, [])


def _set_topics(tx: Tx, person: int, topics: Iterable[str]) -> Subscription | None:
    tx.execute(SET_TOPICS, {"person": person, "topics": " ".join(topics)})
    return subscription(tx, person)


def _subscription(row: AnyRow) -> Subscription:
    return Subscription(tuple(row.topics.split()), row.rhythm, row.since)
