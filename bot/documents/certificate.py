"""A certificate of attendance, for one session or for a series. It claims no more than what was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.documents.sheet import ACCENT, MUTED, Sheet
from bot.domain.instants import moment
from bot.domain.knowledge import Operator
from bot.domain.programme import Series, Session
from bot.texts import Texts, texts

WRITTEN_BY_HAND = 110.0  # millimetres of line for a name that cannot be printed


def certificate(
    name: str,
    attended: Sequence[Session],
    of: int,
    series: Series,
    operator: Operator | None,
    language: str,
    day: date,
) -> bytes:
    """The PDF of a certificate in a language, issued on `day`.

    `attended` are the sessions that were attended, at least one, `of` how many it is about: 1 for one session, else
    all sessions of the series that took place. Without `name`, and where its letters are in none of our fonts, there
    is a line to write it on. Without `operator` it says that no issuer is stated.
    """
    if not attended:
        raise ValueError("nothing was attended")
    t = texts(language)
    sheet = Sheet(t.gettext("Certificate of attendance"), t)
    sheet.bar(24)
    sheet.say(t.gettext("Certificate of attendance"), 22, bold=True, role="/H1", ours=True, after=8)
    _name(sheet, name, t)
    if of == 1:
        _one(sheet, attended[0], series, t)
    else:
        _several(sheet, sorted(attended, key=lambda one: one.starts), of, series, t)
    _issuer(sheet, operator, day, t)
    return bytes(sheet.output())


def _name(sheet: Sheet, name: str, t: Texts) -> None:
    _label(sheet, t.gettext("Name"))
    printed = sheet.printable(name)
    if printed and not sheet.unprinted:
        sheet.running = printed
        sheet.say(printed, 17, bold=True, after=6)
        return
    sheet.unprinted = False  # said here, and not again
    sheet.ln(10)
    sheet.rule(WRITTEN_BY_HAND)
    sheet.ln(2)
    if name.strip():
        why = t.gettext("This program cannot print all letters of the name. Please write it by hand.")
        sheet.say(why, 9, MUTED, ours=True)
    sheet.ln(6)


def _one(sheet: Sheet, session: Session, series: Series, t: Texts) -> None:
    _label(sheet, t.gettext("Session"))
    sheet.say(session.worded(t.language)[0], 14, bold=True, after=4)
    _label(sheet, t.gettext("Series"))
    sheet.say(series.worded(t.language), after=4)
    _label(sheet, t.gettext("Time"))
    sheet.say(_when(session, t), ours=True, after=4)
    _label(sheet, t.gettext("Duration"))
    sheet.say(t.hours(session.minutes), ours=True, after=4)


def _several(sheet: Sheet, attended: Sequence[Session], of: int, series: Series, t: Texts) -> None:
    _label(sheet, t.gettext("Series"))
    sheet.say(series.worded(t.language), 14, bold=True, after=4)
    _label(sheet, t.gettext("Attended"))
    hours = t.hours(sum(session.minutes for session in attended))
    counted = t.gettext("{number} of {count} sessions, {hours}").format(number=len(attended), count=of, hours=hours)
    sheet.say(counted, 12.5, ours=True, after=5)
    for session in attended:
        sheet.room(20)  # a title of two lines and its day stay together
        sheet.say(session.worded(t.language)[0], 10.5)
        line = t.gettext("{day}, {hours}").format(
            day=t.weekday(moment(session.starts, session.zone)), hours=t.hours(session.minutes)
        )
        sheet.say(line, 9, MUTED, ours=True, after=1.8)


def _issuer(sheet: Sheet, operator: Operator | None, day: date, t: Texts) -> None:
    """Who stands for it, when it was made and how; kept together on a sheet."""
    sheet.room(58)
    sheet.ln(3)
    sheet.rule()
    sheet.ln(4)
    _label(sheet, t.gettext("Issued by"))
    if operator and operator.controller:
        sheet.set_author(sheet.printable(operator.controller))
        sheet.say(operator.controller, bold=True)
        sheet.say(operator.address)
        sheet.say(operator.imprint, after=4)
    else:
        sheet.say(t.gettext("The issuer is not stated."), ours=True, after=4)
    _label(sheet, t.gettext("Date of issue"))
    sheet.say(t.day(day), ours=True, after=5)
    made = t.gettext(
        "A program (Lotse) made this certificate from what was recorded about attendance. It is not signed."
    )
    sheet.say(made, 9, MUTED, ours=True)
    if sheet.unprinted:
        missing = t.gettext("A question mark stands for a letter that this program cannot print.")
        sheet.say(missing, 9, MUTED, ours=True)


def _when(session: Session, t: Texts) -> str:
    return t.day_and_hours(moment(session.starts, session.zone), moment(session.ends, session.zone))


def _label(sheet: Sheet, text: str) -> None:
    sheet.say(text, 9.5, ACCENT, bold=True, role="/H2", ours=True)
