"""The preview of an announcement: the messages as they arrive, then who gets them, and what can still be changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from bot.chat.announce_draft import Outlook, Plan, look_ahead
from bot.chat.announce_words import audience_lines, by_language, recipient_chats, recipients
from bot.chat.markup import directed_message
from bot.chat.message import Button, Message, Row
from bot.chat.talk import House, Talk
from bot.domain.chats import Chat
from bot.domain.daytime import MORNING, by_day
from bot.domain.instants import local, microseconds, moment
from bot.domain.languages import reads
from bot.texts import N_, Texts, language_name

# What can be changed before it is sent; buttons after those that decide.
CHANGES: dict[str, str] = {
    # Translators: button label
    "text": N_("Change text"),
    # Translators: button label
    "languages": N_("Other languages"),
    # Translators: button label
    "file": N_("Picture or file"),
    # Translators: button label
    "audience": N_("Change who gets it"),
    # Translators: button label
    "time": N_("Change time"),
    # Translators: button label
    "chats": N_("Groups and channels"),
}


async def show(
    talk: Talk, draft: int, outlook: Outlook, above: Sequence[str] = (), codes: Sequence[str] | None = None
) -> None:
    """Shows a draft: the message in each language of the audience, then the control message as a new one.

    `above` are lines of the latter; `codes` are the languages to show, all of the audience where it is None.
    """
    await show_letters(talk, outlook, outlook.languages() if codes is None else codes)
    await show_posts(talk, outlook, outlook.chats if codes is None else ())
    await talk.say(control(talk, draft, outlook, above))


async def show_letters(talk: Talk, outlook: Outlook, codes: Iterable[str]) -> None:
    """Shows the message exactly as readers of these languages get it."""
    for code in codes:
        message = outlook.letter(talk.house, code)
        if message:
            await talk.house.api.send(talk.arrival.chat, directed_message(message, code))


async def show_posts(talk: Talk, outlook: Outlook, chats: Iterable[Chat]) -> None:
    """Shows the message exactly as it arrives in these groups and channels."""
    for chat in chats:
        message = outlook.letter_to(talk.house, chat)
        if message:
            directed = directed_message(message, chat.language or talk.house.default_language)
            await talk.house.api.send(talk.arrival.chat, directed)


async def show_control(talk: Talk, draft: int, plan: Plan, above: Sequence[str] = ()) -> None:
    """Shows only the control message, in the place of the one that was pressed."""
    await talk.show(control(talk, draft, await look_ahead(talk, plan), above))


def control(talk: Talk, draft: int, outlook: Outlook, above: Sequence[str] = ()) -> Message:
    """Who gets it and when, and the buttons."""
    _, t, plan = talk.texts.gettext, talk.texts, outlook.plan
    morning = late_morning(talk.house, plan)
    lines = [
        *above,
        _("Preview above. Nothing has been sent yet."),
        *recipients(t, outlook),
        *recipient_chats(t, outlook.chats, outlook.reach.people),
        *audience_lines(talk, plan.audience, outlook.source),
        *_without_version(t, outlook),
        *_blocked(t, outlook.reach.blocked),
        time_line(talk.house, t, plan.due),
    ]
    if morning:
        lines.append(_("It is outside 8 to 20 o'clock. A message in the morning disturbs nobody."))
    return Message("\n".join(lines), tuple(_rows(talk, draft, outlook, suggests=morning is not None)))


def late_morning(house: House, plan: Plan) -> int | None:
    """Eight o'clock on the next morning where it is late, or early, and the plan says now; in UTC microseconds."""
    night = not by_day(microseconds(house.now()), house.terms.zone)
    return next_morning(house) if plan.due is None and night else None


def next_morning(house: House) -> int:
    """The next eight o'clock of a day after today, or of today where that is still to come before the day begins."""
    here = moment(microseconds(house.now()), house.terms.zone)
    day = here.date() if here.hour < MORNING else here.date() + timedelta(days=1)
    wall = here.replace(tzinfo=None, hour=MORNING, minute=0, second=0, microsecond=0)
    return local(wall.replace(year=day.year, month=day.month, day=day.day), house.terms.zone)


def morning_label(house: House, t: Texts) -> str:
    """The button for the next morning."""
    here, then = (moment(one, house.terms.zone) for one in (microseconds(house.now()), next_morning(house)))
    # Translators: button label
    label = t.gettext("Today at {time}") if here.date() == then.date() else t.gettext("Tomorrow at {time}")
    return label.format(time=t.time(then))


def time_line(house: House, t: Texts, due: int | None) -> str:
    """When it is sent."""
    if due is None:
        return t.gettext("Time: now")
    then = moment(due, house.terms.zone)
    line = t.gettext("Time: {when}").format(when=t.day_and_time(then))
    if then.fold:
        return t.gettext("{sentence}. This time comes twice that night; the later one is meant.").format(sentence=line)
    return line


def _without_version(t: Texts, outlook: Outlook) -> list[str]:
    """Who reads another language than the text they get is in; by that language."""
    content = outlook.plan.content
    given: dict[str, Counter[str]] = {}
    for code, many in outlook.reach.languages.items():
        own, wording = content.wording(code)
        if wording and (wording.html or wording.alt) and not reads(code, own):
            given.setdefault(own, Counter())[code] += many
    line = t.gettext("No version of their own, will get the text in {language}: {languages}")
    return [line.format(language=language_name(own, t), languages=by_language(t, many)) for own, many in given.items()]


def _blocked(t: Texts, many: int) -> list[str]:
    if not many:
        return []
    return [
        t.ngettext(
            "{n} of them has blocked Lotse and gets nothing.", "{n} of them have blocked Lotse and get nothing.", many
        )
    ]


def _rows(talk: Talk, draft: int, outlook: Outlook, *, suggests: bool) -> list[Row]:
    """Two that decide and one for each change; at night the morning takes the place of other times."""
    _, t = talk.texts.gettext, talk.texts
    # Translators: button label
    send = t.ngettext("Send to {n}", "Send to {n}", outlook.reach.people + len(outlook.chats))
    # Translators: button label
    rows = [Button(send, f"confirm:{draft}"), Button(_("Do not send"), f"cancel:{draft}")]
    labels: Mapping[str, str] = {step: _(label) for step, label in CHANGES.items()}
    if suggests:
        labels = {**labels, "time": morning_label(talk.house, t)}
    steps = {**{step: step for step in labels}, **({"time": "time-morning"} if suggests else {})}
    return [(button,) for button in (*rows, *(Button(labels[s], f"announce:{draft}:{steps[s]}") for s in labels))]
