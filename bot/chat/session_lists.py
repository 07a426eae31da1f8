"""Lists of upcoming sessions: all, by topic, by type of municipality, of a series; five a page, told in full."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.chat.browse import out_of_date_sentence
from bot.chat.cards import shortened
from bot.chat.lists import HOME, PAGE, page_of
from bot.chat.markup import escape
from bot.chat.message import Button, Message
from bot.chat.practices import TYPES
from bot.chat.session_parts import hours, short_standing, title_of
from bot.chat.talk import Talk
from bot.domain.instants import microseconds, moment
from bot.domain.knowledge import MUNICIPALITIES
from bot.domain.programme import Seats, Series, Session
from bot.domain.registrations import Registration
from bot.services.registrations import mine
from bot.services.sessions import all_series, seats, upcoming
from bot.store.tx import Tx
from bot.texts import Texts

ALL = "more:sessions:0"
MENU = "more:sessions-menu:0"
LONGEST = 40  # characters of a choice, its number and date included
Choice = tuple[str, str]  # label, callback data


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a list can be of: the upcoming sessions, and their series."""

    sessions: Sequence[Session]
    series: Mapping[int, Series]

    def of(self, what: str) -> list[Session]:
        """The sessions of "topic.<id>", "type.<type>" or "series.<id>"; all of them where nothing is named."""
        kind, _, name = what.partition(".")
        tests: dict[str, Callable[[Session], bool]] = {
            "topic": lambda one: name in one.topics,
            "type": lambda one: name in one.municipalities,
            "series": lambda one: name == str(one.series),
        }
        if not what:
            return list(self.sessions)
        return [one for one in self.sessions if kind in tests and tests[kind](one)]

    @property
    def planned(self) -> list[Series]:
        """The series that go on."""
        going_on = {one.series for one in self.sessions}
        return [one for one in self.series.values() if one.id in going_on]


async def listed(talk: Talk, of: str, page: int) -> Message:
    """One of the lists, or all upcoming sessions where there is no such list any more."""
    shelf = await talk.house.database.read(_shelf, microseconds(talk.house.now()))
    if not shelf.sessions:
        return _none(talk)
    _, menus = talk.texts.gettext, {"menu": _menu, "topics": _topics, "types": _types}
    headings = {
        "menu": _("Sessions: choose what they are about, or a series."),
        "topics": _("Sessions: choose a topic."),
        "types": _("Sessions: choose a type of municipality."),
    }
    if of in menus and (choices := menus[of](talk, shelf)):
        return page_of(headings[of], choices, f"sessions-{of}", page, talk.texts, ALL if of == "menu" else MENU)
    return await _entries(talk, shelf, of, page)


async def _entries(talk: Talk, shelf: Shelf, of: str, page: int) -> Message:
    """Sessions with day, time and places, each with a button; the first page of all leads to the menu."""
    t, found, heading = talk.texts, shelf.of(of), _heading(talk, shelf, of)
    if not found:
        of, found, page = "", list(shelf.sessions), 0
        heading = f"{out_of_date_sentence(talk)}\n{_heading(talk, shelf, of)}"
    page = page if 0 <= page * PAGE < len(found) else 0
    lines = await described(talk, found[page * PAGE : (page + 1) * PAGE])
    html = "\n\n".join([heading, *lines])
    choices = [choice(one, t) for one in found]
    if of:
        return page_of(html, choices, f"sessions-{of}", page, t, MENU)
    if page or not _menu(talk, shelf):
        return page_of(html, choices, "sessions", page, t, HOME)
    message = page_of(html, choices, "sessions", page, t)
    # Translators: button label
    menu = Button(t.gettext("By topic or series"), MENU)
    return replace(message, rows=(*message.rows[:-1], (*message.rows[-1], menu)))


def choice(found: Session, t: Texts) -> Choice:
    """A session as a choice in a list: title and day."""
    day = f" ({t.short_day(moment(found.starts, found.zone))})"
    title = found.worded(t.language)[0]
    return f"{shortened(title, LONGEST - len('1 ') - len(day))}{day}", f"session:{found.id}"


async def described(talk: Talk, found: Sequence[Session]) -> list[str]:
    """Sessions with title, day, time and places, numbered as their buttons are."""
    now = microseconds(talk.house.now())
    person = talk.arrival.person if talk.arrival.private else None
    taken, own = await talk.house.database.read(_taken, [one.id for one in found], person, now)
    t = talk.texts
    return [
        "\n".join([f"{number} {title_of(one, t.language)}", hours(one, t), _places(one, taken, own, t)])
        for number, one in enumerate(found, 1)
    ]


def _places(found: Session, taken: Mapping[int, Seats], own: Mapping[int, Registration], t: Texts) -> str:
    """How it stands for the reader, else how many places are free."""
    _, seated = t.gettext, taken[found.id]
    if found.id in own:
        return short_standing(own[found.id], found, t)
    if found.state == "closed":
        return _("Registration is closed")
    if seated.free is None:
        return _("Places free, without a limit")
    if seated.free:
        return t.ngettext("{n} place free", "{n} places free", seated.free)
    return _("All places taken, on the waiting list: {n}").format(n=seated.waiting)


def _none(talk: Talk) -> Message:
    """Nothing is planned: says so, and who makes the programme."""
    _, operator = talk.texts.gettext, talk.house.knowledge.operator
    lines = [_("No sessions are planned at the moment.")]
    if operator and operator.controller:
        lines.append(_("Ask who plans them: {operator}").format(operator=escape(operator.controller)))
    # Translators: button label
    person = Button(talk.texts.gettext("Ask a person"), "person:general")
    # Translators: button label
    return Message("\n".join(lines), ((person,), (Button(_("Show topics"), HOME),)))


def _heading(talk: Talk, shelf: Shelf, of: str) -> str:
    """What the list is of."""
    t = talk.texts
    kind, _, name = of.partition(".")
    if not of:
        return t.gettext("Upcoming sessions 📅")
    what = ""
    if kind == "series":
        what = next((escape(one.worded(t.language)) for one in shelf.planned if str(one.id) == name), "")
    elif kind == "topic" and (topic := talk.house.knowledge.topics.get(name)):
        what = escape(topic.named(t.language))
    elif name in TYPES:
        what = t.gettext(TYPES[name])
    return t.gettext("Upcoming sessions: {what} 📅").format(what=what or escape(name))


def _menu(talk: Talk, shelf: Shelf) -> list[Choice]:
    """What there is to filter by, and the series; nothing where that would not help."""
    _ = talk.texts.gettext
    choices = [(_("By topic"), "more:sessions-topics:0")] if _topics(talk, shelf) else []
    choices += [(_("By type of municipality"), "more:sessions-types:0")] if _types(talk, shelf) else []
    return choices + [(one.worded(talk.language), f"series:{one.id}") for one in shelf.planned]


def _topics(talk: Talk, shelf: Shelf) -> list[Choice]:
    named = {name for one in shelf.sessions for name in one.topics}
    topics = [topic for topic in talk.house.knowledge.topics.values() if topic.id in named]
    return [(t.named(talk.language), f"more:sessions-topic.{t.id}:0") for t in topics]


def _types(talk: Talk, shelf: Shelf) -> list[Choice]:
    named = {name for one in shelf.sessions for name in one.municipalities}
    return [(talk.texts.gettext(TYPES[t]), f"more:sessions-type.{t}:0") for t in MUNICIPALITIES if t in named]


def _shelf(tx: Tx, now: int) -> Shelf:
    return Shelf(upcoming(tx, now), all_series(tx))


def _taken(
    tx: Tx, ids: Sequence[int], person: int | None, now: int
) -> tuple[dict[int, Seats], dict[int, Registration]]:
    """How many seats are taken in each session, and where the reader is registered."""
    registered = [] if person is None else mine(tx, person, now)
    return seats(tx, ids), {session.id: own for session, own in registered}
