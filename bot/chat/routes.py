"""What leads where: every command, button and kind of message in one place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.chat import (
    all_registrations,
    attendance,
    browse,
    calendar,
    certificates,
    details,
    drafts,
    feedback,
    helpful,
    keep,
    languages,
    maps,
    mistakes,
    more,
    my,
    needs,
    own_place,
    person,
    places,
    practices,
    privacy,
    programme,
    questions,
    registrations,
    reminders,
    reports,
    series,
    sessions,
    settings,
    start,
)
from bot.chat.asking import answered
from bot.chat.browse import out_of_date
from bot.chat.errors import too_many
from bot.chat.inline import answer_inline
from bot.chat.message import LONGEST_DATA, Message
from bot.chat.talk import Talk
from bot.chat.wipe import wipe
from bot.services.drafts import Draft
from bot.store.inbox import Tally

Handler = Callable[[Talk, Sequence[str]], Awaitable[Tally | None]]

COMMANDS: dict[str, Handler] = {
    "start": start.start,
    "help": start.help_,
    "topics": browse.topics,
    "practices": practices.practices,
    "contacts": places.contacts_of,
    "sessions": sessions.sessions,
    "my": my.my,
    "language": languages.language,
    "settings": settings.settings,
    "privacy": privacy.privacy,
    "mydata": privacy.my_data,
    "delete": privacy.delete,
    "programme": programme.programme,
}
PRESSES: dict[str, Handler] = {
    "topic": browse.topic,
    "entry": browse.entry,
    "contact": browse.contact,
    "map": maps.show,
    "mistake": mistakes.press,
    "more": more.more,
    "place": places.chosen,
    "home": own_place.press,
    "pdf": reports.pdf,
    "lang": languages.choose,
    "person": person.person,
    "helpful": helpful.helpful,
    "confirm": drafts.confirm,
    "cancel": drafts.cancel,
    "privacy": privacy.privacy,
    "mydata": privacy.my_data,
    "delete": privacy.delete,
    "details": details.press,
    "keep": keep.keep,
    "kind": details.choose_type,
    "needs": needs.press,
    "remind": reminders.press,
    "plan": programme.plan,
    "change": programme.alter,
    "attend": attendance.attend,
    "claim": attendance.claim,
    "certificate": certificates.certificate,
    "certificate_all": certificates.certificate_all,
    "feedback": feedback.feedback,
    "session": sessions.session,
    "series": series.series,
    "register": registrations.register,
    "leave": registrations.leave,
    "accept": registrations.accept,
    "decline": registrations.decline,
    "register_all": all_registrations.register_all,
    "leave_all": all_registrations.leave_all,
    "ics": calendar.ics,
    "ics_all": calendar.ics_all,
}
# Who takes a reply to a question of Lotse's, by the kind of its draft.
ANSWERS: dict[str, Callable[[Talk, Draft], Awaitable[None]]] = {
    "programme": programme.answer,
    certificates.KIND: certificates.answer,
    details.KIND: details.answer,
    needs.KIND: needs.answer,
    mistakes.KIND: mistakes.answer,
    own_place.KIND: own_place.answer,
    reminders.KIND: reminders.answer,
}

# Not in groups, where others read along and a choice would not be the presser's own.
PRIVATE = frozenset({
    "language", "settings", "mydata", "delete", "lang", "confirm", "cancel", "attend", "claim", "details", "keep",
    "kind", "needs", "remind", "my", "register", "leave", "accept", "decline", "register_all", "leave_all", "ics",
    "ics_all", "certificate", "certificate_all", "plan", "change", "feedback",
    "mistake", "home",
})  # fmt: skip
# Their last argument is a number of ours.
NUMBERED = frozenset({
    "more", "confirm", "cancel", "session", "series", "register", "leave", "accept", "decline", "register_all",
    "leave_all", "ics", "ics_all",
})  # fmt: skip
# How many arguments a button carries; the others one.
ARGUMENTS = {
    "more": {2},
    "helpful": {2},
    "entry": {1, 2},
    "plan": {1, 2},
    "change": {2},
    "needs": {1, 2},
    "place": {1, 2},
}


async def handle(talk: Talk) -> Tally | None:
    """Answers one update; gives what to count. Danger is answered before anything else, in a flood of messages too."""
    kind = talk.arrival.kind
    if kind in {"press", "inline"}:
        return await (_press(talk) if kind == "press" else answer_inline(talk))
    if (talk.excess or kind != "text") and await _urgent(talk):
        return await questions.question(talk)
    if talk.excess:
        await too_many(talk)
        return None
    if kind == "command":
        return await _command(talk)
    if kind == "text":
        return await _text(talk)
    await (places.shared if kind == "place" else questions.media)(talk)
    return None


async def _urgent(talk: Talk) -> bool:
    """Whether what was typed, after a command or below a picture too, is about danger."""
    typed = talk.arrival.private and talk.arrival.command != "start"  # which carries the payload of a link
    return typed and await questions.urgent(talk)


async def _text(talk: Talk) -> Tally | None:
    data = questions.choice(talk)
    if data is None:
        return None if await _expected(talk) else await questions.question(talk)
    pressed = replace(talk.arrival, kind="press", data=data, message_id=0, buttons=())
    return await _route(replace(talk, arrival=pressed))


async def _expected(talk: Talk) -> bool:
    """Whether the text is something that was asked for, which is then taken; danger is always a question."""
    draft, about = await answered(talk), await feedback.asked_about(talk)
    answers = (draft is not None and draft.kind in ANSWERS) or about is not None
    if not (answers or attendance.is_word(talk)) or await questions.urgent(talk):
        return False
    if draft is not None and draft.kind in ANSWERS:
        await ANSWERS[draft.kind](talk, draft)
    elif about is not None:
        await feedback.keep(talk, about)
    else:
        return await attendance.by_word(talk)
    return True


async def _command(talk: Talk) -> Tally | None:
    command, text = talk.arrival.command, talk.arrival.text
    handler = COMMANDS.get(command)
    if handler is None:
        await start.unknown_command(talk)
    elif not talk.arrival.private and (command in PRIVATE or text.startswith("lang_")):
        await _refuse_in_group(talk)
    else:
        return await handler(talk, [text] if text else [])
    return None


async def _press(talk: Talk) -> Tally | None:
    """Acknowledges first, since Telegram waits some seconds only; deleting messages acts first."""
    if talk.arrival.data.startswith("wipe:") and talk.arrival.data[5:].isdecimal():
        await wipe(talk)
        return None
    await talk.house.api.acknowledge(talk.arrival.callback)
    return await _route(talk)


async def _route(talk: Talk) -> Tally | None:
    verb, *arguments = talk.arrival.data.split(":")
    handler = PRESSES.get(verb)
    if handler is None or not _sound(verb, arguments, talk.arrival.data):
        await out_of_date(talk)
        return None
    if not talk.arrival.private and (verb in PRIVATE or arguments[0] in {"languages", "my", "my-attended"}):
        await _refuse_in_group(talk)
        return None
    return await handler(talk, arguments)


async def _refuse_in_group(talk: Talk) -> None:
    await talk.say(Message(talk.texts.gettext("This works only in your own chat with Lotse.")))


def _sound(verb: str, arguments: Sequence[str], data: str) -> bool:
    """Whether the data can be ours; numbers are where they belong, and small enough for any database."""
    if len(data.encode("utf-8", "replace")) > LONGEST_DATA or len(arguments) not in ARGUMENTS.get(verb, {1}):
        return False
    number = arguments[-1] if verb in NUMBERED else None
    return number is None or (number.isascii() and number.isdecimal() and len(number) <= 15)  # noqa: PLR2004
