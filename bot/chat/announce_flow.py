"""From one step of an announcement to the next: what is missing is asked for, then the preview is shown."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.announce_draft import Outlook, Plan, begin, keep, look_ahead, plan_of, renew
from bot.chat.announce_list import gone
from bot.chat.announce_preview import show, show_control
from bot.chat.announce_questions import question
from bot.chat.asking import put
from bot.chat.talk import Talk
from bot.services.drafts import Draft
from bot.texts import language_name


async def begin_with(talk: Talk, plan: Plan) -> None:
    """Shows a plan for the first time, or asks for what it lacks."""
    outlook = await look_ahead(talk, plan)
    step, why = lacking(talk, outlook)
    draft = await begin(talk, plan, step or "preview")
    if step:
        await put(talk, draft, question(talk, step, plan, why))
    else:
        await show(talk, draft, outlook)


async def ask(talk: Talk, draft: Draft, plan: Plan, step: str, above: str = "") -> None:
    """Asks for the reply to a step, which replaces any other that is awaited."""
    if await keep(talk, draft.id, plan, step):
        await put(talk, draft.id, question(talk, step, plan, above))
    else:
        await gone(talk)


async def go_on(
    talk: Talk, draft: Draft, plan: Plan, above: Sequence[str] = (), codes: Sequence[str] | None = None
) -> None:
    """Shows a changed plan anew, in the languages `codes`; asks for what it lacks.

    Where it would be too long it stays as it was, and the same step is asked for again; only what a picture shows is
    kept, and a shorter text asked for.
    """
    outlook = await look_ahead(talk, plan)
    step, why = lacking(talk, outlook)
    if why and draft.step.startswith(("text", "file", "time")):
        await ask(talk, draft, plan_of(draft), draft.step, why)
    elif why:
        await ask(talk, draft, plan if draft.step.startswith("alt") else plan_of(draft), step, why)
    elif step:
        await ask(talk, draft, plan, step, "\n".join(above))
    else:
        renewed = await renew(talk, draft, plan)
        if renewed is None:
            await gone(talk)
        else:
            await show(talk, renewed, outlook, [*above, ""] if above else (), codes)


async def adjust(talk: Talk, draft: Draft, plan: Plan) -> None:
    """Takes another audience or time: only the control message changes, unless languages came in."""
    before, after = await look_ahead(talk, plan_of(draft)), await look_ahead(talk, plan)
    new = [code for code in after.languages() if code not in before.languages()]
    if new and after.reach.people:
        await go_on(talk, draft, plan, codes=new)
    elif await keep(talk, draft.id, plan):
        await show_control(talk, draft.id, plan)
    else:
        await gone(talk)


def lacking(talk: Talk, outlook: Outlook) -> tuple[str, str]:
    """The step that asks for what is missing or too long, and in the latter case the sentence that says so.

    Both are empty where nothing is.
    """
    step = outlook.missing(talk.house, talk.language)
    why = too_long(talk, outlook)
    if not why:
        return step or "", ""
    texts = outlook.plan.content.texts
    longest = max(texts, key=lambda one: len(texts[one].html), default="")
    return f"text-{longest}" if longest else "text", why


def too_long(talk: Talk, outlook: Outlook) -> str:
    """The sentence that says that the message is too long, for which readers, and what is possible; else empty."""
    found = outlook.too_long(talk.house)
    if found is None:
        return ""
    code, length, most = found
    sentence = talk.texts.gettext(
        "For readers of {language} the message has {length} characters; at most {most} are possible."
    )
    return sentence.format(language=language_name(code, talk.texts), length=length, most=most)
