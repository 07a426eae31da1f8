"""The examples of docs/sessions.md are what the program does."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from bot.domain.instants import HOUR, local, moment
from bot.domain.offers import offer_end
from bot.domain.reminders import due
from bot.services.holidays import is_holiday

PAGE = (Path(__file__).parents[2] / "docs/sessions.md").read_text("utf-8")
GERMANY = "Europe/Berlin"
TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d"
OFFERS = re.findall(rf"^\| (\w+), ({TIME}) \| ({TIME}) \| (\w+), ({TIME}) \|$", PAGE, re.MULTILINE)
REMINDERS = re.findall(rf"^\| ({TIME}) \| `(\w+)` \| ({TIME}) \|", PAGE, re.MULTILINE)


def instant(time):
    return local(datetime.fromisoformat(time), GERMANY)


def test_there_are_examples():
    assert (len(OFFERS), len(REMINDERS)) == (5, 7)


@pytest.mark.parametrize(("weekday", "free", "starts", "last_weekday", "until"), OFFERS)
def test_an_offer_is_kept_as_the_page_says(weekday, free, starts, last_weekday, until):
    end = offer_end(instant(free), 24 * HOUR, instant(starts), GERMANY, is_holiday)
    assert f"{moment(end, GERMANY):%A %Y-%m-%d %H:%M}" == f"{last_weekday} {until}"
    assert f"{moment(instant(free), GERMANY):%A}" == weekday


@pytest.mark.parametrize(("starts", "rule", "comes"), REMINDERS)
def test_a_reminder_comes_as_the_page_says(starts, rule, comes):
    assert due(instant(starts), GERMANY, rule) == instant(comes)
