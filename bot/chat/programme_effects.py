"""What a change of a session would do, in lines of its preview: to the session, to seats, and who hears of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.chat.markup import escape
from bot.chat.programme_cards import hours, places, when
from bot.services.coordination import Standing
from bot.texts import Texts, language_name

Answers = dict[str, Any]

TELLING = frozenset({"move", "link", "cancel", "materials"})  # acts of which people hear


def told_line(t: Texts, told: int) -> str:
    """How many people hear of it."""
    if not told:
        return t.gettext("Nobody gets a message.")
    return t.ngettext("{n} registered person gets a message.", "{n} registered people get a message.", told)


def hearers(t: Texts, standing: Standing, act: str, to: Answers) -> list[str]:
    """How many people would hear of a change, and who would not."""
    if act not in TELLING:
        return [t.gettext("Nobody gets a message.")] if act in {"close", "open"} else []
    if act == "materials" and not standing.finished:
        return [t.gettext("People who attended get it after the session.")]
    counts = {"link": standing.seated, "materials": standing.thanked}
    emptied = act in counts and not any(to.values())
    lines = [told_line(t, 0 if emptied else counts.get(act, standing.people))]
    if standing.guests and act != "materials":
        lines.append(
            t.ngettext(
                "{n} person registered outside Telegram gets no message from Lotse.",
                "{n} people registered outside Telegram get no message from Lotse.",
                standing.guests,
            )
        )
    return lines


def _moved(t: Texts, standing: Standing, to: Answers) -> list[str]:
    session = standing.session
    after = hours(to.get("starts", session.starts), to.get("minutes", session.minutes), session.zone, t)
    return [
        t.gettext("Before: {when}").format(when=when(session, t)),
        t.gettext("Now: {when}").format(when=f"<b>{after}</b>"),
    ]


def _resized(t: Texts, standing: Standing, to: Answers) -> list[str]:
    _, seats, capacity = t.gettext, standing.seats, to["capacity"]
    taken = seats.confirmed + seats.offered
    lines = [
        _("Before: {places}").format(places=places(seats.capacity, t)),
        _("Now: {places}").format(places=f"<b>{places(capacity, t)}</b>"),
    ]
    free = seats.waiting if capacity is None else min(seats.waiting, max(0, capacity - taken))
    if free:
        up = t.ngettext(
            "{n} person on the waiting list gets the place or an offer.",
            "{n} people on the waiting list get a place or an offer.",
            free,
        )
        lines.append(up)
    elif capacity is not None and capacity < taken:
        lines.append(_("More places than that are taken. Nobody loses one; free ones are given again below the limit."))
    else:
        lines.append(_("Nobody gets a message."))
    return lines


def _cancelled(t: Texts, standing: Standing, _to: Answers) -> list[str]:
    return [when(standing.session, t), t.gettext("All registrations end. This cannot be undone.")]


def _closed(t: Texts, _standing: Standing, _to: Answers) -> list[str]:
    return [t.gettext("New registrations are refused. Existing ones stay.")]


def _opened(t: Texts, _standing: Standing, _to: Answers) -> list[str]:
    return [t.gettext("People can register again.")]


def _accepted(t: Texts, standing: Standing, _to: Answers) -> list[str]:
    return [
        t.ngettext(
            "{n} person is noted as having been there, and gets thanks and materials.",
            "{n} people are noted as having been there, and get thanks and materials.",
            standing.claims,
        )
    ]


def _refused(t: Texts, standing: Standing, _to: Answers) -> list[str]:
    return [
        t.ngettext(
            "{n} person stays without attendance, and hears nothing of it.",
            "{n} people stay without attendance, and hear nothing of it.",
            standing.claims,
        )
    ]


def _written(field: str) -> Callable[[Texts, Standing, Answers], list[str]]:
    """The text as it will be, or that there will be none."""
    return lambda t, _standing, to: [escape(to[field]) if to[field] else t.gettext("It will be empty.")]


def _worded(t: Texts, _standing: Standing, to: Answers) -> list[str]:
    return [line for line in (language_name(to["code"], t), escape(to["title"]), escape(to["summary"])) if line]


EFFECTS: dict[str, Callable[[Texts, Standing, Answers], list[str]]] = {
    "move": _moved,
    "places": _resized,
    "link": _written("join_url"),
    "close": _closed,
    "open": _opened,
    "cancel": _cancelled,
    "title": _written("title"),
    "summary": _written("summary"),
    "speakers": _written("speakers"),
    "words": _worded,
    "materials": _written("materials"),
    "word": _written("code_word"),
    "accept": _accepted,
    "refuse": _refused,
}
