"""Finding pairs worth comparing without comparing all with all.

Everything that may be one thing shares some rare part: the rarest words of a title, the rarest letter triples
of a name. Items are put into one block for each such part, and only members of a block are compared. A part
that many share (a block beyond ``LARGEST``) is cut into overlapping windows of neighbours in alphabetical
order, so that the work stays near linear whatever the input is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

LARGEST = 100
"""A block of more members than this is compared in windows."""

_WINDOW = 12
_RAREST = 4
_WHOLE = 8  # blocks up to here are cheaper to compare one by one than as a matrix


def rare_pairs(parts: Sequence[Iterable[str]]) -> list[list[str]]:
    """Give each item the pairs of its rarest shared parts as block keys; for titles, whose parts are words.

    A part that only one item has cannot bring it together with another (a misspelt word is such a part), so
    it is passed over: two titles that differ in up to two of their rarest words still share a pair.
    """
    keys = []
    for rarest in _rarest(parts):
        if len(rarest) == 1:
            keys.append(rarest)
        else:
            keys.append([f"{one} {two}" for one, two in combinations(sorted(rarest), 2)])
    return keys


def rare_parts(parts: Sequence[Iterable[str]]) -> list[list[str]]:
    """Give each item its rarest shared parts as block keys; for names, whose parts are letter triples."""
    return _rarest(parts)


def _rarest(parts: Sequence[Iterable[str]]) -> list[list[str]]:
    unique = [set(one) for one in parts]
    frequency: Counter[str] = Counter()
    for one in unique:
        frequency.update(one)
    return [
        sorted((part for part in one if frequency[part] > 1), key=lambda part: (frequency[part], part))[
            :_RAREST
        ]
        for one in unique
    ]


def triples(text: str) -> list[str]:
    """Return the letter triples of a text.

    Examples
    --------
    >>> triples("lora")
    ['lor', 'ora']
    """
    return [text[i : i + 3] for i in range(len(text) - 2)]


def blocks(keys: Sequence[Iterable[str]], order: Sequence[str]) -> Iterator[list[int]]:
    """Yield the blocks of items that share a key, as indices; large ones as overlapping windows.

    Parameters
    ----------
    keys
        The block keys of each item.
    order
        A text of each item by which members of a large block are put in order.
    """
    grouped: dict[str, list[int]] = {}
    for index, own in enumerate(keys):
        for key in own:
            grouped.setdefault(key, []).append(index)
    for members in grouped.values():
        if len(members) < 2:
            continue
        if len(members) <= LARGEST:
            yield members
            continue
        members.sort(key=lambda index: (order[index], index))
        for start in range(0, len(members) - 1, _WINDOW // 2):
            yield members[start : start + _WINDOW]


def alike(groups: Iterable[list[int]], texts: Sequence[str], cutoff: float) -> dict[tuple[int, int], float]:
    """Return the pairs within the groups whose texts are alike, with a likeness from ``cutoff`` to 100."""
    import numpy as np
    from rapidfuzz import fuzz, process

    found: dict[tuple[int, int], float] = {}
    compared: set[tuple[int, int]] = set()
    for members in groups:
        if len(members) <= _WHOLE:
            for one, two in combinations(sorted(members), 2):
                if (one, two) not in compared:
                    compared.add((one, two))
                    score = fuzz.ratio(texts[one], texts[two], score_cutoff=cutoff)
                    if score:
                        found[one, two] = score
            continue
        own = [texts[index] for index in members]
        matrix = process.cdist(own, own, scorer=fuzz.ratio, score_cutoff=cutoff, dtype=np.float32)
        for row, column in np.argwhere(np.triu(matrix, 1) > 0).tolist():
            one, two = sorted((members[row], members[column]))
            found[one, two] = float(matrix[row, column])
    return found
