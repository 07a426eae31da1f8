"""Arrays, word lists and plain values in one block of bytes, read back without copying the arrays."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

_ALIGNED = 16  # bytes; numpy reads aligned arrays faster
_HEAD = 8  # bytes of the header's length


def pack(
    arrays: Mapping[str, npt.NDArray[Any]], lists: Mapping[str, Sequence[str]], values: Mapping[str, Any]
) -> bytes:
    """Puts everything into one block; the same input gives the same bytes. The lists' texts hold no line break."""
    blocks: list[bytes] = []
    where: dict[str, list[Any]] = {}
    at = 0
    for name, array in sorted(arrays.items()):
        block = np.ascontiguousarray(array).tobytes()
        block += b"\0" * (-len(block) % _ALIGNED)
        where[name] = [at, array.dtype.str, list(array.shape)]
        blocks.append(block)
        at += len(block)
    head = json.dumps({"arrays": where, "lists": {k: "\n".join(v) for k, v in lists.items()}, "values": values},
                      sort_keys=True).encode()  # fmt: skip
    head += b" " * (-(len(head) + _HEAD) % _ALIGNED)
    return len(head).to_bytes(_HEAD, "little") + head + b"".join(blocks)


def unpack(packed: bytes) -> tuple[dict[str, npt.NDArray[Any]], dict[str, list[str]], dict[str, Any]]:
    """What `pack` put together; the arrays are views of the bytes and cannot be written to."""
    size = int.from_bytes(packed[:_HEAD], "little")
    head = json.loads(packed[_HEAD : _HEAD + size])
    arrays = {}
    for name, (at, kind, shape) in head["arrays"].items():
        count = int(np.prod(shape, dtype=np.int64))
        arrays[name] = np.frombuffer(packed, dtype=kind, count=count, offset=_HEAD + size + at).reshape(shape)
    lists = {name: text.split("\n") if text else [] for name, text in head["lists"].items()}
    return arrays, lists, head["values"]
