"""Groups and channels that announcements may go to besides people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ChatKind = Literal["group", "channel"]


@dataclass(frozen=True, slots=True)
class Chat:
    """A group or channel that a coordinator has added Lotse to.

    `id` is Telegram's and below 0. Announcements go there only while it is `linked`; until then `added_by` is the
    coordinator who may link it. `language` is what is posted there is written in, None for the default.
    """

    id: int
    kind: ChatKind
    title: str
    language: str | None = None
    linked: bool = False
    added_by: int | None = None


@dataclass(frozen=True, slots=True)
class ChatNews:
    """What Telegram says of a group or channel: its title, and whether Lotse may `post` there (None: not said).

    Of a group that was given another id, `before` is the one it had and `after` the one it has; else both are 0.
    """

    kind: ChatKind
    title: str
    posts: bool | None = None
    before: int = 0
    after: int = 0
