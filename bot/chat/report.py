"""/report: how it stands with sessions, messages and questions, in numbers; the tables as Excel workbooks, no names."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.chat.gaps import lines_of, rule
from bot.chat.markup import bold, escape
from bot.chat.message import Button, Message, Row
from bot.chat.programme_cards import taken, when
from bot.chat.rights import refused
from bot.chat.start import unknown_command
from bot.chat.talk import House, Talk
from bot.documents.listing import Listing
from bot.documents.report_tables import deliveries_table, figures_table, questions_table, registrations_table
from bot.documents.spreadsheet import workbook
from bot.domain.instants import microseconds, moment
from bot.domain.programme import Seats, Session
from bot.services import asked
from bot.services.coordination import planned
from bot.services.deliveries import deliveries
from bot.services.figures import figures
from bot.services.reports import registrations
from bot.services.sessions import seats
from bot.store.tallies import month_of
from bot.store.tx import Tx
from bot.texts import N_, Texts

NEXT = 3  # sessions
KINDS: Mapping[str, tuple[str, str]] = {  # by category of deliveries: what failed, and what is not surely there
    "reminder": (N_("Reminders that failed: {n}"), N_("Reminders unconfirmed: {n}")),
    "announcement": (N_("Announcements that failed: {n}"), N_("Announcements unconfirmed: {n}")),
    "notice": (N_("Other messages that failed: {n}"), N_("Other messages unconfirmed: {n}")),
}
TABLES: Mapping[str, tuple[str, Callable[[Tx, House, int], Listing]]] = {
    "registrations": (
        # Translators: button label
        N_("Registrations as a table"),
        lambda tx, house, _: registrations_table(registrations(tx), house.terms.zone),
    ),
    "deliveries": (
        # Translators: button label
        N_("Deliveries as a table"),
        lambda tx, _, now: deliveries_table(deliveries(tx, now)),
    ),
    "questions": (
        # Translators: button label
        N_("Questions as a table"),
        lambda tx, _, __: questions_table(asked.questions(tx)),
    ),
    "figures": (
        # Translators: button label
        N_("Figures as a table"),
        lambda tx, house, now: figures_table(figures(tx, None, None, now, house.terms), None, None),
    ),
}


@dataclass(frozen=True, slots=True)
class _Standing:
    """What the message shows; `months` are the two whose gaps are counted."""

    sessions: Sequence[Session]
    seats: Mapping[int, Seats]
    deliveries: Mapping[str, Mapping[str, int]]
    gaps: Sequence[asked.Asked]
    months: tuple[str, str]


async def report(talk: Talk, _arguments: Sequence[str]) -> None:
    """Answers /report."""
    if not talk.arrival.private:
        await unknown_command(talk)
    elif not await refused(talk):
        await _show(talk)


async def press(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers report:<table> with its workbook, and report:show with how it stands now."""
    if await refused(talk):
        return
    if arguments[0] not in TABLES:
        await _show(talk)
        return
    label, listing = TABLES[arguments[0]]
    house, now = talk.house, talk.house.now()
    found = await house.database.read(listing, house, microseconds(now))
    content = await asyncio.to_thread(workbook, found, now)
    day = moment(microseconds(now), house.terms.zone).date()
    name = f"lotse-{arguments[0]}-{day.isoformat()}.xlsx"
    await house.api.document(talk.arrival.chat, content, name, talk.texts.gettext(label))


async def _show(talk: Talk) -> None:
    now = microseconds(talk.house.now())
    standing = await talk.house.database.read(_look, now)
    t = talk.texts
    lines = [
        bold(t.gettext("Report, {when}").format(when=t.day_and_time(moment(now, talk.house.terms.zone)))),
        *_sessions(standing, talk),
        "",
        *_deliveries(standing, t),
        "",
        *_gaps(standing, talk),
    ]
    rows: tuple[Row, ...] = tuple((Button(t.gettext(label), f"report:{name}"),) for name, (label, _) in TABLES.items())
    await talk.say(Message("\n".join(lines), rows))


def _look(tx: Tx, now: int) -> _Standing:
    ahead = [session for session in planned(tx, now) if session.ends > now][:NEXT]
    this = month_of(now)
    before = (moment(now).replace(day=1) - timedelta(days=1)).date().isoformat()[:7]
    return _Standing(
        ahead,
        seats(tx, [session.id for session in ahead]),
        deliveries(tx, now),
        asked.gaps(tx, before, this),
        (before, this),
    )


def _sessions(standing: _Standing, talk: Talk) -> list[str]:
    """The next sessions, each with its title, its hours and its numbers."""
    t = talk.texts
    if not standing.sessions:
        return ["", t.gettext("No sessions are planned.")]
    lines = []
    for session in standing.sessions:
        title = escape(session.worded(talk.language)[0])
        lines += ["", title, when(session, t), *taken(standing.seats[session.id], t)]
    return lines


def _deliveries(standing: _Standing, t: Texts) -> list[str]:
    """What did not surely arrive since the beginning; people who have blocked the bot are not a failure."""
    lines = []
    for kind, (failed, unconfirmed) in KINDS.items():
        counts = standing.deliveries[kind]
        lines += [t.gettext(failed).format(n=counts["failed"])] if counts["failed"] else []
        lines += [t.gettext(unconfirmed).format(n=counts["unconfirmed"])] if counts["unconfirmed"] else []
    return lines or [t.gettext("No message failed, and none is unconfirmed.")]


def _gaps(standing: _Standing, talk: Talk) -> list[str]:
    """The largest gaps of the month before and of this one together."""
    t = talk.texts
    before, this = (t.month(month) for month in standing.months)
    heading = t.gettext("What people did not find, {first} and {last}").format(first=before, last=this)
    gaps = lines_of(standing.gaps, talk.house.knowledge, t) or [t.gettext("Nothing so far.")]
    return [heading, *gaps, rule(t)]
