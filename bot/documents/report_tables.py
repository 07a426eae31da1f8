"""The reports as tables, in the order and with the words that a coordinator reads, and as values for scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from babel import Locale

from bot.documents.listing import Cell, Listing
from bot.domain.instants import moment
from bot.services.asked import LEAST, Asked
from bot.services.audit import Act
from bot.services.figures import NOT_STATED, Figures
from bot.services.guests import News
from bot.services.participants import Participant
from bot.services.reports import Taken, zulu

NEWS = {"seat": "has a seat since", "moved": "the time was changed on", "cancelled": "the session was cancelled on"}
TYPES = {  # as the law names them
    "landkreis": "Landkreis",
    "kreisfreie-stadt": "kreisfreie Stadt",
    "kreisangehoerig": "kreisangehörige Gemeinde",
}
OUTCOMES = {
    "none": "nothing found",
    "not_helpful": "answer did not help",
    "suggest": "offered a choice",
    "urgent": "help in danger",
    "answer": "answered",
    "helpful": "answer helped",
}
LABELS = {  # of the figures that are one number
    "sessions": "Sessions held",
    "hours": "Hours",
    "registrations": "Registrations with a seat",
    "attended": "Attended",
    "waitlisted": "Waited and got no seat",
    "people": "Different people with a seat",
    "people_attended": "Different people who attended",
    "municipalities": "Different municipalities",
}


def registrations_table(report: Sequence[Taken], zone: str) -> Listing:
    """Every session with its numbers; starts on the clocks of the zone."""
    columns = ("Session", "Series", "Title", f"Starts ({zone})", "Places", "With a seat", "Waiting", "Offered",
               "Cancelled")  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            one.session,
            one.series,
            one.title,
            _local(one.starts, zone),
            "no limit" if one.capacity is None else one.capacity,
            one.confirmed,
            one.waitlisted,
            one.offered,
            one.cancelled,
        )
        for one in report
    ]
    return Listing("Registrations by session", "Registrations", columns, rows, "There are no sessions yet.")


def registrations_values(report: Sequence[Taken]) -> list[dict[str, Any]]:
    """The same for scripts, starts in UTC."""
    return [{**asdict(one), "starts": zulu(one.starts)} for one in report]


def deliveries_table(report: Mapping[str, Mapping[str, int]]) -> Listing:
    """What became of reminders, announcements and notices."""
    states = tuple(next(iter(report.values())))
    rows: list[tuple[Cell, ...]] = [(kind.capitalize(), *counts.values()) for kind, counts in report.items()]
    columns = ("Kind", *(state.capitalize() for state in states))
    return Listing("Messages sent by Lotse", "Deliveries", columns, rows, "")


def questions_table(report: Sequence[Asked]) -> Listing:
    """What was asked by language and topic, and what became of it; gaps first."""
    rows: list[tuple[Cell, ...]] = [
        (OUTCOMES[one.outcome], _language(one.language), one.topic or "not known", one.count) for one in report
    ]
    empty = f"There is nothing yet that {LEAST} people or more asked in a month."
    return Listing("Questions", "Questions", ("Outcome", "Language", "Topic", "Number"), rows, empty)


def questions_values(report: Sequence[Asked]) -> list[dict[str, Any]]:
    """The same for scripts."""
    return [asdict(one) for one in report]


def figures_table(report: Figures, since: date | None, until: date | None) -> Listing:
    """One figure a row; people by type of municipality and by language below."""
    rows: list[tuple[Cell, ...]] = [(label, "", getattr(report, name)) for name, label in LABELS.items()]
    rows += [("People whose municipality is not stated", "", report.municipality_not_stated)]
    kinds, languages = report.by_municipality_type.items(), report.by_language.items()
    rows += [("People by type of municipality", TYPES.get(kind, kind), many) for kind, many in kinds]
    rows += [("People by language", _language(code), many) for code, many in languages]
    period = f"{f' from {since}' if since else ''}{f' to {until}' if until else ''}"
    return Listing(f"Figures of the sessions held{period}", "Figures", ("Figure", "Group", "Number"), rows, "")


def figures_values(report: Figures, since: date | None, until: date | None) -> dict[str, Any]:
    """The same for scripts, with the period, null where it is open."""
    return {"from": since and since.isoformat(), "to": until and until.isoformat(), **asdict(report)}


def audit_table(acts: Sequence[Act]) -> Listing:
    """What was done with a role's rights, the oldest first."""
    columns = ("Time (UTC)", "Role", "Person", "Action", "Subject")
    rows: list[tuple[Cell, ...]] = [(zulu(one.at), one.role, one.person, one.action, one.subject) for one in acts]
    return Listing("Audit", "Audit", columns, rows, "Nothing was done.")


def audit_values(acts: Sequence[Act]) -> list[dict[str, Any]]:
    """The same for scripts; the person is null for the operator and for who is gone."""
    return [{**asdict(one), "at": zulu(one.at)} for one in acts]


def participants_table(report: Sequence[Participant], zone: str) -> Listing:
    """Who takes part in which session; starts on the clocks of the zone."""
    columns = ("Session", "Title", f"Starts ({zone})", "Name", "Organisation", "Municipality", "Registered", "E-mail",
               "State", "Place in line", "Sign language", "Subtitles", "Other needs", "To tell by e-mail")  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            one.session,
            one.title,
            _local(one.starts, zone),
            one.name or NOT_STATED,
            one.organisation or NOT_STATED,
            one.municipality or NOT_STATED,
            "by the network" if one.email else "in Telegram",
            one.email,
            one.state.replace("_", " "),
            one.place,
            "yes" if one.needs.sign_language else "",
            "yes" if one.needs.subtitles else "",
            one.needs.other,
            "; ".join(_told(news, zone) for news in one.to_tell),
        )
        for one in report
    ]
    return Listing("Participants", "Participants", columns, rows, "Nobody is registered.")


def participants_values(report: Sequence[Participant]) -> list[dict[str, Any]]:
    """The same for scripts; what was not said is null."""
    return [
        {
            "session": one.session,
            "title": one.title,
            "starts": zulu(one.starts),
            "name": one.name or None,
            "organisation": one.organisation or None,
            "municipality": one.municipality or None,
            "email": one.email or None,
            "state": one.state,
            "place": one.place,
            "needs": asdict(one.needs),
            "to_tell": [{"what": news.what, "at": zulu(news.at)} for news in one.to_tell],
        }
        for one in report
    ]


def _told(news: News, zone: str) -> str:
    return f"{NEWS[news.what]} {moment(news.at, zone):%Y-%m-%d %H:%M}"


def _language(code: str) -> str:
    """The English name of a language, or the code where there is none."""
    return "German (Einfache Sprache)" if code == "de-simple" else Locale("en").languages.get(code, code)


def _local(instant: int, zone: str) -> datetime:
    return moment(instant, zone).replace(microsecond=0, tzinfo=None)
