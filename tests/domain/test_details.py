"""What people say of themselves, as it is read from what they type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.details import LONGEST, Details, parse


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Anna Muster\nLandratsamt\nMusterkreis", ("Anna Muster", "Landratsamt", "Musterkreis")),
        ("Anna Muster, Landratsamt, Musterkreis", ("Anna Muster", "Landratsamt", "Musterkreis")),
        ("Anna Muster; Landratsamt; Musterkreis", ("Anna Muster", "Landratsamt", "Musterkreis")),
        ("رامي، بلدية، موسترشتات", ("رامي", "بلدية", "موسترشتات")),
        ("Muster, Anna\nStadt Muster, Amt 50\nMuster", ("Muster, Anna", "Stadt Muster, Amt 50", "Muster")),
        ("Anna Muster", ("Anna Muster", "", "")),
        ("Anna Muster, Landratsamt", ("Anna Muster", "Landratsamt", "")),
        ("Anna,,Musterkreis", ("Anna", "", "Musterkreis")),
        ("Anna\n\nMusterkreis", ("Anna", "", "Musterkreis")),
        ("Anna\n-\nMusterkreis", ("Anna", "", "Musterkreis")),
        ("Anna\n\nLandratsamt\n\nMusterkreis\n", ("Anna", "Landratsamt", "Musterkreis")),
        ("Anna, Landratsamt, Sachgebiet 31, Musterkreis", ("Anna", "Landratsamt, Sachgebiet 31", "Musterkreis")),
        ("  Anna \t Muster  ", ("Anna Muster", "", "")),
        ("Anna\x00\x1b[31m", ("Anna [31m", "", "")),
        ("<b>Anna</b> & Co, =SUM(A1)", ("<b>Anna</b> & Co", "=SUM(A1)", "")),
        ("👩‍💼 Anna", ("👩‍💼 Anna", "", "")),
        ("می‌خواهم", ("می‌خواهم", "", "")),
        ("1\n2\n3\n4\n5\n6\n7\n8\n9\n10", ("1", "2, 3, 4, 5, 6, 7, 8, 9", "10")),
        ("-", ("", "", "")),
        ("", ("", "", "")),
        ("\n\n,\n", ("", "", "")),
        (",,,", ("", "", "")),
    ],
)
def test_three_lines_or_commas_give_name_authority_and_municipality(typed, said):
    assert parse(typed) == Details(*said)


def test_each_is_cut():
    said = parse(f"{'a' * 4000}\n{'ü' * 4000}\n{'ж' * 4000}")
    assert (said.name, said.organisation, said.municipality) == ("a" * LONGEST, "ü" * LONGEST, "ж" * LONGEST)


def test_nothing_said_is_nothing():
    assert not parse("–")
    assert parse("- , - , Muster")


@given(st.text(max_size=300))
def test_whatever_is_typed_gives_three_short_lines_without_control_characters(typed):
    said = parse(typed)
    for detail in (said.name, said.organisation, said.municipality):
        assert len(detail) <= LONGEST
        assert detail == detail.strip()
        assert not any(ord(letter) < 32 or ord(letter) == 127 for letter in detail)
