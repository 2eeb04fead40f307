"""How each type looks and what each relation is called, in the page and in the static picture.

Colours are told apart by people with any of the common colour-vision deficiencies (a test simulates them), and
every one of the five main types has a shape of its own besides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..graph.schema import EDGES


@dataclass(frozen=True, slots=True)
class Look:
    """A type's shape (a name vis-network knows), its colour on white and on dark, and its plural."""

    shape: str
    light: str
    dark: str
    plural: str


LOOKS: Mapping[str, Look] = {
    "Paper": Look("dot", "#94a1b5", "#7d8ca3", "papers"),
    "Method": Look("diamond", "#2f6fde", "#5b9bff", "methods"),
    "Model": Look("square", "#e8590c", "#ff8a3d", "models"),
    "ModelFamily": Look("square", "#8a3407", "#c9622a", "model families"),
    "Benchmark": Look("triangle", "#0b8f6f", "#2fc79f", "benchmarks"),
    "Hardware": Look("hexagon", "#8e3a8c", "#d17fd0", "kinds of hardware"),
    "Task": Look("triangleDown", "#a5850a", "#e6c34a", "tasks"),
    "Organization": Look("star", "#1c2b4a", "#e8ecf4", "organizations"),
    "Author": Look("dot", "#c9a27a", "#d9b48f", "authors"),
    "Venue": Look("hexagon", "#5f6b3a", "#b5c27f", "venues"),
    "Repository": Look("square", "#50606e", "#a9b7c4", "repositories"),
    "Result": Look("triangle", "#c2255c", "#ff7aa5", "results"),
    "Source": Look("star", "#6b7280", "#9ca3af", "sources"),
}

_OTHER = Look("dot", "#6b7280", "#9ca3af", "")

MAIN = ("Paper", "Method", "Model", "Benchmark", "Hardware")
"""The types nearly every picture holds."""

_WORDS = {"ModelFamily": "model family", "Hardware": "kind of hardware"}

_PHRASES: Mapping[str, tuple[str, str]] = {
    "PROPOSES": ("Proposes", "Proposed by"),
    "EVALUATED_ON": ("Evaluated on", "Evaluated here"),
    "RUNS_ON": ("Runs on", "Runs here"),
    "COMPARED_WITH": ("Compared with", "Compared with it"),
    "BUILDS_ON": ("Builds on", "Built upon by"),
    "USES": ("Uses", "Used by"),
    "MENTIONS": ("Mentions", "Mentioned by"),
    "APPLIED_TO": ("Applied to", "Methods applied to it"),
    "CITES": ("Cites", "Cited by"),
    "REPORTS": ("Reports", "Reported by"),
    "OF": ("Result of", "Results"),
    "ON": ("Measured on", "Results on it"),
    "AGAINST": ("Measured against", "Results against it"),
    "AUTHORED_BY": ("Written by", "Wrote"),
    "PUBLISHED_IN": ("Published in", "Published"),
    "HAS_CODE": ("Code", "Code of"),
    "ADDRESSES": ("Works on", "Worked on by"),
    "IN_FAMILY": ("Belongs to", "Members"),
    "DEVELOPED_BY": ("Developed by", "Developed"),
    "KIND_OF": ("Is a kind of", "Kinds of it"),
    "MADE_BY": ("Made by", "Makes"),
    "MEASURES": ("Measures", "Measured by"),
    "FROM": ("Read from", "Papers read from it"),
}

RELATION_ORDER: Mapping[str, int] = {name: number for number, name in enumerate(EDGES)}


def look(label: str) -> Look:
    """Return how nodes of a label look; one of a label yet unknown gets a plain grey dot."""
    return LOOKS.get(label, _OTHER)


def word(label: str) -> str:
    """Return a label as a word in a sentence: ``model family``."""
    return _WORDS.get(label, label.lower())


def counted(number: int, label: str) -> str:
    """Return a number of nodes in words.

    Examples
    --------
    >>> counted(1, "Paper"), counted(1200, "ModelFamily"), counted(3, "Hardware")
    ('1 paper', '1,200 model families', '3 kinds of hardware')
    """
    plural = look(label).plural or f"{word(label)}s"
    return f"{number:,} {word(label) if number == 1 else plural}"


def phrases(edge_type: str) -> tuple[str, str]:
    """Return what to call a relation seen from its source and from its target.

    Examples
    --------
    >>> phrases("USES")
    ('Uses', 'Used by')
    """
    plain = edge_type.replace("_", " ").capitalize()
    return _PHRASES.get(edge_type, (plain, f"{plain} (from)"))
