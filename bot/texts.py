"""Interface texts, dates, lists and numbers in the reader's language."""

from __future__ import annotations

import gettext as stdlib_gettext
import re
from collections.abc import Container, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_date, format_skeleton, get_month_names
from babel.lists import format_list
from babel.numbers import format_decimal
from babel.units import format_unit

from bot.domain.knowledge import MUNICIPALITIES
from bot.domain.languages import LANGUAGES, RIGHT_TO_LEFT, reads
from bot.library.shipped import shipped

if TYPE_CHECKING:
    from gettext import NullTranslations

DOMAIN = "lotse"
FOLDERS = {"de-simple": "de@simple", "fa": "fa_AF"}  # catalogue folders whose name differs from the code
LOCALES = {"de-simple": "de", "en": "en_GB", "fa": "fa_AF"}  # Babel's locales likewise
OWN_NAMES = {
    "de": "Deutsch",
    "de-simple": "Deutsch (einfach)",
    "en": "English",
    "uk": "Українська",
    "ru": "Русский",
    "ar": "العربية",
    "tr": "Türkçe",
    "fa": "دری / فارسی",
    "fr": "Français",
    "ro": "Română",
    "pl": "Polski",
    "es": "Español",
}
# Syria and Lebanon say other month names than Egypt; readers of German letters meet both.
LEVANT = Locale.parse("ar_SY")
YEAR = re.compile(r"(\s'de')?\sy+(\s'[^']*'\.?)?")  # in Babel's patterns of a whole date


def N_(message: str) -> str:  # noqa: N802 - the customary name for marking a text without translating it
    """Marks a text for the catalogues; it is translated where it is shown."""
    return message


MUNICIPALITY = {  # the types inside a sentence
    "landkreis": N_("rural districts"),
    "kreisfreie-stadt": N_("independent cities"),
    "kreisangehoerig": N_("municipalities within a district"),
}


class Texts:
    """The texts of one language. Missing ones fall back to English, then German ("Einfache Sprache": German first)."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.right_to_left = language in RIGHT_TO_LEFT
        self.locale = Locale.parse(LOCALES.get(language, language))
        chain = ("de-simple", "de", "en") if language == "de-simple" else (language, "en", "de")
        self._catalogue: NullTranslations = stdlib_gettext.translation(
            DOMAIN, shipped("locales"), [FOLDERS.get(code, code) for code in chain], fallback=True
        )
        self.gettext = self._catalogue.gettext

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """The form for this number, with `{n}` filled in, in western digits."""
        return self._catalogue.ngettext(singular, plural, number).format(n=number)

    def day(self, value: date) -> str:
        """A day with its month as a word, in western digits: "22. November 2026"."""
        if self.language == "ar":
            return f"{value.day} {self.month(value.isoformat()[:7])}"
        return format_date(value, "long", locale=self.locale)

    def weekday(self, value: date, *, year: bool = True) -> str:
        """A day with its weekday: "Thursday, 3 December 2026", or without the year."""
        pattern = str(self.locale.date_formats["full"].pattern)
        if not year:
            pattern = YEAR.sub("", pattern)
        if self.language == "ar":
            name = get_month_names("wide", locale=LEVANT)[value.month]
            pattern = pattern.replace("MMMM", f"'{name} / 'MMMM")
        return format_date(value, pattern, locale=self.locale)

    def time(self, value: datetime) -> str:
        """The time on the clock of a local time: "09:05"; 24 hours and western digits in every language."""
        return f"{value:%H:%M}"

    def day_and_time(self, value: datetime) -> str:
        """A local time with its day: "Thursday, 3 December 2026, 10:00"."""
        return self.gettext("{day}, {time}").format(day=self.weekday(value), time=self.time(value))

    def day_and_hours(self, start: datetime, end: datetime) -> str:
        """The hours of a session on its day, both local: "Thursday, 3 December 2026, 10:00 to 12:30"."""
        if end.date() != start.date():
            return self.gettext("{start} to {end}").format(start=self.day_and_time(start), end=self.day_and_time(end))
        hours = {"start": self.time(start), "end": self.time(end)}
        return self.gettext("{day}, {start} to {end}").format(day=self.weekday(start), **hours)

    def short_day(self, value: date) -> str:
        """A day for a button: "3 Dec"; where months are not shortened, in full."""
        if self.right_to_left:
            return format_date(value, "d MMMM", locale=self.locale)
        return format_skeleton("MMMd", value, locale=self.locale)

    def span(self, number: int, unit: str) -> str:
        """A span of time in words, of days (d), hours (h), minutes (m) or seconds (s): "7 days"."""
        return {
            "d": lambda: self.ngettext("{n} day", "{n} days", number),
            "h": lambda: self.ngettext("{n} hour", "{n} hours", number),
            "m": lambda: self.ngettext("{n} minute", "{n} minutes", number),
            "s": lambda: self.ngettext("{n} second", "{n} seconds", number),
        }[unit]()

    def hours(self, minutes: int) -> str:
        """A length as certificates say it: "17.5 hours"; not in quarters of an hour: "1 hour, 40 minutes"."""
        whole, rest = divmod(minutes, 60)
        if not whole:
            return self._length(rest, "minute")
        if rest % 15 == 0:
            return self._length(minutes / 60, "hour")
        parts = {"hours": self._length(whole, "hour"), "minutes": self._length(rest, "minute")}
        return self.gettext("{hours}, {minutes}").format(**parts)

    def _length(self, number: float, unit: str) -> str:
        if self.language == "fa":  # Babel has no units in Persian; nouns have one form after a number there
            words = {"hour": self.gettext("{n} hours"), "minute": self.gettext("{n} minutes")}
            return words[unit].format(n=format_decimal(number, locale=self.locale))
        return format_unit(number, f"duration-{unit}", length="long", locale=self.locale)

    def municipalities(self, kinds: Container[str]) -> str:
        """Types of municipalities as a list inside a sentence."""
        return self.items(tuple(self.gettext(MUNICIPALITY[kind]) for kind in MUNICIPALITIES if kind in kinds))

    def deadline(self, value: datetime) -> str:
        """A local time that is not far: "Tuesday, 1 December, 10:00"."""
        day = self.weekday(value, year=False)
        return self.gettext("{day}, {time}").format(day=day, time=self.time(value))

    @lru_cache(maxsize=512)  # noqa: B019 - the texts of a language are kept for good
    def month(self, value: str) -> str:
        """A source's date "2026-08-19" or "2026-08" as month and year, "2021" as the year."""
        year, _, rest = value.partition("-")
        if not rest:
            return year
        number = int(rest[:2])
        name = get_month_names("wide", context="stand-alone", locale=self.locale)[number]
        if self.language == "ar":
            name = f"{get_month_names('wide', locale=LEVANT)[number]} / {name}"
        return f"{name} {year}"

    @lru_cache(maxsize=512)  # noqa: B019 - as above
    def items(self, values: tuple[str, ...]) -> str:
        """A list of words as the language joins them."""
        return format_list(values, locale=self.locale)

    def kilometres(self, value: float) -> str:
        """A distance: below a kilometre in hundreds of metres, then to one decimal, from ten on whole."""
        if value < 1:
            return self.gettext("{n} m").format(n=max(100, round(value * 10) * 100))
        return self.gettext("{n} km").format(n=format_decimal(round(value, 1 if value < 10 else 0), locale=self.locale))  # noqa: PLR2004 - as said

    def names(self, languages: Sequence[str]) -> str:
        """Languages by their names in the reader's language, joined; a code without a name is left out."""
        known = dict.fromkeys(self.locale.languages.get(code.partition("-")[0]) for code in languages)
        return self.items(tuple(name for name in known if name))


def language_name(code: str, t: Texts) -> str:
    """A language by its name in the reader's; "Einfache Sprache" by its own."""
    return OWN_NAMES[code] if code == "de-simple" else t.names([code]) or code


def no_version(code: str, t: Texts) -> list[str]:
    """The line that a text in this language is not in the reader's; none where it is."""
    if reads(t.language, code):
        return []
    there_is = t.gettext("There is no version in your language yet. This one is in {language}.")
    return [there_is.format(language=t.names([code]) or code)]


@lru_cache(maxsize=64)
def texts(language: str) -> Texts:
    """The texts of a language by its outside code; kept, since they never change while Lotse runs."""
    return Texts(language)


def interface_languages() -> tuple[str, ...]:
    """The languages that have a catalogue, in the order of the picker."""
    folders = {path.parent.parent.name for path in shipped("locales").glob(f"*/LC_MESSAGES/{DOMAIN}.mo")}
    return tuple(code for code in LANGUAGES if FOLDERS.get(code, code) in folders)
