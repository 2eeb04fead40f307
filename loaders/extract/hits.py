"""What the rules hand to each other: a place in the view that names something.

There are dozens of these in every text. They are dataclasses with slots, since those are made in a third of the time
of a named tuple or of a frozen dataclass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...graph.records import Fact


@dataclass(slots=True)
class Hit:
    """One place ``[start, end)`` of the view that names the thing ``id``.

    ``rule`` is the extractor written on the evidence; ``weak`` hits are common words that count only where the
    context speaks for the name.
    """

    start: int
    end: int
    label: str
    id: str
    name: str
    rule: str
    sizes: tuple[str, ...] = ()
    properties: Mapping[str, Any] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    weak: bool = False
    count: int | None = None

    @property
    def generic(self) -> bool:
        """Whether the thing is a class of techniques."""
        return self.label == "Method" and bool(self.properties.get("generic"))


@dataclass(slots=True)
class Cue:
    """A phrase of the view that says how the paper stands to the names around it."""

    start: int
    end: int
    kind: str
