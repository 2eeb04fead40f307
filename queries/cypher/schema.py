"""The graph's own schema: which labels there are, and which types lead from which to which.

Maps, not nodes and relationships: an entity that is not of the graph could be taken for one that is.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from .layout import Layout
from .syntax import Label

Maps = list[dict[str, Any]]


def schema_of(layout: Layout) -> tuple[Maps, Maps]:
    """Return a map for each label, and one for each type between two labels, with how many there are."""
    nodes: Maps = [{"name": label, "count": layout.label_count(label)} for label in sorted(layout.labels())]
    relationships: Maps = [
        {"name": kind, "start": start, "end": end, "count": count}
        for (start, kind, end), count in sorted(connections(layout).items())
    ]
    return nodes, relationships


def connections(layout: Layout) -> Counter[tuple[str, str, str]]:
    """Count the relationships of each type between each two labels; a node of two labels counts for both."""
    combinations: dict[tuple[str, ...], int] = {}
    combination = np.zeros(layout.node_count, dtype=np.int64)
    for node in layout.all_nodes().tolist():
        combination[node] = combinations.setdefault(tuple(layout.node_labels(node)), len(combinations))
    known, found = list(combinations), Counter[tuple[str, str, str]]()
    relationships = layout.all_relationships()
    for kind in layout.types():
        of_kind = relationships[layout.relationship_types_match(relationships, Label(kind))]
        pairs = combination[layout.starts(of_kind)] * len(known) + combination[layout.ends(of_kind)]
        numbers, counts = np.unique(pairs, return_counts=True)
        for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
            for start in known[number // len(known)]:
                for end in known[number % len(known)]:
                    found[start, kind, end] += count
    return found
