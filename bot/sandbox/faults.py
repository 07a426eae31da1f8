"""Trouble on order: refusals, delays and broken connections for the next calls of a method."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal, get_args

from bot.sandbox.wire import Json, RefusedError, bad

Drop = Literal["before", "after"]
_WORDS = {
    400: "Bad Request: chat not found",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    413: "Request Entity Too Large",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(slots=True)
class Fault:
    """One order: which calls it meets, and what happens to them.

    `method` is empty for every method; `chat` None for every chat; `times` None until the faults are cleared.
    `delay_ms` is real time. `drop` closes the connection without an answer, before or after the call has had its
    effect; `body` is sent instead of JSON, as a proxy in between would.
    """

    method: str = ""
    chat: int | None = None
    times: int | None = None
    status: int | None = None
    retry_after: int | None = None
    migrate_to_chat_id: int | None = None
    description: str = ""
    delay_ms: int = 0
    drop: Drop | None = None
    body: str | None = None

    @property
    def only_delays(self) -> bool:
        """Whether the call is answered properly in the end."""
        return self.status is None and self.drop is None and self.body is None

    def meets(self, method: str, chat: int | None) -> bool:
        """Whether the call is one that the fault was ordered for."""
        return (
            (self.times is None or self.times > 0)
            and self.method in {"", method.lower()}
            and (self.chat is None or self.chat == chat)
        )

    def refusal(self) -> RefusedError:
        """The answer of a fault that has a status."""
        status = self.status or 500
        numbers = {"retry_after": self.retry_after, "migrate_to_chat_id": self.migrate_to_chat_id}
        words = _WORDS.get(status, f"Error {status}")
        if status == 429:  # noqa: PLR2004 - Too Many Requests
            numbers["retry_after"] = self.retry_after or 1
            words = f"Too Many Requests: retry after {numbers['retry_after']}"
        if self.migrate_to_chat_id is not None:
            words = "Bad Request: group chat was upgraded to a supergroup chat"
        return RefusedError(status, self.description or words, {k: v for k, v in numbers.items() if v is not None})


class Faults:
    """The orders in force."""

    def __init__(self) -> None:
        self._orders: list[Fault] = []

    def order(self, given: Json) -> Fault:
        """Takes an order in the form of `POST /sandbox/faults`.

        Without `times` a delay holds until the faults are cleared and everything else happens once; `times` null
        holds until then too.
        """
        fault = _fault(given)
        if "times" not in given and not fault.only_delays:
            fault.times = 1
        self._orders.append(fault)
        return fault

    def take(self, method: str, chat: int | None) -> list[Fault]:
        """The faults for one call, used up once: every plain delay that meets it, and the first other one."""
        self._orders = [fault for fault in self._orders if fault.times is None or fault.times > 0]
        met = [fault for fault in self._orders if fault.meets(method, chat)]
        others = [fault for fault in met if not fault.only_delays][:1]
        taken = [fault for fault in met if fault.only_delays] + others
        for fault in taken:
            if fault.times is not None:
                fault.times -= 1
        return taken

    def clear(self) -> None:
        """Everything works again."""
        self._orders.clear()

    def listed(self) -> list[Json]:
        """The orders in force, in the form in which they were given."""
        return [{name: value for name, value in asdict(fault).items() if value} for fault in self._orders]


def _fault(given: Json) -> Fault:
    wrong = [name for name in given if name not in Fault.__dataclass_fields__]
    if wrong:
        raise bad(f"a fault has no {wrong[0]}")
    for name in ("chat", "times", "status", "retry_after", "migrate_to_chat_id", "delay_ms"):
        value = given.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise bad(f"{name} must be a whole number")
    fault = Fault(**given)
    if fault.drop is not None and fault.drop not in get_args(Drop):
        raise bad("drop must be before or after")
    if fault.status is not None and not 400 <= fault.status <= 599:  # noqa: PLR2004 - HTTP errors
        raise bad("status must be from 400 to 599")
    if fault.only_delays and not fault.delay_ms:
        raise bad("a fault needs status, delay_ms, drop or body")
    fault.method = str(fault.method).lower().replace("*", "")
    return fault
