"""Interface texts, dates, lists and numbers in the reader's language."""

from __future__ import annotations

import gettext as stdlib_gettext
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_date, get_month_names
from babel.lists import format_list

from bot.domain.languages import LANGUAGES, RIGHT_TO_LEFT
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


def N_(message: str) -> str:  # noqa: N802 - the customary name for marking a text without translating it
    """Marks a text for the catalogues; it is translated where it is shown."""
    return message


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

    def names(self, languages: Sequence[str]) -> str:
        """Languages by their names in the reader's language, joined; a code without a name is left out."""
        known = dict.fromkeys(self.locale.languages.get(code.partition("-")[0]) for code in languages)
        return self.items(tuple(name for name in known if name))


@lru_cache(maxsize=64)
def texts(language: str) -> Texts:
    """The texts of a language by its outside code; kept, since they never change while Lotse runs."""
    return Texts(language)


def interface_languages() -> tuple[str, ...]:
    """The languages that have a catalogue, in the order of the picker."""
    folders = {path.parent.parent.name for path in shipped("locales").glob(f"*/LC_MESSAGES/{DOMAIN}.mo")}
    return tuple(code for code in LANGUAGES if FOLDERS.get(code, code) in folders)
