"""What goes over the wire: the envelope of every answer, and the refusal that any part may raise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


class RefusedError(Exception):
    """A request that Telegram would refuse: the HTTP status, the description, and `parameters` such as retry_after."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, int] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = dict(parameters or {})

    def envelope(self) -> Json:
        """The JSON body of the answer."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad(reason: str) -> RefusedError:
    """A refusal with status 400, as Telegram words it."""
    return RefusedError(400, f"Bad Request: {reason}")
