"""A good practice as a report that one would print: one page of A4 with its sources and a code that leads back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import segno
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from bot.documents.fonts import BOLD, REGULAR, font
from bot.domain.knowledge import Contact, Entry, Text, in_language, newest_date
from bot.texts import Texts

MARGIN = 22.0  # millimetres
CODE_SIZE = 26.0  # millimetres a side; read by a phone from a sheet on the table
INK, MUTED, ACCENT = (30, 41, 40), (88, 98, 96), (29, 95, 87)
LONGEST_LABEL = 30  # characters before a colon that are a label ("Ausgangspunkt:"), not a part of the sentence


def report(entry: Entry, text: Text, contacts: Sequence[Contact], t: Texts, link: str, today: date) -> bytes:
    """The PDF of a practice in the language of `text`, with interface words from `t`.

    `link` is the address behind the code; `today` is the date of printing.
    """
    page = _Page(text, t, today)
    page.heading(text.title)
    lead, *facts = [line for line in text.body.split("\n") if line.strip()]
    page.lead(lead)
    for fact in facts:
        page.fact(fact)
    page.rule()
    for contact in contacts:
        page.contact(contact)
    page.sources(entry)
    page.code(link)
    return bytes(page.output())


class _Page(FPDF):
    """One sheet with Lotse's look."""

    def __init__(self, text: Text, t: Texts, today: date) -> None:
        super().__init__(format="A4")
        self._t, self._today, self._language = t, today, text.language
        self.add_font("Noto", fname=font(REGULAR))
        self.add_font("Noto", "B", fname=font(BOLD))
        self.set_text_shaping(use_shaping_engine=True)
        self.set_margins(MARGIN, MARGIN)
        self.c_margin = 0
        self.set_auto_page_break(auto=True, margin=MARGIN + 4)
        self.set_title(text.title)
        self.set_lang(text.language)
        self.set_creator("Lotse")
        self.add_page()

    def footer(self) -> None:
        """The name of the program, the date and the page, on every sheet."""
        self.set_y(-MARGIN + 4)
        self._say(8.5, MUTED)
        printed = self._t.gettext("Lotse, printed on {day}").format(day=self._t.day(self._today))
        self.cell(text=printed)
        self.cell(0, align="R", text=str(self.page_no()))

    def heading(self, title: str) -> None:
        """The title, with a line of colour above it."""
        self.set_fill_color(*ACCENT)
        self.rect(MARGIN, MARGIN - 6, 24, 1.6, style="F")
        self._say(10, MUTED)
        self._line(self._t.gettext("Good practice"), 6)
        self._say(21, INK, "B")
        self._line(title, 9.5)
        self.ln(3)

    def lead(self, line: str) -> None:
        """The first sentence, which says what it is."""
        self._say(12.5, INK)
        self._line(line, 7)
        self.ln(3)

    def fact(self, line: str) -> None:
        """A line; its label before the colon stands above it in bold."""
        label, colon, rest = line.partition(":")
        if colon and rest and len(label) <= LONGEST_LABEL:
            self._say(10, ACCENT, "B")
            self._line(label, 5.5)
            line = rest.strip()
        self._say(11, INK)
        self._line(line[:1].upper() + line[1:], 6)
        self.ln(2.5)

    def rule(self) -> None:
        """A thin line between what was done and where it comes from."""
        self.ln(2)
        self.set_draw_color(*MUTED)
        self.set_line_width(0.2)
        self.line(MARGIN, self.get_y(), self.w - MARGIN, self.get_y())
        self.ln(4)

    def contact(self, contact: Contact) -> None:
        """Name and reach of a contact point."""
        self._say(10, INK, "B")
        self._line(contact.name, 5.5)
        self._say(10, INK)
        for line in (in_language(contact.notes, self._language) or "", contact.phone, contact.email, contact.website):
            if line:
                self._line(line, 5.5)
        self.ln(2)

    def sources(self, entry: Entry) -> None:
        """Where it comes from, and how old that is."""
        self._say(9, MUTED)
        for source in entry.sources:
            place = f"{source.title}, {source.url}" if source.url else source.title
            self._line(self._t.gettext("Source: {sources}").format(sources=place), 5)
        if entry.reviewed_on:
            self._line(self._t.gettext("Checked on {day}").format(day=self._t.day(entry.reviewed_on)), 5)
        elif newest := newest_date(entry.sources):
            self._line(self._t.gettext("Source as of {month}").format(month=self._t.month(newest)), 5)

    def code(self, link: str) -> None:
        """The QR code of the link, drawn as squares, with the link beside it for whoever cannot scan."""
        matrix = segno.make(link, error="m", micro=False).matrix
        side = CODE_SIZE / len(matrix)
        if self.get_y() + CODE_SIZE + 6 > self.h - MARGIN:
            self.add_page()
        top = self.get_y() + 5
        self.set_fill_color(0, 0, 0)
        for row, line in enumerate(matrix):
            for column, dark in enumerate(line):
                if dark:
                    self.rect(MARGIN + column * side, top + row * side, side, side, style="F")
        self.set_xy(MARGIN + CODE_SIZE + 6, top + 4)
        self._say(10, INK)
        self._line(self._t.gettext("Open this practice in Lotse:"), 6)
        self.set_x(MARGIN + CODE_SIZE + 6)
        self._say(10, ACCENT)
        self.cell(text=link, link=link)

    def _say(self, size: float, colour: tuple[int, int, int], style: str = "") -> None:
        self.set_font("Noto", style, size)
        self.set_text_color(*colour)

    def _line(self, text: str, height: float) -> None:
        self.multi_cell(0, height, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
