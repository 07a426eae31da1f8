"""The index: everything that a question is compared with, and its form on disk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from bot.domain.knowledge import Kind
from bot.search.danger import Danger
from bot.search.glossary import Glossary
from bot.search.language import Languages
from bot.search.lexicon import Lexicon
from bot.search.names import Names
from bot.search.pack import pack, unpack
from bot.search.postings import Postings
from bot.search.shelf import Classifier, Shelf

FORMAT = 1  # of the parts; others are refused


@dataclass(frozen=True, slots=True)
class Item:
    """What a hit can be; `urgent` marks help in danger."""

    id: str
    kind: Kind
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """A trained search over one knowledge base, never changed: any number of threads may ask it.

    `items` are the entries and then the contacts; shelves, names and danger speak of them by number. `exact` has the
    titles and questions themselves, folded, with the numbers of their entries. `contrasted` are the languages whose
    shelf has enough beside help in danger to tell it from anything else.
    """

    items: tuple[Item, ...]
    shelves: Mapping[str, Shelf]
    contrasted: frozenset[str]
    languages: Languages
    exact: Mapping[str, int]
    names: Names
    glossary: Glossary
    danger: Danger


def dump(index: Index) -> dict[str, bytes]:
    """The index as named parts that can be kept anywhere; the same index gives the same bytes."""
    parts = {f"shelf/{language}": _pack_shelf(shelf) for language, shelf in index.shelves.items()}
    languages = index.languages
    parts["languages"] = pack(
        {"gains": languages.gains}, {"names": languages.names, "trigrams": list(languages.trigrams)}, {}
    )
    parts["index"] = json.dumps(
        {
            "format": FORMAT,
            "items": [[item.id, item.kind, item.urgent] for item in index.items],
            "shelves": list(index.shelves),
            "contrasted": sorted(index.contrasted),
            "exact": dict(index.exact),
            "names": index.names.plain(),
            "glossary": index.glossary.plain(),
            "danger": index.danger.plain(),
        },
        sort_keys=True,
    ).encode()
    return parts


def restore(parts: Mapping[str, bytes]) -> Index:
    """The index that `dump` took apart.

    Raises:
        ValueError: the parts are of another version or not complete; the index must be built anew.
    """
    try:
        head = json.loads(parts["index"])
        if head["format"] != FORMAT:
            raise ValueError("the index has another format")
        return Index(
            items=tuple(Item(*item) for item in head["items"]),
            shelves={language: _unpack_shelf(parts[f"shelf/{language}"]) for language in head["shelves"]},
            contrasted=frozenset(head["contrasted"]),
            languages=_unpack_languages(parts["languages"]),
            exact=head["exact"],
            names=Names.from_plain(head["names"]),
            glossary=Glossary.from_plain(head["glossary"]),
            danger=Danger.from_plain(head["danger"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError("the index is not complete") from error


def _unpack_languages(packed: bytes) -> Languages:
    arrays, lists, _ = unpack(packed)
    rows = {trigram: row for row, trigram in enumerate(lists["trigrams"])}
    return Languages(lists["names"], rows, arrays["gains"])


_POSTINGS = ("by_gram", "by_word", "by_pair")


def _pack_shelf(shelf: Shelf) -> bytes:
    lexicon, model = shelf.lexicon, shelf.classifier
    arrays: dict[str, npt.NDArray[Any]] = {
        "entries": shelf.entries,
        "phrase_starts": shelf.phrase_starts,
        "frequency": lexicon.frequency,
        "stems": lexicon.stems,
        "gram_starts": lexicon.starts,
        "grams": lexicon.grams,
    }
    for name in _POSTINGS:
        postings: Postings = getattr(shelf, name)
        arrays[f"{name}_starts"] = postings.starts
        arrays[f"{name}_documents"] = postings.documents
        arrays[f"{name}_impacts"] = postings.impacts
        arrays[f"{name}_idf"] = postings.idf
    values = {"language": shelf.language, "phrases": shelf.phrases, "a": shelf.a, "b": shelf.b,
              "sizes": [getattr(shelf, name).size for name in _POSTINGS],
              "pairs": list(shelf.pair_numbers), "model": None}  # fmt: skip
    if model is not None:
        arrays |= {"weights": model.weights, "idf": model.idf, "gram_rows": model.gram_rows}
        values["model"] = [model.stem_row, model.pair_row, model.top_idf]
    lists = {"words": lexicon.words, "gram_names": list(shelf.gram_numbers), "stem_names": list(shelf.stem_numbers)}
    return pack(arrays, lists, values)


def _unpack_shelf(packed: bytes) -> Shelf:
    arrays, lists, values = unpack(packed)
    postings = {
        name: Postings(
            starts=arrays[f"{name}_starts"],
            documents=arrays[f"{name}_documents"],
            impacts=arrays[f"{name}_impacts"],
            idf=arrays[f"{name}_idf"],
            size=size,
        )
        for name, size in zip(_POSTINGS, values["sizes"], strict=True)
    }
    model = values["model"]
    return Shelf(
        language=values["language"],
        entries=arrays["entries"],
        phrases=values["phrases"],
        phrase_starts=arrays["phrase_starts"],
        lexicon=Lexicon(lists["words"], *(arrays[name] for name in ("frequency", "stems", "gram_starts", "grams"))),
        gram_numbers={name: number for number, name in enumerate(lists["gram_names"])},
        stem_numbers={name: number for number, name in enumerate(lists["stem_names"])},
        pair_numbers={key: number for number, key in enumerate(values["pairs"])},
        by_gram=postings["by_gram"],
        by_word=postings["by_word"],
        by_pair=postings["by_pair"],
        classifier=Classifier(arrays["weights"], arrays["idf"], arrays["gram_rows"], *model) if model else None,
        a=values["a"],
        b=values["b"],
    )
