"""When sessions announce themselves, and under which names."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.instants import DAY, HOUR
from bot.domain.programme import Seats, Session, SessionState
from bot.domain.self_announcing import MISTAKES, WISHES, names, occasions

NOW = 20_000 * DAY
SERIES = 3


def session(id_: int = 7, starts: int = NOW + 30 * DAY, **more: object) -> Session:
    made = NOW - 10 * DAY
    whole = {
        "summary": "", "speakers": "", "topics": (), "language": "de", "wordings": {}, "zone": "UTC", "minutes": 60,
        "capacity": 10, "join_url": "", "municipalities": (), "materials": "", "code_word": "", "state": "open",
        "version": 1, "sequence": 0, "created": made, "changed": made, "moved": made,
    }  # fmt: skip
    return Session(id=id_, series=SERIES, title=f"Session {id_}", starts=starts, **(whole | more))  # type: ignore[arg-type]


def told(
    *ahead: Session,
    wishes: tuple[str, ...] = WISHES,
    free: int | None = 5,
    made: dict[str, int] | None = None,
    now: int = NOW,
) -> list[str]:
    """The names of what is to be announced, with an asterisk where it is for everybody with the newsletter."""
    seats = {one.id: Seats(None if free is None else 10, 0 if free is None else 10 - free, 0, 0) for one in ahead}
    found = occasions(SERIES, wishes, ahead, seats, made or {}, now)  # type: ignore[arg-type]
    return [f"{one.name}*" if one.wide else one.name for one in found]


NEW = {"new:3": NOW - 5 * DAY}


def test_a_new_series_is_announced_once_and_as_a_whole() -> None:
    assert told(session(7), session(8)) == ["new:3*"]
    assert told(session(7), session(8), made=NEW) == []


def test_a_series_without_a_session_to_register_for_waits() -> None:
    assert told() == []
    assert told(session(state="closed"), session(8, state="cancelled")) == []


def test_nothing_that_nobody_wishes() -> None:
    assert told(session(starts=NOW + 2 * DAY), wishes=()) == []


@pytest.mark.parametrize(
    ("before", "due"),
    [(3 * DAY + 1, False), (3 * DAY, True), (2 * DAY, True), (DAY, True), (DAY - 1, False), (HOUR, False)],
)
def test_places_that_are_left_are_announced_three_days_before_but_not_on_the_last(before: int, *, due: bool) -> None:
    assert told(session(starts=NOW + before), wishes=("soon",)) == (["soon:7:1"] if due else [])


@pytest.mark.parametrize(("free", "due"), [(0, False), (1, True), (None, True)])
def test_only_where_places_are_left(free: int | None, *, due: bool) -> None:
    assert bool(told(session(starts=NOW + 2 * DAY), wishes=("soon",), free=free)) is due


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_only_where_registration_is_open(state: SessionState) -> None:
    assert told(session(starts=NOW + 2 * DAY, state=state), wishes=("soon",)) == []


def test_who_has_heard_of_it_only_just_is_left_in_peace() -> None:
    near = session(starts=NOW + 2 * DAY)
    assert told(near, made={"new:3": NOW - DAY}) == []
    assert told(near, made=NEW) == ["soon:7:1"]
    assert told(near, made={**NEW, "soon:7:1": NOW - HOUR}) == []


MOVED = session(version=2, moved=NOW - DAY)


def test_another_time_is_announced_to_those_who_were_told_of_the_first() -> None:
    assert told(MOVED, made=NEW) == ["changed:7:2*"]
    assert told(MOVED, made={"soon:7:1": NOW - 2 * DAY}, wishes=("changed",)) == ["changed:7:2"]
    assert told(MOVED, made={}, wishes=("soon", "changed")) == []


def test_each_time_is_announced_once() -> None:
    assert told(MOVED, made={**NEW, "changed:7:2": NOW - HOUR}) == []
    assert told(replace(MOVED, version=3, moved=NOW - HOUR // 2), made={**NEW, "changed:7:2": NOW - HOUR}) == [
        "changed:7:3*"
    ]


def test_a_time_that_was_set_only_just_may_be_a_mistake() -> None:
    assert told(replace(MOVED, moved=NOW - MISTAKES + 1), made=NEW) == []
    assert told(replace(MOVED, moved=NOW - MISTAKES), made=NEW) == ["changed:7:2*"]


def test_a_session_that_came_to_the_series_later_was_not_announced_with_it() -> None:
    assert told(replace(MOVED, created=NOW - 4 * DAY), made=NEW) == []


def test_what_was_moved_before_it_was_announced_is_no_change() -> None:
    assert told(session(version=2, moved=NOW - 6 * DAY), made=NEW) == []


def test_nobody_can_go_to_another_time_of_a_closed_session() -> None:
    assert told(replace(MOVED, state="closed"), made=NEW) == []


def test_a_cancelled_session_is_announced_once_moved_or_not() -> None:
    gone = replace(MOVED, state="cancelled")
    assert told(gone, made=NEW) == ["changed:7:cancelled*"]
    assert told(gone, made={**NEW, "changed:7:cancelled": NOW}) == []
    assert told(gone, wishes=("changed",)) == []


@given(
    ahead=st.lists(
        st.builds(
            lambda id_, starts, state, version, moved: session(
                id_, NOW + starts, state=state, version=version, moved=NOW - moved
            ),
            st.integers(1, 4),
            st.integers(1, 10 * DAY),
            st.sampled_from(["open", "closed", "cancelled"]),
            st.integers(1, 4),
            st.integers(0, 9 * DAY),
        ),
        unique_by=lambda one: one.id,
    ),
    wishes=st.sets(st.sampled_from(WISHES)),
    past=st.dictionaries(st.sampled_from(["new:3", "soon:1:1", "soon:2:2", "changed:1:2"]), st.integers(0, 9 * DAY)),
)
def test_what_was_just_announced_is_not_again(ahead: list[Session], wishes: set[str], past: dict[str, int]) -> None:
    made = {name: NOW - ago for name, ago in past.items()}
    seats = {one.id: Seats(10, 5, 0, 0) for one in ahead}
    for _ in range(2):  # a new series first, and then what there is to say of its sessions
        found = occasions(SERIES, wishes, ahead, seats, made, NOW)  # type: ignore[arg-type]
        assert {one.name for one in found} <= set(names(SERIES, ahead))
        assert not {one.name for one in found if one.reason != "soon"} & made.keys()
        made |= {one.name: NOW for one in found}
    assert occasions(SERIES, wishes, ahead, seats, made, NOW) == []  # type: ignore[arg-type]
