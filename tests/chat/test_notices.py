"""What Lotse says unasked: to the letter in German and English, and nothing that does not hold any more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from town import SMALL, TOKEN

from bot.app import erased_list, open_library
from bot.chat.api import Api
from bot.chat.markup import directed_message
from bot.chat.notices import reader_language, render
from bot.chat.talk import House
from bot.domain.instants import DAY, HOUR, MINUTE, microseconds, moment
from bot.services.notices import gather
from bot.services.people import choose_language
from bot.store.outbox import Claimed
from bot.store.tx import Tx

ANNA, BORIS, CHEN = 5_001, 5_002, 5_003
START = microseconds(datetime(2026, 12, 3, 9, 0, tzinfo=UTC))  # 10:00 in Germany, a Thursday
MORNING = START - DAY  # Wednesday at 10:00
SESSION = text("""
    INSERT INTO sessions (series, title, language, wordings, starts, zone, minutes, capacity, join_url, materials,
        state, version, created, changed, moved)
    VALUES (1, :title, 'de', :wordings, :starts, 'Europe/Berlin', :minutes, 50, :join_url, :materials,
        :state, :version, 0, 0, 0) RETURNING id
""")
SEAT = text("""
    INSERT INTO registrations (session, person, state, line, offered_until, changes, created)
    VALUES (:session, :person, :state, :person, :until, :changes, 0)
""")
TITLES = '{"en": ["Public space", ""], "ar": ["الفضاء العام", ""]}'


def plan(tx: Tx, **changed: Any) -> int:
    """A session with a German, an English and an Arabic title; its id."""
    tx.execute(text("INSERT INTO series (title, created) VALUES ('Herbst', 0) ON CONFLICT (title) DO NOTHING"))
    session = {"title": "Öffentlicher Raum", "wordings": TITLES, "starts": START, "minutes": 150, "state": "open"}
    session |= {"join_url": "https://meet.example.org/3", "materials": "", "version": 1}
    return int(tx.execute(SESSION, session | changed)[0].id)


def seat(tx: Tx, session: int, person: int, state: str, until: int | None = None, changes: int = 1) -> None:
    """A registration in this state."""
    row = {"session": session, "person": person, "state": state, "until": until, "changes": changes}
    tx.execute(SEAT, row)


@dataclass
class Desk:
    """Somebody at whom messages are written."""

    house: House
    now: int = MORNING
    person: int = ANNA
    session: int | None = None

    async def speaks(self, language: str, person: int = ANNA) -> None:
        """Chose this language."""
        await self.house.database.write(choose_language, person, language, 0)

    async def planned(self, own: str = "", until: int | None = None, **changed: Any) -> int:
        """A session, with a registration of theirs in the state `own`."""
        self.session = await self.house.database.write(lambda tx: plan(tx, **changed))
        if own:
            await self.house.database.write(seat, self.session, self.person, own, until)
        return self.session

    async def gets(self, kind: str, **parameters: Any) -> list[str] | None:
        """A message of this kind as lines, with its buttons; None for none."""
        self.house.now = lambda: moment(self.now)
        claimed = Claimed(1, self.person, kind, self.session, parameters, self.now, None, 0, 1)
        facts = (await self.house.database.read(gather, [claimed], self.now, self.house.coordinators))[1]
        message = render(self.house, claimed, facts)
        if message is None:
            return None
        shown = directed_message(message, reader_language(self.house, facts))
        lines = re.sub("<a [^>]*>([^<]*)</a>", r"\1", shown.html).split("\n")
        lines += [" ".join(f"[{button.text} | {button.data}]" for button in row) for row in shown.rows]
        return [*lines, "(answer by reply)"] if shown.asks else lines


@pytest.fixture
async def desk(sqlite):
    """A person who speaks English."""
    house = House(Api(TOKEN, ""), sqlite, open_library(SMALL), lambda: datetime.now(UTC), "de", erased_list(sqlite))
    found = Desk(house)
    await found.speaks("en")
    return found


EN_DAY, DE_DAY = "Thursday, 3 December 2026", "Donnerstag, 3. Dezember 2026"
EN_HOURS, DE_HOURS = f"{EN_DAY}, 10:00 to 12:30", f"{DE_DAY}, 10:00 bis 12:30 Uhr"
EN_SEATED = ["[Add to calendar | ics:1]", "[Cancel registration | leave:1]"]
DE_SEATED = ["[In Kalender eintragen | ics:1]", "[Abmelden | leave:1]"]
EN_OFFERED = ["[Accept the place | accept:1]", "[Decline the place | decline:1]"]
DE_OFFERED = ["[Annehmen | accept:1]", "[Ablehnen | decline:1]"]
TUESDAY = microseconds(datetime(2026, 12, 1, 9, 0, tzinfo=UTC))
BEFORE = {"before": START - 7 * DAY, "minutes": 150}
REMINDER = {"rule": "1d", "version": 1}

# kind, state of the registration, what else is so, parameters; then the message in English and in German
MESSAGES = [
    pytest.param(
        ("reminder", "confirmed", {}, REMINDER),
        [
            "Tomorrow at 10:00: Public space 🔔",
            f"{EN_DAY}, until 12:30",
            "Join: https://meet.example.org/3",
            "No time? Cancel, and someone else gets the place.",
            *EN_SEATED,
        ],
        [
            "Morgen um 10:00 Uhr: Öffentlicher Raum 🔔",
            f"{DE_DAY}, bis 12:30 Uhr",
            "Zugang: https://meet.example.org/3",
            "Keine Zeit? Melden Sie sich ab, dann wird der Platz frei.",
            *DE_SEATED,
        ],
        id="reminder",
    ),
    pytest.param(
        ("offer", "offered", {"now": START - 3 * DAY, "until": TUESDAY}, {}),
        [
            "A place is free: Public space",
            EN_HOURS,
            "Kept for you until <b>Tuesday, 1 December, 10:00</b>. After that the next person gets it.",
            *EN_OFFERED,
        ],
        [
            "Ein Platz ist frei: Öffentlicher Raum",
            DE_HOURS,
            "Reserviert für Sie bis <b>Dienstag, 1. Dezember, 10:00 Uhr</b>. Danach bekommt ihn die nächste Person.",
            *DE_OFFERED,
        ],
        id="offer",
    ),
    pytest.param(
        ("given", "confirmed", {}, {}),
        [
            "You have a place now: Public space",
            EN_HOURS,
            "Join: https://meet.example.org/3",
            "No time? Cancel, and someone else gets the place.",
            *EN_SEATED,
        ],
        [
            "Sie haben jetzt einen Platz: Öffentlicher Raum",
            DE_HOURS,
            "Zugang: https://meet.example.org/3",
            "Keine Zeit? Melden Sie sich ab, dann wird der Platz frei.",
            *DE_SEATED,
        ],
        id="given",
    ),
    pytest.param(
        ("lapsed", "waitlisted", {}, {}),
        [
            "The time is up: Public space",
            EN_HOURS,
            "The place went to the next person. You stay on the waiting list, now as number 1.",
            "[Cancel registration | leave:1]",
        ],
        [
            "Die Frist ist vorbei: Öffentlicher Raum",
            DE_HOURS,
            "Der Platz ging an die nächste Person. Sie bleiben auf der Warteliste, jetzt auf Platz 1.",
            "[Abmelden | leave:1]",
        ],
        id="lapsed",
    ),
    pytest.param(
        ("dropped", "cancelled", {}, {}),
        [
            "You are no longer on the waiting list: Public space",
            EN_HOURS,
            "The time for an offered place was up twice. You can register again.",
            "[Register | register:1]",
        ],
        [
            "Sie stehen nicht mehr auf der Warteliste: Öffentlicher Raum",
            DE_HOURS,
            "Die Frist für einen Platz ist zweimal abgelaufen. Sie können sich wieder anmelden.",
            "[Anmelden | register:1]",
        ],
        id="dropped",
    ),
    pytest.param(
        ("moved", "confirmed", {}, BEFORE),
        [
            "New time: Public space",
            "Before: Thursday, 26 November 2026, 10:00",
            f"Now: <b>{EN_HOURS}</b>",
            "Your place is kept if you do nothing.",
            "[Keep my place | keep:1]",
            *reversed(EN_SEATED),
        ],
        [
            "Neue Zeit: Öffentlicher Raum",
            "Bisher: Donnerstag, 26. November 2026, 10:00 Uhr",
            f"Jetzt: <b>{DE_HOURS}</b>",
            "Ihr Platz bleibt, wenn Sie nichts tun.",
            "[Platz behalten | keep:1]",
            *reversed(DE_SEATED),
        ],
        id="moved",
    ),
    pytest.param(
        ("moved", "waitlisted", {}, BEFORE),
        [
            "New time: Public space",
            "Before: Thursday, 26 November 2026, 10:00",
            f"Now: <b>{EN_HOURS}</b>",
            "You stay on the waiting list if you do nothing.",
            "[Keep my place | keep:1]",
            "[Cancel registration | leave:1]",
        ],
        [
            "Neue Zeit: Öffentlicher Raum",
            "Bisher: Donnerstag, 26. November 2026, 10:00 Uhr",
            f"Jetzt: <b>{DE_HOURS}</b>",
            "Sie bleiben auf der Warteliste, wenn Sie nichts tun.",
            "[Platz behalten | keep:1]",
            "[Abmelden | leave:1]",
        ],
        id="moved-waiting",
    ),
    pytest.param(
        ("moved", "offered", {"now": START - 3 * DAY, "until": TUESDAY}, BEFORE),
        [
            "New time: Public space",
            "Before: Thursday, 26 November 2026, 10:00",
            f"Now: <b>{EN_HOURS}</b>",
            "Kept for you until <b>Tuesday, 1 December, 10:00</b>. After that the next person gets it.",
            *EN_OFFERED,
        ],
        [
            "Neue Zeit: Öffentlicher Raum",
            "Bisher: Donnerstag, 26. November 2026, 10:00 Uhr",
            f"Jetzt: <b>{DE_HOURS}</b>",
            "Reserviert für Sie bis <b>Dienstag, 1. Dezember, 10:00 Uhr</b>. Danach bekommt ihn die nächste Person.",
            *DE_OFFERED,
        ],
        id="moved-offered",
    ),
    pytest.param(
        ("moved", "confirmed", {}, {"before": START, "minutes": 90}),
        [
            "New time: Public space",
            f"Before: {EN_DAY}, 10:00 to 11:30",
            f"Now: <b>{EN_HOURS}</b>",
            "Your place is kept if you do nothing.",
            "[Keep my place | keep:1]",
            *reversed(EN_SEATED),
        ],
        [
            "Neue Zeit: Öffentlicher Raum",
            f"Bisher: {DE_DAY}, 10:00 bis 11:30 Uhr",
            f"Jetzt: <b>{DE_HOURS}</b>",
            "Ihr Platz bleibt, wenn Sie nichts tun.",
            "[Platz behalten | keep:1]",
            *reversed(DE_SEATED),
        ],
        id="longer",
    ),
    pytest.param(
        ("cancelled", "cancelled", {"state": "cancelled"}, {"was": "confirmed"}),
        [
            "Cancelled: Public space",
            f"{EN_DAY}, 10:00",
            "You need not do anything. Your registration has ended.",
            "[Show sessions | more:sessions:0]",
        ],
        [
            "Fällt aus: Öffentlicher Raum",
            f"{DE_DAY}, 10:00 Uhr",
            "Sie müssen nichts tun. Ihre Anmeldung ist beendet.",
            "[Veranstaltungen zeigen | more:sessions:0]",
        ],
        id="cancelled",
    ),
    pytest.param(
        ("cancelled", "cancelled", {"state": "cancelled"}, {"was": "waitlisted"}),
        [
            "Cancelled: Public space",
            f"{EN_DAY}, 10:00",
            "You need not do anything. Your entry on the waiting list has ended.",
            "[Show sessions | more:sessions:0]",
        ],
        [
            "Fällt aus: Öffentlicher Raum",
            f"{DE_DAY}, 10:00 Uhr",
            "Sie müssen nichts tun. Ihr Eintrag auf der Warteliste ist beendet.",
            "[Veranstaltungen zeigen | more:sessions:0]",
        ],
        id="cancelled-waiting",
    ),
    pytest.param(
        ("link", "confirmed", {}, {}),
        [
            "How to join: Public space",
            EN_HOURS,
            "Join: https://meet.example.org/3",
            "This link replaces any earlier one.",
            *EN_SEATED,
        ],
        [
            "Zugang: Öffentlicher Raum",
            DE_HOURS,
            "Zugang: https://meet.example.org/3",
            "Dieser Zugang ersetzt jeden früheren.",
            *DE_SEATED,
        ],
        id="link",
    ),
    pytest.param(
        ("added", "", {"took_all": True}, {}),
        [
            "New in your series: Public space",
            EN_HOURS,
            "You registered for all sessions of the series. For this one you are not registered yet.",
            "[Register | register:1]",
        ],
        [
            "Neu in Ihrer Reihe: Öffentlicher Raum",
            DE_HOURS,
            "Sie sind für alle Veranstaltungen der Reihe angemeldet. Für diese noch nicht.",
            "[Anmelden | register:1]",
        ],
        id="added",
    ),
    pytest.param(
        ("after", "attended", {"now": START + 3 * HOUR, "materials": "https://example.org/3"}, {}),
        [
            "Thank you for taking part: Public space",
            "Materials: https://example.org/3",
            "A certificate of attendance is in /my",
            "",
            "What do you take from “Public space” into your work?",
            "Reply to this message. Optional: if you would rather not, do nothing.",
            "(answer by reply)",
        ],
        [
            "Danke für die Teilnahme: Öffentlicher Raum",
            "Unterlagen: https://example.org/3",
            "Eine Teilnahmebescheinigung finden Sie in /my",
            "",
            "Was nehmen Sie aus „Öffentlicher Raum“ mit in Ihre Arbeit?",
            "Antworten Sie auf diese Nachricht. Freiwillig: Wer nicht möchte, tut nichts.",
            "(answer by reply)",
        ],
        id="after",
    ),
    pytest.param(
        ("materials", "attended", {"now": START + DAY, "materials": "Folien: <a & b>"}, {}),
        ["New materials: Public space", "Materials: Folien: &lt;a &amp; b&gt;"],
        ["Neue Unterlagen: Öffentlicher Raum", "Unterlagen: Folien: &lt;a &amp; b&gt;"],
        id="materials",
    ),
    pytest.param(
        ("no_link", "", {"join_url": "", "coordinates": True}, {"version": 1}),
        [
            "No link to join yet: Public space",
            EN_HOURS,
            "People with a place get the link as soon as it is entered: /programme",
        ],
        [
            "Noch kein Zugang: Öffentlicher Raum",
            DE_HOURS,
            "Angemeldete bekommen den Zugang, sobald er eingetragen ist: /programme",
        ],
        id="no-link",
    ),
]


async def prepare(desk, state, so):
    """Makes it so."""
    so = dict(so)
    desk.now = so.pop("now", desk.now)
    took_all, coordinates = so.pop("took_all", False), so.pop("coordinates", False)
    await desk.planned(state, **so)
    if took_all:
        taken = text("INSERT INTO takes_all (series, person, since) VALUES (1, :person, 0)")
        await desk.house.database.write(lambda tx: tx.execute(taken, {"person": desk.person}))
    desk.house.coordinators = frozenset({desk.person} if coordinates else ())


@pytest.mark.parametrize(("case", "english", "german"), MESSAGES)
async def test_each_message_in_english_and_german(desk, case, english, german):
    kind, state, so, parameters = case
    await prepare(desk, state, so)
    assert await desk.gets(kind, **parameters) == english
    await desk.speaks("de")
    assert await desk.gets(kind, **parameters) == german


@pytest.mark.parametrize("lines", [lines for case in MESSAGES for lines in case.values[1:]])
def test_line_one_says_nothing_but_the_matter_and_a_whole_message_is_short(lines):
    """Anybody may read it on a locked screen; and one screen is enough."""
    words = [line for line in lines if not line.startswith("[")]
    assert len(words[0]) <= 63
    assert len("\n".join(words)) <= 350


ALWAYS_GONE = [  # what makes each kind not hold any more: another state of the registration, or of the session
    ("reminder", "waitlisted", {}, REMINDER),
    ("reminder", "cancelled", {}, REMINDER),
    ("reminder", "", {}, REMINDER),
    ("reminder", "confirmed", {"version": 2}, REMINDER),
    ("reminder", "confirmed", {"now": START}, REMINDER),
    ("reminder", "confirmed", {"state": "cancelled"}, REMINDER),
    ("offer", "confirmed", {}, {}),
    ("offer", "offered", {"until": MORNING}, {}),
    ("offer", "offered", {"until": MORNING + HOUR}, {"changes": 0}),
    ("given", "cancelled", {}, {}),
    ("given", "confirmed", {}, {"changes": 0}),
    ("lapsed", "offered", {"until": MORNING + HOUR}, {}),
    ("lapsed", "waitlisted", {}, {"changes": 0}),
    ("dropped", "waitlisted", {}, {}),
    ("moved", "confirmed", {}, {"before": START, "minutes": 150}),
    ("moved", "confirmed", {}, {"before": START}),
    ("moved", "confirmed", {}, {}),
    ("moved", "cancelled", {}, BEFORE),
    ("moved", "", {}, BEFORE),
    ("moved", "confirmed", {"now": START}, BEFORE),
    ("moved", "confirmed", {"state": "cancelled"}, BEFORE),
    ("cancelled", "confirmed", {}, {"was": "confirmed"}),
    ("link", "waitlisted", {}, {}),
    ("link", "offered", {"until": MORNING + HOUR}, {}),
    ("link", "confirmed", {"join_url": ""}, {}),
    ("link", "confirmed", {"now": START + 150 * MINUTE}, {}),
    ("link", "confirmed", {"state": "cancelled"}, {}),
    ("added", "", {}, {}),
    ("added", "confirmed", {"took_all": True}, {}),
    ("added", "cancelled", {"took_all": True}, {}),
    ("added", "", {"took_all": True, "state": "closed"}, {}),
    ("added", "", {"took_all": True, "now": START}, {}),
    ("after", "confirmed", {"now": START + DAY}, {}),
    ("after", "no_show", {"now": START + DAY}, {}),
    ("materials", "attended", {"now": START + DAY}, {}),
    ("materials", "no_show", {"now": START + DAY, "materials": "Folien"}, {}),
    ("no_link", "", {"join_url": ""}, {}),
    ("no_link", "", {"coordinates": True}, {}),
    ("no_link", "", {"coordinates": True, "join_url": "", "version": 2}, {"version": 1}),
    ("no_link", "", {"coordinates": True, "join_url": "", "now": START}, {}),
    ("something else", "confirmed", {}, {}),
]


@pytest.mark.parametrize(("kind", "state", "so", "parameters"), ALWAYS_GONE)
async def test_what_does_not_hold_any_more_is_not_said(desk, kind, state, so, parameters):
    await prepare(desk, state, so)
    assert await desk.gets(kind, **parameters) is None


async def test_about_no_session_nothing_is_said(desk):
    assert await desk.gets("reminder", **REMINDER) is None
    desk.session = 99
    assert await desk.gets("reminder", **REMINDER) is None


@pytest.mark.parametrize(
    ("rule", "before", "first", "second"),
    [
        ("7d", 7 * DAY, "In 7 days", EN_HOURS),
        ("2d", 2 * DAY, "In 2 days", EN_HOURS),
        ("1d", DAY + 9 * HOUR, "Tomorrow at 10:00", f"{EN_DAY}, until 12:30"),
        ("1d", DAY + 11 * HOUR, "In 2 days", EN_HOURS),  # it is Tuesday there, whatever UTC says
        ("1d", 9 * HOUR, "Today at 10:00", f"{EN_DAY}, until 12:30"),
        ("12h", 12 * HOUR, "In 12 hours", EN_HOURS),
        ("24h", DAY, "Tomorrow at 10:00", f"{EN_DAY}, until 12:30"),
        ("1h", HOUR, "In 1 hour", EN_HOURS),
        ("1h", HOUR - 5 * MINUTE, "In 1 hour", EN_HOURS),
        ("1h", HOUR - 6 * MINUTE, "Today at 10:00", f"{EN_DAY}, until 12:30"),
        ("30m", 30 * MINUTE, "In 30 minutes", EN_HOURS),
        ("90s", 90 * 1_000_000, "Today at 10:00", f"{EN_DAY}, until 12:30"),
        ("?", HOUR, "Today at 10:00", f"{EN_DAY}, until 12:30"),
    ],
)
async def test_a_reminder_says_how_soon_it_is_by_the_days_where_the_session_is(desk, rule, before, first, second):
    await desk.planned("confirmed")
    desk.now = START - before
    lines = await desk.gets("reminder", rule=rule, version=1)
    assert lines[:2] == [f"{first}: Public space 🔔", second]


async def test_without_a_link_a_reminder_says_when_it_comes(desk):
    await desk.planned("confirmed", join_url="")
    assert (await desk.gets("reminder", **REMINDER))[2] == "The link to join comes in a message of its own."


async def test_a_title_may_hold_anything(desk):
    await desk.planned("confirmed", title="<b>{title}</b> & %s", wordings="{}")
    lines = await desk.gets("reminder", **REMINDER)
    assert lines[0] == "Tomorrow at 10:00: &lt;b&gt;{title}&lt;/b&gt; &amp; %s 🔔"


async def test_in_arabic_lines_run_from_the_right(desk):
    await desk.planned("confirmed")
    await desk.speaks("ar")
    lines = await desk.gets("reminder", **REMINDER)
    assert lines[0] == "غدًا الساعة 10:00: الفضاء العام 🔔"
    assert lines[1] == "الخميس، 3 كانون الأول / ديسمبر 2026، حتى الساعة 12:30"


@pytest.mark.parametrize(
    ("chosen", "code", "title"),
    [("de", "uk", "Öffentlicher Raum"), (None, "en-GB", "Public space"), (None, None, "Öffentlicher Raum")],
)
async def test_the_language_is_the_chosen_one_else_telegrams_else_the_default(desk, chosen, code, title):
    await desk.planned("confirmed")
    change = text("UPDATE people SET language = :chosen, code = :code")
    await desk.house.database.write(lambda tx: tx.execute(change, {"chosen": chosen, "code": code}))
    assert title in (await desk.gets("reminder", **REMINDER))[0]


async def test_the_present_counts_that_of_sending_not_that_of_looking(desk):
    await desk.planned("confirmed")
    claimed = Claimed(1, ANNA, "reminder", desk.session, REMINDER, MORNING, None, 0, 1)
    facts = (await desk.house.database.read(gather, [claimed], START - 1))[1]
    desk.house.now = lambda: moment(START)
    assert render(desk.house, claimed, facts) is None


@pytest.mark.parametrize(("hour", "silent"), [(7, True), (8, False), (19, False), (20, True), (23, True), (0, True)])
async def test_at_night_messages_make_no_sound(desk, hour, silent):
    await desk.planned("confirmed")
    now = microseconds(datetime(2026, 12, 1, hour, 30, tzinfo=UTC)) - HOUR  # in Germany
    desk.house.now = lambda: moment(now)
    claimed = Claimed(1, ANNA, "link", desk.session, {}, now, None, 0, 1)
    facts = (await desk.house.database.read(gather, [claimed], now))[1]
    assert render(desk.house, claimed, facts).silent is silent
