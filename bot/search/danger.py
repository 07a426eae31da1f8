"""Danger first: an urgent entry is recognised by its own words anywhere in a text, however long, before ranking.

A text is cut into clauses. A clause means danger when it covers one of the phrases (titles, questions, keywords) of an
urgent entry: by the same words, other endings or a slip of the finger, with any relative in the place of another. Rare
words count 1, relatives 0.5, everyday words 0.25; negations must be there. docs/search.md has the rule in full.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.search.clauses import AND, clauses, has, near, related
from bot.search.everyday import FUNCTION, KIN, NEGATIONS, STRESS
from bot.search.features import base_language, stem
from bot.search.fold import words

COVERED = 0.85  # of a phrase's weight, for one clause
MORE_DANGER = 0.35  # probability of an urgent entry that is enough where most rare words speak of danger
AS_MUCH_DANGER = 0.75  # where half of them do, or a few words are about a relative
_FEW_OTHERS = 2  # rare words in such a clause
_RARE, _RELATIVE, _EVERYDAY = 1.0, 0.5, 0.25
_SLACK = 4  # words that may stand between those of the phrase
_NEAR_FROM = 5  # letters; shorter words must be typed right
_TWO_SLIPS_FROM = 8  # letters
_ROOT = 3  # first letters that a slip must leave alone, so that few words need be compared
_SURE = 0.95  # probability of an urgent entry whose phrase is covered in full
_WHOLE_LONGEST = 40  # letters of a clause of everyday words
_TWO_SLIPS_IN_ALL = 14  # letters of such a clause


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of an urgent entry.

    It has its rare words by their stems, the number of relatives (one may stand for another), and everyday words.
    """

    entry: int
    language: str
    rare: tuple[str, ...]
    relatives: int
    negated: bool
    everyday: tuple[str, ...]

    @property
    def weight(self) -> float:
        """What there is to cover."""
        return _RARE * len(self.rare) + _RELATIVE * self.relatives + _EVERYDAY * len(self.everyday)


@dataclass(frozen=True, slots=True)
class Alarm:
    """An urgent entry that a text means, and how probable that is."""

    entry: int
    probability: float


@dataclass(frozen=True, slots=True)
class Suspect:
    """A clause that covers no phrase, but might mean danger.

    It is an alarm if ranking it puts an urgent entry first with at least the probability `needed`.
    """

    words: tuple[str, ...]
    needed: float


@dataclass(frozen=True, slots=True)
class Danger:
    """The phrases of the urgent entries.

    `forms` has their rare words as they are written; `whole` the phrases of everyday words only, which mean danger
    only as a clause of their own.
    """

    phrases: Sequence[Phrase] = ()
    whole: Mapping[str, int] = field(default_factory=dict)
    forms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    _roots: dict[str, list[str]] = field(init=False, repr=False)
    _by_rare: dict[str, list[Phrase]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        roots: dict[str, list[str]] = {}
        for form in self.forms:
            if len(form) > _ROOT:
                roots.setdefault(form[:_ROOT], []).append(form)
        by_rare: dict[str, list[Phrase]] = {}
        for phrase in self.phrases:
            for rare in set(phrase.rare):
                by_rare.setdefault(rare, []).append(phrase)
        object.__setattr__(self, "_roots", roots)
        object.__setattr__(self, "_by_rare", by_rare)

    def look(self, folded: str) -> Alarm | list[Suspect]:
        """Looks through a folded text of any length: the surest alarm, or the clauses that might be one."""
        best: Alarm | None = None
        suspects: list[Suspect] = []
        if self.phrases or self.whole:
            cut = list(clauses(folded))
            for clause in cut:
                rare = [self._rare(word) for word in clause]
                found = self._clause(clause, rare, alone=len(cut) == 1)
                if found is not None and (best is None or found.probability > best.probability):
                    best = found
                suspects += _suspects(clause, rare)
        return best or suspects

    def _clause(self, clause: Sequence[str], rare: Sequence[Sequence[str]], *, alone: bool) -> Alarm | None:
        entry = self._whole(clause)
        if entry is not None:
            return Alarm(entry, _SURE)
        best: Alarm | None = None
        for phrase in {phrase: None for names in rare for name in names for phrase in self._by_rare.get(name, ())}:
            covered = self._cover(phrase, clause, rare, alone=alone)
            if covered >= COVERED and (best is None or _SURE * covered > best.probability):
                best = Alarm(phrase.entry, _SURE * covered)
        return best

    def _whole(self, clause: Sequence[str]) -> int | None:
        """The entry that has this clause of everyday words, typed right or nearly, perhaps with more stress."""
        plain = [word for word in clause if word not in STRESS]
        text = " ".join(plain)
        entry = self.whole.get(text)
        if entry is not None or not _NEAR_FROM < len(text) <= _WHOLE_LONGEST:
            return entry
        slips = 2 if len(text) >= _TWO_SLIPS_IN_ALL else 1
        found = process.extractOne(text, list(self.whole), scorer=OSA.distance, score_cutoff=slips)
        if found is None or not all(_negated(plain, word) for word in found[0].split() if word in NEGATIONS):
            return None
        return self.whole[found[0]]

    def _rare(self, word: str) -> Sequence[str]:
        """The stems of the rare words that this one is, in another ending, or was meant to be."""
        exact = self.forms.get(word)
        if exact is not None or word in FUNCTION or word in KIN:
            return exact or ()
        alike = self._roots.get(word[:_ROOT], ())
        slips = 0 if len(word) < _NEAR_FROM else 2 if len(word) >= _TWO_SLIPS_FROM else 1
        alike_forms = []
        for form in alike:
            names = self.forms[form]
            if related(word, form) or any(name == _name(word, name.partition(":")[0]) for name in names):
                return names
            if slips and len(form) >= _NEAR_FROM:
                alike_forms.append((OSA.distance(word, form, score_cutoff=slips), form))
        return [name for distance, form in sorted(alike_forms) if distance <= slips for name in self.forms[form]]

    def _cover(self, phrase: Phrase, clause: Sequence[str], rare: Sequence[Sequence[str]], *, alone: bool) -> float:
        """The share of the phrase that stands in the clause.

        It is 0 when a part is missing that must be there, or when other rare words say that the clause is about
        something else.
        """
        left, at = list(phrase.rare), []
        for place, names in enumerate(rare):
            hit = next((name for name in names if name in left), None)
            if hit is not None:
                left.remove(hit)
                at.append(place)
        reach = phrase.relatives + len(phrase.everyday) + _SLACK
        span = range(max(0, at[0] - reach), min(len(clause), at[-1] + reach + 1))
        relatives = [place for place in span if clause[place] in KIN]
        if phrase.negated and not any(clause[place] in NEGATIONS for place in span):
            return 0.0
        bare = not phrase.relatives and not phrase.everyday
        if bare and not relatives and not alone:
            return 0.0  # a keyword among other things
        if bare and not all(clause[place] in self.forms for place in at):
            return 0.0  # a keyword must be typed right: one slip makes another word of it
        if len(phrase.rare) == 1 or bare:
            core = [*at, *relatives] if relatives else [*span]
            others = sum(
                1 for place in range(min(core), max(core) + 1)
                if place not in at and clause[place] not in FUNCTION and clause[place] not in KIN
            )  # fmt: skip
            if left or others:
                return 0.0
        everyday = sum(has([clause[place] for place in span], word) for word in phrase.everyday)
        gained = _RARE * len(at) + _RELATIVE * min(len(relatives), phrase.relatives) + _EVERYDAY * everyday
        return gained / phrase.weight

    def plain(self) -> Any:
        """The danger in lists and dicts."""
        rows = [[p.entry, p.language, p.rare, p.relatives, p.negated, p.everyday] for p in self.phrases]
        return {"phrases": rows, "whole": dict(self.whole), "forms": dict(self.forms)}

    @classmethod
    def from_plain(cls, plain: Any) -> Danger:
        """The danger that `plain` took apart."""
        phrases = [
            Phrase(entry, language, tuple(rare), relatives, negated, tuple(everyday))
            for entry, language, rare, relatives, negated, everyday in plain["phrases"]
        ]
        return cls(phrases, plain["whole"], plain["forms"])


def _name(word: str, language: str) -> str:
    return f"{language}:{stem(word, language)}"


def _negated(clause: Sequence[str], negation: str) -> bool:
    """Whether the negation is there, right or mistyped; another everyday word is no mistyped negation."""
    return any(word == negation or (word not in FUNCTION and near(word, negation)) for word in clause)


def _suspects(clause: Sequence[str], rare: Sequence[Sequence[str]]) -> list[Suspect]:
    """The clause, if words of danger are at least as many as other rare ones, or if it is short and about relatives."""
    danger = sum(bool(names) for names in rare)
    others = sum(
        not names and len(w) > _ROOT and w not in FUNCTION and w not in KIN
        for w, names in zip(clause, rare, strict=True)
    )
    relative = others <= _FEW_OTHERS and any(word in KIN for word in clause)
    if others > danger if danger else not relative:
        return []
    return [Suspect(tuple(clause), MORE_DANGER if danger > others else AS_MUCH_DANGER)]


def build_danger(urgent: Iterable[tuple[int, str, Sequence[str]]]) -> Danger:
    """The danger of a knowledge base: for each urgent entry and language its number, the code and its phrases."""
    phrases: dict[Phrase, None] = {}
    whole: dict[str, int] = {}
    forms: dict[str, set[str]] = {}
    for entry, code, texts in urgent:
        language = base_language(code)
        for text in texts:
            found = [word for word in words(text) if word not in AND]
            rare = [word for word in found if word not in FUNCTION and word not in KIN]
            if not rare:
                if len(plain := [word for word in found if word not in STRESS]) > 1:
                    whole[" ".join(plain)] = entry
                continue
            names = [_name(word, language) for word in rare]
            for word, name in zip(rare, names, strict=True):
                forms.setdefault(word, set()).add(name)
            phrase = Phrase(
                entry=entry,
                language=language,
                rare=tuple(names),
                relatives=sum(word in KIN for word in found),
                negated=any(word in NEGATIONS for word in found),
                everyday=tuple(word for word in found if word in FUNCTION and word not in KIN),
            )
            phrases[phrase] = None
    return Danger(
        list(phrases), dict(sorted(whole.items())), {form: sorted(names) for form, names in sorted(forms.items())}
    )
