"""Names beside names: "A, B, and C", "three techniques: A and B", "..., NAME, which ..."."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from ..hits import Cue, Hit
from ..text import Document
from ..words import BENCHMARK_HEADS, BREAKS, METHOD_HEADS, MODEL_HEADS, NO_NAMES
from .definitions import Definition
from .names import Token

HEADS = BENCHMARK_HEADS | MODEL_HEADS | METHOD_HEADS
Word = tuple[int, int, str]
"""Start, end and text of one word of a phrase."""
_AFTER_NAME = re.compile(r"[,.;:]| (?:\(|that |which |to |for |[a-z]+(?:ed|ing) )")
_RENAMED = re.compile(
    r"[,:] ([A-Z][\w.+-]*(?: [A-Z][\w+-]*){0,2})(?:, (?:which|that|to|a|an|for|where|by)(?= )|\.(?= |$)|(?= \())"
)
_BRACKETS_FIRST = re.compile(r"^ ?\([^)]{1,20}\)")
_COORDINATION = re.compile(
    r"(?:,| and|, and|, as well as| as well as| along with|, along with) (?:the |its |an? )?"
)
_COORDINATING = re.compile(r"and|as well|along")
_LETTER = re.compile(r" \([A-Za-z]\)")
_MEMBERS = re.compile(
    r"(?: (?:series|family|suite|models?))*(?:,? |, an? [a-z][a-z -]{1,60} )"
    r"(?:including|namely|consisting of|comprising|which includes?) "
)
_LIST_START = re.compile(
    r"(?:,? (?:including|namely|i\.e\.,?|specifically|such as)|,? ?:|"
    r",? -+)[: ]+(?:the following )?|(?= \((?:1|i|a)\))"
)
_LIST_END = re.compile(r"[.;]| (?:that|which|where|to|for|with|using|by|in|from|on|based|while|via)(?= )")
_LIST_GAP = re.compile(r",? and (?:an? |the )?|, (?:and |or )?(?:an? |the )?|; (?:and )?(?:an? |the )?")
_LIST_MARK = re.compile(r" ?\(?(?:[ivx]{1,3}|\d|[a-d])\)\.? ?(?:an? |the )?|(?:an?|the) ")
ACTION = re.compile(
    r"(?:ing|tion|sion|ment|attention|search|loss|ance|ence|metric|score|decay|law|density|"
    r"complexity|probe|routing|cache|"
    r"sft|rl|dpo|grpo|lora|regularizer|schedule|reward|curriculum|prior|fusion|mask|gate|sampler|kernel|codebook|thought|debate)$"
)


@dataclass(slots=True, frozen=True)
class Introduction:
    """``view[start:end]`` is a name; ``head`` the noun that says what it is, ``own`` whether the paper made it."""

    start: int
    end: int
    rule: str
    own: bool
    head: str = ""


class NeighbourReader:
    """Reads what stands beside the names of one document."""

    def __init__(
        self,
        document: Document,
        cues: list[Cue],
        tokens: list[Token],
        definitions: list[Definition],
        own_start: int,
        hits: list[Hit],
    ) -> None:
        self.definitions, self.hits = definitions, hits
        self.own_start = own_start
        self.document, self.view, self.cues = document, document.view, cues
        self.tokens = tokens
        self._starts = [token.start for token in tokens]
        self._begins = frozenset(document.sentences)
        self.pairs: list[tuple[int, int, int, int]] = []

    def _apposed(self, end: int, limit: int, head: str) -> list[Introduction]:
        """ "a novel solution for ..., NAME, which ...": a name between commas that renames the phrase."""
        index = bisect_left(self._starts, end)
        for token in self.tokens[index : index + 2]:
            if token.start >= limit:
                break
            gap = self.view[end : token.start]
            if gap in (", ", ", the ") and token.shape in ("mixed", "caps", "title"):
                stop = self._run_end(index)
                after = self.view[stop : stop + 24]
                if not after.strip() or _AFTER_NAME.match(after):
                    return [Introduction(token.start, stop, "introduced@1", True, head)]
            break
        return []

    def _renamed(self, end: int, limit: int, head: str) -> list[Introduction]:
        """ "a model family with many sizes, NAME, which ...": the name comes after a long phrase."""
        for match in _RENAMED.finditer(self.view, end, limit):
            index = bisect_left(self._starts, match.start(1))
            if index >= len(self.tokens) or self.tokens[index].start != match.start(1):
                continue
            if self._run_end(index) != match.end(1) or match[1] in NO_NAMES:
                continue
            if self.view[match.start()] == ":" and (
                self.tokens[index].shape == "title" or self.view[match.start() - 1] == "s"
            ):
                continue
            if _LETTER.match(self.view, match.end(1)):
                continue
            return [Introduction(match.start(1), match.end(1), "introduced@1", True, head)]
        return []

    def _run_end(self, index: int) -> int:
        stop = self.tokens[index].end
        for token in self.tokens[index + 1 :]:
            if token.start != stop + 1 or self.view[stop] != " ":
                break
            stop = token.end
        return stop

    def _coordinated(self, end: int, limit: int) -> list[Introduction]:
        """ "we introduce A and B", "A, B, and C"."""
        found: list[Introduction] = []
        index = bisect_left(self._starts, end)
        while index < len(self.tokens) and self.tokens[index].start < limit:
            token = self.tokens[index]
            gap = self.view[end : token.start]
            if token.shape == "title" or not _COORDINATION.fullmatch(_BRACKETS_FIRST.sub("", gap)):
                break
            stop = self._run_end(index)
            found.append(Introduction(token.start, stop, "introduced@1", True))
            end = stop
            index = bisect_left(self._starts, end)
        if found and not _COORDINATING.search(self.view[found[0].start - 16 : found[-1].start]):
            return []
        return found

    def _members(self, end: int, limit: int) -> list[Introduction]:
        """ "the NAME series, including NAME-A and NAME-B": what a proposed line of things consists of."""
        match = _MEMBERS.match(self.view, end, limit)
        if match is None:
            return []
        index = bisect_left(self._starts, match.end())
        if index >= len(self.tokens) or self.tokens[index].start != match.end():
            return []
        if self.tokens[index].shape == "title":
            return []
        stop = self._run_end(index)
        first = Introduction(match.end(), stop, "introduced@1", True)
        return [first, *self._coordinated(stop, limit)]

    def _listed(self, end: int, limit: int, words: list[Word]) -> list[Introduction]:
        """ "three techniques: A, B, and C", "two refinements, including A and B"."""
        plural = words[-1][2].lower()
        if not plural.endswith("s"):
            return []
        match = _LIST_START.match(self.view, end, limit)
        if match is None:
            return []
        items = self._items(match.end(), limit)
        if len(items) < 2:
            return []
        if any(
            not ACTION.search(self.view[a:b].split()[-1].lower()) and self.view[a:b].islower()
            for a, b in items
        ):
            return []
        return [Introduction(a, b, "enumeration@1", True, last_head(words)) for a, b in items]

    def _items(self, at: int, limit: int) -> list[tuple[int, int]]:
        view = self.view
        stop = limit
        cut = _LIST_END.search(view, at, limit)
        if cut:
            stop = cut.start()
        while stop > at and view[stop - 1] in " .;,":
            stop -= 1
        items: list[tuple[int, int]] = []
        place = at
        for gap in [*_LIST_GAP.finditer(view, at, stop), None]:
            end = gap.start() if gap else stop
            start = place
            mark = _LIST_MARK.match(view, start, end)
            if mark:
                start = mark.end()
            text = view[start:end]
            bracket = text.find(" (")
            if bracket > 0:
                end = start + bracket
                text = view[start:end]
            parts = text.split()
            if (
                not parts
                or len(parts) > 5
                or any(w.lower().strip(",") in BREAKS or w.lower() == "both" for w in parts)
            ):
                return items if len(items) >= 2 and gap is None else []
            items.append((start, end))
            if gap:
                place = gap.end()
        return items


def last_head(words: list[Word]) -> str:
    for _, _, word in reversed(words):
        if word.lower() in HEADS:
            return word.lower()
    return ""
