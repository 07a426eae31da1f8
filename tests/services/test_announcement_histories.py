"""Any history of an announcement: pieces, senders that die, corrections, repetitions, stopping, in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from announcing import CHIEF, announce, draft_of_correction, fence, states, town
from histories import playing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seating import NOW

from bot.domain.instants import SECOND
from bot.services import announcements as service
from bot.services.announcement_facts import CORRECTION, KIND, About, about
from bot.services.newsletter import unsubscribe
from bot.store.outbox import Claimed, Outcome, begin, claim, settle
from bot.store.tx import Tx

PEOPLE = range(1, 7)
Letter = tuple[Claimed, About]

# Some steps of the ordinary work, so many rows each, and then something else.
deeds = st.sampled_from(
    ["correct", "correct", "fail", "fail", "lose", "refuse", "repeat", "repeat", "die", "wait", "advance", "cancel"]
    + [f"unsubscribe {person}" for person in (1, 2)]
)
turns = st.tuples(st.integers(0, 6), st.integers(1, 3), deeds)


@dataclass
class World:
    """What really happened, beside what the database believes."""

    tx: Tx
    id: int
    now: int = NOW
    fence: int | None = None
    hand: list[Letter] = field(default_factory=list)
    begun: list[Letter] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    arrived: Counter[int] = field(default_factory=Counter)  # by person
    shown: dict[int, int] = field(default_factory=dict)  # the version of the last message, by person
    on_its_way: set[int] | None = None  # rows, when it was stopped
    left: set[int] = field(default_factory=set)
    people: dict[int, int] = field(default_factory=dict)  # of the rows that this sender has begun
    doubts: Counter[int] = field(default_factory=Counter)  # how often nobody knew whether it arrived, by person

    def work(self, many: int) -> None:
        """What comes next."""
        if self.begun:
            self.deliver(many)
        elif self.outcomes:
            self.settle(many)
        elif self.hand:
            self.begin(many)
        elif service.is_advancing(self.tx, self.now):
            self.advance(many)
        else:
            self.claim(many)

    def advance(self, most: int) -> None:
        service.advance(self.tx, self.now, (), "de", most)

    def claim(self, many: int) -> None:
        if self.fence is None:
            self.fence = fence(self.tx, self.now)
        resting = {one.person for one, _ in (*self.hand, *self.begun)}
        found = claim(self.tx, self.fence, self.now, many, resting) or []
        facts = about(self.tx, found, ())
        self.hand += [(one, facts[one.id]) for one in found]

    def begin(self, many: int) -> None:
        """What a sender writes before it begins, and which rows it may then send."""
        chosen, self.hand = self.hand[:many], self.hand[many:]
        posts = []
        for one, facts in chosen:
            stopped = facts.announcement.state == "cancelled" or not facts.entitled
            if one.kind == CORRECTION and facts.underway:
                self.outcomes.append(Outcome(one.id, "waiting", due=self.now + 5 * SECOND))
            elif (one.kind == KIND and stopped) or (one.kind == CORRECTION and not facts.sent):
                self.outcomes.append(Outcome(one.id, "dropped"))
            else:
                posts.append((one, facts))
        may = begin(self.tx, self.fence, [one.id for one, _ in posts], 0) if posts else set()
        self.begun += [(one, facts) for one, facts in posts if one.id in may]
        self.people |= {one.id: one.person for one, _ in self.begun}

    def deliver(self, many: int) -> None:
        for one, facts in self._sent(many):
            self._arrive(one, facts)
            message = facts.sent if one.kind == CORRECTION else one.id
            self.outcomes.append(Outcome(one.id, "sent", attempts=1, message=message))

    def fail(self, many: int) -> None:
        """Telegram refuses them."""
        for one, _ in self._sent(many, (KIND,)):
            self.outcomes.append(Outcome(one.id, "failed", attempts=1))

    def lose(self, many: int) -> None:
        """They arrive, and the answer does not."""
        for one, facts in self._sent(many):
            self._arrive(one, facts)
            state = "unconfirmed" if one.ambiguous else "waiting"
            self.outcomes.append(Outcome(one.id, state, attempts=1, ambiguous=1))
            self.doubts[one.person] += 1

    def refuse(self, many: int) -> None:
        """Later, says Telegram."""
        for one, _ in self._sent(many):
            self.outcomes.append(Outcome(one.id, "waiting", attempts=1))

    def settle(self, many: int) -> None:
        chosen, self.outcomes = self.outcomes[:many], self.outcomes[many:]
        if chosen:
            settle(self.tx, self.fence, chosen)

    def die(self, _: int = 0) -> None:
        self.doubts.update({*self.people.values()})
        self.fence, self.hand, self.begun, self.outcomes = None, [], [], []
        self.people = {}

    def wait(self, _: int) -> None:
        self.now += 6 * SECOND

    def cancel(self, _: int) -> None:
        if isinstance(service.cancel(self.tx, self.id, CHIEF, (), self.now), service.Cancelled):
            self.on_its_way = {one.id for one, _ in self.begun}

    def repeat(self, _: int) -> None:
        service.repeat(self.tx, self.id, self._round(), CHIEF, (), self.now)

    def correct(self, _: int) -> None:
        made = draft_of_correction(self.tx, self.id, service.announcement(self.tx, self.id).version)
        assert isinstance(service.correct(self.tx, made, CHIEF, (), self.now), service.Corrected)

    def unsubscribe(self, person: int) -> None:
        unsubscribe(self.tx, person)
        self.left.add(person)

    def finish_everything(self) -> None:
        """The sender dies, and one that nothing ever happens to does the rest."""
        self.die()
        for _ in range(8):
            self.now += 6 * SECOND
            while service.advance(self.tx, self.now, (), "de", 3):
                pass
            for step in (self.claim, self.begin, self.deliver, self.settle):
                step(100)

    def _sent(self, many: int, kinds: Sequence[str] = (KIND, CORRECTION, "summary")) -> list[Letter]:
        chosen = [letter for letter in self.begun if letter[0].kind in kinds][:many]
        self.begun = [letter for letter in self.begun if letter not in chosen]
        return chosen

    def _arrive(self, one: Claimed, facts: About) -> None:
        if one.kind == "summary":
            return
        self.shown[one.person] = facts.announcement.version
        if one.kind == KIND:
            self.arrived[one.person] += 1
            assert self.on_its_way is None or one.id in self.on_its_way

    def _round(self) -> int:
        return service.announcement(self.tx, self.id).round


def play(tx: Tx, steps: Sequence[tuple[int, int, str]]) -> None:
    town(tx, PEOPLE)
    world = World(tx, announce(tx))
    for work, many, deed in steps:
        for _ in range(work):
            world.now += 1
            world.work(many)
        name, _, whom = deed.partition(" ")
        getattr(world, name)(int(whom or many))
        assert service.progress(tx, world.id, "de").people == len(states(tx, world.id))
    world.finish_everything()
    compare(world)


def compare(world: World) -> None:
    found = service.announcement(world.tx, world.id)
    ended, corrections = states(world.tx, world.id), states(world.tx, world.id, CORRECTION)
    stopped = world.on_its_way is not None
    assert found.state == ("cancelled" if stopped else "finished")
    assert not service.is_advancing(world.tx, world.now)
    assert set(ended.values()) <= {"sent", "failed", "unconfirmed", "dropped"}
    assert set(corrections.values()) <= {"sent", "unconfirmed", "dropped"}
    assert stopped or set(PEOPLE) - world.left <= set(ended)
    for person, state in ended.items():
        assert (state == "dropped") <= (stopped or person in world.left)
        assert world.arrived[person] <= min(2, 1 + world.doubts[person])
        assert (state == "sent") <= (world.arrived[person] > 0)
        if state == "sent" and corrections.get(person) != "unconfirmed":
            assert world.shown[person] == found.version


@pytest.fixture
def play_in(database_url: str) -> Iterator[object]:
    with playing(database_url, play) as played:
        yield played


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(turns, min_size=4, max_size=14))
def test_any_history(play_in, steps) -> None:
    play_in(steps)
