"""Any history of senders that die between any two steps: nothing is lost, nothing arrives a third time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from histories import playing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.store.outbox import Notice, Outcome, begin, claim, elect, pending, queue, resign, settle
from bot.store.tx import Tx

SECOND = 1_000_000
SENDERS = ("one", "two")

# What a sender does, some steps in its order, and how it ends; sometimes two believe that they are the one.
do = st.sampled_from(["go_on", "go_on", "go_on", "go_on", "refuse", "lose"])
turn = st.tuples(
    st.sampled_from(["one", "one", "two"]),
    st.lists(st.tuples(do, st.integers(1, 3)), min_size=1, max_size=9),
    st.sampled_from(["go_on", "crash", "crash", "die", "stop", "silence"]),
)


@dataclass
class Hands:
    """What a living sender knows."""

    fence: int | None = None
    claimed: list[int] = field(default_factory=list)
    begun: list[int] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)


@dataclass
class World:
    """What really arrived, beside what the database believes."""

    tx: Tx
    now: int = SECOND
    ambiguous: dict[int, int] = field(default_factory=dict)  # by row, as each sender was told when it claimed it
    arrived: Counter = field(default_factory=Counter)
    hands: dict[str, Hands] = field(default_factory=lambda: {name: Hands() for name in SENDERS})

    def queue(self, person: int, name: str) -> None:
        queue(self.tx, [Notice(person, "given", name, self.now, priority=5 + len(name) % 3)])

    def go_on(self, name: str, many: int) -> None:
        """What a sender does next."""
        hand = self.hands[name]
        if hand.fence is None:
            self.elect(name, many)
        elif hand.begun:
            self.request(name, many)
        elif hand.outcomes:
            self.settle(name, many)
        elif hand.claimed:
            self.begin(name, many)
        else:
            self.claim(name, many)

    def elect(self, name: str, _: object) -> None:
        if self.hands[name].fence is None:
            lease = elect(self.tx, name, self.now)
            if lease is not None:
                self.hands[name] = Hands(lease.fence)

    def claim(self, name: str, many: int) -> None:
        hand = self.hands[name]
        if hand.fence is None:
            return
        found = claim(self.tx, hand.fence, self.now, many)
        if found is None:
            hand.fence = None
            return
        assert len({one.person for one in found}) == len(found)
        hand.claimed += [one.id for one in found]
        self.ambiguous |= {one.id: one.ambiguous for one in found}

    def begin(self, name: str, many: int) -> None:
        hand = self.hands[name]
        chosen, hand.claimed = hand.claimed[:many], hand.claimed[many:]
        if hand.fence is not None and chosen:
            hand.begun += sorted(begin(self.tx, hand.fence, chosen, 0) or set())

    def request(self, name: str, many: int) -> None:
        """The Bot API takes some; a sender whose lease is gone does not know it yet and asks all the same."""
        hand = self.hands[name]
        for row in hand.begun[:many]:
            self.arrived[row] += 1
            hand.outcomes.append(Outcome(row, "sent", attempts=1))
        hand.begun = hand.begun[many:]

    def refuse(self, name: str, many: int) -> None:
        """Surely nothing was sent."""
        hand = self.hands[name]
        hand.outcomes += [Outcome(row, "waiting", due=self.now + SECOND, attempts=1) for row in hand.begun[:many]]
        hand.begun = hand.begun[many:]

    def lose(self, name: str, many: int) -> None:
        """The answer is lost; every second one had arrived."""
        hand = self.hands[name]
        for row in hand.begun[:many]:
            self.arrived[row] += row % 2
            state = "waiting" if self.ambiguous[row] == 0 else "unconfirmed"
            hand.outcomes.append(Outcome(row, state, attempts=1, ambiguous=1))
        hand.begun = hand.begun[many:]

    def settle(self, name: str, many: int) -> None:
        hand = self.hands[name]
        chosen, hand.outcomes = hand.outcomes[:many], hand.outcomes[many:]
        if hand.fence is not None and chosen and not settle(self.tx, hand.fence, chosen):
            hand.fence = None

    def die(self, name: str, _: None) -> None:
        self.hands[name] = Hands()

    def crash(self, name: str, _: None) -> None:
        """Dies, and nobody is elected for a while."""
        self.die(name, None)
        self.silence()

    def stop(self, name: str, _: None) -> None:
        hand = self.hands[name]
        if hand.fence is not None:
            hand.outcomes += [Outcome(row, "waiting") for row in hand.begun]
            settle(self.tx, hand.fence, hand.outcomes)
            resign(self.tx, hand.fence)
        self.hands[name] = Hands()

    def silence(self, *_: None) -> None:
        """Nobody was heard of for ten seconds."""
        self.tx.execute(text("UPDATE leases SET until = 0"))

    def finish_everything(self) -> None:
        """All senders die, and one that nothing ever happens to does the rest."""
        for name in SENDERS:
            self.die(name, None)
        self.silence()
        for _ in range(20):
            self.now += SECOND
            self.elect("one", None)
            for action in ("claim", "begin", "request", "settle"):
                getattr(self, action)("one", 100)
        assert not pending(self.tx, self.now)


def play(tx: Tx, turns: Sequence[tuple[str, Sequence[tuple[str, int]], str]]) -> None:
    world = World(tx)
    for person in range(1, 4):
        world.queue(person, "a")
    for number, (who, steps, end) in enumerate(turns):
        world.queue(1 + number % 2, f"later {number}")
        for action, many in steps:
            world.now += SECOND
            getattr(world, action)(who, many)
        getattr(world, end)(who, 1)
    world.now += 2 * SECOND
    world.finish_everything()
    rows = tx.execute(text("SELECT id, state, ambiguous, person, parameters FROM outbox ORDER BY id"))
    assert {row.state for row in rows} <= {"sent", "unconfirmed"}
    for row in rows:
        assert world.arrived[row.id] <= 2
        assert row.ambiguous <= 2
        assert (row.ambiguous == 2) is (row.state == "unconfirmed")
        if row.state == "sent":
            assert 1 <= world.arrived[row.id] <= 1 + row.ambiguous


@pytest.fixture
def play_in(database_url: str) -> Iterator[object]:
    with playing(database_url, play) as played:
        yield played


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(turn, min_size=4, max_size=12))
def test_any_history(play_in, turns) -> None:
    play_in(turns)
