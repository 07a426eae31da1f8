"""/announce: a text becomes a draft, its preview shows every message as it will arrive, nothing is sent unseen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat import announce_audience, announce_chats, announce_menus, announce_running
from bot.chat.announce_draft import KIND, Plan, Step, begin, look_ahead, plan_of
from bot.chat.announce_flow import begin_with, go_on
from bot.chat.announce_list import gone, show_list
from bot.chat.announce_preview import show_control
from bot.chat.announce_questions import question, read, too_large, too_large_sentence, with_text
from bot.chat.asking import answered, put
from bot.chat.questions import media as unopened
from bot.chat.rights import refused
from bot.chat.sessions import number_of
from bot.chat.start import unknown_command
from bot.chat.talk import Talk
from bot.domain.announcements import Content
from bot.domain.instants import microseconds
from bot.services.drafts import Draft, look


async def announce(talk: Talk, _arguments: Sequence[str]) -> None:
    """Answers /announce TEXT with a preview, and /announce with what is running and the question for a text."""
    if not talk.arrival.private:
        await unknown_command(talk)
        return
    if await refused(talk):
        return
    content = with_text(talk, Content({}))
    if isinstance(content, str):
        await show_list(talk)
        await _ask_for_text(talk)
    else:
        await begin_with(talk, Plan(content))


async def _ask_for_text(talk: Talk) -> None:
    await put(talk, await begin(talk, Plan(), "text"), question(talk, "text", Plan()))


async def _new(talk: Talk, about: str) -> None:
    """Answers announce:new:<kind>-<id> with a draft that has a card and no text."""
    kind, _, id_ = about.partition("-")
    plan = Plan(Content({}, card=f"{kind}:{id_}"))
    if (await look_ahead(talk, plan)).missing(talk.house, talk.language):
        await gone(talk)
    else:
        await begin_with(talk, plan)


async def answer(talk: Talk, draft: Draft) -> None:
    """Takes the reply to a step: asks again where it means nothing, else goes on to the next step or the preview."""
    if await refused(talk):
        return
    plan, above = plan_of(draft), ""
    if too_large(talk):
        above = too_large_sentence(talk)
        talk = replace(talk, arrival=replace(talk.arrival, photo="", document=""))
    reading = read(talk, draft.step, plan)
    if isinstance(reading, str):
        await put(talk, draft.id, question(talk, draft.step, plan, above or reading))
        return
    await go_on(talk, draft, reading, [above] if above else (), () if draft.step == "time" else None)


async def media(talk: Talk) -> None:
    """Takes a picture or file that replies to the draft of a coordinator; any other is not opened."""
    draft = await answered(talk) if talk.coordinates else None
    if draft is not None and draft.kind == KIND:
        await answer(talk, draft)
    else:
        await unopened(talk)


async def press(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers announce:<draft>:<step> and announce:<announcement>:<step>, where a step is a name and maybe a value."""
    if await refused(talk):
        return
    number, (name, _, value) = number_of(arguments[0]), arguments[1].partition("-")
    if arguments[0] == "new":
        await _new(talk, arguments[1])
    elif number is None:
        await gone(talk)
    elif name in announce_running.STEPS:
        await announce_running.STEPS[name](talk, number, value)
    else:
        await _step(talk, number, name, value)


async def _step(talk: Talk, number: int, name: str, value: str) -> None:
    draft = await talk.house.database.read(look, number, talk.arrival.person, microseconds(talk.house.now()))
    if draft is None or draft.kind != KIND or name not in STEPS:
        await gone(talk)
        return
    plan = plan_of(draft)
    if (await look_ahead(talk, plan)).missing(talk.house, talk.language):  # it was never shown
        await gone(talk)
        return
    await STEPS[name](talk, draft, plan, value)


async def _back(talk: Talk, draft: Draft, plan: Plan, _value: str) -> None:
    await show_control(talk, draft.id, plan)


STEPS: dict[str, Step] = {"back": _back, **announce_menus.STEPS, **announce_audience.STEPS, **announce_chats.STEPS}
