"""Any history of arrivals, deaths and adoptions: nothing is lost, handled by two, or out of the order of its chat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from histories import playing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.store.inbox import Arrived, Finished, adopt, beat, fail, finish_all, leave, mine, take_in
from bot.store.tx import Tx

BOT = 1
SECOND = 1_000_000
PROCESSES = ("one", "two", "three")

process = st.sampled_from(PROCESSES)
update = st.tuples(st.integers(0, 60), st.sampled_from([7, 7, 7, 8, None]))
arrive = st.tuples(st.just("arrive"), process, st.lists(update, min_size=1, max_size=3))
step = st.one_of(
    arrive,
    arrive,
    st.tuples(st.just("handle"), process, st.integers(1, 3)),
    st.tuples(st.just("fail"), process, st.none()),
    st.tuples(st.just("look"), process, st.integers(1, 3)),
    st.tuples(st.just("adopt"), process, st.none()),
    st.tuples(st.just("kill"), process, st.none()),
    st.tuples(st.just("stop"), process, st.none()),
)


@dataclass
class World:
    """What really happened, beside what the database believes."""

    tx: Tx
    now: int = 0
    chats: dict[int, int | None] = field(default_factory=dict)
    ended: set[int] = field(default_factory=set)
    hands: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in PROCESSES})
    names: dict[str, str] = field(default_factory=lambda: {name: f"{name}-0" for name in PROCESSES})

    def pass_a_second(self) -> None:
        self.now += SECOND
        for name in self.names.values():
            beat(self.tx, name, self.now + 3 * SECOND)

    def give(self, process: str, update_ids: Sequence[int]) -> None:
        """A process is handed updates: check that they are its to handle."""
        for update_id in update_ids:
            assert update_id in self.chats
            assert update_id not in self.ended
            assert all(update_id not in hand for hand in self.hands.values())
            chat = self.chats[update_id]
            if chat is not None:
                unfinished = {one for one, where in self.chats.items() if where == chat and one not in self.ended}
                assert {one for one in unfinished if one < update_id} <= set(self.hands[process])
                assert not any(
                    one in unfinished for name, hand in self.hands.items() if name != process for one in hand
                )
            self.hands[process].append(update_id)

    def arrive(self, process: str, updates: Sequence[tuple[int, int | None]]) -> None:
        batch = [Arrived(update_id, chat, chat, "uk", "{}") for update_id, chat in updates]
        for update_id, chat in updates:
            self.chats.setdefault(update_id, chat)
        taken = take_in(self.tx, BOT, self.names[process], batch, self.now)
        self.give(process, [one.update_id for one in taken])

    def look(self, process: str, limit: int) -> None:
        self.give(process, [one.update_id for one in mine(self.tx, BOT, self.names[process], limit)])

    def adopt(self, process: str, _: None) -> None:
        adopt(self.tx, BOT, self.names[process], self.now)

    def handle(self, process: str, many: int) -> None:
        handled, self.hands[process] = self.hands[process][:many], self.hands[process][many:]
        finish_all(self.tx, BOT, [Finished(one) for one in handled], self.now)
        self.ended.update(handled)

    def fail(self, process: str, _: None) -> None:
        if self.hands[process] and fail(self.tx, BOT, self.hands[process][0]):
            self.ended.add(self.hands[process].pop(0))

    def kill(self, process: str, _: None) -> None:
        """It is gone without a word, and another is started in its place."""
        self.hands[process] = []
        self.names[process] += "'"

    def stop(self, process: str, _: None) -> None:
        leave(self.tx, self.names[process])
        self.kill(process, _)

    def finish_everything(self) -> None:
        for _ in range(4):
            self.pass_a_second()
        for process in PROCESSES:
            self.adopt(process, None)
        for _ in range(len(PROCESSES)):
            for process in PROCESSES:
                self.look(process, 100)
                self.handle(process, 100)


def play(tx: Tx, steps: Sequence[tuple[str, str, object]]) -> None:
    world = World(tx)
    for action, process, argument in steps:
        world.pass_a_second()
        getattr(world, action)(process, argument)
    world.finish_everything()
    assert world.ended == set(world.chats)


@pytest.fixture
def play_in(database_url: str) -> Iterator[object]:
    with playing(database_url, play) as played:
        yield played


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(step, min_size=12, max_size=40))
def test_any_history(play_in, steps) -> None:
    play_in(steps)
