"""How many messages a person may send."""

from __future__ import annotations

from collections import OrderedDict, deque

MESSAGES = 30  # in any minute, by the contract
SECONDS = 60
PEOPLE = 10_000  # remembered at most; the longest silent are forgotten first


class Flood:
    """Counts each person's messages of the last minute.

    It goes by the time Telegram gave them (seconds), so that a backlog after a pause is not taken for a flood.
    """

    def __init__(self) -> None:
        self._times: OrderedDict[int, deque[int]] = OrderedDict()

    def too_many(self, person: int, at: int) -> bool:
        """Counts a message of this person at `at`; true when it is one too many."""
        times = self._times.setdefault(person, deque())
        self._times.move_to_end(person)
        while times and times[0] <= at - SECONDS:
            times.popleft()
        if len(self._times) > PEOPLE:
            self._times.popitem(last=False)
        if len(times) >= MESSAGES:
            return True
        times.append(at)
        return False
