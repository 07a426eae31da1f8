"""Numbers to copy. All numbers but the short ones are invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.phones import copy_number


@pytest.mark.parametrize(
    ("shown", "copied"),
    [
        ("089 99998-123", "+498999998123"),
        ("(089) 99 99 8", "+498999998"),
        ("01234/99998", "+49123499998"),
        ("0170 9999999", "+491709999999"),
        ("+49 89 99998-0", "+4989999980"),
        ("+49 (0)89 99998-0", "+4989999980"),
        ("0049 89 99998-0", "+4989999980"),
        ("0049 (0) 89 99998-0", "+4989999980"),
        (" +380 44 9999999", "+380449999999"),
        ("0800 9999 016", "08009999016"),
        ("0180 5 9999", "018059999"),
        ("0900 9 9999", "090099999"),
        ("116 117", "116117"),
        ("110", "110"),
        ("", ""),
    ],
)
def test_numbers_with_an_area_code_get_the_country(shown, copied):
    assert copy_number(shown) == copied


@given(st.text(alphabet="0123456789 +-/()–٣", max_size=30))
def test_whatever_is_given_only_a_plus_and_digits_are_copied(shown):
    copied = copy_number(shown)
    assert set(copied.removeprefix("+")) <= set("0123456789")
    assert copied.count("+") <= 1
