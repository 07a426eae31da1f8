"""A printed sheet for people who read from the left or from the right, with names in any script.

Every paragraph is tagged, so that a screen reader knows headings and the order of reading.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, TextDirection, XPos, YPos
from fpdf.prefs import ViewerPreferences

from bot.documents.fonts import BOLD, REGULAR, arabic_font, font
from bot.texts import Texts

MARGIN = 22.0  # millimetres
INK, MUTED, ACCENT = (30, 41, 40), (88, 98, 96), (29, 95, 87)
LONGEST = 300  # characters of a paragraph that is not ours; longer ones are cut
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufe00-\ufe0f]")
Role = Literal["/H1", "/H2", "/P"]


class Sheet(FPDF):
    """Sheets of A4 in the language of `t`.

    `unprinted` becomes true when a text had letters that are in none of our fonts; "?" stands for them. `running`
    stands at the foot of every sheet after the first.
    """

    def __init__(self, title: str, t: Texts) -> None:
        super().__init__(format="A4")
        self.unprinted, self.running = False, ""
        self._right_to_left = t.right_to_left
        self.add_font("Noto", fname=font(REGULAR))
        self.add_font("Noto", "B", fname=font(BOLD))
        self.add_font("Arabic", fname=arabic_font(REGULAR))
        self.add_font("Arabic", "B", fname=arabic_font(BOLD))
        self._family, other = ("Arabic", "Noto") if t.right_to_left else ("Noto", "Arabic")
        self.set_fallback_fonts([other])
        self.alias_nb_pages("")  # a name of "{nb}" is no number of pages
        self.set_margins(MARGIN, MARGIN)
        self.c_margin = 0
        self.set_auto_page_break(auto=True, margin=MARGIN)
        self.set_title(self.printable(title))
        self.set_lang(str(t.locale).replace("_", "-"))
        self.set_creator("Lotse")
        self.viewer_preferences = ViewerPreferences(
            display_doc_title=True, direction=TextDirection.RTL if t.right_to_left else TextDirection.LTR
        )
        self.add_page()

    def say(
        self,
        text: str,
        size: float = 11,
        colour: tuple[int, int, int] = INK,
        *,
        bold: bool = False,
        role: Role = "/P",
        ours: bool = False,
        after: float = 0,
    ) -> None:
        """A paragraph of `size` points, with `after` millimetres below it.

        `ours`: its direction is that of the sheet; a name or a title goes by its own letters. Either stands on the
        side where the language begins.
        """
        text = self.printable(text if ours or len(text) <= LONGEST else f"{text[:LONGEST]}…")
        if not text:
            return
        self.set_font(self._family, "B" if bold else "", size)
        self.set_text_color(*colour)
        side = "rtl" if self._right_to_left else "ltr"
        # Accented letters stay whole, so that they can be copied; Arabic letters do not join that way.
        features = {} if _arabic(text) else {"ccmp": False}
        self.set_text_shaping(use_shaping_engine=True, direction=side if ours else None, features=features)
        height = size * 0.53  # millimetres a line: 1.5 of the size of the letters
        align = "R" if self._right_to_left else "L"
        needed = self.multi_cell(0, height, text, align=align, dry_run=True, output=MethodReturnValue.HEIGHT)
        self.room(float(needed))  # type: ignore[arg-type]
        with self._tagged(role, text):
            self.multi_cell(0, height, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(after)

    @contextmanager
    def _tagged(self, role: Role, text: str) -> Iterator[None]:
        """Marks what is drawn in it as a paragraph.

        One with Arabic letters also says for screen readers what it reads: the font draws letters and their dots
        apart, from which programs put together wrong words.
        """
        number = self.struct_builder.next_mcid_for_page(self.page)
        self._add_marked_content(struct_type=role, mcid=number, alt_text=text if _arabic(text) else None)
        self._out(f"/P <</MCID {number}>> BDC")
        yield
        self._out("EMC")

    def room(self, height: float) -> None:
        """Begins a new sheet where less than this is left, in millimetres."""
        if self.get_y() + height > self.h - MARGIN:
            self.add_page()

    def bar(self, width: float) -> None:
        """The line of colour above the title."""
        self.set_fill_color(*ACCENT)
        left = self.w - MARGIN - width if self._right_to_left else MARGIN
        self.rect(left, MARGIN - 6, width, 1.6, style="F")

    def rule(self, width: float | None = None) -> None:
        """A thin line, over the whole breadth or for writing on."""
        self.set_draw_color(*MUTED)
        self.set_line_width(0.2)
        whole = self.w - 2 * MARGIN
        left = self.w - MARGIN - (width or whole) if self._right_to_left else MARGIN
        self.line(left, self.get_y(), left + (width or whole), self.get_y())

    def footer(self) -> None:
        """The running line and the number of the page, where there are several."""
        if self.page > 1:
            self.set_y(-MARGIN + 6)
            self.set_font(self._family, "", 8.5)
            self.set_text_color(*MUTED)
            self.set_text_shaping(use_shaping_engine=True)
            first, last = ("R", "L") if self._right_to_left else ("L", "R")
            self.cell(0, align=first, text=self.running)
            self.set_x(MARGIN)
            self.cell(0, align=last, text=str(self.page_no()))

    def printable(self, text: str) -> str:
        """The text in letters that our fonts have, on one line.

        Signs that they lack (emoji) are left out, letters become "?" and are noted in `unprinted`.
        """
        kept = []
        for letter in unicodedata.normalize("NFC", UNSEEN.sub(" ", text)):
            parts = letter if self.has(letter) else unicodedata.normalize("NFKD", letter)
            if all(self.has(part) for part in parts):
                kept.append(parts)
            elif any(unicodedata.category(part)[0] in "LMN" for part in parts):
                kept.append("?")
                self.unprinted = True
        return " ".join("".join(kept).split())

    def has(self, letter: str) -> bool:
        """Whether one of the fonts has it."""
        return any(ord(letter) in known.cmap for known in self.fonts.values())  # type: ignore[union-attr]


def _arabic(text: str) -> bool:
    return any(unicodedata.bidirectional(letter) == "AL" for letter in text)
