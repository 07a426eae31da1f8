"""How far an announcement is and what became of it, in numbers that add up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.chat.announce_list import name_of
from bot.chat.announce_preview import time_line
from bot.chat.markup import own_words
from bot.chat.message import Button, Message, Row
from bot.chat.talk import House
from bot.domain.announcements import Announcement
from bot.domain.languages import in_order
from bot.domain.programme import Series, Session
from bot.services.announcements import Progress
from bot.services.notices import Facts
from bot.store.outbox import Claimed
from bot.texts import Texts, language_name

UNDER_WAY = frozenset({"queueing", "sending"})


def progress_message(
    house: House,
    found: Announcement,
    progress: Progress,
    about: Session | Series | None,
    t: Texts,
    now: int,
    above: Sequence[str] = (),
) -> Message:
    """How far it is; it stands in the place of the preview's control message, and can be stopped while it goes on.

    `about` is what its card is about, `now` in UTC microseconds; `above` are lines before it.
    """
    ahead = found.state in UNDER_WAY and found.due > now
    lines = [*above, _state(found, progress, t, ahead=ahead), _begins(house, found, about, t)]
    if ahead:
        lines.append(time_line(house, t, found.due))
    return Message("\n".join([*lines, *_numbers(progress, t)]), tuple(_rows(found, progress, t)))


def summary(house: House, _claimed: Claimed, facts: Facts, t: Texts) -> Message | None:
    """Writes the notice for who has announced it, once every message has ended; only with the rights of now."""
    found, progress = facts.announcement, facts.progress
    if found is None or progress is None or not facts.coordinates:
        return None
    progress = _with_default(progress, house.default_language)
    lines = [_state(found, progress, t, ahead=False), _begins(house, found, facts.about, t), *_numbers(progress, t)]
    return Message("\n".join(lines), tuple(_rows(found, progress, t)))


def _with_default(progress: Progress, default_language: str) -> Progress:
    """Who has no known language reads the default one."""
    languages = {code: counts for code, counts in progress.languages.items() if code}
    if unknown := progress.languages.get("", {}):
        own = languages.get(default_language, {})
        languages[default_language] = {part: own.get(part, 0) + unknown.get(part, 0) for part in {**own, **unknown}}
    return replace(progress, languages=languages)


def _state(found: Announcement, progress: Progress, t: Texts, *, ahead: bool) -> str:
    if found.state == "cancelled":
        return t.ngettext(
            "Announcement stopped: {n} person had got it.",
            "Announcement stopped: {n} people had got it.",
            progress.total("sent"),
        )
    if ahead:
        return t.gettext("The announcement is planned.")
    people = progress.people - progress.chats
    if found.state == "finished":
        return t.ngettext("Announcement finished: {n} person", "Announcement finished: {n} people", people)
    return t.ngettext("Announcement under way: {n} person", "Announcement under way: {n} people", people)


def _begins(house: House, found: Announcement, about: Session | Series | None, t: Texts) -> str:
    """Which one it is."""
    return t.gettext("It begins with: {words}").format(words=own_words(name_of(house, found, about, t), t.language))


def _numbers(progress: Progress, t: Texts) -> list[str]:
    """What became of how many, then the same by language; the parts add up to people and groups together."""
    _, total = t.gettext, progress.total
    parts = (
        (total("waiting"), _("Waiting: {n}")),
        (total("sent"), _("Delivered: {n}")),
        (total("blocked"), _("Blocked: {n} (Lotse blocked or chat deleted)")),
        (total("failed"), _("Failed: {n}")),
        (total("unconfirmed"), _("Unconfirmed: {n} (may have arrived, not repeated)")),
        (total("dropped"), _("Not sent: {n} (stopped, or no longer wanted)")),
    )
    many, languages = progress.chats, progress.languages
    besides = [t.ngettext("And to {n} group or channel", "And to {n} groups or channels", many)] if many else []
    lines = [line.format(n=number) for number, line in parts if number]
    return [*besides, *lines, *(_of_language(code, languages[code], t) for code in in_order(languages))]


def _of_language(code: str, counts: Mapping[str, int], t: Texts) -> str:
    """What became of how many of the readers of a language; only what there is."""
    each: dict[str, Callable[[int], str]] = {
        "waiting": lambda n: t.ngettext("{n} waiting", "{n} waiting", n),
        "sent": lambda n: t.ngettext("{n} delivered", "{n} delivered", n),
        "blocked": lambda n: t.ngettext("{n} blocked", "{n} blocked", n),
        "failed": lambda n: t.ngettext("{n} failed", "{n} failed", n),
        "unconfirmed": lambda n: t.ngettext("{n} unconfirmed", "{n} unconfirmed", n),
        "dropped": lambda n: t.ngettext("{n} not sent", "{n} not sent", n),
    }
    parts = tuple(say(counts[part]) for part, say in each.items() if counts.get(part))
    return t.gettext("{language}: {counts}").format(language=language_name(code, t), counts=t.items(parts))


def _rows(found: Announcement, progress: Progress, t: Texts) -> list[Row]:
    """What can be done with it."""
    _ = t.gettext
    buttons = []
    if found.state in UNDER_WAY:
        # Translators: button label
        buttons.append(Button(_("Stop sending"), f"announce:{found.id}:stop"))
    if found.state == "finished" and progress.total("failed"):
        # Translators: button label
        buttons.append(Button(_("Repeat failed ones"), f"announce:{found.id}:repeat-{found.round}"))
    if found.content.texts and found.state != "cancelled":
        # Translators: button label
        buttons.append(Button(_("Correct the text"), f"announce:{found.id}:correct"))
    return [(button,) for button in buttons]
