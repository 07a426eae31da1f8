"""Calendar files, read back by two parsers that share nothing with each other."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from planned import JOIN, SERIES, SESSION, session

from bot.documents.calendar import series_file, session_file
from bot.documents.zone import timezone
from bot.domain.instants import moment
from bot.domain.languages import LANGUAGES

ORIGIN = "Muster_Bot"
GERMANY = "Europe/Berlin"


def made(one=SESSION, language="de", *, joins=True, cancelled=False):
    return session_file(one, SERIES, language, origin=ORIGIN, joins=joins, cancelled=cancelled)


def by_icalendar(content):
    """Each event by its UID, as icalendar understands it."""
    found = {}
    for event in icalendar.Calendar.from_ical(content).events:
        found[str(event["uid"])] = {
            "sequence": event["sequence"],
            "start": event.start.astimezone(UTC),
            "end": event.end.astimezone(UTC),
            "summary": str(event["summary"]),
            "description": str(event["description"]),
            "status": str(event["status"]),
            "location": str(event.get("location", "")),
        }
    return found


def by_vobject(content):
    """The same by vobject, which reads zones from the file and not from the machine."""
    found = {}
    for event in vobject.readOne(content.decode()).contents.get("vevent", []):
        values = {name: lines[0].value for name, lines in event.contents.items()}
        found[values["uid"]] = {
            "sequence": int(values["sequence"]),
            "start": values["dtstart"].astimezone(UTC),
            "end": values["dtend"].astimezone(UTC),
            "summary": values["summary"],
            "description": values["description"],
            "status": values["status"],
            "location": values.get("location", ""),
        }
    return found


def read(content):
    """The events of a file on which both agree."""
    found = by_icalendar(content)
    assert by_vobject(content) == found
    return found


def the_one(content):
    (event,) = read(content).values()
    return event


def unfolded(content):
    return content.replace(b"\r\n ", b"").decode().splitlines()


def test_a_session_is_read_as_it_is_planned():
    assert read(made(language="en")) == {
        "session-7@muster_bot": {
            "sequence": 2,
            "start": datetime(2026, 12, 3, 9, tzinfo=UTC),
            "end": datetime(2026, 12, 3, 11, 30, tzinfo=UTC),
            "summary": "Recht auf Arbeit",
            "description": (
                "Series: Ankommen in Musterstadt\nWer darf arbeiten?\nWelche Ämter helfen?\n"
                f"Speakers: Dr. Jana Beispiel, Omar Muster\nJoin: {JOIN}"
            ),
            "status": "CONFIRMED",
            "location": JOIN,
        }
    }


def test_the_file_has_what_calendars_ask_for():
    assert unfolded(made())[:5] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Lotse//Sessions//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    lines = set(unfolded(made()))
    assert {
        "DTSTART;TZID=Europe/Berlin:20261203T100000",
        "DTEND;TZID=Europe/Berlin:20261203T123000",
        "DTSTAMP:20261120T123045Z",
        "LAST-MODIFIED:20261120T123045Z",
        "CREATED:20260901T080000Z",
        f"URL:{JOIN}",
        f"CONFERENCE;FEATURE=AUDIO,VIDEO;VALUE=URI:{JOIN}",
        "TRANSP:OPAQUE",
    } <= lines


def test_the_same_session_makes_the_same_bytes():
    assert made() == made()


def test_nobody_is_invited_and_nothing_rings():
    names = {re.split("[;:]", line)[0] for line in unfolded(made())}
    assert not names & {"ATTENDEE", "ORGANIZER", "CONTACT", "X-WR-CALNAME", "NAME"}
    assert "BEGIN:VALARM" not in unfolded(made())


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_who_has_a_seat_finds_the_link_in_any_language(language):
    secrets = (b"geheim", b"meet.example", b"Regenbogen", b"unterlagen")
    others = made(language=language, joins=False).replace(b"\r\n ", b"")
    assert not [secret for secret in secrets if secret in others]
    assert the_one(made(language=language))["location"] == JOIN
    assert the_one(made(language=language))["description"].endswith(JOIN)


def test_with_a_seat_but_no_link_yet_it_says_that_the_link_comes():
    event = the_one(made(session(join_url="")))
    assert "http" not in event["description"]
    assert event["location"] == "Online"


def test_texts_are_in_the_reader_s_language_where_there_are_any():
    assert the_one(made(language="ar"))["summary"] == "الحق في العمل"
    assert "SUMMARY;LANGUAGE=ar:الحق في العمل" in unfolded(made(language="ar"))
    assert "SUMMARY;LANGUAGE=de:Recht auf Arbeit" in unfolded(made(language="pl"))
    assert "SUMMARY;LANGUAGE=de:Recht auf Arbeit" in unfolded(made(language="de-simple"))


@pytest.mark.parametrize(
    "told",
    [
        "Kaffee, Kuchen; und \\ mehr",
        "Zeile eins\nZeile zwei\n\n- Punkt: a,b;c",
        "Gemeinsam 👩‍👩‍👧‍👦 kochen 🍲" * 12,
        "مرحبًا، أهلًا؛ (2026)" * 15,
        "BEGIN:VEVENT\nEND:VCALENDAR\nATTENDEE:mailto:a@example.org",
        '"Anführung": x=y',
    ],
)
def test_any_text_comes_back_as_it_was(told):
    content = made(session(title=told, summary=told, speakers=told, language="en"), "en")
    event = the_one(content)
    assert event["summary"] == " ".join(told.split())
    assert event["description"].count(told) == 2
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line
        line.decode()  # no character is cut in two


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=120))
def test_no_text_breaks_a_file(told):
    content = made(session(title=told, summary=told, speakers=told, join_url=f"https://example.org/{told}"))
    assert len(read(content)) == 1
    assert sum(line.startswith("BEGIN:") for line in unfolded(content)) == 5


def test_an_address_cannot_add_lines():
    content = made(session(join_url="https://example.org/a\r\nATTENDEE:mailto:a@example.org"))
    assert not [line for line in unfolded(content) if line.startswith("ATTENDEE")]


def test_a_moved_session_replaces_its_entry():
    (before,) = read(made()).items()
    (after,) = read(made(session("2026-12-04 14:00", version=2, sequence=3))).items()
    assert after[0] == before[0]
    assert (before[1]["sequence"], after[1]["sequence"]) == (2, 3)
    assert after[1]["start"] == datetime(2026, 12, 4, 13, tzinfo=UTC)


@pytest.mark.parametrize(("state", "cancelled"), [("cancelled", False), ("open", True)])
def test_a_cancelled_session_is_off_and_without_its_link(state, cancelled):
    content = made(session(state=state, sequence=3), cancelled=cancelled)
    event = the_one(content)
    assert event["status"] == "CANCELLED"
    assert event["sequence"] == 3
    assert event["location"] == ""
    assert event["summary"].endswith(": Recht auf Arbeit")
    assert "TRANSP:TRANSPARENT" in unfolded(content)
    assert b"geheim" not in content.replace(b"\r\n ", b"")


def test_a_series_is_one_file_with_the_link_only_where_there_is_a_seat():
    first = session("2026-10-22 10:00", id=1, join_url="https://example.org/eins")
    second = session("2026-12-03 10:00", id=2, join_url="https://example.org/zwei")
    content = series_file(SERIES, [(first, True), (second, False)], "de", origin=ORIGIN)
    events = read(content)
    assert list(events) == ["session-1@muster_bot", "session-2@muster_bot"]
    assert [event["start"].hour for event in events.values()] == [8, 9]  # summer and winter time
    assert b"example.org/eins" in content
    assert b"zwei" not in content
    assert content.count(b"BEGIN:VTIMEZONE") == 1


def test_an_entry_is_the_same_in_both_kinds_of_files():
    assert read(series_file(SERIES, [(SESSION, True)], "de", origin=ORIGIN)) == read(made())


def test_two_lotses_do_not_overwrite_each_other():
    other = session_file(SESSION, SERIES, "de", origin="Other_Bot", joins=True)
    assert set(read(other)) == {"session-7@other_bot"}


NIGHTS = [  # local times on both nights when clocks change, and UTC as a calendar must understand them
    ("2026-10-24 23:00", 180, "2026-10-24T21:00", "2026-10-25T00:00"),  # ends at 02:00, before the change
    ("2026-10-25 01:00", 240, "2026-10-24T23:00", "2026-10-25T03:00"),  # over the change: ends at 04:00 winter time
    ("2026-10-25 02:30", 60, "2026-10-25T01:30", "2026-10-25T02:30"),  # a time that comes twice: the later
    ("2026-10-25 00:30", 150, "2026-10-24T22:30", "2026-10-25T01:00"),  # ends in the hour that comes twice
    ("2026-10-25 10:00", 150, "2026-10-25T09:00", "2026-10-25T11:30"),
    ("2027-03-28 01:00", 120, "2027-03-28T00:00", "2027-03-28T02:00"),  # over the change: ends at 04:00 summer time
    ("2027-03-28 02:30", 60, "2027-03-28T01:30", "2027-03-28T02:30"),  # a time that does not exist: an hour on
    ("2027-03-28 10:00", 150, "2027-03-28T08:00", "2027-03-28T10:30"),
]


@pytest.mark.parametrize(("wall", "minutes", "start", "end"), NIGHTS)
def test_the_nights_when_clocks_change(wall, minutes, start, end):
    event = the_one(made(session(wall, minutes=minutes)))
    assert event["start"] == datetime.fromisoformat(f"{start}:00+00:00")
    assert event["end"] == datetime.fromisoformat(f"{end}:00+00:00")


@pytest.mark.parametrize(
    "name", [GERMANY, "Europe/London", "America/New_York", "Australia/Sydney", "Asia/Kabul", "Africa/Cairo", "UTC"]
)
def test_a_zone_is_described_as_it_is(name):
    described = timezone(name, 2026, 2027).to_ical().decode()
    calendar = vobject.readOne(f"BEGIN:VCALENDAR\r\n{described}END:VCALENDAR\r\n")
    clock = calendar.vtimezone.gettzinfo()
    noons = [datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=n) for n in range(2 * 365)]
    assert [noon.astimezone(clock).utcoffset() for noon in noons] == [
        noon.astimezone(ZoneInfo(name)).utcoffset() for noon in noons
    ]


def test_outlook_gets_rules_and_no_lists_of_dates():
    lines = unfolded(made())
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3" in lines
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10" in lines
    assert not [line for line in lines if line.startswith("RDATE")]
    assert {"DTSTART:19700329T020000", "DTSTART:19701025T030000"} <= set(lines)  # by the clocks before each change


def test_a_zone_without_a_rule_is_written_in_utc():
    one = session("2026-12-03 10:00", zone="Africa/Casablanca")  # its clocks follow the moon
    content = made(one)
    assert b"VTIMEZONE" not in content
    assert the_one(content)["start"] == moment(one.starts)


@settings(deadline=None, max_examples=80)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 12, 31)),  # noqa: DTZ001 - local times
    st.integers(1, 600),
    st.sampled_from([GERMANY, "America/New_York", "Asia/Kabul", "Africa/Casablanca"]),
)
def test_any_session_is_read_at_its_instant(wall, minutes, zone):
    one = session(wall.replace(microsecond=0).isoformat(), minutes=minutes, zone=zone)
    event = the_one(made(one))
    assert (event["start"], event["end"]) == (moment(one.starts), moment(one.ends))


def test_a_series_over_new_year_has_one_description_for_both_years():
    entries = [(session("2026-12-30 10:00", id=1), True), (session("2027-07-01 10:00", id=2), True)]
    starts = [event["start"].hour for event in read(series_file(SERIES, entries, "de", origin=ORIGIN)).values()]
    assert starts == [9, 8]
