"""What Lotse says unasked about sessions: each message looks again whether it still holds."""

from __future__ import annotations

from collections.abc import Callable

from bot.chat.letter import Letter
from bot.chat.markup import bold
from bot.chat.message import Button, Message, Row
from bot.chat.session_parts import (
    attend_row,
    calendar_row,
    join,
    kept_until,
    leave_row,
    offer_rows,
    register_row,
)
from bot.domain.instants import DAY, HOUR, MINUTE, moment
from bot.domain.registrations import ACTIVE

SPANS = {"h": HOUR, "m": MINUTE}  # units of rules that count the time itself, as in "1h"; the others count days
LATE = 12  # a reminder that comes later than this part of its span (5 minutes of an hour) names the time instead


def _reminder(letter: Letter) -> Message | None:
    """Confirmed people only, and only about the start that they know."""
    _ = letter.t.gettext
    version = letter.claimed.parameters.get("version", letter.session.version)
    if not letter.ahead or not letter.stands("confirmed") or version != letter.session.version:
        return None
    lines = [*_how_soon(letter), join(letter.session, letter.t), _("No time? Cancel, and someone else gets the place.")]
    # Who comes straight from the last reminder can say so here.
    soon = letter.session.starts - letter.facts.now <= HOUR
    here = (attend_row(letter.session.id, letter.t),) if soon else ()
    return Message("\n".join(lines), (*here, *_seated(letter)))


def _how_soon(letter: Letter) -> tuple[str, str]:
    """The first two lines of a reminder: how soon it is, and exactly when."""
    _, session = letter.t.gettext, letter.session
    start, end = moment(session.starts, session.zone), moment(session.ends, session.zone)
    days = (start.date() - moment(letter.facts.now, session.zone).date()).days
    span = _span(letter)
    if span or days > 1:
        soon = span or letter.t.ngettext("In {n} day", "In {n} days", days)
        exactly = letter.hours()
    else:
        soon = (_("Tomorrow at {time}") if days else _("Today at {time}")).format(time=letter.t.time(start))
        exactly = _("{day}, until {time}").format(day=letter.t.weekday(start), time=letter.t.time(end))
    return _("{when}: {title} 🔔").format(when=soon, title=letter.title), exactly


def _span(letter: Letter) -> str:
    """In how many hours or minutes, where the rule counts them, there are less than a day, and it is not late."""
    rule = str(letter.claimed.parameters.get("rule", ""))
    number, unit = rule[:-1], rule[-1:]
    if unit not in SPANS or not number.isdecimal():
        return ""
    many, span = int(number), int(number) * SPANS[unit]
    late = span - (letter.session.starts - letter.facts.now)
    if span >= DAY or not 0 <= late <= span // LATE:
        return ""
    if unit == "h":
        return letter.t.ngettext("In {n} hour", "In {n} hours", many)
    return letter.t.ngettext("In {n} minute", "In {n} minutes", many)


def _offer(letter: Letter) -> Message | None:
    _ = letter.t.gettext
    if not letter.ahead or not letter.stands("offered") or letter.offered_until <= letter.facts.now:
        return None
    lines = [
        _("A place is free: {title}").format(title=letter.title),
        letter.hours(),
        kept_until(letter.offered_until, letter.session, letter.t),
    ]
    return Message("\n".join(lines), tuple(offer_rows(letter.session.id, letter.t)))


def _given(letter: Letter) -> Message | None:
    _ = letter.t.gettext
    if not letter.ahead or not letter.stands("confirmed"):
        return None
    lines = [
        _("You have a place now: {title}").format(title=letter.title),
        letter.hours(),
        join(letter.session, letter.t),
        _("No time? Cancel, and someone else gets the place."),
    ]
    return Message("\n".join(lines), _seated(letter))


def _lapsed(letter: Letter) -> Message | None:
    _ = letter.t.gettext
    if not letter.ahead or not letter.stands("waitlisted"):
        return None
    place = _("The place went to the next person. You stay on the waiting list, now as number {n}.")
    lines = [_("The time is up: {title}").format(title=letter.title), letter.hours(), place.format(n=letter.place)]
    return Message("\n".join(lines), (leave_row(letter.session.id, letter.t),))


def _dropped(letter: Letter) -> Message | None:
    _ = letter.t.gettext
    if not letter.ahead or not letter.stands("cancelled"):
        return None
    lines = [
        _("You are no longer on the waiting list: {title}").format(title=letter.title),
        letter.hours(),
        _("The time for an offered place was up twice. You can register again."),
    ]
    return Message("\n".join(lines), (register_row(letter.session.id, letter.t),))


def _moved(letter: Letter) -> Message | None:
    """The old time is the one that the person knows, the new one that of now."""
    _, session = letter.t.gettext, letter.session
    before = _before(letter)
    if not letter.ahead or not letter.stands(*ACTIVE) or not before:
        return None
    lines = [
        _("New time: {title}").format(title=letter.title),
        _("Before: {when}").format(when=before),
        _("Now: {when}").format(when=bold(letter.hours())),
    ]
    if letter.stands("offered"):
        lines.append(kept_until(letter.offered_until, session, letter.t))
        return Message("\n".join(lines), tuple(offer_rows(session.id, letter.t)))
    waits = letter.stands("waitlisted")
    lines.append(
        _("You stay on the waiting list if you do nothing.") if waits else _("Your place is kept if you do nothing.")
    )
    # Translators: button label
    rows = [(Button(_("Keep my place"), f"keep:{session.id}"),), leave_row(session.id, letter.t)]
    return Message("\n".join(lines), tuple(rows if waits else [*rows, calendar_row(session.id, letter.t)]))


def _before(letter: Letter) -> str:
    """The time that the person knows; nothing where it is that of now, since the session was moved back."""
    starts = letter.claimed.parameters.get("before", letter.session.starts)
    minutes = letter.claimed.parameters.get("minutes", letter.session.minutes)
    if starts != letter.session.starts:
        return letter.start(starts)
    return letter.hours(starts, minutes) if minutes != letter.session.minutes else ""


def _cancelled(letter: Letter) -> Message | None:
    _ = letter.t.gettext
    if letter.session.state != "cancelled":
        return None
    waited = letter.claimed.parameters.get("was") == "waitlisted"
    lines = [
        _("Cancelled: {title}").format(title=letter.title),
        letter.start(letter.session.starts),
        _("You need not do anything. Your entry on the waiting list has ended.")
        if waited
        else _("You need not do anything. Your registration has ended."),
    ]
    # Translators: button label
    return Message("\n".join(lines), ((Button(_("Show sessions"), "more:sessions:0"),),))


def _link(letter: Letter) -> Message | None:
    _ = letter.t.gettext
    over = letter.session.ends <= letter.facts.now or letter.session.state == "cancelled"
    if over or not letter.session.join_url or not letter.stands("confirmed"):
        return None
    lines = [
        _("How to join: {title}").format(title=letter.title),
        letter.hours(),
        join(letter.session, letter.t),
        _("This link replaces any earlier one."),
    ]
    return Message("\n".join(lines), _seated(letter))


def _added(letter: Letter) -> Message | None:
    """Nobody is registered unasked; who is there already, or left the series, need not hear of it."""
    _, own = letter.t.gettext, letter.facts.registration
    if not letter.facts.takes_all or not letter.ahead or letter.session.state != "open" or own is not None:
        return None
    lines = [
        _("New in your series: {title}").format(title=letter.title),
        letter.hours(),
        _("You registered for all sessions of the series. For this one you are not registered yet."),
    ]
    return Message("\n".join(lines), (register_row(letter.session.id, letter.t),))


def _after(letter: Letter) -> Message | None:
    """A forced reply has no buttons, so the text says how to skip."""
    _ = letter.t.gettext
    if not letter.stands("attended"):
        return None
    lines = [
        _("Thank you for taking part: {title}").format(title=letter.title),
        *letter.materials(),
        _("A certificate of attendance is in /my"),
        "",
        _("What do you take from “{title}” into your work?").format(title=letter.title),
        _("Reply to this message. Optional: if you would rather not, do nothing."),
    ]
    return Message("\n".join(lines), asks=True)


def _materials(letter: Letter) -> Message | None:
    _ = letter.t.gettext
    if not letter.session.materials or not letter.stands("attended"):
        return None
    lines = [_("New materials: {title}").format(title=letter.title), *letter.materials()]
    return Message("\n".join(lines))


def _no_link(letter: Letter) -> Message | None:
    """For coordinators, with the rights of now."""
    _, session = letter.t.gettext, letter.session
    version = letter.claimed.parameters.get("version", session.version)
    if not letter.facts.coordinates or not letter.ahead or session.join_url or version != session.version:
        return None
    lines = [
        _("No link to join yet: {title}").format(title=letter.title),
        letter.hours(),
        _("People with a place get the link as soon as it is entered: /programme"),
    ]
    return Message("\n".join(lines))


def _seated(letter: Letter) -> tuple[Row, ...]:
    """For people with a seat: to put it into a calendar, or give it up."""
    return calendar_row(letter.session.id, letter.t), leave_row(letter.session.id, letter.t)


WRITERS: dict[str, Callable[[Letter], Message | None]] = {
    "reminder": _reminder,
    "offer": _offer,
    "given": _given,
    "lapsed": _lapsed,
    "dropped": _dropped,
    "moved": _moved,
    "cancelled": _cancelled,
    "link": _link,
    "added": _added,
    "after": _after,
    "materials": _materials,
    "no_link": _no_link,
}
