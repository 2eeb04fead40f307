"""The body of a paper and the statements about it as single texts, so that evidence can count their characters."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from .records import Section, Statement

BETWEEN = "\n\n"
"""Stands between two sections of a body."""


def body_of(sections: Sequence[Section]) -> str:
    """Join sections to the text that is stored as the paper's ``body``."""
    return BETWEEN.join(section.text for section in sections)


def starts_of(texts: Sequence[str], between: str = BETWEEN) -> list[int]:
    """Return where each text begins in their joined text.

    Examples
    --------
    >>> starts_of(["We begin.", "We end."])
    [0, 11]
    """
    starts, at = [], 0
    for text in texts:
        starts.append(at)
        at += len(text) + len(between)
    return starts


def outline(sections: Sequence[Section]) -> list[str]:
    """Return where each section begins and its heading, as stores keep them: ``"5321 Experiments"``."""
    starts = starts_of([section.text for section in sections])
    return [f"{start} {section.name}".rstrip() for start, section in zip(starts, sections, strict=True)]


def section_at(outlined: Sequence[str], offset: int) -> str:
    """Return the heading of the section that holds a character of the body; empty where it has none.

    Examples
    --------
    >>> section_at(["0 Introduction", "5321 Experiments"], 6000)
    'Experiments'
    """
    starts = [int(entry.partition(" ")[0]) for entry in outlined]
    place = bisect_right(starts, offset) - 1
    return outlined[place].partition(" ")[2] if place >= 0 else ""


def statements_text(statements: Sequence[Statement]) -> str:
    """Join statements to the text that is stored as the paper's ``statements``, a line each."""
    return "\n".join(statement.text for statement in statements)


def statement_starts(statements: Sequence[Statement]) -> list[int]:
    """Return where each statement begins in their joined text."""
    return starts_of([statement.text for statement in statements], "\n")
