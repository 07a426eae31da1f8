"""Distances."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.places import Place, kilometres, weight

PLACES = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def test_munich_and_nuremberg_are_150_km_apart() -> None:
    assert kilometres((48.13743, 11.57549), (49.45421, 11.07752)) == pytest.approx(150.9, abs=0.5)


@given(PLACES, PLACES)
def test_there_and_back_are_the_same_and_no_more_than_half_round_the_earth(one, other) -> None:
    assert kilometres(one, other) == pytest.approx(kilometres(other, one))
    assert 0 <= kilometres(one, other) <= 20016


def test_a_village_at_home_weighs_as_much_as_a_town_elsewhere() -> None:
    at_home = Place(1, "Wald", "BY", (48.0, 10.0), 1200)
    assert weight(at_home) == weight(Place(2, "Wald", "BW", (48.0, 9.0), 12_000))
    assert weight(Place(3, "Wald", "BY", (48.0, 10.0), 0)) == 20_000
