"""Certificates of attendance: what they say, on which sheet, and names in any script."""

import ctypes
import re
import unicodedata
from datetime import date
from io import BytesIO

import pypdfium2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from planned import SERIES, SESSION, session
from pypdfium2 import raw

from bot.documents.certificate import certificate
from bot.documents.sheet import Sheet
from bot.domain.knowledge import Operator
from bot.domain.languages import LANGUAGES
from bot.texts import texts

OPERATOR = Operator(
    "Netzwerk Muster e. V.", "Marktplatz 1, 01234 Musterstadt", imprint="https://muster.example/impressum"
)
DAY = date(2026, 12, 4)
BY_HAND = "This program cannot print all letters of the name. Please write it by hand."
SEVEN = [session(f"2026-10-{day:02} 10:00", id=day, title=f"Abend {day}") for day in range(1, 8)]


def made(name="Jana Beispiel", attended=(SESSION,), of=1, operator=OPERATOR, language="en"):
    return pypdfium2.PdfDocument(BytesIO(certificate(name, attended, of, SERIES, operator, language, DAY)))


def words(document):
    return "\n".join(page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document)


def paragraphs(document):
    """Kind and what a screen reader says instead of the letters, for each paragraph of the first page."""
    page = document[0]
    tree = raw.FPDF_StructTree_GetForPage(page.raw)
    body = raw.FPDF_StructTree_GetChildAtIndex(tree, 0)
    for at in range(raw.FPDF_StructElement_CountChildren(body)):
        element = raw.FPDF_StructElement_GetChildAtIndex(body, at)
        yield _read(raw.FPDF_StructElement_GetType, element), _read(raw.FPDF_StructElement_GetAltText, element)
    raw.FPDF_StructTree_Close(tree)


def _read(of, element):
    length = of(element, None, 0)
    held = ctypes.create_string_buffer(length)
    of(element, held, length)
    return held.raw[: max(0, length - 2)].decode("utf-16-le")


def test_for_one_session_it_says_who_what_when_and_from_whom():
    assert words(made()).splitlines() == [
        "Certificate of attendance",
        "Name",
        "Jana Beispiel",
        "Session",
        "Recht auf Arbeit",
        "Series",
        "Ankommen in Musterstadt",
        "Time",
        "Thursday, 3 December 2026, 10:00 to 12:30",
        "Duration",
        "2.5 hours",
        "Issued by",
        "Netzwerk Muster e. V.",
        "Marktplatz 1, 01234 Musterstadt",
        "https://muster.example/impressum",
        "Date of issue",
        "4 December 2026",
        "A program (Lotse) made this certificate from what was recorded about attendance. It is not signed.",
    ]


def test_for_a_series_it_counts_and_lists_in_order_of_time():
    document = made(attended=SEVEN[::-1], of=9)
    read = words(document).splitlines()
    assert read[3:7] == ["Series", "Ankommen in Musterstadt", "Attended", "7 of 9 sessions, 17.5 hours"]
    assert [line for line in read if line.startswith("Abend")] == [f"Abend {day}" for day in range(1, 8)]
    assert "Sunday, 4 October 2026, 2.5 hours" in read
    assert len(document) == 1


def test_ten_sessions_fit_one_sheet_and_thirty_go_on():
    ten = [session("2026-10-01 10:00", id=n) for n in range(10)]
    assert len(made(attended=ten, of=10)) == 1
    long = made(attended=ten * 3, of=30)
    assert len(long) > 1
    assert words(long).count("Recht auf Arbeit") == 30
    assert all("Jana Beispiel" in page.get_textpage().get_text_bounded() for page in long)


def test_a_title_and_its_day_stay_on_one_sheet():
    long = [session(f"2026-{n + 1:02}-03 10:00", id=n, title="Anerkennung " * 12) for n in range(12)]
    for page in made(attended=long, of=12):
        read = page.get_textpage().get_text_bounded()
        assert read.count("Anerkennung") == 12 * read.count(" 2026, 2.5 hours")


def test_it_tells_nothing_that_is_not_its_business():
    read = words(made())
    assert "meet.example" not in read
    assert "Regenbogen" not in read


@pytest.mark.parametrize("operator", [None, Operator(address="Marktplatz 1")])
def test_without_an_issuer_it_says_so(operator):
    document = made(operator=operator)
    assert "Issued by\nThe issuer is not stated.\nDate of issue" in words(document)
    assert document.get_metadata_dict()["Author"] == ""


def test_it_names_itself_its_issuer_and_its_language():
    assert {"Title": "Certificate of attendance", "Author": "Netzwerk Muster e. V.", "Creator": "Lotse"}.items() <= (
        made().get_metadata_dict().items()
    )
    for code, tag in (("de", b"/Lang (de)"), ("de-simple", b"/Lang (de)"), ("fa", b"/Lang (fa-AF)")):
        assert tag in certificate("A", [SESSION], 1, SERIES, None, code, DAY)


def test_headings_are_headings_for_a_screen_reader():
    kinds = [kind for kind, _ in paragraphs(made())]
    assert kinds[:5] == ["H1", "H2", "P", "H2", "P"]


def test_arabic_is_read_whole_and_the_sheet_begins_on_the_right():
    document = made("د. محمد عبد الرحمن", language="ar")
    read = [said for _, said in paragraphs(document)]
    assert {"د. محمد عبد الرحمن", "الحق في العمل", "الوصول إلى المدينة", "2.5 ساعة"} <= set(read)
    page = document[0]
    bar = next(shape for shape in page.get_objects() if shape.type == raw.FPDF_PAGEOBJ_PATH)
    assert bar.get_bounds()[0] > page.get_width() / 2
    issuer = page.get_textpage()
    at, length = issuer.search(OPERATOR.controller).get_next()
    assert abs(issuer.get_charbox(at + length - 1)[2] - bar.get_bounds()[2]) < 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_fits_one_sheet(language):
    document = made(attended=SEVEN, of=9, language=language)
    assert len(document) == 1
    page = document[0]
    width = page.get_width()
    for shape in page.get_objects():
        left, _, right, _ = shape.get_bounds()
        assert left > 60
        assert right < width - 60


@pytest.mark.parametrize(
    "name",
    ["Łukasz Żółć-Ñandú", "Олена Ґалаґан", "Nguyễn Thị Ánh", "Γιώργος Παπαδόπουλος", "Ștefan Țîrlea", "{nb} **Fett**"],
)
def test_a_name_is_printed_as_it_is_written(name):
    assert name in words(made(name)).splitlines()


def test_signs_are_left_out_and_letters_in_disguise_are_plain():
    assert "Jana Beispiel" in words(made("Jana 🌻 Beispiel ✨")).splitlines()
    assert "Jana Beispiel" in words(made("𝕁𝕒𝕟𝕒 Ｂｅｉｓｐｉｅｌ")).splitlines()


@pytest.mark.parametrize("name", ["李明", "ተስፋዬ", "Anna 李", "🌻"])
def test_a_name_that_cannot_be_printed_has_a_line_to_write_on(name):
    document = made(name)
    assert words(document).splitlines()[1:4] == ["Name", BY_HAND, "Session"]
    page = document[0]
    assert [shape.type for shape in page.get_objects()].count(raw.FPDF_PAGEOBJ_PATH) == 3  # bar, line, rule


def test_a_name_in_devanagari_can_be_printed():
    assert BY_HAND not in words(made("नेहा शर्मा"))


def test_without_a_name_there_is_just_the_line():
    assert words(made("  ")).splitlines()[1:3] == ["Name", "Session"]


def test_a_title_that_cannot_be_printed_says_so():
    read = words(made(attended=[session(title="Kochen 料理")])).splitlines()
    assert "Kochen ??" in read
    assert read[-1] == "A question mark stands for a letter that this program cannot print."


def test_nothing_attended_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="nothing was attended"):
        certificate("A", [], 9, SERIES, None, "de", DAY)


@settings(deadline=None, max_examples=12)
@given(st.text(max_size=400), st.sampled_from(["en", "ar"]))
@example("W" * 4000, "en")
@example("م" * 4000, "ar")
@example("\u202eabc\u2066\ud800", "en")
@example("أ\u0655\u0655 (a) 1\u2069", "ar")
def test_any_name_makes_a_certificate(name, language):
    assert len(made(name, language=language)) == 1


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=60))
@example("⼀")  # a sign that stands for a letter
@example("ㄱ̸")
def test_what_is_printed_is_in_the_fonts(sheet, text):
    sheet.unprinted = False
    printed = sheet.printable(text)
    assert all(sheet.has(letter) for letter in printed)
    assert not re.search(r"[\x00-\x1f\u202a-\u202e\u2066-\u2069]", printed)
    letters = [letter for letter in unicodedata.normalize("NFKC", text) if letter.isalnum() and not sheet.has(letter)]
    assert sheet.unprinted or not letters


@pytest.fixture(scope="module")
def sheet():
    whole = Sheet("Probe", texts("en"))
    yield whole
    whole.output()  # closes the fonts
