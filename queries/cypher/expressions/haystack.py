"""The texts of a property joined to one, so that a single search goes through all of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..batch import Bools

_BLOCK = 1 << 20
"""How many bytes are looked at in one go: enough to pay for the calls, little enough for the memory."""


class Haystack:
    """Texts, and what is no text, in order, as the bytes of UTF-8 with a zero after each."""

    def __init__(self, items: Iterable[Any]) -> None:
        # surrogatepass: a text may hold half a character, which must be found again.
        texts = [item.encode("utf-8", "surrogatepass") if type(item) is str else b"" for item in items]
        self._bytes = np.frombuffer(b"\0".join(texts) + b"\0", dtype=np.uint8)
        self._starts = np.zeros(len(texts) + 1, dtype=np.int64)
        np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1, out=self._starts[1:])

    def containing(self, needle: str) -> Bools | None:
        """Tell for every text whether it holds the needle; None for a needle that cannot be searched this way."""
        if not needle or "\0" in needle:
            return None
        wanted = np.frombuffer(needle.encode("utf-8", "surrogatepass"), dtype=np.uint8)
        holds = np.zeros(len(self._starts) - 1, dtype=np.bool_)
        last = len(self._bytes) - len(wanted) + 1
        for start in range(0, last, _BLOCK):
            found = self._search(wanted, start, min(start + _BLOCK, last))
            holds[np.searchsorted(self._starts, found, side="right") - 1] = True
        return holds

    def _search(self, wanted: Any, start: int, stop: int) -> Any:
        """Return the places from ``start`` to before ``stop`` where the wanted bytes begin.

        Three of the bytes, compared everywhere, leave few places at which to compare the others.
        """
        held, size = self._bytes, len(wanted)
        tried = {0, size // 2, size - 1}
        fits = np.ones(stop - start, dtype=np.bool_)
        for offset in tried:
            fits &= held[start + offset : stop + offset] == wanted[offset]
        places = np.flatnonzero(fits) + start
        for offset in set(range(size)) - tried:
            places = places[held[places + offset] == wanted[offset]]
        return places
