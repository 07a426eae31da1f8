"""Who gets an announcement: where the people come from, and what narrows them down, by buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.announce_draft import Plan, Step, look_ahead
from bot.chat.announce_flow import adjust
from bot.chat.announce_list import gone
from bot.chat.announce_menus import Choice, menu
from bot.chat.announce_words import audience_lines, recipients
from bot.chat.lists import PAGE
from bot.chat.markup import bold
from bot.chat.message import Message
from bot.chat.newsletter import topic_names
from bot.chat.practices import TYPES
from bot.chat.sessions import number_of
from bot.chat.talk import Talk
from bot.domain.announcements import Audience
from bot.domain.instants import microseconds
from bot.domain.programme import Series, Session
from bot.services.drafts import Draft
from bot.services.sessions import all_series, one_series, session, upcoming
from bot.store.tx import Tx
from bot.texts import N_, OWN_NAMES

NARROWING: dict[str, str] = {
    # Translators: button label
    "role": N_("Only staff or team"),
    # Translators: button label
    "on": N_("Only one topic"),
    # Translators: button label
    "reader": N_("Only one language"),
    # Translators: button label
    "type": N_("Only one municipality type"),
}


async def _audience(talk: Talk, draft: Draft, plan: Plan, _value: str) -> None:
    """Where the people come from, and what can narrow them down."""
    _, outlook = talk.texts.gettext, await look_ahead(talk, plan)
    lines = [
        bold(_("Who gets it?")),
        *recipients(talk.texts, outlook),
        *audience_lines(talk, plan.audience, outlook.source),
    ]
    choices = [
        # Translators: button label
        (_("All with the newsletter"), "from-newsletter"),
        # Translators: button label
        (_("People who are registered"), "registered-0"),
        # Translators: button label
        (_("The coordination team"), "from-coordinators"),
        *((_(label), f"{step}-?") for step, label in NARROWING.items()),
    ]
    await talk.show(menu(talk, draft, lines, choices, "back"))


async def _from(talk: Talk, draft: Draft, plan: Plan, value: str) -> None:
    """Takes people from somewhere else; what narrowed the others down goes with them."""
    kind, _, number = value.partition(".")
    source = f"{kind}:{number}" if number else kind
    if source not in {"newsletter", "coordinators"} and not await talk.house.database.read(_exists, kind, number):
        await gone(talk)
        return
    await adjust(talk, draft, replace(plan, audience=Audience(source, chats=plan.audience.chats)))


async def _registered(talk: Talk, draft: Draft, _plan: Plan, value: str) -> None:
    """Sessions and series to come, by pages."""
    now = microseconds(talk.house.now())
    sessions, series = await talk.house.database.read(_to_come, now)
    choices = [(one.worded(talk.language), f"from-series.{one.id}") for one in series]
    choices += [(one.worded(talk.language)[0], f"from-session.{one.id}") for one in sessions]
    if not choices:
        lines = [talk.texts.gettext("No sessions are planned.")]
    else:
        lines = [bold(talk.texts.gettext("Registered for what? The series come first."))]
    await talk.show(_paged(talk, draft, lines, choices, "registered", value))


async def _role(talk: Talk, draft: Draft, plan: Plan, value: str) -> None:
    _ = talk.texts.gettext
    # Translators: button label
    labels = {"staff": _("Only staff"), "coordinator": _("Only the coordination team")}
    await _narrow(talk, draft, plan, "role", value, replace(plan.audience, role=value), labels)


async def _topic(talk: Talk, draft: Draft, plan: Plan, value: str) -> None:
    topics = talk.house.knowledge.topics
    narrowed = plan.audience.of_topics([value], topics)
    await _narrow(talk, draft, plan, "on", value, narrowed, topic_names(topics, talk.language))


async def _reader(talk: Talk, draft: Draft, plan: Plan, value: str) -> None:
    await _narrow(talk, draft, plan, "reader", value, replace(plan.audience, language=value), OWN_NAMES)


async def _type(talk: Talk, draft: Draft, plan: Plan, value: str) -> None:
    labels = {kind: talk.texts.gettext(label) for kind, label in TYPES.items()}
    await _narrow(talk, draft, plan, "type", value, replace(plan.audience, type=value), labels)


async def _narrow(
    talk: Talk, draft: Draft, plan: Plan, step: str, value: str, narrowed: Audience, labels: dict[str, str]
) -> None:
    """Takes the audience as it is narrowed down to a value of `labels`, or not at all; else offers the values."""
    _ = talk.texts.gettext
    if value in labels or not value:
        await adjust(talk, draft, replace(plan, audience=narrowed))
        return
    # Translators: button label
    choices = [(_("Do not narrow down"), f"{step}-")]
    choices += [(label, f"{step}-{one}") for one, label in labels.items()]
    lines = [bold(_(NARROWING[step]))]
    if step == "reader":  # the language picker shows all at once
        await talk.show(menu(talk, draft, lines, choices, "audience"))
    else:
        page = value.removeprefix("page.")
        await talk.show(_paged(talk, draft, lines, choices, f"{step}-page.", page))


def _paged(talk: Talk, draft: Draft, lines: Sequence[str], choices: Sequence[Choice], step: str, value: str) -> Message:
    page = number_of(value) or 0
    page = page if page * PAGE < len(choices) else 0
    shown = list(choices[page * PAGE : (page + 1) * PAGE])
    turn = step if step.endswith(".") else f"{step}-"
    if (page + 1) * PAGE < len(choices):
        # Translators: button label
        shown.append((talk.texts.gettext("Show more"), f"{turn}{page + 1}"))
    return menu(talk, draft, lines, shown, f"{turn}{page - 1}" if page else "audience")


def _to_come(tx: Tx, now: int) -> tuple[list[Session], list[Series]]:
    sessions = upcoming(tx, now)
    named = {one.series for one in sessions}
    return sessions, [one for one in all_series(tx).values() if one.id in named]


def _exists(tx: Tx, kind: str, number: str) -> bool:
    id_, found = number_of(number), {"session": session, "series": one_series}.get(kind)
    return id_ is not None and found is not None and found(tx, id_) is not None


STEPS: dict[str, Step] = {
    "audience": _audience,
    "from": _from,
    "registered": _registered,
    "role": _role,
    "on": _topic,
    "reader": _reader,
    "type": _type,
}
