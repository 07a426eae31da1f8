"""A table as an Excel workbook that screen readers follow, and that never calculates anything."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING

import xlsxwriter

from bot.documents.listing import Listing, shown, width

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LANGUAGE = "en"  # of the headings
NARROWEST, WIDEST = 8, 48  # characters of a column
A4 = 9
DATE = "yyyy-mm-dd hh:mm"
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for a formula when the cell is edited
PROPERTIES = "docProps/core.xml"
PLAIN = {  # nothing that somebody has written becomes a formula, a link or a number
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def workbook(listing: Listing, made: datetime) -> bytes:
    """One sheet with one table of the listing's name, its headings frozen and repeated on every printed page.

    `made` is when (UTC). Dates are real dates, texts are texts whatever they begin with.
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, PLAIN) as book:
        book.set_properties({"title": listing.title, "author": "Lotse", "created": made})
        _write(book, book.add_worksheet(listing.name), listing)
    return _in_language(file.getvalue())


def _write(book: xlsxwriter.Workbook, sheet: Worksheet, listing: Listing) -> None:
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    date = book.add_format({"num_format": DATE, "valign": "top"})
    quoted = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
    last = max(len(listing.rows), 1)  # a table has at least one row
    headings = [{"header": heading, "header_format": plain} for heading in listing.columns]
    sheet.add_table(
        0,
        0,
        last,
        len(headings) - 1,
        {"name": listing.name, "columns": headings, "title": listing.title, "style": "Table Style Medium 2"},
    )
    for number, row in enumerate(listing.rows, 1):
        for place, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write_datetime(number, place, cell, date)
            elif isinstance(cell, int | float):
                sheet.write_number(number, place, cell, plain)
            elif cell:
                _write_text(sheet, (number, place), cell, quoted if cell.startswith(FORMULA) else plain)
    if not listing.rows:
        sheet.write_string(1, 0, listing.empty, plain)
    for place in range(len(headings)):
        sheet.set_column(place, place, _width(listing, place))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{listing.title.replace('&', '&&')}&R&P / &N")


def _write_text(sheet: Worksheet, place: tuple[int, int], text: str, form: Format) -> None:
    sheet.write_string(*place, text, form)


def _width(listing: Listing, place: int) -> int:
    """As wide as what stands in the column; three places more for the button that filters it."""
    widest = max((width(shown(row[place])) for row in listing.rows), default=0)
    return min(max(widest + 1, width(listing.columns[place]) + 3, NARROWEST), WIDEST)


def _in_language(content: bytes) -> bytes:
    """The workbook with its language among the properties, which the library does not write."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for part in before.infolist():
            xml = before.read(part)
            if part.filename == PROPERTIES:
                xml = xml.replace(
                    b"</cp:coreProperties>", f"<dc:language>{LANGUAGE}</dc:language></cp:coreProperties>".encode()
                )
            after.writestr(part, xml, zipfile.ZIP_DEFLATED)
    return written.getvalue()
