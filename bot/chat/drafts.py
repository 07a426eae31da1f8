"""confirm:<draft> and cancel:<draft>: what was previewed is done or dropped by whoever the draft belongs to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.chat import (
    announce_correct,
    announce_draft,
    announce_list,
    announce_running,
    inquiries_answers,
    mistakes,
    person,
    privacy,
    programme_previews,
    roles,
)
from bot.chat.browse import out_of_date
from bot.chat.rights import refused
from bot.chat.talk import Talk
from bot.domain.instants import microseconds
from bot.services import coordination
from bot.services import roles as role_service
from bot.services.drafts import Draft, look

Decision = Callable[[Talk, Draft], Awaitable[None]]

CONFIRMS: dict[str, Decision] = {
    coordination.KIND: programme_previews.confirm,
    announce_draft.KIND: announce_running.confirm,
    announce_correct.KIND: announce_correct.confirm,
    mistakes.KIND: mistakes.confirm,
    person.KIND: person.confirm,
    inquiries_answers.KIND: inquiries_answers.confirm,
    role_service.KIND: roles.confirm,
}
CANCELS: dict[str, Decision] = {
    coordination.KIND: programme_previews.cancel,
    announce_draft.KIND: announce_running.cancel,
    announce_correct.KIND: announce_correct.cancel,
    mistakes.KIND: mistakes.cancel,
    person.KIND: person.cancel,
    inquiries_answers.KIND: inquiries_answers.cancel,
    role_service.KIND: roles.cancel,
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
    if draft is None and any(data.startswith("announce:") for _, data in talk.arrival.buttons):
        if not await refused(talk):
            await announce_list.gone(talk)
    elif draft is None and not privacy.asked_whether(talk):
        await out_of_date(talk)
    elif draft is None or draft.kind == "delete":
        await delete(talk, arguments)
    elif draft.kind in decisions:
        await decisions[draft.kind](talk, draft)
    else:
        await out_of_date(talk)
