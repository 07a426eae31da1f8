"""Which language a question is written in: by script, letters, everyday words, and how words are spelt.

Spelling is learnt from the everyday words and from the words of the knowledge base, as letter trigrams. Arabic and
Dari in Latin letters are languages of their own here and reported as "ar" and "fa".
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.search.everyday import SMALL
from bot.search.features import grams
from bot.search.lexicon import Lexicon
from bot.search.postings import Floats

_SURE = 2.5  # nats by which the best language must lead
_EVERYDAY = 2.5  # nats for an everyday word
_LETTER = 2.5  # nats for a letter that only this language has
_SMOOTH = 0.3  # of a trigram's count
_SPELLING = 0.35  # neighbouring trigrams say the same thing more than once
_WORDS = 1_500  # of the knowledge base, a language
_LOOKED_AT = 60  # words of a question

# Letters that tell languages of the same script apart.
_LETTERS = {
    "de": "äöüß", "tr": "ğışçöü", "pl": "ąęłńśźżćó", "ro": "ăâîșțşţ", "fr": "éèêàçùœëï", "es": "ñ¿¡áíóú",
    "uk": "іїєґ", "ru": "ыэъё", "fa": "پچژگکی", "ar": "ةىأإيك",
    "ar-latn": "23578", "fa-latn": "", "en": "",
}  # fmt: skip
_SCRIPTS = {
    frozenset(("ar", "fa")): re.compile("[\u0600-\u06ff]"),
    frozenset(("ru", "uk")): re.compile("[\u0400-\u04ff]"),
}
_LATIN = frozenset(SMALL).difference(*_SCRIPTS)


@dataclass(frozen=True, slots=True)
class Languages:
    """How the languages are spelt.

    `gains[trigram, language]` are log probabilities less their mean, by the row of the trigram in `trigrams`; the
    last row is that of a trigram that no language has.
    """

    names: Sequence[str]
    trigrams: Mapping[str, int]
    gains: Floats
    _rows: dict[str, int] = field(init=False, repr=False)
    _table: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        rows = dict(self.trigrams)
        tables = [_SPELLING * self.gains[:-1]]
        for mark, held, gain in (("=", SMALL, _EVERYDAY), ("", _LETTERS, _LETTER)):
            things = sorted({thing for own in held.values() for thing in own})
            rows |= {mark + thing: len(rows) + at for at, thing in enumerate(things)}
            tables.append(gain * np.array([[thing in held[name] for name in self.names] for thing in things]))
        tables.append(_SPELLING * self.gains[-1:])
        object.__setattr__(self, "_rows", rows)
        object.__setattr__(self, "_table", np.vstack(tables, dtype=np.float32))

    def recognise(self, asked: Sequence[str], text: str) -> str | None:
        """The language of a text and of its folded words; None when it might be another."""
        look, unseen = self._rows.get, len(self._rows)
        asked = asked[:_LOOKED_AT]
        rows = [look(gram, unseen) for word in asked for gram in grams(word, 3)]
        rows += [row for word in asked if (row := look("=" + word)) is not None]
        rows += [row for letter in set(text[: _LOOKED_AT * 10].lower()) if (row := look(letter)) is not None]
        score = self._table[rows].sum(axis=0).tolist()
        best = sorted(self._of_script("".join(asked)), key=lambda at: -score[at])
        name = self.names[best[0]].partition("-")[0]
        rival = next((score[at] for at in best[1:] if self.names[at].partition("-")[0] != name), -math.inf)
        return name if score[best[0]] - rival >= _SURE else None

    def possible(self, asked: Sequence[str]) -> list[str]:
        """The languages of the script that a question is written in; none for Latin letters, which are everybody's."""
        names = [self.names[at] for at in self._of_script("".join(asked[:_LOOKED_AT]))]
        return [] if _LATIN.issuperset(names) else names

    def _of_script(self, letters: str) -> list[int]:
        half = len(letters) / 2
        script = next((own for own, used in _SCRIPTS.items() if len(used.findall(letters)) > half), _LATIN)
        return [at for at, name in enumerate(self.names) if name in script]


def build_languages(lexicons: Mapping[str, Lexicon]) -> Languages:
    """Learns spelling from the everyday words and the commonest words of the knowledge base."""
    names = sorted(SMALL)
    counts: dict[str, list[float]] = {}
    for at, name in enumerate(names):
        for word, weight in _vocabulary(name, lexicons.get(name)).items():
            for gram in grams(word, 3):
                counts.setdefault(gram, [0.0] * len(names))[at] += weight
    table = np.array([counts[gram] for gram in sorted(counts)]) + _SMOOTH
    totals = table.sum(axis=0) + _SMOOTH
    gains = np.vstack([np.log(table / totals), np.log(_SMOOTH / totals)])
    gains -= gains.mean(axis=1, keepdims=True)
    return Languages(names, {gram: row for row, gram in enumerate(sorted(counts))},
                     gains.astype(np.float32))  # fmt: skip


def _vocabulary(name: str, lexicon: Lexicon | None) -> dict[str, float]:
    words = dict.fromkeys(SMALL[name], 3.0)
    if lexicon is not None:
        common = np.argsort(-lexicon.frequency, kind="stable")[:_WORDS]
        for number in common.tolist():
            word = lexicon.words[number]
            words[word] = words.get(word, 0.0) + 1.0
    return words
