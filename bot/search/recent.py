"""Results of questions asked lately: many people ask the same few things, in the same few words."""

from __future__ import annotations

import os
from collections import OrderedDict
from hashlib import blake2b

from bot.domain.search import Found
from bot.search.find import find
from bot.search.index import Index
from bot.search.places import Lookup

KEPT = 2000  # results, about a megabyte


class Recent:
    """Finds in one index and remembers results; not texts, only their hashes under a key that dies with the process."""

    def __init__(self, index: Index, places: Lookup | None = None) -> None:
        self._index = index
        self._places = places
        self._key = os.urandom(32)
        self._found: OrderedDict[bytes, Found] = OrderedDict()

    def find(self, text: str, language: str | None) -> Found:
        """What `find` gives, computed once; the result unused for longest gives way to a new one."""
        name = self._name(text, language)
        found = self._found.pop(name, None) or find(self._index, text, language, self._places)
        self._found[name] = found
        if len(self._found) > KEPT:
            self._found.popitem(last=False)
        return found

    def _name(self, text: str, language: str | None) -> bytes:
        whole = f"{language}\0{text}".encode("utf-8", "surrogatepass")
        return blake2b(whole, key=self._key, digest_size=16).digest()
