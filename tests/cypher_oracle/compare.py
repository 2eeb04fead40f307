"""Hold two answers to one query against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tck.canonical import Canonical, canonical, shown

from .queries import Query


@dataclass(frozen=True)
class Answer:
    """Rows, or the sentence with which the query was refused; ``crashed`` if that was no proper refusal."""

    rows: Sequence[Sequence[Any]] = ()
    refusal: str | None = None
    crashed: bool = False

    def table(self, open_lists: bool) -> list[tuple[Canonical, ...]]:
        """Return the rows in comparable form."""
        return [tuple(canonical(value, open_lists) for value in row) for row in self.rows]

    def text(self, open_lists: bool) -> str:
        """Return the answer for people."""
        if self.refusal is not None:
            return f"refused: {self.refusal}"
        lines = sorted("| " + " | ".join(map(shown, row)) + " |" for row in self.table(open_lists))
        return "\n".join(lines[:20]) + (f"\n… {len(lines) - 20} more" if len(lines) > 20 else "")


def differ(query: Query, ours: Answer, theirs: Answer) -> bool:
    """Tell whether two answers to a query disagree; two refusals agree, whatever they say."""
    if ours.crashed:
        return True
    if ours.refusal is not None or theirs.refusal is not None:
        return (ours.refusal is None) != (theirs.refusal is None)
    mine, other = ours.table(query.open_lists), theirs.table(query.open_lists)
    return mine != other if query.ordered else Counter(mine) != Counter(other)
