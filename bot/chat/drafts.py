"""confirm:<draft> and cancel:<draft>: what was previewed is done or dropped by whoever the draft belongs to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.chat import mistakes, privacy, programme_previews
from bot.chat.browse import out_of_date
from bot.chat.talk import Talk
from bot.domain.instants import microseconds
from bot.services import coordination
from bot.services.drafts import Draft, look

Decision = Callable[[Talk, Draft], Awaitable[None]]

CONFIRMS: dict[str, Decision] = {
    coordination.KIND: programme_previews.confirm,
    mistakes.KIND: mistakes.confirm,
}
CANCELS: dict[str, Decision] = {
    coordination.KIND: programme_previews.cancel,
    mistakes.KIND: mistakes.cancel,
}


async def confirm(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers confirm:<draft>."""
    await _decide(talk, arguments, CONFIRMS, privacy.confirm)


async def cancel(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers cancel:<draft>."""
    await _decide(talk, arguments, CANCELS, privacy.cancel)


async def _decide(
    talk: Talk,
    arguments: Sequence[str],
    decisions: dict[str, Decision],
    delete: Callable[[Talk, Sequence[str]], Awaitable[None]],
) -> None:
    """Hands the draft to the owner of its kind.

    That of deletion decides about a draft that is gone, too: a kill may have come between deleting and saying so.
    """
    now = microseconds(talk.house.now())
    draft = await talk.house.database.read(look, int(arguments[0]), talk.arrival.person, now)
    if draft is None or draft.kind == "delete":
        await delete(talk, arguments)
    elif draft.kind in decisions:
        await decisions[draft.kind](talk, draft)
    else:
        await out_of_date(talk)
