"""Names that papers coin: which are distinctive enough to be looked for in other papers, and finding them there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from ....graph.records import Coinage
from ..hits import Hit
from ..text import Document
from ..things import Entity, without_size
from ..words import NO_NAMES
from .lexicon import Entry, Family, Lexicon
from .matcher import Matcher

RULE = "corpus@1"

_ONE_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-.+][A-Za-z0-9]+)*\+*")
_MIXED = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]")
_PLURAL_ACRONYM = re.compile(r"[A-Z-]+s")
_CAPITALS = re.compile(r"[A-Z][A-Z-]{3,}[A-Z]")
"""An acronym of five letters or more: rare enough to be found again, but only where the context speaks for a name."""


def coinages(view: str, entities: Iterable[Entity]) -> Iterator[Coinage]:
    """Yield the names that a paper introduces for things the lexicon does not know."""
    seen = set()
    for entity in entities:
        if not entity.own or entity.known or entity.generic or entity.label == "Hardware":
            continue
        for surface in dict.fromkeys(view[place.start : place.end] for place in entity.places):
            if entity.label == "Model":
                surface, _ = without_size(surface)  # noqa: PLW2901
            if surface not in seen and _is_distinctive(surface):
                seen.add(surface)
                yield Coinage(surface, entity.label, entity.id, entity.name)


@lru_cache(maxsize=1 << 14)
def _is_distinctive(surface: str) -> bool:
    """Tell a name nobody writes by accident: capitals inside, or letters with a digit."""
    if not 4 <= len(surface) <= 40 or not _ONE_WORD.fullmatch(surface):
        return False
    if _CAPITALS.fullmatch(surface):
        return surface not in NO_NAMES
    if _PLURAL_ACRONYM.fullmatch(surface):
        return False
    numbered = any(c.isdigit() for c in surface) and sum(c.isalpha() for c in surface) >= 3
    return numbered or _MIXED.search(surface) is not None


def coined_hits(document: Document, names: Matcher) -> list[Hit]:
    """Find names that other papers coined."""
    hits, _ = names.scan(document)
    for hit in hits:
        hit.rule = RULE
        if hit.label == "Model":  # a family of one paper is no curated fact
            hit.facts = ()
            hit.properties = {key: value for key, value in hit.properties.items() if key != "family"}
    return hits


def compiled(names: tuple[Coinage, ...]) -> Matcher:
    """Compile names that papers coined."""
    entries, families = [], []
    for name in names:
        common = _CAPITALS.fullmatch(name.surface) is not None
        if name.label == "Model":
            other = ((name.surface, name.name),) if name.surface != name.name else ()
            families.append(
                Family(
                    name.surface, models=(name.name,), others=other, joint="-", exact=True, ambiguous=common
                )
            )
        else:
            properties = {"generic": False} if name.label == "Method" else {}
            entries.append(
                Entry(
                    name.id, name.label, name.name, (name.surface,), properties, exact=True, ambiguous=common
                )
            )
    return Matcher(Lexicon(tuple(entries), tuple(families)), cues=False)


matcher_of = lru_cache(maxsize=4096)(compiled)
"""Compile names that papers coined, and remember them: the same few are met in many abstracts."""
