"""What a paper names: places, things, and names still under consideration; how spellings of one name compare."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ...graph.records import Fact
from .text import KEY

_SIZED_NAME = re.compile(r"^(.+?)[- ](\d+(?:\.\d+)?(?:x\d+(?:\.\d+)?)?)(B|(?<=\d{3})M)((?:-[A-Z][a-z]+)*)$")
_KEYLIKE = re.compile(r"[^a-z0-9+.]+")
_PLURAL = re.compile(r"(?<=[A-Z])s(?![a-z])")


@dataclass(slots=True)
class Place:
    """One place of the view that names the thing."""

    start: int
    end: int
    rule: str


@dataclass(slots=True)
class Entity:
    """One thing of one paper."""

    label: str
    id: str
    name: str
    places: list[Place] = field(default_factory=list)
    properties: dict[str, Any] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    sizes: list[str] = field(default_factory=list)
    own: bool = False
    known: bool = False
    weak: bool = False
    confidence: float = 0.9
    generic: bool = field(init=False)
    """Whether it is a class of techniques."""

    def __post_init__(self) -> None:
        self.generic = self.label == "Method" and bool(self.properties.get("generic"))


@dataclass(slots=True)
class Candidate:
    """A name under consideration: its surfaces in the text and the evidence for what it is."""

    name: str
    surfaces: dict[str, str] = field(default_factory=dict)  # surface -> rule
    scores: dict[str, float] = field(default_factory=dict)
    own: bool = False
    accepted: bool = False
    sizes: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    shape: str = ""
    at: int = 0

    def add(self, kind: str | None, weight: float) -> None:
        if kind:
            self.scores[kind] = self.scores.get(kind, 0.0) + weight


@lru_cache(maxsize=1 << 16)
def key_of(name: str) -> str:
    """Return what spellings of one new name have in common."""
    return _KEYLIKE.sub("", _PLURAL.sub("", name).lower()) + ("#" if name.endswith("#") else "")


@lru_cache(maxsize=1 << 16)
def without_size(surface: str) -> tuple[str, tuple[str, ...]]:
    """Split a name into what names it and the parameter size it states, if any."""
    match = _SIZED_NAME.match(surface)
    if match is None:
        return surface, ()
    return match[1] + match[4], (f"{match[2]}{match[3]}",)


def is_plain_word(surface: str) -> bool:
    """Tell names that would match common words in another case: one word, or capitals of a word (LESS)."""
    return surface.isalpha() and (surface.istitle() or surface.isupper())


def searchable(surface: str) -> str:
    """Bring a surface to the form in which it is looked for in :attr:`~.text.Document.key`."""
    low = surface.lower()
    if len(low) != len(surface):
        return ""
    text = low.translate(KEY).strip()
    return " " + text if text else ""
