"""A text put together piece by piece, with the places where it cites, and the sentences around these.

What marks a citation in a paper's body (``[12]``, ``Smith et al. (2019)``, a raised number) is known to the format
it is kept in; what it means for the sentence is the same in all of them, and stands here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ...graph.sentences import is_end, sentence_breaks
from .fields import fold

PARAGRAPH = "\n\n"
"""Stands between the paragraphs of a section."""

_AROUND = 500
_WIDEST = 100
_NEAR = 16
_CLOSED = re.compile(r"[.!?][\"'”’)\]]*$")
_OPENS = re.compile(r"\s+[\"'“‘(\[$]*[A-Z0-9À-ÞΑ-Ω一-鿿]|\s*$")
_WORD = re.compile(r"[^\W\d_]{3}")
"""Without one, what stands around a mark is a row of a table or the mark alone."""
_JOINED = re.compile(r"[\s,;&()\[\]–—−-]{0,8}")
_TO = re.compile(r"[\s()\[\]]*[–—−-]+[\s()\[\]]*")
_NUMBER = re.compile(r"\d{1,4}")
_RANGE = re.compile(r"(\d{1,4})\s*[–—−-]\s*(\d{1,4})")


class Mark(NamedTuple):
    """Characters ``[start, end)`` of a text cite the reference of a key."""

    start: int
    end: int
    key: str


class Flow:
    """Text that grows by pieces of mark-up, folded as all text is.

    Examples
    --------
    >>> flow = Flow()
    >>> for piece, cited in (("We use  ", ()), ("[3,", ["b2"]), ("\\n4]", ["b3"]), (" .", ())):
    ...     flow.add(piece, cited)
    >>> flow.text
    'We use [3, 4] .'
    >>> flow.marks[1]
    Mark(start=11, end=13, key='b3')
    """

    def __init__(self) -> None:
        self.marks: list[Mark] = []
        self._pieces: list[str] = []
        self._length = 0
        self._gap = ""
        self._joined = False

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self._pieces)

    def gap(self, between: str = " ") -> None:
        """Have at least a blank, or a paragraph's end, before what comes next."""
        if len(between) > len(self._gap) and not self._joined:
            self._gap = between

    def join(self) -> None:
        """Have a blank before what comes next, whatever ends or begins there."""
        self._gap, self._joined = " ", True

    def add(self, piece: str | None, cited: Iterable[str] = ()) -> None:
        """Add a piece; ``cited`` are the keys of the references that it cites."""
        if piece and not piece.isspace():
            folded = fold(piece)
            if piece[0] != folded[:1]:
                self.gap()
            if folded:
                if self._length and self._gap:
                    self._pieces.append(self._gap)
                    self._length += len(self._gap)
                self._gap = "" if piece[-1] == folded[-1] else " "
                self._joined = False
                self._pieces.append(folded)
                self._length += len(folded)
        else:
            folded = ""
            if piece:
                self.gap()
        for key in cited:
            self.marks.append(Mark(self._length - len(folded), self._length, key))


def contexts(text: str, marks: Sequence[Mark], order: Mapping[str, int]) -> dict[str, list[str]]:
    """Return the sentences that cite each reference, in their order and each once.

    Parameters
    ----------
    marks
        In the order of the text.
    order
        Keys of the reference list and their places in it, so that ``[3]–[6]`` cites 4 and 5 too.

    Notes
    -----
    A mark between two sentences belongs to the first if a capital follows ("… shown before. [12] We …"), to the
    second if it is part of it ("… shown before. [12] proposes …").
    """
    found: dict[str, dict[str, None]] = {}
    if marks:
        breaks = _breaks(text, marks)
        stops = [stop for stop, _ in breaks]
        for mark in _with_ranges(text, marks, order):
            place = bisect_right(stops, mark.start)
            first = breaks[place - 1][1] if place else 0
            # a mark that spans sentences is a slip of whoever wrote it
            last = next((stop for stop in stops[place : place + 3] if stop >= mark.end), len(text))
            found.setdefault(mark.key, {})[_cut(text, first, last, mark)] = None
    return {key: [said for said in sentences if _WORD.search(said)] for key, sentences in found.items()}


def _cut(text: str, first: int, last: int, mark: Mark) -> str:
    """Return a sentence, and of a very long one what stands around the mark, in whole words."""
    first = min(first, mark.start)
    if mark.start - first > _AROUND:
        first = text.find(" ", mark.start - _AROUND, mark.start) + 1 or mark.start - _AROUND
    if last - mark.end > _AROUND:
        last = text.rfind(" ", mark.end, mark.end + _AROUND)
        last = last if last >= 0 else mark.end + _AROUND
    return fold(text[first:last])


def _breaks(text: str, marks: Sequence[Mark]) -> list[tuple[int, int]]:
    """Return where sentences end and the next begin; a group of marks behind an end belongs before it."""
    breaks = dict(sentence_breaks(text))
    behind = {following: stop for stop, following in breaks.items()}
    for start, end in _groups(text, marks):
        if not _OPENS.match(text, end):
            continue
        stop = behind.get(start, start)  # "before. [12] We" has a break there, "before.12 We" has none
        if stop < start or (_CLOSED.search(text, max(0, start - 4), start) and is_end(text, start)):
            breaks.pop(stop, None)
            breaks[end] = end
    return sorted(breaks.items())


def _groups(text: str, marks: Sequence[Mark]) -> list[tuple[int, int]]:
    """Return marks that stand together as one: ``[3, 5]-[7]``."""
    groups: list[tuple[int, int]] = []
    for mark in marks:
        if groups and (mark.start <= groups[-1][1] or _JOINED.fullmatch(text, groups[-1][1], mark.start)):
            groups[-1] = (groups[-1][0], max(groups[-1][1], mark.end))
        else:
            groups.append((mark.start, mark.end))
    return groups


def _with_ranges(text: str, marks: Sequence[Mark], order: Mapping[str, int]) -> list[Mark]:
    """Add the references that a range means without naming them, where the printed numbers bear it out."""
    keys = list(order)
    found: list[Mark] = []
    for number, mark in enumerate(marks):
        found.append(mark)
        label = text[mark.start : mark.end]
        inside = _RANGE.search(label)
        if inside and [m for m in marks[max(0, number - 1) : number + 2] if m.start == mark.start] == [mark]:
            begin = order.get(mark.key, -1)
            found += _between(keys, begin, begin + int(inside[2]) - int(inside[1]) + 1, mark)
        if number + 1 == len(marks):
            continue
        following = marks[number + 1]
        if not 0 <= following.start - mark.end < _NEAR:
            continue
        last = text[following.start : following.end]
        one, other = _NUMBER.search(label), _NUMBER.search(last)
        if one and other and _TO.fullmatch(_unlabelled(text, mark, one, following, other)):
            begin, end = order.get(mark.key, -1), order.get(following.key, -1)
            if int(other[0]) - int(one[0]) == end - begin:
                found += _between(keys, begin, end, Mark(mark.start, following.end, ""))
    return found


def _unlabelled(text: str, mark: Mark, one: re.Match[str], following: Mark, other: re.Match[str]) -> str:
    """Return what stands between two printed numbers."""
    between = text[mark.start + one.end() : following.start + other.start()]
    return between if len(between) < _NEAR else ""


def _between(keys: Sequence[str], begin: int, end: int, place: Mark) -> list[Mark]:
    """Return marks for the references after one and before another."""
    if begin < 0 or not 1 < end - begin <= _WIDEST:
        return []
    return [Mark(place.start, place.end, key) for key in keys[begin + 1 : end]]
