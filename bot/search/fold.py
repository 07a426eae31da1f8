"""Folding: different spellings of the same word become the same letters.

Both the knowledge base and the questions are folded, so a rule here need not be right for a language, only harmless.
"""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")

_PERSIAN_VERB = re.compile(r"\b(ن?مي) +(?=\w)")  # the prefix of the present tense, typed apart or not

# Letters that no Unicode decomposition brings together, although people write one for the other.
_LETTERS = {
    # Latin letters with a stroke, without a dot, or joined
    "ł": "l", "đ": "d", "ð": "d", "ø": "o", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ə": "e",
    # Cyrillic: the Ukrainian letters as Russian keyboards have them, and the signs that few type
    "і": "и", "ґ": "г", "є": "е", "ў": "у", "ь": "", "ъ": "",
    # Arabic and Persian forms of the same letter, final forms, and the stretching stroke
    "ة": "ه", "ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك", "ڪ": "ك", "ہ": "ه", "ھ": "ه", "ۀ": "ه", "ٱ": "ا", "ء": "",
    "ـ": "",
    # apostrophes and what is typed for them: "б'є", "can't"
    "'": "", "’": "", "‘": "", "ʼ": "", "ʹ": "", "`": "", "´": "", "′": "", "＇": "",
}  # fmt: skip


_REMEMBERED = 5_000  # characters; a text with every character there is must not fill the memory


class _Table(dict[int, str]):
    """A translation table that looks at a character once: joins letters, drops marks and controls, reads digits."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)
        if category in ("Mn", "Me", "Cf"):  # accents, vowel signs, bidi controls, zero-width joiners
            folded = ""
        elif category == "Nd":
            folded = str(unicodedata.digit(character))
        else:
            folded = _LETTERS.get(character, character)
        if len(self) < _REMEMBERED:
            self[code] = folded
        return folded


_TABLE = _Table()


def fold(text: str) -> str:
    """Brings spellings together: width, case, accents, umlauts spelt out, Arabic and Persian letters, apostrophes.

    Args:
        text: Anything, also controls and lone surrogates.

    Returns:
        The text in the letters that the index knows. "Müller", "Mueller" and "MULLER" become "muller". Folding
        folded text changes nothing.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold()).translate(_TABLE)
    # Umlauts spelt out; a run as in "aee" takes more than one turn.
    while "ae" in folded or "oe" in folded or "ue" in folded:
        folded = folded.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    return _PERSIAN_VERB.sub(r"\1", folded)


def words(text: str) -> list[str]:
    """The words of a text, folded, in their order; empty when there is neither a letter nor a digit."""
    return cut(fold(text))


def cut(folded: str) -> list[str]:
    """The words of a text that is folded already."""
    return _WORD.findall(folded)
