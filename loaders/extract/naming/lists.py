"""Members of a list whose head says what they are: "six methods (A, B, C)", "models such as A and B"."""

from __future__ import annotations

import re

from ..hits import Hit
from ..text import Document
from .kinds import kind_of_head
from .names import shape_of
from .neighbours import Introduction

_OPENING = re.compile(
    r"s(?<=[a-z]s)(?: \((?:e\.g\.,? |i\.e\.,? |such as |including |namely )?|"
    r",? (?:such as|including|like|namely|e\.g\.,?) |: |"
    r"(?:(?<=benchmarks)|(?<=datasets)|(?<=accelerators)) )"
    r"(?:the )?(?=[A-Za-z][\w.+/-]*[A-Z0-9]|[A-Z])"
)
_HEAD = re.compile(r"(?<![\w-])[a-z-]+$")
MEASURES = ("metrics", "scores", "objectives", "functions")
"""Members of these are seldom things of their own; their rule is ``measure@1``."""
_ITEM = re.compile(r"[A-Z][\w.+-]*(?: [A-Z][\w.+-]*){0,2}|[A-Za-z][\w.+-]*[A-Z0-9][\w.+-]*")
_GAP = re.compile(
    r"(?: ?\[[\d, ]{1,12}\]| \([^()]{1,40}\))?(?:, (?:and |or |as well as )?|,? and |,? or |; ?(?:and )?|/)(?:the )?"
)


def listed(document: Document, hits: list[Hit]) -> list[Introduction]:
    """Find the members of announced lists that are written like names."""
    view = document.view
    found: list[Introduction] = []
    for opening in _OPENING.finditer(view, document.split):
        head_end = opening.start() + 1
        before = _HEAD.search(view, max(0, head_end - 24), head_end)
        head = before[0] if before else ""
        kind = kind_of_head(head)
        if kind is None:
            continue
        limit = document.sentence(head_end)[1]
        items = _items(view, opening.end(), limit)
        if head in MEASURES:
            found += [Introduction(start, end, "measure@1", False, head) for start, end in items]
            continue
        if not items or (len(items) == 1 and opening[0].rstrip(" the").endswith((":", "("))):
            continue
        shapes = [
            shape_of(view[start:end]) if " " not in view[start:end] else "title" for start, end in items
        ]
        sure = sum(shape in ("mixed", "caps") for shape in shapes) + sum(
            hit.label == kind and hit.start == start and not hit.generic for hit in hits for start, _ in items
        )
        if not sure or (len(items) == 1 and shapes[0] != "mixed"):
            continue
        found += [
            Introduction(start, end, "list@1", False, head)
            for (start, end), shape in zip(items, shapes, strict=True)
            if shape
        ]
    return found


def _items(view: str, at: int, limit: int) -> list[tuple[int, int]]:
    items: list[tuple[int, int]] = []
    while True:
        item = _ITEM.match(view, at, limit)
        if item is None:
            return items
        end = item.end()
        while view[end - 1] in ".-":
            end -= 1
        items.append((at, end))
        gap = _GAP.match(view, end, limit)
        if gap is None:
            return items
        at = gap.end()
