"""The texts of a property joined to one, so that a single search goes through all of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..batch import Bools

_BETWEEN = "\0"
_COMMON = 4
"""Where every so many texts hold the needle, looking at each text by itself is sooner done."""


class Haystack:
    """Texts, and what is no text, in order; searching it never fails."""

    def __init__(self, items: Iterable[Any]) -> None:
        texts = [item if type(item) is str else "" for item in items]
        self._joined = _BETWEEN.join(texts)
        self._starts = np.zeros(len(texts) + 1, dtype=np.int64)
        np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1, out=self._starts[1:])

    def containing(self, needle: str) -> Bools | None:
        """Tell for every text whether it holds the needle; None where that is better found out text by text."""
        if not needle or _BETWEEN in needle:
            return None
        found: list[int] = []
        joined, step, most = self._joined, len(needle), len(self._starts) // _COMMON
        at = joined.find(needle)
        while at >= 0:
            found.append(at)
            if len(found) > most:
                return None
            at = joined.find(needle, at + step)
        holds = np.zeros(len(self._starts) - 1, dtype=np.bool_)
        holds[np.searchsorted(self._starts, np.array(found, dtype=np.int64), side="right") - 1] = True
        return holds
