"""One row of a programme file: what it says of a session, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from bot.domain.cells import is_web_address, lines, listed, moment_on_clocks, nearest, one_line, quoted, whole_number
from bot.domain.instants import local
from bot.domain.languages import LANGUAGES
from bot.domain.plan import LONGEST, MOST_SEATS, Wording
from bot.domain.programme import MINUTES
from bot.domain.tables import Problem, Row
from bot.domain.terms import Terms

TYPES = ("landkreis", "kreisfreie-stadt", "kreisangehoerig")  # of municipalities
LONGEST_TEXTS = {"series": 200, "title": 200, "speakers": 500, "summary": 2000}  # characters; they fit one message
HIGHEST_ID = 2**31


@dataclass(frozen=True, slots=True)
class Planned:
    """A session as a row wants it; `row` is where it stands, `session` the number given, if one is.

    `starts` in UTC microseconds. `series_titles` and the wording's `wordings` hold the languages that are filled in.
    """

    row: int
    session: int | None
    series: str
    series_titles: Mapping[str, str]
    wording: Wording
    starts: int
    minutes: int
    capacity: int | None
    join_url: str


class RowReader:
    """Reads the cells of one row and notes what is wrong with them; a cell with an error reads as empty.

    `broken` are the columns that are missing, or whose cells were found wrong before (formulas).
    """

    def __init__(self, row: Row, broken: Iterable[str] = ()) -> None:
        self._row = row
        self._broken = set(broken)
        self.problems: list[Problem] = []

    def error(self, column: str, message: str) -> None:
        """Notes what is wrong with a cell; one message a cell is enough."""
        if column not in self._broken:
            self._broken.add(column)
            self.problems.append(Problem(self._row.number, column, message))

    def planned(self, terms: Terms, topics: Collection[str] | None) -> Planned | None:
        """The session of this row, or None where something is wrong with it."""
        language = self._language(terms)
        starts = self._starts(terms)
        planned = Planned(
            row=self._row.number,
            session=self._session(),
            series=self._text("series", required=True),
            series_titles=self._translations("series"),
            wording=Wording(
                title=self._text("title", required=True),
                language=language,
                summary=self._text("summary"),
                speakers=self._text("speakers"),
                topics=self._words("topics", topics),
                municipalities=self._words("for", TYPES),
                wordings=self._wordings(language),
            ),
            starts=starts or 0,
            minutes=self._number("minutes", LONGEST, MINUTES) or MINUTES,
            capacity=self._number("capacity", MOST_SEATS, None),
            join_url=self._join_url(),
        )
        return None if self._broken else planned

    def _get(self, column: str) -> str:
        return "" if column in self._broken else self._row.cells.get(column, "")

    def _text(self, column: str, *, required: bool = False) -> str:
        name = column.partition("_")[0]
        written = self._get(column)
        text = lines(written) if name == "summary" else one_line(written)
        if required and not text:
            self.error(column, "is missing")
        if len(text) > LONGEST_TEXTS[name]:
            self.error(column, f"has {len(text)} characters; {LONGEST_TEXTS[name]} are allowed")
        return text

    def _session(self) -> int | None:
        text = self._get("session")
        number = whole_number(text)
        if text and (number is None or not 0 < number < HIGHEST_ID):
            self.error("session", f"{quoted(text)} is not the number of a session")
        return number

    def _starts(self, terms: Terms) -> int | None:
        text = self._get("starts")
        moment = moment_on_clocks(text)
        if not text:
            self.error("starts", "is missing")
        elif moment is None:
            self.error("starts", f"{quoted(text)} is not a date with a time such as 2026-12-03 10:00")
        return local(moment, terms.zone) if moment else None

    def _number(self, column: str, most: int, default: int | None) -> int | None:
        text = self._get(column)
        if not text:
            return default
        number = whole_number(text)
        if number is None or not 1 <= number <= most:
            self.error(column, f"{quoted(text)} is not a whole number from 1 to {most}")
        return number

    def _join_url(self) -> str:
        text = self._get("join_url")
        if text and not is_web_address(text):
            self.error("join_url", f"{quoted(text)} is not a web address such as https://meet.example.org/room")
        return text

    def _language(self, terms: Terms) -> str:
        text = one_line(self._get("language")).lower() or terms.language
        if text not in LANGUAGES:
            self.error("language", f"{quoted(text)} is not a language of Lotse; {nearest(text, LANGUAGES)}")
        return text

    def _words(self, column: str, known: Collection[str] | None) -> tuple[str, ...]:
        words = tuple(word.lower() for word in listed(self._get(column)))
        for word in words:
            if known is not None and word not in known:
                self.error(column, f"{quoted(word)} is not known; {nearest(word, known)}")
        return words

    def _translations(self, column: str) -> dict[str, str]:
        """The filled cells of title_uk, title_en, … by language."""
        found = ((code, self._text(f"{column}_{code}")) for code in LANGUAGES)
        return {code: text for code, text in found if text}

    def _wordings(self, language: str) -> dict[str, tuple[str, str]]:
        titles, summaries = self._translations("title"), self._translations("summary")
        for column, texts in (("title", titles), ("summary", summaries)):
            if texts.pop(language, self._text(column)) != self._text(column):
                self.error(
                    f"{column}_{language}", f"is another text than in the column {column}, which is in {language}"
                )
        for code in summaries:
            if code not in titles:
                self.error(f"title_{code}", f"is missing; there is a summary in {code}")
        return {code: (title, summaries.get(code, "")) for code, title in titles.items()}
