"""Any history of two sessions: the same states and places as in a model of plain lists, and never one too many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest
import seating
from histories import playing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seating import ANNA, NOW, TERMS, guest, plan, set_state
from sqlalchemy import text

from bot.domain.instants import DAY, HOUR, MINUTE
from bot.domain.offers import offer_end
from bot.services import registrations
from bot.services.holidays import is_holiday
from bot.store.tx import Tx

PEOPLE = tuple(range(ANNA, ANNA + 6))
GUESTS = (-1, -2)  # the numbers that they are given, negative
SOMEBODY = st.sampled_from(PEOPLE + GUESTS)
PERSON = st.sampled_from(PEOPLE)
WHERE = st.integers(0, 1)

step = st.one_of(
    st.tuples(st.just("register"), WHERE, SOMEBODY),
    st.tuples(st.just("register"), WHERE, SOMEBODY),
    st.tuples(st.just("leave"), WHERE, SOMEBODY),
    st.tuples(st.just("leave_first"), WHERE),
    st.tuples(st.just("accept"), WHERE, PERSON),
    st.tuples(st.just("decline"), WHERE, PERSON),
    st.tuples(st.just("register_all"), PERSON),
    st.tuples(st.just("leave_all"), PERSON),
    st.tuples(st.just("release"), PERSON),
    st.tuples(st.just("resize"), WHERE, st.sampled_from([1, 1, 2, 3, 4, None])),
    st.tuples(st.just("set_state"), WHERE, st.sampled_from(["open", "open", "closed"])),
    st.tuples(st.just("wait"), st.sampled_from([HOUR, 12 * HOUR, DAY])),
    st.tuples(st.just("tick"), st.sampled_from([MINUTE, 12 * HOUR, DAY, DAY, 3 * DAY])),
    st.tuples(st.just("tick"), st.sampled_from([MINUTE, 12 * HOUR, DAY, DAY, 3 * DAY])),
    st.tuples(st.just("sweep")),
)


@dataclass
class Room:
    """What a session is: people with seats, offers in the order in which they were made, and a line."""

    starts: int
    capacity: int | None = 2
    state: str = "open"
    seats: list[int] = field(default_factory=list)
    offers: dict[int, int] = field(default_factory=dict)
    line: list[int] = field(default_factory=list)
    lapsed: set[int] = field(default_factory=set)
    unwanted: set[int] = field(default_factory=set)
    known: set[int] = field(default_factory=set)
    ended: int = 0
    told: list[tuple[int, str]] = field(default_factory=list)

    @property
    def taken(self) -> int:
        return len(self.seats) + len(self.offers)

    @property
    def full(self) -> bool:
        return self.capacity is not None and self.taken >= self.capacity

    def state_of(self, who: int) -> str | None:
        places = {"confirmed": self.seats, "offered": self.offers, "waitlisted": self.line}
        return next((state for state, those in places.items() if who in those), None)

    def tell(self, who: int, what: str) -> None:
        if who > 0:
            self.told.append((who, what))

    def register(self, who: int, now: int) -> str:
        if self.state_of(who):
            return "AlreadyRegistered"
        if now >= self.starts or self.state == "closed":
            return "Refused"
        self.lapsed.discard(who)
        self.unwanted.discard(who)
        self.known.add(who)
        if self.full or self.line:
            self.line.append(who)
            return "Waitlisted"
        self.seats.append(who)
        return "Confirmed"

    def leave(self, who: int, now: int, *, alone: bool = True) -> str:
        if not self.state_of(who):
            return "NotRegistered"
        if now >= self.starts + 150 * MINUTE:
            return "Refused"
        self.forget(who)
        self.ended += 1
        self.unwanted |= {who} if alone else set()
        self.fill(now)
        return "Left"

    def accept(self, who: int, now: int) -> str:
        self.lapse(now)
        if who in self.seats:
            return "AlreadyRegistered"
        if who in self.known and now >= self.starts:
            return "Refused"
        if who not in self.offers:
            return "NotRegistered"
        del self.offers[who]
        self.seats.append(who)
        return "Confirmed"

    def decline(self, who: int, now: int) -> str:
        return self.leave(who, now) if who in self.offers else "NotRegistered"

    def forget(self, who: int) -> None:
        self.offers.pop(who, None)
        for those in (self.seats, self.line):
            if who in those:
                those.remove(who)

    def fill(self, now: int) -> list[int]:
        raised = []
        while self.line and not self.full and now < self.starts:
            raised.append(self.line.pop(0))
            if raised[-1] < 0 or self.starts - now < DAY:
                self.seats.append(raised[-1])
                self.tell(raised[-1], "given")
            else:
                self.offers[raised[-1]] = offer_end(now, TERMS.offer, self.starts, TERMS.zone, is_holiday)
                self.tell(raised[-1], "offer")
        return raised

    def lapse(self, now: int) -> None:
        expired = [who for who, until in self.offers.items() if until <= now]
        again = [who for who in expired if who not in self.lapsed]
        dropped = [who for who in expired if who in self.lapsed]
        for who in expired:
            del self.offers[who]
        self.line += again
        self.lapsed |= set(again)
        self.ended += len(dropped)
        raised = self.fill(now)
        if now < self.starts:
            for who in again:
                if who not in raised:
                    self.tell(who, "lapsed")
            for who in dropped:
                self.tell(who, "dropped")


class World:
    """Two sessions of a series in the database, and the model beside them; each step is done in both."""

    def __init__(self, tx: Tx) -> None:
        self.tx, self.now = tx, NOW
        self.rooms = [Room(NOW + 8 * DAY), Room(NOW + 9 * DAY)]
        self.ids = [plan(tx, room.capacity, room.starts) for room in self.rooms]
        self.series = seating.series_of(tx, self.ids[0])
        self.guests = {who: guest(tx, f"{-who}@example.org") for who in GUESTS}

    def register(self, where: int, who: int) -> None:
        session, rest = self.ids[where], (self.now, TERMS)
        if who < 0:
            outcome = registrations.register_guest(self.tx, session, self.guests[who], *rest)
        else:
            outcome = registrations.register(self.tx, session, who, "de", *rest)
        assert type(outcome).__name__ == self.rooms[where].register(who, self.now)
        if isinstance(outcome, registrations.Waitlisted):
            assert outcome.place == len(self.rooms[where].line)

    def leave(self, where: int, who: int) -> None:
        service = registrations.leave_guest if who < 0 else registrations.leave
        outcome = service(self.tx, self.ids[where], self.guests.get(who, who), self.now, TERMS)
        assert type(outcome).__name__ == self.rooms[where].leave(who, self.now)

    def leave_first(self, where: int) -> None:
        if self.rooms[where].seats:
            self.leave(where, self.rooms[where].seats[0])

    def accept(self, where: int, who: int) -> None:
        outcome = registrations.accept(self.tx, self.ids[where], who, self.now, TERMS)
        assert type(outcome).__name__ == self.rooms[where].accept(who, self.now)

    def decline(self, where: int, who: int) -> None:
        outcome = registrations.decline(self.tx, self.ids[where], who, self.now, TERMS)
        assert type(outcome).__name__ == self.rooms[where].decline(who, self.now)

    def register_all(self, who: int) -> None:
        outcomes = registrations.register_all(self.tx, self.series, who, "de", self.now, TERMS)
        expected = [
            (id_, room.register(who, self.now))
            for id_, room in zip(self.ids, self.rooms, strict=True)
            if self.now < room.starts and who not in room.unwanted
        ]
        expected = [(id_, outcome) for id_, outcome in expected if outcome != "Refused"]
        assert [(session.id, type(outcome).__name__) for session, outcome in outcomes] == expected

    def leave_all(self, who: int) -> None:
        left = registrations.leave_all(self.tx, self.series, who, self.now, TERMS)
        expected = [
            id_
            for id_, room in zip(self.ids, self.rooms, strict=True)
            if self.now < room.starts and room.leave(who, self.now, alone=False) == "Left"
        ]
        assert [session.id for session in left] == expected

    def release(self, who: int) -> None:
        registrations.release(self.tx, who, self.now, TERMS)
        for room in self.rooms:
            if room.leave(who, self.now) == "Refused":
                room.forget(who)
            room.unwanted.discard(who)
            room.known.discard(who)
        # A row of a new registration starts to count its changes again, and messages are named by them.
        self.tx.execute(text("UPDATE outbox SET dedup = dedup || ' ' || id WHERE person = :id"), {"id": who})

    def resize(self, where: int, capacity: int | None) -> None:
        seating.resize(self.tx, self.ids[where], capacity, self.now, TERMS)
        self.rooms[where].capacity = capacity
        self.rooms[where].fill(self.now)

    def set_state(self, where: int, state: str) -> None:
        set_state(self.tx, self.ids[where], state)
        self.rooms[where].state = state

    def wait(self, span: int) -> None:
        self.now += span

    def tick(self, span: int) -> None:
        self.now += span
        registrations.lapse(self.tx, self.now, TERMS)
        for room in self.rooms:
            room.lapse(self.now)

    def sweep(self) -> None:
        registrations.sweep(self.tx, self.now, TERMS)
        for room in self.rooms:
            room.lapse(self.now)

    def compare(self) -> None:
        """The database says what the model says."""
        for id_, room in zip(self.ids, self.rooms, strict=True):
            found = {who: state for who, state in seating.states(self.tx, id_).items() if state != "cancelled"}
            found = {next((g for g, n in self.guests.items() if n == -who), who): state for who, state in found.items()}
            assert found == {who: room.state_of(who) for who in (*room.seats, *room.offers, *room.line)}
            assert [who for who, state in found.items() if state == "waitlisted"] == room.line
            places = {who: registrations.registration(self.tx, id_, who) for who in room.line if who > 0}
            assert {who: one and one.place for who, one in places.items()} == {
                who: place for place, who in enumerate(room.line, 1) if who > 0
            }
            assert seating.ended(self.tx, id_) == room.ended
            counted = registrations.standing(self.tx, registrations.lock(self.tx, id_))
            assert counted.waiting == len(room.line)
            assert self.now >= room.starts or not room.line or room.full

    def compare_notices(self) -> None:
        rows = self.tx.execute(text("SELECT person, kind FROM outbox"))
        assert sorted(map(tuple, rows)) == sorted(one for room in self.rooms for one in room.told)


def play(tx: Tx, steps: Sequence[tuple[str, object]]) -> None:
    world = World(tx)
    for person in PEOPLE[:4]:
        world.register_all(person)
    for action, *arguments in steps:
        before = [room.taken for room in world.rooms]
        getattr(world, action)(*arguments)
        world.compare()
        for room, taken in zip(world.rooms, before, strict=True):
            assert room.capacity is None or room.taken <= max(room.capacity, taken)
    world.compare_notices()


@pytest.fixture
def play_in(sqlite_ready_url: str) -> Iterator[object]:
    with playing(sqlite_ready_url, play) as played:
        yield played


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(step, min_size=15, max_size=60))
def test_any_history(play_in, steps) -> None:
    play_in(steps)
