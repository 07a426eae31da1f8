"""Logs: one form or the other, and never a token or what a person wrote."""

import json
import logging
import re

import pytest

from bot.logs import set_up

TOKEN = "7:abc"  # so short that nothing but itself gives it away
LONG = "123456789:AAinvented-token_of-thirty-five-signs"
QUESTION = "a question that nobody should read"


@pytest.fixture
def logs(capsys):
    """Sets up logging as the command does; `logs(…)()` gives the lines written since."""
    root = logging.getLogger()
    before = (root.level, list(root.handlers))

    def lines():
        return capsys.readouterr().err.splitlines()

    def start(level="debug", form="text"):
        set_up(level, form, TOKEN)
        return lines

    yield start
    root.setLevel(before[0])
    root.handlers[:] = before[1]


def fail_with(message):
    raise ValueError(message)


def test_text_lines_have_the_level_and_the_message(logs):
    lines = logs()
    logging.getLogger("bot.app").warning("the disk of %s is full", "this machine")
    assert lines() == ["WARNING the disk of this machine is full"]


def test_json_lines_are_one_object_each(logs):
    lines = logs(form="json")
    logging.getLogger("bot.app").warning("first\nsecond „ü“")
    (line,) = lines()
    found = json.loads(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", found.pop("time"))
    assert found["level"] == "warning"
    assert found["logger"] == "bot.app"
    assert found["message"] == "first\nsecond „ü“"


def test_less_than_the_level_is_not_written(logs):
    lines = logs("warning")
    logging.getLogger("bot").info("not this")
    logging.getLogger("bot").warning("this")
    assert lines() == ["WARNING this"]


def test_libraries_only_warn_and_the_scheduler_is_silent(logs):
    lines = logs("debug")
    for name in ("telegram.Bot", "httpx", "aiohttp.access", "alembic.runtime.migration", "asyncio"):
        logging.getLogger(name).info("talk of a library")
    logging.getLogger("apscheduler.executors").error("a job was cut short")
    logging.getLogger("telegram.Bot").warning("a warning")
    assert lines() == ["WARNING a warning"]


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("token", [TOKEN, LONG])
def test_a_token_is_blotted_out_wherever_it_stands(logs, form, token):
    lines = logs(form=form)
    log = logging.getLogger("bot")
    log.debug("calling https://api.example.org/bot%s/getMe", token)
    log.error("refused: %r", {"token": token})
    try:
        fail_with(token)
    except ValueError:
        log.exception("it happened with %s", token)
    written = "\n".join(lines())
    assert token not in written
    assert written.count("[token]") == 3
    assert "https://api.example.org/bot[token]/getMe" in written


@pytest.mark.parametrize("form", ["text", "json"])
def test_of_an_exception_its_place_and_kind_are_written_and_never_its_message(logs, form):
    lines = logs(form=form)
    try:
        try:
            fail_with(QUESTION)
        except ValueError as error:
            raise KeyError(QUESTION) from error
    except KeyError:
        logging.getLogger("bot").exception("an update could not be handled")
    written = "\n".join(lines())
    assert QUESTION not in written
    assert "an update could not be handled" in written
    assert "KeyError" in written
    assert "test_logs.py" in written
