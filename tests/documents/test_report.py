"""A practice as a PDF: every word of it, its sources, and a code that a phone can read."""

from datetime import date
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp

from bot.documents.report import report
from bot.domain.knowledge import Contact, Entry, Source, Text
from bot.texts import texts

LINK = "https://t.me/muster_bot?start=entry_online-reihe"
TEXT = Text(
    "de",
    "Öffnung für alle: größer denken",
    "Aus einer Jahreskonferenz wurde eine Reihe.\n"
    "Ausgangspunkt: Die Konferenz fiel 2020 aus.\n"
    "Ergebnis: bis zu 50 Personen",
)
ENTRY = Entry(
    "online-reihe",
    "practice",
    {"de": TEXT},
    sources=(Source("Beispielbericht", "https://example.org/bericht", "2021-05"), Source("Zweiter Bericht")),
)
CONTACT = Contact(
    "amt", "Netzwerk Muster e. V.", phone="089 99998-0", email="netz@example.org", notes={"de": "Vernetzung"}
)


def pages(content):
    return list(pypdfium2.PdfDocument(BytesIO(content)))


def words(content):
    return "\n".join(page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in pages(content))


@pytest.fixture(scope="module")
def made():
    return report(ENTRY, TEXT, [CONTACT], texts("de"), LINK, date(2026, 11, 25))


def test_it_has_everything_that_the_card_has(made):
    read = words(made)
    for line in (
        "Öffnung für alle: größer denken",
        "Aus einer Jahreskonferenz wurde eine Reihe.",
        "Ausgangspunkt\nDie Konferenz fiel 2020 aus.",
        "Ergebnis\nBis zu 50 Personen",
        "Netzwerk Muster e. V.",
        "089 99998-0",
        "Quelle: Beispielbericht, https://example.org/bericht",
        "Quelle: Zweiter Bericht",
        "Stand der Quelle: Mai 2021",
        LINK,
    ):
        assert line in read


def test_it_fits_one_sheet_and_names_itself(made):
    document = pypdfium2.PdfDocument(BytesIO(made))
    assert len(document) == 1
    assert document.get_metadata_dict()["Title"] == "Öffnung für alle: größer denken"


def test_a_phone_reads_the_code(made):
    picture = pages(made)[0].render(scale=2).to_pil()
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [LINK]


def test_a_long_report_goes_on_over_sheets_with_the_code_whole():
    long = Text("en", "Long", "\n".join(f"Step {n}: " + "word " * 60 for n in range(40)))
    content = report(ENTRY, long, [], texts("en"), LINK, date(2026, 11, 25))
    found = [code.text for page in pages(content) for code in zxingcpp.read_barcodes(page.render(scale=2).to_pil())]
    assert len(pages(content)) > 2
    assert found == [LINK]


def test_an_entry_that_a_person_checked_says_so():
    checked = Entry("a", "practice", {"de": TEXT}, reviewed_on=date(2026, 10, 1), sources=(Source("Bericht"),))
    assert "Geprüft am 1. Oktober 2026" in words(report(checked, TEXT, [], texts("de"), LINK, date(2026, 11, 25)))
