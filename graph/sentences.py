"""Where a sentence begins and ends: a rule of punctuation, abbreviations and capitals, not a model.

Wrong bounds show a reader a little more or a little less; nothing else depends on them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# A full stop, question or exclamation mark, perhaps a closing quote or bracket, white space, and then
# something that can open a sentence. Decimal points ("2.7x") and dots in names ("llama.cpp") have no space after
# them.
# It begins with one of a set of characters, for which `re` looks faster than for alternatives.
_BREAK = re.compile(
    r"[.!?\n。！？](?:(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[$\\]*[A-Z0-9À-ÞΑ-Ω一-鿿])|(?<=\n)\s*\n|(?<=[。！？]))"
)
_NOT_AN_END = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|resp|etc|al|Fig|Figs|Eq|Eqs|Sec|Tab|Ref|No|Dr|Prof|approx|w\.r\.t|St)|\b[A-Z])\.$"
)
_LONGEST = 1_000


def sentence_breaks(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Iterate over the places between sentences: where one ends, and where the next begins.

    Examples
    --------
    >>> list(sentence_breaks("It is fast, e.g. on A100. We use LoRA 2.0 here. Done."))
    [(25, 26), (47, 48)]
    """
    for match in _BREAK.finditer(text, start, len(text) if end is None else end):
        stop = match.start() + len(match.group().rstrip())
        if is_end(text, stop) or match.group().isspace():
            yield stop, match.end()


def is_end(text: str, stop: int) -> bool:
    """Tell whether a full stop before a character ends a sentence, as far as the word before it tells."""
    return not _NOT_AN_END.search(text, max(0, stop - 8), stop)


def sentence_bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Find the sentence around characters ``[start, end)`` of a text.

    A sentence longer than 1,000 characters is cut around the quoted words.

    Examples
    --------
    >>> text = "It is fast, e.g. on A100. We use LoRA 2.0 here. Done."
    >>> first, last = sentence_bounds(text, 33, 37)
    >>> text[first:last]
    'We use LoRA 2.0 here.'
    """
    first, last = max(0, start - _LONGEST), min(len(text), end + _LONGEST)
    for stop, following in sentence_breaks(text, first, last):
        if following <= start:
            first = following
        elif stop >= end:
            last = stop
            break
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last
