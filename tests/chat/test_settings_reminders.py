"""How long before a session people are reminded: chosen by a press, or typed."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.usefixtures("calm")

USUAL = "As usual is: 7 days, 1 day and 1 hour before"
CHOICES = [
    "[As usual | remind:default]",
    "[1 day before | remind:1d]",
    "[7 days and 1 day before | remind:7d,1d]",
    "[No reminders | remind:none]",
    "[Other times | remind:other]",
]
QUESTION = [
    "How long before a session do you want a reminder?",
    "Reply to this message, for example: 3d, 2h (3 days and 2 hours before)",
    "d is for days, h for hours, m for minutes. Ten reminders at most.",
]


def menu(holds):
    return [holds, USUAL, *CHOICES]


def kept(town):
    return town.select("SELECT reminders FROM people")


@pytest.fixture
async def ben(town):
    """Somebody who opened the choice of reminders in the settings."""
    person = town.person("Ben", "en")
    assert "Reminders: 7 days, 1 day and 1 hour before" in await person.says("/settings")
    assert await person.presses("Choose reminders") == menu("Reminders: 7 days, 1 day and 1 hour before")
    return person


async def test_looking_stores_nothing_and_neither_does_choosing_what_holds_anyway(town, ben):
    assert await ben.presses("As usual") == []
    assert town.select("SELECT * FROM people") == []


@pytest.mark.parametrize(
    ("label", "rules", "words"),
    [
        ("1 day before", "1d", "Reminders: 1 day before"),
        ("7 days and 1 day before", "7d,1d", "Reminders: 7 days and 1 day before"),
        ("No reminders", "", "Reminders: none"),
    ],
)
async def test_a_press_is_kept_and_shown(town, ben, label, rules, words):
    assert await ben.presses(label) == menu(words)
    assert kept(town) == [(rules,)]
    assert words in await ben.says("/settings")
    await ben.presses("Choose reminders")
    assert await ben.presses("As usual") == menu("Reminders: 7 days, 1 day and 1 hour before")
    assert kept(town) == [(None,)]


@pytest.mark.parametrize(
    ("typed", "rules", "words"),
    [
        ("3d, 2h", "3d,2h", "Reminders: 3 days and 2 hours before"),
        ("2h 3d".replace(" ", "\n"), "3d,2h", "Reminders: 3 days and 2 hours before"),
        (" 30 M ; 1 D ", "1d,30m", "Reminders: 1 day and 30 minutes before"),
        ("٣d، ٢h", "3d,2h", "Reminders: 3 days and 2 hours before"),
        ("３ｄ", "3d", "Reminders: 3 days before"),
        ("90s", "90s", "Reminders: 90 seconds before"),
        ("1h, 1h", "1h", "Reminders: 1 hour before"),
    ],
)
async def test_rules_are_typed_as_a_reply(town, ben, typed, rules, words):
    assert await ben.presses("Other times") == QUESTION
    assert await ben.replies(typed) == menu(words)
    assert kept(town) == [(rules,)]


@pytest.mark.parametrize(
    "typed",
    ["tomorrow", "0d", "-1d", "1.5h", "367d", "9" * 4000 + "d", "1d," * 1000 + "x", "1w", "😀", ",", "1d 1h 1", "d"],
)
async def test_what_is_none_is_asked_again_and_changes_nothing(town, ben, typed):
    await ben.presses("1 day before")
    await ben.presses("Other times")
    assert await ben.replies(typed) == ["That was not understood.", *QUESTION]
    assert kept(town) == [("1d",)]
    assert await ben.replies("2h") == menu("Reminders: 2 hours before")
    assert kept(town) == [("2h",)]


async def test_more_than_ten_are_none(ben):
    await ben.presses("Other times")
    many = ",".join(f"{hours}h" for hours in range(1, 12))
    assert (await ben.replies(many))[0] == "That was not understood."
    assert (await ben.replies(many.removesuffix(",11h")))[0].endswith("2 hours and 1 hour before")


async def test_text_that_is_no_reply_is_a_question(town, ben):
    await ben.presses("Other times")
    await ben.says("3d, 2h")
    assert kept(town) == [(None,)]


async def test_danger_in_the_reply_always_wins(ben):
    await ben.presses("Other times")
    assert (await ben.replies("my husband hits me"))[0] == (
        "Reply to your question. Details are below, with source and date."
    )


async def test_the_operators_own_rules_are_what_is_usual(town):
    ben = town.person("Ben", "en")
    town.running.house.terms = type(town.running.house.terms)(reminders="2d")
    await ben.says("/settings")
    assert (await ben.presses("Choose reminders"))[:2] == ["Reminders: 2 days before", "As usual is: 2 days before"]


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules=st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=":"), max_size=12))
async def test_any_forged_choice_is_answered_and_keeps_rules_or_nothing(town, rules):
    eve = town.person("Eve", "en")
    if len(f"remind:{rules}".encode()) <= 64:
        before = len(await eve.sees())
        await eve.forges(7777, f"remind:{rules}")
        assert len(await eve.sees()) == before + 1
        assert kept(town) in ([], [(None,)]) or set(kept(town)[0][0]) <= set("0123456789dhms,")
