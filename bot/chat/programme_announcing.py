"""What a series announces by itself, for coordinators: each thing is previewed, then switched on or off."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.lists import numbered
from bot.chat.markup import bold
from bot.chat.message import Button, Message
from bot.chat.programme_views import gone
from bot.chat.rights import refused
from bot.chat.talk import House, Talk
from bot.domain.daytime import EVENING, MORNING
from bot.domain.instants import microseconds
from bot.domain.programme import Series, Session
from bot.domain.self_announcing import WISHES, Wish
from bot.services.announcements import reach
from bot.services.self_announcing import audience, switch, was_announced, wishes
from bot.services.sessions import one_series, sessions_of
from bot.store.tx import Tx
from bot.texts import N_, Texts

NAMES: dict[Wish, str] = {
    # Translators: button label, and part of a list
    "new": N_("Announce it as new"),
    # Translators: button label, and part of a list
    "soon": N_("Announce places left"),
    # Translators: button label, and part of a list
    "changed": N_("Announce changes"),
}
HEADINGS: dict[Wish, str] = {
    "new": N_("Announce as new: {series}"),
    "soon": N_("Announce places left: {series}"),
    "changed": N_("Announce changes: {series}"),
}
EFFECTS: dict[Wish, str] = {
    "new": N_("The series is announced once, with its sessions to come, when one of them is open for registration."),
    "soon": N_(
        "Each session with places left is announced three days before its start, "
        "to people who want news every day and are not registered for it."
    ),
    "changed": N_(
        "When an announced session gets a new time or is cancelled, the same people hear of it. "
        "People who are registered get their own message in any case."
    ),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A series, what it announces, whether it was announced as new, and how many people each would reach now."""

    series: Series
    wishes: tuple[Wish, ...]
    announced: bool
    people: dict[Wish, int]


async def show(talk: Talk, session: Session, what: str) -> None:
    """Answers plan:<session>:announces with the menu, …-<wish> with a preview, …-<wish>.on and .off by doing it."""
    named, _, state = what.partition(".")
    wish = next((one for one in WISHES if one == named), None)
    house, now, person = talk.house, microseconds(talk.house.now()), talk.arrival.person
    if wish is None or state not in {"on", "off"}:
        standing = await house.database.read(_standing, session.series, house, now)
        await talk.show(_preview(talk, session, standing, wish) if wish else _menu(talk, session, standing))
        return
    on = state == "on"
    if await house.database.write(switch, session.series, wish, person, house.coordinators, now, on=on):
        await talk.show(_menu(talk, session, await house.database.read(_standing, session.series, house, now)))
    elif not await refused(talk):
        await gone(talk)


def _menu(talk: Talk, session: Session, standing: Standing) -> Message:
    _ = talk.texts.gettext
    series = bold(standing.series.worded(talk.language))
    lines = [_("What the series announces by itself: {series}").format(series=series)]
    for number, wish in enumerate(WISHES, 1):
        state = _("{number} {what}: on") if wish in standing.wishes else _("{number} {what}: off")
        lines.append(state.format(number=number, what=_(NAMES[wish])))
    lines.append(_hours(talk.texts))
    rows = numbered([(_(NAMES[wish]), f"plan:{session.id}:announces-{wish}") for wish in WISHES])
    # Translators: button label
    rows.append((Button(_("Announce this session"), f"announce:new:session-{session.id}"),))
    # Translators: button label
    rows.append((Button(_("Announce the whole series"), f"announce:new:series-{session.series}"),))
    # Translators: button label
    return Message("\n".join(lines), (*rows, (Button(_("Go back"), f"plan:{session.id}:texts"),)))


def _preview(talk: Talk, session: Session, standing: Standing, wish: Wish) -> Message:
    """What one of them does, and whom it would reach; the button says what shall be."""
    _, t, on = talk.texts.gettext, talk.texts, wish in standing.wishes
    series = bold(standing.series.worded(talk.language))
    lines = [
        _(HEADINGS[wish]).format(series=series),
        _(EFFECTS[wish]),
        *([_("This series was announced already, and is not announced again.")] if _over(standing, wish) else []),
        t.ngettext("Today it would reach {n} person.", "Today it would reach {n} people.", standing.people[wish]),
        _hours(t),
        _("It is on. Nothing has been changed yet.") if on else _("It is off. Nothing has been changed yet."),
    ]
    # Translators: button label
    label, to = _("Switch off"), "off"
    if not on:
        # Translators: button label
        label, to = _("Switch on"), "on"
    change = Button(label, f"plan:{session.id}:announces-{wish}.{to}")
    # Translators: button label
    back = Button(_("Go back"), f"plan:{session.id}:announces")
    return Message("\n".join(lines), ((change,), (back,)))


def _over(standing: Standing, wish: Wish) -> bool:
    return wish == "new" and standing.announced


def _hours(t: Texts) -> str:
    sentence = t.gettext("Lotse does it from {first} to {last} o'clock only, for everybody in their own language.")
    return sentence.format(first=MORNING, last=EVENING)


def _standing(tx: Tx, series_id: int, house: House, now: int) -> Standing:
    series = one_series(tx, series_id)
    assert series is not None, "a session has a series"
    named = {topic for one in sessions_of(tx, series_id) if one.starts > now for topic in one.topics}
    people = {
        wish: reach(
            tx,
            audience(named, house.knowledge.topics, wide=wish != "soon"),
            house.coordinators,
            house.default_language,
        ).people
        for wish in WISHES
    }
    return Standing(series, wishes(tx, series_id), was_announced(tx, series_id), people)
