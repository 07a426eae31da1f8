"""Correcting an announcement that is on its way or was sent: the new text takes the old one's place everywhere."""

from __future__ import annotations

from typing import Any

from bot.chat.announce_draft import LIFE, Outlook, Plan
from bot.chat.announce_flow import too_long
from bot.chat.announce_list import gone
from bot.chat.announce_preview import show_letters
from bot.chat.announce_questions import question, read
from bot.chat.asking import ask, put
from bot.chat.markup import bold
from bot.chat.message import Button, Message
from bot.chat.rights import refuse, refused
from bot.chat.talk import Talk
from bot.domain.announcements import Announcement, Content, Reach, as_json, content_of
from bot.domain.instants import microseconds
from bot.domain.languages import in_order
from bot.services import announcements as service
from bot.services.announcement_cards import cards
from bot.services.announcements import Corrected, Progress
from bot.services.drafts import Draft, renew, take
from bot.services.notices import Facts
from bot.store.tx import Tx
from bot.texts import language_name

KIND = service.CORRECTION  # of the drafts


async def begin(talk: Talk, number: int, code: str) -> None:
    """Answers announce:<announcement>:correct, and correct-<language> where there are several versions."""
    announcement = await talk.house.database.read(service.announcement, number)
    texts = announcement.content.texts if announcement else {}
    if announcement is None or not texts or announcement.state == "cancelled":
        await gone(talk)
        return
    if code not in texts and len(texts) > 1:
        rows = tuple(
            (Button(language_name(one, talk.texts), f"announce:{number}:correct-{one}"),) for one in in_order(texts)
        )
        await talk.say(Message(bold(talk.texts.gettext("Which text should change?")), rows))
        return
    code = code if code in texts else next(iter(texts))
    plan = Plan(announcement.content, announcement.audience)
    step = f"text-{code}"
    await ask(talk, KIND, step, _answers(announcement, announcement.content), question(talk, step, plan), LIFE)


def _answers(announcement: Announcement, content: Content) -> dict[str, Any]:
    return {"announcement": announcement.id, "version": announcement.version, "content": as_json(content)}


async def answer(talk: Talk, draft: Draft) -> None:
    """Takes the new text, and shows it where it will stand."""
    if await refused(talk):
        return
    found = await talk.house.database.read(
        _look, draft.answers["announcement"], microseconds(talk.house.now()), talk.house.default_language
    )
    if found is None:
        await gone(talk)
        return
    announcement, progress, facts = found
    plan = Plan(content_of(draft.answers["content"]), announcement.audience)
    reading = read(talk, draft.step, plan)
    if isinstance(reading, Plan):
        outlook = Outlook(reading, Reach(progress.people_by_language()), facts)
        why = too_long(talk, outlook)
    else:
        why = reading
    if isinstance(reading, str) or why:
        await put(talk, draft.id, question(talk, draft.step, plan, why))
        return
    answers = {**draft.answers, "content": as_json(reading.content)}
    now = microseconds(talk.house.now())
    renewed = await talk.house.database.write(renew, draft, talk.arrival.person, answers, now, LIFE)
    await (gone(talk) if renewed is None else _preview(talk, renewed, plan, outlook, progress))


async def _preview(talk: Talk, draft: int, before: Plan, outlook: Outlook, progress: Progress) -> None:
    """The message in each language that changes, then how many messages that concerns."""
    _, t = talk.texts.gettext, talk.texts
    changed = [
        code for code in outlook.languages() if before.content.wording(code) != outlook.plan.content.wording(code)
    ]
    await show_letters(talk, outlook, changed)
    lines = [_("Preview above. Nothing has been changed yet.")]
    many, ahead = (
        sum(progress.languages.get(code, {}).get(part, 0) for code in changed) for part in ("sent", "waiting")
    )
    lines.append(t.ngettext("{n} message that was sent is changed.", "{n} messages that were sent are changed.", many))
    if ahead:
        lines.append(t.ngettext("{n} person still waits for it.", "{n} people still wait for it.", ahead))
    rows = (
        # Translators: button label
        (Button(_("Correct the text"), f"confirm:{draft}"),),
        # Translators: button label
        (Button(_("Change nothing"), f"cancel:{draft}"),),
    )
    await talk.say(Message("\n".join(lines), rows))


async def confirm(talk: Talk, draft: Draft) -> None:
    """Answers confirm:<draft>: the messages are edited from now on."""
    if await refused(talk):
        return
    _, house, now = talk.texts.gettext, talk.house, microseconds(talk.house.now())
    came = await house.database.write(service.correct, draft.id, talk.arrival.person, house.coordinators, now)
    if isinstance(came, Corrected):
        await talk.show(Message(_("The text is corrected. The messages change within the next minutes.")))
    elif came.why == "role":
        await refuse(talk)
    elif came.why == "outdated":
        await talk.show(Message(_("This announcement was changed in the meantime. Nothing was done.")))
    else:
        await gone(talk)


async def cancel(talk: Talk, draft: Draft) -> None:
    """Answers cancel:<draft>: drops it."""
    if await refused(talk):
        return
    await talk.house.database.write(take, draft.id, talk.arrival.person, microseconds(talk.house.now()))
    await talk.show(Message(talk.texts.gettext("Nothing was changed.")))


def _look(tx: Tx, number: int, now: int, default_language: str) -> tuple[Announcement, Progress, Facts] | None:
    found = service.announcement(tx, number)
    if found is None:
        return None
    card = cards(tx, [found.content.card], now).get(found.content.card)
    return found, service.progress(tx, number, default_language), Facts(now, card=card)
