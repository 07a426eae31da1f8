"""What leads where: every command, button and kind of message in one place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.chat import (
    all_registrations,
    announce,
    announce_correct,
    announce_draft,
    attendance,
    browse,
    calendar,
    certificates,
    details,
    drafts,
    feedback,
    groups,
    helpful,
    inquiries,
    inquiries_answers,
    invite,
    keep,
    languages,
    maps,
    mistakes,
    more,
    my,
    needs,
    newsletter,
    own_place,
    person,
    places,
    practices,
    privacy,
    programme,
    questions,
    registrations,
    reminders,
    report,
    reports,
    roles,
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
    "newsletter": newsletter.newsletter,
    "language": languages.language,
    "settings": settings.settings,
    "privacy": privacy.privacy,
    "mydata": privacy.my_data,
    "delete": privacy.delete,
    "programme": programme.programme,
    "announce": announce.announce,
    "report": report.report,
    "inbox": inquiries.inbox,
    "invite": invite.invite,
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
    "withdraw": person.withdraw,
    "inquiry": inquiries_answers.press,
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
    "newsletter": newsletter.press,
    "remind": reminders.press,
    "plan": programme.plan,
    "report": report.press,
    "invite": invite.press,
    "role": roles.press,
    "change": programme.alter,
    "announce": announce.press,
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
    "group": groups.press,
}
# Who takes a reply to a question of Lotse's, by the kind of its draft.
ANSWERS: dict[str, Callable[[Talk, Draft], Awaitable[None]]] = {
    "programme": programme.answer,
    announce_draft.KIND: announce.answer,
    announce_correct.KIND: announce_correct.answer,
    certificates.KIND: certificates.answer,
    details.KIND: details.answer,
    needs.KIND: needs.answer,
    mistakes.KIND: mistakes.answer,
    person.KIND: person.answer,
    inquiries_answers.KIND: inquiries_answers.answer,
    own_place.KIND: own_place.answer,
    reminders.KIND: reminders.answer,
}

# Drafts of what coordinators write for others: where it speaks of danger, help is shown, and it is taken all the same.
FOR_OTHERS = frozenset({announce_draft.KIND, announce_correct.KIND, inquiries_answers.KIND})

# Not in groups, where others read along and a choice would not be the presser's own.
PRIVATE = frozenset({
    "language", "settings", "mydata", "delete", "lang", "confirm", "cancel", "attend", "claim", "details", "keep",
    "kind", "needs", "remind", "my", "register", "leave", "accept", "decline", "register_all", "leave_all", "ics",
    "ics_all", "certificate", "certificate_all", "announce", "plan", "change", "feedback", "invite", "role",
    "mistake", "home", "withdraw", "inquiry", "newsletter",
})  # fmt: skip
# Their last argument is a number of ours.
NUMBERED = frozenset({
    "more", "confirm", "cancel", "session", "series", "register", "leave", "accept", "decline", "register_all",
    "leave_all", "ics", "ics_all", "withdraw",
})  # fmt: skip
# How many arguments a button carries; the others one.
ARGUMENTS = {
    "more": {2},
    "helpful": {2},
    "entry": {1, 2},
    "plan": {1, 2},
    "change": {2},
    "announce": {2},
    "needs": {1, 2},
    "newsletter": {1, 2},
    "place": {1, 2},
    "inquiry": {1, 2},
    "group": {2},
}


async def handle(talk: Talk) -> Tally | None:
    """Answers one update; gives what to count. Danger is answered before anything else, in a flood of messages too."""
    kind = talk.arrival.kind
    if kind == "news":
        await groups.hear(talk)
        return None
    if kind in {"press", "inline"}:
        return await (_press(talk) if kind == "press" else answer_inline(talk))
    if (talk.excess or kind != "text") and await _urgent(talk):
        tally = await questions.question(replace(talk))
        if talk.excess or not await _for_others(talk):
            return tally
    if talk.excess:
        await too_many(talk)
        return None
    if kind in {"command", "text"}:
        return await (_command if kind == "command" else _text)(talk)
    await (places.shared if kind == "place" else announce.media)(talk)
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


async def _for_others(talk: Talk) -> bool:
    """Whether a coordinator surely writes for others: an announcement, or a reply to the question of such a draft."""
    if not talk.coordinates or talk.arrival.command:
        return talk.coordinates and talk.arrival.command == "announce"
    draft = await answered(talk)
    return draft is not None and draft.kind in FOR_OTHERS


async def _expected(talk: Talk) -> bool:
    """Whether the text is something that was asked for, which is then taken; danger is always a question."""
    draft, about = await answered(talk), await feedback.asked_about(talk)
    answers = (draft is not None and draft.kind in ANSWERS) or about is not None
    if not (answers or attendance.is_word(talk)):
        return False
    if await questions.urgent(talk):
        if not await _for_others(talk):
            return False
        await questions.question(replace(talk))  # an answer that names a help line must reach its person as well
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
    elif not talk.arrival.private and (command in PRIVATE or text.startswith(("lang_", "invite_"))):
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
    if not talk.arrival.private and (
        verb in PRIVATE or arguments[0] in {"languages", "my", "my-attended", "newsletter"}
    ):
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
    return number is None or sessions.number_of(number) is not None
