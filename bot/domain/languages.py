"""Which language a reply is in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

# The languages Lotse is made for, by their outside codes, in the order of the picker.
LANGUAGES = ("de", "de-simple", "en", "uk", "ru", "ar", "tr", "fa", "fr", "ro", "pl", "es")
RIGHT_TO_LEFT = frozenset({"ar", "fa"})
SERVED_BY = {"prs": "fa"}  # Dari is written in the Persian catalogue


def in_order(codes: Iterable[str]) -> list[str]:
    """Languages in the order of the picker, others behind."""
    return sorted(codes, key=lambda code: (LANGUAGES.index(code) if code in LANGUAGES else len(LANGUAGES), code))


def known(code: str | None) -> str | None:
    """Our code for a code of Telegram's: exactly, else its part before the hyphen, else English; None for none."""
    if not code:
        return None
    exact = code.lower().replace("_", "-")
    for candidate in (exact, exact.partition("-")[0]):
        ours = SERVED_BY.get(candidate, candidate)
        if ours in LANGUAGES:
            return ours
    return "en"


def reply_language(chosen: str | None, code: str | None, default: str, question: str | None = None) -> str:
    """The language to reply in.

    It is what the person chose, else the question's own language where it was recognised surely, else Telegram's
    code, else the default language. A command or a press has no question's language.
    """
    return chosen or known(question) or known(code) or default


def reads(language: str, version: str) -> bool:
    """Whether a reader of this language needs no word about the version being in another.

    Who wants "Einfache Sprache" reads German.
    """
    return version == language or (language, version) == ("de-simple", "de")


def content_order(language: str) -> Sequence[str]:
    """Where to look for a text in this language: the language itself, then German, then English.

    "Einfache Sprache" looks in German first by this rule as well.
    """
    return tuple(dict.fromkeys((language, "de", "en")))
