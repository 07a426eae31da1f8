"""Lists to choose from: at most five choices, one a row, numbered; longer lists by pages."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.cards import shortened
from bot.chat.message import Button, Message, Row
from bot.texts import Texts

PAGE = 5  # choices at once, by the contract
HOME = "more:topics:0"


def numbered(choices: Sequence[tuple[str, str]]) -> list[Row]:
    """Rows for choices (label, data); the number can be typed as a reply."""
    return [(Button(f"{number} {shortened(label)}", data),) for number, (label, data) in enumerate(choices, 1)]


def page_of(
    heading: str,
    choices: Sequence[tuple[str, str]],
    name: str,
    page: int,
    t: Texts,
    back: str = "",
    size: int = PAGE,
) -> Message:
    """One page of the list `name`, which `more:<name>:<page>` turns; `back` is the data of the way up.

    `size` is for pages that have other choices besides.
    """
    page = page if 0 <= page * size < len(choices) else 0
    last: list[Button] = []
    if (page + 1) * size < len(choices):
        # Translators: button label
        last.append(Button(t.gettext("Show more"), f"more:{name}:{page + 1}"))
    last += way_back(f"more:{name}:{page - 1}" if page else back, t)
    return Message(heading, (*numbered(choices[page * size : (page + 1) * size]), tuple(last)))


def way_back(back: str, t: Texts) -> Row:
    """The row that leads back and to all topics; at the top there is none."""
    if not back:
        return ()
    # Translators: button label
    row = [Button(t.gettext("Go back"), back)]
    if back != HOME:
        # Translators: button label
        row.append(Button(t.gettext("All topics"), HOME))
    return tuple(row)
