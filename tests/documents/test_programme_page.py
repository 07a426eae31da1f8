"""The programme as a page: for readers, for screen readers, in a real browser, and without anything that is private."""

import shutil
from html.parser import HTMLParser

import pytest
from axe_playwright_python.async_playwright import Axe
from hypothesis import given, settings
from hypothesis import strategies as st
from planned import SERIES, SESSION, session
from playwright.async_api import async_playwright

from bot.documents.programme_page import page
from bot.domain.languages import LANGUAGES
from bot.domain.programme import Series

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
MOVED = session("2026-10-25 10:00", id=8, title="Wohnen & Miete", wordings={}, capacity=None, municipalities=())
OFF = session("2027-01-14 10:00", id=9, title="Schule", wordings={}, state="cancelled")
CLOSED = session("2027-01-21 10:00", id=10, title="Gesundheit", wordings={}, state="closed")
PROGRAMME = [
    (SERIES, [MOVED, SESSION, OFF, CLOSED]),
    (Series(2, "Sprache", {}), [session(id=11, series=2, title="Kurse", wordings={})]),
]
HARMFUL = "<script>alert(1)</script><img src=x onerror=y> \"'&"


class Outline(HTMLParser):
    """Headings, links, tags, and the text of a page."""

    def __init__(self, html):
        super().__init__()
        self.headings, self.links, self.tags, self.ids, self.text = [], {}, [], [], ""
        self._open = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.append((tag, values))
        if "id" in values:
            self.ids.append(values["id"])
        self._open.append((tag, values))
        if tag in {"h1", "h2", "h3"}:
            self.headings.append([tag, ""])
        if tag == "a":
            self.links[values["href"]] = ""

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not self._open or self._open[-1][0] == "style":
            return
        self.text += data
        tag, values = self._open[-1]
        if tag in {"h1", "h2", "h3"}:
            self.headings[-1][1] += data
        if tag == "a":
            self.links[values["href"]] += data


def test_headings_lead_through_series_and_sessions():
    assert Outline(page(PROGRAMME, "en")).headings == [
        ["h1", "Programme"],
        ["h2", "Ankommen in Musterstadt"],
        ["h3", "Wohnen & Miete"],
        ["h3", "Recht auf Arbeit"],
        ["h3", "Schule"],
        ["h3", "Gesundheit"],
        ["h2", "Sprache"],
        ["h3", "Kurse"],
    ]


def test_a_session_says_what_one_must_know():
    lines = [line for line in Outline(page([(SERIES, [SESSION])], "en")).text.split("\n") if line.strip()]
    assert lines[2:] == [
        "Ankommen in Musterstadt",
        "All sessions of this series as a calendar file",
        "Recht auf Arbeit",
        "Thursday, 3 December 2026, 10:00 to 12:30",
        "Time in Germany, online",
        "Wer darf arbeiten?",
        "Welche Ämter helfen?",
        "Speakers: Dr. Jana Beispiel, Omar Muster",
        "Language: German. For: rural districts",
        "Calendar file",
    ]


def test_states_are_told():
    read = Outline(page([(SERIES, [OFF, CLOSED])], "en")).text
    assert "This session has been cancelled." in read
    assert "Registration for this session is closed." in read


def test_links_lead_to_the_files_beside_it_and_into_the_chat():
    assert list(Outline(page([(SERIES, [SESSION, OFF])], "en")).links) == [
        "series-1.ics",
        "session-7.ics",
        "session-9.ics",
    ]
    assert list(Outline(page([(SERIES, [SESSION, OFF])], "en", "muster_bot")).links) == [
        "series-1.ics",
        "https://t.me/muster_bot?start=series_1",
        "session-7.ics",
        "https://t.me/muster_bot?start=session_7",
        "session-9.ics",
    ]


def test_a_series_that_is_all_off_has_no_calendar_file():
    assert list(Outline(page([(SERIES, [OFF])], "en")).links) == ["session-9.ics"]


def test_without_sessions_it_says_so():
    assert "No sessions are planned." in Outline(page([], "en")).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_link_to_join_and_nothing_private_in_any_language(language):
    html = page(PROGRAMME, language, "muster_bot")
    for secret in ("meet.example", "geheim", "Regenbogen", "unterlagen"):
        assert secret not in html


@pytest.mark.parametrize(("language", "direction"), [("de", "ltr"), ("de-simple", "ltr"), ("ar", "rtl"), ("fa", "rtl")])
def test_language_and_direction_are_stated(language, direction):
    tags = Outline(page(PROGRAMME, language)).tags
    assert ("html", {"lang": language, "dir": direction}) in tags


def test_a_title_in_another_language_is_marked_as_such():
    tags = Outline(page([(SERIES, [SESSION])], "fa")).tags
    assert ("h3", {"id": "session-7", "lang": "de", "dir": "ltr"}) in tags
    assert ("h3", {"id": "session-7"}) in Outline(page([(SERIES, [SESSION])], "de-simple")).tags
    assert "الحق في العمل" in page([(SERIES, [SESSION])], "ar")


def test_what_people_write_is_text():
    html = page([(Series(1, HARMFUL, {}), [session(title=HARMFUL, summary=HARMFUL, speakers=HARMFUL)])], "en")
    read = Outline(html)
    assert {"script", "img"}.isdisjoint(tag for tag, _ in read.tags)
    assert read.text.count(HARMFUL) == 4


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=80))
def test_nothing_that_people_write_adds_a_tag(told):
    plain = [tag for tag, _ in Outline(page([(SERIES, [session(summary="x")])], "en")).tags if tag != "p"]
    html = page([(Series(1, told, {}), [session(title=told, summary=told, speakers=told)])], "en")
    assert [tag for tag, _ in Outline(html).tags if tag != "p"] == plain


def test_ids_are_unique():
    ids = Outline(page(PROGRAMME, "de", "muster_bot")).ids
    assert len(ids) == len(set(ids))


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
@pytest.mark.parametrize("language", ["de", "ar"])
async def test_a_browser_finds_it_accessible_and_narrow_enough(language):
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for scheme, width in (("light", 1280), ("dark", 360)):
            tab = await browser.new_page(viewport={"width": width, "height": 740}, color_scheme=scheme)
            await tab.set_content(page(PROGRAMME, language, "muster_bot"))
            result = await Axe().run(tab)
            assert result.violations_count == 0, result.generate_report()
            assert await tab.evaluate("document.documentElement.scrollWidth") == width
            names = await tab.get_by_role("link").evaluate_all(
                "links => links.map(l => (l.getAttribute('aria-labelledby') || l.textContent).split(' ')"
                ".map(id => document.getElementById(id)?.textContent || id).join(' '))"
            )
            assert len(names) == 13
            assert len(set(names)) == 13
        await browser.close()
