"""Logs: to stderr, as text or JSON lines, never with the token in them."""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{20,}|(?<=/bot)\d+:[^/\s]+")
NOISY = ("httpx", "httpcore", "telegram", "aiohttp", "alembic", "asyncio")


class _WithoutToken(logging.Formatter):
    """Text lines; the token and whatever looks like one is blotted out, tracebacks included."""

    def __init__(self, form: str, token: str) -> None:
        super().__init__(form)
        self._token = re.compile(f"{re.escape(token)}|{TOKEN.pattern}") if token else TOKEN

    def format(self, record: logging.LogRecord) -> str:
        return self._token.sub("[token]", super().format(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name of the standard library
        """Where it happened and the kind of error; its message may quote what a person wrote."""
        return "".join([*traceback.format_tb(ei[2]), ei[0].__name__])


class _AsJson(_WithoutToken):
    """One JSON object a line, with time (UTC), level, logger, and message."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": super().format(record),
        }
        return json.dumps(line, ensure_ascii=False)


def set_up(level: str, form: str, token: str = "") -> None:
    """Logs at this level ("debug" to "error") and in this form ("text" or "json"), never showing the bot's token.

    Libraries only warn.
    """
    handler = logging.StreamHandler(sys.stderr)
    as_json, as_text = _AsJson("%(message)s", token), _WithoutToken("%(levelname)s %(message)s", token)
    handler.setFormatter(as_json if form == "json" else as_text)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # it tells of tasks that a stop has cut short
