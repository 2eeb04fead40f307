"""What a query changed, told by comparing the graph before and after it, as the kit counts.

Labels count once a graph, not once a node; a changed property is one removed and one added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx

from .canonical import canonical

KINDS = ("nodes", "relationships", "labels", "properties")


@dataclass(frozen=True)
class Snapshot:
    """What a graph holds at a moment."""

    nodes: frozenset[Hashable]
    relationships: frozenset[Hashable]
    labels: frozenset[str]
    properties: Counter[Hashable]

    @classmethod
    def of(cls, graph: nx.MultiDiGraph[Any]) -> Snapshot:
        """Return what the graph holds now."""
        labels: set[str] = set()
        properties: Counter[Hashable] = Counter()
        relationships = set()
        for node, data in graph.nodes(data=True):
            own = data.get("labels", ())
            labels.update((own,) if isinstance(own, str) else own)
            properties.update(_properties(node, data, "labels"))
        for start, end, key, data in graph.edges(keys=True, data=True):
            # A relationship never changes its type, so another one between the same nodes may reuse a key.
            relationship = (start, end, key, data.get("type"))
            relationships.add(relationship)
            properties.update(_properties(relationship, data, "type"))
        return cls(frozenset(graph.nodes), frozenset(relationships), frozenset(labels), properties)

    def effects(self, later: Snapshot) -> dict[str, int]:
        """Return the changes until ``later`` that are not zero: ``{"+nodes": 2, "-properties": 1}``."""
        changes = {}
        for kind in KINDS:
            before, after = getattr(self, kind), getattr(later, kind)
            changes[f"+{kind}"] = _size(after - before)
            changes[f"-{kind}"] = _size(before - after)
        return {change: count for change, count in changes.items() if count}


def _properties(owner: Hashable, data: Mapping[str, Any], kind: str) -> list[Hashable]:
    return [
        (owner, key, canonical(value)) for key, value in data.items() if key != kind and value is not None
    ]


def _size(found: frozenset[Any] | Counter[Any]) -> int:
    return found.total() if isinstance(found, Counter) else len(found)
