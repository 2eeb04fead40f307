"""Technique classes: whether a paper works with one it names, or only names it on its way.

A class said once in the paper's own part is more often worked with than not; one said only before the paper speaks
of itself counts where the abstract starts from it. Everyday classes (fine-tuning, synthetic data) are named by every
second paper: they count where the paper is about them.
"""

from __future__ import annotations

import re

from ..relating.relations import Clauses

_REPLACED = re.compile(
    r"(?<![\w-])(?:existing|previous|prior|recent|conventional|traditional|current|standard|popular|modern|typical|"
    r"vanilla|many|most|other|state-of-the-art) $",
    re.IGNORECASE,
)
_EVERYDAY_OFTEN = 3
_TITLE_BEGINS = 12
"""Where a title at latest begins with what the paper is about: "Fictitious synthetic data can help"."""


def worked_on(
    name: str,
    places: list[tuple[int, int]],
    clauses: Clauses,
    first: dict[int, int],
    *,
    everyday: bool = False,
    narrowed: bool = False,
) -> bool:
    """Tell whether the paper works with a technique class.

    Parameters
    ----------
    name
        What the class is called in full.
    places
        Where the class is named, in order.
    clauses
        The cues of the document.
    first
        The first name of each coordination, by the start of its members.
    everyday
        The class is so usual that naming it says little.
    narrowed
        The text names a kind of it too, for which a bare word may stand ("distilled" for on-policy distillation).
    """
    document = clauses.document
    view, split = document.view, document.split
    own_start = max(clauses.own_start, split)
    titled = places[0][0] < split
    own = sum(start >= own_start for start, _ in places)
    if everyday:
        return own >= _EVERYDAY_OFTEN or (own > 0 and places[0][0] <= _TITLE_BEGINS)
    if len(places) == 1 and _bound(view, places[0][0]):
        return False
    if narrowed and " " in name and all(_bare(view[start:end]) for start, end in places):
        return False
    if titled or own:
        return True
    return any(
        start < document.sentence(split)[1] or _REPLACED.search(view, max(0, start - 20), start)
        for start, _ in places
        if not clauses.listed(first.get(start, start))
    )


def _bound(view: str, start: int) -> bool:
    """Whether a hyphen binds it into another word (``real-world models`` are no world models)."""
    return start > 1 and view[start - 1] == "-" and view[start - 2].isalnum()


def _bare(text: str) -> bool:
    """Whether it is one plain word, and no abbreviation."""
    return text.isalpha() and text[1:].islower()
